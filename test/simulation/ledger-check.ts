import type { Journal, Row, StoredTransaction, TransactionState } from '../../src/journal/rows.ts';
import type { LedgerEntry } from '../../src/simulator/acs/ledger.ts';
import type { AcceptanceCheck } from './acceptance-check.ts';
import type { Violations } from './violations.ts';

/** A transaction as the journal has committed it, and what the ACS really did for it. */
export interface Mirrored {
  readonly seq: number;
  readonly id: string;
  readonly kind: StoredTransaction['kind'];
  readonly item: string;
  readonly patron: string | undefined;
  /** Of a hold: what it asks for. */
  readonly mode: 'place' | 'cancel' | undefined;
  readonly at: number;
  state: TransactionState;
  effects: number;
  /** The ACS had the item on loan when this began. */
  readonly wasCharged: boolean;
  /** Of a return: another of the same loan was done while it was open, so that nothing is left to do. */
  doneByAnother: boolean;
  /** The due date that the patron was told by the station’s own rules. */
  readonly dueTold: string | undefined;
  /** The ACS gave another. */
  otherDue: boolean;
  /** The ACS said yes to everything at some time while it was open. */
  liedTo: boolean;
  /** It was accepted, and the ACS did nothing. */
  feigned: boolean;
  /** The ACS told of an old state at some time since it began. */
  shownOld: boolean;
}

const kindsOf: Readonly<Record<'loan' | 'checkin' | 'hold', readonly StoredTransaction['kind'][]>> = {
  loan: ['checkout', 'renew'],
  checkin: ['checkin'],
  hold: ['hold'],
};

/**
 * A return of what was not on loan is over as soon as the station has asked and heard so. Its lost request may arrive
 * after that, once, and changes nothing.
 */
function changesNothing(one: Mirrored, entry: LedgerEntry): boolean {
  return (
    entry.effect === 'checkinNotCharged' &&
    one.state === 'accepted' &&
    (!one.wasCharged || one.doneByAnother) &&
    one.effects === 0
  );
}

/** Whether this effect is what the transaction asks for. */
function asksFor({ kind, mode }: Mirrored, effect: LedgerEntry['effect']): boolean {
  switch (effect) {
    case 'checkout':
    case 'renewal':
      return kind === 'checkout' || kind === 'renew';
    case 'checkin':
    case 'checkinNotCharged':
      return kind === 'checkin';
    case 'hold':
      return mode === 'place';
    case 'holdCancelled':
      return mode === 'cancel';
    case 'payment':
      return kind === 'fee';
  }
}

const openStates: ReadonlySet<TransactionState> = new Set(['intended', 'uncertain', 'waiting']);

const cameToNothing: ReadonlySet<TransactionState> = new Set(['refused', 'withdrawn']);

/** Staff have to look at these; a slow ACS may do what it was asked after all. */
const mayStillHappen: ReadonlySet<TransactionState> = new Set([...openStates, 'staff']);

/** So many settled transactions stay in memory for each item; enough for late effects to be told from doubled ones. */
const rememberedPerItem = 6;

/**
 * Holds the journal against the ledger of the ACS, row by row as they are committed and effect by effect as they
 * happen: at most one effect, none without an open transaction, in causal order (design, "What must never happen" 2, 3).
 */
export class LedgerCheck {
  readonly transactions = new Map<string, Mirrored>();
  readonly #byItem = new Map<string, Mirrored[]>();
  readonly #told = new Set<Mirrored>();
  readonly #lastOfItem = new Map<string, number>();
  readonly #lastOfPatron = new Map<string, number>();
  readonly #violations: Violations;
  readonly #acceptances: AcceptanceCheck;
  readonly #isCharged: (item: string) => boolean;
  readonly #dayOf: (at: number) => string;
  readonly #sip2Time: (at: number) => string;
  #seq = 0;
  #lags = false;

  constructor(parts: {
    violations: Violations;
    acceptances: AcceptanceCheck;
    isCharged: (item: string) => boolean;
    dayOf: (at: number) => string;
    sip2Time: (at: number) => string;
  }) {
    this.#violations = parts.violations;
    this.#acceptances = parts.acceptances;
    this.#isCharged = parts.isCharged;
    this.#dayOf = parts.dayOf;
    this.#sip2Time = parts.sip2Time;
  }

