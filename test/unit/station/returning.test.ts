import { describe, expect, it } from 'vitest';
import { bounds } from '../../../src/station/settings.ts';
import {
  about,
  answered,
  Driver,
  item,
  lent,
  notSent,
  notTaken,
  settings,
  taken,
  unknown,
} from './driver.ts';

const returning = (driver = Driver.online()): Driver =>
  driver.act({ do: 'chooseService', service: 'return' }).scan(item);

/** An ACS that says twice, with a pause, that the item is still on loan. */
function denyReturn(driver: Driver): Driver {
  driver.reply({ kind: 'item', outcome: answered(about('charged')) });
  driver.pass(bounds.denialPauseMs).timer('work');
  return driver.reply({ kind: 'item', outcome: answered(about('charged')) });
}

describe('a return', () => {
  it('needs no log-in, and shows the row at once', () => {
    const driver = returning();
    expect(driver.screen).toMatchObject({ name: 'return', signedIn: false });
    expect(driver.items[0]).toMatchObject({ item, state: 'pending' });
    driver.reply({ kind: 'checkin', outcome: answered(taken) });
    expect(driver.items[0]).toMatchObject({ state: 'done', message: { key: 'row.checkin.done' } });
    expect(driver.moves).toEqual(['checkin intended', 'accepted']);
  });

  it('that staff should see says where to put it', () => {
    const driver = returning().reply({ kind: 'checkin', outcome: answered({ ...taken, alert: true }) });
    expect(driver.items[0]?.message.key).toBe('row.checkin.alert');
  });

  it('with a sort bin names the box', () => {
    const driver = returning().reply({ kind: 'checkin', outcome: answered({ ...taken, sortBin: '2' }) });
    expect(driver.items[0]?.message).toEqual({ key: 'row.checkin.bin', params: { bin: '2' } });
  });

  it('is taken while the ACS is away, waits on the disk, and is sent later', () => {
    const driver = returning(new Driver().link('unreachable'));
    expect(driver.items[0]).toMatchObject({ state: 'offline', message: { key: 'row.checkin.offline' } });
    expect(driver.moves).toEqual(['checkin waiting']);
    driver.backForGood();
    expect(driver.moves).toEqual(['checkin waiting', 'attempt']);
    driver.reply({ kind: 'checkin', outcome: answered(taken) });
    expect(driver.moves.at(-1)).toBe('accepted');
  });

  it('of which nothing left the machine waits under an id of its own', () => {
    const driver = returning().reply({ kind: 'checkin', outcome: notSent });
    expect(driver.rows.slice(-2)).toMatchObject([
      { row: 'move', to: 'withdrawn' },
      { row: 'begin', kind: 'checkin', state: 'waiting', replaces: expect.any(String) },
    ]);
    expect(driver.items[0]?.state).toBe('offline');
  });

  it('of which nothing left the machine is for staff where returns cannot wait and its patron has gone', () => {
    const services = { ...settings.services, returnOffline: false };
    const driver = returning(Driver.online({ settings: { services } })).act({ do: 'finish', receipt: false });
    driver.pass(bounds.finishWaitMs).timer('finishWait').reply({ kind: 'checkin', outcome: notSent });
    expect(driver.moves.at(-1)).toBe('staff');
    expect(driver.rows.at(-1)).toMatchObject({ rule: 'acs.away' });
  });

  it('without an answer is told as taken, asked about, and accepted when it is not on loan', () => {
    const driver = returning().reply({ kind: 'checkin', outcome: unknown });
    expect(driver.items[0]).toMatchObject({ state: 'offline', message: { key: 'row.checkin.unsure' } });
    driver.pass(bounds.askAfterMs).timer('work');
    expect(driver.call).toEqual({ kind: 'item', item });
    driver.reply({ kind: 'item', outcome: answered(about('available')) });
    expect(driver.moves.at(-1)).toBe('accepted');
  });

  it('without an answer is sent again when the item is still on loan', () => {
    const driver = returning()
      .reply({ kind: 'checkin', outcome: unknown })
      .pass(bounds.askAfterMs)
      .timer('work');
    denyReturn(driver);
    expect(driver.moves.at(-1)).toBe('attempt');
    expect(driver.call).toMatchObject({ kind: 'checkin', item });
  });

  it('goes to staff when it is asked for in vain too often', () => {
    const driver = returning().reply({ kind: 'checkin', outcome: unknown });
    driver.pass(bounds.askAfterMs).timer('work');
    for (let attempt = 0; attempt < bounds.attemptsMax; attempt++) {
      denyReturn(driver).reply({ kind: 'checkin', outcome: unknown });
      driver.pass(bounds.askAfterMs).timer('work');
    }
    denyReturn(driver);
    expect(driver.rows.at(-1)).toMatchObject({ to: 'staff', rule: 'attemptsUsedUp' });
  });

  it('that the ACS says no to is asked about: an item that nobody has is taken, for staff to see', () => {
    const driver = returning().reply({ kind: 'checkin', outcome: answered(notTaken) });
    driver.reply({ kind: 'item', outcome: answered(about('available')) });
    expect(driver.items[0]).toMatchObject({ state: 'done', message: { key: 'row.checkin.alert' } });
  });

  it('of an unknown item is refused by the ACS', () => {
    const driver = returning().reply({ kind: 'checkin', outcome: answered(notTaken) });
    driver.reply({ kind: 'item', outcome: answered({ ...about('other'), known: false }) });
    expect(driver.items[0]).toMatchObject({
      state: 'refused',
      refusal: { rule: 'item.unknown', source: 'acs' },
    });
  });

  it('that waited and is refused goes to staff: the patron was told', () => {
    const driver = returning(new Driver().link('unreachable')).backForGood();
    driver.reply({ kind: 'checkin', outcome: answered(notTaken) });
    driver.reply({ kind: 'item', outcome: answered({ ...about('other'), known: false }) });
    expect(driver.moves.at(-1)).toBe('staff');
  });

  it('that is refused after its patron was told "taken" and left goes to staff', () => {
    const driver = returning().reply({ kind: 'checkin', outcome: unknown });
    driver.act({ do: 'finish', receipt: false }).timer('finishWait').timer('finished');
    driver.pass(bounds.askAfterMs).timer('work');
    denyReturn(driver).reply({ kind: 'checkin', outcome: answered(notTaken) });
    driver.reply({ kind: 'item', outcome: answered(about('charged')) });
    expect(driver.moves).toEqual(['checkin intended', 'uncertain', 'attempt', 'staff']);
  });

  it('of an outage is sent as one that has happened', () => {
    const driver = returning(new Driver().link('unreachable')).backForGood();
    expect(driver.call).toMatchObject({ kind: 'checkin', offline: true });
    expect(returning().call).toMatchObject({ kind: 'checkin', offline: false });
  });

  it('that flaps with the connection is not counted as tried', () => {
    const driver = returning(new Driver().link('unreachable')).backForGood();
    for (let flap = 0; flap < 10; flap++) {
      driver.reply({ kind: 'checkin', outcome: notSent }).pass(bounds.askAfterMs).timer('work');
    }
    driver.reply({ kind: 'checkin', outcome: answered(taken) });
    expect(driver.moves.at(-1)).toBe('accepted');
  });

  it('is taken again of what was returned and borrowed before in the same visit', () => {
    const driver = Driver.online().signIn();
    const visit = [
      ['return', 'checkin', taken],
      ['borrow', 'checkout', lent],
      ['return', 'checkin', taken],
      ['borrow', 'checkout', lent],
    ] as const;
    for (const [service, kind, value] of visit) {
      driver.act({ do: 'chooseService', service }).scan(item);
      expect(driver.call?.kind).toBe(kind);
      if (kind === 'checkin') driver.reply({ kind, outcome: answered(value) });
      else driver.reply({ kind, outcome: answered(value) });
    }
    expect(driver.moves.filter((move) => move === 'accepted')).toHaveLength(4);
    driver.scan(item);
    expect(driver.view.notice).toMatchObject({ message: { key: 'notice.already' } });
  });

  it('stays ahead of a later loan of the same item', () => {
    const driver = returning(new Driver().link('unreachable')).act({ do: 'finish', receipt: false });
    driver.backForGood();
    expect(driver.call).toMatchObject({ kind: 'checkin', item });
    driver.reply({ kind: 'checkin', outcome: unknown }).signIn('borrow').scan(item);
    expect(driver.calls.map(({ call }) => call.kind)).not.toContain('checkout');
    driver.pass(bounds.askAfterMs).timer('work');
    driver.reply({ kind: 'item', outcome: answered(about('available')) });
    expect(driver.call).toMatchObject({ kind: 'checkout', item });
  });

  it('on a full disk promises no return where none is taken', () => {
    const services = { ...settings.services, return: false };
    const driver = Driver.online({ settings: { services } });
    driver.happen({ type: 'diskProbed', disk: 'full' });
    expect(driver.view.status).toEqual({ mode: 'degraded', message: { key: 'status.noLending' } });
  });

  it('on a full disk: lending rests with its reason', () => {
    const driver = Driver.online().signIn();
    const lost = { type: 'scan', text: item } as const;
    driver.happen({ type: 'commitFailed', failure: { kind: 'full' }, lost });
    expect(driver.items[0]).toMatchObject({
      state: 'refused',
      refusal: { rule: 'space.full', source: 'station' },
    });
    expect(driver.view.status).toMatchObject({ mode: 'degraded', message: { key: 'status.noSpace' } });
    driver.act({ do: 'finish', receipt: false }).timer('finished');
    expect(driver.screen).toMatchObject({
      name: 'home',
      services: [
        { service: 'borrow', available: false },
        { service: 'return', available: true },
        { service: 'account', available: true },
      ],
    });
  });
});

