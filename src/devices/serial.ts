import { SerialPort } from 'serialport';
import type { ByteStream, ByteStreamEvents, OpenByteStream } from '../kernel/bytes.ts';
import type { SerialSettings } from './serial-settings.ts';
import { hangUpAwareBinding } from './serial-hang-up.ts';

/**
 * A serial port as a byte stream. The port is locked: a second opener gets an error. What lay in the port's buffer before
 * it was opened is dropped, as it happened to no one. Modem lines are left alone: pseudo-terminals and some adapters refuse them.
 */
export function openSerial(settings: SerialSettings): OpenByteStream {
  return (events) => new SerialStream(settings, events);
}

/** What the technician reads; the library’s word for a port that is in use tells little. */
function wordsOf({ message }: Error): string {
  return /cannot lock port|access denied/i.test(message)
    ? 'another program has the port, perhaps the station'
    : message;
}

class SerialStream implements ByteStream {
  readonly #port: SerialPort;
  readonly #events: ByteStreamEvents;
  #state: 'opening' | 'open' | 'closed' = 'opening';

  constructor(settings: SerialSettings, events: ByteStreamEvents) {
    this.#events = events;
    const { path, baudRate, dataBits, parity, stopBits } = settings;
    const line = { path, baudRate, dataBits, parity, stopBits, lock: true };
    // `binding` is not in the type of the options, but it is in the options.
    const options = { ...line, autoOpen: false, binding: hangUpAwareBinding };
    this.#port = new SerialPort(options);
    // An error that is no close is followed by one; without a listener it would end the process.
    this.#port.on('error', (error: Error) => this.#closed(wordsOf(error)));
    this.#port.on('close', (error?: Error | null) => this.#closed(error?.message ?? 'the port was closed'));
    this.#port.on('data', (chunk: Buffer) => {
      if (this.#state === 'open') this.#events.bytes(chunk);
    });
    this.#port.open((error) => {
      if (error) this.#closed(wordsOf(error));
      else this.#opened();
    });
  }

  write(bytes: Uint8Array): boolean {
    // A write to a port that is gone never calls back, so nothing waits for it.
    if (this.#state !== 'open' || !this.#port.isOpen) return false;
    this.#port.write(Buffer.from(bytes));
    return true;
  }

  close(): void {
    const wasOpening = this.#state === 'opening';
    this.#state = 'closed';
    // While it opens it cannot be closed; `#opened` does it.
    if (!wasOpening) this.#release();
  }

  #opened(): void {
    if (this.#state === 'closed') return this.#release();
    this.#port.flush(() => {
      if (this.#state === 'closed') return this.#release();
      this.#state = 'open';
      this.#events.opened();
    });
  }

  #closed(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#release();
    this.#events.closed(reason);
  }

  #release(): void {
    if (this.#port.isOpen) this.#port.close(() => undefined);
  }
}
