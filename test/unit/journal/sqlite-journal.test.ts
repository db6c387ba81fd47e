import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busyTimeoutMs } from '../../../src/journal/connection.ts';
import type { Row } from '../../../src/journal/rows.ts';
import { schemaVersion } from '../../../src/journal/schema/migrations.ts';
import { SqliteJournal } from '../../../src/journal/sqlite-journal.ts';
import { begin, dayMs, friday, idOf, move, openIn, options, temporaryDirectory } from './support.ts';

const attempt = (number: number, at = friday): Row => ({ row: 'attempt', id: idOf(number), at });

describe('begin', () => {
  it('stores a transaction as it was told', () => {
    const journal = openIn(temporaryDirectory());
    const row: Row = {
      row: 'begin',
      id: idOf(1),
      kind: 'renew',
      state: 'intended',
      item: '30007008637257',
      patron: '29999001',
      at: friday,
      dueBefore: '20261201    235900',
    };
    expect(journal.commit([row])).toEqual({ ok: true });
    expect(journal.open()).toEqual([
      {
        seq: 1,
        id: idOf(1),
        kind: 'renew',
        state: 'intended',
        item: '30007008637257',
        patron: '29999001',
        at: friday,
        attempts: 0,
        dueBefore: '20261201    235900',
        rule: undefined,
        source: undefined,
        due: undefined,
        words: [],
        readable: true,
        zone: 'Europe/Helsinki',
        movedAt: friday,
      },
    ]);
  });

  it('stores what a hold and a payment ask for', () => {
    const journal = openIn(temporaryDirectory());
    const hold = { mode: 'place', pickup: 'MAIN', countBefore: 2 } as const;
    const fee = {
      amount: '2.50',
      currency: 'EUR',
      feeType: '01',
      paymentType: '02',
      owedBefore: '4.00',
    };
    const cancel = { mode: 'cancel' } as const;
    journal.commit([
      { ...(begin(1, { kind: 'hold' }) as Extract<Row, { row: 'begin' }>), hold },
      { ...(begin(2, { kind: 'fee', item: '' }) as Extract<Row, { row: 'begin' }>), fee },
      { ...(begin(3, { kind: 'hold' }) as Extract<Row, { row: 'begin' }>), hold: cancel },
    ]);
    expect(journal.open()).toMatchObject([
      { kind: 'hold', hold, fee: undefined },
      { kind: 'fee', item: '', fee, hold: undefined },
      { kind: 'hold', hold: cancel },
    ]);
  });

  it('stores a checkin without a patron', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([begin(1, { kind: 'checkin', state: 'waiting' })]);
    expect(journal.open()[0]).toMatchObject({ kind: 'checkin', state: 'waiting', patron: undefined });
  });

  it('takes the place of a withdrawn one in the same commit', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    journal.commit([begin(1, { kind: 'checkin' })]);
    const waiting: Row = {
      row: 'begin',
      id: idOf(2),
      kind: 'checkin',
      state: 'waiting',
      item: 'item-1',
      patron: undefined,
      at: friday,
      replaces: idOf(1),
    };
    expect(journal.commit([move(1, 'withdrawn'), waiting])).toEqual({ ok: true });
    expect(journal.open().map(({ id }) => id)).toEqual([idOf(2)]);
    const db = new Database(join(directory, 'journal.db'), { readonly: true });
    expect(db.prepare('select replaces from transactions order by seq').pluck().all()).toEqual([
      null,
      idOf(1),
    ]);
    db.close();
  });

  it('gives what was begun anew, because it could not be sent, in the place of the first', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    journal.commit([begin(1), begin(2), begin(3), move(1, 'withdrawn'), move(3, 'uncertain')]);
    journal.commit([{ ...begin(4, { state: 'waiting' }), replaces: idOf(1) } as Row]);
    journal.commit([move(3, 'staff'), move(3, 'resolved')]);
    // What staff gave back happened as early, but is tried anew behind all that came since.
    journal.commit([{ ...begin(5, { state: 'waiting' }), replaces: idOf(3) } as Row]);
    expect(journal.open().map(({ id }) => id)).toEqual([idOf(4), idOf(2), idOf(5)]);
  });

  it('crashes on an id that was there before, that is none, or that replaces nothing', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([begin(1)]);
    expect(() => journal.commit([begin(1)])).toThrow('UNIQUE');
    expect(() => journal.commit([{ ...begin(1), id: 'short' } as Row])).toThrow('an id of 128 bits');
    expect(() => journal.commit([{ ...begin(2), replaces: idOf(9) } as Row])).toThrow(
      'replaced transaction is known',
    );
    expect(journal.open()).toHaveLength(1);
  });
});

