import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../kernel/clock.ts';
import type { AcsBehaviour } from './behaviour.ts';
import type { Library } from './library.ts';
import { Sip2Session } from './sip2-session.ts';
import { WireLog } from './wire-log.ts';

/** Terminals at once; a library has a few. */
const connectionsMax = 64;
export const delayMsMax = 600_000;
/** How often the port is tried that it had before, and how long after each other. */
const acceptTriesMax = 50;
const acceptAgainMs = 200;

/** Where in an exchange the process may die: nothing is done yet, it is done and kept, or half of the answer has left. */
export const deathPlaces = ['received', 'done', 'halfAnswered'] as const;
export interface Death {
  readonly at: (typeof deathPlaces)[number];
  /** Of the request. */
  readonly code: string;
}

export interface AcsServerOptions {
  readonly library: Library;
  readonly behaviour: AcsBehaviour;
  readonly clock: Clock;
  /** Called after each request and before its answer goes out; keeps the state. */
  readonly beforeAnswers?: () => void;
  /** Ends the process as a power cut would. */
  readonly die?: () => void;
}

/** The simulated ACS on TCP: sessions over sockets, and what can go wrong with sockets. */
export class AcsServer {
  readonly #options: AcsServerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #requests = new Map<string, number>();
  #server: Server | undefined;
  #address = { host: '', port: 0 };
  #paused = false;
  /** What passed, masked. */
  readonly wire = new WireLog();
  /** How long each answer is held back. */
  delayMs = 0;
  /** With the next request of that kind it dies there. */
  death: Death | undefined;

  constructor(options: AcsServerOptions) {
    this.#options = options;
  }

  /** Where it listens, or listened last. */
  get address(): { readonly host: string; readonly port: number } {
    return this.#address;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  get listening(): boolean {
    return this.#server !== undefined;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** How many requests arrived since the start, by code. */
  get requests(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#requests);
  }

  /** @param port 0 for any that is free. Fails with the operating system's error. */
  listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const server = createServer((socket) => this.#connected(socket));
      server.maxConnections = connectionsMax;
      server.once('error', reject);
      server.listen({ port, host }, () => {
        server.off('error', reject);
        const address = server.address();
        this.#address = { host, port: typeof address === 'object' && address !== null ? address.port : port };
        this.#server = server;
        resolve();
      });
    });
  }

  /** Connections are refused from now on, and the ones that are there end. */
  refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.hangUp();
    return new Promise((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }

  /** Listens again where it listened before; another program may have been given the port in the meantime, for a while. */
  async accept(): Promise<void> {
    const { clock } = this.#options;
    for (let tries = 1; this.#server === undefined; tries++) {
      try {
        await this.listen(this.#address.port, this.#address.host);
      } catch (error) {
        if (tries === acceptTriesMax) throw error;
        await new Promise<void>((resolve) => void clock.after(acceptAgainMs, resolve));
      }
    }
  }

  /** Ends every connection; new ones are welcome. */
  hangUp(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  /** It hangs: connections open, requests arrive, nothing is done or answered. Afterwards it does what has arrived. */
  pause(on: boolean): void {
    this.#paused = on;
    for (const socket of this.#sockets) {
      if (on) {
        socket.pause();
      } else {
        socket.resume();
      }
    }
  }

  #connected(socket: Socket): void {
    const { library, behaviour, clock, beforeAnswers } = this.#options;
    let code = '';
    const session = new Sip2Session(
      library,
      behaviour,
      (received) => {
        code = received;
        this.#requests.set(code, (this.#requests.get(code) ?? 0) + 1);
        if (this.#diesAt('received', code)) this.#options.die?.();
      },
      (from, line, fault) => this.wire.note({ at: clock.now(), from, fault }, line, behaviour.dialect),
    );
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => this.#sockets.delete(socket));
    // A terminal that breaks off is nothing to tell anyone; `close` follows.
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      const answers = session.receive(chunk, clock.now());
      chunk.fill(0);
      beforeAnswers?.();
      if (this.#diesAt('done', code)) this.#options.die?.();
      if (this.#diesAt('halfAnswered', code)) return this.#dieInAnswer(socket, answers);
      const { holdMs, pauseMs } = session.pacing;
      const pieces = pauseMs === 0 ? [answers] : answers.map((answer) => [answer]);
      for (const [index, piece] of pieces.entries()) {
        const delayMs = this.delayMs + holdMs + index * pauseMs;
        const end = session.ended && index === pieces.length - 1;
        if (delayMs > 0) clock.after(delayMs, () => send(socket, piece, end));
        else send(socket, piece, end);
      }
    });
    if (this.#paused) {
      socket.pause();
    }
  }

  #diesAt(at: Death['at'], code: string): boolean {
    return this.death?.at === at && this.death.code === code;
  }

  #dieInAnswer(socket: Socket, answers: readonly Uint8Array[]): void {
    const whole = Buffer.concat(answers);
    socket.write(whole.subarray(0, whole.length / 2), () => this.#options.die?.());
  }
}

function send(socket: Socket, answers: readonly Uint8Array[], end: boolean): void {
  if (socket.destroyed) {
    return;
  }
  for (const answer of answers) {
    socket.write(answer);
  }
  if (end) {
    socket.end();
  }
}
