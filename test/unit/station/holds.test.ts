import { describe, expect, it } from 'vitest';
import type { AccountList, AccountPart } from '../../../src/ils/ils.ts';
import type { HoldRow, ItemRow } from '../../../src/shared/view.ts';
import { bounds } from '../../../src/station/settings.ts';
import {
  able,
  about,
  answered,
  card,
  charged,
  customer,
  Driver,
  held,
  item,
  notHeld,
  notLent,
  notSent,
  settings as usual,
  type DriverOptions,
  unknown,
} from './driver.ts';

/** A list of holds with the counts of both. */
function holds(
  list: 'holdsReady' | 'holdsWaiting',
  entries: readonly string[],
  counts: { readonly ready: number; readonly waiting: number },
): AccountPart {
  const count = list === 'holdsReady' ? counts.ready : counts.waiting;
  const none = { overdue: 0, charged: 0, fines: 0, recalled: 0 };
  return {
    ...charged([]),
    list,
    entries,
    count,
    counts: { ...none, holdsReady: counts.ready, holdsWaiting: counts.waiting },
  };
}

/** Answers the two questions for the patron’s holds: first those that wait, then those that are ready. */
function tell(driver: Driver, waiting: readonly string[], ready: readonly string[] = []): Driver {
  const counts = { ready: ready.length, waiting: waiting.length };
  if (driver.call?.kind === 'endSession') driver.goodbye();
  expect(driver.call).toEqual({ kind: 'account', card, list: 'holdsWaiting' });
  driver.reply({ kind: 'account', outcome: answered(holds('holdsWaiting', waiting, counts)) });
  expect(driver.call).toEqual({ kind: 'account', card, list: 'holdsReady' });
  return driver.reply({ kind: 'account', outcome: answered(holds('holdsReady', ready, counts)) });
}

/** A patron with an item in the hand that somebody else has on loan. */
function refusedLoan(options: DriverOptions = {}): Driver {
  const driver = Driver.online(options).signIn().scan(item);
  driver.reply({ kind: 'checkout', outcome: answered(notLent) });
  return driver.reply({ kind: 'item', outcome: answered(about('charged')) });
}

const holdOf = (driver: Driver): ItemRow['hold'] => driver.items[0]?.hold;

const placing = (): Driver =>
  refusedLoan().act({ do: 'askPlaceHold', item }).act({ do: 'answer', yes: true });

/** The account of a patron with one hold that is ready and one that waits. */
function account(options: DriverOptions = {}): Driver {
  const driver = Driver.online(options).signIn('account');
  const lists: Readonly<Record<string, readonly string[]>> = {
    holdsReady: ['300007'],
    holdsWaiting: ['300008'],
  };
  while (driver.call !== undefined) {
    const { call } = driver;
    if (call.kind === 'account') {
      const list: AccountList = call.list;
      const entries = lists[list] ?? [];
      const part = { ...holds('holdsReady', entries, { ready: 1, waiting: 1 }), list, count: entries.length };
      driver.reply({ kind: 'account', outcome: answered(part) });
    } else {
      driver.reply({ kind: 'item', outcome: answered(about('onHoldShelf')) });
    }
  }
  return driver;
}

const listed = (driver: Driver, entry: string): HoldRow | undefined =>
  driver.screen.name === 'account' ? driver.screen.holds.find((row) => row.item === entry) : undefined;

const cancelling = (): Driver =>
  account().act({ do: 'askCancelHold', item: '300008' }).act({ do: 'answer', yes: true });