describe('move', () => {
  it('stores rule, source, words and due date of the last move', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([begin(1), attempt(1)]);
    journal.commit([
      { row: 'move', id: idOf(1), to: 'uncertain', at: friday + 1, rule: 'reply.lost', source: 'station' },
    ]);
    expect(journal.open()[0]).toMatchObject({
      state: 'uncertain',
      rule: 'reply.lost',
      source: 'station',
      words: [],
    });
    journal.commit([
      {
        row: 'move',
        id: idOf(1),
        to: 'accepted',
        at: friday + 2,
        rule: 'asked',
        source: 'acs',
        words: ['Laina onnistui', 'Kiitos'],
        due: '20261218    235900',
      },
    ]);
    expect(journal.open()).toEqual([]);
    expect(journal.list({ limit: 5 })[0]).toMatchObject({
      state: 'accepted',
      rule: 'asked',
      source: 'acs',
      words: ['Laina onnistui', 'Kiitos'],
      due: '20261218    235900',
      movedAt: friday + 2,
      at: friday,
    });
  });

  it('crashes when it goes backwards, and nothing of the commit stays', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([begin(1), move(1, 'accepted')]);
    expect(() => journal.commit([begin(2), move(1, 'refused')])).toThrow(
      'only moves forward: accepted to refused',
    );
    expect(() => journal.commit([move(7, 'accepted')])).toThrow('the transaction is known');
    expect(journal.list({ limit: 5 }).map(({ id }) => id)).toEqual([idOf(1)]);
    expect(journal.commit([begin(2)])).toEqual({ ok: true });
  });

  it('brings to the staff list what only staff can settle', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([begin(1), begin(2, { state: 'waiting' }), begin(3)]);
    journal.commit([move(1, 'uncertain'), move(1, 'staff'), move(2, 'staff')]);
    expect(journal.staffCount()).toBe(2);
    expect(journal.open().map(({ id }) => id)).toEqual([idOf(3)]);
    journal.commit([move(2, 'resolved')]);
    expect(journal.staffCount()).toBe(1);
  });
});

describe('attempt', () => {
  it('is counted, and written before anything leaves', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    journal.commit([begin(1), attempt(1, friday + 1)]);
    journal.commit([attempt(1, friday + 2)]);
    expect(journal.open()[0]).toMatchObject({ attempts: 2, state: 'intended' });
    const db = new Database(join(directory, 'journal.db'), { readonly: true });
    expect(db.prepare('select step, what, at from transitions').all()).toEqual([
      { step: 1, what: 'attempt', at: friday + 1 },
      { step: 2, what: 'attempt', at: friday + 2 },
    ]);
    db.close();
  });

  it.each(['accepted', 'refused', 'withdrawn'] as const)('crashes on one that is %s', (state) => {
    const journal = openIn(temporaryDirectory());
    journal.commit([begin(1), move(1, state)]);
    expect(() => journal.commit([attempt(1)])).toThrow('only an open transaction is sent');
  });
});

