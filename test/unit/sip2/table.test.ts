import { describe, expect, test } from 'vitest';
import { decode, firstField } from '../../../src/sip2/decode.ts';
import { charsetNamed, dialectOf } from '../../../src/sip2/dialect.ts';
import { encodeParts } from '../../../src/sip2/encode.ts';
import { extensions } from '../../../src/sip2/extensions.ts';
import { fields } from '../../../src/sip2/fields.ts';
import { planOfCode } from '../../../src/sip2/lookup.ts';
import { masked } from '../../../src/sip2/masked.ts';
import { messages } from '../../../src/sip2/messages.ts';
import { body, vectors } from './vectors.ts';

/** The standard’s own tables, written out by hand: fixed part with its widths; variable fields, `!` where required. */
const standard: Readonly<Record<string, readonly [fixed: string, variable: string]>> = {
  '23': ['language 3 transactionDate 18', 'AO! AA! AC! AD!'],
  '11': ['scRenewalPolicy 1 noBlock 1 transactionDate 18 nbDueDate 18', 'AO! AA! AB! AC! CH AD BO BI'],
  '09': ['noBlock 1 transactionDate 18 returnDate 18', 'AP! AO! AB! AC! CH BI'],
  '01': ['cardRetained 1 transactionDate 18', 'AO! AL! AA! AC!'],
  '99': ['statusCode 1 maxPrintWidth 3 protocolVersion 4', ''],
  '97': ['', ''],
  '93': ['uidAlgorithm 1 pwdAlgorithm 1', 'CN! CO! CP'],
  '63': ['language 3 transactionDate 18 summary 10', 'AO! AA! AC AD BP BQ'],
  '35': ['transactionDate 18', 'AO! AA! AC AD'],
  '37': ['transactionDate 18 feeType 2 paymentType 2 currencyType 3', 'BV! AO! AA! AC AD CG BK'],
  '17': ['transactionDate 18', 'AO! AB! AC'],
  '19': ['transactionDate 18', 'AO! AB! CH! AC'],
  '25': ['transactionDate 18', 'AO! AA! AC AD'],
  '15': ['holdMode 1 transactionDate 18', 'BW BS BY AO! AA! AD AB AJ AC BO'],
  '29': ['thirdPartyAllowed 1 noBlock 1 transactionDate 18 nbDueDate 18', 'AO! AA! AD AB AJ AC CH BO'],
  '65': ['transactionDate 18', 'AO! AA! AD AC BO'],
  '24': ['patronStatus 14 language 3 transactionDate 18', 'AO! AA! AE! BL CQ BH BV AF AG'],
  '12': [
    'ok 1 renewalOk 1 magneticMedia 1 desensitize 1 transactionDate 18',
    'AO! AA! AB! AJ! AH! BT CI BH BV CK CH BK AF AG',
  ],
  '10': ['ok 1 resensitize 1 magneticMedia 1 alert 1 transactionDate 18', 'AO! AB! AQ! AJ CL AA CK CH AF AG'],
  '98': [
    'onLineStatus 1 checkinOk 1 checkoutOk 1 acsRenewalPolicy 1 statusUpdateOk 1 offLineOk 1 timeoutPeriod 3 retriesAllowed 3 dateTimeSync 18 protocolVersion 4',
    'AO! BX! AM AN AF AG',
  ],
  '96': ['', ''],
  '94': ['ok 1', ''],
  '64': [
    'patronStatus 14 language 3 transactionDate 18 holdItemsCount 4 overdueItemsCount 4 chargedItemsCount 4 fineItemsCount 4 recallItemsCount 4 unavailableHoldsCount 4',
    'AO! AA! AE! BZ CA CB BL CQ BH BV CC AS AT AU AV BU CD BD BE BF AF AG',
  ],
  '36': ['endSession 1 transactionDate 18', 'AO! AA! AF AG'],
  '38': ['paymentAccepted 1 transactionDate 18', 'AO! AA! BK AF AG'],
  '18': [
    'circulationStatus 2 securityMarker 2 feeType 2 transactionDate 18',
    'CF AH CJ CM AB! AJ! BG BH BV CK AQ AP CH AF AG',
  ],
  '20': ['itemPropertiesOk 1 transactionDate 18', 'AB! AJ CH AF AG'],
  '26': ['patronStatus 14 language 3 transactionDate 18', 'AO! AA! AE! BL CQ AF AG'],
  '16': ['ok 1 available 1 transactionDate 18', 'BW BR BS AO! AA! AB AJ AF AG'],
  '30': [
    'ok 1 renewalOk 1 magneticMedia 1 desensitize 1 transactionDate 18',
    'AO! AA! AB! AJ! AH! BT CI BH BV CK CH BK AF AG',
  ],
  '66': ['ok 1 renewedCount 4 unrenewedCount 4 transactionDate 18', 'AO! BM BN AF AG'],
};

/** Each message with the length of its fixed part, and each request with its answer. */
const lengths =
  '01:19 09:37 10:22 11:38 12:22 15:19 16:20 17:18 18:24 19:18 20:19 23:21 24:35 25:18 26:35 29:38 30:22 35:18 36:19 37:25 38:19 63:31 64:59 65:18 66:27 93:2 94:1 98:34 99:8 96:0 97:0';
const pairs = '23:24 11:12 09:10 01:24 99:98 93:94 63:64 35:36 37:38 17:18 19:20 25:26 15:16 29:30 65:66';

/** Every id that 2.12 assigns; AY and AZ belong to error detection. */
const assigned =
  'AA AB AC AD AE AF AG AH AJ AL AM AN AO AP AQ AS AT AU AV BD BE BF BG BH BI BK BL BM BN BO BP BQ BR BS BT BU BV BW BX BY BZ CA CB CC CD CF CG CH CI CJ CK CL CM CN CO CP CQ';

