import { describe, expect, test } from 'vitest';
import type { TagOutcome } from '../../../src/devices/rfid-reader/rfid-reader.ts';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import type { CheckinAnswer, LoanAnswer, Outcome } from '../../../src/ils/ils.ts';
import { bounds } from '../../../src/station/settings.ts';
import {
  answered,
  about,
  card,
  charged,
  customer,
  lent,
  notLent,
  notSent,
  settings,
  taken,
  unknown,
} from './driver.ts';
import { setOf, Table, type Tag } from './tags.ts';

const book: Tag = { uid: 'E001', item: '300001' };
const locked: TagOutcome = { kind: 'failed', why: { kind: 'locked' } };
const gone: TagOutcome = { kind: 'gone' };
const done: TagOutcome = { kind: 'done' };

function borrowing(options: ConstructorParameters<typeof Table>[0] = {}): Table {
  const table = new Table(options);
  table.driver.signIn('borrow');
  return table;
}

function returning(options: ConstructorParameters<typeof Table>[0] = {}): Table {
  const table = new Table(options);
  table.driver.act({ do: 'chooseService', service: 'return' });
  return table;
}

function checkout(table: Table, answer: Outcome<LoanAnswer> = answered(lent)): Table {
  table.driver.reply({ kind: 'checkout', outcome: answer });
  return table.takeIn();
}

function checkin(table: Table, answer: Outcome<CheckinAnswer> = answered(taken)): Table {
  table.driver.reply({ kind: 'checkin', outcome: answer });
  return table.takeIn();
}

