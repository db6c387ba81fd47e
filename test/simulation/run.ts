import { fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { isPlantName, plants, type PlantName } from './planted.ts';
import type { SentResult } from './run-result.ts';
import type { WorkerOrder } from './worker.ts';

/** Seeds that a worker takes at once. */
const batchSize = 2;

const workerFile = fileURLToPath(new URL('./worker.ts', import.meta.url));
/** Half of a worker’s start is stripping types and compiling; the next one finds it done. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/omatoimi-node', import.meta.url));
/**
 * Processes, not threads: two threads of one process wait for each other when they take and give back memory. Short lives of the same
 * code: compile early, and leave the other core to the other worker. Almost everything dies young: with more room for it less of it
 * is moved about.
 */
const workerFlags = [
  '--always-sparkplug',
  '--no-lazy-feedback-allocation',
  '--single-threaded-gc',
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
  '--use-largepages=silent',
];
/** Much code is run a little each: found in few large pages it, and what it allocates, is looked up faster (Linux with glibc). */
const workerSettings = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    /** Patron sessions of each seed; 100 are a station-day. */
    sessions: { type: 'string', default: '100' },
    plant: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});

function plantNamed(name: string | undefined): PlantName | undefined {
  if (name === undefined || isPlantName(name)) return name;
  console.error(`There is no planted bug "${name}". There are: ${Object.keys(plants).join(', ')}`);
  process.exit(2);
}

/** A whole number from 1 on. */
function counted(name: 'seeds' | 'from' | 'sessions' | 'workers'): number {
  if (/^[1-9]\d{0,8}$/.test(values[name])) return Number(values[name]);
  console.error(`--${name} takes a whole number from 1 on, not "${values[name]}".`);
  process.exit(2);
}

const plant = plantNamed(values.plant);
const sessions = counted('sessions');
const workers = counted('workers');

const first = counted('from');
const last = first + counted('seeds') - 1;
const started = performance.now();
const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'omatoimi-sim-'));
let next = first;
let days = 0;
let crashes = 0;
let violations = 0;
let finished = 0;
const failed: SentResult[] = [];

function take(): WorkerOrder | undefined {
  if (next > last) return undefined;
  const from = next;
  next = Math.min(last, next + batchSize - 1) + 1;
  return { from, to: next - 1, sessions, ...(plant === undefined ? {} : { plant }) };
}

function count(result: SentResult): void {
  finished += 1;
  days += result.stationDays;
  crashes += result.crashes;
  violations += result.violationCount;
  if (result.violationCount > 0) failed.push(result);
  if (finished % 100 === 0) {
    const perMinute = (days / (performance.now() - started)) * 60_000;
    console.log(`${finished} seeds, ${crashes} power cuts, ${Math.round(perMinute)} station-days a minute`);
  }
}

async function work(index: number): Promise<void> {
  const worker = fork(workerFile, [join(directory, `journal-${index}.db`)], {
    execArgv: workerFlags,
    env: { ...process.env, ...workerSettings, NODE_COMPILE_CACHE: compileCache },
    // What is undefined stays so.
    serialization: 'advanced',
  });
  await new Promise<void>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker ended with ${code ?? signal}`));
    });
    worker.on('message', (said) => {
      const results = said as readonly SentResult[] | 'ready';
      if (results !== 'ready') for (const result of results) count(result);
      const order = take();
      if (order === undefined) worker.disconnect();
      else worker.send(order);
    });
  });
}

try {
  await Promise.all(Array.from({ length: workers }, (_, index) => work(index)));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

for (const result of failed.slice(0, 5)) {
  console.log(`\nseed ${result.seed}: ${result.violationCount} violations`);
  for (const one of result.violations.slice(0, 5)) {
    console.log(`  assertion ${one.assertion} at ${Math.round(one.atMs)} ms: ${one.what}`);
  }
  mkdirSync('test-results', { recursive: true });
  const file = join('test-results', `sim-seed-${result.seed}`);
  writeFileSync(`${file}.txt`, `${result.lastEvents.join('\n')}\n`);
  const script = { ...(plant === undefined ? {} : { plant }), ...result.script };
  writeFileSync(`${file}.json`, `${JSON.stringify(script, undefined, 1)}\n`);
  console.log(`  again: npm run sim -- --seeds 1 --from ${result.seed}   the events before it: ${file}.txt`);
  console.log(`  its script, to be kept in test/simulation/scripts: ${file}.json`);
}
const seconds = (performance.now() - started) / 1000;
console.log(
  `${Math.round((days / seconds) * 60)} station-days a minute, ${crashes} power cuts, ${seconds.toFixed(1)} s`,
);
console.log(`sim: ${finished} seeds, ${Number(days.toFixed(2))} station-days, ${violations} violations`);
process.exitCode = violations === 0 ? 0 : 1;
