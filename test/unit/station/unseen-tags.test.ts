import { describe, expect, test } from 'vitest';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import { bounds } from '../../../src/station/settings.ts';
import { about, answered, customer, Driver, lent, notLent, taken, unknown, charged } from './driver.ts';
import { rfid, setOf, Table, type Tag } from './tags.ts';

/** What is lent or taken back by its barcode alone, at a station with a reader. */
const book: Tag = { uid: 'E001', item: '300001' };
const other: Tag = { uid: 'E002', item: '300002' };

type Options = ConstructorParameters<typeof Table>[0];

/** Lent by its barcode. */
function scannedLoan(options: Options = {}, ...items: readonly string[]): Table {
  const table = new Table(options);
  table.driver.signIn('borrow');
  for (const item of items.length === 0 ? ['300001'] : items) {
    table.driver.scan(item).reply({ kind: 'checkout', outcome: answered(lent) });
  }
  return table;
}

function scannedReturn(options: Options = {}): Table {
  const table = new Table(options);
  table.driver.act({ do: 'chooseService', service: 'return' }).scan('300001');
  table.driver.reply({ kind: 'checkin', outcome: answered(taken) });
  return table;
}

const finish = { do: 'finish', receipt: false } as const;

describe('an item that is lent by its barcode', () => {
  test('asks to be laid on the reader, and its open lock is on the disk with the intention', () => {
    const table = new Table();
    table.driver.signIn('borrow').scan('300001');
    expect(table.tagRows).toEqual(['unlock ']);
    expect(table.row('300001')).toEqual({ state: 'pending', key: 'row.checkout.pending' });
    table.driver.reply({ kind: 'checkout', outcome: answered(lent) });
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.unseen' });
    expect(table.command).toBeUndefined();
    expect(table.driver.view.putBack).toBeUndefined();
    expect(table.driver.screen).toMatchObject({ counts: { pending: 0, done: 1 } });
  });

  test('is freed when its tag lies there, and not before all of its tags do', () => {
    const [a, b] = setOf('300001', 'A', 'B');
    if (a === undefined || b === undefined) throw new Error('two parts');
    const table = scannedLoan().lay(a);
    expect(table.command).toBeUndefined();
    expect(table.driver.items[0]?.message).toEqual({ key: 'row.tag.lentParts', params: { here: 1, of: 2 } });
    table.lay(b).obey();
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.tag.free' });
    expect([...table.secured.values()]).toEqual([false, false]);
    expect(table.tagRows).toEqual(['unlock ', 'done readBack']);
    expect(table.driver.calls.filter(({ call }) => call.kind === 'checkout')).toHaveLength(1);
  });

  test('whose main part is missing on the reader says so', () => {
    const part: Tag = { uid: 'B', item: '300001', part: { number: 2 } };
    expect(scannedLoan().lay(part).row('300001')?.key).toBe('row.tag.lentMainPartMissing');
  });

  test('lies there already: it is freed as any other', () => {
    const table = new Table();
    table.sightings = [];
    table.driver.signIn('borrow');
    table.lay({ ...book, usage: 'notForLoan' });
    table.driver.scan('300001').reply({ kind: 'checkout', outcome: answered(lent) });
    expect(table.command).toEqual({ uid: 'E001', secured: false });
  });

  test('that is refused asks for nothing', () => {
    const table = new Table();
    table.driver
      .signIn('borrow')
      .scan('300001')
      .reply({ kind: 'checkout', outcome: answered(notLent) });
    table.driver.reply({ kind: 'item', outcome: answered(about('onHoldShelf')) });
    expect(table.row('300001')?.state).toBe('refused');
    expect(table.tagRows).toEqual(['unlock ', 'void transaction.refused']);
    table.driver.act(finish);
    expect(table.driver.screen.name).toBe('finished');
  });

  test('whose alarm the library system leaves on asks for nothing', () => {
    const table = new Table();
    table.driver.signIn('borrow').scan('300001');
    table.driver.reply({ kind: 'checkout', outcome: answered({ ...lent, desensitize: false }) });
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.tag.staysOn' });
    expect(table.tagRows).toEqual(['unlock ', 'void acs.leave']);
  });

  test('whose answer was lost asks when the loan was found', () => {
    const table = new Table();
    table.driver.signIn('borrow').scan('300001').reply({ kind: 'checkout', outcome: unknown });
    table.driver.pass(bounds.askAfterMs).timer('work');
    table.driver.reply({ kind: 'item', outcome: answered(about('charged')) });
    expect(table.row('300001')?.key).toBe('row.checkout.unsure');
    table.driver.reply({ kind: 'account', outcome: answered(charged(['300001'])) });
    expect(table.row('300001')?.key).toBe('row.tag.unseen');
  });

  test('and has no tag, as the library says, is done at once', () => {
    const table = scannedLoan({ settings: { rfid: { ...rfid, withoutTag: [/^30000[1-4]$/u] } } });
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.checkout.done' });
    expect(table.tagRows).toEqual([]);
    // The library was wrong: the tag is there.
    table.lay(book).obey();
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.tag.free' });
  });

  test('at a reader that does not work is for the staff at the door, and for the reader when it is back', () => {
    const table = new Table();
    table.driver.happen({ type: 'rfidReader', ready: false });
    table.driver
      .signIn('borrow')
      .scan('300001')
      .reply({ kind: 'checkout', outcome: answered(lent) });
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.outOfReach' });
    table.driver.happen({ type: 'rfidReader', ready: true });
    expect(table.row('300001')?.key).toBe('row.tag.unseen');
    table.driver.happen({ type: 'rfidReader', ready: false });
    // There is nothing to ask for.
    table.driver.act(finish);
    expect(table.driver.screen).toMatchObject({ name: 'finished', lent: 1, unsettled: 1 });
    expect(table.tagRows.at(-1)).toBe('staff tag.notSeen');
  });

  test('at a station without security marks is done at once', () => {
    const table = scannedLoan({ settings: { rfid: { ...rfid, security: false } } });
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.checkout.done' });
    expect(table.tagRows).toEqual([]);
  });
});

