import type { RelayBoard, RelayBoardEvents, RelayStatus } from './relay-board.ts';

/** A relay board in memory. */
export class MemoryRelayBoard implements RelayBoard {
  readonly name = 'memory';
  readonly #on = new Set<number>();
  #events: RelayBoardEvents | undefined;

  start(events: RelayBoardEvents): void {
    if (this.#events !== undefined) throw new Error('the relay board was started before');
    this.#events = events;
  }

  set(channel: number, on: boolean): void {
    if (on) this.#on.add(channel);
    else this.#on.delete(channel);
  }

  stop(): void {
    this.#on.clear();
    this.#events = undefined;
  }

  /** The channels that are on, in order. */
  get on(): readonly number[] {
    return [...this.#on].toSorted((a, b) => a - b);
  }

  tell(status: RelayStatus): void {
    this.#events?.onStatus(status);
  }
}
