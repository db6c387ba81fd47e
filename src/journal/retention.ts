import type { Database } from 'better-sqlite3';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { assert } from '../kernel/assert.ts';
import type { UtcMillis } from '../kernel/clock.ts';
import { purgeAside } from './aside.ts';
import type { AuditLog, AuditRow } from './audit.ts';
import { classify } from './disk-fault.ts';
import { privateMode, systemCode } from './durable-file.ts';

const dayMs = 86_400_000;

const settledStates = `('accepted', 'refused', 'withdrawn', 'resolved')`;

/** How long rows live. What is unsettled is never deleted: it stays and says so on the staff list. */
export interface Retention {
  /** Days that a settled transaction is kept for disputes, counted from its last move. */
  readonly settledDays: number;
  readonly refusalDays: number;
  readonly pinTryDays: number;
  /** Days that an act of a technician or librarian stays in the audit log. */
  readonly auditDays: number;
  /** Days that a PIN can be checked against what the library system confirmed. */
  readonly verifierDays: number;
}

export const defaultRetention: Retention = {
  settledDays: 14,
  refusalDays: 90,
  pinTryDays: 1,
  auditDays: 365,
  verifierDays: 30,
};

/** Upper bounds that no configuration can pass: 24 months for transactions (as the seed libraries' notices say). */
export const retentionMax: Retention = {
  settledDays: 730,
  refusalDays: 730,
  pinTryDays: 30,
  auditDays: 730,
  verifierDays: 90,
};

export interface Purged {
  readonly transactions: number;
  readonly refusals: number;
  readonly pinTries: number;
  /** Settled work on the security of tags. */
  readonly tagWork: number;
  readonly verifiers: number;
  readonly acts: number;
  /** Files of journals that were once set aside. */
  readonly asides: number;
  /** Whether anything was deleted, and thus still stands in older copies. */
  readonly deleted: boolean;
  /** False: old pages may still be readable in the file or its log, for want of space or because somebody reads it; the next purge tries again. */
  readonly traceless: boolean;
}

/**
 * Deletes what is older than its bound and leaves no trace of it in the files. It takes some tenths of a second with ten
 * thousand rows: work for a quiet hour. Throws SQLite's error; the caller classifies it.
 */
export function purge(
  db: Database,
  audit: AuditLog,
  file: string,
  now: UtcMillis,
  changes: Partial<Retention> = {},
): Purged {
  const retention = { ...defaultRetention, ...changes };
  checkBounds(retention);
  const older = (days: number): number => now - days * dayMs;
  const owed = existsSync(tracesName(file));
  noteTraces(file);
  const purged = db
    .transaction((): Omit<Purged, 'asides' | 'traceless' | 'deleted'> => {
      const transactions = db
        .prepare(`delete from transactions where state in ${settledStates} and moved_at < ?`)
        .run(older(retention.settledDays)).changes;
      const refusals = db
        .prepare('delete from refusals where at < ?')
        .run(older(retention.refusalDays)).changes;
      const pinTries = db
        .prepare('delete from pin_tries where at < ?')
        .run(older(retention.pinTryDays)).changes;
      const verifiers = db
        .prepare('delete from pin_verifiers where made_at < ?')
        .run(older(retention.verifierDays)).changes;
      const tagWork = db
        .prepare(`delete from tag_work where state in ('done', 'void', 'resolved') and moved_at < ?`)
        .run(older(retention.settledDays)).changes;
      const acts = audit.purge(older(retention.auditDays));
      return { transactions, tagWork, refusals, pinTries, verifiers, acts };
    })
    .immediate();
  const deleted = Object.values(purged).some((count) => count > 0);
  const rewritten = (!deleted && !owed) || rewrite(db, file);
  const traceless = emptyLog(db) && rewritten;
  if (traceless) forgetTraces(file);
  return { ...purged, deleted, asides: purgeAside(dirname(file), now), traceless };
}

export interface Erased {
  readonly transactions: number;
  /** Numbers of those that stay because they are not settled. */
  readonly unsettled: readonly number[];
  /** As with a purge. */
  readonly traceless: boolean;
}

/** Erases the settled transactions of a card, known by its keyed hash, in one commit with the note of it. Throws SQLite's error. */
export function erase(
  db: Database,
  audit: AuditLog,
  file: string,
  patronHash: string,
  noted: AuditRow,
): Erased {
  noteTraces(file);
  const erased = db
    .transaction((): Omit<Erased, 'traceless'> => {
      const settled = `patron_hash = ? and state in ${settledStates}`;
      db.prepare(
        `delete from tag_work where state in ('done', 'void', 'resolved')
           and id in (select id from transactions where ${settled})`,
      ).run(patronHash);
      // The patron’s next visit makes a new one, where the library wants it.
      db.prepare('delete from pin_verifiers where card_hash = ?').run(patronHash);
      const transactions = db.prepare(`delete from transactions where ${settled}`).run(patronHash).changes;
      const unsettled = db
        .prepare<[string], number>('select seq from transactions where patron_hash = ? order by seq')
        .pluck()
        .all(patronHash);
      audit.note({ ...noted, detail: String(transactions) });
      return { transactions, unsettled };
    })
    .immediate();
  const rewritten = rewrite(db, file);
  const traceless = emptyLog(db) && rewritten;
  if (traceless) forgetTraces(file);
  return { ...erased, traceless };
}

/** Says beside the journal, before anything is deleted, that old pages are to be written over: a purge that cannot, or is cut off, leaves that to the next. */
function noteTraces(file: string): void {
  try {
    closeSync(openSync(tracesName(file), 'w', privateMode));
  } catch (error) {
    // On a disk that takes not even this nothing is written anew either; what is deleted next brings it about.
    if (systemCode(error) === undefined) throw error;
  }
}

function forgetTraces(file: string): void {
  rmSync(tracesName(file), { force: true });
}

function tracesName(file: string): string {
  return `${file}-traces`;
}

/**
 * `secure_delete` alone is not enough: when SQLite balances its trees it leaves copies of cells in the unused part of pages
 * (seen once in six thousand rows). Writing the file anew leaves none. False: no space for it now.
 */
export function rewrite(db: Database, file: string): boolean {
  try {
    // No copy of the rows in the system's folder for temporary files.
    db.pragma('temp_store = memory');
    db.exec('vacuum');
    return true;
  } catch (error) {
    if (classify(error, file)?.kind !== 'full') throw error;
    return false;
  }
}

/** Moves the write-ahead log, in which old pages stand, into the main file and cuts it. False: a reader is in the way. */
export function emptyLog(db: Database): boolean {
  return Number(db.pragma('wal_checkpoint(truncate)', { simple: true })) === 0;
}

function checkBounds(retention: Retention): void {
  for (const [name, max] of Object.entries(retentionMax)) {
    const days = Object.entries(retention).find(([key]) => key === name)?.[1];
    assert(days !== undefined && days >= 0 && days <= max, `${name} is at most ${max}`);
  }
}
