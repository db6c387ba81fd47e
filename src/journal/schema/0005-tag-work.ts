import type { Migration } from './migration.ts';

/** What is to be done to the security of RFID tags, for the time between a promise and its proof. */
export const tagWork: Migration = {
  version: 5,
  name: 'tag work',
  up(db) {
    db.exec(`
      -- One row for each loan or return whose item has tags. Written with the intention, so that after a power cut it is
      -- known what is lent and locked, or taken back and not secured.
      create table tag_work (
        seq integer primary key autoincrement,
        -- The transaction that it belongs to; that may be purged first.
        id text not null unique,
        aim text not null check (aim in ('unlock', 'lock')),
        state text not null check (state in ('open', 'done', 'void', 'staff', 'resolved')),
        rule text,
        sealed blob not null,
        key_id text not null,
        at integer not null,
        moved_at integer not null
      ) strict;

      create index tag_work_unsettled on tag_work (state) where state in ('open', 'staff');

      create trigger tag_work_moves before update of state on tag_work
      when not (
        (old.state = 'open' and new.state in ('done', 'void', 'staff')) or
        (old.state = 'staff' and new.state in ('done', 'resolved'))
      )
      begin
        select raise(abort, 'tag work only moves forward');
      end;
    `);
  },
};
