import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stationConfigSchema } from '../../../src/station/config/schema.ts';
import {
  checkKinds,
  hasRightCheck,
  type CheckKind,
} from '../../../src/station/core/identifiers/check-digits.ts';
import { identify, knows } from '../../../src/station/core/identifiers/identify.ts';
import type { Given } from '../../../src/station/core/identifiers/rules.ts';
import { identifierPatternsOf } from '../../../src/station/core-settings.ts';
import type { IdentifierPatterns } from '../../../src/station/settings.ts';

/** The pipeline as a library writes it. */
function library(identifiers: unknown): IdentifierPatterns {
  const config = stationConfigSchema.parse({
    configVersion: 1,
    library: { institutionId: 'A', name: { en: 'L' } },
    acs: { host: '127.0.0.1' },
    identifiers,
  });
  return identifierPatternsOf(config.identifiers);
}

describe('check digits', () => {
  it.each<[string, CheckKind, boolean]>([
    // The reference’s library numbers.
    ['33191000105864', 'codabar14', true],
    ['30234000517861', 'codabar14', true],
    ['30234000517862', 'codabar14', false],
    ['3023400051786', 'codabar14', false],
    ['30234000517861', 'luhn', true],
    ['79927398713', 'luhn', true],
    ['79927398714', 'luhn', false],
    ['7', 'luhn', false],
    ['A9927398713', 'luhn', false],
    // A Czech label, and the book number of the GS1 examples.
    ['2045768000013', 'ean13', true],
    ['9780306406157', 'ean13', true],
    ['9780306406158', 'ean13', false],
    ['204576800001', 'ean13', false],
    // 115 modulo 43 is 29, the letter T.
    ['12345ABCDE/T', 'mod43', true],
    ['CODE39W', 'mod43', true],
    ['CODE39X', 'mod43', false],
    ['code39w', 'mod43', false],
    ['W', 'mod43', false],
    ['', 'mod43', false],
  ])('%s by %s: %s', (text, kind, right) => expect(hasRightCheck(text, kind)).toBe(right));

  it('tell a single wrong digit, whatever the number', () => {
    const digits = fc.stringMatching(/^\d{12}$/);
    fc.assert(
      fc.property(digits, fc.nat(11), fc.integer({ min: 1, max: 9 }), (twelve, at, by) => {
        const whole = [...'0123456789']
          .map((check) => twelve + check)
          .find((one) => hasRightCheck(one, 'ean13'));
        if (whole === undefined) throw new Error('no digit is the check');
        const wrong = [...whole]
          .map((digit, index) => (index === at ? (Number(digit) + by) % 10 : digit))
          .join('');
        expect(hasRightCheck(wrong, 'ean13')).toBe(false);
      }),
    );
  });

  it('are never right of anything but their own characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.constantFrom(...checkKinds),
        (text, kind) => {
          if (!/^[0-9A-Z\-. $/+%]*$/.test(text)) expect(hasRightCheck(text, kind)).toBe(false);
        },
      ),
    );
  });
});

/** What several libraries write. */
const czech = library({
  pipeline: [
    { is: 'card', match: '29\\d{11}', check: 'ean13', dropCheckDigit: true },
    { is: 'item', match: '20\\d{11}', check: 'ean13', dropCheckDigit: true },
    { is: 'item', match: '20\\d{10}' },
  ],
});
const codabar = library({
  pipeline: [
    {
      is: 'card',
      case: 'upper',
      stripBefore: '[A-D]',
      stripAfter: '[A-D]',
      match: '2\\d{13}',
      check: 'codabar14',
    },
    {
      is: 'item',
      case: 'upper',
      stripBefore: '[A-D]',
      stripAfter: '[A-D]',
      match: '3\\d{13}',
      check: 'codabar14',
    },
  ],
});
const norwegian = library({ pipeline: [{ is: 'item', match: '10(\\d{14})', map: '$1' }] });
const telephone = library({
  pipeline: [
    {
      is: 'card',
      symbologies: ['Q', 'd'],
      match: 'https://kirjasto\\.example/card/(?<card>\\d{8})',
      map: 'K$<card>',
    },
    { is: 'card', symbologies: ['A'], match: 'K?(\\d{8})', map: 'K$1' },
    { is: 'item', symbologies: ['C0'], match: '\\d{8}' },
  ],
});
const uid = library({
  card: [],
  item: ['\\d{10}'],
  pipeline: [{ is: 'card', from: ['card-reader'], case: 'upper', match: '[0-9A-F]{14}', map: 'U$&' }],
});

