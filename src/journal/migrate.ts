import type { Database } from 'better-sqlite3';
import { assert } from '../kernel/assert.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { migrations, schemaVersion } from './schema/migrations.ts';

/** Marks the file as ours (`Omat`), so that a stray SQLite file is not taken for a journal. */
export const applicationId = 0x4f6d6174;

export type MigrateFailure =
  /** Made by a newer program; untouched. */
  | { readonly kind: 'newer'; readonly version: number }
  /** An SQLite file of some other program; untouched. */
  | { readonly kind: 'foreign' };

/** The schema version of an open file; 0 means empty. */
export function versionOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/**
 * Brings the schema to `target` (the newest by default), one transaction per step, and tells where it came from.
 * Each step and its version number are one transaction: a crash between two steps leaves a journal of the version that it says.
 */
export function migrate(
  db: Database,
  target = schemaVersion,
): Result<{ readonly from: number }, MigrateFailure> {
  const from = versionOf(db);
  if (from > schemaVersion) return err({ kind: 'newer', version: from });
  if (isForeign(db, from)) return err({ kind: 'foreign' });
  for (const [index, migration] of migrations.entries()) {
    assert(migration.version === index + 1, `migration ${migration.name} has its own place`);
    if (migration.version <= from || migration.version > target) continue;
    db.transaction(() => {
      migration.up(db);
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  }
  return ok({ from });
}

/** Whether the file was made by some other program. */
export function isForeign(db: Database, version: number): boolean {
  const marked = Number(db.pragma('application_id', { simple: true }));
  if (marked === applicationId) return false;
  if (marked !== 0 || version !== 0) return true;
  return db.prepare('select 1 from sqlite_schema limit 1').get() !== undefined;
}
