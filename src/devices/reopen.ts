/** Pauses between the tries to open a device that is gone; the last one repeats for ever. */
export const reopenDelaysMs = [500, 1_000, 2_000, 5_000, 10_000] as const;

/** The pause after the given number of failures in a row. */
export function reopenDelayMs(failures: number): number {
  return reopenDelaysMs[Math.min(failures, reopenDelaysMs.length - 1)] ?? 10_000;
}