describe('a pipeline', () => {
  const rows: [string, IdentifierPatterns, Given, 'card' | 'item', unknown][] = [
    [
      'EAN-13 without its check digit',
      czech,
      { text: '2045768000013' },
      'item',
      { is: 'item', number: '204576800001' },
    ],
    [
      'typed without it',
      czech,
      { text: '204576800001', source: 'typed' },
      'item',
      { is: 'item', number: '204576800001' },
    ],
    ['EAN-13 misread', czech, { text: '2045768000014' }, 'item', { is: 'damaged' }],
    [
      'start and stop letters',
      codabar,
      { text: 'a33191000105864B' },
      'item',
      { is: 'item', number: '33191000105864' },
    ],
    ['no letters', codabar, { text: '33191000105864' }, 'item', { is: 'item', number: '33191000105864' }],
    ['a wrong Luhn digit', codabar, { text: '33191000105865' }, 'card', { is: 'damaged' }],
    ['a number of nobody', codabar, { text: '99' }, 'card', { is: 'unrecognised' }],
    [
      'a lead-in of the tag',
      norwegian,
      { text: '1030091000000001' },
      'item',
      { is: 'item', number: '30091000000001' },
    ],
    [
      'a code on a telephone',
      telephone,
      { text: 'https://kirjasto.example/card/12345678', symbology: 'Q1' },
      'card',
      { is: 'card', number: 'K12345678' },
    ],
    [
      'the same digits as a card’s bars',
      telephone,
      { text: '12345678', symbology: 'A0' },
      'card',
      { is: 'card', number: 'K12345678' },
    ],
    [
      'and as a book’s',
      telephone,
      { text: '12345678', symbology: 'C0' },
      'card',
      { is: 'item', number: '12345678' },
    ],
    [
      'and as a symbology that no rule knows',
      telephone,
      { text: '12345678', symbology: 'C1' },
      'card',
      { is: 'unrecognised' },
    ],
    ['and without one', telephone, { text: '12345678' }, 'item', { is: 'unrecognised' }],
    [
      'a UID of the card reader',
      uid,
      { text: '04a1b2c3d4e5f6', source: 'card-reader' },
      'item',
      { is: 'card', number: 'U04A1B2C3D4E5F6' },
    ],
    ['the same, typed', uid, { text: '04A1B2C3D4E5F6', source: 'typed' }, 'card', { is: 'unrecognised' }],
    [
      'a book’s number in the card reader',
      uid,
      { text: '1234567890', source: 'card-reader' },
      'card',
      { is: 'unrecognised' },
    ],
    [
      'a bank card, though a rule nearly took it',
      library({ pipeline: [{ is: 'card', match: '\\d{16}', check: 'ean13' }] }),
      { text: '4111111111111111' },
      'card',
      { is: 'notKept' },
    ],
    [
      'an own number that looks like one',
      library({ pipeline: [{ is: 'card', match: '4\\d{15}' }] }),
      { text: '4111111111111111' },
      'card',
      { is: 'card', number: '4111111111111111' },
    ],
    [
      'a template that makes nothing',
      library({ pipeline: [{ is: 'card', match: 'X(Y)?', map: '$1' }] }),
      { text: 'X' },
      'card',
      { is: 'unrecognised' },
    ],
    [
      'a template that breaks out of its field',
      library({ pipeline: [{ is: 'card', match: '.*', map: '$&|AD1' }] }),
      { text: '1234567' },
      'card',
      { is: 'unrecognised' },
    ],
  ];
  it.each(rows)('%s', (_what, known, given, expected, identified) => {
    expect(identify(given, expected, known)).toEqual(identified);
  });

  it('takes the first rule that fits, and then the patterns', () => {
    const both = library({
      item: ['\\d{8}'],
      pipeline: [
        { is: 'card', match: '1\\d{7}' },
        { is: 'item', match: '1\\d{7}' },
      ],
    });
    expect(identify({ text: '12345678' }, 'item', both)).toEqual({ is: 'card', number: '12345678' });
    expect(identify({ text: '22345678' }, 'card', both)).toEqual({ is: 'item', number: '22345678' });
  });

  it('says for which role the library told how its numbers look', () => {
    expect([knows(uid, 'card'), knows(uid, 'item'), knows(norwegian, 'card')]).toEqual([true, true, false]);
  });

  it('makes numbers or names of anything, and never throws', () => {
    const known = fc.constantFrom(czech, codabar, norwegian, telephone, uid);
    const given = fc.record({
      text: fc.string({ unit: 'binary', maxLength: 200 }),
      symbology: fc.option(fc.stringMatching(/^[A-Za-z]\d$/), { nil: undefined }),
      source: fc.constantFrom('scanner', 'card-reader', 'typed', undefined),
    });
    fc.assert(
      fc.property(known, given, fc.constantFrom('card', 'item'), (rules, text, expected) => {
        const identified = identify(text, expected, rules);
        if ('number' in identified) expect(identified.number).toMatch(/^[^|]{1,64}$/u);
      }),
    );
  });
});