  /** Rows that are durable from now on. */
  committed(rows: readonly Row[]): void {
    for (const row of rows) {
      if (row.row === 'begin') this.#begin(row);
      if (row.row === 'move') this.#move(row);
    }
  }

  #begin(row: Extract<Row, { row: 'begin' }>): void {
    const mirrored: Mirrored = {
      seq: this.#seq++,
      id: row.id,
      kind: row.kind,
      item: row.item,
      patron: row.patron,
      at: row.at,
      state: row.state,
      effects: 0,
      wasCharged: this.#isCharged(row.item),
      doneByAnother: false,
      dueTold: row.dueTold,
      mode: row.hold?.mode,
      otherDue: false,
      liedTo: this.#acceptances.lies,
      feigned: false,
      shownOld: this.#lags,
    };
    this.#acceptances.begun(mirrored);
    this.transactions.set(row.id, mirrored);
    const list = this.#byItem.get(row.item) ?? [];
    list.push(mirrored);
    if (list.length > rememberedPerItem) list.shift();
    this.#byItem.set(row.item, list);
  }

  #move(row: Extract<Row, { row: 'move' }>): void {
    const mirrored = this.transactions.get(row.id);
    if (mirrored === undefined) return this.#violations.add(2, `a move of an unknown transaction ${row.id}`);
    const waited = mirrored.state === 'waiting';
    if (row.to === 'staff' && row.rule === 'acs.notDone') this.#notDone(mirrored);
    mirrored.state = row.to;
    const { effects, kind } = mirrored;
    if (row.to === 'withdrawn' && effects > 0) {
      this.#violations.add(2, `withdrawn, though the ACS did it: ${describe(mirrored)}`);
    }
    if (row.to === 'refused' && effects > 0) {
      this.#violations.add(2, `refused, though the ACS did it: ${describe(mirrored)}`);
    }
    if (row.to === 'accepted' && mirrored.otherDue) {
      this.#violations.add(
        2,
        `another due date than was told, and staff do not hear of it: ${describe(mirrored)}`,
      );
    }
    const nothingToDo = kind === 'checkin' && (!mirrored.wasCharged || mirrored.doneByAnother);
    const isMissing = row.to === 'accepted' && effects === 0 && !nothingToDo;
    mirrored.feigned = isMissing && mirrored.liedTo;
    if (row.to === 'accepted') this.#acceptances.accepted(mirrored, waited, mirrored.feigned);
    if (isMissing && !mirrored.feigned) {
      this.#violations.add(2, `accepted, though the ACS never did it: ${describe(mirrored)}`);
    }
  }

  #notDone(one: Mirrored): void {
    this.#acceptances.toldNotDone();
    // By an old state nobody can tell; staff look.
    if (one.effects > 0 && !one.shownOld)
      this.#violations.add(2, `staff hear that it was not done, though the ACS did it: ${describe(one)}`);
  }

  /** The ACS says yes to everything from now on and does nothing, or does what it says again. */
  lies(lies: boolean): void {
    this.#acceptances.lies = lies;
    if (!lies) return;
    for (const one of this.transactions.values()) if (openStates.has(one.state)) one.liedTo = true;
  }

  /** The ACS tells of an old state from now on, or of what is. */
  lags(lags: boolean): void {
    this.#lags = lags;
    if (!lags) return;
    for (const one of this.transactions.values()) one.shownOld = true;
  }

  /** The ACS did something just now. */
  effect(entry: LedgerEntry): void {
    const cause = this.#causeOf(entry);
    if (cause === undefined && this.#isImplied(entry)) return;
    if (cause === undefined) {
      return this.#violations.add(
        2,
        `the ACS did a ${entry.effect} of ${entry.item} that no open transaction asked for`,
      );
    }
    cause.effects += 1;
    if (entry.effect === 'checkin') this.#doneForOthers(cause);
    cause.otherDue = cause.dueTold !== undefined && this.#dayOf(entry.dueAt) !== cause.dueTold;
    if (cause.effects > 1) this.#violations.add(2, `done ${cause.effects} times: ${describe(cause)}`);
    this.#inOrder(cause, this.#lastOfItem, cause.item);
    if (cause.patron !== undefined) this.#inOrder(cause, this.#lastOfPatron, cause.patron);
  }

  #doneForOthers(done: Mirrored): void {
    for (const one of this.#byItem.get(done.item) ?? [])
      if (one !== done && one.kind === 'checkin' && openStates.has(one.state)) one.doneByAnother = true;
  }

  /** The transaction that asked for it: the one of that time and card, else the newest that may still happen. */
  #causeOf(entry: LedgerEntry): Mirrored | undefined {
    const candidates = (this.#byItem.get(entry.item) ?? []).filter(
      (one) => asksFor(one, entry.effect) && (mayStillHappen.has(one.state) || changesNothing(one, entry)),
    );
    const asked = candidates.findLast(
      (one) =>
        this.#sip2Time(one.at) === entry.requestedAt &&
        (one.patron === undefined || one.patron === entry.card),
    );
    return asked ?? candidates.findLast(() => !this.#isImplied(entry));
  }

  /** To make a no-block loan of what it has on loan to another, the ACS ends that loan by itself. */
  #isImplied(entry: LedgerEntry): boolean {
    const loans = (this.#byItem.get(entry.item) ?? []).filter((one) => one.dueTold !== undefined);
    return (
      entry.effect === 'checkin' &&
      entry.noBlock &&
      loans.some((one) => openStates.has(one.state) && this.#sip2Time(one.at) === entry.requestedAt)
    );
  }

  #inOrder(cause: Mirrored, last: Map<string, number>, of: string): void {
    const before = last.get(of);
    if (before !== undefined && before > cause.seq) {
      this.#violations.add(3, `reached the ACS after a later one: ${describe(cause)}`);
    }
    last.set(of, cause.seq);
  }

  /** Whether an act on this item that the patron was told of is on the disk. */
  isDurable(kind: keyof typeof kindsOf, item: string, states: readonly TransactionState[]): boolean {
    const latest = this.#latest(kind, item);
    return latest !== undefined && states.includes(latest.state);
  }

  /** A loan of this item waits, is for staff to resolve, or the ACS only said that it made it; and it has not come back since. */
  isLoanInDoubt(item: string): boolean {
    const all = this.#byItem.get(item) ?? [];
    const back = all.findLastIndex(({ kind }) => kind === 'checkin');
    return all.some(
      ({ kind, state, feigned }, index) =>
        index > back && kindsOf.loan.includes(kind) && (state === 'waiting' || state === 'staff' || feigned),
    );
  }

  /** What another patron did not get stays the loan of whoever has it. */
  #latest(kind: keyof typeof kindsOf, item: string): Mirrored | undefined {
    const all = this.#byItem.get(item) ?? [];
    const isOut = kind === 'loan' && this.#isCharged(item);
    return all.findLast(
      (one) => kindsOf[kind].includes(one.kind) && !(isOut && cameToNothing.has(one.state)),
    );
  }

  /** The patron was told that this item is taken back, or lent by the station’s own rules. */
  toldDone(kind: 'loan' | 'checkin', item: string): void {
    const latest = this.#latest(kind, item);
    if (latest !== undefined) this.#told.add(latest);
  }

  /** After a crash: what is on the disk is what was committed, no more and no less. */
  compare(journal: Journal): void {
    const open = [...this.transactions.values()].filter((one) => openStates.has(one.state));
    const stored = journal.open();
    const onDisk = new Map(stored.map((row) => [row.id as string, row]));
    for (const one of open) {
      const row = onDisk.get(one.id);
      if (row?.state !== one.state) this.#violations.add(1, `not on the disk as committed: ${describe(one)}`);
    }
    if (stored.length !== open.length) {
      this.#violations.add(1, `${stored.length} open rows on the disk, ${open.length} were committed`);
    }
  }

  /** At the end, after all faults are healed: nothing is left open. */
  allSettled(): void {
    this.#acceptances.allSettled();
    for (const one of this.transactions.values()) {
      if (openStates.has(one.state)) this.#violations.add(2, `never settled: ${describe(one)}`);
    }
    for (const one of this.#told) {
      if (one.state !== 'accepted' && one.state !== 'staff') {
        this.#violations.add(2, `told as done, and neither done nor on the staff list: ${describe(one)}`);
      }
    }
  }
}

function describe(one: Mirrored): string {
  return `${one.kind} #${one.seq} of ${one.item} by ${one.patron ?? 'anyone'}, ${one.state}, ${one.effects} effects`;
}
