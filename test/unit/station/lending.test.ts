import { describe, expect, it } from 'vitest';
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
  unknown,
} from './driver.ts';

const borrowing = (): Driver => Driver.online().signIn().scan(item);

describe('checkout in good times', () => {
  it('commits the intent before the call, and the loan with its due date before it is shown', () => {
    const driver = Driver.online().signIn();
    const begun = driver.last({ type: 'scan', text: item });
    expect(begun.rows).toEqual([
      expect.objectContaining({ row: 'begin', kind: 'checkout', state: 'intended', item, patron: card }),
    ]);
    expect(begun.effects).toContainEqual(
      expect.objectContaining({
        do: 'call',
        call: expect.objectContaining({ kind: 'checkout', item, card }),
      }),
    );
    expect(driver.items[0]).toMatchObject({
      item,
      state: 'pending',
      message: { key: 'row.checkout.pending' },
    });
    driver.reply({ kind: 'checkout', outcome: answered(lent) });
    expect(driver.rows.at(-1)).toMatchObject({
      row: 'move',
      to: 'accepted',
      rule: 'answered',
      due: '2026-12-18',
    });
    expect(driver.items[0]).toMatchObject({
      state: 'done',
      title: 'Sinuhe',
      due: { kind: 'day', date: '2026-12-18' },
    });
  });

  it('costs two commits', () => {
    const driver = Driver.online().signIn();
    driver.rows = [];
    driver.scan(item).reply({ kind: 'checkout', outcome: answered(lent) });
    expect(driver.rows).toHaveLength(2);
  });

  it('keeps the newest row on top and takes a second scan of the same item for the same', () => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: answered(lent) });
    driver.scan('300002').scan(item);
    expect(driver.items.map((row) => row.item)).toEqual(['300002', item]);
    expect(driver.view.notice).toMatchObject({ message: { key: 'notice.already' } });
  });

  it('asks one thing at a time, in the order of the scans', () => {
    const driver = borrowing().scan('300002').scan('300003');
    expect(driver.call).toMatchObject({ kind: 'checkout', item });
    driver.reply({ kind: 'checkout', outcome: answered(lent) });
    expect(driver.call).toMatchObject({ kind: 'checkout', item: '300002' });
  });
});

describe('a refused checkout', () => {
  it.each([
    ['onHoldShelf', 'item.onHoldForAnother'],
    ['charged', 'item.lentToAnother'],
    ['inTransit', 'item.inTransit'],
    ['inProcess', 'item.inProcess'],
    ['lost', 'item.lost'],
    ['missing', 'item.missing'],
    ['available', 'item.refused'],
  ] as const)('of an item that is %s says so', (status, rule) => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: answered(notLent) });
    expect(driver.items[0]?.state).toBe('pending');
    driver.reply({ kind: 'item', outcome: answered(about(status)) });
    expect(driver.items[0]).toMatchObject({
      state: 'refused',
      refusal: { rule, source: 'acs', acsText: [{ acs: 'No.' }] },
    });
    expect(driver.moves.at(-1)).toBe('refused');
  });

  it('of an item on its shelf that somebody waits for says so', () => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: answered(notLent) });
    driver.reply({ kind: 'item', outcome: answered({ ...about('available'), holdQueue: 1 }) });
    expect(driver.items[0]?.refusal?.rule).toBe('item.onHoldForAnother');
  });

  it('of an item that the ACS does not know says so', () => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: answered(notLent) });
    driver.reply({ kind: 'item', outcome: answered({ ...about('other'), known: false }) });
    expect(driver.items[0]?.refusal?.rule).toBe('item.unknown');
  });

  it('for a fee names the sum and does not ask further', () => {
    const fee = { amount: '1.50', currency: 'EUR' };
    const driver = borrowing().reply({ kind: 'checkout', outcome: answered({ ...notLent, fee }) });
    expect(driver.items[0]).toMatchObject({
      state: 'refused',
      refusal: { rule: 'item.feeRequired', cause: { params: { fee: { money: fee } } } },
    });
    expect(driver.call).toBeUndefined();
  });

  it('still says no when the item cannot be asked about', () => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: answered(notLent) });
    driver.reply({ kind: 'item', outcome: unknown });
    expect(driver.items[0]).toMatchObject({ state: 'refused', refusal: { rule: 'item.refused' } });
  });

  it('may be tried again: the new row takes the place of the old one', () => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: answered(notLent) });
    driver.reply({ kind: 'item', outcome: unknown }).scan(item);
    expect(driver.items).toHaveLength(1);
    expect(driver.items[0]?.state).toBe('pending');
  });
});

