import type { StoredTransaction } from '../../journal/rows.ts';
import { firstQuestion, outlivesPatron } from './first-question.ts';
import { maybe } from './maybe.ts';
import type { Turn } from './turn.ts';

/**
 * A transaction of the staff list is taken up again, in the same commit: the old one is resolved, and one that takes its place waits
 * with the same time. It counts as possibly sent, so what is true is asked before anything is sent.
 */
export function retryForStaff(turn: Turn, stored: StoredTransaction, by: string): void {
  const { id, at, mono } = turn.event;
  const { kind, item, patron, dueBefore, hold, fee } = stored;
  // Staff who take up a loan with another date know of that date.
  const dueTold = stored.rule === 'sync.otherDue' ? undefined : stored.dueTold;
  turn.commit({ row: 'move', id: stored.id, to: 'resolved', at, rule: 'retried', source: 'station' });
  turn.commit({
    row: 'begin',
    id,
    kind,
    state: 'waiting',
    item,
    patron,
    at: stored.at,
    ...maybe('dueBefore', dueBefore),
    ...maybe('dueTold', dueTold),
    ...maybe('hold', hold),
    ...maybe('fee', fee),
    replaces: stored.id,
  });
  turn.commit({ row: 'attempt', id, at });
  turn.commit({ row: 'audit', at, act: 'retry', by, subject: stored.id });
  turn.setTransaction(id, {
    id,
    seq: turn.state.nextSeq,
    kind,
    item,
    patron,
    at: stored.at,
    state: 'waiting',
    attempts: 1,
    dueBefore,
    dueTold,
    hold,
    fee,
    epoch: undefined,
    next: firstQuestion(kind),
    itemSaid: undefined,
    answer: undefined,
    found: undefined,
    sent: true,
    toldTaken: outlivesPatron({ kind }),
    denials: 0,
    refused: undefined,
    notBefore: mono,
    asks: 0,
    uncertainSince: undefined,
  });
  turn.change({ nextSeq: turn.state.nextSeq + 1 });
}
