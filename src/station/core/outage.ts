import { BTreeEx } from 'sorted-btree/extended/index.js';
import type { MonotonicMillis, UtcMillis } from '../../kernel/clock.ts';
import type { StoredOutage } from '../../journal/rows.ts';
import { mayBelieveAgain } from './acceptance.ts';
import { isOnline } from './reach.ts';
import type { Turn } from './turn.ts';

/**
 * From the first act by the station’s own rules until the library system is back for good and was told everything. One that
 * goes away again before that is the same outage.
 */
export interface Outage {
  readonly since: UtcMillis;
  readonly loans: OutageLoans;
  /** It is on the disk. */
  readonly noted: boolean;
  /** Something of it was accepted without being done. */
  readonly doubted: boolean;
}

/** How many loans each card was given by the station’s own rules, as a value: a change gives a new one and costs O(log n). */
export class OutageLoans {
  static readonly none = new OutageLoans(new BTreeEx<string, number>(), 0);
  readonly total: number;
  readonly #byCard: BTreeEx<string, number>;

  private constructor(byCard: BTreeEx<string, number>, total: number) {
    this.#byCard = byCard;
    this.total = total;
  }

  static of(loans: ReadonlyMap<string, number>): OutageLoans {
    const total = [...loans.values()].reduce((sum, count) => sum + count, 0);
    return new OutageLoans(new BTreeEx([...loans]), total);
  }

  /** Loans of the card with this keyed hash. */
  of(cardHash: string): number {
    return this.#byCard.get(cardHash) ?? 0;
  }

  with(cardHash: string): OutageLoans {
    const byCard = this.#byCard.clone();
    byCard.set(cardHash, this.of(cardHash) + 1);
    return new OutageLoans(byCard, this.total + 1);
  }
}

/** @param lends whether the station lends by its own rules at all: only then its loans are counted. */
export function outageFrom(stored: StoredOutage | undefined, lends: boolean): Outage | undefined {
  if (stored === undefined) return undefined;
  const { since, noted, doubted, loans } = stored;
  return { since, noted, doubted, loans: lends ? OutageLoans.of(loans()) : OutageLoans.none };
}

/** Notes that something is done by the station’s own rules; `card`: it is a loan to this card. */
export function countInOutage(turn: Turn, card: string | undefined): void {
  const outage = noted(turn);
  const loans = card === undefined ? outage.loans : outage.loans.with(turn.settings.hash(card));
  turn.change({ outage: { ...outage, loans } });
}

function noted(turn: Turn): Outage {
  const { outage } = turn.state;
  if (outage?.noted === true) return outage;
  const { at } = turn.event;
  turn.commit({ row: 'outage', what: 'began', at });
  const fresh = { since: at, loans: OutageLoans.none, doubted: false };
  return { ...(outage ?? fresh), noted: true };
}

/** Loans that this card was given in this outage. */
export function loansInOutage({ state, settings }: Turn, card: string): number {
  return state.outage?.loans.of(settings.hash(card)) ?? 0;
}

/** The outage is over when the library system has stayed for a while, was told everything, and nobody borrows by our rules. */
export function endOutage(turn: Turn): void {
  const { outage, disk, open } = turn.state;
  if (outage === undefined || disk !== 'fine' || !isBackForGood(turn) || open.countWaiting() > 0) return;
  if (turn.session()?.patron?.identifiedBy === 'station') return;
  if (outage.noted) turn.commit({ row: 'outage', what: 'ended', at: turn.event.at });
  turn.change({ outage: undefined });
  mayBelieveAgain(turn);
}

function isBackForGood({ state, event }: Turn): boolean {
  return isOnline(state) && event.mono >= state.steadyAt;
}

/** When it may be over by the passing of time alone. */
export function nextOutageEnd({ state }: Turn): MonotonicMillis | undefined {
  return state.outage !== undefined && isOnline(state) ? state.steadyAt : undefined;
}
