import { describe, expect, it } from 'vitest';
import { configDocument } from '../../../src/station/config/document.ts';
import { parseConfig } from '../../../src/station/config/load.ts';
import { coreSettingsOf } from '../../../src/station/core-settings.ts';

const smallest = `configVersion: 1
library: { institutionId: L, name: { en: Library } }
acs: { host: 127.0.0.1 }
`;

function parse(offline: string): ReturnType<typeof parseConfig> {
  const text = `${smallest}services: { borrow: { offline: ${offline} } }\n`;
  return parseConfig(text, 'station.yaml', { env: () => undefined, file: () => '' });
}

const problems = (offline: string): unknown => {
  const parsed = parse(offline);
  return parsed.ok ? [] : parsed.error.map(({ key, expected, found }) => ({ key, expected, found }));
};

describe('services.borrow.offline', () => {
  it('is off where nothing is said', () => {
    const parsed = parse('false');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    expect(coreSettingsOf(parsed.value, (value) => value).offline).toBeUndefined();
  });

  it('gives the core its rules, patterns for whole numbers', () => {
    const parsed = parse(
      `{ pin: not-asked, perPatron: 2, due: { loanDays: 14, closedWeekdays: [sunday], closedDates: ['12-24'] },
         cards: { checkDigit: luhn, adult: ['2.*'] }, items: { never: ['39'] } }`,
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    expect(coreSettingsOf(parsed.value, (value) => value).offline).toMatchObject({
      pin: 'not-asked',
      perPatronMax: 2,
      perOutageMax: 500,
      due: { loanDays: 14, closedWeekdays: ['sunday'], closedDates: ['12-24'] },
      checkDigit: 'luhn',
      adultCards: [/^(?:2.*)$/u],
      neverItems: [/^(?:39)$/u],
    });
  });

  it.each([
    ['{}', 'pin', 'not-asked', 'nothing'],
    ['{ pin: not-asked, perPatron: 0 }', 'perPatron', 'a whole number from 1 to 100', 'the number 0'],
    [
      '{ pin: not-asked, perPatrons: 3 }',
      'perPatrons',
      'a known key; did you mean "perPatron"?',
      'an unknown key',
    ],
    [
      "{ pin: not-asked, due: { closedDates: ['02-30'] } }",
      'due.closedDates[0]',
      'a day as YYYY-MM-DD, or as MM-DD for each year; in quotes',
      'the text "02-30"',
    ],
  ])('%s is refused at the key that is wrong', (offline, key, expected, found) => {
    expect(problems(offline)).toContainEqual(
      expect.objectContaining({
        key: `services.borrow.offline.${key}`,
        expected: expect.stringContaining(expected),
        found,
      }),
    );
  });

  it.each(['yes', '3', '[]'])('%s is refused as a whole', (offline) => {
    expect(problems(offline)).toMatchObject([
      { key: 'services.borrow.offline', expected: 'false, or a mapping with the key pin' },
    ]);
  });

  it('has a line for each of its keys in the document', () => {
    expect(configDocument()).toContain('| `services.borrow.offline.due.loanDays` |');
  });
});
