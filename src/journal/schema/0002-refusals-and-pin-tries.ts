import type { Migration } from './migration.ts';

/** What is no transaction but must be known: refusals by their rule, and the PIN tries that still count. */
export const refusalsAndPinTries: Migration = {
  version: 2,
  name: 'refusals and pin tries',
  up(db) {
    db.exec(`
      -- Nobody's name or card: that a rule refused somebody, when and by whose word.
      create table refusals (
        seq integer primary key autoincrement,
        rule text not null,
        source text not null check (source in ('acs', 'station')),
        at integer not null
      ) strict;

      -- A row is written before the PIN is checked and taken back when it was right, so that pulling the plug
      -- never gives a free try. Few rows; no index.
      create table pin_tries (
        seq integer primary key autoincrement,
        card_hash text not null,
        at integer not null
      ) strict;
    `);
  },
};
