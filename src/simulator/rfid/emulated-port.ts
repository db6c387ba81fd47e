import type { ByteStream, ByteStreamEvents, OpenByteStream } from '../../kernel/bytes.ts';
import type { Clock, MonotonicMillis } from '../../kernel/clock.ts';
import type { ReaderEmulator } from './emulator.ts';

/** What a bad cable makes of a reply: pieces, and when each comes after the moment at which the reply was due. */
export type Spoil = (
  bytes: Uint8Array,
) => readonly { readonly bytes: Uint8Array; readonly afterMs: number }[];

export interface EmulatedPortOptions {
  readonly emulator: ReaderEmulator;
  readonly clock: Clock;
  /** Bits per second, eleven for each byte; undefined: bytes take no time. */
  readonly baudRate?: number;
}

const bitsPerByte = 11;

/** A reader behind a port in memory, on the clock that it is given: for tests and the simulation. */
export class EmulatedPort {
  readonly #options: EmulatedPortOptions;
  #stream: { readonly events: ByteStreamEvents; open: boolean; over: boolean } | undefined;
  #plugged = true;
  /** Nothing overtakes on a cable. */
  #lastPieceAt: MonotonicMillis = 0;
  /** Applied to each reply; undefined: the cable is good. */
  spoil: Spoil | undefined;
  /** Bytes that the host sent are lost. */
  deaf = false;
  /** Each frame that the host sent, in its order. */
  readonly sent: Uint8Array[] = [];
  /** Called with each write, before the reader hears of it. */
  onWrite: ((bytes: Uint8Array) => void) | undefined;

  constructor(options: EmulatedPortOptions) {
    this.#options = options;
  }

  readonly open: OpenByteStream = (events) => {
    const stream = { events, open: false, over: false };
    this.#stream = stream;
    this.#options.clock.after(0, () => {
      if (stream.over) return;
      if (!this.#plugged) {
        stream.over = true;
        return events.closed('No such file or directory');
      }
      stream.open = true;
      events.opened();
    });
    return this.#handle(stream);
  };

  unplug(): void {
    this.#plugged = false;
    const stream = this.#stream;
    if (stream === undefined || !stream.open || stream.over) return;
    stream.over = true;
    // The operating system tells of it a moment later.
    this.#options.clock.after(0, () => stream.events.closed('the device hung up'));
  }

  /** A reader that hangs on the cable for its power begins anew. */
  replug(): void {
    this.#plugged = true;
    this.#options.emulator.powerCycle();
  }

  #handle(stream: { events: ByteStreamEvents; open: boolean; over: boolean }): ByteStream {
    return {
      write: (bytes) => {
        if (!stream.open || stream.over) return false;
        this.sent.push(Uint8Array.from(bytes));
        this.onWrite?.(bytes);
        if (!stream.over && !this.deaf) this.#arrive(stream, Uint8Array.from(bytes));
        return true;
      },
      close: () => {
        stream.over = true;
      },
    };
  }

  #arrive(stream: { events: ByteStreamEvents; over: boolean }, bytes: Uint8Array): void {
    const { clock, emulator } = this.#options;
    clock.after(this.#wireMs(bytes.length), () => {
      if (stream.over) return;
      const now = clock.monotonic();
      for (const reply of emulator.onBytes(bytes, now)) {
        const pieces = this.spoil?.(reply.bytes) ?? [{ bytes: reply.bytes, afterMs: 0 }];
        for (const piece of pieces) {
          const due = now + reply.workMs + this.#wireMs(reply.bytes.length) + piece.afterMs;
          this.#lastPieceAt = Math.max(this.#lastPieceAt, due);
          clock.after(this.#lastPieceAt - now, () => {
            if (!stream.over) stream.events.bytes(piece.bytes);
          });
        }
      }
    });
  }

  #wireMs(bytes: number): number {
    const { baudRate } = this.#options;
    return baudRate === undefined ? 0 : (bytes * bitsPerByte * 1_000) / baudRate;
  }
}
