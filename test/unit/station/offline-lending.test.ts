import { describe, expect, it } from 'vitest';
import type { OfflineRules } from '../../../src/station/core/offline-rules.ts';
import { bounds } from '../../../src/station/settings.ts';
import {
  about,
  answered,
  card,
  charged,
  customer,
  Driver,
  item,
  lent,
  notLent,
  notSent,
  settings as usual,
  taken,
  unknown,
} from './driver.ts';

const rules: OfflineRules = {
  pin: 'not-asked',
  perPatronMax: 3,
  perOutageMax: 5,
  due: { loanDays: 28, closedWeekdays: [], closedDates: [] },
  checkDigit: undefined,
  adultCards: [/^20000\d$/],
  lendableItems: [],
  neverItems: [/^309\d{3}$/],
  ageRatedItems: [/^308\d{3}$/],
  lists: [],
};

const settings = (change: Partial<OfflineRules> = {}) => ({ settings: { offline: { ...rules, ...change } } });

/** The library system was away when the station began. */
const away = (change: Partial<OfflineRules> = {}): Driver =>
  new Driver(settings(change)).link('unreachable').happen({ type: 'scanner', ready: true });

const borrowing = (change: Partial<OfflineRules> = {}): Driver =>
  away(change).act({ do: 'chooseService', service: 'borrow' }).scan(card);

const told = { kind: 'day', date: '2026-12-18' } as const;
const other = { kind: 'day', date: '2026-12-04' } as const;

/** A loan of an outage whose patron has gone. */
const waiting = (): Driver => borrowing().scan(item).act({ do: 'finish', receipt: false }).timer('finished');

const refusedRule = (driver: Driver): string | undefined => driver.items[0]?.refusal?.rule;

describe('a loan that could not be sent, and that the rules do not let stand', () => {
  it('is noted once as refused', () => {
    const driver = Driver.online(settings()).signIn().scan('309001');
    driver.reply({ kind: 'checkout', outcome: notSent });
    expect(refusedRule(driver)).toBe('offline.itemNotLent');
    expect(driver.rows.filter(({ row }) => row === 'refusal')).toHaveLength(1);
  });
});

describe('an outage of which nothing waits any more', () => {
  it('ends when the library system has stayed for a while, whether or not anything else happens', () => {
    const driver = waiting();
    const [begun] = driver.rows.flatMap((row) => (row.row === 'begin' ? [row.id] : []));
    if (begun === undefined) throw new Error('a loan was begun');
    driver.happen({ type: 'handedOver', ids: [begun], by: 'staff' });
    driver.effects = [];
    driver.link('online');
    expect(driver.effects).toContainEqual(
      expect.objectContaining({ do: 'setTimer', name: 'work', delayMs: bounds.steadyMs }),
    );
    driver.pass(bounds.steadyMs).timer('work');
    expect(driver.outages).toEqual(['began', 'ended']);
  });
});

