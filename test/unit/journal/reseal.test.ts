import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataPolicy } from '../../../src/journal/data-policy.ts';
import { FileKeyStore } from '../../../src/journal/file-key-store.ts';
import { sealedTables } from '../../../src/journal/reseal.ts';
import type { Row } from '../../../src/journal/rows.ts';
import type { SqliteJournal } from '../../../src/journal/sqlite-journal.ts';
import {
  begin,
  filesWith,
  friday,
  idOf,
  move,
  openIn,
  openWhole,
  seededRandom,
  temporaryDirectory,
  value,
} from './support.ts';

const noted = { row: 'audit', at: friday, act: 'rotateKeys', by: 'vieno' } as const;

function storeIn(directory: string): FileKeyStore {
  return value(FileKeyStore.open(join(directory, 'keys.json'), seededRandom(3)));
}

/** One of each that is sealed. */
function fill(journal: SqliteJournal): void {
  const rows: readonly Row[] = [
    begin(1),
    begin(2, { kind: 'checkin', state: 'waiting' }),
    { ...move(1, 'uncertain'), words: ['Odottakaa'] } as Row,
    { row: 'tagBegin', id: idOf(1), aim: 'unlock', item: 'item-1', uids: ['E004'], at: friday },
    { row: 'audit', at: friday, act: 'show', by: 'eino', subject: idOf(1) },
  ];
  expect(journal.commit(rows)).toEqual({ ok: true });
}

/** Every seal in the file, and under which key it is. */
function seals(directory: string): readonly { readonly keyId: string; readonly blob: Buffer }[] {
  const db = new Database(join(directory, 'journal.db'), { readonly: true });
  const found = sealedTables.flatMap(({ table }) =>
    db
      .prepare<[], { keyId: string; blob: Buffer }>(
        `select key_id as keyId, sealed as blob from ${table} where sealed is not null`,
      )
      .all(),
  );
  db.close();
  return found;
}

describe('sealing anew', () => {
  it('covers every table whose seals are under a key of the key store', () => {
    const sealed = Object.entries(dataPolicy)
      .filter(([, { columns }]) => columns.key_id !== undefined)
      .map(([table]) => table);
    expect(sealedTables.map(({ table }) => table).toSorted()).toEqual(sealed.toSorted());
  });

  it('leaves nothing under an old key, in no file, and everything readable without it', () => {
    const directory = temporaryDirectory();
    const keys = storeIn(directory);
    const journal = openIn(directory, { keyStore: keys });
    fill(journal);
    const before = seals(directory);
    expect(before).toHaveLength(5);
    const told = [journal.open(), journal.tagWork(), journal.audit(9)];

    value(keys.rotate(seededRandom(9)));
    expect(value(journal.reseal(noted))).toEqual({ resealed: 5, unreadable: 0, traceless: true });
    expect(value(keys.destroyOthers())).toEqual(['k1']);
    journal.forgetKeys(['k1']);

    expect(new Set(seals(directory).map(({ keyId }) => keyId))).toEqual(new Set(['k2']));
    expect(before.filter(({ blob }) => filesWith(directory, blob).length > 0)).toEqual([]);
    expect([journal.open(), journal.tagWork(), journal.audit(9).slice(1)]).toEqual(told);
    expect(journal.verifyAudit()).toMatchObject({ whole: true, entries: 2 });
    journal.close();

    const again = openIn(directory, { keyStore: storeIn(directory) });
    expect(again.open()).toEqual(told[0]);
    expect(again.parked).toBe(0);
    // What is written from now on is under the new key, and a card is still found.
    again.commit([begin(3, { patron: 'patron-1' })]);
    expect(again.person('patron-1')?.transactions).toHaveLength(2);
  });

  it('goes on where a crash came between the new key and the seals', () => {
    const directory = temporaryDirectory();
    const keys = storeIn(directory);
    const journal = openIn(directory, { keyStore: keys });
    fill(journal);
    value(keys.rotate(seededRandom(9)));
    journal.commit([begin(4)]);
    journal.close();
    const next = storeIn(directory);
    const again = openIn(directory, { keyStore: next });
    expect(again.open().every(({ readable }) => readable)).toBe(true);
    value(next.rotate(seededRandom(10)));
    expect(value(again.reseal(noted)).resealed).toBe(6);
    expect(value(next.destroyOthers())).toEqual(['k1', 'k2']);
    expect(new Set(seals(directory).map(({ keyId }) => keyId))).toEqual(new Set(['k3']));
  });

  it('tells what it could not open, and leaves it', () => {
    const directory = temporaryDirectory();
    const keys = storeIn(directory);
    const journal = openIn(directory, { keyStore: keys });
    fill(journal);
    const db = new Database(join(directory, 'journal.db'));
    db.exec(`update transactions set sealed = x'00' where seq = 2`);
    db.close();
    value(keys.rotate(seededRandom(9)));
    expect(value(journal.reseal(noted))).toMatchObject({ resealed: 4, unreadable: 1 });
  });

  it('knows of files that were set aside, whose seals are of their time', () => {
    const directory = temporaryDirectory();
    const first = openWhole(directory).journal;
    expect(first.hasAsides()).toBe(false);
    first.close();
    const db = new Database(join(directory, 'journal.db'));
    db.exec('drop table refusals');
    db.close();
    expect(openWhole(directory).journal.hasAsides()).toBe(true);
  });
});

describe('destroying keys', () => {
  it('leaves no byte of them in the file, and the look-up key as it was', () => {
    const directory = temporaryDirectory();
    const store = storeIn(directory);
    const old = Buffer.from(store.current().key).toString('base64');
    const lookup = Buffer.from(store.lookupKey());
    expect(value(store.destroyOthers())).toEqual([]);
    value(store.rotate(seededRandom(9)));
    expect(readFileSync(join(directory, 'keys.json'), 'utf8')).toContain(old);
    value(store.destroyOthers());
    expect(filesWith(directory, old)).toEqual([]);
    expect(store.byId('k1')).toBeUndefined();
    const again = storeIn(directory);
    expect(again.current().keyId).toBe('k2');
    expect(Buffer.from(again.lookupKey())).toEqual(lookup);
    // A name is not given a second time, even with one key left.
    expect(value(again.rotate(seededRandom(11))).keyId).toBe('k3');
  });
});
