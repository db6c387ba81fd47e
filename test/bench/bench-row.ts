/** What a series of measurements says. */
export interface Figures {
  readonly median: number;
  readonly p95: number;
}

/** One line of the table that `npm run bench` prints. */
export interface BenchRow {
  readonly name: string;
  readonly unit: 'µs' | 'ms' | 'kB' | 'a minute';
  /** What we measured, in `unit`. */
  readonly ours: Figures;
  /** The floor or the peer, measured in the same run; left out where there is none. */
  readonly floor?: Figures;
  /** What the floor is. */
  readonly floorName?: string;
  /** The bound in words, where there is one. */
  readonly bound?: string;
  readonly pass: boolean;
}

/** Median and 95th percentile; both are values that were measured. */
export function figuresOf(samples: readonly number[]): Figures {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95) };
}
