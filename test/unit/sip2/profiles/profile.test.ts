import { describe, expect, test } from 'vitest';
import { builtInProfiles, profileNamed, profileNames } from '../../../../src/sip2/profiles/built-in.ts';
import {
  meaningOf,
  readProfileFile,
  resolveProfile,
  type ProfileFile,
} from '../../../../src/sip2/profiles/profile.ts';
import { ruleNames } from '../../../../src/sip2/profiles/rules.ts';

const source = 'a page that can be read';
const file = (rest: Readonly<Record<string, unknown>>): unknown => ({
  profileVersion: 1,
  name: 'example',
  system: 'Example',
  inherits: 'generic',
  about: 'For a test.',
  rules: {},
  ...rest,
});

function right(rest: Readonly<Record<string, unknown>>): ProfileFile {
  const read = readProfileFile(file(rest));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

describe('the profiles that come with the program', () => {
  test.each(profileNames)('%s has a value and a source for each rule', (name) => {
    const resolved = profileNamed(name);
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.error));
    expect(resolved.value.name).toBe(name);
    expect(Object.keys(resolved.value.rules).toSorted()).toEqual([...ruleNames].toSorted());
    for (const rule of ruleNames) expect(resolved.value.origins[rule].source).not.toBe('');
  });

  test.each(profileNames)('no text of %s is known twice with two meanings', (name) => {
    const resolved = profileNamed(name);
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.error));
    for (const { text, means } of resolved.value.texts) {
      if (text === undefined || means === 'item.notCharged') continue;
      expect(meaningOf(resolved.value, text, '12'), text).toBe(means);
    }
  });
});

describe('a profile', () => {
  test('takes from its parent what it does not say itself', () => {
    const parent = right({
      name: 'parent',
      rules: { renewBy: { value: 'checkout', standing: 'verified', source } },
    });
    const child = right({
      inherits: 'parent',
      rules: { alert: { value: 'type', standing: 'verified', source } },
    });
    const resolved = resolveProfile(child, new Map([...builtInProfiles, ['parent', parent]]));
    expect(resolved.ok && resolved.value.rules).toMatchObject({
      renewBy: 'checkout',
      alert: 'type',
      endSession: true,
    });
    expect(resolved.ok && resolved.value.origins).toMatchObject({
      renewBy: { profile: 'parent', standing: 'verified', source },
      alert: { profile: 'example' },
      endSession: { profile: 'generic' },
    });
  });

  test('gives way to the library’s own values', () => {
    const resolved = profileNamed('koha', { alert: 'flag', sortBin: { field: 'CR', ignore: ['0'] } });
    expect(resolved.ok && resolved.value.rules).toMatchObject({
      alert: 'flag',
      sortBin: { field: 'CR', ignore: ['0'] },
      notChargedIsTaken: true,
    });
    expect(resolved.ok && resolved.value.origins.alert.profile).toBe('overrides');
  });

  test.each([
    [{ colour: 'blue' }, 'colour'],
    [{ renewBy: 'checkin' }, 'renewBy'],
    [{ sortBin: { field: 'cl', ignore: [] } }, 'sortBin.field'],
    [{ inHouse: [{ field: 'CH', pattern: '(' }] }, 'inHouse.0.pattern'],
  ])('is refused with the wrong override %j', (overrides, key) => {
    const resolved = profileNamed('generic', overrides);
    expect(resolved.ok ? [] : resolved.error.map((problem) => problem.key)).toEqual([key]);
  });

  test.each([
    ['a rule that there is not', { rules: { colour: { value: 1, standing: 'verified', source } } }],
    ['a value without source', { rules: { alert: { value: 'flag', standing: 'verified' } } }],
    ['a standing of another kind', { rules: { alert: { value: 'flag', standing: 'surely', source } } }],
    [
      'a text and a pattern',
      { texts: [{ text: 'a', pattern: 'b', means: 'nothing', standing: 'verified', source }] },
    ],
    ['a newer version', { profileVersion: 2 }],
  ])('is refused with %s', (_what, rest) => expect(readProfileFile(file(rest)).ok).toBe(false));

  test('has a parent that there is, and no circle', () => {
    const orphan = resolveProfile(right({ inherits: 'nobody' }), builtInProfiles);
    expect(orphan.ok ? '' : orphan.error[0]?.problem).toContain('nobody');
    const circle = right({ name: 'circle', inherits: 'circle' });
    const resolved = resolveProfile(circle, new Map([['circle', circle]]));
    expect(resolved.ok ? '' : resolved.error[0]?.problem).toContain('circle');
  });
});

describe('a text of the ACS', () => {
  const koha = profileNamed('koha');
  const meaning = (text: string, code: '10' | '12' = '12') =>
    koha.ok ? meaningOf(koha.value, text, code) : 'none';

  test.each([
    ['Invalid Item', 'item.unknown'],
    ['  invalid item. ', 'item.unknown'],
    ['TOO_MANY: 1', 'patron.tooManyLoans'],
    ['Greetings from Koha. PATRON EXPIRED', 'patron.expired'],
    ['Greetings from Koha. ', 'nothing'],
    ['Your bag is in room 4', undefined],
  ])('%j means %s', (text, means) => expect(meaning(text)).toBe(means));

  test('says of a return what it would not say of a loan', () => {
    expect(meaning('Item not checked out', '10')).toBe('item.notCharged');
    expect(meaning('Item not checked out', '12')).toBeUndefined();
  });
});
