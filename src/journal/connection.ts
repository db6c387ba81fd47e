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
 * Deleted rows are overwritten with zeros, so that a purge leaves nothing to find in the file. A damaged page is noticed when it is read
 * and not when it has done harm.
 */
const settings = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma secure_delete = on;
  pragma cell_size_check = on;
  pragma wal_autocheckpoint = ${walPagesBeforeCheckpoint};
`;

const asSet = `
  select journal_mode, synchronous, foreign_keys, secure_delete
  from pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_secure_delete
`;

/**
 * Opens the file as the journal needs it. `synchronous = full` is set at EVERY open and read back:
 * better-sqlite3 is built with SQLITE_DEFAULT_WAL_SYNCHRONOUS=1, so a file that already is in WAL mode opens
 * with NORMAL, under which a commit can vanish at a power cut (its docs/performance.md, "A note about durability").
 *
 * `alone`: nobody else opens the file as long as this connection lives.
 *
 * Throws SQLite's own error when the file cannot be opened; `classify` tells what it means.
 */
export function connect(file: string, alone = false): Connection {
  // SQLite gives its side files the mode of the main file. Only when it is missing: closing a second handle of an
  // open database would drop this process's locks on it (POSIX).
  if (!existsSync(file)) closeSync(openSync(file, 'a', privateMode));
  const db = new Database(file, { timeout: busyTimeoutMs });
  try {
    if (alone) db.exec('pragma locking_mode = exclusive');
    db.exec(settings);
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
  const [mode, synchronous, foreignKeys, secureDelete] =
    db.prepare<[], readonly unknown[]>(asSet).raw().get() ?? [];
  assert(mode === 'wal', 'the journal is in WAL mode');
  assert(synchronous === 2, 'synchronous is FULL');
  assert(foreignKeys === 1, 'foreign keys are enforced');
  assert(secureDelete === 1, 'deleted rows are overwritten');
}
