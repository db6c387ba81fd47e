import type { TransactionState } from '../../../src/journal/rows.ts';

/** The moves as design.md draws them, written out once more so that the model does not lean on what it tests. */
export const drawnMoves: Readonly<Record<TransactionState, readonly TransactionState[]>> = {
  intended: ['accepted', 'refused', 'uncertain', 'withdrawn'],
  uncertain: ['accepted', 'refused', 'staff'],
  waiting: ['accepted', 'staff'],
  staff: ['resolved'],
  // Not in the design's drawing: what the library system accepted and did not do.
  accepted: ['staff'],
  refused: [],
  withdrawn: [],
  resolved: [],
};

export interface ModelTransaction {
  readonly number: number;
  readonly kind: 'checkout' | 'checkin' | 'renew' | 'hold' | 'fee';
  readonly item: string;
  readonly patron: string | undefined;
  state: TransactionState;
  attempts: number;
  rule: string | undefined;
  words: readonly string[];
}

/** What the journal must know, in plain memory. */
export class Model {
  transactions: ModelTransaction[] = [];
  pinTries: { card: string; at: number }[] = [];
  refusals = 0;

  copy(): Model {
    const copy = new Model();
    copy.transactions = this.transactions.map((transaction) => ({ ...transaction }));
    copy.pinTries = [...this.pinTries];
    copy.refusals = this.refusals;
    return copy;
  }

  get open(): ModelTransaction[] {
    return this.transactions.filter(({ state }) => ['intended', 'uncertain', 'waiting'].includes(state));
  }

  get staff(): number {
    return this.transactions.filter(({ state }) => state === 'staff').length;
  }
}
