import { constants, createReadStream, createWriteStream, open, close as closeFile } from 'node:fs';
import type { ByteStream, ByteStreamEvents, OpenByteStream } from '../kernel/bytes.ts';

/** Bytes that wait for a device that does not take them; more means that it hangs. */
const waitingBytesMax = 256 * 1024;

/**
 * A character device that is written and read as a file, such as `/dev/usb/lp0` of the printer class. What it tells comes by
 * reading; a device that can't be read is no device for this.
 */
export function openDeviceFile(path: string): OpenByteStream {
  return (events) => new DeviceFile(path, events);
}

class DeviceFile implements ByteStream {
  readonly #events: ByteStreamEvents;
  #state: 'opening' | 'open' | 'closed' = 'opening';
  #end: () => void = () => undefined;
  #write: (bytes: Uint8Array) => boolean = () => false;

  constructor(path: string, events: ByteStreamEvents) {
    this.#events = events;
    open(path, constants.O_RDWR | constants.O_NOCTTY, (error, fd) => {
      if (error !== null) return this.#closed(error.code ?? error.message);
      if (this.#state === 'closed') return closeFile(fd, () => undefined);
      this.#opened(fd);
    });
  }

  write(bytes: Uint8Array): boolean {
    return this.#state === 'open' && this.#write(bytes);
  }

  close(): void {
    this.#state = 'closed';
    this.#end();
  }

  #opened(fd: number): void {
    const input = createReadStream('', { fd, autoClose: false });
    const output = createWriteStream('', { fd, autoClose: false });
    const failed = (error: NodeJS.ErrnoException): void => this.#closed(error.code ?? error.message);
    input.on('data', (chunk) => {
      if (this.#state === 'open') this.#events.bytes(Buffer.from(chunk));
    });
    input.on('error', failed);
    input.on('end', () => this.#closed('the device ended'));
    output.on('error', failed);
    this.#write = (bytes) => {
      if (output.writableLength + bytes.length > waitingBytesMax) return false;
      // The caller may overwrite its bytes while these wait.
      output.write(Uint8Array.from(bytes));
      return true;
    };
    this.#end = () => {
      input.destroy();
      output.destroy();
      closeFile(fd, () => undefined);
    };
    this.#state = 'open';
    this.#events.opened();
  }

  #closed(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#end();
    this.#events.closed(reason);
  }
}
