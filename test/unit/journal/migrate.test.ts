import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applicationId, migrate } from '../../../src/journal/migrate.ts';
import { migrations, schemaVersion } from '../../../src/journal/schema/migrations.ts';
import { filesOf, temporaryDirectory } from './support.ts';

describe('the migrator', () => {
  it('numbers its steps from one without a gap', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('brings an empty file to the newest version, once', () => {
    const db = new Database(':memory:');
    expect(migrate(db)).toEqual({ ok: true, value: { from: 0 } });
    expect(migrate(db)).toEqual({ ok: true, value: { from: schemaVersion } });
    expect(db.pragma('user_version', { simple: true })).toBe(schemaVersion);
    expect(db.pragma('application_id', { simple: true })).toBe(applicationId);
  });

  it('goes the same way step by step as at once', () => {
    const atOnce = new Database(':memory:');
    migrate(atOnce);
    const stepwise = new Database(':memory:');
    for (const { version } of migrations) migrate(stepwise, version);
    const schema = (db: Database.Database): unknown[] =>
      db.prepare('select name, sql from sqlite_schema').all();
    expect(schema(stepwise)).toEqual(schema(atOnce));
  });

  it('refuses a newer file and leaves it untouched', () => {
    const directory = temporaryDirectory();
    const db = new Database(join(directory, 'journal.db'));
    migrate(db);
    db.pragma(`user_version = ${schemaVersion + 7}`);
    const before = filesOf(directory);
    expect(migrate(db)).toEqual({ ok: false, error: { kind: 'newer', version: schemaVersion + 7 } });
    expect(filesOf(directory)).toEqual(before);
    db.close();
  });

  it.each([
    ['with another mark', 'pragma application_id = 99'],
    ['with tables but no mark', 'create table somebody (elses integer)'],
    ['with a version but no mark', 'pragma user_version = 1'],
  ])('refuses a database of another program: %s', (_, sql) => {
    const db = new Database(':memory:');
    db.exec(sql);
    expect(migrate(db)).toEqual({ ok: false, error: { kind: 'foreign' } });
  });
});
