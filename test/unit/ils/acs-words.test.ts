import { expect, test } from 'vitest';
import type { Log, LogFields } from '../../../src/kernel/log.ts';
import { AcsWords, fingerprintOf } from '../../../src/ils/acs-words.ts';
import { profileWith } from '../../support/profile.ts';

function noting(): { readonly log: Log; readonly lines: [string, LogFields][] } {
  const lines: [string, LogFields][] = [];
  return { lines, log: { write: (_level, event, fields) => void lines.push([event, fields ?? {}]) } };
}

test('a known text has its meaning, and is not logged', () => {
  const { log, lines } = noting();
  const words = new AcsWords(profileWith({}, 'koha'), log);
  expect(words.explain('12', { ok: 1, acsText: [{ acs: 'Invalid Item.' }] })).toEqual({
    ok: 1,
    acsText: [{ acs: 'Invalid Item.', meaning: 'item.unknown' }],
  });
  expect(lines).toEqual([]);
});

test('an unknown text is logged once, and never its words', () => {
  const { log, lines } = noting();
  const words = new AcsWords(profileWith({}), log);
  const text = 'Item not checked out to Matti Meikäläinen';
  expect(words.explain('30', { acsText: [{ acs: text }] })).toEqual({ acsText: [{ acs: text }] });
  words.explain('30', { acsText: [{ acs: text }] });
  expect(lines).toEqual([
    ['acs.unknownText', { code: '30', fingerprint: fingerprintOf(text), count: text.length }],
  ]);
  expect(JSON.stringify(lines)).not.toContain('Matti');
});

test('two texts that differ in their numbers are one', () => {
  expect(fingerprintOf('You owe 12.50 EUR')).toBe(fingerprintOf('you owe 3.00 eur'));
  expect(fingerprintOf('You owe 12.50 EUR')).not.toBe(fingerprintOf('You owe nothing'));
});

test('what has no words is left as it is', () => {
  const { log, lines } = noting();
  const value = { known: true };
  expect(new AcsWords(profileWith({}), log).explain('18', value)).toBe(value);
  expect(lines).toEqual([]);
});
