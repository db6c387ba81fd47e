import type { StoredTransaction } from '../../journal/rows.ts';
import { firstQuestion, outlivesPatron } from './first-question.ts';
import type { OpenTransaction } from './state.ts';

/** A transaction as the core works on it, out of the journal. */
export function openFrom(stored: StoredTransaction, seq: number): OpenTransaction {
  const waits = stored.state === 'waiting';
  return {
    id: stored.id,
    seq,
    kind: stored.kind,
    item: stored.item,
    patron: stored.patron,
    at: stored.at,
    state: waits ? 'waiting' : stored.state === 'intended' ? 'intended' : 'uncertain',
    attempts: stored.attempts,
    dueBefore: stored.dueBefore,
    hold: stored.hold,
    fee: stored.fee,
    dueTold: stored.dueTold,
    epoch: undefined,
    next: waits && stored.attempts === 0 ? 'send' : firstQuestion(stored.kind),
    itemSaid: undefined,
    answer: undefined,
    found: undefined,
    // Whatever was begun in an earlier life may have left the machine.
    sent: true,
    toldTaken: waits || outlivesPatron(stored),
    denials: 0,
    refused: undefined,
    notBefore: 0,
    asks: 0,
    uncertainSince: undefined,
  };
}
