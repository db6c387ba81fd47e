import type { Database as Connection } from 'better-sqlite3';
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { UtcMillis } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { decryptWith } from './age.ts';
import { freeAsideName, moveAside } from './aside.ts';
import { boundToAct } from './audit.ts';
import { copyName, openAlone, readKept } from './copy.ts';
import { lockDataDirectory } from './directory-lock.ts';
import { classify } from './disk-fault.ts';
import { syncDirectory } from './durable-file.ts';
import type { KeyStore } from '../kernel/key-store.ts';
import { FileKeyStore, HeldKeys, type KeyGuard } from './file-key-store.ts';
import { Sealer } from './seal.ts';
import { boundToBegin, readBegin } from './sealed-fields.ts';
import { SqliteJournal } from './sqlite-journal.ts';

export interface RestoreOrder {
  /** The data folder; no station may work in it. */
  readonly data: string;
  /** The folder of the copy. */
  readonly from: string;
  /** The text of the library's private key file; needed where the data folder has no keys that open the copy. */
  readonly identities: string | undefined;
  /** Whether a journal that is there makes way; it is kept under another name. */
  readonly replace: boolean;
  /** How the key file of the data folder is kept; undefined: in clear, and no device key is there. */
  readonly guard: KeyGuard | undefined;
  readonly by: string;
  readonly zone: string;
  readonly random: Random;
  readonly now: UtcMillis;
}

export interface Restored {
  /** When the copy was made: what happened later is not in it. */
  readonly copiedAt: UtcMillis;
  readonly unsettled: number;
  readonly staff: number;
  /** Where the journal that was there lies now. */
  readonly aside: string | undefined;
}

/**
 * Puts a copy in the place of the journal. What waited in it may have been sent after it was made, so each open transaction counts
 * as possibly sent and is asked about. Nothing of the data folder is changed before the restored journal is whole.
 * The error is a sentence.
 */
export async function restoreJournal(order: RestoreOrder): Promise<Result<Restored, string>> {
  const { data, now } = order;
  const lock = lockDataDirectory(data, { pid: process.pid, since: now });
  if (!lock.ok) {
    return err(
      lock.error.kind === 'held' ? 'a station works in the data folder; stop it first' : lock.error.reason,
    );
  }
  try {
    return await restore(order, join(data, 'journal.db-restoring'));
  } catch (error) {
    const fault = classify(error, join(data, 'journal.db'));
    if (fault === undefined) throw error;
    return err(fault.kind === 'full' ? 'the disk is full' : fault.reason);
  } finally {
    lock.value.release();
  }
}

async function restore(order: RestoreOrder, draft: string): Promise<Result<Restored, string>> {
  const { data, from, replace, now } = order;
  const file = join(data, 'journal.db');
  if (!existsSync(join(from, copyName))) return err(`there is no ${copyName} in ${from}`);
  if (existsSync(file) && !replace)
    return err('there is a journal already; --replace keeps it under another name');
  for (const side of ['', '-journal', '-wal', '-shm']) rmSync(draft + side, { force: true });
  copyFileSync(join(from, copyName), draft);
  const kept = takeOut(draft);
  if (!kept.ok) return kept;
  const keys = await keysFor(order, draft, kept.value.age);
  if (!keys.ok) return keys;
  const made = makeReady(order, draft, keys.value);
  if (!made.ok) return made;

  const base = freeAsideName(data, 'replaced', now);
  const aside = existsSync(file) ? `${base}.db` : undefined;
  // Without a journal the power may go at any step: no other keys ever meet the journal that was there.
  if (aside !== undefined) moveAside(file, aside);
  if (keys.value.fresh !== undefined) {
    if (existsSync(join(data, 'keys.json'))) renameSync(join(data, 'keys.json'), `${base}.keys`);
    keys.value.fresh.writeTo(join(data, 'keys.json'), order.guard);
  }
  renameSync(draft, file);
  syncDirectory(data);
  return ok({ copiedAt: kept.value.at, ...made.value, aside });
}

