import type { Row, StoredTagWork, TagAim } from '../../src/journal/rows.ts';
import type { View } from '../../src/shared/view.ts';
import type { LedgerCheck } from './ledger-check.ts';
import { uidsOf, type Pad } from './pad.ts';
import type { Violations } from './violations.ts';

/**
 * Holds the tags themselves against what is on the disk and on the screen: unlocked implies lent; lent and locked implies a
 * word on the screen or on the staff list (design, "What must never happen" 4).
 */
export class TagCheck {
  readonly #violations: Violations;
  readonly #ledger: LedgerCheck;
  readonly #pad: Pad;
  readonly #isLent: (item: string) => boolean;
  readonly #works = new Map<string, { readonly aim: TagAim; readonly item: string }>();
  /** Items whose last return was by barcode alone: nobody saw their tags. */
  readonly #unseen = new Set<string>();
  /** How often a tag was freed and secured. */
  changes = 0;

  constructor(parts: {
    violations: Violations;
    ledger: LedgerCheck;
    pad: Pad;
    isLent: (item: string) => boolean;
  }) {
    this.#violations = parts.violations;
    this.#ledger = parts.ledger;
    this.#pad = parts.pad;
    this.#isLent = parts.isLent;
    parts.pad.onChanged = (item, _uid, secured) => this.#changed(item, secured);
  }

  #changed(item: string, secured: boolean): void {
    this.changes += 1;
    if (secured) return;
    const byOwnRules = this.#ledger.isDurable('loan', item, ['waiting']);
    const certain = byOwnRules || this.#ledger.isDurable('loan', item, ['accepted']);
    if (!certain) return this.#violations.add(4, `unlocked before the loan was certain: ${item}`);
    if (!byOwnRules && !this.#isLent(item)) this.#violations.add(4, `unlocked and not lent: ${item}`);
  }

  /** Rows that are durable from now on. */
  committed(rows: readonly Row[]): void {
    for (const row of rows) {
      if (row.row === 'begin' && row.kind === 'checkin') this.#unseen.add(row.item);
      if (row.row === 'tagBegin' && row.aim === 'lock') this.#unseen.delete(row.item);
      if (row.row === 'tagBegin') this.#works.set(row.id, { aim: row.aim, item: row.item });
      if (row.row !== 'tagMove' || row.to !== 'done' || row.rule !== 'readBack') continue;
      const work = this.#works.get(row.id);
      if (work === undefined) this.#violations.add(4, `tag work that nobody began is done: ${row.id}`);
      else if (!this.#all(work.item, work.aim === 'lock'))
        this.#violations.add(4, `noted as done, and a part is not: ${work.item}`);
    }
  }

  #all(item: string, secured: boolean): boolean {
    return uidsOf(item).every((uid) => this.#pad.isSecured(uid) === secured);
  }

  published({ screen }: View): void {
    if (screen.name !== 'borrow') return;
    for (const row of screen.items) {
      if (row.message.key.startsWith('row.tag.free') && row.state === 'done') this.#takeIt(row.item);
    }
  }

  #takeIt(item: string): void {
    // Somebody may have brought it back meanwhile; then it is no more of this loan.
    if (this.#isLent(item) && !this.#all(item, false))
      this.#violations.add(4, `told "take it" while a part is locked: ${item}`);
  }

  /** After all has healed: what is neither one thing nor the other stands on the staff list. */
  allSettled(left: readonly StoredTagWork[], items: Iterable<string>): void {
    for (const { state, item } of left) {
      if (state !== 'staff') this.#violations.add(4, `tag work is still open: ${item}`);
    }
    const withStaff = new Set(left.map(({ item }) => item));
    for (const item of items) {
      const known =
        withStaff.has(item) ||
        this.#unseen.has(item) ||
        this.#ledger.isDurable('loan', item, ['staff', 'waiting']) ||
        this.#ledger.isDurable('checkin', item, ['staff']);
      if (this.#all(item, true) || known) continue;
      if (!this.#isLent(item)) this.#violations.add(4, `unlocked, not lent, and nobody knows: ${item}`);
      else if (!this.#all(item, false))
        this.#violations.add(4, `lent, partly locked, and nobody knows: ${item}`);
    }
  }
}
