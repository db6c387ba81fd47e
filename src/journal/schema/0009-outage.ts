import type { Migration } from './migration.ts';

/** The outage that lasts until everything of it was told: limits count from its beginning, a restart in between or not. */
export const outage: Migration = {
  version: 9,
  name: 'outage',
  up(db) {
    db.exec(`
      -- At most one row: there is none in good times.
      create table outage (
        id integer primary key check (id = 1),
        began_at integer not null,
        -- Transactions with a greater number are of this outage, or newer.
        after_seq integer not null,
        -- The library system accepted something of it without doing it.
        doubted integer not null default 0 check (doubted in (0, 1))
      ) strict;
    `);
  },
};
