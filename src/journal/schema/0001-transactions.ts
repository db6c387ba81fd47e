import type { Migration } from './migration.ts';

/**
 * Transactions and their history. Values such as the states are written out here as they were when this
 * migration was made; the code's own table (`movesOf`) may grow with a later migration.
 */
export const transactions: Migration = {
  version: 1,
  name: 'transactions',
  up(db) {
    db.exec(`
      -- What this journal is: one row, written when the file is made and never updated.
      create table journal (
        id integer primary key check (id = 1),
        -- Names this journal for ever; (epoch, seq) orders transactions across a journal that had to be replaced.
        epoch text not null check (length(epoch) = 32),
        created integer not null
      ) strict;

      create table transactions (
        -- The order in which they happened; autoincrement, so that a number is never given twice.
        seq integer primary key autoincrement,
        -- Random; made before anything is sent.
        id text not null unique check (length(id) = 32),
        kind text not null check (kind in ('checkout', 'checkin', 'renew')),
        state text not null check (state in
          ('intended', 'uncertain', 'waiting', 'accepted', 'refused', 'withdrawn', 'staff', 'resolved')),
        -- Keyed hashes for look-up. Not indexed: they are asked for by hand, and an index would cost each commit a page.
        item_hash text not null,
        patron_hash text,
        -- Item, card number and the due date before a renewal, sealed under the key of that name.
        sealed blob not null,
        key_id text not null,
        -- When it happened: UTC milliseconds, and the zone in which the patron lived it.
        at integer not null,
        zone text not null,
        -- When it last changed its state; retention counts from here.
        moved_at integer not null,
        -- How often it was about to be sent.
        attempts integer not null default 0,
        -- How many rows of history it has; numbers the next one.
        steps integer not null default 0,
        -- The transaction that this one takes the place of. No foreign key: that one may be purged first.
        replaces text check (replaces is null or length(replaces) = 32)
      ) strict;

      -- What is not settled is looked for at each start and is always little, however long the table is.
      create index transactions_unsettled on transactions (state)
        where state in ('intended', 'uncertain', 'waiting', 'staff');

      -- Every move and every attempt. Append only; it goes when its transaction goes.
      create table transitions (
        transaction_seq integer not null references transactions (seq) on delete cascade,
        step integer not null check (step > 0),
        what text not null check (what in
          ('attempt', 'uncertain', 'accepted', 'refused', 'withdrawn', 'staff', 'resolved')),
        at integer not null,
        rule text,
        source text check (source in ('acs', 'station')),
        -- The library system's words and due date, sealed; null when it said nothing.
        sealed blob,
        key_id text,
        primary key (transaction_seq, step),
        check ((sealed is null) = (key_id is null))
      ) strict, without rowid;

      create trigger transactions_begin before insert on transactions
      when new.state not in ('intended', 'waiting') or new.attempts <> 0 or new.steps <> 0
      begin
        select raise(abort, 'a transaction begins intended or waiting');
      end;

      create trigger transactions_move before update of state on transactions
      when not (
        (old.state = 'intended' and new.state in ('accepted', 'refused', 'uncertain', 'withdrawn'))
        or (old.state = 'uncertain' and new.state in ('accepted', 'refused', 'staff'))
        or (old.state = 'waiting' and new.state in ('accepted', 'staff'))
        or (old.state = 'staff' and new.state = 'resolved')
      )
      begin
        select raise(abort, 'a transaction only moves forward');
      end;

      create trigger transactions_attempt before update of attempts on transactions
      when new.attempts <> old.attempts + 1 or old.state not in ('intended', 'uncertain', 'waiting')
      begin
        select raise(abort, 'attempts are counted one by one, and only of an open transaction');
      end;

      create trigger transactions_fixed
      before update of seq, id, kind, item_hash, patron_hash, at, zone, replaces on transactions
      begin
        select raise(abort, 'what happened does not change');
      end;

      create trigger transactions_kept before delete on transactions
      when old.state in ('intended', 'uncertain', 'waiting', 'staff')
      begin
        select raise(abort, 'an unsettled transaction is never deleted');
      end;

      create trigger transitions_fixed before update on transitions
      begin
        select raise(abort, 'history does not change');
      end;

      create trigger transitions_kept before delete on transitions
      when exists (select 1 from transactions where seq = old.transaction_seq)
      begin
        select raise(abort, 'history goes only with its transaction');
      end;
    `);
  },
};
