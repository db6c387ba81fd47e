import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reversedBlocks } from '../../../src/rfid/blocks.ts';
import { compact, expand } from '../../../src/rfid/compaction.ts';
import { encodeObjects, type TextObject } from '../../../src/rfid/encode-objects.ts';
import { encodeTag } from '../../../src/rfid/encode-tag.ts';
import { compactIsil, expandIsil } from '../../../src/rfid/isil-compaction.ts';
import { readObjects, textOf } from '../../../src/rfid/objects.ts';
import { readTag } from '../../../src/rfid/read-tag.ts';
import { setsOf } from '../../../src/rfid/sets.ts';
import type { TagContent } from '../../../src/rfid/tag-content.ts';
import { bytesOf, tagVectors } from '../../unit/rfid/vectors.ts';

const dumps = tagVectors.flatMap(({ memory }) => (memory === undefined ? [] : [bytesOf(memory)]));
const dsfid = fc.constantFrom(undefined, 0x00, 0x06, 0x3e);
const rules = fc.record({
  acceptBadCrc: fc.constantFrom('never', 'legacyOnly', 'always'),
  partZero: fc.constantFrom('single', 'refuse'),
  usageNibbles: fc.constantFrom('auto', 'standard'),
} as const);

/** Real tags with some bytes changed and the end cut off. */
const spoiled = fc
  .tuple(fc.constantFrom(...dumps), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(128))
  .map(([dump, changes, length]) => {
    const bytes = dump.slice(0, length);
    for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
    return bytes;
  });

const digits = fc.stringMatching(/^\d{1,16}$/u);
const barcode = fc.oneof(digits, fc.stringMatching(/^[A-Z]{1,4}\d{3,10}$/u));
const isil = fc.stringMatching(/^[A-Z]{2}-[A-Za-z0-9]{1,9}$/u);
const part = fc
  .tuple(fc.integer({ min: 2, max: 15 }), fc.integer({ min: 1, max: 15 }))
  .map(([of, number]) => ({ of, number: Math.min(of, number) }));

function contentOf(
  identifier: string,
  set: { of: number; number: number } | undefined,
  owner?: string,
): TagContent {
  return {
    primaryItemIdentifier: identifier,
    ...(set === undefined ? {} : { part: set }),
    ...(owner === undefined ? {} : { owner }),
    usage: 'circulating',
  };
}

