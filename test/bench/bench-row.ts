/** One line of the table that `npm run bench` prints. */
export interface BenchRow {
  readonly name: string;
  /** What we measured, in `unit`. */
  readonly ours: number;
  /** The floor or the peer, measured in the same run. */
  readonly floor: number;
  readonly unit: string;
  /** The bound in words, where there is one. */
  readonly bound?: string;
  readonly pass: boolean;
}
