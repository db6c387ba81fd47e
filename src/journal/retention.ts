import type { Database } from 'better-sqlite3';
import { assert } from '../kernel/assert.ts';
import type { UtcMillis } from '../kernel/clock.ts';

const dayMs = 86_400_000;

/** How long rows live. What is unsettled is never deleted: it stays and says so on the staff list. */
export interface Retention {
  /** Days that a settled transaction is kept for disputes, counted from its last move. */
  readonly settledDays: number;
  readonly refusalDays: number;
  readonly pinTryDays: number;
}

export const defaultRetention: Retention = { settledDays: 14, refusalDays: 90, pinTryDays: 1 };

/** Upper bounds that no configuration can pass: 24 months for transactions (as the seed libraries' notices say). */
export const retentionMax: Retention = { settledDays: 730, refusalDays: 730, pinTryDays: 30 };

export interface Purged {
  readonly transactions: number;
  readonly refusals: number;
  readonly pinTries: number;
}

/**
 * Deletes what is older than its bound and then empties the write-ahead log, in which old pages would otherwise stay readable.
 * Throws SQLite's error; the caller classifies it.
 */
export function purge(db: Database, _file: string, now: UtcMillis, changes: Partial<Retention> = {}): Purged {
  const retention = { ...defaultRetention, ...changes };
  checkBounds(retention);
  const older = (days: number): number => now - days * dayMs;
  const purged = db
    .transaction((): Purged => {
      const transactions = db
        .prepare(
          `delete from transactions where state in ('accepted', 'refused', 'withdrawn', 'resolved') and moved_at < ?`,
        )
        .run(older(retention.settledDays)).changes;
      const refusals = db
        .prepare('delete from refusals where at < ?')
        .run(older(retention.refusalDays)).changes;
      const pinTries = db
        .prepare('delete from pin_tries where at < ?')
        .run(older(retention.pinTryDays)).changes;
      return { transactions, refusals, pinTries };
    })
    .immediate();
  db.pragma('wal_checkpoint(truncate)');
  return purged;
}

function checkBounds(retention: Retention): void {
  for (const [name, max] of Object.entries(retentionMax)) {
    const days = Object.entries(retention).find(([key]) => key === name)?.[1];
    assert(days !== undefined && days >= 0 && days <= max, `${name} is at most ${max}`);
  }
}
