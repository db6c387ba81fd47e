import type { Migration } from './migration.ts';

/**
 * Transactions may be holds and payments too. SQLite cannot change a check, so both tables are made anew with the
 * same content: the history first, for it points to the transactions.
 */
export const holdsAndFees: Migration = {
  version: 4,
  name: 'holds and fees',
  up(db) {
    db.exec(`
      create table history_before as select * from transitions;
      drop table transitions;

      create table transactions_next (
        seq integer primary key autoincrement,
        id text not null unique check (length(id) = 32),
        kind text not null check (kind in ('checkout', 'checkin', 'renew', 'hold', 'fee')),
        state text not null check (state in
          ('intended', 'uncertain', 'waiting', 'accepted', 'refused', 'withdrawn', 'staff', 'resolved')),
        -- Of a payment that names no fee, the hash of nothing.
        item_hash text not null,
        patron_hash text,
        -- Item, card number, the due date before a renewal, what a hold or payment asks for, sealed under the key of that name.
        sealed blob not null,
        key_id text not null,
        at integer not null,
        zone text not null,
        moved_at integer not null,
        attempts integer not null default 0,
        steps integer not null default 0,
        replaces text check (replaces is null or length(replaces) = 32)
      ) strict;

      insert into transactions_next
        (seq, id, kind, state, item_hash, patron_hash, sealed, key_id, at, zone, moved_at, attempts, steps, replaces)
      select
        seq, id, kind, state, item_hash, patron_hash, sealed, key_id, at, zone, moved_at, attempts, steps, replaces
      from transactions order by seq;
      -- No number is given twice, also where the newest rows were purged.
      delete from sqlite_sequence where name = 'transactions_next';
      insert into sqlite_sequence (name, seq)
        select 'transactions_next', seq from sqlite_sequence where name = 'transactions';
      drop table transactions;
      alter table transactions_next rename to transactions;

      create index transactions_unsettled on transactions (state)
        where state in ('intended', 'uncertain', 'waiting', 'staff');

      create table transitions (
        transaction_seq integer not null references transactions (seq) on delete cascade,
        step integer not null check (step > 0),
        what text not null check (what in
          ('attempt', 'uncertain', 'accepted', 'refused', 'withdrawn', 'staff', 'resolved')),
        at integer not null,
        rule text,
        source text check (source in ('acs', 'station')),
        sealed blob,
        key_id text,
        primary key (transaction_seq, step),
        check ((sealed is null) = (key_id is null))
      ) strict, without rowid;

      insert into transitions (transaction_seq, step, what, at, rule, source, sealed, key_id)
        select transaction_seq, step, what, at, rule, source, sealed, key_id from history_before;
      drop table history_before;

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