describe('an item that cannot be had now', () => {
  it.each(['charged', 'onHoldShelf', 'inTransit', 'inProcess'] as const)(
    'can be waited for: %s',
    (status) => {
      const driver = Driver.online().signIn().scan(item);
      driver.reply({ kind: 'checkout', outcome: answered(notLent) });
      expect(holdOf(driver)).toBeUndefined();
      driver.reply({ kind: 'item', outcome: answered(about(status)) });
      expect(holdOf(driver)).toEqual({ state: 'possible' });
    },
  );

  it.each(['available', 'lost', 'missing'] as const)('is not offered to wait for: %s', (status) => {
    const driver = Driver.online().signIn().scan(item);
    driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    driver.reply({ kind: 'item', outcome: answered(about(status)) });
    expect(holdOf(driver)).toBeUndefined();
    expect(driver.act({ do: 'askPlaceHold', item }).view.question).toBeUndefined();
  });

  it('is not offered where the library does not want it, or the library system cannot do it', () => {
    const services = { ...usual.services, holds: { place: false, cancel: true, pickup: undefined } };
    expect(holdOf(refusedLoan({ settings: { services } }))).toBeUndefined();
    expect(holdOf(refusedLoan({ abilities: { ...able, placeHold: false } }))).toBeUndefined();
  });

  it('is not offered to a patron who may place no holds', () => {
    const driver = Driver.online().signIn('borrow', { ...customer, blocks: ['holdPrivilegesDenied'] });
    driver.scan(item).reply({ kind: 'checkout', outcome: answered(notLent) });
    driver.reply({ kind: 'item', outcome: answered(about('charged')) });
    expect(holdOf(driver)).toBeUndefined();
  });

  it('rests while the library system is away', () => {
    expect(holdOf(refusedLoan().link('unreachable'))).toEqual({ state: 'resting' });
  });
});

describe('the question before a hold', () => {
  it('names the item, and where it is fetched where that is known', () => {
    const pickup = { code: 'MAIN', name: { en: 'Main library' } };
    const services = { ...usual.services, holds: { place: true, cancel: true, pickup } };
    const driver = refusedLoan({ settings: { services } }).act({ do: 'askPlaceHold', item });
    expect(driver.view.question).toEqual({
      about: 'placeHold',
      item,
      title: 'Sinuhe',
      pickup: { en: 'Main library' },
    });
  });

  it('sends nothing, and a "no" leaves everything as it was', () => {
    const driver = refusedLoan();
    const calls = driver.calls.length;
    driver.act({ do: 'askPlaceHold', item }).act({ do: 'answer', yes: false });
    expect(driver.view.question).toBeUndefined();
    expect(driver.calls).toHaveLength(calls);
    expect(holdOf(driver)).toEqual({ state: 'possible' });
  });

  it.each([
    ['a scan', (driver: Driver) => driver.scan('300002')],
    ['another service', (driver: Driver) => driver.act({ do: 'chooseService', service: 'return' })],
    ['the end of the session', (driver: Driver) => driver.act({ do: 'finish', receipt: false })],
  ])('goes with %s', (_what, next) => {
    const driver = refusedLoan().act({ do: 'askPlaceHold', item });
    expect(next(driver).view.question).toBeUndefined();
    expect(driver.calls.some(({ call }) => call.kind === 'hold')).toBe(false);
  });

  it('stays while somebody says that they are there, or reads it in another language', () => {
    const driver = refusedLoan().act({ do: 'askPlaceHold', item });
    driver.act({ do: 'stay' }).act({ do: 'chooseLanguage', language: 'cs' });
    expect(driver.view.question).toMatchObject({ item });
  });

  it('an answer without a question does nothing', () => {
    const driver = refusedLoan();
    const { calls } = driver;
    expect(driver.act({ do: 'answer', yes: true }).calls).toBe(calls);
    expect(driver.call).toBeUndefined();
  });
});

