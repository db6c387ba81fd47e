import { describe, expect, test } from 'vitest';
import { downUntil, type DownTime } from '../../../src/ils/down-times.ts';
import { LibraryTime } from '../../../src/ils/library-time.ts';

const time = new LibraryTime('Europe/Helsinki');
const at = (text: string): number => Date.parse(text);

/** The end in UTC, as text; `none` where there is no rest. */
function until(now: string, ...downTimes: readonly DownTime[]): string {
  const end = downUntil(downTimes, time, at(now));
  return end === undefined ? 'none' : new Date(end).toISOString();
}

describe('a planned rest', () => {
  const night = { from: '01:00', to: '03:30' };

  test.each([
    // Helsinki is two hours ahead of UTC in winter.
    ['2026-11-20T22:59:59Z', 'none'],
    ['2026-11-20T23:00:00Z', '2026-11-21T01:30:00.000Z'],
    ['2026-11-21T01:29:59Z', '2026-11-21T01:30:00.000Z'],
    ['2026-11-21T01:30:00Z', 'none'],
    ['2026-07-20T22:00:00Z', '2026-07-21T00:30:00.000Z'],
  ])('at night: at %s until %s', (now, end) => expect(until(now, night)).toBe(end));

  test.each([
    ['2026-11-20T19:59:00Z', 'none'],
    ['2026-11-20T20:00:00Z', '2026-11-21T00:00:00.000Z'],
    ['2026-11-20T23:00:00Z', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T00:00:00Z', 'none'],
  ])('over midnight: at %s until %s', (now, end) => {
    expect(until(now, { from: '22:00', to: '02:00' })).toBe(end);
  });

  test('on the days on which it begins, the night after too', () => {
    // 20 November 2026 is a Friday.
    const fridays: DownTime = { from: '22:00', to: '02:00', days: ['fri'] };
    expect(until('2026-11-20T20:00:00Z', fridays)).toBe('2026-11-21T00:00:00.000Z');
    expect(until('2026-11-20T23:30:00Z', fridays)).toBe('2026-11-21T00:00:00.000Z');
    expect(until('2026-11-21T20:00:00Z', fridays)).toBe('none');
    expect(until('2026-11-19T23:30:00Z', fridays)).toBe('none');
  });

  test('of two that overlap the later end counts', () => {
    expect(until('2026-11-20T23:30:00Z', night, { from: '01:15', to: '04:00' })).toBe(
      '2026-11-21T02:00:00.000Z',
    );
  });

  test('ends by the wall, also in the night in which the clocks change', () => {
    // On 29 March 2026 the clocks go from 03:00 to 04:00, on 25 October from 04:00 to 03:00.
    expect(until('2026-03-28T23:30:00Z', { from: '01:00', to: '05:00' })).toBe('2026-03-29T02:00:00.000Z');
    expect(until('2026-10-24T22:30:00Z', { from: '01:00', to: '05:00' })).toBe('2026-10-25T03:00:00.000Z');
  });

  test('there is none where none is planned', () => expect(until('2026-11-20T23:30:00Z')).toBe('none'));
});
