import type { CancelTimer, Clock, UtcMillis } from '../kernel/clock.ts';
import { restLookMs } from './client-settings.ts';

/** Watches for the planned rests of the ACS. By the wall clock, which may be set, so it looks more than once. */
export class PlannedRest {
  readonly #clock: Clock;
  readonly #untilOf: ((now: UtcMillis) => UtcMillis | undefined) | undefined;
  #cancel: CancelTimer | undefined;

  constructor(clock: Clock, untilOf: ((now: UtcMillis) => UtcMillis | undefined) | undefined) {
    this.#clock = clock;
    this.#untilOf = untilOf;
  }

  /** When the rest of this moment ends; undefined while there is none. */
  get until(): UtcMillis | undefined {
    return this.#untilOf?.(this.#clock.now());
  }

  /** Calls `look` now and then, until `stop`. Without a plan it does nothing. */
  start(look: () => void): void {
    this.stop();
    if (this.#untilOf === undefined) return;
    const until = this.until;
    const waitMs = until === undefined ? restLookMs : Math.min(restLookMs, until - this.#clock.now());
    this.#cancel = this.#clock.after(Math.max(1, waitMs), () => {
      look();
      // `look` may have stopped it.
      if (this.#cancel !== undefined) this.start(look);
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
