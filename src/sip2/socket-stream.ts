import type { Socket } from 'node:net';
import type { ByteStream, ByteStreamEvents, StreamEnd } from '../kernel/bytes.ts';

/** After this silence the operating system begins to ask whether the other end is still there. */
export const keepAliveDelayMs = 30_000;

/** What is told of a socket that the other end closed. */
export const closedByPeer = 'the other end closed it';

/** What an error of the socket means, in words for the technician. */
export interface SocketFailure extends StreamEnd {
  readonly reason: string;
}

/**
 * A socket that is being opened as a byte stream: no delay for small writes, one write for each message. How long
 * opening may take is for the caller to bound, by closing the stream.
 *
 * @param opened the socket’s event that says that bytes may go
 * @param failureOf what it means that the socket closed; `heard` tells whether a byte ever came
 */
export function socketStream(
  socket: Socket,
  opened: 'connect' | 'secureConnect',
  events: ByteStreamEvents,
  failureOf: (error: NodeJS.ErrnoException | undefined, heard: boolean) => SocketFailure,
): ByteStream {
  let open = false;
  let over = false;
  let heard = false;
  let error: NodeJS.ErrnoException | undefined;
  socket.on(opened, () => {
    if (over) return;
    open = true;
    events.opened();
  });
  socket.on('data', (chunk: Buffer) => {
    heard = true;
    if (!over) events.bytes(chunk);
  });
  socket.on('error', (told: NodeJS.ErrnoException) => {
    error = told;
  });
  socket.on('close', () => {
    if (over) return;
    over = true;
    open = false;
    const { reason, ...end } = failureOf(error, heard);
    events.closed(reason, end);
  });
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
}