describe('the end of a session with tags that nobody saw', () => {
  test('asks for them once, over the whole screen and with more time', () => {
    const table = scannedLoan({}, '300001', '300002').lay(other).obey();
    table.driver.act(finish);
    expect(table.driver.screen.name).toBe('borrow');
    expect(table.driver.view.putBack).toEqual([
      { item: '300001', title: 'Sinuhe', lent: true, why: 'notSeen' },
    ]);
    const idle = table.driver.effects.findLast(
      (effect) => effect.do === 'setTimer' && effect.name === 'idle',
    );
    expect(idle).toMatchObject({ delayMs: 45_000 * bounds.putBackStretch });
  });

  test('goes on by itself when they lie there, and waits until they are free', () => {
    const table = scannedLoan();
    table.driver.act(finish);
    table.lay(book);
    expect(table.driver.view.putBack).toBeUndefined();
    expect(table.driver.screen.name).toBe('borrow');
    table.obey();
    expect(table.driver.screen).toMatchObject({ name: 'finished', lent: 1, unsettled: 0 });
    expect(table.tagRows).toEqual(['unlock ', 'done readBack']);
  });

  test('believes the patron that there is no tag', () => {
    const table = scannedLoan();
    table.driver.act(finish).act({ do: 'noTag' });
    expect(table.driver.screen).toMatchObject({ name: 'finished', lent: 1, unsettled: 0 });
    expect(table.tagRows).toEqual(['unlock ', 'void patron.noTag']);
  });

  test('is no dead end: who cannot lay them there leaves them to staff', () => {
    const table = scannedLoan();
    table.driver.act({ do: 'finish', receipt: true, titles: true }).act({ do: 'dismiss' });
    expect(table.driver.screen).toMatchObject({
      name: 'finished',
      lent: 1,
      unsettled: 1,
      receipt: { receipt: { rows: [{ happened: true, message: { key: 'row.tag.notFree' } }] } },
    });
    expect(table.tagRows).toEqual(['unlock ', 'staff tag.notSeen']);
  });

  test.each([
    ['dismiss', 1],
    ['noTag', 0],
  ] as const)(
    'holds on a full disk too (%s): what is to be written is written later',
    (answer, unsettled) => {
      const table = scannedLoan();
      table.driver.act(finish);
      const { epoch } = table.driver.state;
      table.driver.losing({ type: 'act', act: { do: answer }, epoch });
      expect(table.driver.screen).toMatchObject({ name: 'finished', lent: 1, unsettled });
      expect(table.tagRows).toEqual(['unlock ']);
      table.driver.happen({ type: 'diskProbed', disk: 'fine' });
      expect(table.tagRows.at(-1)).toBe(answer === 'noTag' ? 'void patron.noTag' : 'staff tag.notSeen');
    },
  );

  test('does not ask twice: pressed again, "finish" ends it', () => {
    const table = scannedLoan();
    table.driver.act(finish).act(finish);
    expect(table.driver.screen).toMatchObject({ name: 'finished', unsettled: 1 });
    expect(table.tagRows.at(-1)).toBe('staff tag.notSeen');
  });

  test('is forgotten when the patron goes on', () => {
    const table = scannedLoan();
    table.driver.act(finish).scan('300002');
    expect(table.driver.view.putBack).toBeUndefined();
    table.driver.reply({ kind: 'checkout', outcome: answered(lent) });
    table.driver.act(finish);
    expect(table.driver.view.putBack?.map(({ item }) => item)).toEqual(['300001', '300002']);
  });

  test('asks also for what was still under way when "finish" was pressed', () => {
    const table = new Table();
    table.driver.signIn('borrow').scan('300001').act(finish);
    expect(table.driver.view.putBack).toBeUndefined();
    table.driver.reply({ kind: 'checkout', outcome: answered(lent) });
    expect(table.driver.screen.name).toBe('borrow');
    expect(table.driver.view.putBack).toHaveLength(1);
    table.driver.timer('finishWait');
    expect(table.driver.screen.name).toBe('borrow');
    table.driver.act({ do: 'dismiss' });
    expect(table.driver.screen).toMatchObject({ name: 'finished', unsettled: 1 });
  });

  test('who walks away leaves them to staff, and the next one hears nothing of it', () => {
    const table = scannedLoan();
    table.driver.timer('idle');
    for (let second = 0; second < 20; second++) table.driver.timer('countdown');
    expect(table.driver.screen.name).toBe('finished');
    expect(table.tagRows.at(-1)).toBe('staff tag.notSeen');
    table.driver.timer('finished');
    table.driver.signIn('borrow');
    table.driver.act(finish);
    expect(table.driver.screen).toMatchObject({ name: 'finished', unsettled: 0 });
  });

  test('"it has no tag" means nothing before it was asked', () => {
    const table = scannedLoan();
    table.driver.act({ do: 'noTag' });
    expect(table.row('300001')?.key).toBe('row.tag.unseen');
    expect(table.tagRows).toEqual(['unlock ']);
  });

  test('its borrower lays it down the next time: it is freed, and off the staff list', () => {
    const table = scannedLoan();
    table.driver.act(finish).act({ do: 'dismiss' }).timer('finished');
    table.driver.signIn('borrow', { ...customer, chargedItems: ['300001'] });
    table.lay(book);
    expect(table.command).toEqual({ uid: 'E001', secured: false });
    table.answer({ kind: 'done' });
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.tag.freeNoDue' });
    expect(table.tagRows.at(-1)).toBe('done readBack');
  });

  test('a power cut leaves it to staff', () => {
    const id = 't9' as TransactionId;
    const stored = { id, item: '300001', uids: [], at: Date.UTC(2026, 10, 20, 7), rule: undefined };
    const table = new Table({ tagWork: [{ ...stored, aim: 'unlock', state: 'open' }] });
    expect(table.tagRows).toEqual(['staff restart']);
  });
});

