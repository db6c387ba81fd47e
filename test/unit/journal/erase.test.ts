import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/journal/rows.ts';
import type { SqliteJournal } from '../../../src/journal/sqlite-journal.ts';
import { begin, filesWith, friday, idOf, move, openIn, temporaryDirectory, value } from './support.ts';

const noted = { row: 'audit', at: friday, act: 'erase', by: 'vieno' } as const;
const card = '29999001';

/** Two settled loans of the card, one in doubt, one on the staff list, and a loan and a return of nobody in question. */
function fill(journal: SqliteJournal): void {
  const rows: readonly Row[] = [
    ...[1, 2, 3, 4].map((number) => begin(number, { patron: card })),
    begin(5, { patron: '29999002' }),
    begin(6, { kind: 'checkin' }),
    { row: 'tagBegin', id: idOf(1), aim: 'unlock', item: 'item-1', uids: ['E0-1'], at: friday },
    { row: 'tagBegin', id: idOf(5), aim: 'unlock', item: 'item-5', uids: ['E0-5'], at: friday },
    { row: 'tagMove', id: idOf(1), to: 'done', rule: 'tag.verified', at: friday },
    { row: 'tagMove', id: idOf(5), to: 'done', rule: 'tag.verified', at: friday },
    ...[1, 2, 5, 6].map((number) => move(number, 'accepted')),
    move(3, 'uncertain'),
    move(4, 'uncertain'),
    move(4, 'staff'),
    { row: 'pinTried', card, at: friday },
  ];
  expect(journal.commit(rows)).toEqual({ ok: true });
}

describe('what is kept about a card', () => {
  it('is found by the card and not by a part of it', () => {
    const journal = openIn(temporaryDirectory());
    fill(journal);
    expect(journal.person(card)?.transactions.map(({ id }) => id)).toEqual([1, 2, 3, 4].map(idOf));
    expect(journal.person(card)).toMatchObject({ pinTries: 1, pinVerifier: false });
    expect(journal.person('2999900')).toEqual({ transactions: [], pinTries: 0, pinVerifier: false });
  });

  it('is erased as far as it is settled, the rest is named, and nothing of anybody else goes', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    fill(journal);
    const traces = [idOf(1), idOf(2)];
    expect(traces.filter((trace) => filesWith(directory, trace).length > 0)).toEqual(traces);
    expect(value(journal.erase(card, noted))).toEqual({
      transactions: 2,
      unsettled: [3, 4],
      traceless: true,
    });
    expect(journal.person(card)?.transactions.map(({ id }) => id)).toEqual([3, 4].map(idOf));
    expect(journal.list({ limit: 9 }).map(({ id }) => id)).toEqual([6, 5, 4, 3].map(idOf));
    // No byte of it is left in any file, its history and tags included.
    expect(traces.filter((trace) => filesWith(directory, trace).length > 0)).toEqual([]);
    const db = new Database(join(directory, 'journal.db'), { readonly: true });
    expect(db.prepare('select id from tag_work').pluck().all()).toEqual([idOf(5)]);
    expect(db.prepare('select count(*) from transitions where transaction_seq in (1, 2)').pluck().get()).toBe(
      0,
    );
    db.close();
  });

  it('can be erased wholly once the rest is settled', () => {
    const journal = openIn(temporaryDirectory());
    fill(journal);
    journal.commit([move(3, 'accepted'), move(4, 'resolved')]);
    expect(value(journal.erase(card, noted))).toMatchObject({ transactions: 4, unsettled: [] });
    expect(journal.person(card)?.transactions).toEqual([]);
  });

  it('gives no free PIN tries by being erased, and takes a verifier with it', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    fill(journal);
    const db = new Database(join(directory, 'journal.db'));
    db.prepare(`insert into pin_verifiers (card_hash, made_at, sealed) values (?, 1, x'00')`).run(
      journal.hash(card),
    );
    db.close();
    expect(journal.person(card)).toMatchObject({ pinTries: 1, pinVerifier: true });
    value(journal.erase(card, noted));
    expect(journal.person(card)).toMatchObject({ pinTries: 1, pinVerifier: false });
  });

  it('is noted without the card, in the same commit', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    fill(journal);
    value(journal.erase(card, noted));
    expect(journal.audit(5)).toMatchObject([{ act: 'erase', by: 'vieno', subject: undefined, detail: '2' }]);
    const db = new Database(join(directory, 'journal.db'), { readonly: true });
    expect(JSON.stringify(db.prepare('select * from audit').all())).not.toContain(journal.hash(card));
    db.close();
    expect(journal.verifyAudit()).toMatchObject({ whole: true, entries: 1 });
  });
});
