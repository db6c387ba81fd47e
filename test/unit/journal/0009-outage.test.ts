import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/journal/migrate.ts';
import type { Row } from '../../../src/journal/rows.ts';
import type { SqliteJournal } from '../../../src/journal/sqlite-journal.ts';
import { begin, dayMs, friday, idOf, move, openIn, temporaryDirectory } from './support.ts';

const outage = (what: 'began' | 'doubted' | 'ended', at = friday): Row => ({ row: 'outage', what, at });
const attempt = (number: number): Row => ({ row: 'attempt', id: idOf(number), at: friday });
const answeredBy = (number: number, rule: string): Row => ({
  row: 'move',
  id: idOf(number),
  to: 'accepted',
  at: friday,
  rule,
  source: 'acs',
});
const waiting = (number: number, patron = 'p1'): Row => begin(number, { state: 'waiting', patron });
const accepted = (number: number, patron = 'p1'): readonly Row[] => [
  waiting(number, patron),
  attempt(number),
  answeredBy(number, 'answered'),
];
const loansOf = (journal: SqliteJournal, patron: string): number | undefined =>
  journal.outage()?.loans().get(journal.hash(patron));

describe('migration 9', () => {
  it('adds its table, with one row at most, and leaves what was there as it was', () => {
    const db = new Database(':memory:');
    migrate(db, 8);
    db.exec(`insert into pin_tries (card_hash, at) values ('h', 1)`);
    expect(migrate(db, 9)).toEqual({ ok: true, value: { from: 8 } });
    expect(db.prepare('select card_hash from pin_tries').pluck().all()).toEqual(['h']);
    db.exec('insert into outage (id, began_at, after_seq) values (1, 1, 0)');
    expect(() => db.exec('insert into outage (id, began_at, after_seq) values (2, 1, 0)')).toThrow('CHECK');
  });
});

describe('an outage in the journal', () => {
  it('is none in good times', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([begin(1), move(1, 'accepted')]);
    expect(journal.outage()).toBeUndefined();
    expect(journal.believed()).toEqual([]);
  });

  it('counts the loans by own rules since it began, settled or not, and outlives a restart', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    // Before it: a loan in good times, and one of an outage that is over.
    journal.commit([begin(1, { patron: 'p1' }), move(1, 'accepted'), ...accepted(2)]);
    journal.commit([outage('began'), ...accepted(3), waiting(4, 'p2')]);
    journal.commit([waiting(5), attempt(5), move(5, 'staff'), waiting(6), move(6, 'staff')]);
    journal.commit([begin(7, { kind: 'checkin', state: 'waiting' })]);
    journal.close();
    const again = openIn(directory);
    expect(again.outage()).toMatchObject({ since: friday, noted: true, doubted: false });
    expect(loansOf(again, 'p1')).toBe(3);
    expect(loansOf(again, 'p2')).toBe(1);
    again.commit([move(4, 'staff'), attempt(7), move(7, 'accepted'), outage('ended')]);
    expect(again.outage()).toBeUndefined();
  });

  it('does not count what was lent online while it lasted', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([outage('began'), begin(1, { patron: 'p1' }), move(1, 'accepted')]);
    journal.commit([begin(2, { patron: 'p1' }), move(2, 'uncertain'), attempt(2), move(2, 'accepted')]);
    journal.commit([begin(3, { patron: 'p1' }), move(3, 'accepted'), move(3, 'staff')]);
    journal.commit([begin(4, { patron: 'p1' }), move(4, 'uncertain'), move(4, 'staff')]);
    journal.commit([begin(5, { patron: 'p1' }), move(5, 'withdrawn')]);
    expect(loansOf(journal, 'p1')).toBeUndefined();
  });

  it('that was never noted is known by what waits', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([...accepted(1), begin(2, { state: 'waiting', patron: 'p1', at: friday - dayMs })]);
    expect(journal.outage()).toMatchObject({ since: friday - dayMs, noted: false });
    expect(loansOf(journal, 'p1')).toBe(1);
    journal.commit([outage('began', friday + 5), waiting(3)]);
    expect(journal.outage()).toMatchObject({ since: friday + 5, noted: true });
    expect(loansOf(journal, 'p1')).toBe(2);
  });

  it('begins once', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([outage('began'), waiting(1), outage('doubted')]);
    journal.commit([outage('began', friday + 9), waiting(2)]);
    expect(journal.outage()).toMatchObject({ since: friday, doubted: true });
    expect(loansOf(journal, 'p1')).toBe(2);
  });
});

describe('what was believed in an outage', () => {
  const items = (journal: SqliteJournal): readonly string[] => journal.believed().map(({ item }) => item);

  it('is what was answered and not looked at', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([...accepted(1), outage('began'), ...accepted(2)]);
    journal.commit([waiting(3), attempt(3), answeredBy(3, 'asked')]);
    journal.commit([waiting(4), waiting(5), attempt(5), move(5, 'staff')]);
    journal.commit([begin(6), answeredBy(6, 'answered')]);
    expect(items(journal)).toEqual(['item-2']);
    journal.commit([{ ...move(2, 'staff') }]);
    expect(items(journal)).toEqual([]);
  });

  it('is of each item the newest only', () => {
    const journal = openIn(temporaryDirectory());
    const of = (number: number, kind: 'checkout' | 'checkin', item: string): readonly Row[] => [
      begin(number, { kind, item, state: 'waiting' }),
      attempt(number),
      answeredBy(number, 'answered'),
    ];
    journal.commit([outage('began'), ...of(1, 'checkout', 'a'), ...of(2, 'checkout', 'b')]);
    journal.commit([...of(3, 'checkin', 'a'), ...of(4, 'checkout', 'c')]);
    journal.commit([begin(5, { item: 'b' })]);
    journal.commit([begin(6, { item: 'c' }), move(6, 'refused')]);
    expect(journal.believed()).toMatchObject([
      { item: 'a', kind: 'checkin', id: idOf(3) },
      { item: 'c', kind: 'checkout', id: idOf(4) },
    ]);
  });
});

describe('what was accepted shortly before something was found not done', () => {
  const items = (journal: SqliteJournal, since = friday, max = 9): readonly string[] | undefined =>
    journal.doubted(since, max)?.map(({ item }) => item);
  const notDone = (number: number, at = friday): Row => ({
    row: 'move',
    id: idOf(number),
    to: 'staff',
    at,
    rule: 'acs.notDone',
    source: 'station',
  });
  const online = (number: number, item = `item-${number}`): readonly Row[] => [
    begin(number, { item }),
    answeredBy(number, 'answered'),
  ];

  it('is nothing while all that was looked at was done', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([...online(1), begin(2), move(2, 'uncertain'), move(2, 'staff')]);
    expect(items(journal)).toBeUndefined();
  });

  it('is what was answered and nobody looked at, of each item the newest, the newest of all', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([...online(1, 'a'), ...online(2, 'b'), ...online(3, 'a'), ...online(4), ...online(5)]);
    journal.commit([begin(6), move(6, 'uncertain'), answeredBy(6, 'asked'), begin(7, { item: 'b' })]);
    journal.commit([notDone(5)]);
    expect(items(journal)).toEqual(['a', 'item-4']);
    expect(items(journal, friday, 1)).toEqual(['item-4']);
  });

  it('is forgotten after a while', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([...online(1), ...online(2), notDone(2)]);
    expect(items(journal, friday + 1)).toBeUndefined();
    journal.commit([...online(3), notDone(3, friday + 5)]);
    expect(items(journal, friday + 1)).toEqual([]);
  });
});
