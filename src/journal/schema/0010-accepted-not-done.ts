import type { Migration } from './migration.ts';

/** What the library system accepted may turn out as not done: then staff get it. */
export const acceptedNotDone: Migration = {
  version: 10,
  name: 'accepted, not done',
  up(db) {
    db.exec(`
      drop trigger transactions_move;

      create trigger transactions_move before update of state on transactions
      when not (
        (old.state = 'intended' and new.state in ('accepted', 'refused', 'uncertain', 'withdrawn'))
        or (old.state = 'uncertain' and new.state in ('accepted', 'refused', 'staff'))
        or (old.state = 'waiting' and new.state in ('accepted', 'staff'))
        or (old.state = 'accepted' and new.state = 'staff')
        or (old.state = 'staff' and new.state = 'resolved')
      )
      begin
        select raise(abort, 'a transaction only moves forward');
      end;
    `);
  },
};
