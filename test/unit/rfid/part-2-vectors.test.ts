import { describe, expect, test } from 'vitest';
import { compact, compactAs, expand, type TextCode } from '../../../src/rfid/compaction.ts';
import { encodeObjects, type TextObject } from '../../../src/rfid/encode-objects.ts';
import { compactIsil, expandIsil } from '../../../src/rfid/isil-compaction.ts';
import { lengthBytes, objectBytes, readObjects, textOf } from '../../../src/rfid/objects.ts';
import { readTag } from '../../../src/rfid/read-tag.ts';
import { bytesOf, fieldVectors, hexOf, ofModel, type TagVector } from './vectors.ts';

const vectors = ofModel('ISO28560-2');

function memoryOf(vector: TagVector): Uint8Array {
  return bytesOf(vector.memory ?? '');
}

describe.each(vectors)('$id', (vector) => {
  const memory = memoryOf(vector);
  const { elements = [] } = vector;
  const { objects, damaged } = readObjects(memory);

  test('each object is where it should be', () => {
    expect(damaged).toBe(false);
    expect(elements.length).toBeGreaterThan(0);
    expect(
      objects.map(({ at, oid, code, offset, pads, data }) => ({
        at,
        oid,
        compaction: code,
        offset: offset ? 1 : 0,
        pads,
        len: data.length,
        raw: hexOf(data),
      })),
    ).toEqual(elements.map(({ value: _value, ...element }) => element));
  });

  test('each object has its text', () => {
    const texts = elements.map(({ value, raw }, index) => {
      const object = objects[index];
      if (object === undefined) return undefined;
      if (value.startsWith('hex:')) return `hex:${raw}`;
      return textOf(object);
    });
    expect(texts).toEqual(elements.map(({ value }) => value));
  });

  test('each object is written bit by bit', () => {
    for (const [index, object] of objects.entries()) {
      const end = objects[index + 1]?.at ?? memory.length;
      // Padding may be 80, too.
      const padding = object.pads > 0 ? memory[object.at + objectBytes(object).length - 1] : 0;
      const bytes = objectBytes(object, padding);
      expect(hexOf(bytes)).toBe(hexOf(memory.subarray(object.at, object.at + bytes.length)));
      expect(object.at + bytes.length).toBeLessThanOrEqual(end);
      const text = textOf(object);
      if (object.code === 0 || text === undefined || text === '') continue;
      // The longest zeros in front of an integer are kept by no scheme.
      if (object.code === 1 && object.data[0] === 0) continue;
      // Two letters are fewer than five bits are meant for.
      if (object.code === 3 && text.length < 3) continue;
      expect(hexOf(compactAs(object.code, text) ?? new Uint8Array())).toBe(hexOf(object.data));
    }
  });

  test('it is an item of this model, whatever the DSFID', () => {
    for (const dsfid of [0x06, 0x00, 0x3e]) {
      const reading = readTag(memory, { dsfid });
      expect(reading).toMatchObject({
        kind: 'item',
        item: { model: 'iso28560-2', primaryItemIdentifier: vector.expect?.['1'], deviations: [] },
      });
    }
  });
});

test('set, owner and usage come from their objects', () => {
  const read = (id: string): unknown => {
    const vector = vectors.find((one) => one.id === id);
    const reading = readTag(memoryOf(vector ?? { id, model: '' }), { dsfid: 0x06 });
    return reading.kind === 'item' ? reading.item : reading;
  };
  expect(read('p2-iso-annexD')).toMatchObject({ part: { number: 3, of: 12 }, owner: 'US-InU-Mu' });
  expect(read('p2-fi-mikkeli')).toMatchObject({ owner: 'FI-Mamk-M', usage: 'circulating' });
  expect(read('p2-vendor-zhiyan1')).toMatchObject({ owner: 'ZYLS', usage: 'circulating' });
  expect(read('p2-vendor-ganchuang1')).not.toHaveProperty('owner');
  // One digit in an octet is the digit or the byte; nobody knows.
  expect(read('p2-vendor-wanghu')).toMatchObject({ owner: 'SM361001', usage: 'unspecified' });
});

test.each([
  { id: 'p2-iso-annexD', more: [{ oid: 6, text: 'QA268.L55' }] satisfies TextObject[], locked: [1, 3] },
  {
    id: 'p2-layout-title',
    more: [
      { oid: 6, text: 'QA268.L55' },
      { oid: 17, text: 'test', as: 7 },
    ] satisfies TextObject[],
    locked: [1, 3, 17],
  },
])('$id is laid out as the standard does, around locked blocks', ({ id, more, locked }) => {
  const vector = vectors.find((one) => one.id === id);
  const memory = memoryOf(vector ?? { id, model: '' });
  const written = encodeObjects(
    { primaryItemIdentifier: '123456789012', part: { number: 3, of: 12 }, owner: 'US-InU-Mu' },
    { memoryBytes: memory.length, blockBytes: 4, locked },
    more,
  );
  if (!written.ok) throw new Error(written.error);
  expect(hexOf(written.value)).toBe(vector?.memory);
});

test('an identifier alone needs nothing more', () => {
  const vector = vectors.find(({ id }) => id === 'p2-pii-only');
  const written = encodeObjects(
    { primaryItemIdentifier: '123456789012' },
    { memoryBytes: 8, blockBytes: 4, locked: [1] },
  );
  expect(written.ok && hexOf(written.value)).toBe(vector?.memory);
});

test('a tag met in the field', () => {
  const tag = fieldVectors.find(({ dsfid }) => dsfid === '06');
  const reading = readTag(bytesOf(tag?.hex ?? ''), { dsfid: 0x06 });
  expect(reading).toMatchObject({ kind: 'item', item: { primaryItemIdentifier: tag?.pii } });
});

describe('compaction', () => {
  const cases = ofModel('compaction');

  test.each(cases)('$id', ({ scheme, code = 0, text = '', compacted = '' }) => {
    const data = bytesOf(compacted);
    if (scheme === 'isil') {
      expect(expandIsil(data)).toBe(text);
      expect(hexOf(compactIsil(text) ?? new Uint8Array())).toBe(compacted);
      return;
    }
    expect(expand(code as TextCode, data)).toBe(text);
    expect(hexOf(compactAs(code as TextCode, text) ?? new Uint8Array())).toBe(compacted);
  });

  test('the first scheme that holds a text is taken', () => {
    // Digits that begin with no zero are an integer, and seven bits hold what others hold shorter.
    const first = cases.filter(
      ({ scheme, text = '' }) =>
        scheme === 'integer' || scheme === '5bit' || scheme === '6bit' || /^0\d+$/u.test(text),
    );
    expect(first.length).toBeGreaterThan(15);
    for (const { text = '', code } of first) expect([text, compact(text)?.code]).toEqual([text, code]);
    expect(compact('Täällä')?.code).toBe(6);
    expect(compact('Věra Řezáčová')?.code).toBe(7);
    expect(compact('E555672b')?.code).toBe(5);
  });
});

test.each(ofModel('ebv8-length'))('$id', ({ length = 0, hex = '' }) => {
  expect(hexOf(Uint8Array.from(lengthBytes(length)))).toBe(hex);
  const data = new Uint8Array(length).fill(0x41);
  const memory = Uint8Array.from([0x61, ...bytesOf(hex), ...data]);
  const { objects, damaged } = readObjects(memory);
  expect(damaged).toBe(false);
  expect(objects.map((object) => object.data.length)).toEqual([length]);
});
