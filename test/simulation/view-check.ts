import type { ItemRow, Refusal, Screen, View } from '../../src/shared/view.ts';
import type { LedgerCheck } from './ledger-check.ts';
import { pinMark } from './library-data.ts';
import type { Violations } from './violations.ts';

const toldLent = ['accepted'] as const;
/** An intended return is on the disk too: whatever happens, it is asked about. */
const toldTaken = ['intended', 'accepted', 'waiting', 'uncertain', 'staff'] as const;
const toldReturned = ['accepted'] as const;
/** Lent by the station’s own rules. */
const toldProvisionally = ['waiting', 'accepted', 'staff'] as const;

/** What is lent or taken back, and asks for something about its tags. */
function saysDone({ state, message, refusal }: ItemRow): boolean {
  return state === 'attention' && refusal === undefined && message.key.startsWith('row.tag.');
}

/** Looks at every view that the station publishes (design, "What must never happen" 1, 5, 6, 7). */
export class ViewCheck {
  readonly #violations: Violations;
  readonly #ledger: LedgerCheck;
  readonly #idleMs: number;
  readonly #restingLanguage: string;
  readonly #now: () => number;
  readonly #seenRows = new Set<string>();
  readonly #far = new Set<string>();
  /** Card and items of the session before, of this one, and of whoever stands at the station. */
  #past = new Set<string>();
  #present = new Set<string>();
  #own = new Set<string>();
  #epoch = -1;
  #touchedAt = 0;
  #warned = false;

  constructor(parts: {
    violations: Violations;
    ledger: LedgerCheck;
    idleMs: number;
    restingLanguage: string;
    now: () => number;
  }) {
    this.#violations = parts.violations;
    this.#ledger = parts.ledger;
    this.#idleMs = parts.idleMs;
    this.#restingLanguage = parts.restingLanguage;
    this.#now = parts.now;
  }

  /** The patron at the station did something. */
  touched(): void {
    this.#touchedAt = this.#now();
  }

  /** Somebody comes. Their own card and loans may be shown to them, also when they were here just before. */
  arrived(texts: readonly string[]): void {
    this.#own = new Set();
    for (const text of texts) this.personal(text);
  }

  /** Something personal of whoever is here is handled. */
  personal(text: string): void {
    this.#own.add(text);
    this.#present.add(text);
    this.#past.delete(text);
  }

  /** The library system noted something of whoever is here, such as a loan of an outage before. */
  lentTo(card: string, item: string): void {
    if (this.#own.has(card)) this.personal(item);
  }

  /** Another library’s item with this number was laid down: it is turned away before anything is told to the ACS. */
  farItem(item: string): void {
    this.#far.add(item);
  }

  /** A new life of the station counts its sessions anew. */
  restarted(): void {
    this.#epoch = -1;
    this.#seenRows.clear();
    this.#warned = false;
  }

  /** @param text all that the view says */
  published(view: View, text: string): void {
    this.#epochOf(view);
    this.#told(view);
    this.#timers(view);
    if (text.includes(pinMark)) this.#violations.add(6, 'a PIN in a view');
    if (view.epoch !== this.#epoch) return;
    if (view.screen.name === 'home' || view.screen.name === 'finished') this.#nothingOf(this.#present, text);
    this.#nothingOf(this.#past, text);
  }

  #nothingOf(texts: ReadonlySet<string>, view: string): void {
    for (const text of texts) {
      if (view.includes(text)) this.#violations.add(7, `of the session before is still shown: ${text}`);
    }
  }

  #epochOf(view: View): void {
    if (view.epoch === this.#epoch) return;
    // A restart interrupts a visit; it does not begin another.
    if (this.#epoch !== -1) {
      this.#past = new Set([...this.#present].filter((text) => !this.#own.has(text)));
      this.#present = new Set(this.#own);
    }
    this.#epoch = view.epoch;
    this.#seenRows.clear();
    this.#warned = false;
    if (view.stillThere !== undefined) this.#violations.add(7, 'a question from the session before');
    if (view.notice !== undefined) this.#violations.add(7, 'a notice from the session before');
    if (view.screen.name === 'home' && view.language !== this.#restingLanguage) {
      this.#violations.add(7, 'the language of the session before');
    }
  }

  #told(view: View): void {
    const { screen } = view;
    if (screen.name === 'account') return this.#toldInAccount(screen);
    if (screen.name !== 'borrow' && screen.name !== 'return') return;
    for (const row of screen.items) {
      if (row.hold?.state === 'done') this.#toldOfHold(row.item);
      const key = `${row.id}:${row.state}`;
      if (this.#seenRows.has(key)) continue;
      this.#seenRows.add(key);
      const state = saysDone(row) ? 'offline' : row.state;
      if (screen.name === 'borrow') this.#toldOfLoan(row.item, state);
      else this.#toldOfReturn(row.item, state, row.refusal);
    }
  }

  #toldInAccount({ loans, holds }: Extract<Screen, { name: 'account' }>): void {
    for (const { item, renewal } of loans) {
      if (renewal.state === 'renewed' && !this.#ledger.isDurable('loan', item, toldLent))
        this.#violations.add(1, `told "renewed" before it was on the disk: ${item}`);
    }
    for (const { item, cancel } of holds) {
      if (cancel?.state === 'done') this.#toldOfHold(item);
    }
  }

  #toldOfHold(item: string): void {
    if (!this.#ledger.isDurable('hold', item, toldLent))
      this.#violations.add(1, `told of a hold before it was on the disk: ${item}`);
  }

  #toldOfLoan(item: string, state: string): void {
    if (state === 'done' && !this.#ledger.isDurable('loan', item, toldLent)) {
      this.#violations.add(1, `told "lent" before it was on the disk: ${item}`);
    }
    if (state !== 'offline') return;
    if (!this.#ledger.isDurable('loan', item, toldProvisionally)) {
      this.#violations.add(1, `told "noted as lent" before it was on the disk: ${item}`);
    }
    this.#ledger.toldDone('loan', item);
  }

  #toldOfReturn(item: string, state: string, refusal: Refusal | undefined): void {
    if (state === 'done' && !this.#ledger.isDurable('checkin', item, toldReturned)) {
      this.#violations.add(1, `told "returned" before it was on the disk: ${item}`);
    }
    if (state === 'offline' && !this.#ledger.isDurable('checkin', item, toldTaken)) {
      this.#violations.add(1, `told "taken back" before it was on the disk: ${item}`);
    }
    if (state === 'done' || state === 'offline') this.#ledger.toldDone('checkin', item);
    // Only the station’s own disk may stand in the way, and that it is none of ours.
    const foreign = refusal?.rule === 'tag.otherLibrary' && this.#far.has(item);
    if (state === 'refused' && refusal?.source !== 'acs' && refusal?.rule !== 'space.full' && !foreign) {
      this.#violations.add(5, `the station turned a return away (${refusal?.rule ?? 'no reason'}): ${item}`);
    }
  }

  /** "Are you still there" comes after the idle time and not before: an earlier one is another session’s timer. */
  #timers(view: View): void {
    const warned = view.stillThere !== undefined;
    if (warned && !this.#warned && this.#now() - this.#touchedAt < this.#idleMs) {
      this.#violations.add(7, 'asked "are you still there" before the idle time was over');
    }
    this.#warned = warned;
  }

  /** The session ended by itself: only after its idle time and the question. */
  endedByItself(warningMs: number): void {
    if (this.#now() - this.#touchedAt < this.#idleMs + warningMs) {
      this.#violations.add(7, 'a session was ended before its time');
    }
  }
}
