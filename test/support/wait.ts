/** How long a condition may take to come true before the test fails. */
const waitMsMax = 45_000;
const lookEveryMs = 5;

/** Waits until `condition` gives something that is not undefined or false, and returns it. */
export async function eventually<T>(
  what: string,
  condition: () => T | undefined | false,
  msMax = waitMsMax,
): Promise<T> {
  const end = performance.now() + msMax;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`waited ${msMax} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
