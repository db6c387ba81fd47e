import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/journal/migrate.ts';

describe('migration 2', () => {
  it('adds its tables and leaves what was there as it was', () => {
    const db = new Database(':memory:');
    migrate(db, 1);
    db.exec(`
      insert into transactions (id, kind, state, item_hash, patron_hash, sealed, key_id, at, zone, moved_at)
        values ('${'a'.repeat(32)}', 'checkout', 'intended', 'ih', 'ph', x'010203', 'k1', 10, 'Europe/Prague', 10);
      update transactions set attempts = 1, steps = 1;
      insert into transitions (transaction_seq, step, what, at) values (1, 1, 'attempt', 11);`);
    const before = [
      db.prepare('select * from transactions').all(),
      db.prepare('select * from transitions').all(),
    ];

    expect(migrate(db, 2)).toEqual({ ok: true, value: { from: 1 } });

    expect(db.pragma('user_version', { simple: true })).toBe(2);
    expect([
      db.prepare('select * from transactions').all(),
      db.prepare('select * from transitions').all(),
    ]).toEqual(before);
    expect(db.prepare('select count(*) from refusals').pluck().get()).toBe(0);
    expect(db.prepare('select count(*) from pin_tries').pluck().get()).toBe(0);
  });

  it('knows two sources of a refusal', () => {
    const db = new Database(':memory:');
    migrate(db, 2);
    const add = db.prepare('insert into refusals (rule, source, at) values (?, ?, 1)');
    add.run('patron.blocked', 'acs');
    add.run('pin.locked', 'station');
    expect(() => add.run('x', 'somebody')).toThrow('CHECK');
  });
});
