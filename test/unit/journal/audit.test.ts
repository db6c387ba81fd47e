import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repeatedActMs } from '../../../src/journal/audit.ts';
import { MemoryKeyStore } from '../../../src/journal/memory-key-store.ts';
import type { AuditAct, Row } from '../../../src/journal/rows.ts';
import type { SqliteJournal } from '../../../src/journal/sqlite-journal.ts';
import {
  begin,
  dayMs,
  filesWith,
  friday,
  idOf,
  openIn,
  openWhole,
  seededRandom,
  temporaryDirectory,
  value,
} from './support.ts';

const by = 'librarian-vieno';

function act(number: number, changes: Partial<Extract<Row, { row: 'audit' }>> = {}): Row {
  return { row: 'audit', at: friday + number, act: 'resolve', by, subject: idOf(number), ...changes };
}

/** A journal with five acts, closed, so that somebody can get at its file. */
function fiveActs(directory: string): void {
  const journal = openIn(directory);
  for (const number of [1, 2, 3, 4, 5]) journal.commit([act(number)]);
  expect(journal.verifyAudit()).toEqual({ whole: true, entries: 5, firstSeq: 1 });
  journal.close();
}

/** Changes the file as somebody would who has a database tool and no key. */
function tamper(directory: string, sql: string): void {
  const db = new Database(join(directory, 'journal.db'));
  const triggers = db
    .prepare<[], { name: string; sql: string }>(
      `select name, sql from sqlite_schema where type = 'trigger' and tbl_name = 'audit'`,
    )
    .all();
  for (const { name } of triggers) db.exec(`drop trigger ${name}`);
  db.exec(sql);
  for (const trigger of triggers) db.exec(trigger.sql);
  db.close();
}

