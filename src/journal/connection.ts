import Database, { type Database as Connection } from 'better-sqlite3';
import { closeSync, existsSync, openSync } from 'node:fs';
import { assert } from '../kernel/assert.ts';
import { privateMode } from './durable-file.ts';

/** How long a statement waits for another connection's lock (a technician's tool that reads the file). */
export const busyTimeoutMs = 1_000;

/**
 * Pages in the write-ahead log after which SQLite moves them into the main file: 1 MiB of 4 KiB pages, some sixty transactions.
 * SQLite's own 1,000 make each start after a power cut read four times as much.
 */
export const walPagesBeforeCheckpoint = 256;

/**
 * The same while the reserve is in use. Each commit adds whole pages to the log, twenty times what its rows take in the main file;
 * moved there at once, the log goes on at its beginning, in space that it already has. Slower, but the space lasts.
 */
export const thriftyWalPages = 1;

/**
 * Opens the file as the journal needs it. `synchronous = full` is set at EVERY open and read back:
 * better-sqlite3 is built with SQLITE_DEFAULT_WAL_SYNCHRONOUS=1, so a file that already is in WAL mode opens
 * with NORMAL, under which a commit can vanish at a power cut (its docs/performance.md, "A note about durability").
 *
 * Throws SQLite's own error when the file cannot be opened; `classify` tells what it means.
 */
export function connect(file: string): Connection {
  // SQLite gives its side files the mode of the main file. Only when it is missing: closing a second handle of an
  // open database would drop this process's locks on it (POSIX).
  if (!existsSync(file)) closeSync(openSync(file, 'a', privateMode));
  const db = new Database(file, { timeout: busyTimeoutMs });
  try {
    db.pragma('journal_mode = wal');
    db.pragma('synchronous = full');
    db.pragma('foreign_keys = on');
    // Deleted rows are overwritten with zeros, so that a purge leaves nothing to find in the file.
    db.pragma('secure_delete = on');
    // A damaged page is noticed when it is read and not when it has done harm.
    db.pragma('cell_size_check = on');
    checkpointAfter(db, walPagesBeforeCheckpoint);
    assertDurable(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** Sets after how many pages of the log SQLite moves them into the main file. */
export function checkpointAfter(db: Connection, pages: number): void {
  db.pragma(`wal_autocheckpoint = ${pages}`);
}

/** Crashes unless a commit on this connection is on the disk when it returns. */
export function assertDurable(db: Connection): void {
  assert(db.pragma('journal_mode', { simple: true }) === 'wal', 'the journal is in WAL mode');
  assert(db.pragma('synchronous', { simple: true }) === 2, 'synchronous is FULL');
  assert(db.pragma('foreign_keys', { simple: true }) === 1, 'foreign keys are enforced');
  assert(db.pragma('secure_delete', { simple: true }) === 1, 'deleted rows are overwritten');
}
