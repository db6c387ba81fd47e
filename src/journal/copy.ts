import Database, { type Database as Connection } from 'better-sqlite3';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { UtcMillis } from '../kernel/clock.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { encryptFor } from './age.ts';
import { busyTimeoutMs } from './connection.ts';
import { classify } from './disk-fault.ts';
import { privateMode, syncDirectory, systemCode } from './durable-file.ts';

/** The copy in the folder that the configuration names (`data.copy.directory`). */
export const copyName = 'journal-copy.db';

/** All pages in one step: the copy is the journal of one moment, and the station goes on writing meanwhile. */
const pagesAtOnce = 0x7fffffff;

export interface CopyOrder {
  /** The data folder of the station. */
  readonly data: string;
  /** The folder for the copy, which must be there: a share that is not mounted has none. */
  readonly to: string;
  /** The keys of the seals, as a text in clear; they are put into the copy encrypted. */
  readonly keys: string;
  /** The library's public key, for which they are. */
  readonly recipient: string;
  readonly now: UtcMillis;
}

export interface Copied {
  readonly bytes: number;
  /** True: it lies on the same disk as the journal and dies with it. */
  readonly sameDisk: boolean;
}

/**
 * Copies the journal by SQLite's online backup, checks the copy, and puts it in the place of the last one in one step. In the copy
 * lie the keys too, encrypted for the library, so that one file is all that a restore needs. The error is for the technician.
 */
export async function makeCopy({
  data,
  to,
  keys: clearKeys,
  recipient,
  now,
}: CopyOrder): Promise<Result<Copied, string>> {
  const draft = join(to, `${copyName}.new`);
  try {
    if (!existsSync(to)) return err('the folder is not there');
    const keys = await encryptFor(recipient, Buffer.from(clearKeys, 'utf8'));
    if (!keys.ok) return keys;
    for (const side of ['', '-journal', '-wal', '-shm']) rmSync(draft + side, { force: true });
    // The file is for its owner only from the first byte on.
    closeSync(openSync(draft, 'w', privateMode));
    await backUp(join(data, 'journal.db'), draft);
    const damage = finish(draft, keys.value, now);
    if (damage !== undefined) return err(damage);
    flush(draft);
    renameSync(draft, join(to, copyName));
    syncDirectory(to);
    return ok({
      bytes: statSync(join(to, copyName)).size,
      sameDisk: statSync(to).dev === statSync(data).dev,
    });
  } catch (error) {
    const fault = classify(error, draft);
    if (fault === undefined) throw error;
    return err(fault.kind === 'full' ? 'its disk is full' : fault.reason);
  }
}

async function backUp(from: string, to: string): Promise<void> {
  const source = new Database(from, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    await source.backup(to, { progress: () => pagesAtOnce });
  } finally {
    source.close();
  }
}

/** Makes one plain file of it, with the keys in it. Undefined: it is whole. */
function finish(file: string, keys: Uint8Array, now: UtcMillis): string | undefined {
  const copy = openAlone(file);
  try {
    copy.exec('create table kept_keys (at integer not null, age blob not null) strict');
    copy.prepare('insert into kept_keys (at, age) values (?, ?)').run(now, keys);
    return copy.pragma('quick_check(1)', { simple: true }) === 'ok' ? undefined : 'the copy is damaged';
  } finally {
    copy.close();
  }
}

/** Opens a copy without an index in shared memory, which a share may not have. */
export function openAlone(file: string): Connection {
  const db = new Database(file, { fileMustExist: true });
  try {
    db.pragma('locking_mode = exclusive');
    db.pragma('journal_mode = delete');
    db.pragma('synchronous = full');
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

function flush(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Reads what makes a copy one: when it was made, and the encrypted keys. Undefined for any other file. */
export function readKept(db: Connection): { readonly at: UtcMillis; readonly age: Buffer } | undefined {
  try {
    return db.prepare<[], { at: UtcMillis; age: Buffer }>('select at, age from kept_keys').get();
  } catch (error) {
    if (systemCode(error) === undefined && error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}
