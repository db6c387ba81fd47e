import { describe, expect, test } from 'vitest';
import { allFields, decode, firstField } from '../../../src/sip2/decode.ts';
import { charsetNamed, dialectOf, type Dialect, type DialectSettings } from '../../../src/sip2/dialect.ts';
import { encode, encodeParts, type EncodeError, type MessageParts } from '../../../src/sip2/encode.ts';
import { planOfCode } from '../../../src/sip2/lookup.ts';
import type { MessageInput } from '../../../src/sip2/messages.ts';
import { vectors } from './vectors.ts';

const date = '20261120    100000';

function checkout(fields: Partial<MessageInput<'11'>['fields']> = {}): MessageInput<'11'> {
  return {
    code: '11',
    fixed: { scRenewalPolicy: 'N', noBlock: 'N', transactionDate: date, nbDueDate: ' '.repeat(18) },
    fields: { AO: 'UWOLS', AA: 'djfiander', AB: '1565921879', AC: '', ...fields },
  };
}

function dialect(settings: DialectSettings): Dialect {
  const made = dialectOf(settings);
  if (!made.ok) throw new Error(made.error.kind);
  return made.value;
}

function bytesOf(message: MessageInput<'11'>, settings: DialectSettings = {}): Buffer {
  const written = encode(message, { dialect: dialect(settings) });
  if (!written.ok) throw new Error(`${written.error.kind} ${written.error.field}`);
  return written.value;
}

function errorOf(message: MessageInput<'11'>, settings: DialectSettings = {}): EncodeError | undefined {
  const written = encode(message, { dialect: dialect(settings) });
  return written.ok ? undefined : written.error;
}

describe('writing', () => {
  test('fields in the order of the table, repeated ones one after the other, extensions last', () => {
    const written = encode({
      code: '10',
      fixed: { ok: '1', resensitize: 'Y', magneticMedia: 'U', alert: 'N', transactionDate: date },
      fields: { AF: ['one', 'two'], AO: 'UWOLS', AQ: '', AB: '1', AG: [] },
      extra: [['CV', '01']],
    });
    expect(written.ok && written.value.toString()).toBe(`101YUN${date}AOUWOLS|AB1|AQ|AFone|AFtwo|CV01|\r`);
  });

  test('AY and AZ where there is a number; 96 and 97 without AY', () => {
    const status = {
      code: '99',
      fixed: { statusCode: '0', maxPrintWidth: '080', protocolVersion: '2.00' },
      fields: {},
    } as const;
    const text = (written: ReturnType<typeof encode>) =>
      written.ok ? written.value.toString() : written.error.kind;
    expect(text(encode(status, { sequence: 1 }))).toBe('9900802.00AY1AZFCA0\r');
    expect(text(encode(status))).toBe('9900802.00\r');
    expect(text(encode({ code: '97', fixed: {}, fields: {} }, { sequence: 7 }))).toBe('97AZFEF5\r');
    expect(text(encode({ code: '96', fixed: {}, fields: {} }, { sequence: 0 }))).toBe('96AZFEF6\r');
    expect(text(encode({ code: '96', fixed: {}, fields: {} }))).toBe('96\r');
  });

  test('another delimiter, another line end', () => {
    expect(bytesOf(checkout(), { delimiter: '^', terminator: 'CRLF' }).toString()).toBe(
      `11NN${date}${' '.repeat(18)}AOUWOLS^AAdjfiander^AB1565921879^AC^\r\n`,
    );
  });

  test.each([
    ['utf-8', 'c3a5'],
    ['iso-8859-1', 'e5'],
    ['cp850', '86'],
    ['windows-1250', undefined],
    ['cp852', undefined],
  ])('the letter å in %s', (charset, hex) => {
    if (hex === undefined) {
      expect(errorOf(checkout({ AA: 'å' }), { charset })).toEqual({ kind: 'charset', field: 'AA' });
      return;
    }
    expect(bytesOf(checkout({ AA: 'å' }), { charset }).toString('hex')).toContain(`4141${hex}7c`);
  });

  test('Czech in code page 852 and back', () => {
    const message = bytesOf(checkout({ AA: 'Příliš žluťoučký' }), { charset: 'cp852' });
    expect(firstField(decode(message, { dialect: dialect({ charset: 'cp852' }) }), 'AA')).toBe(
      'Příliš žluťoučký',
    );
  });
});

