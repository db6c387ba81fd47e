import { connect, createServer, type Server, type Socket } from 'node:net';
import { chmodSync, lstatSync, mkdirSync, rmSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { FrameFromStation, FrameToStation } from '../shared/frames.ts';
import { contractVersion, type View } from '../shared/view.ts';
import { serveClient, type ClientConnection } from './socket-client.ts';

/** A page, a command line or two, and some to spare. */
export const stationClientsMax = 16;

/** How long a socket file may take to show that someone listens behind it. */
const livenessProbeMsMax = 1_000;

/** One that talks to the station. */
export interface StationClient {
  /** Frames come in the order of sending. Nothing happens once the client is gone. */
  send(frame: FrameFromStation): void;
  /** Whom to tell when the client goes away; one at a time, the last one named. */
  onGone(hear: () => void): void;
}

export type StationSocketFailure =
  /** Another station listens there. */
  | { readonly kind: 'inUse'; readonly path: string }
  /** The folder of the socket can be entered by others, or the path holds something that is no socket. */
  | { readonly kind: 'unsafe'; readonly path: string; readonly reason: string }
  | { readonly kind: 'system'; readonly path: string; readonly reason: string };

export interface ServeStationOptions {
  /** Unix: a socket file in a folder that is made with mode 0700 when it is not there. Windows: a named pipe. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** An intent or a question. `watch` is answered here. */
  onFrame(client: StationClient, frame: Exclude<FrameToStation, { kind: 'watch' }>): void;
  onListening?(): void;
  /** It could not listen, or stopped listening. */
  onFailed(failure: StationSocketFailure): void;
}

export interface StationServer {
  /**
   * Makes this the present view, which all who watch get when the event that led to it is dealt with, so that no request waits for a
   * page. Of several views of one event, and where one reads slowly, it is the newest.
   */
  publish(view: View): void;
  /** Sends the present view to all who watch at once, where it was not sent yet. */
  show(): void;
  /** Ends all connections and removes the socket file. */
  close(): void;
}

/** Listens on the station's local socket: one JSON frame a line, both ways (src/shared/frames.ts). */
export function serveStation(options: ServeStationOptions): StationServer {
  return new LocalSocketServer(options);
}

class LocalSocketServer implements StationServer {
  readonly #options: ServeStationOptions;
  readonly #server: Server;
  /** Each with whom to tell when it goes. */
  readonly #clients = new Map<ClientConnection, () => void>();
  readonly #isFile: boolean;
  #view: View | undefined;
  #showComes = false;
  #viewLine: Buffer | undefined;
  #closed = false;
  #listening = false;

  constructor(options: ServeStationOptions) {
    this.#options = options;
    this.#isFile = !options.path.startsWith('\\\\');
    this.#server = createServer((socket) => this.#connected(socket));
    this.#server.on('error', (error: NodeJS.ErrnoException) => this.#failed(error));
    // Not at once: who made the server wants to hold it before it hears of it.
    setImmediate(() => this.#begin());
  }

  publish(view: View): void {
    if (this.#closed) return;
    if (!this.#showComes) {
      this.#showComes = true;
      queueMicrotask(() => {
        this.#showComes = false;
        this.show();
      });
    }
    this.#view = view;
  }

  show(): void {
    if (this.#view === undefined) return;
    this.#viewLine = lineOf({ v: contractVersion, kind: 'view', view: this.#view });
    this.#view = undefined;
    for (const client of this.#clients.keys()) client.show(this.#viewLine);
  }

  /** What was published before goes before. */
  #answer(client: ClientConnection, frame: FrameFromStation): void {
    this.show();
    client.send(lineOf(frame));
  }

  close(): void {
    if (this.#closed) return;
    this.show();
    this.#closed = true;
    for (const client of this.#clients.keys()) client.end();
    // Node removes the socket file of a server that listens.
    if (this.#listening) this.#server.close();
  }

  #begin(): void {
    if (this.#closed) return;
    const unsafe = this.#isFile ? prepareSocketFolder(this.#options.path) : undefined;
    if (unsafe !== undefined) return this.#options.onFailed(unsafe);
    this.#listen();
  }

  #listen(): void {
    this.#server.listen({ path: this.#options.path }, () => {
      if (this.#isFile) chmodSync(this.#options.path, 0o600);
      this.#listening = true;
      this.#options.log.write('info', 'socket.listening', { path: this.#options.path });
      if (this.#closed) this.#server.close();
      else this.#options.onListening?.();
    });
  }

  #failed(error: NodeJS.ErrnoException): void {
    const { path, onFailed } = this.#options;
    if (this.#closed) return;
    if (error.code !== 'EADDRINUSE') return onFailed({ kind: 'system', path, reason: error.message });
    if (!this.#isFile) return onFailed({ kind: 'inUse', path });
    if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === false) {
      return onFailed({ kind: 'unsafe', path, reason: 'something that is no socket has this name' });
    }
    this.#replaceIfDead();
  }

  /** A station that was killed leaves its file behind; one that lives answers. */
  #replaceIfDead(): void {
    const { path, clock, log, onFailed } = this.#options;
    const probe = connect({ path });
    let done = false;
    const finish = (alive: boolean) => {
      if (done) return;
      done = true;
      cancel();
      probe.destroy();
      if (this.#closed) return;
      if (alive) return onFailed({ kind: 'inUse', path });
      log.write('warning', 'socket.stale_replaced', { path });
      rmSync(path, { force: true });
      this.#listen();
    };
    const cancel = clock.after(livenessProbeMsMax, () => finish(true));
    probe.on('connect', () => finish(true));
    probe.on('error', (error: NodeJS.ErrnoException) =>
      finish(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  }

  #connected(socket: Socket): void {
    if (this.#closed || this.#clients.size >= stationClientsMax) {
      this.#options.log.write('warning', 'socket.client_refused', { count: this.#clients.size });
      socket.destroy();
      return;
    }
    const client: ClientConnection = serveClient(socket, {
      clock: this.#options.clock,
      log: this.#options.log,
      onFrame: (frame) => this.#frame(client, frame),
      onGone: () => {
        const hear = this.#clients.get(client);
        this.#clients.delete(client);
        hear?.();
      },
    });
    this.#clients.set(client, () => undefined);
  }

  #frame(client: ClientConnection, frame: FrameToStation): void {
    if (frame.kind !== 'watch')
      return this.#options.onFrame(
        {
          send: (answer) => this.#answer(client, answer),
          onGone: (hear) => {
            if (this.#clients.has(client)) this.#clients.set(client, hear);
            else hear();
          },
        },
        frame,
      );
    this.show();
    client.watch();
    if (this.#viewLine !== undefined) client.show(this.#viewLine);
  }
}

/** Makes the socket's folder, or tells why the one that is there will not do. */
export function prepareSocketFolder(
  path: string,
): Extract<StationSocketFailure, { kind: 'unsafe' | 'system' }> | undefined {
  const folder = dirname(path);
  let stats: Stats;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    stats = lstatSync(folder);
  } catch (error) {
    return { kind: 'system', path, reason: error instanceof Error ? error.message : String(error) };
  }
  if (!stats.isDirectory()) return { kind: 'unsafe', path, reason: 'its folder is a link or a file' };
  if (stats.uid !== process.getuid?.())
    return { kind: 'unsafe', path, reason: 'its folder belongs to someone else' };
  if ((stats.mode & 0o077) !== 0)
    return { kind: 'unsafe', path, reason: 'its folder is open to others (mode 0700 is needed)' };
  return undefined;
}

function lineOf(frame: FrameFromStation): Buffer {
  return Buffer.from(`${JSON.stringify(frame)}\n`, 'utf8');
}
