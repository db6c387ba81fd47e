import { describe, expect, test } from 'vitest';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import { suggestedForTags } from '../../../src/station/desk/tag-suggestions.ts';
import { answered, lent, notSent, taken } from './driver.ts';
import { bounds } from '../../../src/station/settings.ts';
import { rfid, setOf, sighting, Table, type Tag } from './tags.ts';

/** Sets that come back with a part missing. */
const [a, b, c] = setOf('300001', 'A', 'B', 'C') as [Tag, Tag, Tag];

function returning(options: ConstructorParameters<typeof Table>[0] = {}): Table {
  const table = new Table(options);
  table.driver.act({ do: 'chooseService', service: 'return' });
  return table;
}

function checkin(table: Table): Table {
  table.driver.reply({ kind: 'checkin', outcome: answered(taken) });
  return table.takeIn();
}

describe('a set that comes back with a part missing', () => {
  test('is taken at once, secured part by part, and on the staff list with the part that is missing', () => {
    const table = returning().lay(a, c);
    expect(table.driver.call).toMatchObject({ kind: 'checkin', item: '300001' });
    checkin(table);
    expect(table.tagRows).toEqual(['lock A+C', 'staff set.incomplete.2']);
    table.obey();
    expect(Object.fromEntries(table.secured)).toEqual({ A: true, C: true });
    expect(table.driver.items[0]).toMatchObject({
      state: 'attention',
      message: { key: 'row.tag.returnedParts', params: { here: 2, of: 3 } },
    });
    expect(table.driver.items[0]?.refusal).toBeUndefined();
    table.driver.act({ do: 'finish', receipt: true, titles: true });
    expect(table.driver.screen).toMatchObject({
      name: 'finished',
      returned: 1,
      unsettled: 1,
      receipt: {
        receipt: { rows: [{ happened: true, message: { key: 'row.tag.returnedSome' } }] },
      },
    });
    expect(table.tagRows).toEqual(['lock A+C', 'staff set.incomplete.2']);
  });

  test('is off the staff list when the part comes', () => {
    const table = checkin(returning().lay(a, c)).obey().lay(b);
    expect(table.command).toEqual({ uid: 'B', secured: true });
    table.obey();
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.checkin.done' });
    expect(table.tagRows.at(-1)).toBe('done readBack');
    expect(table.driver.calls.filter(({ call }) => call.kind === 'checkin')).toHaveLength(1);
  });

  test('part after part, each lifted before the next: it is whole all the same', () => {
    const table = checkin(returning().lay(a)).obey().lift('A').lay(b).obey().lift('B').lay(c).obey();
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.checkin.done' });
    expect(table.tagRows).toEqual(['lock A', 'staff set.incomplete.2+3', 'done readBack']);
    expect(table.driver.calls.filter(({ call }) => call.kind === 'checkin')).toHaveLength(1);
  });

  test('is noted on the disk with the return, so that a power cut does not make it whole', () => {
    const table = returning().lay(a, c);
    expect(table.driver.rows.find((row) => row.row === 'tagBegin')).toMatchObject({
      uids: ['A', 'C'],
      parts: { numbers: [1, 3], of: 3 },
    });
    const after = new Table({
      tagWork: [
        {
          id: 't9' as TransactionId,
          aim: 'lock',
          state: 'open',
          item: '300001',
          uids: ['A', 'C'],
          parts: { numbers: [1, 3], of: 3 },
          at: 0,
          rule: undefined,
        },
      ],
    });
    expect(after.tagRows).toEqual(['staff set.incomplete.2']);
  });

  test('without its main part says so', () => {
    const part: Tag = { uid: 'B', item: '300001', part: { number: 2 } };
    const table = checkin(returning().lay(part)).obey();
    expect(table.row('300001')).toEqual({ state: 'attention', key: 'row.tag.returnedMainPartMissing' });
    expect(table.tagRows.at(-1)).toBe('staff set.incomplete');
    table.driver.act({ do: 'finish', receipt: true, titles: true });
    expect(table.driver.screen).toMatchObject({
      receipt: { receipt: { rows: [{ message: { key: 'row.tag.returnedNoMain' } }] } },
    });
  });

  test('that could not be sent keeps what is missing under its new row', () => {
    const table = returning().lay(a, c);
    table.driver.reply({ kind: 'checkin', outcome: notSent });
    expect(table.tagRows).toEqual(['lock A+C', 'void replaced', 'lock A+C', 'staff set.incomplete.2']);
  });

  test('in an outage is taken too', () => {
    const table = returning();
    table.driver.link('unreachable');
    table.lay(a, c).obey();
    expect(table.driver.items[0]).toMatchObject({
      state: 'attention',
      message: { key: 'row.tag.returnedParts' },
    });
    expect(table.driver.moves).toContain('checkin waiting');
  });

  test('is turned away, before anything is told to the library system, where the library wants it so', () => {
    const table = returning({ settings: { rfid: { ...rfid, incompleteTurnedAway: true } } }).lay(a, c);
    expect(table.driver.items[0]).toMatchObject({
      state: 'attention',
      message: { key: 'row.tag.partsMissing', params: { here: 2, of: 3 } },
      refusal: { rule: 'set.incomplete', source: 'station', next: { key: 'next.set.incomplete' } },
    });
    expect(table.driver.calls).toEqual([]);
    expect(table.tagRows).toEqual([]);
    checkin(table.lay(b)).obey();
    expect(table.row('300001')).toEqual({ state: 'done', key: 'row.checkin.done' });
  });
});

