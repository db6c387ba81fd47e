import Database from 'better-sqlite3';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertDurable, connect } from '../../../src/journal/connection.ts';
import { after, temporaryDirectory } from './support.ts';

const synchronousOf = (db: Database.Database): unknown => db.pragma('synchronous', { simple: true });

describe('the connection', () => {
  it('is FULL at the first open, and at the second, where the library’s own default is not', () => {
    const file = join(temporaryDirectory(), 'journal.db');
    const first = connect(file);
    first.exec('create table t (x)');
    expect(synchronousOf(first)).toBe(2);
    first.close();

    // The trap that makes the pragma necessary at each open.
    const bare = new Database(file);
    bare.prepare('select * from t').all();
    expect(synchronousOf(bare)).toBe(1);
    bare.close();

    const second = connect(file);
    after(() => second.close());
    second.prepare('select * from t').all();
    expect(synchronousOf(second)).toBe(2);
  });

  it.each([
    ['synchronous = normal', 'synchronous is FULL'],
    ['foreign_keys = off', 'foreign keys are enforced'],
    ['secure_delete = off', 'deleted rows are overwritten'],
    ['journal_mode = delete', 'WAL mode'],
  ])('crashes with %s', (pragma, what) => {
    const db = connect(join(temporaryDirectory(), 'journal.db'));
    after(() => db.close());
    db.pragma(pragma);
    expect(() => assertDurable(db)).toThrow(what);
  });

  // Windows has no such modes of files: who may read is ruled by the folder’s access list there.
  it.skipIf(process.platform === 'win32')('is readable by its own account only, side files too', () => {
    const file = join(temporaryDirectory(), 'journal.db');
    const db = connect(file);
    after(() => db.close());
    db.exec('create table t (x)');
    expect(['', '-wal', '-shm'].map((side) => statSync(file + side).mode & 0o777)).toEqual([
      0o600, 0o600, 0o600,
    ]);
  });
});
