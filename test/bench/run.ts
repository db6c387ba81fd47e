import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { BenchRow } from './bench-row.ts';
import { run as checkoutLatency } from './checkout-latency.ts';
import { run as journalCommit } from './journal-commit.ts';
import { run as offlineSync } from './offline-sync.ts';
import { run as pageSpeed } from './page-speed.ts';
import { run as simulationSpeed } from './simulation-speed.ts';
import { run as sip2Decode } from './sip2-decode.ts';
import { run as stackOnReader } from './stack-on-reader.ts';
import { run as stationStart } from './station-start.ts';
import { run as tagDecode } from './tag-decode.ts';
import { tableOf } from './table.ts';

/** What `npm run bench` runs: every speed that the project promises, each beside its floor in the same run. */

const benches: readonly { readonly name: string; readonly run: () => Promise<BenchRow[]> }[] = [
  { name: 'checkout', run: checkoutLatency },
  { name: 'commit', run: journalCommit },
  { name: 'start', run: stationStart },
  { name: 'sync', run: offlineSync },
  { name: 'decode', run: sip2Decode },
  { name: 'tag', run: tagDecode },
  { name: 'stack', run: stackOnReader },
  { name: 'page', run: pageSpeed },
  { name: 'simulation', run: simulationSpeed },
];

/** Beyond this share of the cores something else is at work, and the figures are to be taken with care. */
const quietLoadMax = 0.5;

const names = benches.map(({ name }) => name);
const only = process.argv.slice(2);
const unknown = only.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`There is no bench "${unknown}". There are: ${names.join(', ')}`);
  process.exit(2);
}

const cores = availableParallelism();
const [load = 0] = loadavg();
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores,
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  loadBefore: load,
};
console.log(
  `${machine.cpu}, ${cores} cores, Node ${machine.node}, ${machine.platform}, load ${load.toFixed(2)}`,
);
if (load > cores * quietLoadMax) {
  console.log('The machine is busy with something else: ratios count, absolute figures are too high.');
}

const started = performance.now();
const rows: BenchRow[] = [];
let failed = 0;
for (const { name, run } of benches) {
  if (only.length > 0 && !only.includes(name)) continue;
  console.log(`measuring: ${name} …`);
  try {
    rows.push(...(await run()));
  } catch (error) {
    // The others are worth knowing all the same.
    failed += 1;
    console.error(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
  }
}
const seconds = (performance.now() - started) / 1_000;

console.log(`\n${tableOf(rows)}`);
const missed = rows.filter(({ pass }) => !pass).length;
const file = join('bench', 'results.json');
mkdirSync('bench', { recursive: true });
writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), machine, seconds, rows }, null, 2)}\n`);
console.log(
  `bench: ${rows.length} speeds, ${missed} bounds missed, ${seconds.toFixed(0)} s; also in ${file}`,
);
process.exitCode = missed + failed === 0 ? 0 : 1;
