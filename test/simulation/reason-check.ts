import type { Row } from '../../src/journal/rows.ts';
import type { Refusal, Screen, View } from '../../src/shared/view.ts';
import type { Violations } from './violations.ts';

/** No refusal without cause, source, next step and its rule in the journal (design, "What must never happen" 8). */
export class ReasonCheck {
  readonly #violations: Violations;
  /** Rules that the journal noted in this session, and since the last view. */
  #noted = new Set<string>();
  #fresh = new Set<string>();
  #epoch = -1;
  /** A full disk keeps no notes; that the patron hears the reason does not depend on it. */
  #notesLost = false;

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  committed(rows: readonly Row[]): void {
    for (const row of rows) {
      if ((row.row === 'refusal' || row.row === 'move') && row.rule !== undefined) {
        this.#noted.add(row.rule);
        this.#fresh.add(row.rule);
      }
    }
  }

  notesLost(): void {
    this.#notesLost = true;
  }

  published(view: View): void {
    if (view.epoch !== this.#epoch) {
      this.#epoch = view.epoch;
      this.#noted = this.#fresh;
      this.#notesLost = false;
    }
    this.#fresh = new Set();
    const { screen } = view;
    if ('refusal' in screen && screen.refusal !== undefined) this.#hasReason(screen.refusal);
    if (screen.name === 'account') return this.#account(screen);
    if (screen.name !== 'borrow' && screen.name !== 'return') return;
    for (const { item, state, refusal, hold } of screen.items) {
      if (refusal !== undefined) this.#hasReason(refusal);
      if (hold?.state === 'refused') this.#hasReason(hold.refusal);
      if (state === 'refused' && refusal === undefined)
        this.#violations.add(8, `refused without a word: ${item}`);
    }
  }

  #account({ loans, holds }: Extract<Screen, { name: 'account' }>): void {
    for (const { renewal } of loans) if (renewal.state === 'refused') this.#hasReason(renewal.refusal);
    for (const { cancel } of holds) if (cancel?.state === 'refused') this.#hasReason(cancel.refusal);
  }

  #hasReason({ rule, source, cause, next }: Refusal): void {
    if (rule === '' || cause.key.length === 0 || next.key.length === 0)
      this.#violations.add(8, `a refusal without cause or next step: ${rule} by ${source}`);
    if (!this.#notesLost && !this.#noted.has(rule))
      this.#violations.add(8, `the journal knows no refusal by ${rule}`);
  }
}
