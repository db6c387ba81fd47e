import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { BoundaryNames, Cut } from './script.ts';
import type { Stream } from './streams.ts';

/** What a disk writes as a whole or not at all. */
const sectorBytes = 512;
const chunkBytes = 64 * sectorBytes;

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
 * Closes the journal as a power cut does: nothing is written any more. SQLite would move its log into the main file, but it
 * leaves a file alone that is no more where it was opened.
 */
export function closeAsCut(file: string, close: () => void): void {
  const aside = `${file}-aside`;
  renameSync(file, aside);
  try {
    close();
  } finally {
    renameSync(aside, file);
  }
  rmSync(`${file}-shm`, { force: true });
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
  for (let from = 0; from < length; from += chunkBytes) {
    const until = Math.min(from + chunkBytes, length);
    // Most of a file was not written at all.
    if (before.subarray(from, until).equals(after.subarray(from, until))) continue;
    for (let at = from; at < until; at += sectorBytes) {
      const fresh = after.subarray(at, Math.min(at + sectorBytes, until));
      if (fresh.length > 0 && chance.chance(kept)) fresh.copy(image, at);
    }
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

/** When the power goes. */
export interface Power {
  /** Asked at each boundary of the loop, counted from 1 and named by the last row before it. `tear`: in the middle of the next commit. */
  at(where: string, boundary: number, names: Pick<BoundaryNames, 'name'>): 'stays' | 'cut' | 'tear';
  /** How long the machine stays dark after a cut, in milliseconds. */
  darkMs(): number;
}

/** How many of the power cuts wait for the next commit and come in the middle of it. */
const tornOfCuts = 0.4;
const darkMsMin = 2_000;
const darkMsMax = 20_000;

/** Power cuts drawn from the seed, with this probability at each boundary. */
export class DrawnPower implements Power {
  readonly #chance: Stream;
  readonly #probability: number;

  constructor(chance: Stream, probability: number) {
    this.#chance = chance;
    this.#probability = probability;
  }

  at(): 'stays' | 'cut' | 'tear' {
    if (!this.#chance.chance(this.#probability)) return 'stays';
    return this.#chance.chance(tornOfCuts) ? 'tear' : 'cut';
  }

  darkMs(): number {
    return this.#chance.whole(darkMsMin, darkMsMax);
  }
}

/** One power cut, at this boundary counted from 1. A boundary that no commit follows can’t be torn. */
export class OrderedPower implements Power {
  readonly #boundary: number;
  readonly #how: 'cut' | 'tear';

  constructor(boundary: number, how: 'cut' | 'tear') {
    this.#boundary = boundary;
    this.#how = how;
  }

  at(where: string, boundary: number): 'stays' | 'cut' | 'tear' {
    if (boundary !== this.#boundary) return 'stays';
    return this.#how === 'cut' || where === 'commit' ? this.#how : 'stays';
  }

  darkMs(): number {
    return darkMsMin;
  }
}

/** The power cuts of a script, by the names of their boundaries. */
export class WrittenPower implements Power {
  readonly #cuts: Map<string, Cut>;
  #last: Cut | undefined;

  constructor(cuts: readonly Cut[]) {
    this.#cuts = new Map(cuts.map((cut) => [cut.boundary, cut]));
  }

  at(where: string, _boundary: number, names: Pick<BoundaryNames, 'name'>): 'stays' | 'cut' | 'tear' {
    const cut = this.#cuts.get(names.name(where));
    if (cut === undefined) return 'stays';
    this.#cuts.delete(cut.boundary);
    this.#last = cut;
    return cut.torn ? 'tear' : 'cut';
  }

  darkMs(): number {
    return this.#last?.darkMs ?? darkMsMin;
  }
}
