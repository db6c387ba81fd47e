import { randomBytes } from 'node:crypto';

/** Chance as the program sees it. */
export interface Random {
  /** `count` bytes, each equally likely. */
  bytes(count: number): Uint8Array;
  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number;
}

/** The machine's cryptographic source. */
export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  fraction: () => randomBytes(4).readUInt32BE(0) / 2 ** 32,
};
