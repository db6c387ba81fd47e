import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/journal/migrate.ts';

const id = 'a'.repeat(32);

function withTransaction(): Database.Database {
  const db = new Database(':memory:');
  migrate(db, 5);
  db.pragma('foreign_keys = on');
  db.exec(`
    insert into transactions (id, kind, state, item_hash, sealed, key_id, at, zone, moved_at)
    values ('${id}', 'checkin', 'waiting', 'h', x'01', 'k1', 1, 'UTC', 1)`);
  return db;
}

describe('migration 6', () => {
  it('adds its tables and leaves what was there as it was', () => {
    const db = withTransaction();
    expect(migrate(db, 6)).toEqual({ ok: true, value: { from: 5 } });
    expect(db.prepare('select id, state from transactions').all()).toEqual([{ id, state: 'waiting' }]);
    expect(db.prepare('select count(*) from acs').pluck().get()).toBe(0);
    expect(db.prepare('select count(*) from deaths').pluck().get()).toBe(0);
  });

  it('has one row for the ACS, and deaths only of transactions that are there', () => {
    const db = withTransaction();
    migrate(db, 6);
    db.exec(`insert into acs (id, identity) values (1, 'x')`);
    expect(() => db.exec(`insert into acs (id, identity) values (2, 'y')`)).toThrow('CHECK');
    expect(() => db.exec('insert into deaths (transaction_seq, count) values (9, 1)')).toThrow('FOREIGN KEY');
    db.exec('insert into deaths (transaction_seq, count) values (1, 1)');
    db.exec(`update transactions set state = 'accepted' where seq = 1`);
    db.exec('delete from transactions where seq = 1');
    expect(db.prepare('select count(*) from deaths').pluck().get()).toBe(0);
  });
});
