import type { Row, StoredTagWork, TagAim } from '../../src/journal/rows.ts';
import type { View } from '../../src/shared/view.ts';
import type { LedgerCheck } from './ledger-check.ts';
import type { Pad } from './pad.ts';
import { uidsOf } from './tags.ts';
import type { Violations } from './violations.ts';

/** After this time nothing that somebody showed the station begins by itself any more. */
const shownMsMax = 60_000;

interface Work {
  readonly aim: TagAim;
  readonly item: string;
  state: 'open' | 'staff' | 'settled';
}

/**
 * Holds the tags themselves against what is on the disk and on the screen: unlocked implies lent; lent and locked implies a
 * word on the screen or on the staff list (design, "What must never happen" 4). What nobody laid down is nobody’s loan.
 */
export class TagCheck {
  readonly #violations: Violations;
  readonly #ledger: LedgerCheck;
  readonly #pad: Pad;
  readonly #isLent: (item: string) => boolean;
  readonly #now: () => number;
  readonly #works = new Map<string, Work>();
  /** Work that is not settled, by item. */
  readonly #unsettled = new Map<string, Set<string>>();
  /** Items whose last return was by barcode alone: nobody saw their tags. */
  readonly #unseen = new Set<string>();
  /** Loans of items: their tags have to be freed, or somebody has to say why not. */
  readonly #owed = new Map<string, string>();
  /** When somebody last showed an item to the station, by its barcode or lying still. */
  readonly #shown = new Map<string, number>();
  /** Items that are to be looked at again when the moment is over. */
  readonly #touched = new Set<string>();
  /** How often a tag was freed and secured. */
  changes = 0;

  constructor(parts: {
    violations: Violations;
    ledger: LedgerCheck;
    pad: Pad;
    isLent: (item: string) => boolean;
    now: () => number;
  }) {
    this.#violations = parts.violations;
    this.#ledger = parts.ledger;
    this.#pad = parts.pad;
    this.#isLent = parts.isLent;
    this.#now = parts.now;
    parts.pad.onChanged = (item, _uid, secured) => this.#changed(item, secured);
    parts.pad.onSeen = (item) => this.shown(item);
    parts.pad.onStrayCommand = (uid) =>
      this.#violations.add(4, `a command to a tag of another library: ${uid}`);
  }

  /** Somebody showed this item to the station. */
  shown(item: string): void {
    this.#shown.set(item, this.#now());
  }

  /** The library system did something with this item. */
  effect(item: string): void {
    this.#touched.add(item);
  }

  #changed(item: string, secured: boolean): void {
    this.changes += 1;
    this.#touched.add(item);
    if (secured) return;
    const byOwnRules = this.#ledger.isDurable('loan', item, ['waiting']);
    // Staff hear of a loan that was made otherwise than was told; a loan it is.
    const made = this.#isLent(item) && this.#ledger.isDurable('loan', item, ['staff']);
    const certain = byOwnRules || made || this.#ledger.isDurable('loan', item, ['accepted']);
    if (!certain) return this.#violations.add(4, `unlocked before the loan was certain: ${item}`);
    // Nobody can know yet that the library system only said so.
    if (!byOwnRules && !this.#isLent(item) && !this.#ledger.isLoanInDoubt(item))
      this.#violations.add(4, `unlocked and not lent: ${item}`);
  }

  /** Rows that are durable from now on. */
  committed(rows: readonly Row[]): void {
    for (const row of rows) {
      switch (row.row) {
        case 'begin':
          this.#begun(row);
          break;
        case 'move':
          this.#moved(row.id, row.to);
          break;
        case 'tagBegin':
          this.#workBegun(row);
          break;
        case 'tagMove':
          this.#workMoved(row);
          break;
        default:
      }
    }
  }

  #begun({ id, kind, item, replaces }: Extract<Row, { row: 'begin' }>): void {
    if (kind !== 'checkin' && kind !== 'checkout') return;
    this.#touched.add(item);
    if (kind === 'checkin') {
      this.#unseen.add(item);
      this.#owed.delete(item);
    } else this.#owed.set(item, id);
    const shown = this.#shown.get(item);
    const isFresh = shown !== undefined && this.#now() - shown <= shownMsMax;
    if (replaces === undefined && !isFresh && !this.#pad.isToldWhole(item))
      this.#violations.add(4, `a ${kind} of what nobody laid down: ${item}`);
  }

