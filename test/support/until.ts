const waitMsMax = 30_000;
const pauseMs = 20;

/** As `eventually`, for a condition that has to be asked for. An asking that fails is asked again. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  msMax = waitMsMax,
): Promise<T> {
  const end = performance.now() + msMax;
  let last: unknown;
  for (;;) {
    try {
      const value = await ask();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw new Error(`waited ${msMax} ms in vain: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
