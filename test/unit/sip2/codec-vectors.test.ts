import { describe, expect, test } from 'vitest';
import { decode, type Decoded, type Deviation } from '../../../src/sip2/decode.ts';
import { dialectOf, type Dialect } from '../../../src/sip2/dialect.ts';
import { encodeParts } from '../../../src/sip2/encode.ts';
import { writeLoosely } from '../../../src/sip2/loose.ts';
import { body, vectors, wire, type Vector } from './vectors.ts';

function dialect(vector: Vector): Dialect {
  const made = dialectOf({ delimiter: vector.delimiter });
  if (!made.ok) throw new Error(made.error.kind);
  return made.value;
}

function read(vector: Vector): Decoded {
  return decode(wire(vector), { dialect: dialect(vector) });
}

/** What the vectors’ words for a deviation are called here. */
function named(words: string): Partial<Deviation> {
  const missing = /^required field (..) missing$/.exec(words);
  if (missing !== null) return { kind: 'missing', field: String(missing[1]) };
  const short = /^(..) is not|^(BX) has/.exec(words);
  if (short !== null) return { kind: 'fieldForm', field: String(short[1] ?? short[2]) };
  const fixed = /^(\w+) is not /.exec(words);
  if (fixed !== null) return { kind: 'fixedForm', field: String(fixed[1]) };
  const simple: Readonly<Record<string, Partial<Deviation>>> = {
    'empty segment (stray delimiter)': { kind: 'emptySegment' },
    'last variable field lacks its delimiter': { kind: 'unterminated' },
    'AZ without AY': { kind: 'noSequence' },
    'unknown message code': { kind: 'unknownCode' },
    'patron status has characters other than Y/blank': { kind: 'fixedForm', field: 'patronStatus' },
  };
  const found = simple[words];
  if (found === undefined) throw new Error(`no name for: ${words}`);
  return found;
}

test('there are 263 vectors', () => expect(vectors).toHaveLength(263));

const known = vectors.filter((vector) => vector.expected !== null);

test('a message of no known code keeps its body as it came', () => {
  const unknown = vectors.filter((vector) => vector.expected === null);
  const read = unknown.map((vector) => {
    const decoded = decode(wire(vector));
    return decoded.code === undefined
      ? decoded.rawCode + Buffer.from(decoded.body).toString('utf8')
      : 'known';
  });
  expect(read).toEqual(['XXSomeUnknownData']);
});

describe.each(known.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
  test('reads as expected', () => {
    const { code, fixed = {}, fields } = { fixed: undefined, ...read(vector) };
    const expected = vector.expected?.fields.map(([id, value]) => [id, value.normalize('NFC')]);
    expect({ code, fixed, fields }).toEqual({
      code: vector.expected?.code,
      fixed: vector.expected?.fixed,
      fields: expected,
    });
  });
});

describe.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
  test('has the verdict on its checksum', () => {
    const { present, seq, valid } = vector.checksum;
    const decoded = read(vector);
    expect(decoded.checksum).toBe(!present ? 'absent' : valid === true ? 'right' : 'wrong');
    expect(decoded.sequence).toBe(seq ?? undefined);
  });

  test('has its deviations told', () => {
    const { deviations } = read(vector);
    for (const words of vector.deviations) {
      expect(deviations).toContainEqual(expect.objectContaining(named(words)));
    }
    expect(vector.conformant && deviations.length > 0).toBe(false);
  });
});

describe.each(vectors.filter((vector) => vector.conformant).map((vector) => [vector.id, vector] as const))(
  '%s, conformant',
  (_id, vector) => {
    test('is written again with the same bytes', () => {
      if (vector.expected === null) throw new Error('conformant without a parse');
      const sequence = vector.checksum.present ? (vector.checksum.seq ?? 0) : undefined;
      const written = encodeParts(vector.expected, { dialect: dialect(vector), sequence });
      if (!written.ok) throw new Error(`${written.error.kind} ${written.error.field}`);
      expect(written.value.toString('hex')).toBe(
        Buffer.concat([body(vector), Buffer.from('\r')]).toString('hex'),
      );
    });
  },
);

function tailOf({ checksum }: Vector): string {
  if (!checksum.present) return '';
  return `${checksum.seq === null ? '' : `AY${checksum.seq}`}AZ${checksum.value ?? ''}`;
}

describe.each(known.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
  test('loosely written gives its own bytes, if it can', () => {
    if (vector.expected === null) throw new Error('no parse');
    const { code, fixed, fields } = vector.expected;
    const parts = { code, fixed: Object.values(fixed), fields, tail: tailOf(vector) };
    const same = writeLoosely(parts, dialect(vector)).equals(body(vector));
    expect(same).toBe(vector.roundTrips === true);
  });
});
