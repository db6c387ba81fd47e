import { describe, expect, test } from 'vitest';
import { genericProfile } from '../../../src/sip2/profiles/built-in.ts';
import { acsTextLinesMax, acsTexts, cleanText } from '../../../src/ils/acs-text.ts';
import { patronBlocks } from '../../../src/ils/ils.ts';
import { isOwed, moneyOf } from '../../../src/ils/money.ts';
import { blocksOf, circulationStatusOf, countOf, summaryFor } from '../../../src/ils/sip2-codes.ts';
import { vectors } from '../sip2/vectors.ts';

describe('money', () => {
  test.each([
    ['115.57', '115.57'],
    ['0', '0.00'],
    ['0.00', '0.00'],
    ['2,50', '2.50'],
    ['€ 2,50', '2.50'],
    ['$100.00', '100.00'],
    ['2.5', '2.50'],
    ['1,234.56', '1234.56'],
    ['1.234,56', '1234.56'],
    ['1 234,56', '1234.56'],
    ['1,234', '1234.00'],
    ['1.234.567', '1234567.00'],
    ['007.50', '7.50'],
    ['-3.00', '-3.00'],
    [' 12.40 EUR', '12.40'],
    ['5.', '5.00'],
  ])('%j', (raw, amount) => expect(moneyOf(raw, 'EUR', 'SEK')).toEqual({ amount, currency: 'EUR' }));

  test.each([[''], ['   '], ['none'], [undefined]])('%j is no sum', (raw) =>
    expect(moneyOf(raw, 'EUR', 'EUR')).toBeUndefined(),
  );

  test.each([[undefined], [''], ['   '], ['€']])('a currency of %j is the library’s', (currency) =>
    expect(moneyOf('1.00', currency, 'SEK')?.currency).toBe('SEK'),
  );

  test('only more than nothing is owed', () => {
    const owed = ['0.01', '10.00', '0.00', '-3.00', ''].map((raw) => isOwed(moneyOf(raw, 'EUR', 'EUR')));
    expect(owed).toEqual([true, true, false, false, false]);
  });
});

describe('words of the library system', () => {
  test('are plain text', () => {
    expect(cleanText(' Renew &#124; return&amp;go\r\n<b>now</b>\u202e\u0000 ', 100)).toBe(
      'Renew | return&go <b>now</b>',
    );
    expect(cleanText('a&amp;#124;b', 100)).toBe('a&#124;b');
    expect(cleanText('one\\ntwo', 100)).toBe('one two');
  });

  test('are cut, never within a character', () => {
    expect(cleanText('abcdef', 3)).toBe('abc');
    expect(cleanText('ab😀cd', 3)).toBe('ab');
    expect(cleanText('ab😀cd', 4)).toBe('ab😀');
  });

  test('come once each, empty ones not, and bounded', () => {
    expect(acsTexts(['Hei', '', ' Hei ', 'Moi'])).toEqual([{ acs: 'Hei' }, { acs: 'Moi' }]);
    expect(acsTexts(Array.from({ length: 100 }, (_, index) => `line ${index}`))).toHaveLength(
      acsTextLinesMax,
    );
  });
});

describe('codes', () => {
  test('blocks are the flags of the vectors', () => {
    const told = vectors.filter(
      ({ expected }) =>
        expected?.patronStatusFlags !== undefined && expected.fixed.patronStatus?.length === 14,
    );
    expect(told.length).toBeGreaterThan(30);
    for (const { expected } of told)
      expect(blocksOf(expected?.fixed.patronStatus ?? '')).toEqual(expected?.patronStatusFlags);
  });

  test('anything but Y is no block', () => {
    expect(blocksOf('NNNN0123 ?yYxx')).toEqual([patronBlocks[11]]);
    expect(blocksOf('')).toEqual([]);
  });

  const { rules } = genericProfile();

  test('a summary has one Y', () => {
    expect(summaryFor('holdsReady', rules)).toBe('Y         ');
    expect(summaryFor('charged', rules)).toBe('  Y       ');
    expect(summaryFor('fines', rules)).toBe('   Y      ');
    expect(summaryFor('holdsWaiting', rules)).toBe('     Y    ');
  });

  test('blank counts are unknown', () => {
    expect(['    ', '0000', '0012', '  3 ', '000A', ''].map(countOf)).toEqual([
      undefined,
      0,
      12,
      3,
      undefined,
      undefined,
    ]);
  });

  test('a code outside the list is other', () => {
    expect(['03', '04', '08', '13', '00', '99', '  '].map(circulationStatusOf)).toEqual([
      'available',
      'charged',
      'onHoldShelf',
      'missing',
      'other',
      'other',
      'other',
    ]);
  });
});