/** Checks the copy and takes the keys out of it. */
export function takeOut(draft: string): Result<{ readonly at: UtcMillis; readonly age: Buffer }, string> {
  const db = openAlone(draft);
  try {
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') return err('the copy is damaged');
    const kept = readKept(db);
    if (kept === undefined) return err('it is no copy of a journal');
    db.exec('drop table kept_keys');
    return ok(kept);
  } finally {
    db.close();
  }
}

interface Keys {
  readonly store: KeyStore;
  /** Those of the copy, where they have to be put into the data folder. */
  readonly fresh: HeldKeys | undefined;
}

/** The keys of the data folder where they open the copy, else those in the copy. */
async function keysFor(order: RestoreOrder, draft: string, age: Buffer): Promise<Result<Keys, string>> {
  const present = join(order.data, 'keys.json');
  if (existsSync(present)) {
    const store = FileKeyStore.open(present, order.random, order.guard);
    if (store.ok && opensFile(order, draft, store.value)) return ok({ store: store.value, fresh: undefined });
    if (!order.replace)
      return err(
        'the keys of the data folder do not open the copy; --replace puts those of the copy in their place',
      );
  }
  if (order.identities === undefined)
    return err('the keys lie encrypted in the copy: --identity names the library’s private key file');
  const fresh = await keysOfCopy(order.identities, age);
  if (!fresh.ok) return fresh;
  return opensFile(order, draft, fresh.value)
    ? ok({ store: fresh.value, fresh: fresh.value })
    : err('the keys in the copy do not open it');
}

/** The keys that lie in a copy, by the library’s private key. */
export async function keysOfCopy(identities: string, age: Uint8Array): Promise<Result<HeldKeys, string>> {
  const opened = await decryptWith(identities, age);
  if (!opened.ok) return opened;
  const read = HeldKeys.read(Buffer.from(opened.value).toString('utf8'));
  return read.ok ? read : err('the keys in the copy are damaged');
}

function opensFile({ random }: RestoreOrder, draft: string, store: KeyStore): boolean {
  const db = openAlone(draft);
  try {
    return opens(db, store, random);
  } finally {
    db.close();
  }
}

/** Whether these are the keys of a journal: its newest transaction and act open, and are found by their hash. */
export function opens(db: Connection, store: KeyStore, random: Random): boolean {
  const sealer = new Sealer(store, random);
  const newest = db
    .prepare<[], { id: string; itemHash: string; blob: Buffer; keyId: string }>(
      `select id, item_hash as itemHash, sealed as blob, key_id as keyId from transactions
         where state in ('intended', 'uncertain', 'waiting') or seq = (select max(seq) from transactions)
         order by seq desc`,
    )
    .all();
  const act = db
    .prepare<[], { seq: number; blob: Buffer; keyId: string }>(
      'select seq, sealed as blob, key_id as keyId from audit order by seq desc limit 1',
    )
    .get();
  return (
    newest.every((row) => {
      const begun = readBegin(sealer.unseal(row, boundToBegin(row.id)));
      return begun !== undefined && sealer.hash(begun.item) === row.itemHash;
    }) &&
    (act === undefined || sealer.unseal(act, boundToAct(act.seq)) !== undefined)
  );
}

/** Brings the schema up to date, and notes that each open transaction may have been sent. */
function makeReady(
  order: RestoreOrder,
  draft: string,
  { store }: Keys,
): Result<Pick<Restored, 'unsettled' | 'staff'>, string> {
  const { by, now, zone, random } = order;
  const opened = SqliteJournal.open(draft, { keyStore: store, zone, random, now: () => now });
  if (!opened.ok) {
    return err(
      opened.error.kind === 'newer'
        ? 'the copy was made by a newer program'
        : `the copy does not open (${opened.error.kind})`,
    );
  }
  const journal = opened.value;
  try {
    const open = journal.open();
    const committed = journal.commit([
      ...open.map(({ id }) => ({ row: 'attempt', id, at: now }) as const),
      { row: 'audit', at: now, act: 'restore', by },
    ]);
    if (!committed.ok) return err('the restored journal cannot be written');
    return ok({ unsettled: open.length, staff: journal.staffCount() });
  } finally {
    journal.close();
  }
}
