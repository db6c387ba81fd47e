import Database from 'better-sqlite3';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../kernel/result.ts';
import { freeAsideName } from './aside.ts';
import { copyName } from './copy.ts';
import { lockDataDirectory } from './directory-lock.ts';
import { classify } from './disk-fault.ts';
import { syncDirectory } from './durable-file.ts';
import type { HeldKeys } from './file-key-store.ts';
import { keysOfCopy, opens, takeOut, type RestoreOrder } from './restore.ts';
import { SqliteJournal } from './sqlite-journal.ts';

export type RestoreKeysOrder = Omit<RestoreOrder, 'replace' | 'identities'> & { readonly identities: string };

/**
 * Puts the keys of a copy in the place of those of the data folder, where these are lost with their device key and the journal
 * itself is whole: nothing of it is lost then. Nothing is changed unless the keys open the journal. The error is a sentence.
 */
export async function restoreKeys(
  order: RestoreKeysOrder,
): Promise<Result<{ readonly aside: string | undefined }, string>> {
  const { data, now } = order;
  const lock = lockDataDirectory(data, { pid: process.pid, since: now });
  if (!lock.ok) {
    return err(
      lock.error.kind === 'held' ? 'a station works in the data folder; stop it first' : lock.error.reason,
    );
  }
  const draft = join(data, 'journal.db-restoring');
  try {
    return await restore(order, draft);
  } catch (error) {
    const fault = classify(error, join(data, 'journal.db'));
    if (fault === undefined) throw error;
    return err(fault.kind === 'full' ? 'the disk is full' : fault.reason);
  } finally {
    rmSync(draft, { force: true });
    lock.value.release();
  }
}

async function restore(
  order: RestoreKeysOrder,
  draft: string,
): Promise<Result<{ readonly aside: string | undefined }, string>> {
  const { data, from, identities, guard, now } = order;
  const [journal, present] = [join(data, 'journal.db'), join(data, 'keys.json')];
  if (!existsSync(join(from, copyName))) return err(`there is no ${copyName} in ${from}`);
  if (!existsSync(journal)) return err('there is no journal; restore the copy as a whole');
  copyFileSync(join(from, copyName), draft);
  const kept = takeOut(draft);
  if (!kept.ok) return kept;
  const keys = await keysOfCopy(identities, kept.value.age);
  if (!keys.ok) return keys;
  const noted = note(order, journal, keys.value);
  if (!noted.ok) return noted;
  const aside = existsSync(present) ? `${freeAsideName(data, 'replaced', now)}.keys` : undefined;
  // The old file is there until the new one is: without any, a station would make itself new keys.
  if (aside !== undefined) copyFileSync(present, aside);
  keys.value.writeTo(present, guard);
  syncDirectory(data);
  return ok({ aside });
}

/** Opens the journal with these keys, and notes in it that they were put back. */
function note(order: RestoreKeysOrder, file: string, keys: HeldKeys): Result<undefined, string> {
  const { by, now, zone, random } = order;
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    if (!opens(db, keys, random)) return err('the keys in the copy do not open the journal');
  } finally {
    db.close();
  }
  const opened = SqliteJournal.open(file, { keyStore: keys, zone, random, now: () => now });
  if (!opened.ok) return err(`the journal does not open (${opened.error.kind})`);
  const journal = opened.value;
  try {
    const committed = journal.commit([{ row: 'audit', at: now, act: 'restore', by, detail: 'keys' }]);
    return committed.ok ? ok(undefined) : err('the journal cannot be written');
  } finally {
    journal.close();
  }
}
