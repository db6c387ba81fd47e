import type { UtcMillis } from '../../kernel/clock.ts';
import type {
  AlertType,
  CheckinAnswer,
  CheckinRequest,
  CheckoutRequest,
  LoanAnswer,
  PatronAnswer,
  Refusal,
  RenewRequest,
} from './answers.ts';
import { Ledger, type Effect } from './ledger.ts';
import type { LibraryData, StandingStatus } from './library-data.ts';
import { LocalTime } from './local-time.ts';
import { cents, decimal } from './money.ts';
import { resolveLimits, standingOf, type ResolvedLimits } from './standing.ts';
import {
  addFee,
  endHold,
  endLoan,
  lend,
  backToQueue,
  placeHold,
  putAside,
  stateFrom,
  type Hold,
  type Item,
  type Loan,
  type Patron,
  type State,
} from './state.ts';

/** What library systems do differently. */
export interface LibraryRules {
  /**
   * A second checkout by the same patron: `always` makes it a renewal whatever the request allows (Koha, Evergreen's
   * Perl ACS, Alma), `byPolicy` is the standard's way.
   */
  readonly renewalByCheckout: 'always' | 'byPolicy';
  /** The standard demands that no-block is honoured; Evergreen's Perl ACS and old Koha ignore it. */
  readonly noBlock: 'honoured' | 'ignored';
  /** Whether a wrong PIN in a checkout or renewal refuses it; most never look. */
  readonly checksPinOnLoans: boolean;
}

export const usualRules: LibraryRules = {
  renewalByCheckout: 'always',
  noBlock: 'honoured',
  checksPinOnLoans: false,
};

export interface LibraryOptions {
  /** IANA name. */
  readonly timeZone: string;
  /** The day from which the data's "in days" count. */
  readonly startsAt: UtcMillis;
  readonly rules?: Partial<LibraryRules>;
  /** Of this time zone, where there is one already: to make one costs more than to copy a library. */
  readonly time?: LocalTime;
}

/**
 * A library system's circulation: rules and ledger, and nothing else. It does no I/O and asks no clock, so the
 * same requests at the same times give the same answers. Each request costs O(1), but for the loans of its one patron.
 */
export class Library {
  readonly data: LibraryData;
  readonly time: LocalTime;
  readonly timeZone: string;
  readonly limits: ResolvedLimits;
  readonly rules: LibraryRules;
  readonly ledger = new Ledger();
  readonly startsAt: UtcMillis;
  /** Grows with everything that a state file must keep. */
  revision = 0;
  /** Read by the session and the state file; only the library changes it. */
  readonly state: State;

  constructor(data: LibraryData, options: LibraryOptions) {
    this.data = data;
    this.timeZone = options.timeZone;
    this.time = options.time ?? new LocalTime(options.timeZone);
    this.startsAt = options.startsAt;
    this.limits = resolveLimits(data.limits);
    this.rules = { ...usualRules, ...options.rules };
    this.state = stateFrom(data, this.time, options.startsAt);
  }

  item(number: string): Item | undefined {
    return this.state.items.get(number);
  }

  /** Who the card belongs to, how they stand, and whether the PIN is theirs. `pin` undefined: none was sent. */
  patron(card: string, pin: string | undefined, at: UtcMillis): PatronAnswer {
    const patron = this.state.patrons.get(card);
    if (patron === undefined) {
      return { known: false };
    }
    const pinRight = pin === undefined ? undefined : pin !== '' && pin === patron.data.pin;
    return { known: true, patron, standing: standingOf(patron, this.limits, at), pinRight };
  }

  checkout(request: CheckoutRequest): LoanAnswer {
    const item = this.state.items.get(request.item);
    const patron = this.state.patrons.get(request.card);
    if (patron === undefined || item === undefined) {
      return refused(patron === undefined ? 'unknownPatron' : 'unknownItem', item, false);
    }
    if (this.#wrongPin(patron, request.pin)) {
      return refused('wrongPin', item, false);
    }
    if (item.loan !== undefined && item.loan.patron === patron) {
      const allowed = this.rules.renewalByCheckout === 'always' || request.scRenewalPolicy;
      return allowed || this.#unblocked(request)
        ? this.#renewLoan(item.loan, request, 'checkout')
        : refused('alreadyLent', item, false);
    }
    if (!this.#unblocked(request)) {
      const refusal = this.#whyNotLend(item, patron, request.at);
      if (refusal !== undefined) {
        return refused(refusal, item, false);
      }
      const fee = item.data.loanFee === undefined ? 0 : cents(item.data.loanFee);
      if (fee > 0 && !request.feeAcknowledged) {
        return { ok: false, renewal: false, refusal: 'feeToAcknowledge', item, fee };
      }
    }
    return this.#makeLoan(item, patron, request);
  }