describe('borrowing while the library system is away', () => {
  it('rests where the library has not turned it on', () => {
    const driver = new Driver().link('unreachable').act({ do: 'chooseService', service: 'borrow' });
    expect(driver.screen).toMatchObject({ name: 'refusal', refusal: { rule: 'acs.away' } });
  });

  it('promises no return where none is taken', () => {
    const given = settings();
    const services = { ...usual.services, return: false };
    const driver = new Driver({ ...given, settings: { ...given.settings, services } }).link('unreachable');
    expect(driver.view.status).toEqual({ mode: 'offline', message: { key: 'status.lendsOnly' } });
  });

  it('is said on the first screen, and renewals and account rest', () => {
    expect(away().view.status).toEqual({ mode: 'offline', message: { key: 'status.onItsOwn' } });
    expect(away().screen).toMatchObject({
      name: 'home',
      services: [
        { service: 'borrow', available: true },
        { service: 'return', available: true },
        { service: 'account', available: false, message: { key: 'service.resting.acs' } },
      ],
    });
    expect(borrowing().view.goTo).toEqual(['return']);
    expect(borrowing().act({ do: 'chooseService', service: 'account' }).screen.name).toBe('borrow');
  });

  it('makes a loan that waits on the disk, with a due date that is told as provisional', () => {
    const driver = borrowing().scan(item);
    expect(driver.rows).toEqual([
      {
        row: 'begin',
        id: expect.any(String),
        kind: 'checkout',
        state: 'waiting',
        item,
        patron: card,
        at: driver.at,
        dueTold: '2026-12-18',
      },
    ]);
    expect(driver.items).toMatchObject([
      { item, state: 'offline', message: { key: 'row.checkout.offline', params: { due: { due: told } } } },
    ]);
    expect(driver.calls).toEqual([]);
    driver.act({ do: 'finish', receipt: false });
    expect(driver.screen).toMatchObject({ name: 'finished', lent: 1, provisional: 1, unsettled: 0 });
  });

  it('is told as provisional on the receipt and on the last screen too', () => {
    const driver = borrowing().happen({ type: 'printer', status: { problem: undefined, paperLow: false } });
    driver.scan(item).act({ do: 'finish', receipt: true, titles: true });
    const print = driver.effects.find((effect) => effect.do === 'print');
    expect(print?.receipt).toMatchObject({
      provisional: true,
      rows: [
        {
          kind: 'checkout',
          state: 'offline',
          message: { key: 'row.checkout.offline', params: { due: { due: told } } },
        },
      ],
    });
    expect(driver.screen).toMatchObject({ name: 'finished', provisional: 1 });
  });

  it('knows the days on which the library is closed', () => {
    const due = { loanDays: 28, closedWeekdays: ['friday' as const], closedDates: ['12-19'] };
    expect(borrowing({ due }).scan(item).items[0]?.message.params).toEqual({
      due: { due: { kind: 'day', date: '2026-12-20' } },
    });
  });

  it('turns a card away whose check digit is wrong', () => {
    const driver = borrowing({ checkDigit: 'luhn' });
    expect(driver.screen).toMatchObject({
      name: 'refusal',
      refusal: { rule: 'offline.cardNumber', source: 'station' },
    });
    expect(driver.rows).toMatchObject([{ row: 'refusal', rule: 'offline.cardNumber', source: 'station' }]);
  });

  it.each([
    ['an item that is never lent so', '309001', {}, 'offline.itemNotLent'],
    ['an item of a type that is not lent so', item, { lendableItems: [/^31\d{4}$/] }, 'offline.itemNotLent'],
    ['an age-rated item to a card of unknown age', '308001', { adultCards: [] }, 'offline.ageRated'],
    ['any item when the station has lent enough', item, { perOutageMax: 0 }, 'offline.stationLimit'],
    ['any item when the patron has enough', item, { perPatronMax: 0 }, 'offline.patronLimit'],
  ] as const)('does not lend %s', (_what, number, change, rule) => {
    const driver = borrowing(change).scan(number);
    expect(driver.items[0]).toMatchObject({ state: 'refused', refusal: { rule, source: 'station' } });
    expect(driver.rows).toMatchObject([{ row: 'refusal', rule, source: 'station' }]);
  });

  it('lends an age-rated item to a card that only adults have', () => {
    expect(borrowing().scan('308001').items[0]?.state).toBe('offline');
  });

  it('counts the loans of a patron over sessions, and of all over the outage', () => {
    const driver = borrowing({ perPatronMax: 2, perOutageMax: 3 }).scan('300001').scan('300002');
    driver.scan('300003');
    expect(refusedRule(driver)).toBe('offline.patronLimit');
    driver.act({ do: 'finish', receipt: false }).act({ do: 'chooseService', service: 'borrow' }).scan(card);
    driver.scan('300003');
    expect(refusedRule(driver)).toBe('offline.patronLimit');
    driver.act({ do: 'leave' }).act({ do: 'chooseService', service: 'borrow' }).scan('200002');
    expect(driver.scan('300003').items[0]?.state).toBe('offline');
    expect(refusedRule(driver.scan('300004'))).toBe('offline.stationLimit');
  });

  it('counts in one outage what was told to the library system meanwhile, too', () => {
    const driver = borrowing({ perPatronMax: 2, perOutageMax: 3 }).scan('300001').scan('300002');
    driver.act({ do: 'finish', receipt: false }).timer('finished').backForGood();
    driver.reply({ kind: 'checkout', outcome: answered({ ...lent, due: told }) }).link('unreachable');
    expect(driver.outages).toEqual(['began']);
    driver.act({ do: 'chooseService', service: 'borrow' }).scan(card).scan('300003');
    expect(refusedRule(driver)).toBe('offline.patronLimit');
    driver.act({ do: 'leave' }).act({ do: 'chooseService', service: 'borrow' }).scan('200002');
    expect(driver.scan('300003').items[0]?.state).toBe('offline');
    expect(refusedRule(driver.scan('300004'))).toBe('offline.stationLimit');
  });

  it('counts on after a restart', () => {
    const driver = new Driver({
      ...settings({ perPatronMax: 2, perOutageMax: 3 }),
      outage: { since: 1, noted: true, doubted: false, loans: () => new Map([[`hash of ${card}`, 2]]) },
    });
    driver.link('unreachable').happen({ type: 'scanner', ready: true });
    driver.act({ do: 'chooseService', service: 'borrow' }).scan(card).scan('300003');
    expect(refusedRule(driver)).toBe('offline.patronLimit');
    driver.act({ do: 'leave' }).act({ do: 'chooseService', service: 'borrow' }).scan('200002');
    driver.scan('300003').scan('300004');
    expect(refusedRule(driver)).toBe('offline.stationLimit');
    expect(driver.outages).toEqual([]);
  });

  it('begins to count anew when the library system is back for good and was told everything', () => {
    const driver = waiting().link('online');
    driver.pass(bounds.steadyMs - 1).timer('work');
    expect(driver.outages).toEqual(['began']);
    driver.pass(1).timer('work');
    expect(driver.outages).toEqual(['began']);
    driver.reply({ kind: 'checkout', outcome: answered({ ...lent, due: told }) });
    expect(driver.outages).toEqual(['began', 'ended']);
    driver.link('unreachable').act({ do: 'chooseService', service: 'borrow' }).scan(card).scan('300002');
    expect(driver.outages).toEqual(['began', 'ended', 'began']);
    expect(driver.state.outage?.loans.total).toBe(1);
  });

  it('lets the outage last while somebody borrows by the station’s rules, and while a part of it has to be asked about', () => {
    const driver = borrowing().scan(item).backForGood();
    driver.reply({ kind: 'checkout', outcome: answered({ ...lent, due: told }) });
    expect(driver.outages).toEqual(['began']);
    driver.scan('300002').act({ do: 'finish', receipt: false }).timer('finished');
    driver
      .reply({ kind: 'checkout', outcome: unknown })
      .pass(bounds.askAfterMs - 1)
      .timer('work');
    expect(driver.outages).toEqual(['began']);
    driver
      .pass(1)
      .timer('work')
      .reply({ kind: 'item', outcome: answered({ ...about('charged'), due: told }) });
    driver.reply({ kind: 'account', outcome: answered(charged(['300002'])) });
    expect(driver.moves.at(-1)).toBe('accepted');
    expect(driver.outages).toEqual(['began', 'ended']);
  });

  it('ends by itself when staff have carried all of it away', () => {
    const driver = waiting();
    const ids = [...driver.state.open.values()].map(({ id }) => id);
    driver.happen({ type: 'handedOver', ids, by: 'staff' }).link('online');
    expect(driver.outages).toEqual(['began']);
    driver.pass(bounds.steadyMs).timer('work');
    expect(driver.outages).toEqual(['began', 'ended']);
  });

  it('does not lend twice what has not come back', () => {
    const driver = waiting().act({ do: 'chooseService', service: 'borrow' }).scan('200002').scan(item);
    expect(refusedRule(driver)).toBe('offline.itemLent');
    driver.act({ do: 'chooseService', service: 'return' }).scan(item);
    driver.act({ do: 'chooseService', service: 'borrow' }).scan(item);
    expect(driver.items[0]?.state).toBe('offline');
  });

  it('goes on when the library system goes away in the middle', () => {
    const driver = Driver.online(settings())
      .signIn()
      .scan(item)
      .reply({ kind: 'checkout', outcome: notSent });
    expect(driver.moves).toEqual(['checkout intended', 'withdrawn', 'checkout waiting']);
    expect(driver.rows.at(-1)).toMatchObject({ dueTold: '2026-12-18', replaces: expect.any(String) });
    expect(driver.items[0]).toMatchObject({ state: 'offline', message: { key: 'row.checkout.offline' } });
    driver.link('unreachable').scan('300002');
    expect(driver.items[0]).toMatchObject({ item: '300002', state: 'offline' });
  });

  it('holds its own rules to the end of a session that began with them', () => {
    const driver = borrowing().backForGood().scan(item);
    expect(driver.moves[0]).toBe('checkout waiting');
    driver.act({ do: 'finish', receipt: false }).timer('finished');
    expect(driver.calls.map(({ call }) => call.kind)).not.toContain('endSession');
  });

  it('does not leave what is stuck behind what waits without a word', () => {
    const driver = away().act({ do: 'chooseService', service: 'return' }).scan(item);
    driver.act({ do: 'finish', receipt: false }).timer('finished').link('online').signIn().scan(item);
    expect(driver.call).toMatchObject({ kind: 'checkin' });
    driver.reply({ kind: 'checkin', outcome: notSent }).link('unreachable');
    expect(driver.items[0]).toMatchObject({ item, state: 'offline' });
    expect(driver.moves).toEqual([
      'checkin waiting',
      'checkout intended',
      'attempt',
      'withdrawn',
      'checkout waiting',
    ]);
  });
});

