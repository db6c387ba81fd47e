import { describe, expect, it } from 'vitest';
import { luhn } from '../../../src/station/core/identifiers/check-digits.ts';
import { identify } from '../../../src/station/core/identifiers/identify.ts';

const none = { card: [], item: [] };
const known = { card: [/^2\d{13}$/, /^[A-Z]{2}\d{4}$/], item: [/^3\d{13}$/] };

describe('identify', () => {
  it.each([
    ['21999000020071', 'card', known, 'card'],
    ['21999000020071', 'item', known, 'card'],
    ['31999000010070', 'card', known, 'item'],
    ['AB1234', 'item', known, 'card'],
    ['  21999000020071 ', 'card', known, 'card'],
    ['999', 'card', known, 'unrecognised'],
    ['ABC-12', 'card', none, 'card'],
    ['ABC-12', 'item', none, 'item'],
    ['', 'card', none, 'unrecognised'],
    ['x', 'item', none, 'unrecognised'],
    ['a|b', 'item', none, 'unrecognised'],
    ['1'.repeat(41), 'item', none, 'unrecognised'],
  ] as const)('%j where a %s is expected', (text, expected, patterns, is) => {
    expect(identify({ text }, expected, patterns).is).toBe(is);
  });

  it.each([
    // Published examples: the Finnish agency’s, the Swedish tax agency’s, and a made-up Czech one.
    ['131052-308T'],
    ['131052A308T'],
    ['811218-9876'],
    ['19811218-9876'],
    ['736028/5163'],
    // Made up by the published rules: Danish, and Norwegian with its two checks.
    ['211062-5629'],
    ['15108695088'],
    // Test numbers of the card schemes.
    ['4111111111111111'],
    ['4111 1111 1111 1111'],
    ['5555555555554444'],
    ['2223003122003222'],
    ['378282246310005'],
    ['6011111111111117'],
    // As a magnetic stripe is typed by its reader (ISO/IEC 7813).
    [';4111111111111111=29121010000012300000?'],
    ['%B5555555555554444^MEIKALAINEN/MATTI^29121010000000000000?'],
  ])('%s is not kept', (text) => {
    expect(identify({ text }, 'card', none)).toEqual({ is: 'notKept' });
    expect(identify({ text }, 'item', known)).toEqual({ is: 'notKept' });
  });

  it('takes the library’s own number for what the library says it is', () => {
    expect(identify({ text: '4111111111111111' }, 'card', { card: [/^4\d{15}$/], item: [] })).toEqual({
      is: 'card',
      number: '4111111111111111',
    });
  });

  it('does not take a number with a wrong check for a person’s or a bank’s', () => {
    for (const text of ['131052-308A', '811218-9875', '15108695087', '4111111111111112']) {
      expect(identify({ text }, 'card', none).is).toBe('card');
    }
  });

  it('makes one number of composed and decomposed letters', () => {
    expect(identify({ text: 'A\u030a123' }, 'card', none)).toEqual({ is: 'card', number: '\u00c5123' });
  });
});

describe('luhn', () => {
  it.each([
    ['33191000105864', true],
    ['30234000517861', true],
    ['30234000517862', false],
    ['', true],
  ])('%s: %s', (digits, right) => expect(luhn(digits)).toBe(right));
});
