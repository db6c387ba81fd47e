import type { Database } from 'better-sqlite3';
import type { UtcMillis } from '../kernel/clock.ts';
import { versionOf } from './migrate.ts';
import { sizeOf } from './probe.ts';
import type { TransactionState } from './rows.ts';
import { schemaVersion } from './schema/migrations.ts';

/** What a technician wants to know of the journal; nothing personal. */
export interface JournalStatus {
  readonly epoch: string;
  readonly created: UtcMillis;
  readonly schemaVersion: number;
  /** Transactions by state; a state that has none is left out. */
  readonly counts: { readonly [state in TransactionState]?: number };
  /** When the oldest unsettled transaction happened. */
  readonly oldestUnsettledAt: UtcMillis | undefined;
  readonly pinTries: number;
  readonly refusals: number;
  /** Main file and write-ahead log. */
  readonly bytes: number;
  readonly reserveBytes: number;
  /** Why the journal takes nothing more until the next start; SQLite's name of the error. */
  readonly fault: string | undefined;
}

/** What can be said when the file can't be read. */
export function unreadableStatus(file: string, reserveBytes: number): Omit<JournalStatus, 'fault'> {
  return {
    epoch: '',
    created: 0,
    schemaVersion,
    counts: {},
    oldestUnsettledAt: undefined,
    pinTries: 0,
    refusals: 0,
    bytes: sizeOf(file) + sizeOf(`${file}-wal`),
    reserveBytes,
  };
}

export function statusOf(db: Database, file: string, reserveBytes: number): Omit<JournalStatus, 'fault'> {
  const self = db.prepare<[], { epoch: string; created: number }>('select epoch, created from journal').get();
  const counted = db
    .prepare<[], { state: TransactionState; count: number }>(
      'select state, count(*) as count from transactions group by state order by state',
    )
    .all();
  const oldest = db
    .prepare<[], { at: number | null }>(
      `select min(at) as at from transactions where state in ('intended', 'uncertain', 'waiting', 'staff')`,
    )
    .get();
  const countOf = (table: 'pin_tries' | 'refusals'): number =>
    db.prepare<[], { count: number }>(`select count(*) as count from ${table}`).get()?.count ?? 0;
  return {
    epoch: self?.epoch ?? '',
    created: self?.created ?? 0,
    schemaVersion: versionOf(db),
    counts: Object.fromEntries(counted.map(({ state, count }) => [state, count])),
    oldestUnsettledAt: oldest?.at ?? undefined,
    pinTries: countOf('pin_tries'),
    refusals: countOf('refusals'),
    bytes: sizeOf(file) + sizeOf(`${file}-wal`),
    reserveBytes,
  };
}
