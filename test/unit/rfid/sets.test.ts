import { describe, expect, test } from 'vitest';
import { isOurs } from '../../../src/rfid/isil.ts';
import { isWhole, setsOf, type TaggedPart } from '../../../src/rfid/sets.ts';
import type { TagPart } from '../../../src/rfid/tag.ts';

function tag(uid: string, identifier: string, part?: TagPart, owner?: string): TaggedPart {
  return {
    uid,
    item: {
      model: 'iso28560-3',
      primaryItemIdentifier: identifier,
      ...(part === undefined ? {} : { part }),
      ...(owner === undefined ? {} : { owner }),
      usage: 'circulating',
      deviations: [],
    },
  };
}

test('tags of one identifier and owner are one item, in the order of their parts', () => {
  const sets = setsOf(
    [
      tag('03', 'A', { number: 3, of: 3 }),
      tag('10', 'B'),
      tag('01', 'A', { number: 1, of: 3 }),
      tag('02', 'A', { number: 2, of: 3 }),
    ],
    'everyPart',
  );
  expect(sets.map((set) => [set.primaryItemIdentifier, set.parts.map(({ uid }) => uid), set.of])).toEqual([
    ['A', ['01', '02', '03'], 3],
    ['B', ['10'], 1],
  ]);
  expect(sets.every(isWhole)).toBe(true);
});

test('the same number of two libraries is two items', () => {
  const sets = setsOf([tag('01', 'A', undefined, 'FI-X'), tag('02', 'A', undefined, 'FI-Y')], 'everyPart');
  expect(sets).toHaveLength(2);
});

test('a missing part is named, and a UID that answers twice is one part', () => {
  const [set] = setsOf(
    [
      tag('01', 'A', { number: 1, of: 3 }),
      tag('01', 'A', { number: 1, of: 3 }),
      tag('03', 'A', { number: 3, of: 3 }),
    ],
    'everyPart',
  );
  expect(set).toMatchObject({ missing: [2], doubled: false });
  expect(set === undefined || isWhole(set)).toBe(false);
});

test('two chips that say that they are the same part are told', () => {
  const [set] = setsOf([tag('01', 'A'), tag('02', 'A')], 'everyPart');
  expect(set).toMatchObject({ missing: [], doubled: true });
});

describe('the count on the main part only', () => {
  test('the others count by their numbers', () => {
    const [set] = setsOf([tag('01', 'A', { number: 1, of: 3 }), tag('02', 'A', { number: 2 })], 'everyPart');
    expect(set).toMatchObject({ of: 3, missing: [3] });
  });

  test('without the main part nobody knows how many there are', () => {
    const [set] = setsOf([tag('02', 'A', { number: 2 })], 'everyPart');
    expect(set).not.toHaveProperty('of');
    expect(set === undefined || isWhole(set)).toBe(false);
  });

  test('where the main part alone has a tag, it stands for all', () => {
    const [set] = setsOf([tag('01', 'A', { number: 1, of: 3 })], 'mainPartOnly');
    expect(set).toMatchObject({ of: 3, missing: [] });
    const [other] = setsOf([tag('02', 'A', { number: 2, of: 3 })], 'mainPartOnly');
    expect(other).toMatchObject({ missing: [1] });
  });
});

test.each<[string | undefined, readonly string[], boolean]>([
  ['FI-Hki', [], true],
  [undefined, ['FI-Hki'], true],
  ['FI-Hki', ['FI-Hki'], true],
  ['FI-HKI', ['fihki'], true],
  ['FI-Esp', ['FI-Hki'], false],
  ['FI-Esp', ['FI-Hki', 'FI-Esp'], true],
  ['FI-Mamk-M', ['FI-Mamk*'], true],
  ['DK-718500', ['FI-*'], false],
])('an item of %s at the station of %j: ours %s', (owner, owners, ours) => {
  expect(isOurs(owner, owners)).toBe(ours);
});
