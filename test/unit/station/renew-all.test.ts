import { describe, expect, it } from 'vitest';
import { furtherId, type TransactionId } from '../../../src/kernel/ids.ts';
import type { AccountPart, RenewAllAnswer } from '../../../src/ils/ils.ts';
import type { StoredTransaction } from '../../../src/journal/rows.ts';
import type { LoanRow, RenewAllState } from '../../../src/shared/view.ts';
import { bounds } from '../../../src/station/settings.ts';
import {
  able,
  about,
  answered,
  card,
  charged,
  customer,
  Driver,
  lent,
  notLent,
  taken,
  type DriverOptions,
  unknown,
  vague,
} from './driver.ts';

const loans = ['300001', '300002', '300003'];
const together = { ...able, renewAll: true };

/** The open account of a patron with these loans. */
function account(
  items: readonly string[] = loans,
  options: DriverOptions = {},
  part: Partial<AccountPart> = {},
  station: Driver = Driver.online(options),
): Driver {
  const driver = station.signIn('account', { ...customer, chargedItems: [...items] });
  while (driver.call !== undefined) {
    const { call } = driver;
    if (call.kind === 'account') {
      const list = call.list === 'charged' ? { ...charged(items), ...part } : charged([]);
      driver.reply({ kind: 'account', outcome: answered({ ...list, list: call.list }) });
    } else if (call.kind === 'item') {
      driver.reply({ kind: 'item', outcome: answered({ ...about('charged', 'before'), item: call.item }) });
    }
  }
  return driver;
}

const rows = (driver: Driver): readonly LoanRow[] =>
  driver.screen.name === 'account' ? driver.screen.loans : [];
const all = (driver: Driver): RenewAllState | undefined =>
  driver.screen.name === 'account' ? driver.screen.renewAll : undefined;
const states = (driver: Driver): readonly string[] => rows(driver).map(({ renewal }) => renewal.state);

/** Answers every question about an item; somebody waits for those named. */
function read(driver: Driver, awaited: readonly string[] = []): Driver {
  while (driver.call?.kind === 'item') {
    const { item } = driver.call;
    const holdQueue = awaited.includes(item) ? 1 : undefined;
    driver.reply({ kind: 'item', outcome: answered({ ...about('charged', 'before'), item, holdQueue }) });
  }
  return driver;
}

const answer = (change: Partial<RenewAllAnswer>): RenewAllAnswer => ({ ...vague, ...change });

describe('renewing all', () => {
  it('is offered for more than one loan, with their number', () => {
    expect(all(account())).toEqual({ state: 'possible', count: 3 });
    expect(all(account(['300001']))).toBeUndefined();
    expect(all(account().link('unreachable'))).toBeUndefined();
  });

  it('leaves out what was renewed or lent in this session', () => {
    const driver = account().act({ do: 'renewItem', item: '300001' });
    read(driver).reply({ kind: 'renew', outcome: answered(lent) });
    expect(all(driver)).toEqual({ state: 'possible', count: 2 });
  });
});

describe('one by one', () => {
  it('asks for each due date, commits each before it is sent, and tells each result', () => {
    const driver = account().act({ do: 'renewAll' });
    expect(states(driver)).toEqual(['pending', 'pending', 'pending']);
    expect(all(driver)).toEqual({ state: 'running', done: 0, count: 3 });
    for (const [index, item] of loans.entries()) {
      expect(driver.call).toEqual({ kind: 'item', item });
      driver.reply({ kind: 'item', outcome: answered({ ...about('charged', 'before'), item }) });
      expect(driver.rows.at(-1)).toMatchObject({ row: 'begin', kind: 'renew', item, dueBefore: 'before' });
      expect(driver.call).toMatchObject({ kind: 'renew', item, card });
      const outcome = answered(index === 1 ? notLent : lent);
      driver.reply({ kind: 'renew', outcome });
    }
    expect(states(driver)).toEqual(['renewed', 'refused', 'renewed']);
    expect(all(driver)).toEqual({ state: 'done', renewed: 2, others: 1 });
  });

  it('goes on after a lost reply, and clears it up by asking', () => {
    const driver = account(['300001', '300002']).act({ do: 'renewAll' });
    driver.reply({ kind: 'item', outcome: answered(about('charged', 'before')) });
    driver.reply({ kind: 'renew', outcome: unknown });
    // Nothing of this patron overtakes it.
    driver.reply({ kind: 'item', outcome: answered(about('charged', 'before')) });
    driver.pass(bounds.askAfterMs).timer('work');
    driver.reply({ kind: 'item', outcome: answered(about('charged', 'after')) });
    driver.reply({ kind: 'account', outcome: answered(charged(['300001', '300002'])) });
    expect(driver.moves.at(-1)).toBe('accepted');
    expect(driver.call).toMatchObject({ kind: 'renew', item: '300002' });
  });

  it('takes no more than a session can show', () => {
    const many = Array.from({ length: 120 }, (_, index) => String(310_000 + index));
    const driver = account(many).act({ do: 'renewAll' });
    expect(all(driver)).toEqual({ state: 'running', done: 0, count: bounds.rowsPerSessionMax });
  });

  it('does nothing while the library system is away', () => {
    const driver = account().link('unreachable').act({ do: 'renewAll' });
    expect(driver.view.notice).toMatchObject({ message: { key: 'cause.acs.away' } });
    expect(states(driver)).toEqual(['resting', 'resting', 'resting']);
  });
});

