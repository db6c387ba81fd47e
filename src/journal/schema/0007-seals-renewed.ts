import type { Migration } from './migration.ts';

/** History may be sealed anew under another key; nothing else of it changes. */
export const sealsRenewed: Migration = {
  version: 7,
  name: 'seals renewed',
  up(db) {
    db.exec(`
      drop trigger transitions_fixed;

      create trigger transitions_fixed
      before update of transaction_seq, step, what, at, rule, source on transitions
      begin
        select raise(abort, 'history does not change');
      end;

      -- What was sealed stays sealed, and what was not stays empty.
      create trigger transitions_sealed before update of sealed, key_id on transitions
      when (new.sealed is null) <> (old.sealed is null)
      begin
        select raise(abort, 'history does not change');
      end;
    `);
  },
};
