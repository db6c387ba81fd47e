import type { Row } from '../../src/journal/rows.ts';
import type { State } from '../../src/station/core/state.ts';
import { pinMark, wrongPin } from './library-data.ts';
import type { Violations } from './violations.ts';

/** The PIN has one purpose, and each check of it counts (design, "What must never happen" 6). */
export class PinCheck {
  readonly #violations: Violations;
  /** How many characters of a PIN the station holds at the moment. */
  readonly #held: () => number;
  #tries = 0;
  #checks = 0;
  #question = '';

  constructor(violations: Violations, held: () => number) {
    this.#violations = violations;
    this.#held = held;
  }

  /** @param text the row as JSON */
  committed(row: Row, text: string): void {
    if (row.row === 'pinTried') this.#tries += 1;
    if (text.includes(pinMark)) this.#violations.add(6, 'a PIN in a row');
  }

  /** Between two turns a PIN is held only while it is typed or checked. */
  beforeTurn({ session }: State): void {
    if (session.phase === 'pin' && session.entered > 0) return;
    if (this.#held() > 0) this.#violations.add(6, 'a PIN is held outside its check');
  }

  requestLeft(text: string): void {
    if (!text.includes(pinMark) && !text.includes(`AD${wrongPin}|`)) return;
    // The same question once more, because no answer came, is no further try.
    const question = text.replace(/AY\dAZ[0-9A-F]{4}\r$/, '');
    if (question === this.#question) return;
    this.#question = question;
    this.#checks += 1;
    if (this.#checks > this.#tries) this.#violations.add(6, 'a PIN was checked that had not been counted');
    if (!text.startsWith('63')) this.#violations.add(6, 'a PIN in another message than the check');
  }
}
