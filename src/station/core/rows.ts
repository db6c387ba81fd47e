import type { TransactionKind } from '../../journal/rows.ts';
import type { OpenTransaction, SessionRow } from './state.ts';
import type { Turn } from './turn.ts';

/** Whether the patron of a transaction is still at the station. */
export function isPresent(turn: Turn, transaction: OpenTransaction): boolean {
  return transaction.epoch === turn.state.epoch && turn.state.session.phase === 'open';
}

/** The open transactions of the patron who is at the station. */
export function ofSession(turn: Turn): readonly OpenTransaction[] {
  if (turn.state.open.size === 0) return [];
  const ids = (turn.session()?.rows ?? []).map((row) => row.transaction);
  return ids
    .map((id) => (id === undefined ? undefined : turn.state.open.get(id)))
    .filter((one) => one !== undefined);
}

/** Puts a new row on top of the session’s list and gives back its id. A refused row of the same item makes way. */
export function addRow(
  turn: Turn,
  row: Pick<SessionRow, 'item' | 'kind' | 'stage'> & Partial<SessionRow>,
): string {
  const id = `r${turn.state.nextRow}`;
  turn.change({ nextRow: turn.state.nextRow + 1 });
  const rows = (turn.session()?.rows ?? []).filter(
    (other) => !isSame(other, row) || (other.stage !== 'refused' && other.parts === undefined),
  );
  const fresh: SessionRow = {
    transaction: undefined,
    title: undefined,
    due: undefined,
    alert: false,
    sortBin: undefined,
    refusal: undefined,
    causeWanted: false,
    ...row,
    id,
  };
  turn.changeSession({ rows: [fresh, ...rows] });
  return id;
}

/** The row of this item that is under way or done, if it is of these kinds: what was returned may be lent again. */
export function standingRow(
  turn: Turn,
  item: string,
  kinds: readonly CirculationKind[],
): SessionRow | undefined {
  const newest = turn
    .session()
    ?.rows.find(
      (row) =>
        row.item === item && isCirculation(row.kind) && row.stage !== 'refused' && row.parts === undefined,
    );
  return kinds.some((kind) => kind === newest?.kind) ? newest : undefined;
}

type CirculationKind = Extract<TransactionKind, 'checkout' | 'renew' | 'checkin'>;

function isCirculation(kind: TransactionKind): boolean {
  return kind === 'checkout' || kind === 'renew' || kind === 'checkin';
}

function isSame(a: Pick<SessionRow, 'item' | 'kind'>, b: Pick<SessionRow, 'item' | 'kind'>): boolean {
  return a.item === b.item && listOf[a.kind] === listOf[b.kind];
}

/** What stands in one list on the screen. */
const listOf: Readonly<Record<TransactionKind, 'loans' | 'returns' | 'holds' | 'fees'>> = {
  checkout: 'loans',
  renew: 'loans',
  checkin: 'returns',
  hold: 'holds',
  fee: 'fees',
};

/** Shows the end of a transaction in its row, and keeps the patron’s known loans right. */
export function settledRow(turn: Turn, transaction: OpenTransaction, change: Partial<SessionRow>): void {
  const session = turn.session();
  if (session === undefined || transaction.epoch !== turn.state.epoch) return;
  const title = change.title ?? session.rows.find((row) => row.transaction === transaction.id)?.title;
  turn.changeRowOf(transaction.id, { ...change, title });
  if (change.stage !== 'done' || session.patron === undefined) return;
  if (transaction.kind === 'hold' || transaction.kind === 'fee') return;
  const charged = new Set(session.patron.charged);
  if (transaction.kind === 'checkin') charged.delete(transaction.item);
  else charged.add(transaction.item);
  turn.changeSession({ patron: { ...session.patron, charged } });
}

/** Its security is being changed, or the item was lifted before that was done. */
export function isSecurityGoing({ security }: SessionRow): boolean {
  return security === 'goingOff' || security === 'goingOn' || security === 'goingBack' || security === 'away';
}

/** It is done, and its tags have still to be laid on the reader. */
export function isUnseenRow({ security }: SessionRow): boolean {
  return security === 'unseen';
}

/** How security ends, or stays, that staff have to see: lent and locked, or taken back and not secured, or not whole. */
const forStaff: ReadonlySet<SessionRow['security']> = new Set([
  'notFree',
  'notOn',
  'unseen',
  'outOfReach',
  'incomplete',
]);

/** It is done, and staff have to see it. */
export function isForStaff(row: SessionRow): boolean {
  return row.stage === 'staff' || forStaff.has(row.security) || isSecurityGoing(row);
}

export function isUnsettled(row: SessionRow): boolean {
  return row.stage === 'reading' || row.stage === 'pending' || row.stage === 'unsure' || isSecurityGoing(row);
}