describe('borrowing what lies on the reader', () => {
  test('the security is lifted when the library system has lent, and not before', () => {
    const table = borrowing().lay(book);
    expect(table.row('300001')).toEqual({ state: 'pending', key: 'row.checkout.pending' });
    expect(table.command).toBeUndefined();
    expect(table.tagRows).toEqual(['unlock E001']);
    checkout(table);
    expect(table.command).toEqual({ uid: 'E001', secured: false });
    expect(table.row('300001')).toEqual({ state: 'pending', key: 'row.tag.goingOff' });
    table.answer(done);
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.tag.free' });
    expect(table.tagRows).toEqual(['unlock E001', 'done readBack']);
    expect(table.secured.get('E001')).toBe(false);
  });

  test('a receipt tells of the loan, and not that the item may be taken', () => {
    const table = checkout(borrowing({ settings: { receipt: { titles: 'always' } } }).lay(book));
    table.answer(done);
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.tag.free' });
    table.driver.act({ do: 'finish', receipt: true });
    expect(table.driver.screen).toMatchObject({
      receipt: { receipt: { rows: [{ message: { key: 'row.checkout.done', params: { due: {} } } }] } },
    });
  });

  test('what is to be done to tags is committed with the intention', () => {
    const { driver } = borrowing().lay(book);
    const begin = driver.rows.findIndex((row) => row.row === 'begin');
    expect(driver.rows[begin + 1]).toMatchObject({
      row: 'tagBegin',
      aim: 'unlock',
      item: '300001',
      uids: ['E001'],
    });
  });

  test('a stack is lent one by one, each tag while the next book is asked about', () => {
    const stack = ['1', '2', '3', '4', '5', '6'].map((digit) => ({
      uid: `E00${digit}`,
      item: `30000${digit}`,
    }));
    const table = borrowing().lay(...stack);
    expect(table.driver.items).toHaveLength(6);
    for (const _book of stack) checkout(table).answer(done);
    expect(table.driver.items.every(({ state }) => state === 'done')).toBe(true);
    expect([...table.secured.values()]).toEqual(stack.map(() => false));
  });

  test('of a set every part is freed, in the order of the parts', () => {
    const table = checkout(borrowing().lay(...setOf('300001', 'A', 'B', 'C').toReversed()));
    const order: (string | undefined)[] = [];
    while (table.command !== undefined) {
      order.push(table.command.uid);
      table.answer(done);
    }
    expect(order).toEqual(['A', 'B', 'C']);
    expect(table.row('300001')?.state).toBe('done');
    expect(table.driver.calls.filter(({ call }) => call.kind === 'checkout')).toHaveLength(1);
  });

  test('a part that cannot be freed: the others are secured again, and the row sends to staff', () => {
    const table = checkout(borrowing().lay(...setOf('300001', 'A', 'B', 'C')));
    table.answer(done).answer(locked);
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.goingBack' });
    table.obey();
    expect(Object.fromEntries(table.secured)).toEqual({ A: true, B: true, C: true });
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.notFree' });
    expect(table.tagRows.at(-1)).toBe('staff tag.locked');
  });

  test('a set with a part missing is not lent until that lies there too', () => {
    const [a, b, c] = setOf('300001', 'A', 'B', 'C');
    if (a === undefined || b === undefined || c === undefined) throw new Error('three parts');
    const table = borrowing().lay(a, c);
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.partsMissing' });
    expect(table.driver.items[0]?.refusal?.rule).toBe('set.incomplete');
    expect(table.driver.call?.kind).not.toBe('checkout');
    checkout(table.lay(b)).obey();
    expect(table.driver.items).toHaveLength(1);
    expect(table.row('300001')?.state).toBe('done');
  });

  test('what the library system leaves secured stays so', () => {
    const table = checkout(borrowing().lay(book), answered({ ...lent, desensitize: false }));
    expect(table.command).toBeUndefined();
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.tag.staysOn' });
    expect(table.tagRows).toEqual(['unlock E001', 'void acs.leave']);
  });

  test('a refused book stays secured', () => {
    const table = checkout(borrowing().lay(book), answered(notLent));
    table.driver.reply({ kind: 'item', outcome: answered(about('onHoldShelf')) });
    expect(table.command).toBeUndefined();
    expect(table.driver.items[0]?.refusal?.rule).toBe('item.onHoldForAnother');
    expect(table.tagRows).toEqual(['unlock E001', 'void transaction.refused']);
    // It lies there still, and has had its turn.
    table.change('E001', { dropOuts: 1 });
    expect(table.driver.items).toHaveLength(1);
  });

  describe('that lies there unsecured, from a loan of before that was not taken', () => {
    const refused = (): Table => {
      const table = borrowing();
      table.lay(book).change('E001', { secured: 'no' });
      table.secured.set('E001', false);
      return checkout(table, answered({ ...notLent, acsText: [{ acs: 'No.', meaning: 'patron.fees' }] }));
    };

    test('and is nobody’s by the library system’s word: it is secured again, and staff hear of it', () => {
      const table = refused();
      expect(table.command).toBeUndefined();
      expect(table.driver.call).toEqual({ kind: 'item', item: '300001' });
      table.driver.reply({ kind: 'item', outcome: answered(about('available')) });
      expect(table.command).toEqual({ uid: 'E001', secured: true });
      table.answer(done);
      expect(Object.fromEntries(table.secured)).toEqual({ E001: true });
      expect(table.tagRows).toEqual(['unlock E001', 'staff tag.wasFree']);
      // The reason for the refusal stays the one that was given.
      expect(table.driver.items[0]?.refusal?.rule).toBe('patron.excessiveOutstandingFees');
      expect(table.driver.items[0]?.state).toBe('refused');
    });

    test('and is somebody’s loan: it stays as it is', () => {
      const table = refused();
      table.driver.reply({ kind: 'item', outcome: answered(about('charged')) });
      expect(table.command).toBeUndefined();
      expect(table.tagRows).toEqual(['unlock E001', 'void transaction.refused']);
    });

    test('and nobody says whose it is: staff look for it', () => {
      const table = refused();
      table.driver.reply({ kind: 'item', outcome: unknown });
      table.driver.act({ do: 'finish', receipt: false });
      expect(table.command).toBeUndefined();
      expect(table.tagRows).toEqual(['unlock E001', 'staff tag.isFree']);
    });

    test('and is lifted before it was secured: staff look for it', () => {
      const table = refused();
      table.driver.reply({ kind: 'item', outcome: answered(about('available')) });
      table.answer(gone, false).lift('E001');
      expect(table.tagRows).toEqual(['unlock E001']);
      table.driver.act({ do: 'finish', receipt: false });
      expect(table.tagRows).toEqual(['unlock E001', 'staff tag.isFree']);
    });

    test('and is lent after all to the next one: it is free, and off the staff list', () => {
      const table = refused();
      table.driver.reply({ kind: 'item', outcome: answered(about('available')) });
      table.answer(done).lift('E001').lay(book);
      checkout(table);
      expect(table.command).toEqual({ uid: 'E001', secured: false });
      table.answer(done);
      expect(table.tagRows.slice(-2)).toEqual(['done readBack', 'done doneLater']);
    });
  });

  test('a lost reply frees nothing before the loan was found', () => {
    const table = checkout(borrowing().lay(book), unknown);
    expect(table.command).toBeUndefined();
    table.driver.pass(bounds.askAfterMs).timer('work');
    table.driver.reply({ kind: 'item', outcome: answered(about('charged')) });
    expect(table.command).toBeUndefined();
    table.driver.reply({ kind: 'account', outcome: answered(charged(['300001'])) });
    expect(table.command).toEqual({ uid: 'E001', secured: false });
  });

  test('nothing is freed that could not be sent', () => {
    const table = checkout(borrowing().lay(book), notSent);
    expect(table.command).toBeUndefined();
    expect(table.tagRows).toEqual(['unlock E001', 'void transaction.notSent']);
  });

  test('its barcode first and its tag later come to the same', () => {
    const table = borrowing();
    table.driver.scan('300001');
    checkout(table);
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.unseen' });
    table.lay(book);
    expect(table.command).toEqual({ uid: 'E001', secured: false });
    table.answer(done);
    expect(table.tagRows).toEqual(['unlock ', 'done readBack']);
    expect(table.driver.calls.filter(({ call }) => call.kind === 'checkout')).toHaveLength(1);
  });

  test('a station without security marks touches none', () => {
    const table = checkout(
      borrowing({ settings: { rfid: { security: false, sets: 'everyPart', owners: [] } } }).lay(book),
    );
    expect(table.row('300001')?.state).toBe('done');
    expect(table.tagRows).toEqual([]);
  });
});

