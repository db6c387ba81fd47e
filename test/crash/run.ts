import { parseArgs } from 'node:util';
import { listRoundsMin } from './boundaries.ts';
import { playRounds } from './rounds.ts';

/** `npm run crash -- --rounds N [--seed S] [--worlds W]`. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    /** Stations at once; they wait more than they work. */
    worlds: { type: 'string', default: '3' },
  },
});

const enough = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => enough.abort());

const from = performance.now();
const told = await playRounds({
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  worlds: Number(values.worlds),
  enough: enough.signal,
  say: (line) => console.log(line),
});
const byCalamity = Object.entries(told.played).map(([calamity, count]) => `${calamity} ${count}`);
const acts = Object.entries(told.acts)
  .toSorted(([one], [other]) => one.localeCompare(other))
  .map(([act, count]) => `${act} ${count?.told ?? 0} of ${count?.wanted ?? 0}`);
for (const line of told.tally.lines()) console.log(line);
const missed = told.rounds >= listRoundsMin ? told.tally.neverHit : [];
for (const name of missed) console.log(`no station was killed at: ${name}`);
console.log(`told of: ${acts.join(', ')}`);
console.log(`${byCalamity.join(', ')}; ${Math.round((performance.now() - from) / 1_000)} s`);
console.log(`longest settling: ${Math.round(told.settledMsMax / 1_000)} s`);
console.log(`crash: ${told.rounds} rounds, ${told.lost} lost, ${told.doubled} doubled`);
process.exitCode = told.lost + told.doubled + missed.length > 0 ? 1 : 0;
