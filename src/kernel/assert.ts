/** Crashes when a thing that can't be false is false. */
export function assert(condition: unknown, what: string): asserts condition {
  if (condition === false || condition === undefined || condition === null) {
    throw new Error(`impossible: ${what}`);
  }
}

/** Ends a switch over a union; the compiler proves that it is never reached. */
export function unreachable(value: never): never {
  throw new Error(`impossible value: ${JSON.stringify(value)}`);
}
