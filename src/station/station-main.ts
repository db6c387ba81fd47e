import { parseArgs } from 'node:util';
import { lastWordMs } from '../devices/relay/kept-relays.ts';
import type { Clock } from '../kernel/clock.ts';
import { loadConfig } from './config/load.ts';
import { problemSentence } from './config/problems.ts';
import { jsonLog } from './json-log.ts';
import { runStation } from './run-station.ts';

const exitCodes = { config: 2, cannotStart: 3, crash: 1 } as const;

function refuse(lines: readonly string[], code: number): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(code);
}

/** Makes this process a station: reads its arguments, runs it, and ends it in order or with a code that says why. */
export function stationMain(clock: Clock): void {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      /** Ends when its standard input does: whoever started it is gone. */
      supervised: { type: 'boolean', default: false },
    },
  });
  if (values.config === undefined) refuse(['Name the configuration: --config FILE'], exitCodes.config);
  const config = loadConfig(values.config);
  if (!config.ok) refuse(config.error.map(problemSentence), exitCodes.config);

  const log = jsonLog((line) => void process.stderr.write(line), clock);
  const started = runStation(config.value, {
    log,
    clock,
    onListening: (socket) => {
      process.stdout.write(`${JSON.stringify({ ready: true, socket, pid: process.pid })}\n`);
    },
    onWaiting: () => {
      log.write('warning', 'station.waitsForDeviceKey');
      process.stdout.write(`${JSON.stringify({ waiting: true })}\n`);
    },
    onFailed: (failure) => refuse([failure.sentence], exitCodes.cannotStart),
    onBroken: () => {
      log.write('error', 'station.journalBroken');
      process.exit(exitCodes.crash);
    },
  });
  if (!started.ok) refuse([started.error.sentence], exitCodes.cannotStart);
  const station = started.value;
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    station.stop();
    // The lamps’ last word is on its way.
    clock.after(2 * lastWordMs, () => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('SIGHUP', end);
  process.on('uncaughtException', (error) => {
    // What was impossible has happened: better a new start from the journal than to go on with a state that can’t be.
    log.write('error', 'station.crashed', { error: error.stack ?? error.message });
    process.exit(exitCodes.crash);
  });
  if (!values.supervised) return;
  process.stdin.resume();
  process.stdin.on('end', end);
  process.stdin.on('error', end);
}
