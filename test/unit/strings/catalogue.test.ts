import { expect, test } from 'vitest';
import {
  catalogueProblems,
  readCatalogues,
  readSources,
  unusedKeys,
  type Catalogues,
} from '../../../scripts/strings.ts';

const whole: Catalogues = {
  fi: { 'a.b': 'Hei {{name}}', 'a.c_one': 'yksi', 'a.c_other': '{{count}} kpl' },
  sv: { 'a.b': 'Hej {{name}}', 'a.c_one': 'en', 'a.c_other': '{{count}} st' },
  cs: {
    'a.b': 'Ahoj {{name}}',
    'a.c_one': 'jeden',
    'a.c_few': '{{count}} kusy',
    'a.c_many': '{{count}} kusu',
    'a.c_other': '{{count}} kusů',
  },
  en: { 'a.b': 'Hello {{name}}', 'a.c_one': 'one', 'a.c_other': '{{count}} pieces' },
};

test('the catalogue is whole in every language', () => {
  expect(catalogueProblems(readCatalogues())).toEqual([]);
});

test('no message lies unused', () => {
  expect(unusedKeys(readCatalogues(), readSources())).toEqual([]);
});

test('a whole catalogue has no problems', () => {
  expect(catalogueProblems(whole)).toEqual([]);
});

test.each<[string, Catalogues, string]>([
  ['a missing key', { ...whole, sv: { 'a.c_one': 'en', 'a.c_other': '{{count}} st' } }, 'sv: a.b is missing'],
  [
    'a key of one language',
    { ...whole, fi: { ...whole.fi, 'a.x': 'x' } },
    'fi: a.x is not in the English catalogue',
  ],
  [
    'a plural form too few',
    { ...whole, cs: { 'a.b': 'Ahoj {{name}}', 'a.c_one': 'jeden', 'a.c_other': '{{count}}' } },
    'cs: a.c lacks the form few',
  ],
  [
    'an empty text',
    { ...whole, fi: { ...whole.fi, 'a.c_one': ' ' } },
    'fi: a.c_one is empty or has stray spaces',
  ],
  [
    'another parameter',
    { ...whole, sv: { ...whole.sv, 'a.b': 'Hej {{namn}}' } },
    'sv: a.b has other parameters than in English',
  ],
  [
    'a lost parameter',
    { ...whole, cs: { ...whole.cs, 'a.b': 'Ahoj' } },
    'cs: a.b has other parameters than in English',
  ],
  [
    'plurals in one language only',
    { ...whole, fi: { 'a.b': 'Hei {{name}}', 'a.c': '{{count}} kpl' } },
    'fi: a.c has plural forms in one language only',
  ],
])('%s is found', (_what, catalogues, problem) => {
  expect(catalogueProblems(catalogues)).toContain(problem);
});

test('a key counts as used when it is named, or a template begins like it', () => {
  expect(unusedKeys(whole, [`say({ key: 'a.b' })`])).toEqual(['a.c']);
  expect(unusedKeys(whole, ['say({ key: `a.${which}` })'])).toEqual([]);
  expect(unusedKeys(whole, [])).toEqual(['a.b', 'a.c']);
});