describe('a checkout of which nothing left the machine', () => {
  it('is withdrawn, and the patron hears why', () => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: notSent });
    expect(driver.moves).toEqual(['checkout intended', 'withdrawn']);
    expect(driver.items[0]).toMatchObject({
      state: 'refused',
      refusal: { rule: 'acs.away', source: 'station' },
    });
  });

  it('is for staff when its patron has gone meanwhile: the item may have left the house', () => {
    const driver = borrowing().act({ do: 'finish', receipt: false });
    driver.pass(bounds.finishWaitMs).timer('finishWait');
    expect(driver.screen).toMatchObject({ name: 'finished', unsettled: 1 });
    driver.reply({ kind: 'checkout', outcome: notSent });
    expect(driver.moves).toEqual(['checkout intended', 'uncertain', 'staff']);
    expect(driver.rows.at(-1)).toMatchObject({ rule: 'patronGone', source: 'station' });
  });

  it('does not begin while the ACS is away', () => {
    const driver = Driver.online().signIn().link('unreachable').scan(item);
    expect(driver.moves).toEqual([]);
    expect(driver.rows.at(-1)).toMatchObject({ row: 'refusal', rule: 'acs.away', source: 'station' });
  });
});

/** Answers the two questions about an uncertain loan: the item by 17, then the patron’s list by 63. */
function tell(
  driver: Driver,
  status: Parameters<typeof about>[0],
  list: ReturnType<typeof charged>,
  due?: string,
): Driver {
  driver.reply({ kind: 'item', outcome: answered(about(status, due)) });
  return driver.reply({ kind: 'account', outcome: answered(list) });
}

/** An ACS that says twice, with a pause, that it did not happen. */
function deny(driver: Driver): Driver {
  tell(driver, 'available', charged([])).pass(bounds.denialPauseMs).timer('work');
  return tell(driver, 'available', charged([]));
}

