import type { LedgerEntry } from '../../src/simulator/acs/ledger.ts';
import type { Stream } from '../simulation/streams.ts';
import { cardOf, itemOf, patronCount } from './library.ts';
import type { Plan } from './verdict.ts';

/** What a patron comes for. */
export interface Visit {
  readonly service: 'borrow' | 'return' | 'account';
  readonly card: string;
  readonly plans: readonly Plan[];
  /** The books are laid on the RFID reader; else their barcodes are scanned. */
  readonly byPlate: boolean;
  /** The library system is away before they come. */
  readonly outage: boolean;
}

interface Loan {
  readonly item: string;
  readonly card: string;
}

/** What a visit should be like, where it has to come to a certain place. What cannot be had is left to chance. */
export interface Wish {
  readonly act?: Plan['act'];
  readonly byPlate?: boolean;
  readonly outage?: boolean;
  /** A reply of the library system to what the patron wants is lost. */
  readonly losesReply?: boolean;
}

export interface VisitBounds {
  readonly hasPlate: boolean;
  /** False: the library system must be there when the patron comes. */
  readonly mayBeAway: boolean;
  readonly wish?: Wish;
}

const itemsMax = 3;

/** A number out of a hundred that means this act. */
const kindOf: Readonly<Record<Plan['act'], number>> = {
  cancelHold: 0,
  hold: 8,
  return: 22,
  borrow: 99,
  renew: 99,
};

/** What the library holds as far as the patrons know: which item is whose, and who waits for what. */
export class Shelf {
  #loans: readonly Loan[] = [];
  readonly #holds = new Map<string, Loan>();
  #fresh = 0;

  /** Each item for one act; items of a round before whose fate staff decide are left alone. */
  plan(chance: Stream, { hasPlate, mayBeAway, wish = {} }: VisitBounds): Visit {
    const card = this.#cardFor(chance, wish.act);
    const count = chance.whole(1, itemsMax);
    const byPlate = hasPlate && (wish.byPlate ?? chance.chance(0.7)) && wish.act !== 'renew';
    const outage = mayBeAway && (wish.outage ?? chance.chance(0.3)) && wish.act !== 'renew';
    const kind = wish.act === undefined ? chance.whole(0, 99) : kindOf[wish.act];
    const [hold] = this.#holds.values();
    if (kind < 8 && hold !== undefined) {
      const plans = [{ act: 'cancelHold', ...hold } as const];
      return { service: 'account', card: hold.card, plans, byPlate: false, outage: false };
    }
    const wanted = this.#loans.find((loan) => loan.card !== card && !this.#holds.has(`${loan.item} ${card}`));
    if (kind < 22 && wanted !== undefined) {
      const plans = [{ act: 'hold', item: wanted.item, card } as const];
      return { service: 'borrow', card, plans, byPlate: false, outage: false };
    }
    if (kind < 55 && this.#loans.length > (wish.act === undefined ? itemsMax : 0)) {
      const plans = this.#loans.slice(0, count).map((loan): Plan => ({ act: 'return', ...loan }));
      return { service: 'return', card, plans, byPlate, outage };
    }
    const owned = this.#loans.filter((loan) => loan.card === card);
    const renews = (): boolean => (wish.act === undefined ? chance.chance(0.4) : wish.act === 'renew');
    const plans = Array.from({ length: count }, (_, index): Plan => {
      const own = owned[index];
      // A patron's own loans that lie on the reader are left alone, and nothing is renewed while the library system is away.
      if (own !== undefined && !byPlate && !outage && renews()) return { act: 'renew', ...own };
      this.#fresh += 1;
      return { act: 'borrow', item: itemOf(this.#fresh), card };
    });
    return { service: 'borrow', card, plans, byPlate, outage };
  }

  /** Only who has a loan can renew it. */
  #cardFor(chance: Stream, act: Plan['act'] | undefined): string {
    const card = cardOf(chance.whole(0, patronCount - 1));
    return act === 'renew' ? (this.#loans[0]?.card ?? card) : card;
  }

  /** Learns from the library system. */
  learn(loans: readonly Loan[], ledger: readonly LedgerEntry[]): void {
    this.#loans = loans.map(({ item, card }) => ({ item, card }));
    for (const { effect, item, card } of ledger) {
      if (effect === 'hold') this.#holds.set(`${item} ${card}`, { item, card });
      if (effect === 'holdCancelled') this.#holds.delete(`${item} ${card}`);
    }
  }
}
