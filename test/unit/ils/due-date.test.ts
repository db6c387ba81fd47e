import { describe, expect, test } from 'vitest';
import { dueOf } from '../../../src/ils/due-date.ts';
import { LibraryTime } from '../../../src/ils/library-time.ts';

const time = new LibraryTime('Europe/Helsinki');
const day = (date: string) => ({ kind: 'day', date });
const at = (date: string, clock: string) => ({ kind: 'time', date, time: clock });
const text = (words: string) => ({ kind: 'text', text: words });

describe('the due date', () => {
  test.each([
    // as SIP2 writes it (Koha, FBS, Sierra)
    ['20140331    235900', day('2014-03-31')],
    ['20170720    000000', day('2017-07-20')],
    ['20260401    180000', at('2026-04-01', '18:00')],
    ['201610210000142637', at('2016-10-21', '14:26')],
    // in a zone of its own
    ['20260618   Z205959', day('2026-06-18')],
    ['20260618   Z150000', at('2026-06-18', '18:00')],
    ['20260618 UTC150000', at('2026-06-18', '18:00')],
    ['20261118   Q100000', at('2026-11-18', '16:00')],
    ['20261118EST 100000', at('2026-11-18', '10:00')],
    // as others do (Evergreen, Gothenburg, dp2, FBS)
    ['2011-10-28 23:59:59', day('2011-10-28')],
    ['2023-08-31 23:59:00 CEST', day('2023-08-31')],
    ['2022-03-26', day('2022-03-26')],
    ['2022-03-26 12:30', at('2022-03-26', '12:30')],
    ['2022-03-26T12:30:00', at('2022-03-26', '12:30')],
    ['20220326', day('2022-03-26')],
    ['31.12.2026', day('2026-12-31')],
    ['5.1.2027 17.00', at('2027-01-05', '17:00')],
    // nothing that can be told from anything else
    ['03/04/2026', text('03/04/2026')],
    ['on Friday', text('on Friday')],
    ['20260231    120000', text('20260231 120000')],
    ['2026-13-01', text('2026-13-01')],
    ['2026-12-01 25:00', text('2026-12-01 25:00')],
    ['soon\u0007 &amp; often', text('soon & often')],
  ])('%j', (raw, due) => expect(dueOf(raw, time)).toEqual(due));

  test.each([[''], ['   '], [undefined]])('%j is none', (raw) => expect(dueOf(raw, time)).toBeUndefined());

  test('slashes mean what the library says', () => {
    expect(dueOf('3/4/2026', time, ['slashDayFirst'])).toEqual(day('2026-04-03'));
    expect(dueOf('3/4/2026,23:59', time, ['slashMonthFirst'])).toEqual(day('2026-03-04'));
    expect(dueOf('31/12/2026', time, ['slashMonthFirst'])).toEqual(text('31/12/2026'));
  });

  test('a long text is cut', () => expect(dueOf('x'.repeat(5000), time)).toEqual(text('x'.repeat(500))));
});
