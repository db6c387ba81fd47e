import Database from 'better-sqlite3';
import { copyFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logEnd } from '../../crash/wal.ts';
import { after, temporaryDirectory } from '../journal/support.ts';

function database(): { readonly file: string; readonly db: Database.Database } {
  const file = join(temporaryDirectory(), 'some.db');
  const db = new Database(file);
  after(() => db.close());
  db.pragma('journal_mode = wal');
  db.exec('create table t (x)');
  return { file, db };
}

/** How many rows a copy of the files has. */
function countIn(file: string, endByte?: number): number {
  const copy = `${file}.copy`;
  copyFileSync(file, copy);
  copyFileSync(`${file}-wal`, `${copy}-wal`);
  if (endByte !== undefined) truncateSync(`${copy}-wal`, endByte);
  const db = new Database(copy);
  const count = Number(db.prepare('select count(*) from t').pluck().get());
  db.close();
  return count;
}

describe('the end of a write-ahead log', () => {
  it('is where SQLite finds the last commit whole, and a byte less loses it', () => {
    const { file, db } = database();
    for (let row = 1; row <= 5; row += 1) {
      const before = logEnd(readFileSync(`${file}-wal`)).endByte;
      db.exec(`insert into t values (zeroblob(${row * 3_000}))`);
      const { endByte } = logEnd(readFileSync(`${file}-wal`));
      expect(endByte).toBeGreaterThan(before);
      expect(countIn(file, endByte)).toBe(row);
      expect(countIn(file, endByte - 1)).toBe(row - 1);
      expect(countIn(file, before)).toBe(row - 1);
    }
  });

  it('does not count what an earlier round of the log left behind', () => {
    const { file, db } = database();
    db.exec('insert into t values (zeroblob(40000))');
    const long = logEnd(readFileSync(`${file}-wal`));
    db.pragma('wal_checkpoint(restart)');
    db.exec('insert into t values (1)');
    const anew = logEnd(readFileSync(`${file}-wal`));
    expect(anew.salt).not.toBe(long.salt);
    expect(anew.endByte).toBeLessThan(long.endByte);
    expect(countIn(file, anew.endByte)).toBe(2);
  });

  it('is nothing where there is no log', () => {
    expect(logEnd(Buffer.alloc(0))).toEqual({ endByte: 0, salt: '' });
    expect(logEnd(Buffer.alloc(4_096, 7))).toEqual({ endByte: 0, salt: '' });
  });
});