describe('placing a hold', () => {
  it('looks at the holds first, then commits it before it is sent', () => {
    const driver = placing();
    expect(holdOf(driver)).toEqual({ state: 'pending', message: { key: 'row.hold.place.pending' } });
    expect(driver.moves.filter((move) => move.startsWith('hold'))).toEqual([]);
    tell(driver, ['300009']);
    expect(driver.rows.at(-1)).toMatchObject({
      row: 'begin',
      kind: 'hold',
      state: 'intended',
      item,
      patron: card,
      hold: { mode: 'place', countBefore: 1 },
    });
    expect(driver.call).toMatchObject({ kind: 'hold', card, item, mode: 'place' });
    driver.reply({ kind: 'hold', outcome: answered(held) });
    expect(driver.moves.at(-1)).toBe('accepted');
    expect(holdOf(driver)).toEqual({
      state: 'done',
      message: { key: 'row.hold.place.donePosition', params: { position: 2 } },
    });
  });

  it('names the place where the item is fetched to the library system', () => {
    const pickup = { code: 'MAIN', name: { en: 'Main library' } };
    const services = { ...usual.services, holds: { place: true, cancel: true, pickup } };
    const driver = refusedLoan({ settings: { services } });
    driver.act({ do: 'askPlaceHold', item }).act({ do: 'answer', yes: true });
    expect(tell(driver, []).call).toMatchObject({ kind: 'hold', pickup: 'MAIN' });
  });

  it('keeps the refused loan beside it', () => {
    const driver = tell(placing(), []).reply({ kind: 'hold', outcome: answered(held) });
    expect(driver.items).toHaveLength(1);
    expect(driver.items[0]).toMatchObject({ state: 'refused', refusal: { rule: 'item.lentToAnother' } });
  });

  it('sends nothing for a hold that the patron has already', () => {
    const driver = tell(placing(), [item]);
    expect(holdOf(driver)).toMatchObject({ state: 'refused', refusal: { rule: 'hold.already' } });
    expect(driver.moves.filter((move) => move.startsWith('hold'))).toEqual([]);
  });

  it('says the reason of a refusal', () => {
    const driver = tell(placing(), []).reply({ kind: 'hold', outcome: answered(notHeld) });
    expect(driver.moves.at(-1)).toBe('refused');
    expect(holdOf(driver)).toMatchObject({
      state: 'refused',
      refusal: { rule: 'hold.refused', source: 'acs', acsText: [{ acs: 'No holds.' }] },
    });
  });

  it('is refused for the cause that the words tell, where the profile knows them', () => {
    const acsText = [{ acs: 'Fines!', meaning: 'patron.fees' }] as const;
    const driver = tell(placing(), []).reply({ kind: 'hold', outcome: answered({ ...notHeld, acsText }) });
    expect(holdOf(driver)).toMatchObject({ refusal: { rule: 'patron.excessiveOutstandingFees' } });
  });

  it('shows words whose meaning is no cause for a hold as they came', () => {
    const acsText = [{ acs: 'In transit', meaning: 'item.inTransit' }] as const;
    const driver = tell(placing(), []).reply({ kind: 'hold', outcome: answered({ ...notHeld, acsText }) });
    expect(holdOf(driver)).toMatchObject({
      refusal: { rule: 'hold.refused', acsText: [{ acs: 'In transit' }] },
    });
    expect(JSON.stringify(holdOf(driver))).not.toContain('meaning');
  });

  it('is withdrawn when nothing left the machine', () => {
    const driver = tell(placing(), []).reply({ kind: 'hold', outcome: notSent });
    expect(driver.moves.at(-1)).toBe('withdrawn');
    expect(holdOf(driver)).toMatchObject({ state: 'refused', refusal: { rule: 'acs.away' } });
  });

  it('does not begin when the holds cannot be looked at', () => {
    const driver = placing().reply({ kind: 'account', outcome: unknown });
    expect(holdOf(driver)).toMatchObject({ state: 'refused', refusal: { rule: 'acs.silent' } });
    expect(driver.call).toBeUndefined();
  });

  it('can be tried again after a refusal', () => {
    const driver = tell(placing(), []).reply({ kind: 'hold', outcome: answered(notHeld) });
    driver.act({ do: 'askPlaceHold', item }).act({ do: 'answer', yes: true });
    expect(holdOf(driver)).toMatchObject({ state: 'pending' });
  });
});

