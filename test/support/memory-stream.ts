import type { ByteStream, ByteStreamEvents, OpenByteStream } from '../../src/kernel/bytes.ts';

/** One opening of a stream that a test steers. */
export class MemoryStream implements ByteStream {
  readonly written: Uint8Array[] = [];
  closedByUs = false;
  readonly events: ByteStreamEvents;
  #open = false;

  constructor(events: ByteStreamEvents) {
    this.events = events;
  }

  open(): void {
    this.#open = true;
    this.events.opened();
  }

  send(text: string): void {
    this.events.bytes(Buffer.from(text, 'latin1'));
  }

  fail(reason: string): void {
    this.#open = false;
    this.events.closed(reason);
  }

  write(bytes: Uint8Array): boolean {
    if (this.#open) this.written.push(bytes);
    return this.#open;
  }

  close(): void {
    this.#open = false;
    this.closedByUs = true;
  }
}

/** Opens streams in memory and remembers them, the newest last. */
export class MemoryOpener {
  readonly streams: MemoryStream[] = [];

  readonly open: OpenByteStream = (events) => {
    const stream = new MemoryStream(events);
    this.streams.push(stream);
    return stream;
  };

  get newest(): MemoryStream {
    const stream = this.streams.at(-1);
    if (stream === undefined) throw new Error('nothing was opened yet');
    return stream;
  }
}
