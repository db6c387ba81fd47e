import { closeSync, constants, existsSync, open, readSync, writeSync } from 'node:fs';
import type { ByteStream, ByteStreamEvents, OpenByteStream } from '../kernel/bytes.ts';
import type { CancelTimer, Clock } from '../kernel/clock.ts';

/** How often a device is asked whether it has something to say, or takes more. */
export const filePollMs = 20;
/** Bytes that wait for a device that does not take them; more means that it hangs. */
const waitingBytesMax = 256 * 1024;
const readBytesMax = 1_024;

/**
 * A character device that is written and read as a file, such as `/dev/usb/lp0` of the printer class. What it tells comes by
 * reading; a device that can't be read is no device for this. It is opened so that nothing blocks, and looked at every now and then: a
 * read that waits would hold one of the process’s few threads, and could not be called off.
 */
export function openDeviceFile(path: string, clock: Clock): OpenByteStream {
  return (events) => new DeviceFile(path, clock, events);
}

class DeviceFile implements ByteStream {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #events: ByteStreamEvents;
  readonly #heard = new Uint8Array(readBytesMax);
  #state: 'opening' | 'open' | 'closed' = 'opening';
  #fd: number | undefined;
  #waiting: Uint8Array[] = [];
  #cancelPoll: CancelTimer = () => undefined;

  constructor(path: string, clock: Clock, events: ByteStreamEvents) {
    this.#path = path;
    this.#clock = clock;
    this.#events = events;
    // Windows knows no such flags, and no such files.
    const {
      O_RDWR,
      O_NOCTTY = 0,
      O_NONBLOCK = 0,
    } = constants as Partial<typeof constants> & typeof constants;
    open(path, O_RDWR | O_NOCTTY | O_NONBLOCK, (error, fd) => {
      if (error !== null) return this.#closed(error.code ?? error.message);
      if (this.#state === 'closed') return closeSync(fd);
      this.#fd = fd;
      this.#state = 'open';
      this.#pollLater();
      this.#events.opened();
    });
  }

  write(bytes: Uint8Array): boolean {
    if (this.#state !== 'open') return false;
    const waiting = this.#waiting.reduce((sum, one) => sum + one.length, 0);
    if (waiting + bytes.length > waitingBytesMax) return false;
    // The caller may overwrite its bytes while these wait.
    this.#waiting.push(Uint8Array.from(bytes));
    this.#clock.after(0, () => this.#try(() => this.#send()));
    return true;
  }

  close(): void {
    this.#state = 'closed';
    this.#cancelPoll();
    for (const bytes of this.#waiting.splice(0)) bytes.fill(0);
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  #pollLater(): void {
    this.#cancelPoll = this.#clock.after(filePollMs, () => this.#poll());
  }

  #poll(): void {
    this.#try(() => this.#hear());
    this.#try(() => this.#send());
    if (this.#state === 'open') this.#pollLater();
  }

  #hear(): void {
    for (;;) {
      const { fd } = this.#opened();
      const bytes = readSync(fd, this.#heard, 0, readBytesMax, null);
      if (bytes === 0) return this.#nothing();
      this.#events.bytes(this.#heard.slice(0, bytes));
      if (this.#state !== 'open') return;
    }
  }

  /** A printer on USB with nothing to say may answer with an empty packet, which is no end while the file is there. */
  #nothing(): void {
    if (!existsSync(this.#path)) this.#closed('the device is gone');
  }

  #send(): void {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const sent = writeSync(this.#opened().fd, first);
      const rest = first.slice(sent);
      first.fill(0);
      if (rest.length === 0) this.#waiting.shift();
      else this.#waiting[0] = rest;
    }
  }

  #opened(): { readonly fd: number } {
    if (this.#fd === undefined) throw new Error('impossible: an open device without a file');
    return { fd: this.#fd };
  }

  /** What would have to wait comes at the next look. */
  #try(act: () => void): void {
    if (this.#state !== 'open') return;
    try {
      act();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (!comesLater.has(code)) this.#closed(code || message);
    }
  }

  #closed(reason: string): void {
    if (this.#state === 'closed') return;
    this.close();
    this.#events.closed(reason);
  }
}

const comesLater: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);