describe('lifted too early', () => {
  function lifted(): Table {
    return checkout(borrowing().lay(book)).lift('E001').answer(gone);
  }

  test('it has to be put back, over the whole screen and with more time', () => {
    const table = lifted();
    expect(table.driver.view.putBack).toEqual([
      { item: '300001', title: 'Sinuhe', lent: true, why: 'lifted' },
    ]);
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.awayLent' });
    const idle = table.driver.effects.findLast(
      (effect) => effect.do === 'setTimer' && effect.name === 'idle',
    );
    expect(idle).toMatchObject({ delayMs: settings.session.idleMs * bounds.putBackStretch });
  });

  test('it goes on when it is back', () => {
    const table = lifted().lay(book);
    expect(table.driver.view.putBack).toBeUndefined();
    expect(table.command).toEqual({ uid: 'E001', secured: false });
    table.answer(done);
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.tag.free' });
    expect(table.driver.calls.filter(({ call }) => call.kind === 'checkout')).toHaveLength(1);
  });

  test('gone for good by the patron’s word: staff list, and the row says what to do', () => {
    const table = lifted();
    table.driver.act({ do: 'dismiss' });
    expect(table.driver.view.putBack).toBeUndefined();
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.notFree' });
    expect(table.tagRows.at(-1)).toBe('staff tag.gone');
  });

  test('gone for good by leaving: staff list, and the last screen counts it', () => {
    const table = lifted();
    table.driver.act({ do: 'finish', receipt: false }).pass(bounds.finishWaitMs).timer('finishWait');
    expect(table.driver.screen).toMatchObject({ name: 'finished', lent: 1, unsettled: 1 });
    expect(table.tagRows.at(-1)).toBe('staff tag.gone');
  });

  test('back after the patron left: nothing is freed', () => {
    const table = lifted();
    table.driver.act({ do: 'finish', receipt: false }).pass(bounds.finishWaitMs).timer('finishWait');
    table.lay(book);
    expect(table.command).toBeUndefined();
  });

  test('its borrower lays it down the next time: it is freed and asked for no second time', () => {
    const table = lifted();
    table.driver.act({ do: 'finish', receipt: false }).pass(bounds.finishWaitMs).timer('finishWait');
    table.driver.act({ do: 'dismiss' });
    table.driver.signIn('borrow', { ...customer, chargedItems: ['300001'] });
    table.lay(book);
    expect(table.command).toEqual({ uid: 'E001', secured: false });
    table.answer(done);
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.tag.freeNoDue' });
    expect(table.tagRows.at(-1)).toBe('done readBack');
    expect(table.driver.calls.filter(({ call }) => call.kind === 'checkout')).toHaveLength(1);
  });

  test('one part of a set: the freed ones wait for it', () => {
    const table = checkout(borrowing().lay(...setOf('300001', 'A', 'B')));
    table.answer(done).lift('B').answer(gone);
    expect(table.driver.view.putBack).toHaveLength(1);
    table.driver.act({ do: 'dismiss' });
    // The freed one lies there still: it is secured again.
    expect(table.command).toEqual({ uid: 'A', secured: true });
  });

  test('the cable of the reader: as if all were lifted, and taken up again', () => {
    const table = checkout(borrowing().lay(book));
    table.driver.happen({ type: 'rfidReader', ready: false });
    table.lift('E001').answer({ kind: 'failed', why: { kind: 'offline' } });
    expect(table.driver.view.putBack).toHaveLength(1);
    expect(table.driver.view.status.message?.key).toBe('status.readerAway');
    table.driver.happen({ type: 'rfidReader', ready: true });
    table.lay(book).answer(done);
    expect(table.row('300001')?.state).toBe('done');
  });
});

