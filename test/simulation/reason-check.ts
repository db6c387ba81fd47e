import type { Row } from '../../src/journal/rows.ts';
import type { Refusal, View } from '../../src/shared/view.ts';
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
    for (const refusal of refusalsOf(view)) this.#hasReason(refusal);
    const { screen } = view;
    if (screen.name !== 'borrow' && screen.name !== 'return') return;
    for (const row of screen.items) {
      if (row.state === 'refused' && row.refusal === undefined)
        this.#violations.add(8, `refused without a word: ${row.item}`);
    }
  }

  #hasReason({ rule, source, cause, next }: Refusal): void {
    if (rule === '' || cause.key.length === 0 || next.key.length === 0)
      this.#violations.add(8, `a refusal without cause or next step: ${rule} by ${source}`);
    if (!this.#notesLost && !this.#noted.has(rule))
      this.#violations.add(8, `the journal knows no refusal by ${rule}`);
  }
}

function refusalsOf({ screen }: View): readonly Refusal[] {
  if (screen.name === 'account') return refusalsOfAccount(screen);
  const whole = 'refusal' in screen && screen.refusal !== undefined ? [screen.refusal] : [];
  if (screen.name !== 'borrow' && screen.name !== 'return') return whole;
  const ofRows = screen.items.flatMap((row) => (row.refusal === undefined ? [] : [row.refusal]));
  const ofHolds = screen.items.flatMap(({ hold }) => (hold?.state === 'refused' ? [hold.refusal] : []));
  return [...whole, ...ofRows, ...ofHolds];
}

function refusalsOfAccount({
  refusal,
  loans,
  holds,
}: Extract<View['screen'], { name: 'account' }>): readonly Refusal[] {
  return [
    ...(refusal === undefined ? [] : [refusal]),
    ...loans.flatMap(({ renewal }) => (renewal.state === 'refused' ? [renewal.refusal] : [])),
    ...holds.flatMap(({ cancel }) => (cancel?.state === 'refused' ? [cancel.refusal] : [])),
  ];
}