describe('refusals and PIN tries', () => {
  it('keeps a refusal by its rule', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([{ row: 'refusal', rule: 'patron.blocked', source: 'acs', at: friday }]);
    expect(journal.status().refusals).toBe(1);
  });

  it('counts tries by a hash of the card, over a restart', () => {
    const directory = temporaryDirectory();
    const before = openIn(directory);
    before.commit([{ row: 'pinTried', card: '29999001', at: friday }]);
    before.commit([{ row: 'pinTried', card: '29999002', at: friday + 1 }]);
    before.close();
    const again = openIn(directory);
    expect(again.pinTries()).toEqual([
      { cardHash: again.hash('29999001'), at: friday },
      { cardHash: again.hash('29999002'), at: friday + 1 },
    ]);
    expect(again.hash('29999001')).not.toContain('29999001');
  });

  it('takes back one try, or all of that card and no other', () => {
    const journal = openIn(temporaryDirectory());
    const tried = (card: string, at: number): Row => ({ row: 'pinTried', card, at });
    journal.commit([tried('a', 1), tried('b', 2), tried('a', 3), tried('a', 4)]);
    journal.commit([{ row: 'pinForgiven', card: 'a', all: false }]);
    expect(journal.pinTries().map(({ at }) => at)).toEqual([1, 2, 3]);
    journal.commit([{ row: 'pinForgiven', card: 'a', all: true }]);
    expect(journal.pinTries().map(({ at }) => at)).toEqual([2]);
    journal.commit([{ row: 'pinForgiven', card: 'never-seen', all: false }]);
    expect(journal.pinTries()).toHaveLength(1);
  });
});

describe('the journal', () => {
  it('gives the same again after a restart, in order', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    journal.commit([begin(5), begin(3), begin(9, { kind: 'checkin', state: 'waiting' }), attempt(3)]);
    journal.commit([move(5, 'uncertain')]);
    const told = journal.open();
    const epoch = journal.status().epoch;
    journal.close();
    const again = openIn(directory, { now: () => friday + dayMs });
    expect(again.open()).toEqual(told);
    expect(told.map(({ id }) => id)).toEqual([idOf(5), idOf(3), idOf(9)]);
    expect(again.status()).toMatchObject({ epoch, created: friday });
  });

  it('does nothing for no rows', () => {
    const journal = openIn(temporaryDirectory());
    const { bytes } = journal.status();
    expect(journal.commit([])).toEqual({ ok: true });
    expect(journal.status().bytes).toBe(bytes);
  });

  it('tells a technician how it stands', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([begin(1, { at: friday - dayMs }), begin(2), begin(3)]);
    journal.commit([move(1, 'uncertain'), move(1, 'staff'), move(2, 'accepted')]);
    expect(journal.status()).toMatchObject({
      schemaVersion,
      counts: { accepted: 1, intended: 1, staff: 1 },
      oldestUnsettledAt: friday - dayMs,
      reserveBytes: 0,
      pinTries: 0,
    });
    expect(journal.status().bytes).toBeGreaterThan(4096);
    expect(journal.status().counts.waiting).toBeUndefined();
  });

  it('lists the newest first, of a state where asked, no more than asked', () => {
    const journal = openIn(temporaryDirectory());
    journal.commit([1, 2, 3, 4].map((number) => begin(number)));
    journal.commit([move(2, 'accepted'), move(4, 'accepted')]);
    expect(journal.list({ limit: 2 }).map(({ seq }) => seq)).toEqual([4, 3]);
    expect(journal.list({ state: 'accepted', limit: 9 }).map(({ seq }) => seq)).toEqual([4, 2]);
    expect(() => journal.list({ limit: -1 })).toThrow('whole limit');
  });

  it('says that it is broken while another holds the file, and goes on after', () => {
    const directory = temporaryDirectory();
    const journal = openIn(directory);
    const other = new Database(join(directory, 'journal.db'));
    other.exec('begin immediate');
    const from = performance.now();
    expect(journal.commit([begin(1)])).toEqual({
      ok: false,
      failure: { kind: 'broken', reason: 'SQLITE_BUSY' },
    });
    expect(performance.now() - from).toBeLessThan(busyTimeoutMs * 5);
    other.exec('rollback');
    other.close();
    expect(journal.commit([begin(1)])).toEqual({ ok: true });
  });

  it('fails in words where the file cannot be had', () => {
    expect(SqliteJournal.open(join(temporaryDirectory(), 'no', 'journal.db'), options())).toEqual({
      ok: false,
      error: { kind: 'broken', reason: 'ENOENT' },
    });
    expect(SqliteJournal.open(temporaryDirectory(), options())).toMatchObject({
      ok: false,
      error: { kind: 'broken' },
    });
  });
});
