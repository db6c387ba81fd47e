import type { CardRead, CardReader, CardReaderEvents, CardReaderStatus } from './card-reader.ts';

/** A card reader in memory, steered by a test or a simulation. Everything happens in the call that asks for it. */
export class MemoryCardReader implements CardReader {
  readonly name = 'memory';
  #events: CardReaderEvents | undefined;
  #status: CardReaderStatus = { state: 'offline', reason: 'not started' };
  #present = false;

  start(events: CardReaderEvents): void {
    if (this.#events !== undefined) throw new Error('the card reader was started before');
    this.#events = events;
  }

  stop(): void {
    this.#events = undefined;
  }

  tell(status: CardReaderStatus): void {
    this.#status = status;
    this.#events?.onStatus(status);
    if (status.state !== 'ready') this.take();
  }

  /** A card is put into the reader and stays. Nothing happens while the reader is not ready. */
  put(card: CardRead): void {
    if (this.#status.state !== 'ready' || this.#present) return;
    this.#present = true;
    this.#events?.onPresence(true);
    this.#events?.onCard(card);
  }

  take(): void {
    if (!this.#present) return;
    this.#present = false;
    this.#events?.onPresence(false);
  }

  /** A card is drawn through a reader that keeps none. */
  swipe(card: CardRead): void {
    if (this.#status.state === 'ready') this.#events?.onCard(card);
  }
}
