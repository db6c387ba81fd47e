import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { systemClock } from '../../kernel/clock.ts';
import { LineReader } from '../../kernel/lines.ts';
import {
  ledgerPageEntries,
  type AcsCommand,
  type AcsNews,
  type AcsStatusView,
  type AcsValues,
  type LoanView,
} from './control.ts';
import type { FaultKind } from './faults.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Death } from './server.ts';

const mainFile = fileURLToPath(new URL('./main.ts', import.meta.url));

/** How long the process may take until it listens. */
const readyMsMax = 30_000;
/** A reply may carry a page of the ledger. */
const replyBytesMax = 8 * 1024 * 1024;

export interface AcsProcessOptions {
  /** 0 for any free port. */
  readonly port?: number;
  /** File of the state; left out: in memory only. */
  readonly state?: string;
  /** File of the library; left out: the demo. */
  readonly library?: string;
  readonly reset?: boolean;
  readonly login?: { readonly user: string; readonly password: string };
  readonly timeZone?: string;
  readonly charset?: string;
  /** Name of a personality, or path of a file with one. */
  readonly personality?: string;
  /** A process group of its own: Ctrl-C in the terminal does not reach it. It ends with its parent all the same. */
  readonly detached?: boolean;
}

const readySchema = z.looseObject({
  ready: z.literal(true),
  pid: z.int(),
  host: z.string(),
  port: z.int(),
});
const replySchema = z.union([
  z.object({ id: z.int(), ok: z.literal(true), value: z.unknown() }),
  z.object({ id: z.int().nullable(), ok: z.literal(false), error: z.string() }),
]);

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The simulated ACS in a process of its own, and its switches. It ends with the process that started it. */
export class AcsProcess {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** Ends when the process ended, with its exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  private constructor(child: ChildProcess, ready: z.infer<typeof readySchema>, lines: LineReader) {
    this.#child = child;
    this.host = ready.host;
    this.port = ready.port;
    this.pid = ready.pid;
    this.exited = new Promise((resolve) => child.once('exit', resolve));
    child.once('exit', () => this.#gone());
    // Writing to a process that has just died is told by its exit.
    child.stdin?.on('error', () => undefined);
    child.stdout?.on('data', (chunk: Buffer) => this.#read(lines, chunk));
  }

  /** Fails with the process's own sentence when it does not get ready. */
  static start(options: AcsProcessOptions = {}): Promise<AcsProcess> {
    const child = spawn(process.execPath, [mainFile, ...argumentsOf(options)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: options.detached === true,
    });
    const lines = new LineReader(replyBytesMax);
    return new Promise((resolve, reject) => {
      let complaint = '';
      const cancel = systemClock.after(readyMsMax, () => fail('it did not get ready'));
      const fail = (reason: string) => {
        cancel();
        child.kill('SIGKILL');
        reject(new Error(`the simulated ACS: ${reason}`));
      };
      const ended = () => fail(complaint.trim() === '' ? 'it ended at once' : complaint.trim());
      const hear = (chunk: Buffer) => {
        for (const line of lines.push(chunk)) {
          const ready =
            line === 'tooLong' ? undefined : readySchema.safeParse(JSON.parse(line.toString('utf8')));
          if (ready?.success !== true) {
            fail('its first line does not say that it is ready');
            return;
          }
          cancel();
          child.off('close', ended);
          child.off('error', broken);
          child.stdout.off('data', hear);
          resolve(new AcsProcess(child, ready.data, lines));
          return;
        }
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', (chunk: Buffer) => {
        complaint = (complaint + chunk.toString('utf8')).slice(-4096);
      });
      const broken = (error: Error) => fail(error.message);
      child.once('error', broken);
      child.once('close', ended);
    });
  }

  /** Hangs: connections open, nothing is done or answered. */
  async pause(on: boolean): Promise<void> {
    await this.#do({ command: 'pause', on });
  }

  async refuseConnections(on: boolean): Promise<void> {
    await this.#do({ command: 'refuseConnections', on });
  }

  async hangUp(): Promise<void> {
    await this.#do({ command: 'hangUp' });
  }

  /** Something goes wrong with the next exchange, or the next of this code. */
  async fault(
    kind: FaultKind,
    code?: Extract<AcsCommand, { command: 'fault' }>['code'],
    count = 1,
  ): Promise<void> {
    await this.#do({ command: 'fault', kind, code, count });
  }

