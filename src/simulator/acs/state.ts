import { assert } from '../../kernel/assert.ts';
import type { UtcMillis } from '../../kernel/clock.ts';
import {
  defaultLoanRules,
  type FeeData,
  type ItemData,
  type LibraryData,
  type LoanRule,
  type PatronData,
  type StandingStatus,
} from './library-data.ts';
import type { LocalTime } from './local-time.ts';
import { cents } from './money.ts';

/** One copy, and where it is. */
export interface Item {
  readonly data: ItemData;
  readonly rule: LoanRule;
  readonly record: BibliographicRecord;
  status: StandingStatus;
  /** The branch where it was last seen. */
  branch: string;
  loan: Loan | undefined;
  /** The hold that it is put aside for: on the hold shelf, or on its way to another branch. */
  shelvedFor: Hold | undefined;
  /** What the last request with an effect on this item was, to know a repeat. */
  lastRequest: string;
}

/** What copies have in common; holds wait here, first come first served. */
export interface BibliographicRecord {
  readonly id: string;
  readonly waiting: Hold[];
}

export interface Loan {
  readonly item: Item;
  readonly patron: Patron;
  readonly lentAt: UtcMillis;
  dueAt: UtcMillis;
  renewals: number;
  /** The library wants it back. */
  recalled: boolean;
}

export interface Hold {
  readonly patron: Patron;
  /** The item that it was placed on; any copy of its record will do. */
  readonly item: Item;
  readonly placedAt: UtcMillis;
  /** The branch where the patron wants it. */
  readonly pickup: string;
  /** The copy that was put aside for it. */
  captured: Item | undefined;
  /** Until when it stands on the hold shelf; undefined while it waits or travels. */
  readyUntil: UtcMillis | undefined;
}

export interface Fee {
  readonly id: string;
  readonly cents: number;
  /** SIP2 fee type; 04 is a fine. */
  readonly feeType: string;
  readonly text: string;
}

export interface Patron {
  readonly data: PatronData;
  readonly expiresAt: UtcMillis | undefined;
  /** By item identifier, oldest loan first. */
  readonly loans: Map<string, Loan>;
  readonly holds: Set<Hold>;
  fees: Fee[];
}

/** Everything that changes. */
export interface State {
  readonly items: Map<string, Item>;
  readonly patrons: Map<string, Patron>;
  feesMade: number;
}

/** The state on the first day. Throws where the data contradict themselves. */
export function stateFrom(data: LibraryData, time: LocalTime, startsAt: UtcMillis): State {
  const state: State = { items: new Map(), patrons: new Map(), feesMade: 0 };
  const rules = { ...defaultLoanRules, ...data.loanRules };
  const records = new Map<string, BibliographicRecord>();
  for (const item of data.items) {
    assert(!state.items.has(item.item), `two items have the number ${item.item}`);
    const id = item.record ?? item.item;
    const record = records.get(id) ?? { id, waiting: [] };
    records.set(id, record);
    state.items.set(item.item, {
      data: item,
      rule: rules[item.type],
      record,
      status: item.status ?? 'available',
      branch: data.branch,
      loan: undefined,
      shelvedFor: undefined,
      lastRequest: '',
    });
  }
  for (const patron of data.patrons) {
    assert(!state.patrons.has(patron.card), `two patrons have the card ${patron.card}`);
    state.patrons.set(patron.card, {
      data: patron,
      expiresAt:
        patron.expiresInDays === undefined ? undefined : time.endOfDay(startsAt, patron.expiresInDays),
      loans: new Map(),
      holds: new Set(),
      fees: [],
    });
  }
  for (const patron of state.patrons.values()) {
    beginsWith(state, patron, data.branch, time, startsAt);
  }
  return state;
}

function beginsWith(
  state: State,
  patron: Patron,
  branch: string,
  time: LocalTime,
  startsAt: UtcMillis,
): void {
  for (const fee of patron.data.fees ?? []) {
    addFee(state, patron, fee);
  }
  for (const loan of patron.data.loans ?? []) {
    const item = itemOf(state, loan.item);
    const dueAt = time.endOfDay(startsAt, loan.dueInDays);
    lend(item, patron, time.endOfDay(dueAt, -item.rule.loanDays), dueAt, loan.renewals ?? 0).recalled =
      loan.recalled === true;
  }
  for (const { item: number, ready, pickup } of patron.data.holds ?? []) {
    const item = itemOf(state, number);
    const hold = placeHold(item, patron, pickup ?? branch, startsAt);
    if (ready === true) {
      putAside(hold, item, time.endOfDay(startsAt, 5));
    }
  }
}

function itemOf(state: State, number: string): Item {
  const item = state.items.get(number);
  assert(item !== undefined, `the data name an item that is not in them: ${number}`);
  return item;
}

/** Makes a loan. The item must be free. */
export function lend(
  item: Item,
  patron: Patron,
  lentAt: UtcMillis,
  dueAt: UtcMillis,
  renewals: number,
): Loan {
  assert(item.loan === undefined, `an item is lent once: ${item.data.item}`);
  const loan: Loan = { item, patron, lentAt, dueAt, renewals, recalled: false };
  item.loan = loan;
  item.status = 'available';
  patron.loans.set(item.data.item, loan);
  return loan;
}

export function endLoan(loan: Loan): void {
  loan.item.loan = undefined;
  loan.patron.loans.delete(loan.item.data.item);
}

export function placeHold(item: Item, patron: Patron, pickup: string, placedAt: UtcMillis): Hold {
  const hold: Hold = { patron, item, placedAt, pickup, captured: undefined, readyUntil: undefined };
  patron.holds.add(hold);
  item.record.waiting.push(hold);
  return hold;
}

/** Puts a copy aside for a hold. `readyUntil` undefined: it has to travel first. */
export function putAside(hold: Hold, item: Item, readyUntil: UtcMillis | undefined): void {
  assert(item.shelvedFor === undefined, `a copy is put aside once: ${item.data.item}`);
  hold.captured = item;
  hold.readyUntil = readyUntil;
  item.shelvedFor = hold;
  item.status = readyUntil === undefined ? 'inTransit' : 'available';
  removeFrom(item.record.waiting, hold);
}

/** The copy that was put aside is gone to someone else: the hold waits again, first in its queue. */
export function backToQueue(hold: Hold, item: Item): void {
  item.shelvedFor = undefined;
  hold.captured = undefined;
  hold.readyUntil = undefined;
  hold.item.record.waiting.unshift(hold);
}

/** A hold is over: fulfilled or given up. */
export function endHold(hold: Hold): void {
  if (hold.captured !== undefined) {
    hold.captured.shelvedFor = undefined;
    hold.captured = undefined;
  }
  removeFrom(hold.item.record.waiting, hold);
  hold.patron.holds.delete(hold);
}

function removeFrom(waiting: Hold[], hold: Hold): void {
  const place = waiting.indexOf(hold);
  if (place >= 0) {
    waiting.splice(place, 1);
  }
}

export function addFee(state: State, patron: Patron, fee: FeeData): void {
  state.feesMade += 1;
  patron.fees.push({
    id: String(state.feesMade),
    cents: cents(fee.amount),
    feeType: fee.feeType ?? '04',
    text: fee.text,
  });
}
