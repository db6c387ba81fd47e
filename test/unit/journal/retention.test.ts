import Database from 'better-sqlite3';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Row } from '../../../src/journal/rows.ts';
import { retentionMax } from '../../../src/journal/retention.ts';
import {
  begin,
  dayMs,
  filesOf,
  filesWith,
  friday,
  idOf,
  keyStore,
  move,
  openIn,
  temporaryDirectory,
  value,
} from './support.ts';

const hourMs = 3_600_000;

/** All runs of 32 and of 64 hexadecimal digits, the form of ids and hashes, in all files of the folder, at any offset. */
function hexRuns(directory: string): string[] {
  const runs: string[] = [];
  for (const bytes of filesOf(directory).values()) {
    for (const [run] of bytes.toString('latin1').matchAll(/[0-9a-f]{32,}/gu)) {
      for (let at = 0; at + 32 <= run.length; at += 1) {
        runs.push(run.slice(at, at + 32));
        if (at + 64 <= run.length) runs.push(run.slice(at, at + 64));
      }
    }
  }
  return runs;
}

function sealedBlobs(directory: string, wanted: (seq: number) => boolean): Buffer[] {
  const db = new Database(join(directory, 'journal.db'), { readonly: true });
  const rows = db
    .prepare<[], { seq: number; begun: Buffer; said: Buffer }>(
      `select t.seq, t.sealed as begun, m.sealed as said from transactions t join transitions m on m.transaction_seq = t.seq`,
    )
    .all();
  db.close();
  return rows.filter(({ seq }) => wanted(seq)).flatMap(({ begun, said }) => [begun, said]);
}

