import { describe, expect, it, vi } from 'vitest';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import type { CirculationStatus } from '../../../src/ils/ils.ts';
import type { StoredOutage, StoredTransaction } from '../../../src/journal/rows.ts';
import { acceptancesTold } from '../../../src/station/acceptances-told.ts';
import { OpenTransactions } from '../../../src/station/core/open-transactions.ts';
import { bounds } from '../../../src/station/settings.ts';
import {
  about,
  able,
  answered,
  card,
  charged,
  Driver,
  item,
  lent,
  notSent,
  taken,
  unknown,
} from './driver.ts';

const told = '2026-12-18';
const abilities = { ...able, effectsShown: true };
const outage: StoredOutage = { since: 1, noted: true, doubted: false, loans: () => new Map() };

const itemOf = (number: number): string => `31${String(number).padStart(4, '0')}`;
const cardOf = (number: number): string => `20${String(number).padStart(4, '0')}`;

/** A loan or return of an outage, each of its own item and patron. */
function stored(number: number, kind: 'checkout' | 'checkin'): StoredTransaction {
  return {
    seq: number,
    id: `w${number}` as TransactionId,
    kind,
    state: 'waiting',
    item: itemOf(number),
    patron: kind === 'checkin' ? undefined : cardOf(number),
    at: number,
    attempts: 0,
    dueBefore: undefined,
    dueTold: kind === 'checkin' ? undefined : told,
    rule: undefined,
    source: undefined,
    due: undefined,
    words: [],
  };
}

const waiting = (count: number, kind: 'checkout' | 'checkin' = 'checkin'): Driver =>
  new Driver({
    open: Array.from({ length: count }, (_, index) => stored(index + 1, kind)),
    outage,
    abilities,
  }).backForGood();

const online = (): Driver => Driver.online({ abilities });

/** Says yes to the loan or return that is sent. */
function yes(driver: Driver): Driver {
  const { call } = driver;
  if (call?.kind === 'checkin') return driver.reply({ kind: 'checkin', outcome: answered(taken) });
  return driver.reply({ kind: 'checkout', outcome: answered(lent) });
}

/** Tells how the item stands and, where the patron is asked about too, what they have. */
function tell(driver: Driver, status: CirculationStatus, has: readonly string[] = []): Driver {
  expect(driver.call).toMatchObject({ kind: 'item' });
  driver.reply({ kind: 'item', outcome: answered(about(status)) });
  if (driver.call?.kind === 'account') driver.reply({ kind: 'account', outcome: answered(charged(has)) });
  return driver;
}

/** Twice, with the pause between in which a slow library system may still do it. */
const tellTwice = (driver: Driver, status: CirculationStatus, has: readonly string[] = []): Driver =>
  tell(tell(driver, status, has).pass(bounds.denialPauseMs).timer('work'), status, has);

const asked = (driver: Driver): readonly string[] =>
  driver.calls.flatMap(({ call }) => (call.kind === 'item' ? [call.item] : []));
const sent = (driver: Driver): readonly string[] =>
  driver.calls.flatMap(({ call }) =>
    call.kind === 'checkin' || call.kind === 'checkout' ? [call.item] : [],
  );
const events = (driver: Driver): readonly string[] =>
  driver.effects.flatMap((effect) => (effect.do === 'log' ? [effect.event] : []));
const reads = (driver: Driver): number =>
  driver.effects.filter((effect) => effect.do === 'readBelieved').length;