describe('the table is the standard’s', () => {
  test('every message, and no other', () => {
    expect(Object.keys(messages).toSorted()).toEqual(Object.keys(standard).toSorted());
  });

  test.each(Object.entries(standard))('%s', (code, [fixed, variable]) => {
    const plan = planOfCode(code);
    expect(plan?.fixed.map(({ name, from, to }) => `${name} ${to - from}`).join(' ')).toBe(fixed);
    const written = plan?.fields.map(({ id, required }) => `${id}${required ? '!' : ''}`) ?? [];
    expect(written.toSorted()).toEqual(
      variable
        .split(' ')
        .filter((slot) => slot !== '')
        .toSorted(),
    );
  });

  test('the length of each fixed part', () => {
    for (const entry of lengths.split(' ')) {
      const [code = '', length] = entry.split(':');
      expect(`${code}:${planOfCode(code)?.fixedBytes}`).toBe(`${code}:${length}`);
    }
  });

  test('each request has its answer', () => {
    const answers = Object.entries(messages).flatMap(([code, spec]) =>
      'answer' in spec ? [`${code}:${spec.answer}`] : [],
    );
    expect(answers.toSorted()).toEqual(pairs.split(' ').toSorted());
  });

  test('every field, and no other', () => {
    expect(Object.keys(fields).toSorted()).toEqual(assigned.split(' '));
  });
});

describe('what was read is written again, byte for byte', () => {
  const conformant = vectors.filter((vector) => vector.conformant);

  test.each(conformant.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
    const made = dialectOf({ delimiter: vector.delimiter });
    if (!made.ok) throw new Error(made.error.kind);
    const message = decode(body(vector), { dialect: made.value, asOnTheWire: true });
    if (message.code === undefined) throw new Error('of no code');
    const { code, fixed, fields: read, checksum } = message;
    const sequence = checksum === 'absent' ? undefined : (message.sequence ?? 0);
    const written = encodeParts({ code, fixed, fields: read }, { dialect: made.value, sequence });
    expect(written.ok && written.value.subarray(0, -1).toString('hex')).toBe(body(vector).toString('hex'));
  });
});

describe('extensions', () => {
  test('none has an id of the standard', () => {
    expect(Object.keys(extensions).filter((id) => id in fields || id === 'AY' || id === 'AZ')).toEqual([]);
  });

  const parts = {
    code: '10',
    fixed: {
      ok: '1',
      resensitize: 'Y',
      magneticMedia: 'N',
      alert: 'Y',
      transactionDate: '20261120    100000',
    },
  } as const;
  const base = [
    ['AO', 'X'],
    ['AB', '1'],
    ['AQ', ''],
  ] as const;

  test('are read and written in their order, and a log shows only what is open', () => {
    const written = encodeParts({ ...parts, fields: [...base, ['CV', '01'], ['CY', '21999'], ['ZZ', 'x']] });
    if (!written.ok) throw new Error(written.error.field);
    const message = decode(written.value);
    expect(message.fields.slice(3)).toEqual([
      ['CV', '01'],
      ['CY', '21999'],
      ['ZZ', 'x'],
    ]);
    expect(message.deviations).toEqual([]);
    expect(masked(written.value)).toMatch(/CV=01 CY\[5\] \?\[1\]$/);
  });

  test('a wrong one is refused by its name', () => {
    const written = encodeParts({ ...parts, fields: [...base, ['CV', 'hold']] });
    expect(written).toEqual({ ok: false, error: { kind: 'form', field: 'CV' } });
  });
});

describe('bytes that do not fit their character set', () => {
  const read = (name: string, hex: string): string => {
    const made = dialectOf({ charset: name });
    if (!made.ok) throw new Error(name);
    const line = Buffer.concat([Buffer.from('36Y20261120    100000AOX|AA1|AF'), Buffer.from(hex, 'hex')]);
    const message = decode(Buffer.concat([line, Buffer.from('|')]), { dialect: made.value });
    expect(message.deviations).toEqual([{ kind: 'charset', field: 'AF' }]);
    return firstField(message, 'AF') ?? '';
  };

  test.each([
    ['utf-8', '4be47981', 'Käy\ufffd'],
    ['iso-8859-1', '80e43132', '€ä12'],
    ['iso-8859-1', '81e4', '\ufffdä'],
    ['iso-8859-2', '85e8', '\ufffdč'],
    ['windows-1250', '81e8', '\ufffdč'],
    ['windows-1252', '9d41', '\ufffdA'],
  ])('%s: they stay to be seen, and stop nothing', (name, hex, text) => {
    expect(read(name, hex)).toBe(text);
  });

  test.each([
    ['utf-8', 'Žluťoučký kůň ß €'],
    ['iso-8859-1', 'Åbo, ü, ß'],
    ['iso-8859-2', 'Žluťoučký kůň'],
    ['iso-8859-15', 'Š ž €'],
    ['cp850', 'Åbo äö ß'],
    ['cp852', 'Žluťoučký kůň'],
    ['windows-1250', 'Žluťoučký kůň €'],
    ['windows-1252', 'Åbo €'],
    ['windows-1251', 'Привет'],
    ['windows-1257', 'Žemaitė'],
  ])('%s: what fits goes there and back', (name, text) => {
    const charset = charsetNamed(name);
    const bytes = charset?.encode(text);
    expect(bytes && charset?.decode(bytes)).toEqual({ text, clean: true });
  });

  test('letters with their marks apart become one letter', () => {
    const message = decode(Buffer.from('36Y20261120    100000AOX|AA1|AFe\u0301te\u0301|'));
    expect(firstField(message, 'AF')).toBe('\u00e9t\u00e9');
  });
});
