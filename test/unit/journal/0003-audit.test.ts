import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/journal/migrate.ts';

const link = 'a'.repeat(64);

function withActs(): Database.Database {
  const db = new Database(':memory:');
  migrate(db, 3);
  const add = db.prepare(
    `insert into audit (at, act, sealed, key_id, link) values (1, 'show', x'01', 'k1', '${link}')`,
  );
  add.run();
  add.run();
  return db;
}

describe('migration 3', () => {
  it('adds its tables and leaves what was there as it was', () => {
    const db = new Database(':memory:');
    migrate(db, 2);
    db.exec(`insert into refusals (rule, source, at) values ('pin.locked', 'station', 1)`);
    expect(migrate(db, 3)).toEqual({ ok: true, value: { from: 2 } });
    expect(db.prepare('select rule from refusals').pluck().all()).toEqual(['pin.locked']);
    expect(db.prepare('select count(*) from audit').pluck().get()).toBe(0);
    expect(db.prepare('select count(*) from audit_ends').pluck().get()).toBe(0);
  });

  it('lets nothing of an act change but the seal of who did it', () => {
    const db = withActs();
    for (const change of [
      `act = 'list'`,
      'at = 2',
      'seq = 9',
      `detail = 'x'`,
      `link = '${'b'.repeat(64)}'`,
    ]) {
      expect(() => db.exec(`update audit set ${change} where seq = 1`), change).toThrow('does not change');
    }
    db.exec(`update audit set sealed = x'02', key_id = 'k2' where seq = 1`);
    expect(db.prepare('select key_id from audit where seq = 1').pluck().get()).toBe('k2');
  });

  it('lets acts go only at the beginning, and has one row of ends', () => {
    const db = withActs();
    expect(() => db.exec('delete from audit where seq = 1')).toThrow('beginning of the chain');
    const ends = `insert into audit_ends (id, base_seq, base_link, head_seq, head_link, mac) values`;
    db.exec(`${ends} (1, 1, '${link}', 2, '${link}', '${link}')`);
    expect(() => db.exec(`${ends} (2, 1, '${link}', 2, '${link}', '${link}')`)).toThrow('CHECK');
    expect(() => db.exec('delete from audit where seq = 2')).toThrow('beginning of the chain');
    db.exec('delete from audit where seq = 1');
    expect(db.prepare('select seq from audit').pluck().all()).toEqual([2]);
  });
});