describe('the audit log', () => {
  it('tells who did what, newest first, and keeps the name sealed on the disk', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    journal.commit([act(1, { detail: 'itemFound' })]);
    journal.commit([{ row: 'audit', at: friday + 9, act: 'export', by, detail: 'koc' }]);
    expect(journal.audit(10)).toEqual([
      { seq: 2, at: friday + 9, act: 'export', subject: undefined, detail: 'koc', by },
      { seq: 1, at: friday + 1, act: 'resolve', subject: idOf(1), detail: 'itemFound', by },
    ]);
    expect(journal.audit(1)).toHaveLength(1);
    expect(filesWith(directory, by)).toEqual([]);
  });

  it('is written with what it is about, or not at all', () => {
    const journal = openIn(temporaryDirectory());
    expect(() => journal.commit([act(1), { row: 'attempt', id: idOf(1), at: friday }])).toThrow('known');
    expect(journal.audit(10)).toEqual([]);
    expect(journal.verifyAudit()).toEqual({ whole: true, entries: 0, firstSeq: undefined });
  });

  it('takes a look that is repeated within a minute for one, and each change for its own', () => {
    const journal = openIn(temporaryDirectory());
    const look = (at: number, changes: { act?: AuditAct; by?: string } = {}): void => {
      journal.commit([{ row: 'audit', at: friday + at, act: 'list', by, ...changes }]);
    };
    look(0);
    look(repeatedActMs - 1);
    expect(journal.audit(10)).toHaveLength(1);
    look(repeatedActMs);
    look(repeatedActMs, { by: 'somebody else' });
    // After the clock went back nothing is known about how long ago it was.
    look(0, { by: 'somebody else' });
    expect(journal.audit(10)).toHaveLength(4);
    journal.commit([act(1)]);
    journal.commit([act(1)]);
    expect(journal.audit(10)).toHaveLength(6);
    expect(journal.verifyAudit()).toMatchObject({ whole: true, entries: 6 });
  });

  it('goes on after a restart', () => {
    const directory = temporaryDirectory();
    fiveActs(directory);
    const again = openIn(directory);
    const head = again.auditHead();
    again.commit([act(6)]);
    expect(again.auditHead()).not.toBe(head);
    expect(again.verifyAudit()).toMatchObject({ whole: true, entries: 6 });
  });

  const tamperings: readonly (readonly [string, string, number])[] = [
    ['an act changed', `update audit set act = 'list' where seq = 3`, 3],
    ['a time changed', `update audit set at = at + 1 where seq = 2`, 2],
    ['a note changed', `update audit set detail = 'other' where seq = 4`, 4],
    ['the subject taken away', `update audit set subject = null where seq = 5`, 5],
    [
      'another’s name put in',
      `update audit set sealed = (select sealed from audit where seq = 1) where seq = 2`,
      2,
    ],
    ['an act left out', `delete from audit where seq = 3`, 3],
    ['the newest left out', `delete from audit where seq = 5`, 5],
    ['the first left out', `delete from audit where seq = 1`, 1],
    ['all left out', `delete from audit`, 1],
    ['all left out and the ends too', `delete from audit where seq < 5; delete from audit_ends`, 5],
    [
      'an act put in',
      `insert into audit select 6, at, act, subject, detail, sealed, key_id, link from audit where seq = 5`,
      6,
    ],
    [
      'cut off, and the end moved',
      `delete from audit where seq = 5;
       update audit_ends set head_seq = 4, head_link = (select link from audit where seq = 4)`,
      1,
    ],
    [
      'the beginning cut off, and the base moved',
      `update audit_ends set base_seq = 2, base_link = (select link from audit where seq = 2);
       delete from audit where seq < 3`,
      3,
    ],
  ];
  it.each(tamperings)('finds %s', (_, sql, brokenAt) => {
    const directory = temporaryDirectory();
    fiveActs(directory);
    tamper(directory, sql);
    expect(openIn(directory).verifyAudit()).toMatchObject({ whole: false, brokenAt });
  });

  it('cannot be computed anew without the keys', () => {
    const directory = temporaryDirectory();
    fiveActs(directory);
    // As a thief would: the same program, other keys.
    const other = openIn(directory, { keyStore: new MemoryKeyStore(seededRandom(77)) });
    other.commit([act(6)]);
    other.close();
    expect(openIn(directory).verifyAudit()).toMatchObject({ whole: false });
  });

  it('is purged from its beginning and stays whole', () => {
    const journal = openIn(temporaryDirectory());
    for (const day of [0, 1, 2, 3]) journal.commit([act(1, { at: friday + day * dayMs })]);
    expect(value(journal.purge(friday + 366 * dayMs + 1))).toMatchObject({ acts: 2, traceless: true });
    expect(journal.audit(9).map(({ seq }) => seq)).toEqual([4, 3]);
    expect(journal.verifyAudit()).toEqual({ whole: true, entries: 2, firstSeq: 3 });
    expect(value(journal.purge(friday + 800 * dayMs)).acts).toBe(2);
    expect(journal.verifyAudit()).toEqual({ whole: true, entries: 0, firstSeq: undefined });
    journal.commit([act(2)]);
    expect(journal.audit(9).map(({ seq }) => seq)).toEqual([5]);
    expect(journal.verifyAudit()).toEqual({ whole: true, entries: 1, firstSeq: 5 });
  });

  it('keeps an old act that stands behind a young one, after a clock that jumped', () => {
    const journal = openIn(temporaryDirectory());
    for (const day of [0, 300, 1]) journal.commit([act(1, { at: friday + day * dayMs })]);
    expect(value(journal.purge(friday + 370 * dayMs)).acts).toBe(1);
    expect(journal.audit(9).map(({ seq }) => seq)).toEqual([3, 2]);
    expect(() => journal.purge(friday, { auditDays: 731 })).toThrow('auditDays is at most 730');
  });
});

describe('the audit log of a damaged journal', () => {
  function damaged(spoil: (journal: SqliteJournal, directory: string) => void): {
    readonly directory: string;
    readonly opened: ReturnType<typeof openWhole>;
  } {
    const directory = temporaryDirectory();
    const { journal } = openWhole(directory);
    journal.commit([begin(1)]);
    for (const number of [1, 2, 3]) journal.commit([act(number)]);
    journal.close();
    spoil(journal, directory);
    const db = new Database(join(directory, 'journal.db'));
    db.exec('drop table refusals');
    db.close();
    return { directory, opened: openWhole(directory) };
  }

  it('goes on in the new one', () => {
    const { opened } = damaged(() => undefined);
    expect(opened.aside).toMatchObject({ auditCarried: true, carried: 1 });
    expect(opened.journal.audit(9)).toHaveLength(3);
    opened.journal.commit([act(4)]);
    expect(opened.journal.verifyAudit()).toEqual({ whole: true, entries: 4, firstSeq: 1 });
  });

  it('begins anew where it was not whole', () => {
    const { opened } = damaged((_, directory) => tamper(directory, 'delete from audit where seq = 2'));
    expect(opened.aside).toMatchObject({ auditCarried: false, carried: 1 });
    expect(opened.journal.audit(9)).toEqual([]);
    opened.journal.commit([act(4)]);
    expect(opened.journal.verifyAudit()).toMatchObject({ whole: true, entries: 1 });
  });
});