describe('a part that is still being read', () => {
  const unread = (dropOuts: number) => ({ ...sighting(b), still: false, reading: undefined, dropOuts });
  const lay = (table: Table, dropOuts: number): Table => {
    const tags = [sighting(a), unread(dropOuts), sighting(c)];
    table.driver.happen({ type: 'field', field: { tags, tooMany: false } });
    return table.takeIn();
  };

  test('is waited for: the set comes back whole', () => {
    const table = lay(returning(), 0);
    expect(table.driver.call).toBeUndefined();
    table.lay(a, b, c);
    checkin(table).obey();
    expect(table.tagRows).toEqual(['lock A+B+C', 'done readBack']);
  });

  test('is not waited for without end', () => {
    const table = lay(returning(), 0);
    table.driver.pass(bounds.partsComeMs).timer('tagParts');
    expect(table.takeIn().driver.call).toMatchObject({ kind: 'checkin', item: '300001' });
    expect(table.tagRows).toEqual(['lock A+C']);
  });

  test('is not waited for where it only flickers', () => {
    expect(lay(returning(), 4).driver.call).toMatchObject({ kind: 'checkin', item: '300001' });
  });
});

test('a set that was just lent and is lifted part by part comes back by nobody’s wish', () => {
  const table = new Table();
  table.driver.signIn('borrow');
  table.lay(a, b, c);
  table.driver.reply({ kind: 'checkout', outcome: answered(lent) });
  table.takeIn().obey();
  table.driver.act({ do: 'finish', receipt: false }).timer('finished');
  table.driver.act({ do: 'chooseService', service: 'return' });
  table.takeIn().lift('B');
  table.lift('A');
  expect(table.driver.items).toEqual([]);
  expect(table.driver.calls.filter(({ call }) => call.kind === 'checkin')).toEqual([]);
});

test.each([
  ['set.incomplete.2', 'part 2 of it was missing'],
  ['set.incomplete.2+3', 'parts 2, 3 of it were missing'],
  ['set.incomplete', 'its main part was missing'],
])('the staff list says of the rule %s: %s', (rule, words) => {
  const id = 't1' as TransactionId;
  expect(
    suggestedForTags({ id, aim: 'lock', state: 'staff', item: '1', uids: ['A'], at: 0, rule }),
  ).toContain(words);
});

test.each(['lock', 'unlock'] as const)(
  'the staff list says of a tag that nobody saw (%s) what to do',
  (aim) => {
    const id = 't1' as TransactionId;
    const words = suggestedForTags({
      id,
      aim,
      state: 'staff',
      item: '1',
      uids: [],
      at: 0,
      rule: 'tag.notSeen',
    });
    expect(words).toContain('its tag was not on the reader');
    expect(words).toContain('collections.withoutTag');
  },
);