describe('a hold without an answer', () => {
  const lost = (): Driver =>
    tell(placing(), ['300009'])
      .reply({ kind: 'hold', outcome: unknown })
      .pass(bounds.askAfterMs)
      .timer('work');

  it('is uncertain, and the lists are asked before anything is sent again', () => {
    const driver = tell(placing(), ['300009']).reply({ kind: 'hold', outcome: unknown });
    expect(driver.moves.at(-1)).toBe('uncertain');
    expect(driver.call).toBeUndefined();
    expect(holdOf(driver)).toEqual({ state: 'pending', message: { key: 'row.hold.unsure' } });
  });

  it('is accepted when it stands in a list, waiting or ready', () => {
    expect(tell(lost(), ['300009', item]).moves.at(-1)).toBe('accepted');
    expect(tell(lost(), ['300009'], [item]).moves.at(-1)).toBe('accepted');
  });

  it('is sent again when it was said twice that it is not there', () => {
    const driver = tell(lost(), ['300009']);
    expect(driver.call).toBeUndefined();
    driver.pass(bounds.denialPauseMs).timer('work');
    tell(driver, ['300009']);
    expect(driver.moves.at(-1)).toBe('attempt');
    expect(driver.call).toMatchObject({ kind: 'hold', mode: 'place' });
  });

  it('does not believe a refusal of the second try before asking once more', () => {
    const driver = tell(lost(), ['300009']).pass(bounds.denialPauseMs).timer('work');
    tell(driver, ['300009']).reply({ kind: 'hold', outcome: answered(notHeld) });
    expect(tell(driver, ['300009', item]).moves.at(-1)).toBe('accepted');
  });

  it('goes to staff when another hold has come and this one is not named: it may stand under another copy', () => {
    const driver = tell(lost(), ['300009', '300010']).pass(bounds.denialPauseMs).timer('work');
    tell(driver, ['300009', '300010']);
    expect(driver.rows.at(-1)).toMatchObject({ row: 'move', to: 'staff', rule: 'cannotTell' });
    expect(holdOf(driver)).toEqual({ state: 'attention', message: { key: 'row.hold.place.staff' } });
  });

  it('goes to staff after the patron has waited long enough', () => {
    const driver = lost().reply({ kind: 'account', outcome: unknown }).link('unreachable');
    driver.pass(bounds.settleInSessionMs).timer('work');
    expect(driver.moves.at(-1)).toBe('staff');
  });

  it('is not placed behind the back of a patron who has gone', () => {
    const driver = lost().act({ do: 'finish', receipt: false }).pass(bounds.finishWaitMs).timer('finishWait');
    expect(driver.screen).toMatchObject({ name: 'finished', unsettled: 1 });
    tell(driver, ['300009']).pass(bounds.denialPauseMs).timer('work');
    tell(driver, ['300009']);
    expect(driver.rows.at(-1)).toMatchObject({ row: 'move', to: 'staff', rule: 'patronGone' });
  });
});

