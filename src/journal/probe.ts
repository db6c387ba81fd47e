import Database, { type Database as Connection } from 'better-sqlite3';
import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs';
import { privateMode, systemCode } from './durable-file.ts';
import { classify } from './disk-fault.ts';
import { busyTimeoutMs } from './connection.ts';
import { isForeign, versionOf } from './migrate.ts';
import { schemaVersion } from './schema/migrations.ts';

/**
 * Largest file whose pages are all looked at on a start. Two weeks of a busy station are smaller, and SQLite checks this much
 * in some tens of milliseconds. A larger one is read only where the station needs it; damage that shows later leaves a mark,
 * and the next start then looks at everything.
 */
export const fullCheckBytesMax = 24 * 1024 * 1024;

/** The smallest page that SQLite knows; a whole database is never shorter (sqlite.org/fileformat2.html §1.2). */
const pageBytesMin = 512;

/** Tables without which the newest schema is none. */
const tables = [
  'journal',
  'transactions',
  'transitions',
  'refusals',
  'pin_tries',
  'audit',
  'audit_ends',
  'tag_work',
];

export type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'usable' }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged'; readonly reason: string };

/** Says what lies at `file` without changing a byte of the database or its write-ahead log. */
export function probe(file: string): Found {
  if (sizeOf(file) === 0) {
    if (sizeOf(`${file}-wal`) === 0) return { kind: 'none' };
    return { kind: 'damaged', reason: 'the main file is missing, its write-ahead log is there' };
  }
  if (sizeOf(file) < pageBytesMin && sizeOf(`${file}-journal`) === 0) {
    // SQLite would take it for empty and write over it.
    return { kind: 'damaged', reason: 'shorter than a page' };
  }
  let db: Connection | undefined;
  try {
    // A read-only connection recovers the log in memory and never moves it into the main file, not even when it closes.
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
    return look(db, file);
  } catch (error) {
    const fault = classify(error, file);
    if (fault === undefined) throw error;
    if (fault.kind === 'damaged') return fault;
    // What can't be read without writing (a half-made file has a rollback journal) is judged by the real open.
    return { kind: 'usable' };
  } finally {
    db?.close();
  }
}

function look(db: Connection, file: string): Found {
  const version = versionOf(db);
  if (isForeign(db, version)) return { kind: 'damaged', reason: 'a database of some other program' };
  if (version > schemaVersion) return { kind: 'newer', version };
  if (version === schemaVersion) {
    const have = db.prepare<[], string>(`select name from sqlite_schema where type = 'table'`).pluck().all();
    const missing = tables.filter((table) => !have.includes(table));
    if (missing.length > 0) return { kind: 'damaged', reason: `without ${missing.join(', ')}` };
  }
  if (sizeOf(file) > fullCheckBytesMax && !isSuspect(file)) return { kind: 'usable' };
  const verdict = String(db.pragma('quick_check(1)', { simple: true }));
  return verdict === 'ok' ? { kind: 'usable' } : { kind: 'damaged', reason: 'quick_check found damage' };
}

/** Leaves the word that the disk failed under this file, for the next start. */
export function markSuspect(file: string): void {
  try {
    closeSync(openSync(suspectName(file), 'w', privateMode));
  } catch (error) {
    // The mark is a help; on a disk that takes nothing any more there is none.
    if (systemCode(error) === undefined) throw error;
  }
}

export function isSuspect(file: string): boolean {
  return existsSync(suspectName(file));
}

export function clearSuspect(file: string): void {
  rmSync(suspectName(file), { force: true });
}

function suspectName(file: string): string {
  return `${file}-suspect`;
}

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