  renew(request: RenewRequest): LoanAnswer {
    const item = this.state.items.get(request.item);
    const patron = this.state.patrons.get(request.card);
    if (patron === undefined || item === undefined) {
      return refused(patron === undefined ? 'unknownPatron' : 'unknownItem', item, false);
    }
    if (this.#wrongPin(patron, request.pin)) {
      return refused('wrongPin', item, false);
    }
    if (item.loan === undefined || item.loan.patron !== patron) {
      return refused('notLentToPatron', item, false);
    }
    return this.#renewLoan(item.loan, request, 'renew');
  }

  checkin(request: CheckinRequest): CheckinAnswer {
    const item = this.state.items.get(request.item);
    if (item === undefined) {
      return {
        ok: false,
        refusal: 'unknownItem',
        item,
        alert: '99',
        destination: undefined,
        hold: undefined,
      };
    }
    const loan = item.loan;
    if (loan !== undefined) {
      this.#fineFor(loan, request);
      endLoan(loan);
    }
    const { alert, destination, hold } = this.#route(item, request.at);
    const card = loan?.patron.data.card ?? '';
    this.#record(
      loan === undefined ? 'checkinNotCharged' : 'checkin',
      'checkin',
      item,
      card,
      request,
      0,
      hold,
    );
    return loan === undefined
      ? { ok: false, refusal: 'notCharged', item, alert: alert ?? '99', destination, hold }
      : { ok: true, item, patron: loan.patron, alert, destination, hold };
  }

  /** Puts a patron into the queue of a record; the desk's or the web library's doing. */
  placeHold(card: string, number: string, at: UtcMillis): boolean {
    const patron = this.state.patrons.get(card);
    const item = this.state.items.get(number);
    if (patron === undefined || item === undefined || item.loan?.patron === patron) {
      return false;
    }
    placeHold(item, patron, this.data.branch, at);
    this.revision += 1;
    return true;
  }

  #wrongPin(patron: Patron, pin: string | undefined): boolean {
    return this.rules.checksPinOnLoans && pin !== patron.data.pin;
  }

  #unblocked(request: { readonly noBlock: boolean }): boolean {
    return request.noBlock && this.rules.noBlock === 'honoured';
  }

  #whyNotLend(item: Item, patron: Patron, at: UtcMillis): Refusal | undefined {
    const denial = standingOf(patron, this.limits, at).lending;
    if (denial !== undefined) {
      return denial;
    }
    if (item.loan !== undefined) {
      return 'lentToAnother';
    }
    if (item.data.referenceOnly === true) {
      return 'referenceOnly';
    }
    if (item.data.adultsOnly === true && patron.data.child === true) {
      return 'adultsOnly';
    }
    if (heldForAnother(item, patron)) {
      return 'reservedForAnother';
    }
    return refusalOfStatus(item.status);
  }

  #makeLoan(item: Item, patron: Patron, request: CheckoutRequest): LoanAnswer {
    if (item.loan !== undefined) {
      // Only a no-block loan gets here: the book was in this patron's hand, so the loan before it had ended.
      const before = item.loan.patron.data.card;
      endLoan(item.loan);
      this.#record('checkin', 'implied', item, before, request, 0, undefined);
    }
    if (item.shelvedFor !== undefined && item.shelvedFor.patron !== patron) {
      backToQueue(item.shelvedFor, item);
    }
    for (const hold of patron.holds) {
      if (hold.captured === item || hold.item.record === item.record) {
        endHold(hold);
        break;
      }
    }
    const unblocked = this.#unblocked(request);
    const lentAt = (unblocked ? this.time.parse(request.requestedAt) : undefined) ?? request.at;
    const told = unblocked ? this.time.parse(request.nbDueDate ?? '') : undefined;
    const dueAt = told ?? this.time.endOfDay(lentAt, item.rule.loanDays);
    lend(item, patron, lentAt, dueAt, 0);
    if (item.data.loanFee !== undefined) {
      addFee(this.state, patron, { amount: item.data.loanFee, feeType: '06', text: item.data.title });
    }
    this.#record('checkout', 'checkout', item, patron.data.card, request, dueAt, undefined);
    return { ok: true, renewal: false, item, patron, dueAt };
  }

  #renewLoan(loan: Loan, request: RenewRequest, kind: 'checkout' | 'renew'): LoanAnswer {
    const { item, patron } = loan;
    if (!this.#unblocked(request)) {
      const refusal = this.#whyNotRenew(loan, request.at);
      if (refusal !== undefined) {
        return refused(refusal, item, kind === 'checkout');
      }
    }
    const told = this.#unblocked(request) ? this.time.parse(request.nbDueDate ?? '') : undefined;
    loan.dueAt = told ?? Math.max(loan.dueAt, this.time.endOfDay(request.at, item.rule.loanDays));
    loan.renewals += 1;
    this.#record('renewal', kind, item, patron.data.card, request, loan.dueAt, undefined);
    return { ok: true, renewal: true, item, patron, dueAt: loan.dueAt };
  }

  #whyNotRenew(loan: Loan, at: UtcMillis): Refusal | undefined {
    const denial = standingOf(loan.patron, this.limits, at).renewing;
    if (denial !== undefined) {
      return denial;
    }
    if (loan.item.record.waiting.length > 0 || loan.recalled) {
      return 'renewalReserved';
    }
    return loan.renewals >= loan.item.rule.renewalsMax ? 'renewalLimit' : undefined;
  }

  /** Where a returned item goes: to the patron who waits for it, to its own branch, or to the shelf. */
  #route(
    item: Item,
    at: UtcMillis,
  ): { alert: AlertType | undefined; destination: string | undefined; hold: Hold | undefined } {
    const here = this.data.branch;
    item.branch = here;
    item.status = 'available';
    const hold = item.shelvedFor ?? item.record.waiting[0];
    if (hold !== undefined) {
      const away = hold.pickup !== here;
      item.shelvedFor = undefined;
      putAside(hold, item, away ? undefined : this.time.endOfDay(at, this.limits.holdShelfDays));
      return { alert: away ? '02' : '01', destination: hold.pickup, hold };
    }
    const home = item.data.branch ?? here;
    if (home !== here) {
      item.status = 'inTransit';
      return { alert: '04', destination: home, hold };
    }
    return { alert: undefined, destination: undefined, hold };
  }

  #fineFor(loan: Loan, request: CheckinRequest): void {
    const told = this.#unblocked(request) ? this.time.parse(request.returnDate ?? '') : undefined;
    const days = this.time.daysBetween(loan.dueAt, told ?? request.at);
    const { finePerDayCents, finePerItemMaxCents } = this.limits;
    const fine = Math.min(days * finePerDayCents, finePerItemMaxCents);
    if (fine > 0) {
      addFee(this.state, loan.patron, { amount: decimal(fine), text: `Overdue: ${loan.item.data.title}` });
    }
  }

  #record(
    effect: Effect,
    kind: string,
    item: Item,
    card: string,
    request: CheckinRequest,
    dueAt: UtcMillis,
    hold: Hold | undefined,
  ): void {
    const same = `${kind} ${request.requestedAt} ${kind === 'checkin' ? '' : card}`;
    this.revision += 1;
    this.ledger.append({
      effect,
      at: request.at,
      requestedAt: request.requestedAt,
      item: item.data.item,
      card,
      dueAt,
      repeat: item.lastRequest === same,
      noBlock: request.noBlock,
      cancel: request.cancel === true,
      capturedFor: hold?.patron.data.card,
    });
    item.lastRequest = same;
  }
}

function refused(refusal: Refusal, item: Item | undefined, renewal: boolean): LoanAnswer {
  return { ok: false, renewal, refusal, item };
}

function heldForAnother(item: Item, patron: Patron): boolean {
  const first = item.shelvedFor ?? item.record.waiting[0];
  return first !== undefined && first.patron !== patron;
}

function refusalOfStatus(status: StandingStatus): Refusal | undefined {
  switch (status) {
    case 'available':
    case 'toBeReshelved':
      return undefined;
    case 'inTransit':
      return 'itemInTransit';
    case 'onOrder':
    case 'inProcess':
      return 'itemNotReady';
    case 'claimedReturned':
    case 'missing':
      return 'itemMissing';
    case 'lost':
      return 'itemLost';
  }
}
