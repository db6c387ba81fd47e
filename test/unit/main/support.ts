import type { RunningProcess } from '../../../src/cli/supervisor.ts';
import type { StationProcess } from '../../../src/cli/station-process.ts';
import type { ByteStream, ByteStreamEvents, OpenByteStream } from '../../../src/kernel/bytes.ts';
import type { Log } from '../../../src/kernel/log.ts';
import type { Shell, ShellOptions } from '../../../src/main/shell.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { BrowserWindow, sessions, type FakeSession } from './fake-electron.ts';

export interface LogLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** A log that a test reads. */
export class HeardLog implements Log {
  readonly lines: LogLine[] = [];

  write(_level: string, event: string, fields: object = {}): void {
    const told = Object.entries(fields).filter(([, value]) => value !== undefined);
    this.lines.push({ event, ...Object.fromEntries(told) });
  }

  refused(): LogLine[] {
    return this.lines.filter(({ event }) => event === 'shell.refused');
  }
}

/** The station’s end of a connection, moved by hand. */
export class FakeStream implements ByteStream {
  readonly events: ByteStreamEvents;
  readonly written: string[] = [];
  closed = false;

  constructor(events: ByteStreamEvents) {
    this.events = events;
  }
  write(bytes: Uint8Array): boolean {
    this.written.push(Buffer.from(bytes).toString('utf8'));
    return true;
  }
  close(): void {
    this.closed = true;
  }
  say(text: string): void {
    this.events.bytes(Buffer.from(text, 'utf8'));
  }
}

export class FakeSocket {
  readonly streams: FakeStream[] = [];
  readonly open: OpenByteStream = (events) => {
    const stream = new FakeStream(events);
    this.streams.push(stream);
    return stream;
  };

  get last(): FakeStream {
    const last = this.streams.at(-1);
    if (last === undefined) throw new Error('nobody has connected');
    return last;
  }
}

export class FakeStation implements StationProcess {
  readonly pid = 7;
  readonly socket = '/run/station.sock';
  readonly exited: RunningProcess['exited'];
  end: (reason: string) => void = () => undefined;
  stops = 0;

  constructor() {
    this.exited = new Promise((resolve) => {
      this.end = resolve;
    });
  }
  stop(): Promise<void> {
    this.stops += 1;
    return Promise.resolve();
  }
}

/** Lets promises that are settled run what waits for them. */
export function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

export function lastWindow(): BrowserWindow {
  const window = BrowserWindow.all.at(-1);
  if (window === undefined) throw new Error('there is no window');
  return window;
}

export function stationSession(): FakeSession {
  const made = sessions.get('station');
  if (made === undefined) throw new Error('there is no session');
  return made.session;
}

/** A shell over the fake Electron. */
export class ShellStage {
  readonly clock = new VirtualClock();
  readonly log = new HeardLog();
  readonly socket = new FakeSocket();
  readonly said: string[] = [];
  readonly stations: FakeStation[] = [];
  readonly openedSockets: string[] = [];
  shell: Shell | undefined;
  #startFails: string | undefined;

  async start(options: Partial<ShellOptions> = {}): Promise<this> {
    const { startShell } = await import('../../../src/main/shell.ts');
    this.shell = startShell({
      clock: this.clock,
      log: this.log,
      files: new Map(),
      preload: '/opt/preload.cjs',
      windowed: false,
      station: { start: () => this.#startStation() },
      openSocket: (path) => {
        this.openedSockets.push(path);
        return this.socket.open;
      },
      say: (sentence) => void this.said.push(sentence),
      ...options,
    });
    await settle();
    return this;
  }

  failToStart(sentence: string): void {
    this.#startFails = sentence;
  }

  #startStation(): Promise<FakeStation> {
    if (this.#startFails !== undefined) return Promise.reject(new Error(this.#startFails));
    const station = new FakeStation();
    this.stations.push(station);
    return Promise.resolve(station);
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settle();
  }
}