describe('a reader that misses what lies there', () => {
  test('tries again after a pause, and asks nobody to put anything back', () => {
    const table = checkout(borrowing().lay(book)).answer(gone);
    expect(table.command).toBeUndefined();
    expect(table.driver.view.putBack).toBeUndefined();
    expect(table.driver.effects.at(-1)).toMatchObject({
      do: 'setTimer',
      name: 'tags',
      delayMs: bounds.tagPauseMs,
    });
    table.driver.pass(bounds.tagPauseMs).timer('tags');
    table.answer(done);
    expect(table.row('300001')?.state).toBe('done');
  });

  test('that gives no good answer, time and again, is left to staff', () => {
    const table = checkout(borrowing().lay(book));
    for (let miss = 1; miss < bounds.tagMissesMax; miss++) {
      table.answer({ kind: 'failed', why: { kind: 'noAnswer' } });
      table.driver.pass(bounds.tagPauseMs).timer('tags');
    }
    table.answer({ kind: 'failed', why: { kind: 'noAnswer' } });
    // It may have reached the tag: it is secured again.
    expect(table.command).toEqual({ uid: 'E001', secured: true });
    table.answer(done);
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.notFree' });
    expect(table.tagRows.at(-1)).toBe('staff tag.noAnswer');
  });
});