describe('the purge', () => {
  it('deletes what was settled more than fourteen days ago, and keeps what is not settled however old it is', () => {
    const journal = openIn(temporaryDirectory());
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    journal.commit(numbers.map((number) => begin(number, number === 5 ? { state: 'waiting' } : {})));
    journal.commit([
      move(1, 'accepted'),
      move(2, 'refused'),
      move(3, 'withdrawn'),
      move(4, 'uncertain'),
      move(6, 'uncertain'),
      move(6, 'staff'),
      move(7, 'uncertain'),
      move(7, 'staff'),
      move(7, 'resolved'),
      // It happened long ago, but was settled late: the dispute window counts from then.
      move(9, 'accepted', friday + 10 * dayMs),
    ]);
    expect(value(journal.purge(friday + 14 * dayMs)).transactions).toBe(0);
    expect(value(journal.purge(friday + 14 * dayMs + 1)).transactions).toBe(4);
    expect(journal.status().counts).toEqual({ accepted: 1, intended: 1, staff: 1, uncertain: 1, waiting: 1 });
    expect(value(journal.purge(friday + 3_000 * dayMs)).transactions).toBe(1);
    expect(journal.status().counts).toEqual({ intended: 1, staff: 1, uncertain: 1, waiting: 1 });
  });

  it('deletes PIN tries after a day and refusals after ninety', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([
      { row: 'pinTried', card: 'a', at: friday },
      { row: 'pinTried', card: 'a', at: friday + hourMs },
      { row: 'refusal', rule: 'patron.blocked', source: 'acs', at: friday },
    ]);
    expect(value(journal.purge(friday + dayMs + 1))).toEqual({
      transactions: 0,
      tagWork: 0,
      refusals: 0,
      pinTries: 1,
      verifiers: 0,
      acts: 0,
      asides: 0,
      deleted: true,
      traceless: true,
    });
    expect(journal.pinTries()).toHaveLength(1);
    expect(value(journal.purge(friday + 90 * dayMs))).toMatchObject({ refusals: 0, pinTries: 1 });
    expect(value(journal.purge(friday + 90 * dayMs + 1))).toMatchObject({ refusals: 1, pinTries: 0 });
  });

  it('takes the library’s own days, up to the bound and no further', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([begin(1), move(1, 'accepted')]);
    expect(value(journal.purge(friday + 30 * dayMs, { settledDays: 30 })).transactions).toBe(0);
    expect(value(journal.purge(friday + 30 * dayMs + 1, { settledDays: 30 })).transactions).toBe(1);
    expect(retentionMax.settledDays).toBe(730);
    expect(() => journal.purge(friday, { settledDays: 731 })).toThrow('settledDays is at most 730');
    expect(() => journal.purge(friday, { refusalDays: -1 })).toThrow('refusalDays');
    expect(() => journal.purge(friday, { pinTryDays: Number.NaN })).toThrow('pinTryDays');
  });

  it('does nothing when the clock went back', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([begin(1), move(1, 'accepted'), { row: 'pinTried', card: 'a', at: friday }]);
    expect(value(journal.purge(friday - 3_650 * dayMs))).toEqual({
      transactions: 0,
      tagWork: 0,
      refusals: 0,
      pinTries: 0,
      verifiers: 0,
      acts: 0,
      asides: 0,
      deleted: false,
      traceless: true,
    });
  });

  it('leaves no trace of what it deleted in any file', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    // Kept and deleted rows share pages. So many that SQLite's trees are balanced while rows go, which leaves copies of
    // rows behind in spite of secure_delete.
    const numbers = Array.from({ length: 3_000 }, (_, index) => index + 1);
    const stays = (number: number): boolean => (number * 7_919) % 13 === 0;
    const perCommit = 100;
    for (let from = 0; from < numbers.length; from += perCommit) {
      const some = numbers.slice(from, from + perCommit);
      journal.commit(
        some.flatMap((number): Row[] => [
          begin(number),
          { row: 'pinTried', card: `patron-${number}`, at: friday },
        ]),
      );
      journal.commit(
        some.map((number): Row => {
          const to = stays(number) ? 'uncertain' : 'accepted';
          return { row: 'move', id: idOf(number), to, at: friday, words: [`word ${number}`] };
        }),
      );
    }
    const gone = numbers.filter((number) => !stays(number));
    const traces = new Set(gone.flatMap((number) => [idOf(number), journal.hash(`item-${number}`)]));
    const sealed = sealedBlobs(directory, (seq) => !stays(seq) && seq % 100 === 1);
    expect(hexRuns(directory).filter((run) => traces.has(run))).not.toEqual([]);
    expect(sealed.filter((blob) => filesWith(directory, blob).length > 0)).toEqual(sealed);

    expect(value(journal.purge(friday + 20 * dayMs))).toMatchObject({
      transactions: gone.length,
      pinTries: numbers.length,
      traceless: true,
    });

    expect(statSync(join(directory, 'journal.db-wal')).size).toBe(0);
    expect(hexRuns(directory).filter((run) => traces.has(run))).toEqual([]);
    expect(sealed.filter((blob) => filesWith(directory, blob).length > 0)).toEqual([]);
    expect(journal.open()).toHaveLength(numbers.length - gone.length);
    expect(journal.open()[0]).toMatchObject({ item: 'item-13', words: ['word 13'] });
  });

  it('says when a reader keeps the log from being emptied, and empties it the next time', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    journal.commit([begin(1), move(1, 'accepted')]);
    const reader = new Database(join(directory, 'journal.db'), { readonly: true });
    reader.exec('begin; select * from transactions');
    expect(value(journal.purge(friday + 15 * dayMs))).toMatchObject({ transactions: 1, traceless: false });
    reader.close();
    expect(value(journal.purge(friday + 15 * dayMs))).toMatchObject({ transactions: 0, traceless: true });
    expect(statSync(join(directory, 'journal.db-wal')).size).toBe(0);
  });

  it('writes the file anew the next time, also after a restart, where it could not', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    journal.commit([begin(1), move(1, 'accepted')]);
    expect(value(journal.purge(friday))).toMatchObject({ transactions: 0, traceless: true });
    const [blob] = sealedBlobs(directory, () => true);
    if (blob === undefined) throw new Error('a transaction is sealed');
    const vacuum = vi.spyOn(Database.prototype, 'exec');
    // The rows are gone, and no room is left to write what stays anew.
    vacuum.mockImplementationOnce(() => {
      throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
    });
    expect(value(journal.purge(friday + 15 * dayMs))).toMatchObject({ transactions: 1, traceless: false });
    journal.close();
    vacuum.mockClear();
    const again = openIn(directory);
    expect(value(again.purge(friday + 15 * dayMs))).toMatchObject({ transactions: 0, traceless: true });
    expect(vacuum).toHaveBeenCalledWith('vacuum');
    vacuum.mockClear();
    expect(value(again.purge(friday + 16 * dayMs))).toMatchObject({ transactions: 0, traceless: true });
    expect(vacuum).not.toHaveBeenCalledWith('vacuum');
    vacuum.mockRestore();
    expect(filesWith(directory, blob)).toEqual([]);
  });

  it('is fast enough for the night of a busy station', () => {
    const journal = openIn(temporaryDirectory(), { keyStore });
    const rows = Array.from({ length: 5_000 }, (_, index) => [
      begin(index + 1),
      move(index + 1, 'accepted'),
    ]).flat();
    journal.commit(rows);
    const from = performance.now();
    expect(value(journal.purge(friday + 20 * dayMs)).transactions).toBe(5_000);
    expect(performance.now() - from).toBeLessThan(3_000);
  });

  it('deletes journals that were set aside two years ago', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    const names = [
      'journal.damaged-20261120T080000Z.db',
      'journal.damaged-20261120T080000Z.db-wal',
      'journal.damaged-20261120T080000Z-2.export',
      'journal.newer-9-20261120T080000Z.db',
      'journal.damaged-20271120T080000Z.db',
      'keys.json',
    ];
    for (const name of names) writeFileSync(join(directory, name), 'x');
    expect(value(journal.purge(friday + 730 * dayMs)).asides).toBe(0);
    expect(value(journal.purge(friday + 730 * dayMs + 1)).asides).toBe(4);
    expect(names.filter((name) => existsSync(join(directory, name)))).toEqual(names.slice(4));
  });
});
