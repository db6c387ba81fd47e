import { memoryBytesMax } from './rfid-reader.ts';

export interface MemorySize {
  readonly blocks: number;
  readonly blockBytes: number;
}

/**
 * So many blocks of 4 bytes are asked for where a chip does not tell its size: what an NXP SLI has, what an LRI512 has, ISO
 * 28560-3’s basic block of 34 bytes, and what the smallest tags have.
 */
export const blocksWhereUntold = [28, 16, 9, 8] as const;

/** What fits into `memoryBytesMax`. */
export function blocksToRead({ blocks, blockBytes }: MemorySize): number {
  return Math.max(1, Math.min(blocks, Math.floor(memoryBytesMax / blockBytes)));
}

/** Chips and readers tell size and number of blocks as they are, or less one; blocks have 1, 2, 4, 8, 16 or 32 bytes. */
export function sizeFrom(blockBytesTold: number, blocksTold: number): MemorySize | undefined {
  const lessOne = isPowerOfTwo(blockBytesTold + 1) && blockBytesTold !== 1;
  const blockBytes = lessOne ? blockBytesTold + 1 : blockBytesTold;
  const blocks = lessOne ? blocksTold + 1 : blocksTold;
  if (!isPowerOfTwo(blockBytes) || blockBytes > 32 || blocks < 1 || blocks > 256) return undefined;
  return { blocks, blockBytes };
}

function isPowerOfTwo(number: number): boolean {
  return number > 0 && (number & (number - 1)) === 0;
}
