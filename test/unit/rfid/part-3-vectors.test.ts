import { describe, expect, test } from 'vitest';
import { reversedBlocks } from '../../../src/rfid/blocks.ts';
import { crc16 } from '../../../src/rfid/crc.ts';
import { fieldsOf, readExtensionBlocks } from '../../../src/rfid/extension-blocks.ts';
import { encodeFixed } from '../../../src/rfid/iso28560-3.ts';
import { readTag } from '../../../src/rfid/read-tag.ts';
import type { TagItem } from '../../../src/rfid/tag.ts';
import { bytesOf, fieldVectors, hexOf, ofModel, type TagVector } from './vectors.ts';

function memoryOf(vector: TagVector): Uint8Array {
  return bytesOf(vector.memory ?? '');
}

function itemOf(memory: Uint8Array, dsfid?: string | null): TagItem {
  const reading = readTag(memory, typeof dsfid === 'string' ? { dsfid: Number.parseInt(dsfid, 16) } : {});
  if (reading.kind !== 'item') throw new Error(`no item: ${JSON.stringify(reading)}`);
  return reading.item;
}

const vectors = ofModel('ISO28560-3');
const items = vectors.filter((vector) => vector.expect?.['primaryItemId'] !== undefined);
const forward = items.filter((vector) => vector.blockReversed !== true);

test('all kinds of vectors are here', () => {
  expect(items.length).toBe(6);
  expect(forward.length).toBe(5);
});

test.each(items)('$id is read', (vector) => {
  const item = itemOf(memoryOf(vector), vector.dsfid);
  const { expect: told = {} } = vector;
  expect(item.model).toBe('iso28560-3');
  expect(item.primaryItemIdentifier).toBe(told['primaryItemId']);
  expect(item.part).toBeUndefined();
  expect(item.owner?.replace('-', '')).toBe(told['isilRaw']);
  if (told['isil'] !== undefined) expect(item.owner).toBe(told['isil']);
  expect(item.usage).toBe('circulating');
  expect(item.deviations).toEqual(vector.blockReversed === true ? ['blocksReversed'] : []);
});

test.each(forward)('$id is written bit by bit', (vector) => {
  const memory = memoryOf(vector);
  const { primaryItemIdentifier, owner, usage } = itemOf(memory);
  const { blocks, broken } = readExtensionBlocks(memory);
  expect(broken).toBe(false);
  const written = encodeFixed(
    { primaryItemIdentifier, usage, ...(owner === undefined ? {} : { owner }) },
    memory.length,
    blocks,
  );
  if (!written.ok) throw new Error(written.error);
  expect(hexOf(written.value)).toBe(vector.memory);
});

test('a tag with turned blocks is the plain one, turned', () => {
  const turned = items.find((vector) => vector.blockReversed === true);
  const plain = items.find((vector) => vector.id === 'p3-de-705');
  if (turned === undefined || plain === undefined) throw new Error('a vector is missing');
  expect(hexOf(reversedBlocks(memoryOf(plain), 4)).slice(0, 60)).toBe(turned.memory?.slice(0, 60));
});

test('the extension blocks are read', () => {
  const vector = items.find(({ id }) => id === 'p3-iso-B2');
  const { blocks, broken } = readExtensionBlocks(memoryOf(vector ?? { id: '', model: '' }));
  expect(broken).toBe(false);
  expect(blocks.map(({ id }) => id)).toEqual([1, 2]);
  const [first, second] = blocks;
  if (first === undefined || second === undefined) throw new Error('two blocks');
  expect(hexOf(first.data)).toBe('01');
  expect(fieldsOf(second)).toEqual(['Bogvognen', '1234567890', '', 'a789656c']);
});

test('a blank tag is blank, and no checksum error', () => {
  const blank = vectors.find(({ id }) => id === 'p3-blank-34');
  expect(readTag(memoryOf(blank ?? { id: '', model: '' }))).toEqual({ kind: 'blank' });
});

test.each(ofModel('crc'))('$id: the checksum', ({ input, input_hex: hex, crc }) => {
  const bytes = input === undefined ? bytesOf(hex ?? '') : Uint8Array.from(Buffer.from(input, 'latin1'));
  expect(crc16(bytes, 0, bytes.length).toString(16)).toBe(crc);
});

describe('tags met in the field', () => {
  const whole = fieldVectors.filter(({ pii, dsfid }) => pii !== undefined && dsfid === undefined);

  test('there are some', () => {
    expect(whole.length).toBeGreaterThanOrEqual(5);
  });

  test.each(whole)('$name', ({ hex = '', pii, isil, parts, ordinal }) => {
    const item = itemOf(bytesOf(hex));
    expect(item.primaryItemIdentifier).toBe(pii);
    if (isil !== undefined) expect(item.owner).toBe(isil);
    if (parts !== undefined && parts > 1) expect(item.part).toEqual({ number: ordinal, of: parts });
    expect(item.deviations).toEqual([]);
  });

  test('numbers of parts above nine are numbers, not digits', () => {
    const sets = fieldVectors.filter(({ parts }) => (parts ?? 0) >= 10);
    expect(sets.map(({ hex = '' }) => itemOf(bytesOf(hex)).part)).toEqual([
      { number: 10, of: 10 },
      { number: 1, of: 16 },
    ]);
  });

  function named(name: string): Uint8Array {
    const vector = fieldVectors.find((one) => one.name.startsWith(name));
    if (vector?.hex === undefined) throw new Error(`no vector ${name}`);
    return bytesOf(vector.hex);
  }

  test('what is not for loan, and patron cards, are told', () => {
    expect(itemOf(named('type of usage 2')).usage).toBe('notForLoan');
    expect(itemOf(named('patron card')).usage).toBe('patronCard');
  });

  test('changed places of version and usage are seen, unless the library reads by the standard', () => {
    const memory = named('Bibliotheca nibble order');
    expect(itemOf(memory)).toMatchObject({ usage: 'notForLoan', deviations: ['nibblesSwapped'] });
    const byStandard = readTag(
      memory,
      {},
      { acceptBadCrc: 'never', partZero: 'single', usageNibbles: 'standard' },
    );
    expect(byStandard).toMatchObject({ kind: 'item', item: { usage: 'circulating', deviations: [] } });
  });

  test('a wrong checksum counts, whatever the owner looks like', () => {
    const memory = named('bad CRC');
    expect(readTag(memory)).toEqual({ kind: 'unreadable', why: 'badCrc' });
    expect(readTag(memory, { dsfid: 0x3e })).toEqual({ kind: 'unreadable', why: 'badCrc' });
  });
});