describe('a checkout without an answer', () => {
  const lost = (): Driver => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: unknown });
    return driver.pass(bounds.askAfterMs).timer('work');
  };

  it('is uncertain on the disk, and nothing is sent before it was asked about', () => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: unknown });
    expect(driver.moves.at(-1)).toBe('uncertain');
    expect(driver.call).toBeUndefined();
    expect(driver.items[0]).toMatchObject({ state: 'pending', message: { key: 'row.checkout.unsure' } });
    expect(driver.pass(bounds.askAfterMs).timer('work').call).toEqual({ kind: 'item', item });
    driver.reply({ kind: 'item', outcome: answered(about('charged')) });
    expect(driver.call).toEqual({ kind: 'account', card, list: 'charged' });
  });

  it('is accepted when the patron has the item', () => {
    const driver = tell(lost(), 'charged', charged([item]));
    expect(driver.moves).toEqual(['checkout intended', 'uncertain', 'accepted']);
    expect(driver.items[0]).toMatchObject({ state: 'done', due: { date: '2026-12-18' } });
  });

  it('is accepted when a slow ACS completes it between the two questions', () => {
    expect(tell(lost(), 'available', charged([item])).moves.at(-1)).toBe('accepted');
  });

  it('is sent again, as a counted attempt, when the ACS said twice that it did not happen', () => {
    const driver = tell(lost(), 'available', charged([]));
    expect(driver.moves.at(-1)).toBe('uncertain');
    expect(driver.call).toBeUndefined();
    tell(driver.pass(bounds.denialPauseMs).timer('work'), 'available', charged([]));
    expect(driver.moves.at(-1)).toBe('attempt');
    expect(driver.call).toMatchObject({ kind: 'checkout', item });
    driver.reply({ kind: 'checkout', outcome: answered(lent) });
    expect(driver.moves.at(-1)).toBe('accepted');
  });

  it('does not believe a refusal of the second try before asking once more', () => {
    const driver = deny(lost()).reply({ kind: 'checkout', outcome: answered(notLent) });
    expect(driver.call).toEqual({ kind: 'item', item });
    expect(tell(driver, 'charged', charged([item])).moves.at(-1)).toBe('accepted');
  });

  it('is refused when somebody else has the item', () => {
    const driver = tell(lost(), 'charged', charged([]));
    expect(driver.items[0]).toMatchObject({ state: 'refused', refusal: { rule: 'item.lentToAnother' } });
  });

  it.each([
    ['does not hold what it counts', charged([], 7)],
    ['is of a patron whom the ACS calls invalid', { ...charged([]), told: false }],
  ])('goes to staff when the list %s', (_what, list) => {
    const driver = tell(lost(), 'charged', list).pass(bounds.denialPauseMs).timer('work');
    expect(tell(driver, 'charged', list).moves.at(-1)).toBe('staff');
    expect(driver.items[0]).toMatchObject({ state: 'attention', message: { key: 'row.checkout.staff' } });
  });

  it('goes to staff when it cannot be cleared up while the patron waits', () => {
    const driver = lost().reply({ kind: 'item', outcome: unknown }).link('unreachable');
    driver.pass(bounds.settleInSessionMs).timer('work');
    expect(driver.moves.at(-1)).toBe('staff');
    expect(driver.items[0]?.state).toBe('attention');
  });

  it('goes to staff when it did not happen and the patron has gone', () => {
    const driver = lost();
    driver.act({ do: 'finish', receipt: false }).pass(bounds.finishWaitMs).timer('finishWait');
    expect(driver.screen).toMatchObject({ name: 'finished', unsettled: 1 });
    expect(deny(driver).rows.at(-1)).toMatchObject({ row: 'move', to: 'staff', rule: 'patronGone' });
  });

  it('goes to staff after questions without an end', () => {
    const driver = lost().act({ do: 'finish', receipt: false }).timer('finishWait');
    for (let asked = 0; asked < bounds.asksMax; asked++) {
      driver.reply({ kind: 'item', outcome: unknown }).pass(bounds.askPauseMs).timer('work');
    }
    expect(driver.rows.at(-1)).toMatchObject({ row: 'move', to: 'staff', rule: 'noAnswer' });
  });

  it('keeps asking for as long as there is no connection', () => {
    const driver = lost().act({ do: 'finish', receipt: false }).timer('finishWait');
    for (let asked = 0; asked < 2 * bounds.asksMax; asked++) {
      driver.reply({ kind: 'item', outcome: notSent }).pass(bounds.askPauseMs).timer('work');
    }
    expect(driver.moves.at(-1)).toBe('uncertain');
  });

  it('is never undone by a checkin', () => {
    const driver = lost();
    driver.act({ do: 'finish', receipt: false }).pass(60_000).timer('finishWait').timer('work');
    expect(driver.calls.map(({ call }) => call.kind)).not.toContain('checkin');
  });

  it('holds back a later transaction of the same patron until it is cleared up', () => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: unknown }).scan('300002');
    expect(driver.call).toBeUndefined();
    driver.pass(bounds.askAfterMs).timer('work');
    expect(driver.call).toEqual({ kind: 'item', item });
  });

  it('takes a later one that was never sent to staff, not to the ACS, when the patron goes', () => {
    const driver = borrowing().reply({ kind: 'checkout', outcome: unknown }).scan('300002');
    driver.act({ do: 'finish', receipt: false }).pass(bounds.finishWaitMs).timer('finishWait');
    expect(driver.rows.slice(-2)).toMatchObject([
      { row: 'move', to: 'uncertain', rule: 'patronGone' },
      { row: 'move', to: 'staff', rule: 'patronGone' },
    ]);
    tell(driver, 'charged', charged([item]));
    expect(driver.calls.filter(({ call }) => call.kind === 'checkout')).toHaveLength(1);
  });

  it('pauses longer and longer between questions without an answer', () => {
    const driver = lost().reply({ kind: 'item', outcome: unknown });
    const pauses = [0, 1, 2, 3].map(() => {
      const set = driver.effects.findLast((effect) => effect.do === 'setTimer' && effect.name === 'work');
      const pause = set?.do === 'setTimer' ? set.delayMs : 0;
      driver.pass(pause).timer('work');
      if (driver.call !== undefined) driver.reply({ kind: 'item', outcome: unknown });
      return pause;
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
  });
});