describe('what is refused, by name and never by value', () => {
  test.each<[string, Partial<MessageInput<'11'>['fields']>, EncodeError]>([
    ['a delimiter', { AB: '12|34' }, { kind: 'character', field: 'AB' }],
    ['a carriage return', { AB: '12\r34' }, { kind: 'character', field: 'AB' }],
    ['a line feed after a letter beyond ASCII', { AB: 'ä\n' }, { kind: 'character', field: 'AB' }],
    ['a NUL', { AA: '\0' }, { kind: 'character', field: 'AA' }],
    ['a value too long', { CH: 'x'.repeat(256) }, { kind: 'tooLong', field: 'CH' }],
    ['half a character', { AA: '\ud800' }, { kind: 'charset', field: 'AA' }],
    ['a delimiter in a PIN', { AD: Buffer.from('12|4') }, { kind: 'character', field: 'AD' }],
    ['a PIN that is no text', { AD: Uint8Array.of(0xff) }, { kind: 'charset', field: 'AD' }],
  ])('%s', (_what, fields, error) => expect(errorOf(checkout(fields))).toEqual(error));

  test.each<[string, MessageParts, EncodeError]>([
    [
      'a flag of no such value',
      { code: '94', fixed: { ok: 'Y' }, fields: [] },
      { kind: 'form', field: 'ok' },
    ],
    ['a missing fixed field', { code: '94', fixed: {}, fields: [] }, { kind: 'missing', field: 'ok' }],
    [
      'a date of another form',
      { code: '17', fixed: { transactionDate: '2026-11-20 10:00:0' }, fields: [] },
      { kind: 'form', field: 'transactionDate' },
    ],
    [
      'a missing field',
      { code: '17', fixed: { transactionDate: date }, fields: [['AO', '']] },
      { kind: 'missing', field: 'AB' },
    ],
    ['an unknown code', { code: '77', fixed: {}, fields: [] }, { kind: 'unknownCode', field: '77' }],
    ['a code of three', { code: '991', fixed: {}, fields: [] }, { kind: 'unknownCode', field: '991' }],
    [
      'an id of error detection',
      { code: '94', fixed: { ok: '1' }, fields: [['AZ', '0000']] },
      { kind: 'id', field: 'AZ' },
    ],
    [
      'an id of one character',
      { code: '94', fixed: { ok: '1' }, fields: [['A', '']] },
      { kind: 'id', field: 'A' },
    ],
    [
      'a variable flag of no such value',
      { code: '94', fixed: { ok: '1' }, fields: [['BL', 'J']] },
      { kind: 'form', field: 'BL' },
    ],
  ])('%s', (_what, parts, error) => expect(encodeParts(parts)).toEqual({ ok: false, error }));
});

describe('a PIN as bytes', () => {
  test('is written as it is in UTF-8', () => {
    expect(bytesOf(checkout({ AD: Buffer.from('sala sana ä€') })).toString()).toContain('ADsala sana ä€|');
  });

  test('is carried over to another charset', () => {
    const message = bytesOf(checkout({ AD: Buffer.from('pässi€') }), { charset: 'windows-1252' });
    expect(message.toString('latin1')).toContain('ADp\u00e4ssi\u0080|');
    expect(errorOf(checkout({ AD: Buffer.from('č') }), { charset: 'cp850' })).toEqual({
      kind: 'charset',
      field: 'AD',
    });
  });
});

describe('each optional field missing', () => {
  const conformant = vectors.filter((vector) => vector.conformant && vector.delimiter === '|');

  test.each(conformant.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
    const { code = '', fixed = {}, fields = [] } = vector.expected ?? {};
    const required = new Set(
      planOfCode(code)
        ?.fields.filter((place) => place.required)
        .map((place) => place.id),
    );
    fields.forEach(([id], left) => {
      const rest = fields.filter((_field, index) => index !== left);
      const written = encodeParts({ code, fixed, fields: rest }, { sequence: 5 });
      if (required.has(id) && !rest.some(([other]) => other === id)) {
        expect(written).toEqual({ ok: false, error: { kind: 'missing', field: id } });
        return;
      }
      const message = decode(written.ok ? written.value : Buffer.alloc(0));
      expect(message.deviations).toEqual([]);
      expect(message.fields).toEqual(rest.map(([name, value]) => [name, value.normalize('NFC')]));
    });
  });
});

