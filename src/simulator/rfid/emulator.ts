import type { MonotonicMillis } from '../../kernel/clock.ts';

/** What a reader sends back. */
export interface Reply {
  readonly bytes: Uint8Array;
  /** Time that it works on it, above all on air. */
  readonly workMs: number;
}

/** A reader’s own program: bytes of the host in, replies out. It knows the time only as it is told. */
export interface ReaderEmulator {
  onBytes(chunk: Uint8Array, now: MonotonicMillis): readonly Reply[];
  /** It loses its power and gets it again: everything but what it keeps for ever is forgotten. */
  powerCycle(): void;
}

/** What ISO 15693 takes on air at its high rate, roughly: a question and its answer, and each byte of data. */
export const airMs = { exchange: 4, dataByte: 0.3, slot: 5 } as const;
