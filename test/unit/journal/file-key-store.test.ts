import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileKeyStore } from '../../../src/journal/file-key-store.ts';
import { filesOf, seededRandom, temporaryDirectory, value } from './support.ts';

/** Windows has no such modes of files: who may read is ruled by the folder’s access list there. */
const posix = process.platform !== 'win32';

describe('the key file', () => {
  it('is made at first use and gives the same keys ever after', () => {
    const file = join(temporaryDirectory(), 'keys.json');
    const first = value(FileKeyStore.open(file, seededRandom(1)));
    const again = value(FileKeyStore.open(file, seededRandom(2)));
    expect(again.current()).toEqual(first.current());
    expect(again.lookupKey()).toEqual(first.lookupKey());
    expect(first.current().key).toHaveLength(32);
    expect(first.lookupKey()).toHaveLength(32);
    expect(first.lookupKey()).not.toEqual(first.current().key);
    expect(again.byId(first.current().keyId)).toEqual(first.current().key);
    expect(again.byId('k2')).toBeUndefined();
    expect(first.tightened).toBe(false);
  });

  it.skipIf(!posix)('is readable by its own account only', () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'keys.json');
    value(FileKeyStore.open(file, seededRandom(1)));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect([...filesOf(directory).keys()]).toEqual(['keys.json']);
  });

  it.skipIf(!posix)('is made so again where a copy lost it, and says so', () => {
    const file = join(temporaryDirectory(), 'keys.json');
    value(FileKeyStore.open(file, seededRandom(1)));
    chmodSync(file, 0o644);
    expect(value(FileKeyStore.open(file, seededRandom(1))).tightened).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('takes a new key and keeps the old ones', () => {
    const file = join(temporaryDirectory(), 'keys.json');
    const store = value(FileKeyStore.open(file, seededRandom(1)));
    const old = store.current();
    const lookup = store.lookupKey();
    const made = value(store.rotate(seededRandom(8)));
    expect(made.keyId).not.toBe(old.keyId);
    expect(store.current()).toEqual(made);
    const again = value(FileKeyStore.open(file, seededRandom(1)));
    expect(again.current()).toEqual({ keyId: made.keyId, key: Buffer.from(made.key) });
    expect(again.byId(old.keyId)).toEqual(old.key);
    expect(again.lookupKey()).toEqual(lookup);
  });

  const damages: readonly (readonly [string, (text: string) => string])[] = [
    ['empty', () => ''],
    ['cut short', (text) => text.slice(0, 100)],
    ['of another form', () => '{"keys": 5}'],
    ['no object', () => '[1, 2]'],
    ['null', () => 'null'],
    [
      'with a changed key',
      (text) => text.replace(/"k1": "(.)/u, (_, sign: string) => `"k1": "${sign === 'A' ? 'B' : 'A'}`),
    ],
    ['of a later version', (text) => text.replace('"version": 1', '"version": 2')],
    ['with another current key', (text) => text.replace('"current": "k1"', '"current": "k7"')],
  ];
  it.each(damages)('is refused and left as it is when it is %s', (_, damage) => {
    const file = join(temporaryDirectory(), 'keys.json');
    value(FileKeyStore.open(file, seededRandom(1)));
    const damaged = damage(readFileSync(file, 'utf8'));
    writeFileSync(file, damaged);
    expect(FileKeyStore.open(file, seededRandom(1))).toMatchObject({ ok: false, error: { kind: 'damaged' } });
    expect(readFileSync(file, 'utf8')).toBe(damaged);
  });

  it('says when it cannot be had', () => {
    const directory = temporaryDirectory();
    expect(FileKeyStore.open(join(directory, 'no', 'keys.json'), seededRandom(1))).toEqual({
      ok: false,
      error: { kind: 'unusable', reason: 'ENOENT' },
    });
    mkdirSync(join(directory, 'folder'));
    expect(FileKeyStore.open(join(directory, 'folder'), seededRandom(1))).toMatchObject({
      ok: false,
      error: { kind: 'unusable', reason: 'EISDIR' },
    });
  });
});
