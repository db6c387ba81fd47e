import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/journal/migrate.ts';
import { dayMs, friday, openIn, temporaryDirectory } from './support.ts';

describe('migration 8', () => {
  it('adds its table and leaves what was there as it was', () => {
    const db = new Database(':memory:');
    migrate(db, 7);
    db.exec(`insert into pin_tries (card_hash, at) values ('h', 1)`);
    expect(migrate(db, 8)).toEqual({ ok: true, value: { from: 7 } });
    expect(db.prepare('select card_hash from pin_tries').pluck().all()).toEqual(['h']);
    expect(db.prepare('select count(*) from pin_verifiers').pluck().get()).toBe(0);
  });
});

describe('a verifier in the journal', () => {
  const sealed = Uint8Array.of(1, 2, 3);
  const card = '2000001';

  it('is the newest of its card, outlives a restart, and goes when it must', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    journal.commit([{ row: 'pinVerifier', card, at: friday - 1, sealed: Uint8Array.of(9) }]);
    journal.commit([{ row: 'pinVerifier', card, at: friday, sealed }]);
    journal.commit([{ row: 'pinVerifier', card: 'another', at: friday, sealed }]);
    journal.close();
    const again = openIn(directory);
    expect(Uint8Array.from(again.pinVerifier(again.hash(card)) ?? [])).toEqual(sealed);
    again.commit([{ row: 'pinVerifierGone', card }]);
    expect(again.pinVerifier(again.hash(card))).toBeUndefined();
    expect(again.pinVerifier(again.hash('another'))).toBeDefined();
  });

  it('is purged after its days, and at once where the library has turned it off', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([{ row: 'pinVerifier', card, at: friday, sealed }]);
    journal.purge(friday + 29 * dayMs, { verifierDays: 30 });
    expect(journal.pinVerifier(journal.hash(card))).toBeDefined();
    journal.purge(friday + 31 * dayMs, { verifierDays: 30 });
    expect(journal.pinVerifier(journal.hash(card))).toBeUndefined();
    journal.commit([{ row: 'pinVerifier', card, at: friday, sealed }]);
    journal.purge(friday + 1, { verifierDays: 0 });
    expect(journal.pinVerifier(journal.hash(card))).toBeUndefined();
  });
});
