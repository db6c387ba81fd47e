import Database from 'better-sqlite3';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { logFields } from '../src/kernel/log-fields.ts';
import {
  dataPolicy,
  filePolicy,
  policyProblems,
  type SchemaColumns,
  type TablePolicy,
} from '../src/journal/data-policy.ts';
import { migrate } from '../src/journal/migrate.ts';

/**
 * Writes docs/data-policy.md from the data policy, or with `--check` tells whether it is current. In both cases the policy
 * is held to the schema that the migrations really make.
 */
const path = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'data-policy.md');

/** The columns of a freshly made journal. */
export function migratedSchema(): SchemaColumns {
  const db = new Database(':memory:');
  const migrated = migrate(db);
  if (!migrated.ok) throw new Error(`the migrations fail on an empty file: ${migrated.error.kind}`);
  const tables = db
    .prepare<[], string>(
      `select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'`,
    )
    .pluck()
    .all();
  const columnsOf = (table: string): Record<string, string> =>
    Object.fromEntries(
      db
        .prepare<[string], { name: string; type: string }>('select name, type from pragma_table_info(?)')
        .all(table)
        .map(({ name, type }) => [name, type]),
    );
  const schema = Object.fromEntries(tables.map((table) => [table, columnsOf(table)]));
  db.close();
  return schema;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function tableSection([name, policy]: readonly [string, TablePolicy]): string {
  const rows = Object.entries(policy.columns).map(([column, about]) => [
    `\`${column}\``,
    about.purpose,
    about.personal ? 'yes' : 'no',
    about.form,
  ]);
  return [
    `### ${name}`,
    `${policy.purpose}.`,
    `Kept: ${policy.bound}.`,
    table(['column', 'purpose', 'personal', 'form'], rows),
  ].join('\n\n');
}

/** The whole page, formatted as the rest of the repository. */
export async function policyPage(): Promise<string> {
  const files = filePolicy.map(({ name, purpose, bound }) => [`\`${name}\``, purpose, bound]);
  const log = Object.entries(logFields).map(([name, purpose]) => [`\`${name}\``, purpose]);
  const page = [
    '# What the station stores, why, and how long',
    `This page is written from \`src/journal/data-policy.ts\` and \`src/kernel/log-fields.ts\` (\`npm run docs\`). The build fails when a
    column of the journal is not here, or is personal and neither sealed nor hashed.`.replaceAll(
      /\s+/gu,
      ' ',
    ),
    `**Sealed** is AES-256-GCM under a key that lies outside the journal; **hashed** is HMAC-SHA-256 under another such key. The PIN is
    never stored. Names, addresses, birth dates and titles are not stored either. What is past its bound is deleted every day; the file is
    then written anew and its log emptied, so that no copy stays behind.`.replaceAll(/\s+/gu, ' '),
    '## Files of the journal',
    table(['file', 'purpose', 'kept'], files),
    '## Tables of the journal',
    ...Object.entries(dataPolicy).map(tableSection),
    '## The technical log',
    'No field of it is personal. A field that is not here does not compile.',
    table(['field', 'purpose'], log),
    '',
  ].join('\n\n');
  return format(page, { ...(await resolveConfig(path)), parser: 'markdown' });
}

async function main(): Promise<void> {
  const problems = policyProblems(migratedSchema(), dataPolicy);
  const wanted = await policyPage();
  if (present() !== wanted) {
    if (process.argv.includes('--check')) {
      problems.push('docs/data-policy.md is not what the policy says; npm run docs writes it anew');
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, wanted);
      console.log('wrote docs/data-policy.md');
    }
  }
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}

function present(): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

if (import.meta.main) await main();
