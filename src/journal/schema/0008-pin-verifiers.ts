import type { Migration } from './migration.ts';

/** What PINs are checked against while the library system is away, where the library has turned that on. */
export const pinVerifiers: Migration = {
  version: 8,
  name: 'pin verifiers',
  up(db) {
    db.exec(`
      create table pin_verifiers (
        card_hash text primary key,
        made_at integer not null,
        -- Sealed under the device key, which is not on this disk.
        sealed blob not null
      ) strict, without rowid;
    `);
  },
};