describe('an item that is taken back by its barcode', () => {
  test('asks to be laid on the reader, and is secured there', () => {
    const table = scannedReturn();
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.unseenReturned' });
    table.lay(book);
    expect(table.command).toEqual({ uid: 'E001', secured: true });
    table.answer({ kind: 'done' });
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.checkin.done' });
    expect(table.driver.calls.filter(({ call }) => call.kind === 'checkin')).toHaveLength(1);
  });

  test('is on the staff list when it was not, and counts as returned', () => {
    const table = scannedReturn();
    table.driver.act({ do: 'finish', receipt: true, titles: true });
    expect(table.driver.view.putBack).toEqual([
      { item: '300001', title: 'Sinuhe', lent: false, why: 'notSeen' },
    ]);
    table.driver.act({ do: 'dismiss' });
    expect(table.driver.screen).toMatchObject({
      name: 'finished',
      returned: 1,
      unsettled: 1,
      receipt: { receipt: { rows: [{ happened: true, message: { key: 'row.tag.notOn' } }] } },
    });
    expect(table.tagRows).toEqual(['lock ', 'staff tag.notSeen']);
  });

  test('needs nothing where it was never freed, and takes that loan off the staff list', () => {
    const table = scannedLoan();
    table.driver.act(finish).act({ do: 'dismiss' }).timer('finished');
    table.driver.act({ do: 'chooseService', service: 'return' }).scan('300001');
    table.driver.reply({ kind: 'checkin', outcome: answered(taken) });
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.checkin.done' });
    expect(table.tagRows).toEqual(['unlock ', 'staff tag.notSeen', 'done cameBack']);
  });

  test('in an outage asks all the same, and stays taken', () => {
    const table = new Table();
    table.driver.link('unreachable').act({ do: 'chooseService', service: 'return' }).scan('300001');
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.unseenReturned' });
    table.lay(book).obey();
    expect(table.row('300001')).toEqual({ state: 'offline', key: 'row.checkin.offline' });
  });

  test('at a reader that does not work goes to the staff’s shelf', () => {
    const table = new Table();
    table.driver.happen({ type: 'rfidReader', ready: false });
    table.driver.act({ do: 'chooseService', service: 'return' }).scan('300001');
    table.driver.reply({ kind: 'checkin', outcome: answered(taken) });
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.outOfReachReturned' });
  });
});