describe('returning what lies on the reader', () => {
  test('it is secured when it was taken', () => {
    const table = returning().lay(book);
    expect(table.command).toBeUndefined();
    checkin(table);
    expect(table.command).toEqual({ uid: 'E001', secured: true });
    expect(table.row('300001')).toEqual({ state: 'pending', key: 'row.tag.goingOn' });
    table.answer(done);
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.checkin.done' });
    expect(table.tagRows).toEqual(['lock E001', 'done readBack']);
  });

  test('one that cannot be secured goes to the staff’s shelf', () => {
    const table = checkin(returning().lay(book)).answer(locked);
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.notOn' });
    expect(table.tagRows).toEqual(['lock E001', 'staff tag.locked']);
  });

  test('the other parts of a set are secured all the same', () => {
    const table = checkin(returning().lay(...setOf('300001', 'A', 'B', 'C')));
    const asked: (string | undefined)[] = [];
    for (const outcome of [done, locked, done]) {
      asked.push(table.command?.uid);
      table.answer(outcome);
    }
    expect(asked).toEqual(['A', 'B', 'C']);
    expect(table.command).toBeUndefined();
    expect(table.row('300001')?.key).toBe('row.tag.notOn');
  });

  test('in an outage it is secured at once', () => {
    const table = returning();
    table.driver.link('unreachable');
    table.lay(book);
    expect(table.command).toEqual({ uid: 'E001', secured: true });
    table.answer(done);
    expect(table.row('300001')).toEqual({ state: 'offline', key: 'row.checkin.offline' });
  });

  test('a return that could not be sent is secured under its new row', () => {
    const table = checkin(returning().lay(book), notSent);
    expect(table.tagRows).toEqual(['lock E001', 'void replaced', 'lock E001']);
    expect(table.command).toEqual({ uid: 'E001', secured: true });
  });

  test('a return without an answer was told as taken, and is secured', () => {
    const table = checkin(returning().lay(book), unknown);
    expect(table.command).toEqual({ uid: 'E001', secured: true });
  });

  test('what the library system does not want secured is left as it is', () => {
    const table = checkin(returning().lay(book), answered({ ...taken, resensitize: false }));
    expect(table.command).toBeUndefined();
    expect(table.tagRows).toEqual(['lock E001', 'void acs.asItIs']);
  });

  test('lifted too early it has to be put back; its session over, it is on the staff list', () => {
    const table = checkin(returning().lay(book)).lift('E001').answer(gone);
    expect(table.driver.view.putBack).toEqual([
      { item: '300001', title: 'Sinuhe', lent: false, why: 'lifted' },
    ]);
    table.driver.act({ do: 'finish', receipt: false }).pass(bounds.finishWaitMs).timer('finishWait');
    expect(table.tagRows.at(-1)).toBe('staff tag.gone');
  });

  test('what was just lent and comes back is not freed any more', () => {
    const table = checkout(borrowing().lay(book)).lift('E001').answer(gone);
    table.driver.act({ do: 'chooseService', service: 'return' });
    table.driver.scan('300001');
    table.lay(book);
    // Its barcode began the return before the tag was back: the old work may free it while it is still lent.
    if (table.command?.secured === false) table.answer(done);
    checkin(table);
    table.obey();
    expect(table.driver.state.tags.works.filter(({ stage }) => stage !== 'stuck')).toEqual([]);
  });
});

test('what stood on the staff list, was laid down once more and then came back is done with', () => {
  const table = checkout(borrowing().lay(book)).lift('E001').answer(gone);
  table.driver.act({ do: 'dismiss' });
  expect(table.tagRows.at(-1)).toBe('staff tag.gone');
  table.lay(book).lift('E001').answer(gone);
  table.driver.act({ do: 'chooseService', service: 'return' }).scan('300001');
  checkin(table);
  table.lay(book).obey();
  // From the staff list there is no way but to its end.
  expect(table.tagRows).toEqual(['unlock E001', 'staff tag.gone', 'done cameBack', 'lock ', 'done readBack']);
  expect(table.secured.get('E001')).toBe(true);
});

test('what lies there counts as this visit’s also where its tag has another form of its number', () => {
  const rule = {
    is: 'item' as const,
    from: undefined,
    symbologies: undefined,
    letterCase: 'keep' as const,
    stripBefore: /^(?:T-)/u,
    stripAfter: undefined,
    match: /^(?:3\d{5})$/u,
    check: undefined,
    dropCheckDigit: false,
    map: undefined,
  };
  const table = borrowing({ settings: { identifiers: { ...settings.identifiers, rules: [rule] } } });
  checkout(table.lay({ uid: 'E001', item: 'T-300001' })).obey();
  expect(table.row('300001')?.state).toBe('done');
  expect(table.driver.view.reader).toMatchObject({ items: 1, doubtful: 0 });
});

