import { readSync } from 'node:fs';
import { SerialPort } from 'serialport';
import type { SerialSettings } from './serial-settings.ts';

/** As much of serialport's ports on Linux and macOS as is used here. */
interface UnixPort {
  readonly fd: number | null;
  readonly poller: { once(event: 'readable', then: (error: Error | null) => void): unknown };
  read: (buffer: Buffer, offset: number, length: number) => Promise<{ buffer: Buffer; bytesRead: number }>;
}

/**
 * serialport's own way of opening, with another way of reading. A terminal that hung up, because its cable was pulled, gives
 * zero bytes to each read; serialport 13 then reads again at once, without end, and never tells. Here zero bytes are the end.
 */
export const hangUpAwareBinding = {
  list: SerialPort.binding.list,
  async open(options: SerialSettings) {
    const port = await SerialPort.binding.open(options);
    if (isUnixPort(port))
      port.read = (buffer, offset, length) => readUntilHangUp(port, buffer, offset, length);
    return port;
  },
};

function isUnixPort(port: object): port is UnixPort {
  return 'poller' in port && 'fd' in port;
}

/** An error that serialport takes for the end of a read that nobody wants any more, not for a disconnection. */
class ReadCanceled extends Error {
  readonly canceled = true;
}

async function readUntilHangUp(
  port: UnixPort,
  buffer: Buffer,
  offset: number,
  length: number,
): ReturnType<UnixPort['read']> {
  for (;;) {
    await readable(port);
    const bytesRead = readNow(port, buffer, offset, length);
    if (bytesRead === 0) throw new Error('the device hung up');
    if (bytesRead !== undefined) return { buffer, bytesRead };
  }
}

/**
 * How many bytes came; zero for a hang-up, undefined where there are none after all. The port never blocks and is known to be
 * readable, so this takes a system call and spares the way through Node's pool of threads.
 */
function readNow({ fd }: UnixPort, buffer: Buffer, offset: number, length: number): number | undefined {
  if (fd === null) throw new ReadCanceled('the port is closed');
  try {
    return readSync(fd, buffer, offset, length, null);
  } catch (error) {
    if (error instanceof Error && 'code' in error && comesLater.has(error.code)) return undefined;
    throw error;
  }
}

const comesLater: ReadonlySet<unknown> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

function readable(port: UnixPort): Promise<void> {
  return new Promise((resolve, reject) => {
    if (port.fd === null) return reject(new ReadCanceled('the port is closed'));
    port.poller.once('readable', (error) => (error === null ? resolve() : reject(error)));
  });
}