describe('after a restart', () => {
  const stored = {
    seq: 1,
    id: 'before' as never,
    kind: 'checkout',
    state: 'intended',
    item,
    patron: card,
    at: 0,
    attempts: 0,
    dueBefore: undefined,
    rule: undefined,
    source: undefined,
    due: undefined,
    words: [],
  } as const;

  it('an intended loan was possibly sent: it is asked about and accepted once', () => {
    const driver = Driver.online({ open: [stored] });
    expect(driver.rows[0]).toMatchObject({ row: 'move', to: 'uncertain', rule: 'restart' });
    expect(driver.call).toEqual({ kind: 'item', item });
    tell(driver, 'charged', charged([item]));
    expect(driver.moves).toEqual(['uncertain', 'accepted']);
    expect(driver.calls.map(({ call }) => call.kind)).not.toContain('checkout');
  });

  it('one that did not happen goes to staff: nobody knows where the book is', () => {
    const driver = deny(Driver.online({ open: [stored] }));
    expect(driver.moves).toEqual(['uncertain', 'staff']);
  });
});

describe('renewing', () => {
  const own = { ...customer, chargedItems: [item] };

  it('an item in hand asks for its due date first, then renews it by 29', () => {
    const driver = Driver.online().signIn('borrow', own).scan(item);
    expect(driver.call).toEqual({ kind: 'item', item });
    driver.reply({ kind: 'item', outcome: answered(about('charged', '20261201    235900')) });
    expect(driver.rows.at(-1)).toMatchObject({
      row: 'begin',
      kind: 'renew',
      dueBefore: '20261201    235900',
    });
    driver.reply({ kind: 'renew', outcome: answered(lent) });
    expect(driver.items[0]).toMatchObject({ state: 'done', message: { key: 'row.renew.done' } });
  });

  const lost = (): Driver => {
    const driver = Driver.online().signIn('borrow', own).scan(item);
    driver.reply({ kind: 'item', outcome: answered(about('charged', 'before')) });
    return driver.reply({ kind: 'renew', outcome: unknown }).pass(bounds.askAfterMs).timer('work');
  };

  it('without an answer is accepted when the due date moved', () => {
    expect(tell(lost(), 'charged', charged([item]), 'after').moves.at(-1)).toBe('accepted');
  });

  it('without an answer goes to staff when the due date did not move: a second try might count twice', () => {
    const driver = tell(lost(), 'charged', charged([item]), 'before')
      .pass(bounds.denialPauseMs)
      .timer('work');
    expect(driver.moves.at(-1)).toBe('uncertain');
    tell(driver, 'charged', charged([item]), 'before');
    expect(driver.moves).toEqual(['renew intended', 'uncertain', 'staff']);
  });

  it('without an answer is refused when the patron does not have the item any more', () => {
    expect(tell(lost(), 'available', charged([])).items[0]).toMatchObject({
      refusal: { rule: 'renew.refused' },
    });
  });
});
