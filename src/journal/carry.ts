import { unreachable } from '../kernel/assert.ts';
import type { ListedTransaction } from './reader.ts';
import type { Row, TransactionState } from './rows.ts';

/** Attempts beyond this are not carried one by one; the number is told to nobody and steers nothing. */
export const carriedAttemptsMax = 100;

/** Whether a transaction of this state must still be settled by the station or by staff. */
export function isUnsettled(state: TransactionState): boolean {
  return state === 'intended' || state === 'uncertain' || state === 'waiting' || state === 'staff';
}

/**
 * The rows that bring an unsettled transaction of a damaged journal to where it stood. It gets at least one attempt, so that it
 * is asked about before anything is sent: the damage may have taken the note that it was sent.
 */
export function rowsToCarry(transaction: ListedTransaction): readonly Row[] {
  const { id, kind, item, patron, at, movedAt, dueBefore, dueTold, hold, fee, state } = transaction;
  const begin: Row = {
    row: 'begin',
    id,
    kind,
    state: state === 'waiting' ? 'waiting' : 'intended',
    item,
    patron,
    at,
    ...(dueBefore === undefined ? {} : { dueBefore }),
    ...(hold === undefined ? {} : { hold }),
    ...(fee === undefined ? {} : { fee }),
    ...(dueTold === undefined ? {} : { dueTold }),
  };
  const attempts = Math.min(Math.max(1, transaction.attempts), carriedAttemptsMax);
  return [
    begin,
    ...Array.from({ length: attempts }, (): Row => ({ row: 'attempt', id, at: movedAt })),
    ...movesTo(transaction),
  ];
}

function movesTo(transaction: ListedTransaction): readonly Row[] {
  const { id, state, movedAt: at, rule, source, words, due, found } = transaction;
  const said = {
    ...(rule === undefined ? {} : { rule }),
    ...(source === undefined ? {} : { source }),
    ...(due === undefined ? {} : { due }),
    ...(found === undefined ? {} : { found }),
    words,
  };
  switch (state) {
    case 'intended':
    case 'waiting':
      return [];
    case 'uncertain':
      return [{ row: 'move', id, to: 'uncertain', at, ...said }];
    case 'staff':
      return [
        { row: 'move', id, to: 'uncertain', at },
        { row: 'move', id, to: 'staff', at, ...said },
      ];
    case 'accepted':
    case 'refused':
    case 'withdrawn':
    case 'resolved':
      throw new Error(`impossible: a settled transaction is not carried (${state})`);
    default:
      return unreachable(state);
  }
}
