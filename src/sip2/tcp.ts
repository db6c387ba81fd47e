import { connect } from 'node:net';
import type { ByteStreamEvents, OpenByteStream } from '../kernel/bytes.ts';

/** After this silence the operating system begins to ask whether the other end is still there. */
const keepAliveDelayMs = 30_000;

/**
 * Plain TCP: no delay for small writes, one write for each message. How long opening may take is for the caller to
 * bound, by closing the stream.
 */
export function openTcp(host: string, port: number): OpenByteStream {
  return (events: ByteStreamEvents) => {
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveDelayMs,
    });
    let open = false;
    let over = false;
    let reason = 'the other end closed it';
    const end = (): void => {
      if (over) return;
      over = true;
      open = false;
      events.closed(reason);
    };
    socket.on('connect', () => {
      if (over) return;
      open = true;
      events.opened();
    });
    socket.on('data', (chunk: Buffer) => {
      if (!over) events.bytes(chunk);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      reason = error.code ?? 'error';
    });
    socket.on('close', end);
    return {
      write(bytes) {
        if (!open || over || !socket.writable) return false;
        socket.write(bytes);
        return true;
      },
      close() {
        over = true;
        open = false;
        socket.destroy();
      },
    };
  };
}
