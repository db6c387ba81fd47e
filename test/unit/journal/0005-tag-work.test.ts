import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/journal/migrate.ts';

function withWork(state: string): Database.Database {
  const db = new Database(':memory:');
  migrate(db, 5);
  db.exec(
    `insert into tag_work (id, aim, state, sealed, key_id, at, moved_at)
     values ('${'a'.repeat(32)}', 'unlock', '${state}', x'01', 'k1', 1, 1)`,
  );
  return db;
}

describe('migration 5', () => {
  it('adds its table and leaves what was there as it was', () => {
    const db = new Database(':memory:');
    migrate(db, 4);
    db.exec(`insert into refusals (rule, source, at) values ('pin.locked', 'station', 1)`);
    expect(migrate(db, 5)).toEqual({ ok: true, value: { from: 4 } });
    expect(db.prepare('select rule from refusals').pluck().all()).toEqual(['pin.locked']);
    expect(db.prepare('select count(*) from tag_work').pluck().get()).toBe(0);
  });

  it.each([
    ['open', ['done', 'void', 'staff'], ['resolved', 'open']],
    ['staff', ['done', 'resolved'], ['open', 'void', 'staff']],
    ['done', [], ['open', 'void', 'staff', 'resolved']],
    ['void', [], ['open', 'done', 'staff', 'resolved']],
    ['resolved', [], ['open', 'done', 'void', 'staff']],
  ] as const)('lets %s become %j and not %j', (from, may, mayNot) => {
    for (const to of may) withWork(from).exec(`update tag_work set state = '${to}'`);
    for (const to of mayNot) {
      expect(() => withWork(from).exec(`update tag_work set state = '${to}'`), to).toThrow(
        'only moves forward',
      );
    }
  });

  it('has one row for a transaction', () => {
    const db = withWork('open');
    expect(() =>
      db.exec(
        `insert into tag_work select 9, id, aim, state, rule, sealed, key_id, at, moved_at from tag_work`,
      ),
    ).toThrow('UNIQUE');
  });
});