describe('a loan of an outage, told to the library system later', () => {
  it('counts from when it happened, with the due date that was told', () => {
    const driver = waiting();
    const happened = driver.at;
    driver.pass(3_600_000).backForGood();
    expect(driver.call).toEqual({ kind: 'checkout', card, item, at: happened, offlineDue: '2026-12-18' });
    driver.reply({ kind: 'checkout', outcome: answered({ ...lent, due: told }) });
    expect(driver.moves).toEqual(['checkout waiting', 'attempt', 'accepted']);
  });

  it('is accepted where the library system names no date', () => {
    const driver = waiting().backForGood();
    driver.reply({ kind: 'checkout', outcome: answered({ ...lent, due: undefined }) });
    expect(driver.moves.at(-1)).toBe('accepted');
  });

  it('with another due date goes to staff, with how item and patron stand', () => {
    const driver = waiting().backForGood();
    driver.reply({ kind: 'checkout', outcome: answered({ ...lent, due: other }) });
    expect(driver.moves.at(-1)).toBe('attempt');
    driver.pass(bounds.askAfterMs).timer('work');
    driver.reply({ kind: 'item', outcome: answered({ ...about('charged'), due: other }) });
    driver.reply({ kind: 'account', outcome: answered(charged([item])) });
    expect(driver.rows.at(-1)).toMatchObject({
      row: 'move',
      to: 'staff',
      rule: 'sync.otherDue',
      source: 'acs',
      due: '2026-12-04',
      found: { item: 'charged', patron: 'hasIt', card: 'fine' },
    });
  });

  it('with another due date keeps it where nothing tells it again', () => {
    const driver = waiting().backForGood();
    driver.reply({
      kind: 'checkout',
      outcome: answered({ ...lent, due: { kind: 'text', text: '4/12/26' } }),
    });
    driver.pass(bounds.askAfterMs).timer('work');
    driver.reply({ kind: 'item', outcome: answered({ ...about('charged'), due: undefined }) });
    driver.reply({ kind: 'account', outcome: answered(charged([item])) });
    expect(driver.rows.at(-1)).toMatchObject({ to: 'staff', rule: 'sync.otherDue', due: '4/12/26' });
  });

  it('that was made between the two questions is asked about once more, for its due date', () => {
    const driver = waiting().backForGood().reply({ kind: 'checkout', outcome: unknown });
    driver.pass(bounds.askAfterMs).timer('work');
    driver.reply({ kind: 'item', outcome: answered({ ...about('available'), due: undefined }) });
    driver.reply({ kind: 'account', outcome: answered(charged([item])) });
    expect(driver.moves.at(-1)).toBe('attempt');
    driver.pass(bounds.denialPauseMs).timer('work');
    driver.reply({ kind: 'item', outcome: answered({ ...about('charged'), due: other }) });
    driver.reply({ kind: 'account', outcome: answered(charged([item])) });
    expect(driver.rows.at(-1)).toMatchObject({ to: 'staff', rule: 'sync.otherDue', due: '2026-12-04' });
  });

  it('of which the library system never names the date is accepted after a second look', () => {
    const driver = waiting().backForGood().reply({ kind: 'checkout', outcome: unknown });
    for (const pauseMs of [bounds.askAfterMs, bounds.denialPauseMs]) {
      driver.pass(pauseMs).timer('work');
      driver.reply({ kind: 'item', outcome: answered({ ...about('charged'), due: undefined }) });
      driver.reply({ kind: 'account', outcome: answered(charged([item])) });
    }
    expect(driver.moves.at(-1)).toBe('accepted');
  });

  it('that is refused goes to staff with the words, after item and patron were asked', () => {
    const driver = waiting().backForGood();
    driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    driver.reply({ kind: 'item', outcome: answered({ ...about('onHoldShelf'), holdQueue: 2 }) });
    const blocks = ['chargePrivilegesDenied', 'excessiveOutstandingFees'] as const;
    driver.reply({ kind: 'account', outcome: answered({ ...charged([]), blocks }) });
    expect(driver.rows.at(-1)).toMatchObject({
      to: 'staff',
      rule: 'item.refused',
      source: 'acs',
      words: ['No.'],
      found: {
        item: 'onHoldShelf',
        queue: '2',
        patron: 'hasItNot',
        card: 'chargePrivilegesDenied excessiveOutstandingFees',
      },
    });
  });

  it('that is refused because the card is not valid any more goes to staff with that', () => {
    const driver = waiting().backForGood();
    driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    driver.reply({ kind: 'item', outcome: answered(about('available')) });
    driver.reply({ kind: 'account', outcome: answered({ ...charged([]), told: false }) });
    expect(driver.rows.at(-1)).toMatchObject({
      to: 'staff',
      words: ['No.'],
      found: { item: 'available', patron: 'notTold', card: 'notValid' },
    });
  });

  it('of which asking cannot tell goes to staff with the words all the same', () => {
    const driver = waiting().backForGood();
    driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    for (let look = 0; look < bounds.denialsMin; look++) {
      driver.pass(bounds.denialPauseMs).timer('work');
      driver.reply({ kind: 'item', outcome: answered(about('charged')) });
      driver.reply({ kind: 'account', outcome: answered({ ...charged([]), count: undefined }) });
    }
    expect(driver.rows.at(-1)).toMatchObject({
      to: 'staff',
      rule: 'cannotTell',
      words: ['No.'],
      found: { item: 'charged', patron: 'notTold', card: 'fine' },
    });
  });

  it('that is refused because the patron has it already is done', () => {
    const driver = waiting().backForGood();
    driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    driver.reply({ kind: 'item', outcome: answered({ ...about('charged'), due: told }) });
    driver.reply({ kind: 'account', outcome: answered(charged([item])) });
    expect(driver.moves.at(-1)).toBe('accepted');
  });

  it('without an answer is asked about before it is sent again, though its patron has gone', () => {
    const driver = waiting().backForGood().reply({ kind: 'checkout', outcome: unknown });
    for (let denial = 0; denial < bounds.denialsMin; denial++) {
      driver.pass(bounds.denialPauseMs).timer('work');
      driver.reply({ kind: 'item', outcome: answered(about('available')) });
      driver.reply({ kind: 'account', outcome: answered(charged([])) });
    }
    expect(driver.moves).toEqual(['checkout waiting', 'attempt', 'attempt']);
    expect(driver.call).toMatchObject({ kind: 'checkout', item, offlineDue: '2026-12-18' });
  });

  it('that is still on the screen stays as it was told', () => {
    const driver = borrowing().scan(item).backForGood();
    driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    expect(driver.items[0]?.state).toBe('offline');
    driver.reply({ kind: 'item', outcome: answered(about('available')) });
    driver.reply({ kind: 'account', outcome: answered(charged([])) });
    expect(driver.moves.at(-1)).toBe('staff');
    expect(driver.items[0]).toMatchObject({ state: 'offline', message: { key: 'row.checkout.offline' } });
  });

  it('keeps the order of its item and its patron', () => {
    const driver = waiting().act({ do: 'chooseService', service: 'return' }).scan(item);
    driver.act({ do: 'finish', receipt: false }).timer('finished');
    driver.act({ do: 'chooseService', service: 'borrow' }).scan('200002').scan(item).act({ do: 'leave' });
    driver.timer('finished').backForGood();
    const outcomes = { checkout: answered({ ...lent, due: told }), checkin: answered(taken) } as const;
    for (const kind of ['checkout', 'checkin', 'checkout'] as const)
      driver.reply({ kind, outcome: outcomes[kind] } as never);
    expect(driver.calls.map(({ call }) => [call.kind, 'card' in call ? call.card : undefined])).toEqual([
      ['checkout', card],
      ['checkin', undefined],
      ['checkout', '200002'],
    ]);
  });

  it('stands before what its patron does when the library system is back', () => {
    const driver = waiting()
      .link('online')
      .signIn('borrow', { ...customer, chargedItems: [] })
      .scan('300002');
    expect(driver.call).toMatchObject({ kind: 'checkout', item, offlineDue: '2026-12-18' });
    driver.reply({ kind: 'checkout', outcome: answered({ ...lent, due: told }) });
    expect(driver.call).toEqual(expect.objectContaining({ kind: 'checkout', item: '300002' }));
    expect(driver.call).not.toHaveProperty('offlineDue');
  });
});
