import { describe, expect, it } from 'vitest';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import type { StoredTransaction } from '../../../src/journal/rows.ts';
import { bounds } from '../../../src/station/settings.ts';
import { answered, Driver, item, notSent, taken } from './driver.ts';

/** A return of an outage, as the journal has it at a start. */
function waiting(number: number): StoredTransaction {
  return {
    seq: number,
    id: `w${number}` as TransactionId,
    kind: 'checkin',
    state: 'waiting',
    item: `31${String(number).padStart(4, '0')}`,
    patron: undefined,
    at: number,
    attempts: 0,
    dueBefore: undefined,
    rule: undefined,
    source: undefined,
    due: undefined,
    words: [],
  };
}

const backlog = (count: number): Driver =>
  new Driver({ open: Array.from({ length: count }, (_, index) => waiting(index + 1)) });

const sent = (driver: Driver): readonly string[] =>
  driver.calls.flatMap(({ call }) => (call.kind === 'checkin' ? [call.item] : []));

describe('loans that stand behind one whose connection went', () => {
  const rules = {
    pin: 'not-asked',
    perPatronMax: 9,
    perOutageMax: 9,
    due: { loanDays: 28, closedWeekdays: [], closedDates: [] },
    checkDigit: undefined,
    adultCards: [],
    lendableItems: [],
    neverItems: [],
    ageRatedItems: [],
    lists: [],
  } as const;

  it('wait in the order in which they were scanned', () => {
    const driver = Driver.online({ settings: { offline: rules } }).signIn();
    driver.scan('300001').scan('300002').scan('300003');
    driver.link('unreachable').reply({ kind: 'checkout', outcome: notSent });
    for (let turn = 0; turn < 3; turn++) driver.pass(1).timer('work');
    const waiting = [...driver.state.open.values()];
    expect(waiting.map(({ item, state }) => [item, state])).toEqual([
      ['300001', 'waiting'],
      ['300002', 'waiting'],
      ['300003', 'waiting'],
    ]);
  });
});

describe('what waits from an outage', () => {
  it('is not sent before the library system has stayed for a while', () => {
    const driver = backlog(1).link('online');
    expect(driver.call).toBeUndefined();
    driver
      .pass(bounds.steadyMs - 1)
      .link('unreachable')
      .link('online');
    driver.pass(bounds.steadyMs - 1).timer('work');
    expect(driver.call).toBeUndefined();
    driver.pass(1).timer('work');
    expect(driver.call).toMatchObject({ kind: 'checkin', item: '310001', offline: true });
  });

  it('goes on after a connection that was only made anew', () => {
    const driver = backlog(2).backForGood();
    driver.reply({ kind: 'checkin', outcome: answered(taken) });
    driver.link('connecting').link('online');
    driver.reply({ kind: 'checkin', outcome: answered(taken) });
    expect(sent(driver)).toEqual(['310001', '310002']);
  });

  it('goes one after the other without a pause while nobody is here', () => {
    const driver = backlog(3).backForGood();
    for (let row = 0; row < 3; row++) driver.pass(20).reply({ kind: 'checkin', outcome: answered(taken) });
    expect(sent(driver)).toEqual(['310001', '310002', '310003']);
    expect(driver.state.open.size).toBe(0);
  });

  it('writes the end of one and the sending of the next in one commit', () => {
    const driver = backlog(2).backForGood();
    const { rows } = driver.last({
      type: 'replied',
      call: driver.state.underWay?.number ?? 0,
      reply: { kind: 'checkin', outcome: answered(taken) },
    });
    expect(rows).toMatchObject([
      { row: 'move', id: 'w1', to: 'accepted' },
      { row: 'attempt', id: 'w2' },
    ]);
  });

  it('leaves most of the time to the patron who is here', () => {
    const driver = backlog(3).backForGood().act({ do: 'chooseService', service: 'return' });
    driver.pass(100).reply({ kind: 'checkin', outcome: answered(taken) });
    expect(driver.call).toBeUndefined();
    driver.scan(item);
    expect(driver.call).toMatchObject({ kind: 'checkin', item, offline: false });
    driver.pass(50).reply({ kind: 'checkin', outcome: answered(taken) });
    expect(driver.call).toBeUndefined();
    driver.pass(100 * (1 / bounds.syncShareInUse - 1) - 50).timer('work');
    expect(driver.call).toMatchObject({ kind: 'checkin', item: '310002' });
  });

  it('comes first where the patron who is here stands behind it', () => {
    const driver = backlog(3).link('online').signIn().scan('310002');
    expect(driver.call).toMatchObject({ kind: 'checkin', item: '310002', offline: true });
    driver.reply({ kind: 'checkin', outcome: answered(taken) });
    expect(driver.call).toMatchObject({ kind: 'checkout', item: '310002' });
  });
});
