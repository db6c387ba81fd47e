import type { TransactionId } from '../../kernel/ids.ts';
import type { OpenTransaction } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Lets go of waiting transactions that staff carry to the library system in a file. Only of those of which certainly nothing was
 * sent: any other could take effect twice.
 */
export function handOver(turn: Turn, ids: readonly TransactionId[], by: string): void {
  const { at } = turn.event;
  for (const id of ids) {
    const transaction = turn.state.open.get(id);
    if (transaction === undefined || !mayBeHandedOver(turn, transaction)) continue;
    turn.commit({ row: 'move', id, to: 'staff', at, rule: 'exported', source: 'station' });
    turn.commit({ row: 'move', id, to: 'resolved', at, rule: 'resolved.exported', source: 'station' });
    turn.commit({ row: 'audit', at, act: 'take', by, subject: id });
    turn.setTransaction(id, undefined);
  }
}

function mayBeHandedOver(turn: Turn, transaction: OpenTransaction): boolean {
  const purpose = turn.state.underWay?.purpose;
  const underWay = purpose?.for === 'transaction' && purpose.id === transaction.id;
  const { state, attempts, believed } = transaction;
  return state === 'waiting' && attempts === 0 && believed === undefined && !underWay;
}
