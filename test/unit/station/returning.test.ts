import { describe, expect, it } from 'vitest';
import { bounds } from '../../../src/station/settings.ts';
import { about, answered, Driver, item, notSent, notTaken, taken, unknown } from './driver.ts';

const returning = (driver = Driver.online()): Driver =>
  driver.act({ do: 'chooseService', service: 'return' }).scan(item);

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
    driver.link('online');
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
    driver.reply({ kind: 'item', outcome: answered(about('charged')) });
    expect(driver.moves.at(-1)).toBe('attempt');
    expect(driver.call).toMatchObject({ kind: 'checkin', item });
  });

  it('goes to staff when it is asked for in vain too often', () => {
    const driver = returning().reply({ kind: 'checkin', outcome: unknown });
    for (let attempt = 0; attempt <= bounds.attemptsMax; attempt++) {
      driver
        .pass(60_000)
        .timer('work')
        .reply({ kind: 'item', outcome: answered(about('charged')) });
      if (attempt < bounds.attemptsMax) driver.reply({ kind: 'checkin', outcome: unknown });
    }
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
    const driver = returning(new Driver().link('unreachable')).link('online');
    driver.reply({ kind: 'checkin', outcome: answered(notTaken) });
    driver.reply({ kind: 'item', outcome: answered({ ...about('other'), known: false }) });
    expect(driver.moves.at(-1)).toBe('staff');
  });

  it('stays ahead of a later loan of the same item', () => {
    const driver = returning(new Driver().link('unreachable')).act({ do: 'finish', receipt: false });
    driver.link('online');
    expect(driver.call).toMatchObject({ kind: 'checkin', item });
    driver.reply({ kind: 'checkin', outcome: unknown }).signIn('borrow').scan(item);
    expect(driver.calls.map(({ call }) => call.kind)).not.toContain('checkout');
    driver.pass(bounds.askAfterMs).timer('work');
    driver.reply({ kind: 'item', outcome: answered(about('available')) });
    expect(driver.call).toMatchObject({ kind: 'checkout', item });
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