describe('reading', () => {
  test('any bytes give a value, and the bytes are left alone', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 128 }), spoiled),
        dsfid,
        rules,
        fc.constantFrom(1, 4, 8),
        (bytes, format, how, blockBytes) => {
          const before = bytes.slice();
          const reading = readTag(
            bytes,
            { ...(format === undefined ? {} : { dsfid: format }), blockBytes },
            how,
          );
          expect(bytes).toEqual(before);
          if (reading.kind !== 'item') return;
          const { primaryItemIdentifier, part: place } = reading.item;
          expect(primaryItemIdentifier).toMatch(/^[^|\p{Cc}]{1,64}$/u);
          if (place?.of !== undefined) expect(place.number).toBeLessThanOrEqual(place.of);
          expect(place?.number ?? 1).toBeGreaterThanOrEqual(1);
          expect(setsOf([{ uid: 'E0', item: reading.item }], 'everyPart')).toHaveLength(1);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('a checksum lets no single wrong bit through', () => {
    fc.assert(
      fc.property(barcode, isil, fc.nat(33 * 8), (identifier, owner, bit) => {
        const made = encodeTag('iso28560-3', contentOf(identifier, undefined, owner), { memoryBytes: 34 });
        if (!made.ok) return;
        const memory = made.value;
        memory[bit >> 3] = (memory[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const reading = readTag(memory);
        if (reading.kind === 'item') expect(reading.item.model).not.toBe('iso28560-3');
      }),
    );
  });
});

describe('what is written is read', () => {
  test('ISO 28560-3, plain and with turned blocks', () => {
    fc.assert(
      fc.property(
        barcode,
        fc.option(part, { nil: undefined }),
        isil,
        fc.constantFrom(32, 34, 112),
        fc.boolean(),
        (identifier, set, owner, memoryBytes, turned) => {
          const made = encodeTag('iso28560-3', contentOf(identifier, set, owner), { memoryBytes });
          // An ISIL of 12 signs is too long for the small chip, and refused.
          if (!made.ok) return expect([made.error, memoryBytes]).toEqual(['ownerTooLong', 32]);
          if (turned && memoryBytes % 4 !== 0) return;
          const reading = readTag(turned ? reversedBlocks(made.value, 4) : made.value);
          expect(reading).toEqual({
            kind: 'item',
            item: {
              model: 'iso28560-3',
              primaryItemIdentifier: identifier,
              ...(set === undefined ? {} : { part: set }),
              owner,
              usage: 'circulating',
              deviations: turned ? ['blocksReversed'] : [],
            },
          });
        },
      ),
    );
  });

  test('ISO 28560-2', () => {
    fc.assert(
      fc.property(barcode, fc.option(part, { nil: undefined }), isil, (identifier, set, owner) => {
        const made = encodeTag('iso28560-2', contentOf(identifier, set, owner), { memoryBytes: 112 });
        if (!made.ok) throw new Error(made.error);
        expect(readTag(made.value, { dsfid: 0x06 })).toEqual({
          kind: 'item',
          item: {
            model: 'iso28560-2',
            primaryItemIdentifier: identifier,
            ...(set === undefined ? {} : { part: set }),
            owner,
            usage: 'circulating',
            deviations: [],
          },
        });
      }),
    );
  });

  test('RFID501', () => {
    fc.assert(
      fc.property(barcode, fc.option(part, { nil: undefined }), (identifier, set) => {
        const made = encodeTag('rfid501', contentOf(identifier, set), { memoryBytes: 32 });
        if (!made.ok) throw new Error(made.error);
        expect(readTag(made.value)).toMatchObject({
          kind: 'item',
          item: { model: 'rfid501', primaryItemIdentifier: identifier },
        });
      }),
    );
  });

  test('any text in the scheme that is chosen for it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), digits), (text) => {
        const made = compact(text);
        // A lone surrogate is no text.
        if (made === undefined) return expect(text.isWellFormed()).toBe(false);
        expect(expand(made.code, made.data)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test('any ISIL', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9:/-]{1,16}$/u), (text) => {
        expect(expandIsil(compactIsil(text) ?? new Uint8Array())).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test('locked objects lie in blocks of their own', () => {
    const objects = fc.uniqueArray(
      fc.record({ oid: fc.integer({ min: 6, max: 60 }), text: fc.stringMatching(/^[A-Za-z0-9. ]{1,12}$/u) }),
      { maxLength: 5, selector: (object) => object.oid },
    );
    fc.assert(
      fc.property(
        barcode,
        objects,
        fc.array(fc.integer({ min: 3, max: 60 })),
        fc.constantFrom(4, 8),
        (identifier, more, locked, blockBytes) => {
          // These have forms of their own.
          const texts: TextObject[] = more.filter(({ oid }) => oid !== 11);
          const made = encodeObjects(
            { primaryItemIdentifier: identifier, owner: 'FI-Mamk-M' },
            { memoryBytes: 256, blockBytes, locked: [1, ...locked] },
            texts,
          );
          if (!made.ok) throw new Error(made.error);
          const { objects: read, damaged } = readObjects(made.value);
          expect(damaged).toBe(false);
          expect(read.filter(({ oid }) => oid > 3).map((object) => [object.oid, textOf(object)])).toEqual(
            expect.arrayContaining(texts.map(({ oid, text }) => [oid, text])),
          );
          const isLocked = (oid: number | undefined): boolean =>
            oid === 1 || (oid !== undefined && locked.includes(oid));
          for (const [index, object] of read.entries()) {
            if (isLocked(object.oid) && !isLocked(read[index - 1]?.oid))
              expect(object.at % blockBytes).toBe(0);
            const before = read[index - 1];
            if (!isLocked(object.oid) && isLocked(before?.oid)) expect(object.at % blockBytes).toBe(0);
          }
        },
      ),
    );
  });
});
