import { expect, test } from 'vitest';
import {
  createFormatter,
  formatDate,
  formatDue,
  formatMoney,
  formatTime,
} from '../../../src/strings/format.ts';
import { languageCodes } from '../../../src/shared/languages.ts';

/** Spaces that must not break, made visible. */
const seen = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, '·');

test.each([
  ['fi', '20.·joulukuuta 2026'],
  ['sv', '20·december 2026'],
  ['cs', '20.·prosince 2026'],
  ['en', '20·December 2026'],
] as const)('a day in %s', (language, expected) => {
  expect(seen(formatDate(language, '2026-12-20'))).toBe(expected);
});

test.each([
  ['fi', '1.·tammikuuta 2027 klo·0.05'],
  ['sv', '1·januari 2027 kl.·00:05'],
  ['cs', '1.·ledna 2027 v·0:05'],
  ['en', '1·January 2027 at·00:05'],
] as const)('a day with its time in %s', (language, expected) => {
  expect(seen(formatDue(language, { kind: 'time', date: '2027-01-01', time: '00:05' }))).toBe(expected);
});

test.each([
  ['fi', '12,40·€', '12,40·CZK'],
  ['sv', '12,40·€', '12,40·CZK'],
  ['cs', '12,40·€', '12,40·Kč'],
  ['en', '€12.40', 'CZK·12.40'],
] as const)('a sum in %s', (language, euros, crowns) => {
  expect(seen(formatMoney(language, { amount: '12.40', currency: 'EUR' }))).toBe(euros);
  expect(seen(formatMoney(language, { amount: '12.40', currency: 'CZK' }))).toBe(crowns);
});

test('a sum beyond the exact range of a float keeps every digit', () => {
  expect(seen(formatMoney('fi', { amount: '90071992547409931.07', currency: 'EUR' }))).toBe(
    '90·071·992·547·409·931,07·€',
  );
});

test('what is no sum, no day or no time is shown as it came', () => {
  expect(seen(formatMoney('fi', { amount: 'free', currency: 'EUR' }))).toBe('free·EUR');
  expect(seen(formatMoney('fi', { amount: '5.00', currency: '€' }))).toBe('5.00·€');
  expect(formatDate('fi', 'tomorrow')).toBe('tomorrow');
  expect(formatDue('en', { kind: 'time', date: '2026-12-20', time: 'noon' })).toBe('2026-12-20 noon');
  expect(formatDue('en', { kind: 'text', text: 'end of term' })).toBe('end of term');
});

test.each([
  ['fi', ['Voit yrittää vielä kerran.', 'Voit yrittää vielä 2·kertaa.', 'Voit yrittää vielä 5·kertaa.']],
  ['sv', ['Du kan försöka en gång till.', 'Du kan försöka 2·gånger till.', 'Du kan försöka 5·gånger till.']],
  [
    'cs',
    ['Můžete to zkusit ještě jednou.', 'Můžete to zkusit ještě 2krát.', 'Můžete to zkusit ještě 5krát.'],
  ],
  ['en', ['You can try once more.', 'You can try 2·more times.', 'You can try 5·more times.']],
] as const)('the count chooses the plural in %s', (language, expected) => {
  const format = createFormatter(language);
  expect([1, 2, 5].map((count) => seen(format({ key: 'next.pin.wrong', params: { count } })))).toEqual(
    expected,
  );
});

test('Czech tells 1, 2 to 4 and 5 apart', () => {
  const format = createFormatter('cs');
  const lent = [1, 2, 4, 5, 11, 22].map((count) => seen(format({ key: 'finished.lent', params: { count } })));
  expect(lent).toEqual([
    '1·výpůjčka',
    '2·výpůjčky',
    '4·výpůjčky',
    '5·výpůjček',
    '11·výpůjček',
    '22·výpůjček',
  ]);
});

test('Czech one-letter prepositions do not stand at the end of a line', () => {
  expect(seen(createFormatter('cs')({ key: 'next.item.feeRequired' }))).toBe('Půjčte si to u·pultu.');
});

test('parameters are formatted in the language, in the middle of a sentence', () => {
  const due = { due: { kind: 'day', date: '2026-12-20' } } as const;
  const sentences = languageCodes.map((language) =>
    seen(createFormatter(language)({ key: 'row.checkout.done', params: { due } })),
  );
  expect(sentences).toEqual([
    'Lainattu sinulle. Eräpäivä 20.·joulukuuta 2026.',
    'Utlånad till dig. Lämna tillbaka senast 20·december 2026.',
    'Půjčeno vám do 20.·prosince 2026.',
    'Lent to you until 20·December 2026.',
  ]);
  const fee = { money: { amount: '2.00', currency: 'EUR' } };
  expect(seen(createFormatter('fi')({ key: 'cause.item.feeRequired', params: { fee } }))).toBe(
    'Tämän lainaaminen maksaa 2,00·€.',
  );
});

test('text of the library system is put in as it is: no markup, no nesting, no further parameters', () => {
  const text = '$t(row.reading) {{bin}} <b>&amp;</b>';
  const shown = createFormatter('en')({ key: 'row.checkin.bin', params: { bin: text } });
  expect(shown).toBe(`Returned. Put it into box ${text}.`);
});

test.each([
  ['fi', '3.30'],
  ['sv', '03:30'],
  ['cs', '3:30'],
  ['en', '03:30'],
] as const)('a time of day in %s', (language, expected) => {
  expect(formatTime(language, '03:30')).toBe(expected);
  expect(formatTime(language, 'noon')).toBe('noon');
});