describe('what the library system accepted after an outage', () => {
  it('is looked at: the first of each kind and the last, and is accepted in the journal meanwhile', () => {
    const driver = new Driver({
      open: [stored(1, 'checkout'), stored(2, 'checkin'), stored(3, 'checkin'), stored(4, 'checkin')],
      outage,
      abilities,
    }).backForGood();
    yes(driver);
    expect(driver.moves.at(-1)).toBe('accepted');
    expect(driver.call).toEqual({ kind: 'item', item: itemOf(1) });
    driver.reply({ kind: 'item', outcome: answered(about('charged')) });
    expect(driver.call).toEqual({ kind: 'account', card: cardOf(1), list: 'charged' });
    driver.reply({ kind: 'account', outcome: answered(charged([itemOf(1)])) });
    tell(yes(driver), 'available');
    yes(driver);
    expect(driver.outages).toEqual([]);
    tell(yes(driver), 'available');
    expect(asked(driver)).toEqual([itemOf(1), itemOf(2), itemOf(4)]);
    expect(driver.moves).toEqual(Array.from({ length: 4 }, () => ['attempt', 'accepted']).flat());
    expect(driver.outages).toEqual(['ended']);
    expect(driver.state.acceptances.seen).toEqual({ done: 3, notDone: 0, notTold: 0 });
  });

  it('is asked about no more when the journal lets go of it, by card or by age', () => {
    const loan = new Driver({ open: [stored(1, 'checkout')], outage, abilities }).backForGood();
    yes(loan);
    expect(loan.call).toEqual({ kind: 'item', item: itemOf(1) });
    loan.happen({ type: 'forgotten', card: cardOf(2) });
    expect(loan.state.open.size).toBe(1);
    loan.happen({ type: 'forgotten', card: cardOf(1) });
    expect(loan.state.open.size).toBe(0);
    const { moves } = loan;
    tell(loan, 'available');
    expect(loan.moves).toEqual(moves);
    expect(loan.state.acceptances.pending.size).toBe(0);

    const checkin = yes(waiting(1));
    checkin.happen({ type: 'outlived', before: 1 });
    expect(checkin.state.open.size).toBe(1);
    checkin.happen({ type: 'outlived', before: 2 });
    expect(checkin.state.open.size).toBe(0);
  });

  it('is looked at by chance', () => {
    const driver = tell(yes(waiting(4)), 'available');
    yes(driver);
    driver.chance = 'ffffffff';
    tell(yes(driver), 'available');
    expect(asked(driver)).toEqual([itemOf(1), itemOf(3)]);
  });

  it('is looked at one in so many times', () => {
    const picks = (first: number): number => {
      const driver = tell(yes(waiting(3)), 'available');
      driver.chance = first.toString(16).padStart(8, '0');
      yes(driver);
      return asked(driver).length - 1;
    };
    const border = 2 ** 32 - Math.ceil(2 ** 32 / bounds.lookedAtOneIn);
    expect([0, border, border + 1, 2 ** 32 - 1].map(picks)).toEqual([0, 0, 1, 1]);
  });

  it('is the first of its kind anew after each outage', () => {
    const driver = tell(yes(waiting(4)), 'available');
    driver.link('unreachable').backForGood();
    tell(yes(driver), 'available');
    tell(yes(yes(driver)), 'available');
    expect(asked(driver)).toEqual([itemOf(1), itemOf(2), itemOf(4)]);
  });

  it('is not looked at where the library system does not show it', () => {
    const driver = new Driver({ open: [stored(1, 'checkin'), stored(2, 'checkin')], outage });
    yes(yes(driver.backForGood()));
    expect(asked(driver)).toEqual([]);
    expect(driver.outages).toEqual(['ended']);
    expect(acceptancesTold(driver.state)).toMatchObject({ lookedAt: 'nothing' });
  });

  it('is believed where asking does not tell who has it, or knows nothing of the item', () => {
    const loan = yes(waiting(1, 'checkout'));
    loan.reply({ kind: 'item', outcome: answered(about('charged')) });
    loan.reply({ kind: 'account', outcome: answered({ ...charged([]), told: false }) });
    const back = yes(waiting(1));
    back.reply({ kind: 'item', outcome: answered({ ...about('other'), known: false }) });
    const lost = tell(yes(waiting(1)), 'lost');
    for (const driver of [loan, back, lost]) {
      expect(driver.moves).toEqual(['attempt', 'accepted']);
      expect(driver.state.acceptances.seen).toEqual({ done: 0, notDone: 0, notTold: 1 });
      expect(driver.outages).toEqual(['ended']);
    }
  });

  it('is let be when the question has no answer, and nothing more is asked in this sync', () => {
    const driver = yes(waiting(3));
    driver.reply({ kind: 'item', outcome: unknown });
    driver.chance = 'ffffffff';
    yes(yes(driver));
    expect(asked(driver)).toEqual([itemOf(1)]);
    expect(driver.moves).toEqual(['attempt', 'accepted', 'attempt', 'accepted', 'attempt', 'accepted']);
    expect(events(driver)).toEqual(['acceptance.notAnswered']);
  });

  it('is not asked about days later, when a second outage came between', () => {
    const driver = yes(waiting(2)).reply({ kind: 'item', outcome: notSent });
    driver.link('unreachable').pass(200_000_000).backForGood();
    expect(driver.call).toMatchObject({ kind: 'checkin', item: itemOf(2) });
  });
});

