import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { CancelTimer, Clock, UtcMillis } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';

/** A copy that takes longer is given up; the next is tried at its time. */
export const copyMsMax = 10 * 60_000;
const outputCharsMax = 4_096;
/** The next copy begins so much earlier than wanted as it may take: twice as long as the last one, and this. */
const spareMs = 1_000;
/** Copies that take as long as the time between them rest for so long all the same. */
const restMsMin = 10_000;

export interface CopySettings {
  readonly directory: string;
  readonly everyMinutes: number;
  /** The library's public key. */
  readonly recipient: string;
}

/** What came of a copy: nothing but good, or a sentence for the technician. */
export type CopyResult =
  | { readonly ok: true; readonly value: { readonly bytes: number; readonly sameDisk: boolean } }
  | { readonly ok: false; readonly error: string };

/** A copy under way. */
export interface CopyRun {
  /** Ends it; nothing is told any more. */
  kill(): void;
}

/** Starts copying; `done` is called once, later. */
export type StartCopy = (settings: CopySettings, done: (result: CopyResult) => void) => CopyRun;

export interface CopiesParts {
  readonly settings: CopySettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly start: StartCopy;
  /** Changes when the journal's files do. */
  readonly fingerprint: () => string;
}

/** How the copies stand, for the technician. */
export interface CopiesStatus {
  readonly directory: string;
  readonly everyMinutes: number;
  /** When the last good copy was made or found to be still right; undefined: none since the start. */
  readonly goodAt: UtcMillis | undefined;
  readonly bytes: number | undefined;
  readonly sameDisk: boolean;
  /** Why the last one failed; undefined after a good one. */
  readonly failure: string | undefined;
  readonly failedSince: UtcMillis | undefined;
}

/** Keeps a copy of the journal elsewhere. Whatever comes of it, the station goes on. */
export class Copies {
  readonly #parts: CopiesParts;
  #cancelNext: CancelTimer = () => undefined;
  #cancelLimit: CancelTimer = () => undefined;
  #run: CopyRun | undefined;
  #stopped = false;
  /** Wanted again while one was under way. */
  #again = false;
  #copied: string | undefined;
  #status: CopiesStatus;

  constructor(parts: CopiesParts) {
    this.#parts = parts;
    const { directory, everyMinutes } = parts.settings;
    this.#status = {
      directory,
      everyMinutes,
      goodAt: undefined,
      bytes: undefined,
      sameDisk: false,
      failure: undefined,
      failedSince: undefined,
    };
  }

  /**
   * The first copy at once, then each in time: what is older than so many minutes is in a copy that is finished, as long as copies
   * succeed and none takes more than twice as long as the one before.
   */
  begin(): void {
    this.#scheduled();
  }

  /** A copy as soon as may be: something was deleted or sealed anew, and the last copy still has it. */
  now(): void {
    this.#again = true;
    if (this.#run === undefined) this.#copy();
  }

  status(): CopiesStatus {
    return this.#status;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelNext();
    this.#cancelLimit();
    this.#run?.kill();
  }

  #scheduled(): void {
    const { clock, settings } = this.#parts;
    this.#next(settings.everyMinutes * 60_000 - spareMs);
    if (this.#run !== undefined) return;
    if (this.#copied !== undefined && this.#copied === this.#parts.fingerprint()) {
      this.#status = { ...this.#status, goodAt: clock.now() };
      return;
    }
    this.#copy();
  }

  #next(inMs: number): void {
    this.#cancelNext();
    this.#cancelNext = this.#parts.clock.after(inMs, () => this.#scheduled());
  }

  #copy(): void {
    const { start, settings, clock, fingerprint } = this.#parts;
    if (this.#stopped) return;
    this.#again = false;
    const began = clock.monotonic();
    const copying = fingerprint();
    let over = false;
    const done = (result: CopyResult): void => {
      if (over || this.#stopped) return;
      over = true;
      this.#cancelLimit();
      this.#run = undefined;
      this.#copied = result.ok ? copying : undefined;
      this.#note(result);
      const tookMs = clock.monotonic() - began;
      if (result.ok) this.#next(Math.max(restMsMin, settings.everyMinutes * 60_000 - spareMs - 3 * tookMs));
      if (this.#again) this.#copy();
    };
    this.#cancelLimit = clock.after(copyMsMax, () => {
      this.#run?.kill();
      done({ ok: false, error: `it took more than ${copyMsMax / 60_000} minutes` });
    });
    this.#run = start(settings, done);
  }

  /** The log hears of changes only; the status always knows. */
  #note(result: CopyResult): void {
    const { clock, log, settings } = this.#parts;
    const before = this.#status;
    const path = settings.directory;
    if (result.ok) {
      const { bytes, sameDisk } = result.value;
      if (before.goodAt === undefined || before.failure !== undefined) {
        log.write('info', 'journal.copied', { path, bytes });
        if (sameDisk) log.write('warning', 'journal.copyOnSameDisk', { path });
      }
      this.#status = {
        ...before,
        goodAt: clock.now(),
        bytes,
        sameDisk,
        failure: undefined,
        failedSince: undefined,
      };
      return;
    }
    if (before.failure !== result.error) {
      log.write('warning', 'journal.copyFailed', { path, reason: result.error });
    }
    this.#status = {
      ...before,
      failure: result.error,
      failedSince: before.failedSince ?? clock.now(),
    };
  }
}

/** What changes in the journal's files when something is written. */
export function journalFingerprint(data: string): string {
  return ['journal.db', 'journal.db-wal', 'keys.json']
    .map((name) => statSync(join(data, name), { throwIfNoEntry: false }))
    .map((stats) => (stats === undefined ? 'none' : `${stats.size}.${stats.mtimeMs}`))
    .join(' ');
}

const processFile = fileURLToPath(new URL('../journal/copy-process.ts', import.meta.url));

const resultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.object({ bytes: z.number(), sameDisk: z.boolean() }) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/** Copies in a process of its own: a share that hangs keeps nobody waiting. `keys` gives the text of the keys as they are now. */
export function copyByProcess(data: string, keys: () => string, file = processFile): StartCopy {
  return ({ directory, recipient }, done) => {
    const child = spawn(
      process.execPath,
      [file, '--data', data, '--to', directory, '--recipient', recipient],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    // It may end before it has read them; its end tells why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(keys());
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-outputCharsMax);
    });
    child.once('error', (error) => done({ ok: false, error: error.message }));
    child.once('close', () => done(readResult(output)));
    return { kill: () => void child.kill('SIGKILL') };
  };
}

function readResult(output: string): CopyResult {
  try {
    const parsed = resultSchema.safeParse(JSON.parse(output));
    if (parsed.success) return parsed.data;
  } catch {
    // It ended without its word.
  }
  return { ok: false, error: 'the copying ended without a word' };
}
