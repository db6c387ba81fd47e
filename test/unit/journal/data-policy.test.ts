import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { migratedSchema, policyPage } from '../../../scripts/data-policy.ts';
import {
  dataPolicy,
  filePolicy,
  policyProblems,
  type TablePolicy,
} from '../../../src/journal/data-policy.ts';
import { begin, openWhole, temporaryDirectory } from './support.ts';
import { lockDataDirectory } from '../../../src/journal/directory-lock.ts';
import { FileKeyStore } from '../../../src/journal/file-key-store.ts';
import { after, seededRandom, value } from './support.ts';
import { join } from 'node:path';

const column = (personal: boolean, form: 'clear' | 'sealed' | 'hashed') => ({
  purpose: 'a test',
  personal,
  form,
});
const policyOf = (columns: TablePolicy['columns']) => ({ t: { purpose: 'a test', bound: 'a day', columns } });

describe('the data policy', () => {
  it('agrees with the schema that the migrations make', () => {
    expect(policyProblems(migratedSchema(), dataPolicy)).toEqual([]);
    expect(Object.keys(migratedSchema())).toEqual([
      'journal',
      'refusals',
      'pin_tries',
      'audit',
      'audit_ends',
      'transactions',
      'transitions',
      'tag_work',
      'acs',
      'deaths',
      'pin_verifiers',
      'outage',
    ]);
  });

  it('is the page in docs', async () => {
    const page = fileURLToPath(new URL('../../../docs/data-policy.md', import.meta.url));
    expect(readFileSync(page, 'utf8')).toBe(await policyPage());
  });

  it.each([
    [
      'a column that nobody explains',
      { a: column(false, 'clear') },
      { a: 'TEXT', b: 'TEXT' },
      't.b is stored',
    ],
    [
      'an explanation of nothing',
      { a: column(false, 'clear') },
      {},
      't.a is in the policy, but is not stored',
    ],
    ['a personal column in clear', { a: column(true, 'clear') }, { a: 'TEXT' }, 'neither sealed nor hashed'],
    [
      'a seal that is text',
      { a: column(true, 'sealed') },
      { a: 'TEXT' },
      't.a is sealed, but its type is TEXT',
    ],
    [
      'a hash that is a number',
      { a: column(true, 'hashed') },
      { a: 'INTEGER' },
      'is hashed, but its type is INTEGER',
    ],
    ['no purpose', { a: { ...column(false, 'clear'), purpose: '' } }, { a: 'TEXT' }, 't.a has no purpose'],
  ] as const)('notices %s', (_, columns, schema, problem) => {
    const problems = policyProblems({ t: schema }, policyOf(columns));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('notices a table that nobody explains, and one without a bound', () => {
    expect(policyProblems({ u: { a: 'TEXT' } }, {})).toEqual(['u.a is stored, but is not in the policy']);
    expect(policyProblems({ t: {} }, { t: { purpose: 'x', bound: '', columns: {} } })).toEqual([
      't has no purpose or no bound',
    ]);
  });

  it('knows each file that a data folder gets', () => {
    const directory = temporaryDirectory();
    const lock = value(lockDataDirectory(directory, { pid: 1, since: 1 }));
    after(() => lock.release());
    const keyStore = value(FileKeyStore.open(join(directory, 'keys.json'), seededRandom(1)));
    const { journal } = openWhole(directory, { keyStore, reserveBytes: 65_536 });
    journal.commit([begin(1)]);
    const names = readdirSync(directory);
    expect(names).toHaveLength(7);
    const known = new Set(filePolicy.map(({ name }) => name));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});
