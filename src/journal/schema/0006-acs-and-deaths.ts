import type { Migration } from './migration.ts';

/** For which library system the open transactions are, and on which of them the station died. */
export const acsAndDeaths: Migration = {
  version: 6,
  name: 'acs and deaths',
  up(db) {
    db.exec(`
      -- The library system that the station worked with last: one row.
      create table acs (
        id integer primary key check (id = 1),
        identity text not null
      ) strict;

      -- How often the process ended while it worked on a transaction. Goes with the transaction.
      create table deaths (
        transaction_seq integer primary key references transactions (seq) on delete cascade,
        count integer not null check (count > 0)
      ) strict;
    `);
  },
};
