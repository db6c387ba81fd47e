import type { ByteStream, ByteStreamEvents } from '../../src/kernel/bytes.ts';
import type { Clock } from '../../src/kernel/clock.ts';

/** The serial line to the barcode scanner: it can be pulled, and dies with the station. */
export class Cable {
  #plugged = true;
  #listener: ByteStreamEvents | undefined;

  /** The line as one life of the station opens it. */
  open(events: ByteStreamEvents, clock: Clock): ByteStream {
    clock.after(1, () => this.#answer(events));
    return { write: () => true, close: () => undefined };
  }

  bytes(bytes: Uint8Array): void {
    this.#listener?.bytes(bytes);
  }

  plugIn(): void {
    this.#plugged = true;
  }

  /** The listener hears of it, which may end its life. */
  unplug(): void {
    this.#plugged = false;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed('unplugged');
  }

  stationDied(): void {
    this.#listener = undefined;
  }

  #answer(events: ByteStreamEvents): void {
    if (!this.#plugged) return events.closed('no such device');
    this.#listener = events;
    events.opened();
  }
}