describe('a library system that accepts and does nothing', () => {
  it('is looked at twice before that counts, and nothing more is sent meanwhile', () => {
    const driver = tell(yes(waiting(2)), 'charged');
    expect(driver.call).toBeUndefined();
    driver.pass(bounds.denialPauseMs - 1).timer('work');
    expect(driver.call).toBeUndefined();
    tell(driver.pass(1).timer('work'), 'available');
    expect(driver.moves).toEqual(['attempt', 'accepted', 'attempt']);
    expect(events(driver)).toEqual([]);
  });

  it.each([
    ['not on loan', 'available', { item: 'available', patron: 'hasItNot', card: 'fine' }],
    ['on loan, and not to this patron', 'charged', { item: 'charged', patron: 'hasItNot', card: 'fine' }],
  ] as const)(
    'is told to staff, with its words and what was found: a loan that is %s',
    (_, status, found) => {
      const driver = waiting(1, 'checkout');
      driver.reply({ kind: 'checkout', outcome: answered({ ...lent, acsText: [{ acs: 'Lent.' }] }) });
      tellTwice(driver, status);
      expect(driver.rows.at(-1)).toEqual({
        row: 'move',
        id: 'w1',
        to: 'staff',
        at: driver.at,
        rule: 'acs.notDone',
        source: 'station',
        words: ['Lent.'],
        found,
      });
      expect(events(driver)).toEqual(['acceptance.notDone']);
    },
  );

  it('is told to staff: a return that is still on loan', () => {
    const driver = tellTwice(yes(waiting(1)), 'charged');
    expect(driver.rows.at(-1)).toMatchObject({
      to: 'staff',
      rule: 'acs.notDone',
      found: { item: 'charged', patron: 'notTold' },
    });
    expect(driver.outages).toEqual(['doubted', 'ended']);
  });

  it('has everything looked at that follows, to the end of the sync', () => {
    const driver = tellTwice(yes(waiting(4)), 'charged');
    for (let row = 2; row <= 4; row++) tell(yes(driver), 'available');
    expect(asked(driver)).toEqual([itemOf(1), itemOf(1), itemOf(2), itemOf(3), itemOf(4)]);
    expect(driver.state.open.size).toBe(0);
  });

  it('has all asked about that it had accepted in this outage, before the rest is sent', () => {
    const driver = tell(yes(waiting(5)), 'available');
    yes(driver);
    driver.chance = 'ffffffff';
    yes(driver);
    driver.chance = '00000000';
    tellTwice(driver, 'charged');
    expect(reads(driver)).toBe(1);
    const accepted = [1, 2].map((number) => ({ ...stored(number, 'checkin'), state: 'accepted' as const }));
    // The next one is under way already; what is doubted comes before the one after it.
    expect(driver.call).toMatchObject({ kind: 'checkin', item: itemOf(4) });
    driver.happen({ type: 'believedRead', stored: accepted });
    yes(driver);
    tell(driver, 'available');
    tell(driver, 'charged');
    expect(asked(driver).slice(-3)).toEqual([itemOf(1), itemOf(2), itemOf(4)]);
    tell(driver, 'available');
    driver.pass(bounds.denialPauseMs).timer('work');
    tell(driver, 'charged');
    expect(driver.rows.filter((row) => row.row === 'move' && row.to === 'staff')).toMatchObject([
      { id: 'w3', rule: 'acs.notDone' },
      { id: 'w2', rule: 'acs.notDone' },
    ]);
    expect(sent(driver).at(-1)).toBe(itemOf(5));
    tell(yes(driver), 'available');
    expect(driver.outages).toEqual(['doubted', 'ended']);
  });

  it('is not forgotten by a restart: what it accepted is asked about then', () => {
    const open = [stored(2, 'checkin')];
    const driver = new Driver({ open, outage: { ...outage, doubted: true }, abilities });
    expect(reads(driver)).toBe(1);
    driver.happen({ type: 'believedRead', stored: [{ ...stored(1, 'checkout'), state: 'accepted' }] });
    driver.backForGood();
    tellTwice(driver, 'available');
    expect(driver.rows.at(-2)).toMatchObject({ id: 'w1', to: 'staff', rule: 'acs.notDone' });
    expect(driver.call).toMatchObject({ kind: 'checkin', item: itemOf(2) });
  });

  it('is left in peace by sync after three in a row, longer each time, and what waits stays waiting', () => {
    const driver = waiting(5);
    for (let row = 1; row <= bounds.notDoneInARowMax; row++) tellTwice(yes(driver), 'charged');
    expect(driver.call).toBeUndefined();
    expect(driver.state.open.size).toBe(2);
    expect(events(driver).at(-1)).toBe('sync.rests');
    driver.pass(bounds.notDoneRestMs - 1).timer('work');
    expect(driver.call).toBeUndefined();
    expect(acceptancesTold(driver.state)).toEqual({
      lookedAt: 'all',
      done: 0,
      notDone: bounds.notDoneInARowMax,
      notTold: 0,
      advice: expect.stringContaining('acs.notDone'),
      sync: expect.stringContaining('rests'),
    });
    tellTwice(yes(driver.pass(1).timer('work')), 'charged');
    driver.pass(bounds.notDoneRestMs).timer('work');
    expect(driver.call).toBeUndefined();
    tell(yes(driver.pass(bounds.notDoneRestMs).timer('work')), 'available');
    expect(driver.state.open.size).toBe(0);
    expect(driver.state.acceptances).toMatchObject({ notDone: 0, restMs: bounds.notDoneRestMs });
  });

  it('is asked about all the same while sync rests: nothing is sent, and what waits is not walked through', () => {
    const driver = waiting(200);
    for (let row = 1; row <= bounds.notDoneInARowMax; row++) tellTwice(yes(driver), 'charged');
    expect(events(driver).at(-1)).toBe('sync.rests');
    const sent = (): number => driver.calls.filter(({ call }) => call.kind === 'checkin').length;
    const before = sent();
    let walked = 0;
    const { waiting: line } = OpenTransactions.prototype;
    const spy = vi.spyOn(OpenTransactions.prototype, 'waiting').mockImplementation(function* (
      this: OpenTransactions,
    ) {
      for (const one of line.call(this)) {
        walked += 1;
        yield one;
      }
    });
    const accepted = [901, 902].map((number) => ({
      ...stored(number, 'checkin'),
      state: 'accepted' as const,
    }));
    // The journal names what else it accepted in this outage.
    driver.happen({ type: 'believedRead', stored: accepted });
    for (const number of [901, 902]) {
      expect(driver.call).toMatchObject({ kind: 'item', item: itemOf(number) });
      tell(driver, 'available');
    }
    spy.mockRestore();
    expect(sent()).toBe(before);
    expect(driver.call).toBeUndefined();
    expect(driver.state.acceptances.seen).toMatchObject({ done: 2 });
    // Only the first one is looked at, for the moment at which it goes on.
    expect(walked).toBeLessThan(12);
    driver.pass(bounds.notDoneRestMs).timer('work');
    expect(sent()).toBe(before + 1);
  });

  it('is nothing that patrons see, nor is any of the sync', () => {
    const seen = (driver: Driver): unknown => ({ ...driver.view, revision: 0 });
    const driver = waiting(5);
    const before = seen(Driver.online({ abilities }).happen({ type: 'scanner', ready: false }));
    for (let row = 1; row <= bounds.notDoneInARowMax; row++) {
      expect(seen(driver)).toEqual(before);
      tell(yes(driver), 'charged');
      expect(seen(driver)).toEqual(before);
      tell(driver.pass(bounds.denialPauseMs).timer('work'), 'charged');
    }
    expect(events(driver).at(-1)).toBe('sync.rests');
    expect(seen(driver)).toEqual(before);
  });

  it('keeps nobody from what waits behind: the patron who is here has it sent, and looked at', () => {
    const driver = waiting(5);
    for (let row = 1; row <= bounds.notDoneInARowMax; row++) tellTwice(yes(driver), 'charged');
    driver.signIn().scan(itemOf(5));
    expect(driver.call).toMatchObject({ kind: 'checkin', item: itemOf(5) });
    tell(yes(driver), 'available');
    expect(driver.call).toMatchObject({ kind: 'checkout', item: itemOf(5) });
  });

  it('has what it cannot be asked about told to staff, where it is doubted', () => {
    const driver = tellTwice(yes(waiting(2)), 'charged');
    yes(driver);
    for (let ask = 0; ask < bounds.asksMax; ask++) {
      driver.reply({ kind: 'item', outcome: unknown }).pass(bounds.askPauseMs).timer('work');
    }
    expect(driver.rows.at(-1)).toMatchObject({ id: 'w2', to: 'staff', rule: 'noAnswer' });
  });

  it('and an answer that cannot be written down is asked for again', () => {
    const driver = yes(waiting(1)).losingReply({ kind: 'item', outcome: answered(about('charged')) });
    driver.happen({ type: 'diskProbed', disk: 'fine' }).pass(bounds.spaceProbeMs).timer('work');
    tell(driver, 'available');
    expect(driver.moves).toEqual(['attempt', 'accepted']);
  });
});

