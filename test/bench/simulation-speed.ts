import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { figuresOf, type BenchRow } from './bench-row.ts';

const program = fileURLToPath(new URL('../simulation/run.ts', import.meta.url));

/** Bound of the issue: with this many workers, one for each core that it speaks of. */
const daysPerMinuteMin = 500;
const workers = 2;

/** A shorter run measures above all how fast the workers warm up. */
const seeds = 500;
const runMsMax = 300_000;

function simulate(): Promise<string> {
  const child = spawn(process.execPath, [program, '--seeds', String(seeds), '--workers', String(workers)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), runMsMax);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(said);
      else if (code === null) reject(new Error(`it took more than ${runMsMax / 1_000} s`));
      else reject(new Error(`the simulation ended with ${code}:\n${said}`));
    });
  });
}

/** How fast the simulation is; nothing less than itself does the same, so it has no floor. */
export async function run(): Promise<BenchRow[]> {
  const from = performance.now();
  const said = await simulate();
  const minutes = (performance.now() - from) / 60_000;
  const days = Number(/^sim: \d+ seeds, ([\d.]+) station-days, 0 violations$/m.exec(said)?.[1]);
  if (!(days > 0)) throw new Error(`the simulation did not say what it did:\n${said}`);
  const perMinute = days / minutes;
  return [
    {
      name: `simulated station-days, ${seeds} seeds on ${workers} cores, start of the processes included`,
      unit: 'a minute',
      ours: figuresOf([perMinute]),
      bound: `at least ${daysPerMinuteMin}`,
      pass: perMinute >= daysPerMinuteMin,
    },
  ];
}
