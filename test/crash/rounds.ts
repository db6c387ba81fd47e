import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stream } from '../simulation/streams.ts';
import { BoundaryTally } from './boundaries.ts';
import { needsOwnDisk, playOrder, playRound, type Calamity } from './round.ts';
import { Shelf } from './shelf.ts';
import { CrashWorld } from './world.ts';

/** Items that one round may need. */
const itemsPerRound = 4;

export interface RoundsOptions {
  readonly rounds: number;
  readonly seed: number;
  /** How many stations at once. */
  readonly worlds: number;
  readonly say: (line: string) => void;
  /** No more rounds once it is given: what was mounted is unmounted before the end. */
  readonly enough?: AbortSignal;
  /** Only these, in their order; all where it is left out. */
  readonly only?: readonly Calamity[];
}

export interface RoundsTold {
  readonly rounds: number;
  readonly lost: number;
  readonly doubled: number;
  readonly played: Readonly<Partial<Record<Calamity, number>>>;
  readonly acts: Told;
  /** Where the station and the library system were killed. */
  readonly tally: BoundaryTally;
  /** The longest that a station took to settle after all had healed. */
  readonly settledMsMax: number;
}

/** What patrons set out to do, and how much of it they were told of. */
export type Told = Readonly<Partial<Record<string, { readonly wanted: number; readonly told: number }>>>;

/** Plays rounds in several worlds at once; a world goes through all calamities in turn. */
export async function playRounds({
  rounds,
  seed,
  worlds,
  say,
  only,
  enough,
}: RoundsOptions): Promise<RoundsTold> {
  let next = 0;
  let lost = 0;
  let doubled = 0;
  let finished = 0;
  const tally = new BoundaryTally();
  let settledMsMax = 0;
  const played: Partial<Record<Calamity, number>> = {};
  const acts: Record<string, { wanted: number; told: number }> = {};
  const begun: Partial<Record<Calamity, number>> = {};

  /** Every other station has an RFID reader. */
  async function work(hasPlate: boolean): Promise<void> {
    const world = await CrashWorld.create({ items: rounds * itemsPerRound + 1, hasPlate });
    const possible = (only ?? playOrder).filter((one) => world.ownDisk || !needsOwnDisk.has(one));
    const shelf = new Shelf();
    try {
      while (next < rounds && enough?.aborted !== true) {
        const round = next++;
        const calamity = possible[round % possible.length];
        if (calamity === undefined) throw new Error('there is no calamity to play');
        const before = begun[calamity] ?? 0;
        begun[calamity] = before + 1;
        const result = await playRound(world, shelf, calamity, new Stream(seed, `round ${round}`), {
          before,
          round,
          tally,
        }).catch((cause: unknown) => {
          next = rounds;
          throw new Error(`round ${round} (${calamity}) of seed ${seed}`, { cause });
        });
        finished += 1;
        played[calamity] = (played[calamity] ?? 0) + 1;
        for (const { what, told } of result.acts) {
          const act = (acts[what] ??= { wanted: 0, told: 0 });
          act.wanted += 1;
          if (told) act.told += 1;
        }
        settledMsMax = Math.max(settledMsMax, result.settledMs);
        lost += result.lost.length;
        doubled += result.doubled.length;
        for (const one of result.lost) say(`round ${round}, ${calamity} (${result.note}): LOST ${one}`);
        for (const one of result.doubled) say(`round ${round}, ${calamity} (${result.note}): DOUBLED ${one}`);
        if (finished % 20 === 0) say(`${finished} rounds`);
      }
    } finally {
      await world.close();
    }
  }

  // Starting is most of the work of a round: the processes share what the compiler made of their sources.
  const cache = mkdtempSync(join(tmpdir(), 'omatoimi-crash-cache-'));
  const before = process.env['NODE_COMPILE_CACHE'];
  process.env['NODE_COMPILE_CACHE'] = cache;
  // Each world is taken down, also where another one failed.
  const ended = await Promise.allSettled(
    Array.from({ length: Math.min(worlds, rounds) }, (_, index) => work(index % 2 === 0)),
  );
  if (before === undefined) delete process.env['NODE_COMPILE_CACHE'];
  else process.env['NODE_COMPILE_CACHE'] = before;
  rmSync(cache, { recursive: true, force: true });
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return { rounds: finished, lost, doubled, played, acts, tally, settledMsMax };
}