describe('what the library system accepted in good times', () => {
  it('is looked at when nobody is here, and the first of each kind after a start is', () => {
    const driver = yes(online().signIn().scan(item));
    expect(driver.items[0]).toMatchObject({ state: 'done' });
    expect(driver.call).toBeUndefined();
    yes(driver.scan('300002'));
    driver.act({ do: 'finish', receipt: false }).timer('finished');
    driver.goodbye();
    tell(driver, 'charged', [item, '300002']);
    expect(asked(driver)).toEqual([item]);
    expect(driver.state.acceptances.seen.done).toBe(1);
    expect(driver.moves.at(-1)).toBe('accepted');
  });

  it('is looked at before the same item goes on', () => {
    const driver = yes(online().signIn().scan(item));
    driver.act({ do: 'finish', receipt: false }).act({ do: 'chooseService', service: 'return' }).scan(item);
    driver.goodbye();
    expect(driver.call).toMatchObject({ kind: 'item', item });
    tell(driver, 'charged', [item]);
    expect(driver.call).toMatchObject({ kind: 'checkin', item });
  });

  it('and not done goes to staff, and from then on no loan is told as made before it was seen', () => {
    const driver = yes(online().signIn().scan(item));
    driver.act({ do: 'finish', receipt: false }).timer('finished').goodbye();
    tellTwice(driver, 'available');
    expect(driver.rows.at(-1)).toMatchObject({ to: 'staff', rule: 'acs.notDone' });
    expect(driver.outages).toEqual([]);
    yes(driver.signIn().scan('300002'));
    expect(driver.items[0]).toMatchObject({ item: '300002', state: 'pending' });
    expect(driver.moves.slice(-2)).toEqual(['checkout intended', 'uncertain']);
    expect(driver.rows.at(-1)).toMatchObject({ rule: 'acs.doubted' });
    tell(driver, 'charged', ['300002']);
    expect(driver.items[0]).toMatchObject({ item: '300002', state: 'done' });
  });

  it('a short while before what was not done is asked about too, of each item the newest', () => {
    const driver = yes(online().signIn().scan(item));
    yes(yes(driver.scan('300002')).scan('300003'));
    driver.act({ do: 'finish', receipt: false }).act({ do: 'chooseService', service: 'return' });
    yes(driver.goodbye().scan('300003'));
    driver.act({ do: 'finish', receipt: false }).timer('finished');
    const asking = (): readonly string[] => asked(driver).slice(-1);
    for (let call = 0; call < 12 && driver.call?.kind === 'item'; call++) {
      // Only the second loan was made, and the return.
      const [number = ''] = asking();
      tell(driver, number === '300002' ? 'charged' : 'available', number === '300002' ? [number] : []);
      if (driver.call === undefined) driver.pass(bounds.denialPauseMs).timer('work');
    }
    expect(new Set(asked(driver))).toEqual(new Set([item, '300002', '300003']));
    expect(driver.rows.filter((row) => row.row === 'move' && row.to === 'staff')).toHaveLength(1);
    expect([...driver.state.acceptances.recent.values()]).toEqual([]);
    expect(driver.state.acceptances).toMatchObject({ seen: { done: 2, notDone: 1 } });
    expect(driver.state.open.size).toBe(0);
  });

  it('is asked about too when what waited from an outage was not done', () => {
    const driver = tell(yes(waiting(1)), 'charged');
    yes(yes(driver.happen({ type: 'scanner', ready: true }).signIn().scan(item)).scan('300002'));
    driver.act({ do: 'finish', receipt: false }).timer('finished').goodbye();
    for (let call = 0; call < 8 && driver.state.open.size > 0; call++) {
      if (driver.call === undefined) driver.pass(bounds.denialPauseMs).timer('work');
      const [number = ''] = asked(driver).slice(-1);
      const isLoan = number !== itemOf(1);
      tell(driver, 'charged', isLoan ? [number] : []);
    }
    expect(new Set(asked(driver))).toEqual(new Set([itemOf(1), item, '300002']));
    expect(driver.rows.filter((row) => row.row === 'move' && row.to === 'staff')).toMatchObject([
      { id: 'w1', rule: 'acs.notDone' },
    ]);
    expect([...driver.state.acceptances.recent.values()]).toEqual([]);
    expect(driver.state.acceptances).toMatchObject({ seen: { done: 2, notDone: 1 } });
  });

  it('longer ago is not: who knows what has become of it', () => {
    const driver = yes(yes(online().signIn().scan(item)).scan('300002'));
    driver
      .pass(bounds.recentAcceptedMs + 1)
      .act({ do: 'finish', receipt: false })
      .timer('finished')
      .goodbye();
    tellTwice(driver, 'available');
    expect(driver.moves.at(-1)).toBe('staff');
    expect(driver.call).toBeUndefined();
    expect(new Set(asked(driver))).toEqual(new Set([item]));
  });

  it('and is not shown is never sent again, as long as it is doubted: what is shown may be old', () => {
    const driver = yes(online().signIn().scan(item));
    driver.act({ do: 'finish', receipt: false }).timer('finished').goodbye();
    tellTwice(driver, 'available');
    yes(driver.signIn().scan('300002'));
    tellTwice(driver, 'available');
    expect(driver.items[0]).toMatchObject({ item: '300002', state: 'attention' });
    expect(driver.rows.at(-1)).toMatchObject({ to: 'staff', rule: 'acs.notDone' });
    expect(driver.calls.filter(({ call }) => call.kind === 'checkout')).toHaveLength(2);
    expect(driver.state.acceptances.seen).toMatchObject({ notDone: 2 });
    expect(driver.state.open.size).toBe(0);
  });

  it('and nothing else is sent again either that it does not show', () => {
    const driver = yes(online().signIn().scan(item));
    driver.act({ do: 'finish', receipt: false }).timer('finished').goodbye();
    tellTwice(driver, 'available');
    driver.signIn().scan('300002').reply({ kind: 'checkout', outcome: unknown });
    driver.pass(bounds.askAfterMs).timer('work');
    tellTwice(driver, 'available');
    expect(driver.rows.at(-1)).toMatchObject({ to: 'staff', rule: 'cannotTell' });
    expect(driver.calls.filter(({ call }) => call.kind === 'checkout')).toHaveLength(2);
  });

  it('and is missing in the patron’s list: nothing that was lost is sent again by that list', () => {
    const driver = yes(yes(online().signIn().scan(item)).scan('300002'));
    driver.scan('300003').reply({ kind: 'checkout', outcome: unknown });
    driver.pass(bounds.askAfterMs).timer('work');
    // The second loan was made a moment ago, and this list does not know of it.
    tellTwice(driver, 'available');
    expect(driver.rows.at(-1)).toMatchObject({ to: 'staff', rule: 'cannotTell' });
    expect(driver.calls.filter(({ call }) => call.kind === 'checkout')).toHaveLength(3);
  });

  it('and stands in the patron’s list: what was lost is sent again', () => {
    const driver = yes(yes(online().signIn().scan(item)).scan('300002'));
    driver.scan('300003').reply({ kind: 'checkout', outcome: unknown });
    driver.pass(bounds.askAfterMs).timer('work');
    tell(driver, 'available', [item, '300002']);
    driver.pass(bounds.denialPauseMs).timer('work');
    tell(driver, 'available', [item, '300002']);
    expect(driver.call).toMatchObject({ kind: 'checkout', item: '300003' });
  });

  it('is doubted again after a restart, where something was not done shortly before', () => {
    const since = new Driver({ abilities }).at - bounds.recentAcceptedMs;
    const driver = online();
    expect(driver.effects).toContainEqual({
      do: 'readDoubted',
      since,
      max: bounds.recentAcceptedMax,
    });
    const accepted = (number: number): StoredTransaction => ({
      ...stored(number, 'checkout'),
      state: 'accepted',
    });
    driver.happen({ type: 'doubtedRead', stored: [accepted(1), accepted(2)] });
    tell(driver, 'charged', [itemOf(1)]);
    tellTwice(driver, 'available');
    expect(asked(driver)).toEqual([itemOf(1), itemOf(2), itemOf(2)]);
    expect(driver.rows).toMatchObject([{ row: 'move', id: 'w2', to: 'staff', rule: 'acs.notDone' }]);
    yes(driver.signIn().scan('300002'));
    expect(driver.rows.at(-1)).toMatchObject({ to: 'uncertain', rule: 'acs.doubted' });
  });

  it('is doubted on after a restart, however much of before was done: that says nothing for now', () => {
    const driver = online();
    const before = Array.from({ length: bounds.doneInARowMin + 1 }, (_, index) => index + 1);
    const accepted = before.map((number) => ({ ...stored(number, 'checkout'), state: 'accepted' as const }));
    driver.happen({ type: 'doubtedRead', stored: accepted });
    for (const number of before) tell(driver, 'charged', [itemOf(number)]);
    expect(driver.state.acceptances).toMatchObject({ everyOne: true, seen: { done: before.length } });
    expect(driver.state.open.size).toBe(0);
  });

  it('is doubted after a restart only until the next patron has the item, or brings it back', () => {
    const driver = online().act({ do: 'chooseService', service: 'return' }).scan(itemOf(1));
    driver.happen({ type: 'doubtedRead', stored: [{ ...stored(1, 'checkout'), state: 'accepted' }] });
    expect([...driver.state.open.values()]).toMatchObject([{ kind: 'checkin', item: itemOf(1) }]);
  });

  it('is believed again after so many in a row that were done', () => {
    const driver = yes(online().signIn().scan(item));
    driver.act({ do: 'finish', receipt: false }).timer('finished').goodbye();
    tellTwice(driver, 'available');
    driver.signIn();
    for (let loan = 0; loan < bounds.doneInARowMin; loan++) {
      expect(driver.state.acceptances.everyOne).toBe(true);
      const number = `31${String(loan).padStart(4, '0')}`;
      tell(yes(driver.scan(number)), 'charged', [number]);
    }
    expect(driver.state.acceptances.everyOne).toBe(false);
    yes(driver.scan('320001'));
    expect(driver.items[0]).toMatchObject({ item: '320001', state: 'done' });
  });

  it('is not kept for later when the library system goes away', () => {
    const driver = yes(online().signIn().scan(item));
    driver.act({ do: 'finish', receipt: false }).timer('finished');
    driver.link('unreachable').pass(200_000_000).backForGood();
    expect(asked(driver)).toEqual([]);
    expect(driver.state.open.size).toBe(0);
  });

  it('is not handed over to staff as if it waited', () => {
    const driver = yes(online().signIn().scan(item));
    const ids = [...driver.state.open.values()].map(({ id }) => id);
    expect(ids).toHaveLength(1);
    driver.happen({ type: 'handedOver', ids, by: 'staff' });
    expect(driver.moves.at(-1)).toBe('accepted');
    expect(driver.state.open.size).toBe(1);
  });
});

