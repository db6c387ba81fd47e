import { expect, test } from 'vitest';
import { compactAs } from '../../../src/rfid/compaction.ts';
import { encodeTag } from '../../../src/rfid/encode-tag.ts';
import { objectBytes } from '../../../src/rfid/objects.ts';
import { readTag } from '../../../src/rfid/read-tag.ts';
import { defaultTagRules, type TagRules } from '../../../src/rfid/tag.ts';
import { bytesOf } from './vectors.ts';

function written(part: { number: number; of?: number } | undefined): Uint8Array {
  const made = encodeTag(
    'iso28560-3',
    {
      primaryItemIdentifier: '39999000000101',
      owner: 'FI-HELSINKI',
      ...(part === undefined ? {} : { part }),
    },
    { memoryBytes: 112 },
  );
  if (!made.ok) throw new Error(made.error);
  return made.value;
}

/** Part 3 with these bytes for parts and part, and the checksum made right again by an encoder of no model. */
function withParts(total: number, ordinal: number): Uint8Array {
  const memory = written(undefined);
  memory[1] = total;
  memory[2] = ordinal;
  let crc = 0xffff;
  for (const at of [...Array(19).keys(), ...Array.from({ length: 13 }, (_, index) => 21 + index)]) {
    crc ^= (memory[at] ?? 0) << 8;
    for (let bit = 0; bit < 8; bit++)
      crc = (crc & 0x8000) === 0 ? (crc << 1) & 0xffff : ((crc << 1) ^ 0x1021) & 0xffff;
  }
  memory[19] = crc & 0xff;
  memory[20] = crc >> 8;
  return memory;
}

test('a checksum that is wrong by one bit, in any byte that it covers', () => {
  for (const at of [...Array(34).keys()]) {
    const memory = written({ number: 2, of: 3 });
    memory[at] = (memory[at] ?? 0) ^ 0x01;
    const reading = readTag(memory, { dsfid: 0x3e });
    expect(reading.kind).not.toBe('item');
  }
});

test.each<[TagRules['acceptBadCrc'], string, string]>([
  ['never', '444b3731383530300000000000', 'unreadable'],
  ['never', '00000000000000000000000000', 'unreadable'],
  ['legacyOnly', '444b3731383530300000000000', 'unreadable'],
  ['legacyOnly', '00000000000000000000000000', 'item'],
  ['always', '444b3731383530300000000000', 'item'],
])('a wrong checksum, taken %s, with the owner %s: %s', (acceptBadCrc, owner, kind) => {
  const memory = bytesOf(`1101013130303030303030353600000000000001 02${owner}`.replaceAll(' ', ''));
  const reading = readTag(memory, {}, { ...defaultTagRules, acceptBadCrc });
  expect(reading.kind).toBe(kind);
  if (reading.kind === 'item') expect(reading.item.deviations).toContain('badCrc');
});

test('part 0 of 0 is an item of one part or unreadable, as the library says', () => {
  const memory = withParts(0, 0);
  expect(readTag(memory)).toMatchObject({ kind: 'item', item: { deviations: ['partZero'] } });
  expect(readTag(memory)).not.toHaveProperty('item.part');
  expect(readTag(memory, {}, { ...defaultTagRules, partZero: 'refuse' })).toEqual({
    kind: 'unreadable',
    why: 'partsImpossible',
  });
});

test('10 of 16 is a part like another, and so is one whose count stands on the main part', () => {
  expect(readTag(withParts(16, 10))).toMatchObject({ item: { part: { number: 10, of: 16 } } });
  const counted = readTag(withParts(0, 2));
  expect(counted).toMatchObject({ item: { part: { number: 2 }, deviations: [] } });
  expect(counted).not.toHaveProperty('item.part.of');
});

test('part 3 of 2 has its numbers the wrong way round', () => {
  expect(readTag(withParts(2, 3))).toMatchObject({
    item: { part: { number: 2, of: 3 }, deviations: ['partsSwapped'] },
  });
});

test('an identifier of 200 bytes, and one that would break a message', () => {
  const object = (text: string): Uint8Array =>
    Uint8Array.from([
      ...objectBytes({
        oid: 1,
        code: 6,
        offset: false,
        pads: 0,
        data: compactAs(6, text) ?? new Uint8Array(),
      }),
      0,
    ]);
  expect(readTag(object('A'.repeat(200)), { dsfid: 6 })).toEqual({
    kind: 'unreadable',
    why: 'identifierTooLong',
  });
  for (const text of ['12|AOx|', '123\r09N', '12\u00003', '   '])
    expect(readTag(object(text), { dsfid: 6 })).toEqual({ kind: 'unreadable', why: 'identifierUnusable' });
});

test('few bytes are half a tag; many strange ones are another thing', () => {
  expect(readTag(new Uint8Array())).toEqual({ kind: 'unreadable', why: 'tooShort' });
  expect(readTag(written({ number: 1, of: 3 }).subarray(0, 16))).toEqual({
    kind: 'unreadable',
    why: 'tooShort',
  });
  const strange = new Uint8Array(112).fill(0xa5);
  expect(readTag(strange)).toEqual({ kind: 'foreign', damaged: false });
  expect(readTag(strange, { dsfid: 0x3e })).toEqual({ kind: 'foreign', damaged: true });
});

test('the memory is left as it is, also where it is a Buffer', () => {
  const memory = Buffer.from(withParts(3, 2));
  memory[3] = 0;
  const before = Buffer.from(memory);
  readTag(memory);
  expect(memory.equals(before)).toBe(true);
});

test('a broken extension leaves the item as it is', () => {
  const memory = written(undefined);
  memory.set([0x06, 0x65, 0x00, 0x00, 0x74, 0x61], 34);
  expect(readTag(memory)).toMatchObject({
    kind: 'item',
    item: { primaryItemIdentifier: '39999000000101', deviations: ['extensionBroken'] },
  });
});

test('a tag of ISO 28560-2 that ends in the middle of an object is no item', () => {
  const memory = bytesOf('9100051cbe991a140201d0140204b346');
  expect(readTag(memory, { dsfid: 6 })).toEqual({ kind: 'unreadable', why: 'tooShort' });
  const long = new Uint8Array(64).fill(0x67, 15);
  long.set(memory);
  expect(readTag(long, { dsfid: 6 })).toEqual({ kind: 'foreign', damaged: true });
});
