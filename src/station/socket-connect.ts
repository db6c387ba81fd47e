import { connect, type Socket } from 'node:net';
import type { ByteStream, ByteStreamEvents, OpenByteStream } from '../kernel/bytes.ts';

/** Reaches a station’s local socket, as the shells and the command line do. */
export function openLocalSocket(path: string): OpenByteStream {
  return (events) => new LocalSocketStream(path, events);
}

class LocalSocketStream implements ByteStream {
  readonly #socket: Socket;
  #ended = false;

  constructor(path: string, events: ByteStreamEvents) {
    let reason = 'the station closed the connection';
    this.#socket = connect({ path });
    this.#socket.on('connect', () => events.opened());
    this.#socket.on('data', (chunk: Buffer) => events.bytes(chunk));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      reason = error.code ?? error.message;
    });
    this.#socket.on('close', () => {
      if (this.#ended) return;
      this.#ended = true;
      events.closed(reason);
    });
  }

  write(bytes: Uint8Array): boolean {
    if (this.#ended || this.#socket.readyState !== 'open') return false;
    this.#socket.write(bytes);
    return true;
  }

  close(): void {
    this.#ended = true;
    this.#socket.destroy();
  }
}