describe('reading what no one should send', () => {
  test('fields that are not kept never become text, and required ones count all the same', () => {
    const line = Buffer.from(`24${' '.repeat(14)}001${date}AO|AA1|AEDoug Fiander|BDKatu 1|ZZx|BLY|CQY|`);
    const message = decode(line, { keep: { '24': new Set(['AA', 'CQ']) } });
    expect(message.fields).toEqual([
      ['AA', '1'],
      ['CQ', 'Y'],
    ]);
    expect(message.deviations).toEqual([]);
    expect(JSON.stringify(message)).not.toContain('Doug');
  });

  test('of a message that is not named nothing is kept', () => {
    const line = Buffer.from(`36Y${date}AO|AA1|AFHei|`);
    expect(decode(line, { keep: { '24': new Set(['AA']) } }).fields).toEqual([]);
    const unknown = decode(Buffer.from('XXAADoug'), { keep: {} });
    expect(unknown.code === undefined && unknown.body.length).toBe(0);
  });

  test('repeated and unknown fields stay in their order', () => {
    const message = decode(Buffer.from(`36Y${date}AO1|ZZa|AO2|AA1|ZZb|AFx|AFy|`));
    expect(message.fields.map(([id, value]) => id + value)).toEqual([
      'AO1',
      'ZZa',
      'AO2',
      'AA1',
      'ZZb',
      'AFx',
      'AFy',
    ]);
    expect(message.deviations).toEqual([{ kind: 'repeated', field: 'AO' }]);
    expect([firstField(message, 'AO'), allFields(message, 'ZZ'), firstField(message, 'QQ')]).toEqual([
      '1',
      ['a', 'b'],
      undefined,
    ]);
  });

  test('a message cut within its fixed part gives short values', () => {
    const message = decode(Buffer.from('121NU'));
    expect(message.code === '12' && message.fixed).toEqual({
      ok: '1',
      renewalOk: 'N',
      magneticMedia: 'U',
      desensitize: '',
      transactionDate: '',
    });
  });

  test('bytes that are no UTF-8 are read as the usual lie, and told', () => {
    const message = decode(Buffer.from(`36Y${date}AO1|AA1|AFK\u00e4ykk\u00e4|`, 'latin1'));
    expect(firstField(message, 'AF')).toBe('Käykkä');
    expect(message.deviations).toEqual([{ kind: 'charset', field: 'AF' }]);
  });

  test('a checksum in small letters is as good', () => {
    expect(decode(Buffer.from('9900802.00AY1AZfca0')).checksum).toBe('right');
    expect(decode(Buffer.from('9900802.00AY1AZfca1')).checksum).toBe('wrong');
  });

  test('a line end at either side belongs to no message', () => {
    expect(decode(Buffer.from('\n\r941AY0AZFDFD\r\n')).checksum).toBe('right');
  });
});

describe('dialects', () => {
  test.each([
    'utf-8',
    'UTF8',
    'iso-8859-1',
    'iso-8859-2',
    'cp850',
    'cp852',
    'windows-1250',
    'windows-1252',
    'cp437',
  ])('%s is a charset', (name) => expect(charsetNamed(name)).toBeDefined());

  test.each(['utf-16', 'klingon', 'utf-7-imap', 'base64', ''])('%j is none', (name) =>
    expect(charsetNamed(name)).toBeUndefined(),
  );

  test.each(['', 'ab', 'A', '5', ' ', '\r', '\n', '\u0100', 0, 256, 1.5])('%j is no delimiter', (delimiter) =>
    expect(dialectOf({ delimiter }).ok).toBe(false),
  );

  test.each(['^', '\t', 0x80, '~'])('%j is one', (delimiter) =>
    expect(dialectOf({ delimiter }).ok).toBe(true),
  );
});
