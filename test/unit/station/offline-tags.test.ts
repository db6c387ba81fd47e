import { describe, expect, test } from 'vitest';
import type { OfflineRules } from '../../../src/station/core/offline-rules.ts';
import { bounds } from '../../../src/station/settings.ts';
import { answered, card, customer, lent, notLent, notSent, taken, about, charged } from './driver.ts';
import { rfid, setOf, Table, type Tag } from './tags.ts';

/** Tags of what is lent by the station’s own rules. */
const rules: OfflineRules = {
  pin: 'not-asked',
  perPatronMax: 3,
  perOutageMax: 5,
  due: { loanDays: 28, closedWeekdays: [], closedDates: [] },
  checkDigit: undefined,
  adultCards: [],
  lendableItems: [],
  neverItems: [/^309\d{3}$/],
  ageRatedItems: [],
  lists: [],
};
const book: Tag = { uid: 'E001', item: '300001' };

function away(): Table {
  const table = new Table({ settings: { offline: rules, rfid } });
  table.driver.link('unreachable').act({ do: 'chooseService', service: 'borrow' }).scan(card);
  return table;
}

describe('a loan by the station’s own rules', () => {
  test('is on the disk as waiting before its security is lifted, which waits for no library system', () => {
    const table = away().lay(book);
    expect(table.driver.moves).toEqual(['checkout waiting']);
    expect(table.tagRows).toEqual(['unlock E001']);
    expect(table.command).toEqual({ uid: 'E001', secured: false });
    expect(table.row('300001')).toEqual({ state: 'pending', key: 'row.tag.goingOff' });
    table.answer({ kind: 'done' });
    expect(table.row('300001')).toEqual({ state: 'offline', key: 'row.checkout.offline' });
    expect(table.secured.get('E001')).toBe(false);
    expect(table.tagRows).toEqual(['unlock E001', 'done readBack']);
  });

  test('of a set frees all parts or none', () => {
    const table = away().lay(...setOf('300001', 'A', 'B'));
    table.answer({ kind: 'done' }).answer({ kind: 'failed', why: { kind: 'locked' } }, false);
    table.obey();
    expect([...table.secured.values()]).toEqual([true, true]);
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.notFree' });
    expect(table.tagRows.at(-1)).toBe('staff tag.locked');
  });

  test('that the rules refuse touches no tag', () => {
    const table = away().lay({ ...book, item: '309001' });
    expect(table.driver.items[0]?.refusal?.source).toBe('station');
    expect(table.command).toBeUndefined();
    expect(table.tagRows).toEqual([]);
  });

  test('in place of one that could not be sent frees under its new row, and not before', () => {
    const table = new Table({ settings: { offline: rules, rfid } });
    table.driver.signIn('borrow', customer);
    table.lay(book);
    expect(table.command).toBeUndefined();
    table.driver.reply({ kind: 'checkout', outcome: notSent });
    expect(table.driver.moves).toEqual(['checkout intended', 'withdrawn', 'checkout waiting']);
    expect(table.tagRows).toEqual(['unlock E001', 'void replaced', 'unlock E001']);
    table.takeIn().obey();
    expect(table.row('300001')?.state).toBe('offline');
  });

  test('by its barcode asks for its tag, and keeps its own words in the end', () => {
    const table = away();
    table.driver.scan('300001');
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.unseen' });
    table.lay(book).obey();
    expect(table.row('300001')).toEqual({ state: 'offline', key: 'row.checkout.offline' });
  });

  test('stays free when the library system takes it, and is for staff when it refuses', () => {
    for (const outcome of [lent, notLent]) {
      const table = away().lay(book).obey();
      table.driver.act({ do: 'finish', receipt: false }).timer('finished');
      table.driver.backForGood();
      expect(table.driver.call?.kind).toBe('checkout');
      table.driver.reply({ kind: 'checkout', outcome: answered(outcome) });
      if (outcome === notLent) {
        table.driver.reply({ kind: 'item', outcome: answered(about('available')) });
        table.driver.reply({ kind: 'account', outcome: answered(charged([])) });
      }
      expect(table.command).toBeUndefined();
      expect(table.secured.get('E001')).toBe(false);
      expect(table.driver.moves.at(-1)).toBe(outcome === lent ? 'accepted' : 'staff');
    }
  });

  test('that the library system refuses when its tag is free is secured when it comes back, also in an outage', () => {
    for (const link of ['online', 'unreachable'] as const) {
      const table = away().lay(book).obey();
      table.driver.act({ do: 'finish', receipt: false }).timer('finished');
      table.lift('E001');
      table.driver.backForGood();
      table.driver.reply({ kind: 'checkout', outcome: answered(notLent) });
      table.driver.reply({ kind: 'item', outcome: answered(about('available')) });
      table.driver.reply({ kind: 'account', outcome: answered(charged([])) });
      expect(table.driver.moves.at(-1)).toBe('staff');
      expect(table.secured.get('E001')).toBe(false);
      if (link === 'unreachable') table.driver.link('unreachable');
      table.driver.act({ do: 'chooseService', service: 'return' });
      table.lay(book);
      if (link === 'online') table.driver.reply({ kind: 'checkin', outcome: answered(taken) });
      table.obey();
      expect(table.secured.get('E001')).toBe(true);
      expect(table.tagRows.slice(-2)).toEqual(['lock E001', 'done readBack']);
    }
  });

  test('that the library system refuses while its patron is still here is not freed any more', () => {
    const table = away();
    table.driver.scan('300001');
    table.driver.backForGood();
    expect(table.driver.call?.kind).toBe('checkout');
    // The loan is being asked for: what it says comes before the tag.
    table.lay(book);
    expect(table.command).toBeUndefined();
    table.driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    table.driver.reply({ kind: 'item', outcome: answered(about('available')) });
    table.driver.reply({ kind: 'account', outcome: answered(charged([])) });
    expect(table.driver.moves.at(-1)).toBe('staff');
    table.obey();
    expect(table.secured.get('E001')).toBe(true);
    expect(table.row('300001')?.state).toBe('attention');
    expect(table.tagRows.at(-1)).toBe('staff tag.loanInDoubt');
  });

  test('that is in doubt is secured again when its tag went while it was freed', () => {
    const table = away().lay(book);
    // The command reached it, and its answer was lost.
    table.lift('E001').answer({ kind: 'gone' }, true);
    table.driver.backForGood();
    table.driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    table.driver.reply({ kind: 'item', outcome: answered(about('available')) });
    table.driver.reply({ kind: 'account', outcome: answered(charged([])) });
    expect(table.driver.moves.at(-1)).toBe('staff');
    table.lay(book).obey();
    expect(table.secured.get('E001')).toBe(true);
    expect(table.tagRows.at(-1)).toBe('staff tag.loanInDoubt');
  });

  test('that is in doubt is not freed when it is laid there once more', () => {
    const table = away();
    table.driver.scan('300001').backForGood();
    table.lay(book);
    table.driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    table.driver.reply({ kind: 'item', outcome: answered(about('available')) });
    table.driver.reply({ kind: 'account', outcome: answered(charged([])) });
    table.obey().lift('E001').lay(book).obey();
    expect(table.secured.get('E001')).toBe(true);
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.notFree' });
  });

  test('that is in doubt is not freed when its tag comes after it was to have none', () => {
    const table = new Table({
      settings: { offline: rules, rfid: { ...rfid, withoutTag: [/^300001$/] } },
    });
    table.driver.link('unreachable').act({ do: 'chooseService', service: 'borrow' }).scan(card);
    table.driver.scan('300001').backForGood();
    table.driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    table.driver.reply({ kind: 'item', outcome: answered(about('available')) });
    table.driver.reply({ kind: 'account', outcome: answered(charged([])) });
    expect(table.driver.moves.at(-1)).toBe('staff');
    table.lay(book).obey();
    expect(table.secured.get('E001')).toBe(true);
    expect(table.tagRows).toEqual([]);
  });

  test('that came back in the same visit is another loan when it lies there again', () => {
    const table = away().lay(book).obey();
    table.driver.act({ do: 'chooseService', service: 'return' });
    table.lift('E001').lay(book).obey();
    expect(table.secured.get('E001')).toBe(true);
    table.driver.act({ do: 'chooseService', service: 'borrow' });
    table.lift('E001').lay(book).obey();
    expect(table.driver.moves).toEqual(['checkout waiting', 'checkin waiting', 'checkout waiting']);
    expect(table.secured.get('E001')).toBe(false);
    const begun = table.driver.rows.flatMap((row) => (row.row === 'tagBegin' ? [row.id] : []));
    expect(new Set(begun).size).toBe(3);
  });

  test('is not sent while its tag is being freed', () => {
    const table = away().lay(book);
    expect(table.command).toBeDefined();
    table.driver.backForGood();
    expect(table.driver.call?.kind).not.toBe('checkout');
    table.answer({ kind: 'done' });
    expect(table.driver.call?.kind).toBe('checkout');
  });

  test('of a set that was freed in part when it is refused is secured again', () => {
    const table = away().lay(...setOf('300001', 'A', 'B'));
    table.answer({ kind: 'done' });
    table.lift('B').answer({ kind: 'gone' });
    table.driver.backForGood();
    table.driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    table.driver.reply({ kind: 'item', outcome: answered(about('available')) });
    table.driver.reply({ kind: 'account', outcome: answered(charged([])) });
    expect(table.driver.moves.at(-1)).toBe('staff');
    table.obey();
    expect([...table.secured.values()]).toEqual([true, true]);
    // Nobody knows whether the one that was lifted was reached.
    expect(table.driver.view.putBack).toMatchObject([{ item: '300001', why: 'lifted' }]);
    table.driver.act({ do: 'finish', receipt: false }).pass(bounds.finishWaitMs).timer('finishWait');
    expect(table.tagRows.at(-1)).toBe('staff tag.partlyFree');
  });
});