describe('by one request', () => {
  const begun = (): Driver =>
    read(account(loans, { abilities: together }).act({ do: 'renewAll' }), ['300002']);

  it('reads every due date, commits all in one, and sends one request', () => {
    const driver = account(loans, { abilities: together });
    driver.rows = [];
    driver.act({ do: 'renewAll' });
    read(driver);
    expect(driver.rows).toMatchObject(
      loans.map((item) => ({ row: 'begin', kind: 'renew', item, dueBefore: 'before' })),
    );
    expect(new Set(driver.rows.map((row) => (row.row === 'begin' ? row.id : ''))).size).toBe(3);
    expect(driver.call).toMatchObject({ kind: 'renewAll', card });
    expect(driver.calls.filter(({ call }) => call.kind === 'renewAll')).toHaveLength(1);
  });

  it('tells what the answer names, and asks for the new due dates', () => {
    const driver = begun().reply({
      kind: 'renewAll',
      outcome: answered(
        answer({ renewed: ['300001', '300003'], unrenewed: ['300002'], acsText: [{ acs: 'No' }] }),
      ),
    });
    expect(states(driver)).toEqual(['renewed', 'refused', 'renewed']);
    expect(rows(driver)[0]).not.toHaveProperty('due');
    expect(rows(driver)[1]?.renewal).toMatchObject({
      refusal: { rule: 'renew.onHold', acsText: [{ acs: 'No' }] },
    });
    expect(driver.call).toMatchObject({ kind: 'item' });
    while (driver.call?.kind === 'item') {
      const { item } = driver.call;
      driver.reply({ kind: 'item', outcome: answered({ ...about('charged', 'after'), item }) });
    }
    expect(rows(driver)[0]).toMatchObject({ due: { date: '2026-12-18' } });
  });

  it('takes words for the cause of a single refusal, and shows them as they came for several', () => {
    const acsText = [{ acs: 'Limit', meaning: 'renew.limit' }] as const;
    const ruleOf = (told: Partial<RenewAllAnswer>): unknown => {
      const driver = begun().reply({ kind: 'renewAll', outcome: answered(answer({ ...told, acsText })) });
      return rows(driver)[0]?.renewal;
    };
    const one = { unrenewed: ['300001'], renewed: ['300002', '300003'], unrenewedCount: 1 };
    expect(ruleOf(one)).toMatchObject({ refusal: { rule: 'renew.limit' } });
    const several = { unrenewed: ['300001', '300003'], renewed: ['300002'], unrenewedCount: 2 };
    expect(ruleOf(several)).toMatchObject({
      refusal: { rule: 'renew.refused', acsText: [{ acs: 'Limit' }] },
    });
    expect(JSON.stringify(ruleOf(several))).not.toContain('meaning');
  });

  it.each([
    ['all by number', { renewedCount: 3, unrenewedCount: 0 }, ['renewed', 'renewed', 'renewed']],
    ['none by number', { renewedCount: 0, unrenewedCount: 3 }, ['refused', 'refused', 'refused']],
    [
      'the renewed ones, and how many were not',
      { renewed: ['300001'], renewedCount: 1, unrenewedCount: 2 },
      ['renewed', 'refused', 'refused'],
    ],
    [
      'the others, and how many were',
      { unrenewed: ['300001'], renewedCount: 2, unrenewedCount: 1 },
      ['refused', 'renewed', 'renewed'],
    ],
    [
      'titles and numbers that agree',
      { renewed: ['A', 'B', 'C'], renewedCount: 3, unrenewedCount: 0 },
      ['renewed', 'renewed', 'renewed'],
    ],
  ])('understands %s', (_what, told, expected) => {
    const driver = begun().reply({ kind: 'renewAll', outcome: answered(answer(told)) });
    expect(states(driver)).toEqual(expected);
  });

  it.each([
    ['nothing', {}],
    ['numbers that fit nothing', { renewedCount: 1, unrenewedCount: 2 }],
    ['a number alone', { renewedCount: 3 }],
  ])('asks about each when the answer tells %s', (_what, told) => {
    const driver = begun().reply({ kind: 'renewAll', outcome: answered(answer(told)) });
    expect(states(driver)).toEqual(['pending', 'pending', 'pending']);
    expect(driver.moves.slice(-3)).toEqual(['uncertain', 'uncertain', 'uncertain']);
  });

  it('without an answer asks about each loan, and never sends the request again', () => {
    const driver = begun().reply({ kind: 'renewAll', outcome: unknown });
    expect(driver.moves.slice(-3)).toEqual(['uncertain', 'uncertain', 'uncertain']);
    driver.pass(bounds.askAfterMs).timer('work');
    for (const _ of loans) {
      const { call } = driver;
      if (call?.kind !== 'item') throw new Error('an item is asked about');
      driver.reply({ kind: 'item', outcome: answered({ ...about('charged', 'after'), item: call.item }) });
      driver.reply({ kind: 'account', outcome: answered(charged(loans)) });
    }
    expect(states(driver)).toEqual(['renewed', 'renewed', 'renewed']);
    expect(driver.calls.filter(({ call }) => call.kind === 'renewAll')).toHaveLength(1);
  });

  it('leaves out nothing: a due date that cannot be read sends the others one by one', () => {
    const driver = account(loans, { abilities: together }).act({ do: 'renewAll' });
    driver.reply({ kind: 'item', outcome: answered(about('charged', 'before')) });
    driver.reply({ kind: 'item', outcome: unknown });
    expect(states(driver)).toEqual(['pending', 'refused', 'pending']);
    expect(driver.call).toMatchObject({ kind: 'renew', item: '300001' });
    driver.reply({ kind: 'renew', outcome: answered(lent) });
    read(driver).reply({ kind: 'renew', outcome: answered(lent) });
    expect(states(driver)).toEqual(['renewed', 'refused', 'renewed']);
    expect(driver.calls.filter(({ call }) => call.kind === 'renewAll')).toEqual([]);
  });

  it('does not overtake a return that waits on one of the items: each goes by its own request, behind it', () => {
    const waits: StoredTransaction = {
      seq: 1,
      id: 'w1' as TransactionId,
      kind: 'checkin',
      state: 'waiting',
      item: '300002',
      patron: undefined,
      at: 1,
      attempts: 0,
      dueBefore: undefined,
      dueTold: undefined,
      rule: undefined,
      source: undefined,
      due: undefined,
      words: [],
    };
    // The library system is back, but not for good yet: what waits is not sent by itself.
    const station = new Driver({ abilities: together, open: [waits] })
      .link('online')
      .happen({ type: 'scanner', ready: true });
    const driver = read(account(loans, {}, {}, station).act({ do: 'renewAll' }));
    const sent = (): readonly string[] =>
      driver.calls.flatMap(({ call }) =>
        call.kind === 'renew' || call.kind === 'checkin' || call.kind === 'renewAll'
          ? [`${call.kind} ${'item' in call ? call.item : ''}`]
          : [],
      );
    for (let replies = 0; replies < 4 && driver.call !== undefined; replies += 1) {
      if (driver.call.kind === 'renew') driver.reply({ kind: 'renew', outcome: answered(lent) });
      else if (driver.call.kind === 'checkin') driver.reply({ kind: 'checkin', outcome: answered(taken) });
    }
    expect(sent()).toEqual(['renew 300001', 'checkin 300002', 'renew 300002', 'renew 300003']);
  });

  it('is not used where it would renew more than what is shown', () => {
    const short = account(loans, { abilities: together }, { count: 4 }).act({ do: 'renewAll' });
    const one = account(loans, { abilities: together }).act({ do: 'renewItem', item: '300001' });
    read(one).reply({ kind: 'renew', outcome: answered(lent) });
    one.act({ do: 'renewAll' });
    for (const driver of [short, one]) {
      read(driver);
      expect(driver.call).toMatchObject({ kind: 'renew' });
    }
  });

  it('is not used where a loan of a moment ago is missing in the list: it is old, and the library system would renew that too', () => {
    const station = Driver.online({ abilities: { ...together, effectsShown: true } }).signIn();
    for (const item of ['300008', '300009'])
      station.scan(item).reply({ kind: 'checkout', outcome: answered(lent) });
    station.act({ do: 'finish', receipt: false }).timer('finished').goodbye();
    // The first loan of a kind is looked at; nobody answers, and the next patron is here.
    station.reply({ kind: 'item', outcome: unknown });
    const driver = account(loans, {}, {}, station).act({ do: 'renewAll' });
    read(driver);
    expect(driver.call).toMatchObject({ kind: 'renew' });
  });

  it('a disk that fills up as they begin leaves none under way', () => {
    const driver = account(['300001', '300002'], { abilities: together }).act({ do: 'renewAll' });
    driver.reply({ kind: 'item', outcome: answered(about('charged', 'before')) });
    driver.losingReply({ kind: 'item', outcome: answered(about('charged', 'before')) });
    expect(states(driver)).toEqual(['refused', 'refused']);
    expect(driver.call).toBeUndefined();
  });

  it('an answer that could not be written down is asked for, loan by loan', () => {
    const driver = begun();
    driver.losingReply({ kind: 'renewAll', outcome: answered(answer({ renewed: loans })) });
    expect(states(driver)).toEqual(['pending', 'pending', 'pending']);
    driver
      .happen({ type: 'diskProbed', disk: 'fine' })
      .pass(bounds.spaceProbeMs - 1)
      .timer('work');
    expect(driver.calls.filter(({ call }) => call.kind === 'renewAll')).toHaveLength(1);
  });
});

describe('ids of transactions that one event begins', () => {
  it('are different, and the first is the event’s', () => {
    const first = 'ff'.repeat(16) as TransactionId;
    const ids = Array.from({ length: 100 }, (_, index) => furtherId(first, index));
    expect(ids[0]).toBe(first);
    expect(new Set(ids).size).toBe(100);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });
});
