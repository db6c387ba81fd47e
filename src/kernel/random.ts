import { randomBytes } from 'node:crypto';

/** Chance as the program sees it. */
export interface Random {
  /** `count` bytes, each equally likely. */
  bytes(count: number): Uint8Array;
  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number;
}

/** Drawn at once: asking for 16 bytes costs as much time as asking for these. */
const drawnBytes = 4_096;
/** What is larger is rare, and drawn by itself. */
const pooledBytesMax = 64;

let pool = Buffer.alloc(0);

/** Each byte is given away once and overwritten where it lay. */
function pooled(count: number): Uint8Array {
  if (pool.length < count) pool = randomBytes(drawnBytes);
  const given = Uint8Array.from(pool.subarray(0, count));
  pool.fill(0, 0, count);
  pool = pool.subarray(count);
  return given;
}

/** The machine's cryptographic source. */
export const systemRandom: Random = {
  bytes: (count) => (count > pooledBytesMax ? randomBytes(count) : pooled(count)),
  fraction: () => Buffer.from(pooled(4)).readUInt32BE(0) / 2 ** 32,
};
