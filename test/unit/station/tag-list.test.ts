import { expect, test, vi } from 'vitest';
import { silentLog } from '../../../src/kernel/log.ts';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import type { Row, TagAim } from '../../../src/journal/rows.ts';
import { Desk } from '../../../src/station/desk/desk.ts';
import type { Loop } from '../../../src/station/loop.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { openIn, seededRandom, temporaryDirectory } from '../journal/support.ts';

const id = (digit: string): TransactionId => digit.repeat(32) as TransactionId;

function work(digit: string, aim: TagAim, rule?: string): Row[] {
  const begin: Row = {
    row: 'tagBegin',
    id: id(digit),
    aim,
    item: `item ${digit}`,
    uids: [`E0${digit}`],
    at: 1,
  };
  return rule === undefined ? [begin] : [begin, { row: 'tagMove', id: id(digit), to: 'staff', rule, at: 2 }];
}

test('staff see whose security did not follow, what to do, and put it right', () => {
  const journal = openIn(temporaryDirectory());
  journal.commit([
    ...work('a', 'unlock', 'tag.gone'),
    ...work('b', 'unlock', 'tag.partlyFree'),
    ...work('c', 'lock', 'tag.locked'),
    ...work('d', 'lock'),
  ]);
  expect(journal.staffCount()).toBe(3);
  const clock = new VirtualClock();
  // No act on tags asks the loop.
  const desk = new Desk({ journal, loop: {} as Loop, clock, log: silentLog, random: seededRandom(1) });
  const listed = desk.ask({ by: 'vieno', act: { do: 'tags' } });
  expect(listed).toMatchObject({
    ok: true,
    value: [
      {
        id: id('a'),
        aim: 'unlock',
        item: 'item a',
        uids: ['E0a'],
        rule: 'tag.gone',
        suggestion: expect.stringContaining('its alarm is still on'),
      },
      { id: id('b'), suggestion: expect.stringContaining('only some of its parts') },
      { id: id('c'), suggestion: expect.stringContaining('not switched on') },
    ],
  });
  const resolve = (digit: string) =>
    desk.ask({ by: 'vieno', act: { do: 'resolveTags', transaction: id(digit) } }).ok;
  expect([resolve('a'), resolve('a'), resolve('d')]).toEqual([true, false, false]);
  expect(journal.staffCount()).toBe(2);
  // The station finds it put right when its item comes back.
  expect(journal.commit([{ row: 'tagMove', id: id('a'), to: 'done', rule: 'doneLater', at: 3 }]).ok).toBe(
    true,
  );
  const acts = journal.audit(10).map(({ act }) => act);
  expect(acts).toEqual(expect.arrayContaining(['tags', 'resolveTags']));
});

test('what a failing disk gives is not told as all there is', () => {
  const journal = openIn(temporaryDirectory());
  journal.commit(work('a', 'unlock', 'tag.gone'));
  const desk = new Desk({
    journal,
    loop: {} as Loop,
    clock: new VirtualClock(),
    log: silentLog,
    random: seededRandom(1),
  });
  vi.spyOn(journal, 'fault', 'get').mockReturnValue('SQLITE_IOERR_READ');
  for (const act of [
    { do: 'list', limit: 10 },
    { do: 'refusals' },
    { do: 'tags' },
    { do: 'export', format: 'csv', states: 'all', after: 0 },
    { do: 'export', format: 'csv', states: 'all', after: 5 },
    { do: 'show', transaction: 99 },
    { do: 'resolve', transaction: 99, note: 'itemFound' },
  ] as const)
    expect(desk.ask({ by: 'vieno', act })).toEqual({
      ok: false,
      reason: 'the journal cannot be read (SQLITE_IOERR_READ)',
    });
});
