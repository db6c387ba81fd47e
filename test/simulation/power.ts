import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Stream } from './streams.ts';

/** What a disk writes as a whole or not at all. */
const sectorBytes = 512;

/** The journal's files at one moment. The shared memory beside them is lost with the power in any case. */
export interface DiskImage {
  readonly main: Buffer;
  readonly log: Buffer;
}

export function imageOf(file: string): DiskImage {
  return { main: bytesOf(file), log: bytesOf(`${file}-wal`) };
}

/** Puts a disk back as it was found after the power cut. The journal must be closed. */
export function restore(file: string, image: DiskImage): void {
  rmSync(`${file}-shm`, { force: true });
  writeFileSync(file, image.main);
  writeFileSync(`${file}-wal`, image.log);
}

/**
 * The disk after a power cut in the middle of a commit. SQLite flushes the log first and touches the main file only after that, so
 * either the log is torn and the main file old, or the log is whole and a checkpoint is torn. What was not flushed is
 * there or not, sector by sector.
 */
export function torn(before: DiskImage, after: DiskImage, chance: Stream): DiskImage {
  const checkpointed = !before.main.equals(after.main);
  if (checkpointed && chance.chance(0.5))
    return { main: mixed(before.main, after.main, chance), log: after.log };
  return { main: before.main, log: mixed(before.log, after.log, chance) };
}

function mixed(before: Buffer, after: Buffer, chance: Stream): Buffer {
  // Some power cuts lose everything that was not flushed, some nothing.
  const kept = chance.pick([0, 0.5, 0.9, 1]);
  const length = chance.chance(0.5) ? Math.max(before.length, after.length) : grownTo(before, after, chance);
  const image = Buffer.alloc(length);
  before.copy(image);
  for (let at = 0; at < length; at += sectorBytes) {
    const fresh = after.subarray(at, Math.min(at + sectorBytes, length));
    if (fresh.length > 0 && chance.chance(kept)) fresh.copy(image, at);
  }
  return image;
}

/** A file that was growing has any length between the old and the new. */
function grownTo(before: Buffer, after: Buffer, chance: Stream): number {
  return after.length <= before.length ? before.length : chance.whole(before.length, after.length);
}

function bytesOf(file: string): Buffer {
  return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
}
