/** Something that reads bytes from outside. */
export interface FuzzedParser {
  readonly name: string;
  /** Good inputs, to be changed into hostile ones. */
  readonly seeds: readonly Uint8Array[];
  /** Reads hostile bytes; throwing is a failure. `cuts` are places in the input, in order. */
  readonly read: (input: Buffer, cuts: readonly number[]) => void;
}

/** Says that something was read that must not be. */
export function demand(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

export function seedsOf(texts: readonly string[]): Buffer[] {
  return texts.map((text) => Buffer.from(text));
}

/** The input between the cuts. */
export function pieces(input: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts, input.length];
  return ends.map((end, index) => input.subarray(ends[index - 1] ?? 0, end));
}
