import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/journal/migrate.ts';

function withHistory(version: number): Database.Database {
  const db = new Database(':memory:');
  migrate(db, version);
  db.exec(`
    insert into transactions (id, kind, state, item_hash, sealed, key_id, at, zone, moved_at)
      values ('${'a'.repeat(32)}', 'checkin', 'waiting', 'ih', x'01', 'k1', 10, 'Europe/Prague', 10);
    insert into transitions (transaction_seq, step, what, at, sealed, key_id) values (1, 1, 'staff', 11, x'02', 'k1');
    insert into transitions (transaction_seq, step, what, at) values (1, 2, 'resolved', 12);`);
  return db;
}

describe('migration 7', () => {
  it('leaves what was there as it was', () => {
    const db = withHistory(6);
    const before = db.prepare('select * from transitions').all();
    expect(migrate(db, 7)).toEqual({ ok: true, value: { from: 6 } });
    expect(db.prepare('select * from transitions').all()).toEqual(before);
  });

  it('lets the seal of a step be renewed, which it did not before', () => {
    const renew = `update transitions set sealed = x'03', key_id = 'k2' where step = 1`;
    expect(() => withHistory(6).exec(renew)).toThrow('does not change');
    const db = withHistory(7);
    db.exec(renew);
    expect(db.prepare('select key_id from transitions where step = 1').pluck().get()).toBe('k2');
  });

  it('lets nothing else of history change', () => {
    const db = withHistory(7);
    for (const change of [`what = 'accepted'`, 'at = 1', `rule = 'x'`, `source = 'acs'`, 'step = 9']) {
      expect(() => db.exec(`update transitions set ${change} where step = 1`), change).toThrow(
        'does not change',
      );
    }
    expect(() => db.exec(`update transitions set sealed = x'05', key_id = 'k1' where step = 2`)).toThrow(
      'does not change',
    );
    expect(() => db.exec('update transitions set sealed = null, key_id = null where step = 1')).toThrow(
      'does not change',
    );
    expect(() => db.exec('delete from transitions where step = 1')).toThrow('only with its transaction');
  });
});
