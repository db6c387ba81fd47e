import type { UtcMillis } from '../kernel/clock.ts';
import type { LibraryTime } from './library-time.ts';

/** The days of the week in the order of `Date`. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** A time of rest of the library system, each day or on some; one whose end is before its beginning goes over midnight. */
export interface DownTime {
  /** `HH:MM` on the library’s wall. */
  readonly from: string;
  readonly to: string;
  /** The days on which it begins; each where it is left out. */
  readonly days?: readonly Weekday[] | undefined;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** When the rest of this moment ends, the last of those that overlap; undefined while there is none. */
export function downUntil(
  downTimes: readonly DownTime[],
  time: LibraryTime,
  now: UtcMillis,
): UtcMillis | undefined {
  const wall = now + time.offsetMs(now);
  const midnight = wall - (((wall % dayMs) + dayMs) % dayMs);
  let last: number | undefined;
  for (const downTime of downTimes) {
    const from = minutesOf(downTime.from) * minuteMs;
    const to = minutesOf(downTime.to) * minuteMs;
    const length = to > from ? to - from : to - from + dayMs;
    // It may have begun yesterday.
    for (const day of [midnight - dayMs, midnight]) {
      const weekday = weekdays[new Date(day).getUTCDay()];
      if (downTime.days !== undefined && !downTime.days.some((one) => one === weekday)) continue;
      const begin = day + from;
      if (wall < begin || wall >= begin + length) continue;
      last = Math.max(last ?? 0, begin + length);
    }
  }
  return last === undefined ? undefined : utcOf(last, time, now);
}

/** The moment at which the wall shows this; in the hour that summer time takes or gives, one near it. */
function utcOf(wall: number, time: LibraryTime, near: UtcMillis): UtcMillis {
  const guess = wall - time.offsetMs(near);
  const end = wall - time.offsetMs(guess);
  return Math.max(end, near + 1);
}
