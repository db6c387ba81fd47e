import type { Socket } from 'node:net';
import type { CancelTimer, Clock } from '../kernel/clock.ts';
import { LineReader } from '../kernel/lines.ts';
import type { Log } from '../kernel/log.ts';
import { frameToStationBytesMax, frameToStationSchema, type FrameToStation } from '../shared/frames.ts';
import { contractVersion } from '../shared/view.ts';

/** A client that leaves this much unread is dropped. Views do not pile up; only answers can. */
export const clientBacklogBytesMax = 1_048_576;

/** A client that reads nothing for so long while something waits for it is dropped. */
export const clientStallMsMax = 10_000;

export interface ClientConnection {
  /** Sends a whole line. */
  send(line: Buffer): void;
  /** From now on it gets views. */
  watch(): void;
  /** Sends the view if it watches; while it does not read, only the newest is kept. */
  show(viewLine: Buffer): void;
  end(): void;
}

export interface ClientOptions {
  readonly clock: Clock;
  readonly log: Log;
  onFrame(frame: FrameToStation): void;
  onGone(): void;
}

/** The station's end of one connection. */
export function serveClient(socket: Socket, options: ClientOptions): ClientConnection {
  return new SocketClient(socket, options);
}

class SocketClient implements ClientConnection {
  readonly #socket: Socket;
  readonly #options: ClientOptions;
  readonly #reader = new LineReader(frameToStationBytesMax);
  #watching = false;
  #waitingView: Buffer | undefined;
  #gone = false;
  #cancelStall: CancelTimer | undefined;

  constructor(socket: Socket, options: ClientOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('data', (chunk: Buffer) => this.#bytes(chunk));
    socket.on('drain', () => this.#drained());
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed());
  }

  send(line: Buffer): void {
    if (this.#gone || this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#socket.writableLength + line.length > clientBacklogBytesMax) return this.#drop('backlog');
    if (!this.#socket.write(line)) this.#expectReading();
  }

  watch(): void {
    this.#watching = true;
  }

  show(viewLine: Buffer): void {
    if (!this.#watching || this.#gone) return;
    if (this.#socket.writableNeedDrain) this.#waitingView = viewLine;
    else this.send(viewLine);
  }

  end(): void {
    this.#gone = true;
    this.#waitingView = undefined;
    this.#socket.destroySoon();
    if (!this.#socket.destroyed) this.#expectReading();
  }

  #bytes(chunk: Buffer): void {
    if (this.#gone) return;
    for (const line of this.#reader.push(chunk)) {
      if (this.#gone) break;
      if (line === 'tooLong') this.#refuse(`a frame of more than ${frameToStationBytesMax} bytes`);
      else this.#line(line);
    }
    // A frame may hold a key of a PIN.
    chunk.fill(0);
  }

  #line(line: Buffer): void {
    const frame = parseFrame(line);
    line.fill(0);
    if (frame === undefined) this.#refuse('a frame that the contract does not know');
    else this.#options.onFrame(frame);
  }

  #refuse(reason: string): void {
    this.#options.log.write('warning', 'socket.frame_refused', { reason });
    this.send(Buffer.from(`${JSON.stringify({ v: contractVersion, kind: 'refused', reason })}\n`));
    this.end();
  }

  #expectReading(): void {
    this.#cancelStall ??= this.#options.clock.after(clientStallMsMax, () => this.#drop('stalled'));
  }

  #drained(): void {
    this.#cancelStall?.();
    this.#cancelStall = undefined;
    const view = this.#waitingView;
    this.#waitingView = undefined;
    if (view !== undefined) this.send(view);
  }

  #drop(reason: string): void {
    this.#options.log.write('warning', 'socket.client_dropped', { reason });
    this.#socket.destroy();
  }

  #closed(): void {
    this.#gone = true;
    this.#cancelStall?.();
    this.#reader.reset();
    this.#options.onGone();
  }
}

function parseFrame(line: Buffer): FrameToStation | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line);
    const parsed = frameToStationSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