  /** Something goes wrong with the next exchange that has one of these codes. */
  async faultOf(
    kind: FaultKind,
    codes: NonNullable<Extract<AcsCommand, { command: 'fault' }>['codes']>,
  ): Promise<void> {
    await this.#do({ command: 'fault', kind, codes });
  }

  async clearFaults(): Promise<void> {
    await this.#do({ command: 'clearFaults' });
  }

  /** Holds each answer back. */
  async delay(ms: number): Promise<void> {
    await this.#do({ command: 'delay', ms });
  }

  async onLine(on: boolean): Promise<void> {
    await this.#do({ command: 'onLine', on });
  }

  async refuseLogin(on: boolean): Promise<void> {
    await this.#do({ command: 'refuseLogin', on });
  }

  async behave(change: Omit<Extract<AcsCommand, { command: 'behave' }>, 'command'>): Promise<void> {
    await this.#do({ command: 'behave', ...change });
  }

  /** Makes it another library system. False: there is none of that name. */
  personality(name: string): Promise<boolean> {
    return this.#do({ command: 'personality', name });
  }

  placeHold(card: string, item: string): Promise<boolean> {
    return this.#do({ command: 'placeHold', card, item });
  }

  /** Effects, oldest first. */
  async ledger(since = 0): Promise<readonly LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    for (;;) {
      const next = (entries.at(-1)?.seq ?? since - 1) + 1;
      const page = await this.#do({ command: 'ledger', since: next });
      entries.push(...page);
      if (page.length < ledgerPageEntries) {
        return entries;
      }
    }
  }

  loans(): Promise<readonly LoanView[]> {
    return this.#do({ command: 'loans' });
  }

  /** What passed over the wire and what it did, each from this number on. */
  news(wireSince: number, ledgerSince: number): Promise<AcsNews> {
    return this.#do({ command: 'news', wireSince, ledgerSince });
  }

  status(): Promise<AcsStatusView> {
    return this.#do({ command: 'status' });
  }

  /** It dies, as in a power cut, at this place of the next exchange that begins with this code. */
  async dieAt(at: Death['at'], code: Extract<AcsCommand, { command: 'die' }>['code']): Promise<void> {
    await this.#do({ command: 'die', at, code });
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.exited;
  }

  #do<C extends AcsCommand>(command: C): Promise<AcsValues[C['command']]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        reject(new Error('the simulated ACS has ended'));
        return;
      }
      // The process answers each command with the value of its kind (src/simulator/acs/control.ts).
      this.#waiting.set(id, { resolve: (value) => resolve(value as AcsValues[C['command']]), reject });
      this.#child.stdin?.write(`${JSON.stringify({ id, do: command })}\n`);
    });
  }

  #read(lines: LineReader, chunk: Buffer): void {
    for (const line of lines.push(chunk)) {
      if (line === 'tooLong') {
        this.#gone();
        return;
      }
      const reply = replySchema.parse(JSON.parse(line.toString('utf8')));
      if (reply.id === null) {
        throw new Error(
          `impossible: the simulated ACS does not understand us: ${reply.ok ? '' : reply.error}`,
        );
      }
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.ok) {
        waiting?.resolve(reply.value);
      } else {
        waiting?.reject(new Error(reply.error));
      }
    }
  }

  #gone(): void {
    for (const { reject } of this.#waiting.values()) {
      reject(new Error('the simulated ACS has ended'));
    }
    this.#waiting.clear();
  }
}

function argumentsOf(options: AcsProcessOptions): string[] {
  const { port = 0, state, library, reset = false, login, timeZone, charset, personality } = options;
  return [
    '--with-parent',
    ...['--port', String(port)],
    ...(state === undefined ? [] : ['--state', state]),
    ...(personality === undefined ? [] : ['--personality', personality]),
    ...(library === undefined ? [] : ['--library', library]),
    ...(reset ? ['--reset'] : []),
    ...(login === undefined ? [] : ['--login', `${login.user}:${login.password}`]),
    ...(timeZone === undefined ? [] : ['--time-zone', timeZone]),
    ...(charset === undefined ? [] : ['--charset', charset]),
  ];
}
