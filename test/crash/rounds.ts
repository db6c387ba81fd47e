import { Stream } from '../simulation/streams.ts';
import { needsOwnDisk, playOrder, playRound, Shelf, type Calamity } from './round.ts';
import { CrashWorld } from './world.ts';

/** Items that one round may need. */
const itemsPerRound = 4;

export interface RoundsOptions {
  readonly rounds: number;
  readonly seed: number;
  /** How many stations at once. */
  readonly worlds: number;
  readonly say: (line: string) => void;
  /** Only these, in their order; all where it is left out. */
  readonly only?: readonly Calamity[];
}

export interface RoundsTold {
  readonly rounds: number;
  readonly lost: number;
  readonly doubled: number;
  readonly played: Readonly<Partial<Record<Calamity, number>>>;
}

/** Plays rounds in several worlds at once; a world goes through all calamities in turn. */
export async function playRounds({ rounds, seed, worlds, say, only }: RoundsOptions): Promise<RoundsTold> {
  let next = 0;
  let lost = 0;
  let doubled = 0;
  let finished = 0;
  const played: Partial<Record<Calamity, number>> = {};
  const begun: Partial<Record<Calamity, number>> = {};

  async function work(): Promise<void> {
    const world = await CrashWorld.create(rounds * itemsPerRound + 1);
    const possible = (only ?? playOrder).filter((one) => world.ownDisk || !needsOwnDisk.has(one));
    const shelf = new Shelf();
    try {
      while (next < rounds) {
        const round = next++;
        const calamity = possible[round % possible.length];
        if (calamity === undefined) throw new Error('there is no calamity to play');
        const before = begun[calamity] ?? 0;
        begun[calamity] = before + 1;
        const result = await playRound(
          world,
          shelf,
          calamity,
          new Stream(seed, `round ${round}`),
          before,
        ).catch((cause: unknown) => {
          next = rounds;
          throw new Error(`round ${round} (${calamity}) of seed ${seed}`, { cause });
        });
        finished += 1;
        played[calamity] = (played[calamity] ?? 0) + 1;
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

  // Each world is taken down, also where another one failed.
  const ended = await Promise.allSettled(Array.from({ length: Math.min(worlds, rounds) }, work));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return { rounds: finished, lost, doubled, played };
}