describe('what is not lent or taken', () => {
  test.each([
    [{ ...book, owner: 'FI-Other' }, 'tag.otherLibrary'],
    [{ ...book, usage: 'notForLoan' as const }, 'tag.notForLoan'],
    [{ ...book, usage: 'discarded' as const }, 'tag.notForLoan'],
    [{ ...book, item: 'X9' }, 'tag.unrecognised'],
  ])('%j: %s, and the library system does not hear of it', (tag, rule) => {
    const table = borrowing().lay(tag);
    expect(table.driver.items.map(({ refusal }) => refusal?.rule)).toEqual([rule]);
    expect(table.driver.calls.map(({ call }) => call.kind)).toEqual(['checkCustomership']);
    expect(table.driver.rows.at(-1)).toMatchObject({ row: 'refusal', rule, source: 'station' });
  });

  test("another library's item of the same number is not freed when ours is lent by its barcode", () => {
    const far: Tag = { ...book, uid: 'FAR', owner: 'FI-Other' };
    const table = borrowing().lay(far);
    table.driver.scan(book.item);
    checkout(table);
    expect(table.command).toBeUndefined();
    table.lay(book);
    expect(table.command).toEqual({ uid: book.uid, secured: false });
    table.obey();
    expect([...table.secured]).toEqual([
      ['FAR', true],
      [book.uid, false],
    ]);
  });

  test("another library's item of the same number is not secured with ours when ours comes back", () => {
    const far: Tag = { ...book, uid: 'FAR', owner: 'FI-Other' };
    const table = new Table();
    table.driver.act({ do: 'chooseService', service: 'return' });
    table.lay(book).lay(far);
    table.driver.reply({ kind: 'checkin', outcome: answered(taken) });
    table.obey();
    expect(table.tagRows).toEqual(['lock E001', 'done readBack']);
    expect(table.driver.items.map(({ state }) => state).toSorted()).toEqual(['done', 'refused']);
  });

  test('a return of another library is turned away; one that is not for loan is taken', () => {
    const table = returning().lay(
      { ...book, owner: 'FI-Other' },
      { uid: 'E002', item: '300002', usage: 'notForLoan' },
    );
    expect(table.driver.items.map(({ item, refusal }) => [item, refusal?.rule])).toEqual([
      ['300002', undefined],
      ['300001', 'tag.otherLibrary'],
    ]);
  });

  test('a collection that this machine does not take is turned away, by tag and by barcode', () => {
    const turnedAway = { borrow: [], return: [/^30000[1-4]$/u] };
    const table = returning({ settings: { turnedAway } }).lay(book);
    table.driver.scan('300002');
    expect(table.driver.items.map(({ refusal }) => refusal?.rule)).toEqual([
      'collection.turnedAway',
      'collection.turnedAway',
    ]);
    table.driver.scan('300005');
    expect(table.driver.calls.map(({ call }) => call)).toMatchObject([{ kind: 'checkin', item: '300005' }]);
  });

  test('a patron card on the reader is no book, and opens the way to its PIN where a card is asked for', () => {
    const tag: Tag = { uid: 'C', item: card, usage: 'patronCard' };
    const table = borrowing().lay(tag);
    expect(table.driver.view.notice?.message.key).toBe('notice.cardNotItem');
    const other = new Table();
    other.driver.act({ do: 'chooseService', service: 'borrow' });
    other.lay(tag);
    expect(other.driver.screen.name).toBe('pin');
  });

  test('an item counts when it lies still, and one that flickers is asked about', () => {
    const table = borrowing();
    table.sightings = [];
    table.lay(book);
    const bag: Tag = { uid: 'BAG', item: '300009' };
    const other = borrowing();
    other.lay();
    other.sightings = [];
    other.lay(bag);
    expect(other.driver.items).toHaveLength(1);
    const shy = borrowing();
    shy.driver.happen({
      type: 'field',
      field: { tags: table.sightings.map((one) => ({ ...one, still: false, dropOuts: 4 })), tooMany: false },
    });
    shy.takeIn();
    expect(shy.driver.items).toEqual([]);
    expect(shy.driver.view.reader).toEqual({ items: 1, reading: 1, doubtful: 1, strange: 0, tooMany: false });
  });

  test('the patron’s own loans are neither renewed nor freed by lying there', () => {
    const table = new Table();
    table.driver.signIn('borrow', { ...customer, chargedItems: ['300001'] });
    table.lay(book);
    expect(table.driver.items).toEqual([]);
    expect(table.command).toBeUndefined();
    expect(table.driver.view.notice?.message.key).toBe('notice.tag.yours');
  });

  test('what was lent is not returned by pressing "return" while it lies there', () => {
    const table = checkout(borrowing().lay(book)).obey();
    table.driver.act({ do: 'chooseService', service: 'return' });
    table.takeIn();
    expect(table.driver.call?.kind).not.toBe('checkin');
    table.lift('E001').lay(book);
    expect(table.driver.call).toMatchObject({ kind: 'checkin', item: '300001' });
  });
});