describe('a disk that cannot be written', () => {
  const failing = (kind: 'full' | 'broken', driver = Driver.online().signIn()): Driver => {
    const failure = kind === 'full' ? ({ kind } as const) : ({ kind, reason: 'EIO' } as const);
    return driver.happen({ type: 'commitFailed', failure, lost: { type: 'scan', text: item } });
  };

  it('is asked, not guessed, whether it can be written again', () => {
    const driver = failing('full');
    expect(driver.last({ type: 'timer', name: 'spaceProbe', epoch: 0 }).effects).toContainEqual({
      do: 'probeDisk',
    });
    driver.happen({ type: 'diskProbed', disk: 'full' });
    expect(driver.view.status.mode).toBe('degraded');
    expect(driver.effects.at(-1)).toMatchObject({ do: 'setTimer', name: 'spaceProbe' });
    driver.happen({ type: 'diskProbed', disk: 'fine' });
    expect(driver.view.status.mode).toBe('online');
  });

  it('stays out of service while the probe cannot be answered either', () => {
    const driver = failing('broken');
    const lost = { type: 'diskProbed', disk: 'fine' } as const;
    driver.happen({ type: 'commitFailed', failure: { kind: 'broken', reason: 'EIO' }, lost });
    expect(driver.screen.name).toBe('outOfService');
  });

  it('promises nothing beside the words that it is out of service, whether or not the library system is there', () => {
    expect(failing('broken').view.status).toEqual({ mode: 'degraded' });
    expect(failing('broken', new Driver().link('unreachable')).view.status).toEqual({ mode: 'degraded' });
  });

  it('begins no further try of a waiting return', () => {
    const driver = failing('full', returning(new Driver().link('unreachable')));
    driver.backForGood();
    expect(driver.call).toBeUndefined();
    driver.happen({ type: 'diskProbed', disk: 'fine' });
    expect(driver.call).toMatchObject({ kind: 'checkin' });
  });

  it('does not put an identity number on the screen', () => {
    const driver = Driver.online().signIn();
    const lost = { type: 'scan', text: '131052-308T' } as const;
    driver.happen({ type: 'commitFailed', failure: { kind: 'full' }, lost });
    expect(driver.items).toEqual([]);
    expect(JSON.stringify(driver.view)).not.toContain('131052');
  });

  it('drops a PIN key that was lost with it', () => {
    const driver = Driver.online().act({ do: 'chooseService', service: 'borrow' }).scan('200001');
    const { epoch } = driver.state;
    const lost = { type: 'act', act: { do: 'pinKey', slot: 9, digit: true }, epoch } as const;
    driver.happen({ type: 'commitFailed', failure: { kind: 'full' }, lost });
    expect(driver.effects).toContainEqual({ do: 'pinDrop', slot: 9 });
  });
});
