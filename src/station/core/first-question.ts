import { unreachable } from '../../kernel/assert.ts';
import type { TransactionKind } from '../../journal/rows.ts';
import type { OpenTransaction } from './state.ts';

/** With which question the truth about a transaction begins to be found out. */
export function firstQuestion(kind: TransactionKind): Exclude<OpenTransaction['next'], 'send'> {
  switch (kind) {
    case 'checkout':
    case 'checkin':
    case 'renew':
      return 'askItem';
    case 'hold':
      // What waits may become ready meanwhile, and not the other way round: asked in this order it is seen.
      return 'askHoldsWaiting';
    case 'fee':
      return 'askFees';
    default:
      return unreachable(kind);
  }
}

/** Whether a transaction goes on when its patron has gone: the item lies in the box, or the money was taken. */
export function outlivesPatron({ kind }: Pick<OpenTransaction, 'kind'>): boolean {
  return kind === 'checkin' || kind === 'fee';
}
