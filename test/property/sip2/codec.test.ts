import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../../src/sip2/decode.ts';
import { dialectOf, standardDialect } from '../../../src/sip2/dialect.ts';
import { encodeParts, renumber } from '../../../src/sip2/encode.ts';
import { LineReader } from '../../../src/sip2/framing.ts';
import { masked } from '../../../src/sip2/masked.ts';
import { vectors, wire } from '../../unit/sip2/vectors.ts';

function lines(chunks: readonly Uint8Array[]): string[] {
  const read: string[] = [];
  const reader = new LineReader({
    line: (bytes) => read.push(Buffer.from(bytes).toString('hex')),
    overlong: () => read.push('overlong'),
  });
  for (const chunk of chunks) reader.push(chunk);
  return read;
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return sorted.slice(1).map((to, index) => bytes.subarray(sorted[index], to));
}

const places = fc.array(fc.nat(), { maxLength: 60 });

describe('framing', () => {
  const stream = Buffer.concat(vectors.map(wire));

  test('any chunking gives the same messages', () => {
    const whole = lines([stream]);
    expect(whole).toHaveLength(vectors.length);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 400 }), (at) => {
        expect(lines(cut(stream, at))).toEqual(whole);
      }),
    );
  });

  test('any chunking of any bytes gives the same lines', () => {
    const bytes = fc.array(fc.constantFrom(0x0d, 0x0a, 0x00, 0x41, 0x42), { maxLength: 60 });
    fc.assert(
      fc.property(bytes, places, (values, at) => {
        const whole = Buffer.from(values);
        expect(lines(cut(whole, at))).toEqual(lines([whole]));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('decoding', () => {
  test('random bytes never throw, in any dialect', () => {
    const dialects = [{}, { charset: 'cp850' }, { charset: 'iso-8859-2', delimiter: '^' }].map((settings) => {
      const made = dialectOf(settings);
      if (!made.ok) throw new Error(made.error.kind);
      return made.value;
    });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...dialects), (bytes, dialect) => {
        expect(decode(bytes, { dialect }).deviations).toBeInstanceOf(Array);
        expect(masked(bytes, dialect)).not.toBe('');
      }),
      { numRuns: 3000 },
    );
  });

  test('a vector with any bytes changed never throws, and a changed byte never passes the checksum', () => {
    const checked = vectors.filter((vector) => vector.checksum.valid === true).map(wire);
    const change = fc.record({ at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(fc.constantFrom(...checked), change, (bytes, { at, by }) => {
        const trimmed = bytes.subarray(0, bytes.lastIndexOf(0x0d));
        const changed = Buffer.from(trimmed);
        const place = at % (changed.length - 9);
        changed.writeUInt8((changed.readUInt8(place) + by) % 256, place);
        expect(['wrong', 'absent']).toContain(decode(changed).checksum);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('encoding', () => {
  const value = fc
    .string({ unit: 'grapheme', maxLength: 80 })
    .filter((text) => /^[^\p{Cc}|]*$/u.test(text) && text.isWellFormed() && text.length <= 255);

  test('what was written is read again, whatever the values', () => {
    fc.assert(
      fc.property(
        value,
        value,
        fc.array(value, { maxLength: 5 }),
        fc.integer({ min: 0, max: 9 }),
        (item, title, texts, sequence) => {
          const fixed = {
            circulationStatus: '03',
            securityMarker: '00',
            feeType: '01',
            transactionDate: '20261120    100000',
          };
          const fields = [
            ['AB', item],
            ['AJ', title],
            ...texts.map((text) => ['AF', text] as const),
          ] as const;
          const written = encodeParts({ code: '18', fixed, fields }, { sequence });
          if (!written.ok) throw new Error(`${written.error.kind} ${written.error.field}`);
          const message = decode(written.value);
          expect(message).toMatchObject({ code: '18', fixed, sequence, checksum: 'right', deviations: [] });
          expect(message.fields).toEqual(fields.map(([id, text]) => [id, text.normalize('NFC')]));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a new number gives what writing with it would have given', () => {
    const digit = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(value, digit, digit, fc.constantFrom('CR', 'CRLF'), (item, first, second, terminator) => {
        const dialect = { ...standardDialect, terminator } as const;
        const parts = {
          code: '17',
          fixed: { transactionDate: '20261120    100000' },
          fields: [
            ['AO', ''],
            ['AB', item],
          ],
        } as const;
        const [one, two] = [first, second].map((sequence) => encodeParts(parts, { dialect, sequence }));
        if (one?.ok !== true || two?.ok !== true) throw new Error('not written');
        renumber(one.value, dialect, second);
        expect(one.value.equals(two.value)).toBe(true);
      }),
    );
  });
});