  #moved(id: string, to: string): void {
    const item = this.#ledger.transactions.get(id)?.item;
    if (item === undefined) return;
    this.#touched.add(item);
    const cameToNothing = to === 'refused' || to === 'withdrawn' || to === 'staff';
    if (cameToNothing && this.#owed.get(item) === id) this.#owed.delete(item);
  }

  #workBegun({ id, aim, item }: Extract<Row, { row: 'tagBegin' }>): void {
    this.#touched.add(item);
    if (aim === 'lock') this.#unseen.delete(item);
    this.#works.set(id, { aim, item, state: 'open' });
    const ids = this.#unsettled.get(item) ?? new Set();
    ids.add(id);
    this.#unsettled.set(item, ids);
  }

  #workMoved({ id, to, rule }: Extract<Row, { row: 'tagMove' }>): void {
    const work = this.#works.get(id);
    if (work === undefined) return this.#violations.add(4, `tag work that nobody began moves: ${id}`);
    const { item, aim } = work;
    this.#touched.add(item);
    work.state = to === 'staff' ? 'staff' : 'settled';
    if (work.state === 'settled') this.#unsettled.get(item)?.delete(id);
    // Their patron’s word is believed.
    if (rule === 'patron.noTag' && aim === 'lock') this.#unseen.add(item);
    if (this.#owed.get(item) === id && work.state === 'settled') this.#owed.delete(item);
    if (to === 'done' && rule === 'readBack' && !this.#all(item, aim === 'lock'))
      this.#violations.add(4, `noted as done, and a part is not: ${item}`);
  }

  #all(item: string, secured: boolean): boolean {
    return uidsOf(item).every((uid) => this.#pad.isSecured(uid) === secured);
  }

  published({ screen }: View): void {
    if (screen.name !== 'borrow') return;
    for (const { state, message, item } of screen.items) {
      if (state === 'done' && message.key.startsWith('row.tag.free')) this.#takeIt(item);
    }
  }

  #takeIt(item: string): void {
    // Somebody may have brought it back meanwhile; then it is no more of this loan.
    if (this.#isLent(item) && !this.#all(item, false))
      this.#violations.add(4, `told "take it" while a part is locked: ${item}`);
  }

  /** The moment is over, and the station has dealt with all that happened in it. */
  atRest(): void {
    if (this.#touched.size === 0) return;
    for (const item of this.#touched) this.#holds(item);
    this.#touched.clear();
  }

  #holds(item: string): void {
    const uids = uidsOf(item);
    const locked = uids.filter((uid) => this.#pad.isSecured(uid)).length;
    if ((this.#unsettled.get(item)?.size ?? 0) > 0 || this.#isOnItsWay(item)) return;
    if (!this.#isLent(item)) {
      if (locked < uids.length && !this.#unseen.has(item) && !this.#ledger.isLoanInDoubt(item))
        this.#violations.add(4, `unlocked, not lent, and nobody knows: ${item}`);
      return;
    }
    if (locked > 0 && (locked < uids.length || this.#owed.has(item)))
      this.#violations.add(4, `lent and locked, and nobody knows: ${item}`);
  }

  /** The station knows of an act on this item that is not settled, or staff do. */
  #isOnItsWay(item: string): boolean {
    return (
      this.#ledger.isDurable('loan', item, ['intended', 'uncertain', 'waiting', 'staff']) ||
      this.#ledger.isDurable('checkin', item, ['intended', 'uncertain', 'waiting', 'staff'])
    );
  }

  /** After all has healed: what is neither one thing nor the other stands on the staff list. */
  allSettled(left: readonly StoredTagWork[], items: Iterable<string>): void {
    for (const { state, item } of left) {
      if (state !== 'staff') this.#violations.add(4, `tag work is still open: ${item}`);
    }
    const withStaff = new Set(left.map(({ item }) => item));
    for (const [item, ids] of this.#unsettled) {
      if (ids.size > 0 && !withStaff.has(item))
        this.#violations.add(4, `tag work was begun and is not on the staff list: ${item}`);
    }
    for (const item of items) this.#holds(item);
  }
}
