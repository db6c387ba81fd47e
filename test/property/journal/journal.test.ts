import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row, TransactionState } from '../../../src/journal/rows.ts';
import type { SqliteJournal } from '../../../src/journal/sqlite-journal.ts';
import { friday, idOf, openWhole, temporaryDirectory } from '../../unit/journal/support.ts';
import { drawnMoves, Model } from './model.ts';

/** The journal under test and its present folder; a crash goes on in another. */
class Real {
  directory = temporaryDirectory();
  journal: SqliteJournal = openWhole(this.directory).journal;

  /** What a power cut leaves when the disk kept all that was flushed: the files as they are, nothing closed. */
  crash(): void {
    const next = temporaryDirectory();
    for (const name of ['journal.db', 'journal.db-wal']) {
      if (existsSync(join(this.directory, name))) copyFileSync(join(this.directory, name), join(next, name));
    }
    this.journal.close();
    this.directory = next;
    this.reopen();
  }

  reopen(): void {
    this.journal.close();
    const { journal, aside } = openWhole(this.directory);
    if (aside !== undefined) throw new Error(`a crash is no damage: ${JSON.stringify(aside.why)}`);
    this.journal = journal;
  }
}

function expectSame(model: Model, journal: SqliteJournal): void {
  const told = journal.open().map(({ id, kind, item, patron, state, attempts, rule, words }) => ({
    id,
    kind,
    item,
    patron,
    state,
    attempts,
    rule,
    words,
  }));
  expect(told).toEqual(model.open.map(({ number, ...rest }) => ({ id: idOf(number), ...rest })));
  expect(journal.staffCount()).toBe(model.staff);
  expect(journal.pinTries()).toEqual(
    model.pinTries.map(({ card, at }) => ({ cardHash: journal.hash(card), at })),
  );
  expect(journal.status().refusals).toBe(model.refusals);
}

type Command = fc.Command<Model, Real>;

/** One step; `apply` changes the model and says which rows the journal gets, undefined for rows that it must refuse by a crash. */
function command(
  name: string,
  apply: (model: Model) => { rows: Row[]; possible: boolean } | undefined,
): Command {
  return {
    check: (model) => apply(model.copy()) !== undefined,
    run(model, real) {
      const copy = model.copy();
      const step = apply(copy);
      if (step === undefined) throw new Error('checked before');
      if (step.possible) {
        expect(real.journal.commit(step.rows)).toEqual({ ok: true });
        model.transactions = copy.transactions;
        model.pinTries = copy.pinTries;
        model.refusals = copy.refusals;
      } else {
        expect(() => real.journal.commit(step.rows)).toThrow('impossible: ');
      }
      expectSame(model, real.journal);
    },
    toString: () => name,
  };
}

const targets = ['accepted', 'refused', 'uncertain', 'withdrawn', 'staff', 'resolved'] as const;
const card = fc.constantFrom('29999001', '29999002', 'Å-3');

const begin = fc
  .record({
    kind: fc.constantFrom('checkout', 'checkin', 'renew', 'hold', 'fee'),
    state: fc.constantFrom('intended', 'waiting'),
    item: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    patron: card,
    withAttempt: fc.boolean(),
  })
  .map(({ kind, state, item, patron: number, withAttempt }) =>
    command(`begin ${kind} ${state}${withAttempt ? ' and attempt' : ''}`, (model) => {
      const next = model.transactions.length + 1;
      const patron = kind === 'checkin' ? undefined : number;
      const attempts = withAttempt ? 1 : 0;
      model.transactions.push({
        number: next,
        kind,
        item,
        patron,
        state,
        attempts,
        rule: undefined,
        words: [],
      });
      const id = idOf(next);
      const rows: Row[] = [{ row: 'begin', id, kind, state, item, patron, at: friday }];
      if (withAttempt) rows.push({ row: 'attempt', id, at: friday });
      return { rows, possible: true };
    }),
  );

const chosen = fc.nat(1_000);

const move = fc
  .record({
    chosen,
    to: fc.constantFrom(...targets),
    rule: fc.constantFrom('a', 'b'),
    words: fc.array(fc.string(), { maxLength: 2 }),
  })
  .map(({ chosen: which, to, rule, words }) =>
    command(`move ${which} to ${to}`, (model) => {
      const transaction = model.transactions[which % Math.max(1, model.transactions.length)];
      if (transaction === undefined) return undefined;
      const possible = drawnMoves[transaction.state].includes(to);
      const row: Row = {
        row: 'move',
        id: idOf(transaction.number),
        to,
        at: friday,
        rule,
        source: 'acs',
        words,
      };
      Object.assign(transaction, { state: to, rule, words });
      return { rows: [row], possible };
    }),
  );

const attempt = chosen.map((which) =>
  command(`attempt ${which}`, (model) => {
    const transaction = model.transactions[which % Math.max(1, model.transactions.length)];
    if (transaction === undefined) return undefined;
    const possible = drawnMoves[transaction.state].includes('accepted');
    transaction.attempts += 1;
    return { rows: [{ row: 'attempt', id: idOf(transaction.number), at: friday }], possible };
  }),
);

const pinTried = fc.tuple(card, fc.nat(1_000)).map(([of, at]) =>
  command(`pin tried ${of}`, (model) => {
    model.pinTries.push({ card: of, at });
    return { rows: [{ row: 'pinTried', card: of, at }], possible: true };
  }),
);

