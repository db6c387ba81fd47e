import { describe, expect, test } from 'vitest';
import { LocalTime } from '../../../src/simulator/acs/local-time.ts';

const helsinki = new LocalTime('Europe/Helsinki');

describe('the library’s local time', () => {
  test.each([
    ['winter', '2026-11-22T10:00:00Z', '20261122    120000'],
    ['summer', '2026-07-01T21:30:59Z', '20260702    003059'],
    ['the second before clocks go forward', '2026-03-29T00:59:59Z', '20260329    025959'],
    ['the moment clocks go forward', '2026-03-29T01:00:00Z', '20260329    040000'],
    ['the second before clocks go back', '2026-10-25T00:59:59Z', '20261025    035959'],
    ['the moment clocks go back', '2026-10-25T01:00:00Z', '20261025    030000'],
    ['a leap day', '2028-02-29T12:00:00Z', '20280229    140000'],
  ])('is written as SIP2 does: %s', (_, utc, stamp) => {
    expect(helsinki.stamp(Date.parse(utc))).toBe(stamp);
  });

  test.each([
    ['a winter’s day', '2026-11-22T10:00:00Z', 28, '2026-12-20T21:59:00Z'],
    ['into summer time', '2026-03-28T10:00:00Z', 1, '2026-03-29T20:59:00Z'],
    ['out of summer time', '2026-10-24T10:00:00Z', 1, '2026-10-25T21:59:00Z'],
    ['late in the evening, when UTC has another day', '2026-07-01T21:30:00Z', 0, '2026-07-02T20:59:00Z'],
    ['backwards', '2026-11-22T10:00:00Z', -30, '2026-10-23T20:59:00Z'],
  ])('ends a day at 23:59: %s', (_, utc, days, end) => {
    expect(new Date(helsinki.endOfDay(Date.parse(utc), days)).toISOString()).toBe(
      new Date(end).toISOString(),
    );
  });

  test.each([
    ['local', '20261122    120000', '2026-11-22T10:00:00Z'],
    ['UTC', '20261122   Z120000', '2026-11-22T12:00:00Z'],
    ['with zeros as zone', '202607010000120000', '2026-07-01T09:00:00Z'],
  ])('is read: %s', (_, stamp, utc) => {
    expect(helsinki.parse(stamp)).toBe(Date.parse(utc));
  });

  test.each([' '.repeat(18), '', '20261122', '2026112x    120000'])(
    'is not read where it is none: %j',
    (text) => {
      expect(helsinki.parse(text)).toBeUndefined();
    },
  );

  test('reads what it writes, on every quarter of an hour of a year, but for the hour that comes twice', () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    let differing = 0;
    for (let quarter = 0; quarter < 365 * 96; quarter++) {
      const at = start + quarter * 15 * 60 * 1000;
      const read = helsinki.parse(helsinki.stamp(at));
      if (read !== at) {
        differing += 1;
        expect(read).toBe(at - 60 * 60 * 1000);
      }
    }
    expect(differing).toBe(4);
  });

  test('counts days by the calendar and not by hours', () => {
    expect(helsinki.daysBetween(Date.parse('2026-11-20T21:59:00Z'), Date.parse('2026-11-20T22:01:00Z'))).toBe(
      1,
    );
    expect(helsinki.daysBetween(Date.parse('2026-11-20T22:01:00Z'), Date.parse('2026-11-21T21:59:00Z'))).toBe(
      0,
    );
  });

  test('refuses a zone that there is not', () => {
    expect(() => new LocalTime('Europe/Imatra')).toThrow(RangeError);
  });
});