describe('after a power cut', () => {
  const stored = {
    id: 't9' as TransactionId,
    item: '300001',
    uids: ['E001'],
    at: Date.UTC(2026, 10, 20, 7),
    rule: undefined,
  };

  test('what was lent and may be locked is on the staff list, and freed for its borrower', () => {
    const table = new Table({ tagWork: [{ ...stored, aim: 'unlock', state: 'open' }] });
    expect(table.tagRows).toEqual(['staff restart']);
    table.lay(book);
    expect(table.command).toBeUndefined();
    table.driver.signIn('borrow', { ...customer, chargedItems: ['300001'] });
    table.lift('E001').lay(book);
    expect(table.command).toEqual({ uid: 'E001', secured: false });
    table.answer(done);
    expect(table.tagRows.at(-1)).toBe('done readBack');
  });

  test('a loan that was not certain decides first', () => {
    const open = [
      {
        seq: 1,
        id: stored.id,
        kind: 'checkout' as const,
        state: 'intended' as const,
        item: '300001',
        patron: card,
        at: stored.at,
        attempts: 0,
        dueBefore: undefined,
        rule: undefined,
        source: undefined,
        due: undefined,
        words: [],
      },
    ];
    const table = new Table({ open, tagWork: [{ ...stored, aim: 'unlock', state: 'open' }] });
    expect(table.tagRows).toEqual([]);
    table.driver.reply({ kind: 'item', outcome: answered(about('charged')) });
    table.driver.reply({ kind: 'account', outcome: answered(charged(['300001'])) });
    expect(table.tagRows).toEqual(['staff restart']);
    expect(table.command).toBeUndefined();
  });

  test('what came back and is not secured is on the staff list, or secured if it lies there', () => {
    const table = new Table({ tagWork: [{ ...stored, aim: 'lock', state: 'open' }] });
    expect(table.tagRows).toEqual(['staff restart']);
  });
});

test('a full disk: a row that cannot be written is refused, and what was done to tags is written later', () => {
  const table = borrowing();
  table.driver.happen({
    type: 'field',
    field: { tags: new Table().lay(book).sightings, tooMany: false },
  });
  expect(table.driver.state.tags.takeInComes).toBe(true);
  table.driver.happen({ type: 'commitFailed', failure: { kind: 'full' }, lost: { type: 'takeIn' } });
  expect(table.driver.items.map(({ refusal }) => refusal?.rule)).toEqual(['space.full']);
  const other = checkout(borrowing().lay(book));
  const { job } = other.driver.state.tags;
  const lost = { type: 'tagReplied', job: job?.number ?? 0, outcome: done } as const;
  other.driver.happen({ type: 'commitFailed', failure: { kind: 'full' }, lost });
  expect(other.tagRows).toEqual(['unlock E001']);
  other.driver.happen({ type: 'diskProbed', disk: 'fine' });
  expect(other.tagRows).toEqual(['unlock E001', 'done readBack']);
});
