import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/journal/migrate.ts';

type Connection = InstanceType<typeof Database>;

const id = (letter: string): string => letter.repeat(32);

/** A journal of version 3 with a settled, an unsettled and a purged transaction. */
function before(): Connection {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = on');
  migrate(db, 3);
  const insert = db.prepare(`
    insert into transactions (id, kind, state, item_hash, patron_hash, sealed, key_id, at, zone, moved_at, replaces)
      values (?, ?, 'intended', 'ih', ?, x'010203', 'k1', 10, 'Europe/Prague', 10, ?)`);
  insert.run(id('a'), 'checkout', 'ph', null);
  insert.run(id('b'), 'checkin', null, id('a'));
  insert.run(id('c'), 'renew', 'ph', null);
  db.exec(`
    update transactions set attempts = 1, steps = 1 where seq = 1;
    insert into transitions (transaction_seq, step, what, at) values (1, 1, 'attempt', 11);
    update transactions set state = 'accepted', steps = 2, moved_at = 12 where seq = 1;
    insert into transitions (transaction_seq, step, what, at, rule, source, sealed, key_id)
      values (1, 2, 'accepted', 12, 'answered', 'acs', x'04', 'k1');
    update transactions set state = 'withdrawn' where seq = 3;
    delete from transactions where seq = 3;`);
  return db;
}

const add = (db: Connection, letter: string, kind: string): unknown =>
  db
    .prepare(
      `insert into transactions (id, kind, state, item_hash, sealed, key_id, at, zone, moved_at)
        values (?, ?, 'intended', 'ih', x'01', 'k1', 20, 'Europe/Prague', 20)`,
    )
    .run(id(letter), kind);

const contentOf = (db: Connection): unknown => [
  db.prepare('select * from transactions order by seq').all(),
  db.prepare('select * from transitions order by transaction_seq, step').all(),
];

describe('migration 4', () => {
  it('leaves every transaction and its history as they were', () => {
    const db = before();
    const content = contentOf(db);
    expect(migrate(db, 4)).toEqual({ ok: true, value: { from: 3 } });
    expect(db.pragma('user_version', { simple: true })).toBe(4);
    expect(contentOf(db)).toEqual(content);
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('knows holds and payments, and no other new kind', () => {
    const db = before();
    migrate(db, 4);
    add(db, 'd', 'hold');
    add(db, 'e', 'fee');
    expect(() => add(db, 'f', 'gift')).toThrow('CHECK');
  });

  it('gives no number twice, not that of a purged one either', () => {
    const db = before();
    migrate(db, 4);
    add(db, 'd', 'hold');
    expect(db.prepare('select max(seq) from transactions').pluck().get()).toBe(4);
  });

  it('gives no number twice in a journal whose rows were all purged', () => {
    const db = before();
    db.exec(`
      update transactions set state = 'accepted' where seq = 2;
      delete from transactions;`);
    migrate(db, 4);
    add(db, 'd', 'hold');
    expect(db.prepare('select max(seq) from transactions').pluck().get()).toBe(4);
  });

  it('holds the moves still', () => {
    const db = before();
    migrate(db, 4);
    expect(() => db.exec(`update transactions set state = 'staff' where seq = 2`)).toThrow(
      'only moves forward',
    );
    expect(() => db.exec(`update transactions set kind = 'hold' where seq = 2`)).toThrow('does not change');
    expect(() => db.exec('update transactions set attempts = 5 where seq = 2')).toThrow('one by one');
    expect(() => db.exec('delete from transactions where seq = 2')).toThrow('never deleted');
    expect(() => db.exec('update transitions set rule = null')).toThrow('history does not change');
    expect(() => db.exec('delete from transitions')).toThrow('only with its transaction');
    db.exec('delete from transactions where seq = 1');
    expect(db.prepare('select count(*) from transitions').pluck().get()).toBe(0);
  });

  it('still finds the unsettled ones by the index', () => {
    const db = before();
    migrate(db, 4);
    const plan = db
      .prepare(
        `explain query plan select seq from transactions where state in ('intended', 'uncertain', 'waiting', 'staff')`,
      )
      .all();
    expect(JSON.stringify(plan)).toContain('transactions_unsettled');
  });
});
