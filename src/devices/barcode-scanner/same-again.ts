import type { CancelTimer, Clock } from '../../kernel/clock.ts';

/**
 * The same text again within this time is the same scan. Hands-free scanners read a label that is held before them
 * again after 0.5 to 1 s; nobody lends, then takes up the same book anew within 1.5 s.
 */
export const doubleScanMsDefault = 1_500;

/** Two or three labels can lie in view at once and be read in turn. */
const recentTextsMax = 4;

/** Tells a label that is read over and over from one that is scanned again. */
export class SameAgain {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #recent: { readonly text: string; cancel: CancelTimer }[] = [];

  /** @param windowMs how long a text is remembered; 0: not at all */
  constructor(clock: Clock, windowMs: number = doubleScanMsDefault) {
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  /** Each repetition starts the time anew: a label held before the scanner for a minute is one scan. */
  seenJustNow(text: string): boolean {
    const index = this.#recent.findIndex((entry) => entry.text === text);
    if (index !== -1) for (const entry of this.#recent.splice(index, 1)) entry.cancel();
    while (this.#recent.length >= recentTextsMax) this.#recent.shift()?.cancel();
    if (this.#windowMs > 0) this.#remember(text);
    return index !== -1;
  }

  forget(): void {
    for (const entry of this.#recent.splice(0)) entry.cancel();
  }

  #remember(text: string): void {
    const entry = { text, cancel: () => undefined as void };
    entry.cancel = this.#clock.after(this.#windowMs, () => {
      const at = this.#recent.indexOf(entry);
      if (at !== -1) this.#recent.splice(at, 1);
    });
    this.#recent.push(entry);
  }
}
