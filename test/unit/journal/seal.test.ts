import { createDecipheriv, createHmac } from 'node:crypto';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryKeyStore } from '../../../src/journal/memory-key-store.ts';
import { Sealer } from '../../../src/journal/seal.ts';
import {
  begin,
  filesOf,
  filesWith,
  friday,
  idOf,
  keyStore,
  openIn,
  seededRandom,
  temporaryDirectory,
} from './support.ts';

describe('a seal', () => {
  const sealer = new Sealer(keyStore, seededRandom(3));

  it('opens for the same key and the same place', () => {
    const sealed = sealer.seal({ item: 'å☃' }, 'a');
    expect(sealer.unseal(sealed, 'a')).toEqual({ item: 'å☃' });
    expect(new Sealer(keyStore, seededRandom(4)).unseal(sealed, 'a')).toEqual({ item: 'å☃' });
  });

  it('opens for nothing else', () => {
    const { keyId, blob } = sealer.seal({ item: '1' }, 'a');
    const flipped = Buffer.from(blob);
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    expect(sealer.unseal({ keyId, blob }, 'b')).toBeUndefined();
    expect(sealer.unseal({ keyId: 'k99', blob }, 'a')).toBeUndefined();
    expect(sealer.unseal({ keyId, blob: flipped }, 'a')).toBeUndefined();
    expect(sealer.unseal({ keyId, blob: blob.subarray(0, 20) }, 'a')).toBeUndefined();
    const other = new Sealer(new MemoryKeyStore(seededRandom(9)), seededRandom(9));
    expect(other.unseal({ keyId, blob }, 'a')).toBeUndefined();
  });

  it('is AES-256-GCM: nonce, tag, ciphertext, bound to its place', () => {
    const { keyId, blob } = sealer.seal({ item: '1' }, 'place');
    const opening = createDecipheriv('aes-256-gcm', keyStore.byId(keyId) ?? '', blob.subarray(0, 12));
    opening.setAAD(Buffer.from('place')).setAuthTag(blob.subarray(12, 28));
    expect(`${opening.update(blob.subarray(28), undefined, 'utf8')}${opening.final('utf8')}`).toBe(
      '{"item":"1"}',
    );
  });

  it('never takes a nonce twice', () => {
    const nonces = Array.from({ length: 1_000 }, () => sealer.seal(1, 'a').blob.toString('hex', 0, 12));
    expect(new Set(nonces).size).toBe(1_000);
  });

  it('hashes with HMAC-SHA-256 under the key of look-ups', () => {
    expect(sealer.hash('29999001')).toBe(
      createHmac('sha256', keyStore.lookupKey()).update('29999001').digest('hex'),
    );
  });
});

describe('the files of a journal', () => {
  it('hold no card, item, word or due date in clear', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    const secrets = [
      '30007008637257',
      '29999001',
      '20261201    235900',
      'Hei Maija Meikalainen',
      '20261218    235900',
    ];
    const [item = '', patron = '', dueBefore = '', word = '', due = ''] = secrets;
    journal.commit([
      { row: 'begin', id: idOf(1), kind: 'renew', state: 'intended', item, patron, at: friday, dueBefore },
      { row: 'attempt', id: idOf(1), at: friday },
      { row: 'pinTried', card: patron, at: friday },
    ]);
    journal.commit([{ row: 'move', id: idOf(1), to: 'accepted', at: friday, words: [word], due }]);
    for (const secret of secrets) expect(filesWith(directory, secret)).toEqual([]);
    journal.close();
    for (const secret of secrets) expect(filesWith(directory, secret)).toEqual([]);
    // The search finds what is in clear: the id is.
    expect(filesWith(directory, idOf(1))).toEqual(['journal.db']);
    expect([...filesOf(directory).keys()]).toEqual(['journal.db']);
  });

  it('tell the same item by the same hash', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    journal.commit([begin(1, { item: 'i' }), begin(2, { item: 'i', patron: 'p' })]);
    const db = new Database(join(directory, 'journal.db'), { readonly: true });
    const hashes = db.prepare('select item_hash, patron_hash from transactions order by seq').raw().all();
    db.close();
    expect(hashes).toEqual([
      [journal.hash('i'), journal.hash('patron-1')],
      [journal.hash('i'), journal.hash('p')],
    ]);
  });
});

describe('a seal that does not open', () => {
  it('brings its open transaction to the staff list on the next start', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    journal.commit([begin(1), begin(2, { state: 'waiting' }), begin(3), begin(4)]);
    journal.commit([
      { row: 'move', id: idOf(3), to: 'uncertain', at: friday },
      { row: 'move', id: idOf(4), to: 'accepted', at: friday },
    ]);
    journal.close();

    const otherKeys = new MemoryKeyStore(seededRandom(77));
    const again = openIn(directory, { keyStore: otherKeys });
    expect(again.parked).toBe(3);
    expect(again.open()).toEqual([]);
    expect(again.list({ state: 'staff', limit: 9 })).toMatchObject([
      { id: idOf(3), readable: false, item: '', rule: 'journal.unreadable', source: 'station' },
      { id: idOf(2), readable: false },
      { id: idOf(1), readable: false },
    ]);
    again.close();
    // With the right keys back, staff can read what it was.
    const restored = openIn(directory);
    expect(restored.parked).toBe(0);
    expect(restored.list({ state: 'staff', limit: 9 }).map(({ item }) => item)).toEqual([
      'item-3',
      'item-2',
      'item-1',
    ]);
  });

  it('notices a blob that was moved to another row', () => {
    const directory = temporaryDirectory();
    openIn(directory).commit([begin(1), begin(2)]);
    const db = new Database(join(directory, 'journal.db'));
    db.exec('update transactions set sealed = (select sealed from transactions where seq = 1) where seq = 2');
    db.close();
    expect(
      openIn(directory)
        .list({ limit: 2 })
        .map(({ readable }) => readable),
    ).toEqual([false, true]);
  });

  it('stays readable when a new key came', () => {
    const directory = temporaryDirectory();
    const keys = new MemoryKeyStore(seededRandom(5));
    const journal = openIn(directory, { keyStore: keys });
    journal.commit([begin(1)]);
    keys.rotate();
    journal.commit([begin(2)]);
    expect(journal.open().map(({ item }) => item)).toEqual(['item-1', 'item-2']);
    const db = new Database(join(directory, 'journal.db'), { readonly: true });
    expect(db.prepare('select key_id from transactions order by seq').pluck().all()).toEqual(['k1', 'k2']);
    db.close();
  });
});