describe('cancelling a hold', () => {
  it('is offered in the account, and asked about first', () => {
    const driver = account();
    expect(listed(driver, '300007')).toMatchObject({ ready: true, cancel: { state: 'possible' } });
    expect(listed(driver, '300008')).toMatchObject({ ready: false, cancel: { state: 'possible' } });
    driver.act({ do: 'askCancelHold', item: '300008' });
    expect(driver.view.question).toMatchObject({ about: 'cancelHold', item: '300008' });
    expect(driver.call).toBeUndefined();
  });

  it('is not offered where the library does not want it, or the library system cannot do it', () => {
    const services = { ...usual.services, holds: { place: true, cancel: false, pickup: undefined } };
    for (const options of [{ settings: { services } }, { abilities: { ...able, cancelHold: false } }]) {
      const driver = account(options);
      expect(listed(driver, '300008')).not.toHaveProperty('cancel');
      expect(driver.act({ do: 'askCancelHold', item: '300008' }).view.question).toBeUndefined();
    }
  });

  it('only of what stands in the lists', () => {
    expect(account().act({ do: 'askCancelHold', item: '300666' }).view.question).toBeUndefined();
  });

  it('is committed before it is sent, and shown', () => {
    const driver = tell(cancelling(), ['300008'], ['300007']);
    expect(driver.rows.at(-1)).toMatchObject({
      row: 'begin',
      kind: 'hold',
      item: '300008',
      hold: { mode: 'cancel', countBefore: 2 },
    });
    driver.reply({ kind: 'hold', outcome: answered({ ...held, position: undefined }) });
    expect(listed(driver, '300008')?.cancel).toEqual({
      state: 'done',
      message: { key: 'row.hold.cancel.done' },
    });
    expect(driver.act({ do: 'askCancelHold', item: '300008' }).view.question).toBeUndefined();
  });

  it('sends nothing for a hold that is gone', () => {
    const driver = tell(cancelling(), [], ['300007']);
    expect(listed(driver, '300008')?.cancel).toMatchObject({
      state: 'refused',
      refusal: { rule: 'hold.gone' },
    });
  });

  it('without an answer is accepted when there is one hold less', () => {
    const driver = tell(cancelling(), ['300008'], ['300007']).reply({ kind: 'hold', outcome: unknown });
    driver.pass(bounds.askAfterMs).timer('work');
    expect(tell(driver, [], ['300007']).moves.at(-1)).toBe('accepted');
  });

  it('without an answer is sent again when it still stands there, said twice', () => {
    const driver = tell(cancelling(), ['300008'], ['300007']).reply({ kind: 'hold', outcome: unknown });
    driver.pass(bounds.askAfterMs).timer('work');
    tell(driver, ['300008'], ['300007']).pass(bounds.denialPauseMs).timer('work');
    expect(tell(driver, ['300008'], ['300007']).call).toMatchObject({ kind: 'hold', mode: 'cancel' });
    driver.reply({ kind: 'hold', outcome: answered(notHeld) });
    tell(driver, ['300008'], ['300007']);
    expect(listed(driver, '300008')?.cancel).toMatchObject({ refusal: { rule: 'hold.notCancelled' } });
  });

  it('without an answer goes to staff when it became another copy on the shelf', () => {
    const driver = tell(cancelling(), ['300008'], ['300007']).reply({ kind: 'hold', outcome: unknown });
    driver.pass(bounds.askAfterMs).timer('work');
    tell(driver, [], ['300007', '300011']).pass(bounds.denialPauseMs).timer('work');
    tell(driver, [], ['300007', '300011']);
    expect(driver.moves.at(-1)).toBe('staff');
    expect(listed(driver, '300008')?.cancel).toMatchObject({ state: 'attention' });
  });
});

describe('after a restart', () => {
  const stored = {
    seq: 1,
    id: 'before' as never,
    kind: 'hold',
    state: 'intended',
    item,
    patron: card,
    at: 0,
    attempts: 0,
    dueBefore: undefined,
    hold: { mode: 'place', countBefore: 0 },
    rule: undefined,
    source: undefined,
    due: undefined,
    words: [],
  } as const;

  it('a hold was possibly sent: the lists are asked, and it is accepted once', () => {
    expect(tell(Driver.online({ open: [stored] }), [item]).moves).toEqual(['uncertain', 'accepted']);
  });

  it('a hold that did not happen is for staff: its patron has gone', () => {
    const driver = tell(Driver.online({ open: [stored] }), [])
      .pass(bounds.denialPauseMs)
      .timer('work');
    expect(tell(driver, []).moves).toEqual(['uncertain', 'staff']);
  });
});

describe('a disk that is full', () => {
  it('begins no hold', () => {
    const driver = refusedLoan().happen({ type: 'diskProbed', disk: 'full' });
    expect(holdOf(driver)).toEqual({ state: 'resting' });
    driver.act({ do: 'askPlaceHold', item }).act({ do: 'answer', yes: true });
    expect(holdOf(driver)).toMatchObject({ state: 'refused', refusal: { rule: 'space.full' } });
    expect(driver.call).toBeUndefined();
  });

  it('that fills up as it begins leaves nothing under way', () => {
    const driver = placing();
    const counts = { ready: 0, waiting: 0 };
    driver.reply({ kind: 'account', outcome: answered(holds('holdsWaiting', [], counts)) });
    driver.losingReply({ kind: 'account', outcome: answered(holds('holdsReady', [], counts)) });
    expect(holdOf(driver)).toMatchObject({ state: 'refused', refusal: { rule: 'space.full' } });
    expect(driver.call).toBeUndefined();
  });
});
