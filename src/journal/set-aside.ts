import type { Database } from 'better-sqlite3';
import type { UtcMillis } from '../kernel/clock.ts';
import type { TransactionId } from '../kernel/ids.ts';
import type { Row, TransactionState } from './rows.ts';

/** So many times a transaction may end the process before it is set aside. */
export const deathsMax = 3;

/** Notes, before anything is done, that the process ended while it worked on a transaction; gives back how often by now. */
export function noteDeath(db: Database, id: TransactionId): number {
  const count = db
    .prepare<[string], { readonly count: number }>(
      `insert into deaths (transaction_seq, count)
       select seq, 1 from transactions where id = ? and state in ('intended', 'uncertain', 'waiting')
       on conflict (transaction_seq) do update set count = count + 1
       returning count`,
    )
    .get(id);
  return count?.count ?? 0;
}

/** The library system that this journal was made with, in our own words; undefined in a fresh one. */
export function knownAcs(db: Database): string | undefined {
  return db.prepare<[], { readonly identity: string }>('select identity from acs').get()?.identity;
}

export function nameAcs(db: Database, identity: string): void {
  db.prepare('insert into acs (id, identity) values (1, ?) on conflict (id) do update set identity = ?').run(
    identity,
    identity,
  );
}

/** The rows that bring an open transaction to the staff list, whatever its state. */
export function rowsToStaff(
  { id, state }: { readonly id: TransactionId; readonly state: TransactionState },
  rule: string,
  at: UtcMillis,
): readonly Row[] {
  const staff: Row = { row: 'move', id, to: 'staff', at, rule, source: 'station' };
  if (state !== 'intended') return [staff];
  return [{ row: 'move', id, to: 'uncertain', at, rule, source: 'station' }, staff];
}
