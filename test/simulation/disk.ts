import { mayUseReserve } from '../../src/journal/reserve.ts';
import type { Row } from '../../src/journal/rows.ts';
import type { Stream } from './streams.ts';

const fullMsMin = 5_000;
const fullMsMax = 120_000;
/** How often the space kept for returns is used up as well. */
const exhausted = 0.3;

/** A disk that is full for a while, now and then; sometimes to the last byte of the reserve. */
export class FillingDisk {
  readonly #chance: Stream;
  readonly #probability: number;
  readonly #now: () => number;
  /** The disk became full by chance. */
  onFull: ((forMs: number, reserveLeft: boolean) => void) | undefined;
  #fullUntil = 0;
  #reserveLeft = true;
  #healed = false;

  constructor(chance: Stream, probability: number, now: () => number) {
    this.#chance = chance;
    this.#probability = probability;
    this.#now = now;
  }

  isFull(): boolean {
    return !this.#healed && this.#now() < this.#fullUntil;
  }

  /** Whether these rows find no room; the same rule as the journal’s. */
  refuses(rows: readonly Row[]): boolean {
    if (this.#healed) return false;
    if (!this.isFull() && this.#chance.chance(this.#probability)) {
      const forMs = this.#chance.whole(fullMsMin, fullMsMax);
      const reserveLeft = !this.#chance.chance(exhausted);
      this.fill(forMs, reserveLeft);
      this.onFull?.(forMs, reserveLeft);
    }
    return this.isFull() && !(this.#reserveLeft && mayUseReserve(rows));
  }

  fill(forMs: number, reserveLeft: boolean): void {
    this.#fullUntil = this.#now() + forMs;
    this.#reserveLeft = reserveLeft;
  }

  heal(): void {
    this.#healed = true;
  }
}
