import { parseArgs } from 'node:util';
import { lastWordMs } from '../devices/relay/kept-relays.ts';
import { systemClock } from '../kernel/clock.ts';
import { loadConfig } from './config/load.ts';
import { problemSentence } from './config/problems.ts';
import { jsonLog } from './json-log.ts';
import { runStation, type Refused } from './run-station.ts';

/** The station’s own process: `node src/station/main.ts --config FILE [--supervised]`. */

const exitCodes = { config: 2, cannotStart: 3, crash: 1 } as const;

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    /** Ends when its standard input does: whoever started it is gone. */
    supervised: { type: 'boolean', default: false },
  },
});

function refuse(lines: readonly string[], code: number): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(code);
}

if (values.config === undefined) refuse(['Name the configuration: --config FILE'], exitCodes.config);
const config = loadConfig(values.config);
if (!config.ok) refuse(config.error.map(problemSentence), exitCodes.config);

const log = jsonLog((line) => void process.stderr.write(line), systemClock);
const started = runStation(config.value, {
  log,
  onListening: (socket) => {
    process.stdout.write(`${JSON.stringify({ ready: true, socket, pid: process.pid })}\n`);
  },
  onFailed: (failure) => refuse([failure.sentence], exitCodes.cannotStart),
  onBroken: () => {
    log.write('error', 'station.journalBroken');
    process.exit(exitCodes.crash);
  },
});
if (!started.ok) refuse([sentenceOf(started.error)], exitCodes.cannotStart);
const station = started.value;

function sentenceOf(refused: Refused): string {
  return refused.sentence;
}

let ending = false;

function end(): void {
  if (ending) return;
  ending = true;
  station.stop();
  // The lamps’ last word is on its way.
  systemClock.after(2 * lastWordMs, () => process.exit(0));
}

process.on('SIGTERM', end);
process.on('SIGINT', end);
process.on('SIGHUP', end);
process.on('uncaughtException', (error) => {
  // What was impossible has happened: better a new start from the journal than to go on with a state that can’t be.
  log.write('error', 'station.crashed', { error: error.stack ?? error.message });
  process.exit(exitCodes.crash);
});
if (values.supervised) {
  process.stdin.resume();
  process.stdin.on('end', end);
  process.stdin.on('error', end);
}
