import type { Migration } from './migration.ts';

/** What technicians and librarians did with the journal: a chain in which no link can be changed or left out unnoticed. */
export const audit: Migration = {
  version: 3,
  name: 'audit',
  up(db) {
    db.exec(`
      create table audit (
        seq integer primary key autoincrement,
        at integer not null,
        -- What was done, such as 'resolve'.
        act text not null,
        -- The random id of the transaction that it was done to.
        subject text check (subject is null or length(subject) = 32),
        -- A note key, a format or a number; never a word about a person.
        detail text,
        -- Who did it, sealed.
        sealed blob not null,
        key_id text not null,
        -- Keyed hash over this row's content and the link before it.
        link text not null check (length(link) = 64)
      ) strict;

      -- Between which links the chain lies, sealed by a keyed hash: one row. What was purged ends in base_link.
      create table audit_ends (
        id integer primary key check (id = 1),
        base_seq integer not null,
        base_link text not null,
        head_seq integer not null,
        head_link text not null,
        mac text not null check (length(mac) = 64)
      ) strict;

      -- Who did it may be sealed anew under another key; nothing else of an act changes.
      create trigger audit_fixed before update of seq, at, act, subject, detail, link on audit
      begin
        select raise(abort, 'what was done does not change');
      end;

      create trigger audit_kept before delete on audit
      when not exists (select 1 from audit_ends where base_seq >= old.seq)
      begin
        select raise(abort, 'acts go only at the beginning of the chain');
      end;
    `);
  },
};