const pinForgiven = fc.tuple(card, fc.boolean()).map(([of, all]) =>
  command(`pin forgiven ${of}${all ? ', all' : ''}`, (model) => {
    const last = model.pinTries.findLastIndex((tried) => tried.card === of);
    model.pinTries = model.pinTries.filter((tried, index) => (all ? tried.card !== of : index !== last));
    return { rows: [{ row: 'pinForgiven', card: of, all }], possible: true };
  }),
);

const refusal = fc.constant(
  command('refusal', (model) => {
    model.refusals += 1;
    return { rows: [{ row: 'refusal', rule: 'x', source: 'station', at: friday }], possible: true };
  }),
);

/** Good rows before an impossible one: none of them may stay. */
const tornByFault = fc.constant(
  command('a good row and an impossible one', () => ({
    rows: [
      { row: 'pinTried', card: 'x', at: friday },
      { row: 'move', id: idOf(999_999), to: 'accepted', at: friday },
    ],
    possible: false,
  })),
);

function restart(name: string, how: (real: Real) => void): Command {
  return {
    check: () => true,
    run(model, real) {
      how(real);
      expectSame(model, real.journal);
    },
    toString: () => name,
  };
}

const commands = fc.commands(
  [
    begin,
    begin,
    move,
    move,
    attempt,
    pinTried,
    pinForgiven,
    refusal,
    tornByFault,
    fc.constant(restart('reopen', (real) => real.reopen())),
    fc.constant(restart('crash', (real) => real.crash())),
  ],
  { maxCommands: 40 },
);

describe('the journal against its model', () => {
  it('knows the same after any commits, crashes and restarts', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(commands, (steps) => {
        fc.modelRun(() => ({ model: new Model(), real: new Real() }), steps);
      }),
      { numRuns: 60, endOnFailure: false },
    );
  });

  it('refuses a move exactly where the design draws none', () => {
    const real = new Real();
    const states = Object.keys(drawnMoves) as TransactionState[];
    // How to get there from a beginning.
    const path: Record<TransactionState, readonly TransactionState[]> = {
      intended: [],
      waiting: [],
      uncertain: ['uncertain'],
      accepted: ['accepted'],
      refused: ['refused'],
      withdrawn: ['withdrawn'],
      staff: ['uncertain', 'staff'],
      resolved: ['uncertain', 'staff', 'resolved'],
    };
    let number = 0;
    for (const from of states) {
      for (const to of targets) {
        number += 1;
        const id = idOf(number);
        const state = from === 'waiting' ? 'waiting' : 'intended';
        const rows: Row[] = [
          { row: 'begin', id, kind: 'checkin', state, item: 'i', patron: undefined, at: friday },
        ];
        for (const step of path[from])
          rows.push({ row: 'move', id, to: step as (typeof targets)[number], at: friday });
        expect(real.journal.commit(rows)).toEqual({ ok: true });
        const go = (): unknown => real.journal.commit([{ row: 'move', id, to, at: friday }]);
        if (drawnMoves[from].includes(to)) expect(go()).toEqual({ ok: true });
        else expect(go).toThrow('only moves forward');
      }
    }
  });
});

describe('a write-ahead log that was torn', () => {
  it('gives whole commits, all that were flushed before, and none in parts', { timeout: 60_000 }, () => {
    const real = new Real();
    const wal = (): string => join(real.directory, 'journal.db-wal');
    const commits = 30;
    // The size of the log after each commit: what is behind it may be lost or garbage, what is before it was flushed.
    const sizes: number[] = [];
    for (let number = 1; number <= commits; number += 1) {
      const id = idOf(number);
      real.journal.commit([
        {
          row: 'begin',
          id,
          kind: 'checkout',
          state: 'intended',
          item: `i${number}`,
          patron: 'p',
          at: friday,
        },
        { row: 'attempt', id, at: friday },
        { row: 'pinTried', card: 'p', at: number },
      ]);
      sizes.push(statSync(wal()).size);
    }
    const db = readFileSync(join(real.directory, 'journal.db'));
    const log = readFileSync(wal());
    real.journal.close();

    const flushed = fc.nat(commits - 1);
    fc.assert(
      fc.property(flushed, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (kept, where, cut) => {
        const safe = sizes[kept] ?? 0;
        const at = safe + Math.floor(where * (log.length - safe));
        const torn = cut ? log.subarray(0, at) : Buffer.from(log);
        if (!cut && at < torn.length) torn[at] = (torn[at] ?? 0) ^ 0xff;
        const directory = temporaryDirectory();
        writeFileSync(join(directory, 'journal.db'), db);
        writeFileSync(join(directory, 'journal.db-wal'), torn);
        const { journal, aside } = openWhole(directory);
        expect(aside).toBeUndefined();
        const open = journal.open();
        expect(open.length).toBeGreaterThanOrEqual(kept + 1);
        expect(open.map(({ id }) => id)).toEqual(open.map((_, index) => idOf(index + 1)));
        expect(open.every(({ attempts, readable }) => attempts === 1 && readable)).toBe(true);
        expect(journal.pinTries()).toHaveLength(open.length);
        journal.close();
      }),
      { numRuns: 80 },
    );
  });
});
