import Database, { type Database as Connection } from 'better-sqlite3';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UtcMillis } from '../kernel/clock.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { classify } from './disk-fault.ts';
import { systemCode, writeDurably } from './durable-file.ts';

const lockName = 'lock.db';
const holderName = 'lock.json';

/** Who holds a lock, for the technician; the lock itself does not depend on it. */
export interface LockHolder {
  readonly pid: number;
  readonly since: UtcMillis;
}

export type LockFailure =
  /** Another process works in this folder; `holder` where it left its name. */
  | { readonly kind: 'held'; readonly holder: LockHolder | undefined }
  | { readonly kind: 'unusable'; readonly reason: string };

export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the data folder for this process, making the folder when it is missing.
 *
 * It is the operating system's own lock (SQLite's exclusive lock on an empty database), so it ends with the
 * process however that ends, and no number of a past process can be mistaken for a holder. Nothing but SQLite
 * may touch `lock.db`: POSIX drops a process's locks when it closes any handle of the file.
 */
export function lockDataDirectory(directory: string, self: LockHolder): Result<DirectoryLock, LockFailure> {
  let db: Connection | undefined;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    db = new Database(join(directory, lockName), { timeout: 0 });
    // Nothing is ever written, so there is nothing to roll back.
    db.pragma('journal_mode = memory');
    db.exec('begin exclusive');
    noteHolder(directory, self);
    const held = db;
    return ok({ release: () => held.close() });
  } catch (error) {
    db?.close();
    if (error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/u.test(error.code)) {
      return err({ kind: 'held', holder: readHolder(directory) });
    }
    const reason = systemCode(error) ?? reasonOf(error, directory);
    if (reason === undefined) throw error;
    return err({ kind: 'unusable', reason });
  }
}

function reasonOf(error: unknown, directory: string): string | undefined {
  const fault = classify(error, join(directory, lockName));
  if (fault === undefined) {
    // better-sqlite3 says it this way, without a code, when the folder is none.
    return error instanceof TypeError && /directory does not exist/u.test(error.message)
      ? 'ENOTDIR'
      : undefined;
  }
  return fault.kind === 'full' ? 'ENOSPC' : fault.reason;
}

/** On a full disk the lock holds all the same; only its holder's name is missing. */
function noteHolder(directory: string, self: LockHolder): void {
  try {
    writeDurably(join(directory, holderName), `${JSON.stringify(self)}\n`);
  } catch (error) {
    if (systemCode(error) !== 'ENOSPC') throw error;
  }
}

function readHolder(directory: string): LockHolder | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(join(directory, holderName), 'utf8'));
    if (typeof content !== 'object' || content === null) return undefined;
    const { pid, since } = Object.fromEntries(Object.entries(content));
    return typeof pid === 'number' && typeof since === 'number' ? { pid, since } : undefined;
  } catch {
    return undefined;
  }
}
