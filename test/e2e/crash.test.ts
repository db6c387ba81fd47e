import { expect, test } from 'vitest';
import { calamities, needsOwnDisk, playOrder } from '../crash/round.ts';
import { playRounds } from '../crash/rounds.ts';

/** Each calamity, some more than once; `npm run crash` plays as many as it is told to. */
const rounds = playOrder.length;
/** Only root may make a disk that can be filled and closed; without it those rounds are of the other kinds. */
const isRoot = process.getuid?.() === 0 && process.platform === 'linux';
const msMax = 420_000;

test(
  'processes that are killed, torn commits, jumping clocks, full and closed disks: nothing lost, nothing doubled',
  { timeout: msMax, retry: 0 },
  async () => {
    const told: string[] = [];
    const result = await playRounds({ rounds, seed: 20_261_122, worlds: 2, say: (line) => told.push(line) });
    expect(told.filter((line) => /LOST|DOUBLED/.test(line))).toEqual([]);
    expect(result).toMatchObject({ rounds, lost: 0, doubled: 0 });
    const expected = calamities.filter((one) => isRoot || !needsOwnDisk.has(one));
    expect(Object.keys(result.played).toSorted()).toEqual(expected.toSorted());
  },
);
