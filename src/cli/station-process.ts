import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { systemClock } from '../kernel/clock.ts';
import { LineReader } from '../kernel/lines.ts';
import type { RunningProcess } from './supervisor.ts';

/** What runs a station: a Node 24 and the file that it runs. */
export interface StationProgram {
  readonly node: string;
  readonly file: string;
}

/** The sources beside this file, on the Node that runs this process. */
const ownProgram = (): StationProgram => ({
  node: process.execPath,
  file: fileURLToPath(new URL('../station/main.ts', import.meta.url)),
});

/** How long a station may take until it listens: settling a long journal takes its time. */
const readyMsMax = 30_000;
/** How long it may take to end in order before it is killed. */
const stopMsMax = 5_000;
const readyLineBytesMax = 4_096;
/** What is kept of its last words, to tell why it did not start. */
const lastWordsChars = 2_000;

const readySchema = z.looseObject({ ready: z.literal(true), socket: z.string(), pid: z.int() });
/** It waits for a key that is handed out, for as long as that takes. */
const waitingSchema = z.looseObject({ waiting: z.literal(true) });

/** Exit code of a station whose data folder, journal or socket can't be used (src/station/main.ts). */
const cannotStart = 'exit code 3';
/** How often and how long after each other a first start is tried: the station before may still be ending. */
const firstStartTries = 8;
const firstStartEveryMs = 500;

/** The station did not get ready; the message is its own sentence. */
export class StationNotStarted extends Error {
  readonly reason: string;

  constructor(sentence: string, reason: string) {
    super(sentence);
    this.reason = reason;
  }
}

export interface StationProcess extends RunningProcess {
  readonly pid: number;
  /** Where its shells connect. */
  readonly socket: string;
}

export interface StationProcessOptions {
  readonly config: string;
  /** For a shell that runs on another Node. */
  readonly program?: StationProgram;
  /** The technical log, as it comes. */
  onLog(chunk: Buffer): void;
}

/**
 * Starts the station in a process of its own. It ends with this process: its standard input is a pipe that closes when
 * this process is gone, however it went. Fails with the station's own sentence.
 */
export function startStation(options: StationProcessOptions): Promise<StationProcess> {
  // A group of its own: Ctrl-C reaches this process only, which then ends the station in order.
  const { node, file } = options.program ?? ownProgram();
  const child = spawn(node, [file, '--config', options.config, '--supervised'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const lines = new LineReader(readyLineBytesMax);
  let lastWords = '';
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString('utf8')).slice(-lastWordsChars);
    options.onLog(chunk);
  });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
  });

  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const cancel = systemClock.after(stopMsMax, () => child.kill('SIGKILL'));
    await exited;
    cancel();
  };

  return new Promise((resolve, reject) => {
    const cancel = systemClock.after(readyMsMax, () => {
      child.kill('SIGKILL');
      reject(new Error(`the station was not ready within ${readyMsMax / 1000} seconds`));
    });
    void exited.then((reason) => {
      cancel();
      const words = sentences(lastWords);
      reject(new StationNotStarted(words === '' ? `the station ended at once (${reason})` : words, reason));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      for (const line of lines.push(chunk)) {
        if (line === 'tooLong') continue;
        const said = json(line);
        if (waitingSchema.safeParse(said).success) cancel();
        const ready = readySchema.safeParse(said);
        if (ready.success) {
          cancel();
          resolve({ pid: ready.data.pid, socket: ready.data.socket, exited, stop });
        }
      }
    });
  });
}

/** The first start: patient while a station that was killed a moment ago still holds its folder. */
export async function startFirstStation(options: StationProcessOptions): Promise<StationProcess> {
  for (let tries = 1; ; tries++) {
    try {
      return await startStation(options);
    } catch (error) {
      if (!(error instanceof StationNotStarted) || error.reason !== cannotStart || tries >= firstStartTries) {
        throw error;
      }
      await new Promise<void>((resolve) => void systemClock.after(firstStartEveryMs, resolve));
    }
  }
}

/** What it said to people; its log lines are JSON and left out. */
function sentences(words: string): string {
  return words
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'))
    .join('\n');
}

function json(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}