describe('a renewal that was accepted', () => {
  const renewed = { ...lent, renewal: true, due: { kind: 'day', date: '2027-01-15' } } as const;
  const after = (shown: string, dueRaw: string): Driver => {
    const driver = online().signIn('borrow', {
      known: true,
      pin: 'right',
      blocks: [],
      chargedItems: [item],
      acsText: [],
    });
    driver.scan(item).reply({ kind: 'item', outcome: answered(about('charged', '20261218')) });
    driver.reply({ kind: 'renew', outcome: answered(renewed) });
    driver.act({ do: 'finish', receipt: false }).timer('finished').goodbye();
    for (let look = 0; look < bounds.denialsMin && driver.call?.kind === 'item'; look++) {
      const due = { kind: 'day', date: shown } as const;
      driver.reply({ kind: 'item', outcome: answered({ ...about('charged', dueRaw), due }) });
      driver.reply({ kind: 'account', outcome: answered(charged([item])) });
      driver.pass(bounds.denialPauseMs).timer('work');
    }
    return driver;
  };

  it('is not done where the date of before stands there and another was given', () => {
    expect(after('2026-12-18', '20261218').rows.at(-1)).toMatchObject({ to: 'staff', rule: 'acs.notDone' });
  });

  it('is done where the date is another than before', () => {
    const driver = after('2027-01-15', '20270115');
    expect(driver.moves.at(-1)).toBe('accepted');
    expect(driver.state.acceptances.seen.done).toBe(1);
  });

  it('of the same day keeps its date, and nothing speaks against it', () => {
    const driver = after('2027-01-15', '20261218');
    expect(driver.moves.at(-1)).toBe('accepted');
    expect(driver.state.acceptances.seen.notTold).toBe(1);
  });

  it('belongs to the card that renewed it', () => {
    expect(after('2027-01-15', '20270115').calls.map(({ call }) => call)).toContainEqual({
      kind: 'account',
      card,
      list: 'charged',
    });
  });
});
