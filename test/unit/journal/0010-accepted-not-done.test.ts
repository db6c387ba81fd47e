import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrate } from '../../../src/journal/migrate.ts';

const states = [
  'intended',
  'uncertain',
  'waiting',
  'accepted',
  'refused',
  'withdrawn',
  'staff',
  'resolved',
] as const;

function withAccepted(version: number): Database.Database {
  const db = new Database(':memory:');
  migrate(db, 9);
  db.exec(`
    insert into transactions (id, kind, state, item_hash, sealed, key_id, at, zone, moved_at)
    values ('${'a'.repeat(32)}', 'checkin', 'intended', 'h', x'01', 'k1', 1, 'UTC', 1);
    update transactions set state = 'accepted'`);
  migrate(db, version);
  return db;
}

it('migration 10 leaves what was there as it was', () => {
  const db = withAccepted(10);
  expect(db.prepare('select state from transactions').pluck().all()).toEqual(['accepted']);
});

it.each(states)('what was accepted becomes %s only where staff get it, since migration 10', (state) => {
  const move = (db: Database.Database) => () => db.exec(`update transactions set state = '${state}'`);
  expect(move(withAccepted(9))).toThrow('only moves forward');
  if (state === 'staff') expect(move(withAccepted(10))).not.toThrow();
  else expect(move(withAccepted(10))).toThrow('only moves forward');
});