test('a station without a reader asks for no tag', () => {
  const driver = Driver.online().signIn();
  driver.scan('300001').reply({ kind: 'checkout', outcome: answered(lent) });
  expect(driver.items[0]).toMatchObject({ state: 'done', message: { key: 'row.checkout.done' } });
  driver.act(finish);
  expect(driver.screen.name).toBe('finished');
});

test('of tag work with staff no more is remembered than the bound', () => {
  const table = new Table();
  const stored = Array.from({ length: bounds.stuckTagsMax }, (_unused, index) => ({
    id: `s${index}` as TransactionId,
    item: String(300_100 + index),
    uids: [],
    at: 0,
    rule: 'tag.notSeen',
    aim: 'unlock' as const,
    state: 'staff' as const,
  }));
  const full = new Table({ tagWork: stored });
  expect(full.driver.state.tags.works).toHaveLength(bounds.stuckTagsMax);
  full.driver
    .signIn('borrow')
    .scan('300001')
    .reply({ kind: 'checkout', outcome: answered(lent) });
  full.driver.act(finish).act({ do: 'dismiss' });
  const { works } = full.driver.state.tags;
  expect(works).toHaveLength(bounds.stuckTagsMax);
  expect(works.at(-1)?.item).toBe('300001');
  expect(works[0]?.item).toBe('300101');
  expect(table.driver.state.tags.works).toEqual([]);
});
