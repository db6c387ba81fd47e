import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileKeyStore, HeldKeys, type KeyGuard } from '../../../src/journal/file-key-store.ts';
import { KeyWrap } from '../../../src/journal/key-wrap.ts';
import { filesWith, seededRandom, temporaryDirectory, value } from './support.ts';

const guardBy = (fill: number, wrapped = true): KeyGuard => ({
  wrap: new KeyWrap(new Uint8Array(32).fill(fill), seededRandom(fill)),
  wrapped,
});

function place() {
  const directory = temporaryDirectory();
  const file = join(directory, 'keys.json');
  const open = (guard?: KeyGuard, seed = 1) => FileKeyStore.open(file, seededRandom(seed), guard);
  return { directory, file, open };
}

function secretsOf(store: FileKeyStore): readonly string[] {
  return [store.current().key, store.lookupKey()].flatMap((key) => [
    Buffer.from(key).toString('base64'),
    Buffer.from(key).toString('hex'),
    Buffer.from(key).toString('latin1'),
  ]);
}

describe('keys wrapped by the device key', () => {
  it('lie nowhere in clear from the first moment on, and are the same at each start', () => {
    const { directory, open } = place();
    const first = value(open(guardBy(1)));
    for (const secret of secretsOf(first)) expect(filesWith(directory, secret)).toEqual([]);
    const again = value(open(guardBy(1), 2));
    expect(again.current()).toEqual(first.current());
    expect(again.lookupKey()).toEqual(first.lookupKey());
  });

  it('do not open by another device key, nor without one, and are left as they are', () => {
    const { file, open } = place();
    value(open(guardBy(1)));
    const before = readFileSync(file, 'utf8');
    expect(open(guardBy(2))).toEqual({
      ok: false,
      error: { kind: 'locked', reason: 'they are wrapped by another device key, or damaged' },
    });
    expect(open()).toEqual({
      ok: false,
      error: { kind: 'locked', reason: 'they are wrapped by a device key, and none is configured' },
    });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('are wrapped at the next start where they lay in clear', () => {
    const { directory, open } = place();
    const clear = value(open());
    const [secret = ''] = secretsOf(clear);
    expect(filesWith(directory, secret)).toEqual(['keys.json']);
    const wrapped = value(open(guardBy(1)));
    expect(wrapped.current()).toEqual(clear.current());
    expect(wrapped.lookupKey()).toEqual(clear.lookupKey());
    expect(filesWith(directory, secret)).toEqual([]);
  });

  it('lie in clear again where the configuration says so and the device key is there', () => {
    const { open } = place();
    const wrapped = value(open(guardBy(1)));
    expect(value(open(guardBy(1, false))).current()).toEqual(wrapped.current());
    expect(value(open()).current()).toEqual(wrapped.current());
  });

  it('stay wrapped through a new key and the end of the old one', () => {
    const { directory, open } = place();
    const store = value(open(guardBy(1)));
    const old = store.current();
    value(store.rotate(seededRandom(9)));
    expect(value(open(guardBy(1))).byId(old.keyId)).toEqual(old.key);
    expect(value(store.destroyOthers())).toEqual([old.keyId]);
    const again = value(open(guardBy(1)));
    expect(again.current().keyId).toBe(store.current().keyId);
    expect(again.byId(old.keyId)).toBeUndefined();
    for (const secret of secretsOf(store)) expect(filesWith(directory, secret)).toEqual([]);
  });

  it.each([
    ['a changed byte', (wrapped: Buffer) => ((wrapped[20] = (wrapped[20] ?? 0) ^ 1), wrapped)],
    ['a part', (wrapped: Buffer) => wrapped.subarray(0, wrapped.length - 1)],
    ['next to nothing', (wrapped: Buffer) => wrapped.subarray(0, 5)],
  ])('are refused where the file has %s, and left as they are', (_what, damage) => {
    const { file, open } = place();
    value(open(guardBy(1)));
    const content = JSON.parse(readFileSync(file, 'utf8')) as { version: number; wrapped: string };
    const wrapped = damage(Buffer.from(content.wrapped, 'base64')).toString('base64');
    const damaged = JSON.stringify({ ...content, wrapped });
    writeFileSync(file, damaged);
    expect(open(guardBy(1))).toMatchObject({ ok: false, error: { kind: 'locked' } });
    expect(readFileSync(file, 'utf8')).toBe(damaged);
  });

  it('go into the copy as a text that holds all of them', () => {
    const { open } = place();
    const store = value(open(guardBy(1)));
    value(store.rotate(seededRandom(9)));
    const held = value(HeldKeys.read(store.clearText()));
    expect(held.current()).toEqual({ ...store.current(), key: Buffer.from(store.current().key) });
    expect(held.byId('k1')).toEqual(store.byId('k1'));
    expect(HeldKeys.read('{}')).toMatchObject({ ok: false, error: { kind: 'damaged' } });
  });
});
