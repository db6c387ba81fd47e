import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/journal/migrate.ts';
import { movesOf, type TransactionState } from '../../../src/journal/rows.ts';

const states: readonly TransactionState[] = [
  'intended',
  'uncertain',
  'waiting',
  'accepted',
  'refused',
  'withdrawn',
  'staff',
  'resolved',
];

/** The moves as design.md draws them, written out by hand. */
const drawn = new Set([
  'intended accepted',
  'intended refused',
  'intended uncertain',
  'intended withdrawn',
  'uncertain accepted',
  'uncertain refused',
  'uncertain staff',
  'waiting accepted',
  'waiting staff',
  'staff resolved',
]);

/** How each state is reached from a beginning. */
const pathTo: Readonly<Record<TransactionState, readonly TransactionState[]>> = {
  intended: ['intended'],
  uncertain: ['intended', 'uncertain'],
  waiting: ['waiting'],
  accepted: ['intended', 'accepted'],
  refused: ['intended', 'refused'],
  withdrawn: ['intended', 'withdrawn'],
  staff: ['waiting', 'staff'],
  resolved: ['waiting', 'staff', 'resolved'],
};

function atVersion1(): Database.Database {
  const db = new Database(':memory:');
  expect(migrate(db, 1)).toEqual({ ok: true, value: { from: 0 } });
  return db;
}

let last = 0;
function insert(db: Database.Database, state: string): number {
  last += 1;
  const id = last.toString(16).padStart(32, '0');
  const { lastInsertRowid } = db
    .prepare(
      `insert into transactions (id, kind, state, item_hash, sealed, key_id, at, zone, moved_at)
       values (?, 'checkin', ?, 'h', x'00', 'k', 1, 'Europe/Prague', 1)`,
    )
    .run(id, state);
  return Number(lastInsertRowid);
}

function bring(db: Database.Database, state: TransactionState): number {
  const [first, ...rest] = pathTo[state];
  const seq = insert(db, first ?? state);
  for (const next of rest) db.prepare('update transactions set state = ? where seq = ?').run(next, seq);
  return seq;
}

describe('migration 1', () => {
  it('makes empty tables on an empty file', () => {
    const db = atVersion1();
    const tables = db
      .prepare(`select name from sqlite_schema where type = 'table' and name not like 'sqlite%'`)
      .pluck();
    expect(tables.all()).toEqual(['journal', 'transactions', 'transitions']);
    expect(db.pragma('user_version', { simple: true })).toBe(1);
    expect(db.prepare('select count(*) from transactions').pluck().get()).toBe(0);
  });

  it('makes strict tables only', () => {
    const rows = atVersion1().prepare<[], { name: string; strict: number }>('pragma table_list').all();
    const own = rows.filter(({ name }) => !name.startsWith('sqlite'));
    expect(own.map(({ strict }) => strict)).toEqual([1, 1, 1]);
  });

  it.each(states.flatMap((from) => states.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    const db = atVersion1();
    const seq = bring(db, from);
    const update = (): unknown => db.prepare('update transactions set state = ? where seq = ?').run(to, seq);
    if (drawn.has(`${from} ${to}`)) {
      update();
      expect(db.prepare('select state from transactions where seq = ?').pluck().get(seq)).toBe(to);
    } else {
      expect(update).toThrow('a transaction only moves forward');
    }
    // Drawn since migration 10.
    const later = `${from} ${to}` === 'accepted staff';
    expect(movesOf[from].includes(to)).toBe(drawn.has(`${from} ${to}`) || later);
  });

  it.each(states)('begins in %s or not', (state) => {
    const db = atVersion1();
    if (state === 'intended' || state === 'waiting') expect(insert(db, state)).toBeGreaterThan(0);
    else expect(() => insert(db, state)).toThrow('begins intended or waiting');
  });

  it.each(states)('deletes a transaction that is %s only when it is settled', (state) => {
    const db = atVersion1();
    const seq = bring(db, state);
    const remove = (): unknown => db.prepare('delete from transactions where seq = ?').run(seq);
    if (['accepted', 'refused', 'withdrawn', 'resolved'].includes(state)) {
      remove();
      expect(db.prepare('select count(*) from transactions').pluck().get()).toBe(0);
    } else {
      expect(remove).toThrow('never deleted');
    }
  });

  it.each(['seq', 'id', 'kind', 'item_hash', 'patron_hash', 'at', 'zone', 'replaces'])(
    '%s does not change',
    (column) => {
      const db = atVersion1();
      bring(db, 'intended');
      expect(() => db.prepare(`update transactions set ${column} = ${column}`).run()).toThrow(
        'does not change',
      );
    },
  );

  it('counts attempts one by one, of open transactions', () => {
    const db = atVersion1();
    const seq = bring(db, 'intended');
    const set = (sql: string): unknown =>
      db.prepare(`update transactions set attempts = ${sql} where seq = ?`).run(seq);
    set('attempts + 1');
    expect(() => set('attempts + 2')).toThrow('one by one');
    expect(() => set('0')).toThrow('one by one');
    db.prepare(`update transactions set state = 'accepted' where seq = ?`).run(seq);
    expect(() => set('attempts + 1')).toThrow('only of an open transaction');
  });

  it('keeps history as it was, until its transaction goes', () => {
    const db = atVersion1();
    db.pragma('foreign_keys = on');
    const seq = bring(db, 'accepted');
    db.prepare(`insert into transitions (transaction_seq, step, what, at) values (?, 1, 'accepted', 5)`).run(
      seq,
    );
    expect(() => db.prepare('update transitions set at = 6').run()).toThrow('history does not change');
    expect(() => db.prepare('delete from transitions').run()).toThrow('goes only with its transaction');
    db.prepare('delete from transactions').run();
    expect(db.prepare('select count(*) from transitions').pluck().get()).toBe(0);
  });

  it('refuses history of no transaction, and words without the name of their key', () => {
    const db = atVersion1();
    db.pragma('foreign_keys = on');
    const add = db.prepare(
      `insert into transitions (transaction_seq, step, what, at, sealed, key_id) values (?, 1, 'accepted', 5, ?, ?)`,
    );
    expect(() => add.run(77, null, null)).toThrow('FOREIGN KEY');
    const seq = bring(db, 'accepted');
    expect(() => add.run(seq, Buffer.from('x'), null)).toThrow('CHECK');
  });

  it('never gives a number twice', () => {
    const db = atVersion1();
    const seq = bring(db, 'accepted');
    db.prepare('delete from transactions').run();
    expect(insert(db, 'intended')).toBe(seq + 1);
  });

  it('has one row about itself', () => {
    const db = atVersion1();
    const add = db.prepare('insert into journal (id, epoch, created) values (?, ?, 1)');
    add.run(1, 'a'.repeat(32));
    expect(() => add.run(2, 'b'.repeat(32))).toThrow('CHECK');
  });

  it('finds the unsettled by their index', () => {
    const plan = atVersion1()
      .prepare<[], { detail: string }>(
        `explain query plan select seq from transactions t
         where t.state in ('intended', 'uncertain', 'waiting', 'staff') and t.state <> 'staff'`,
      )
      .all();
    expect(plan.map(({ detail }) => detail).join()).toContain('transactions_unsettled');
  });
});
