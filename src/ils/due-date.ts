import type { Due } from '../shared/values.ts';
import { acsTextCharsMax, cleanText } from './acs-text.ts';
import type { LibraryTime } from './library-time.ts';

/** Which of two numbers before the year is the day, where a library system writes them with slashes. */
export type SlashOrder = 'dayFirst' | 'monthFirst';

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Offset from UTC in hours; undefined means the library’s own time. */
  readonly zoneHours: number | undefined;
}

interface Form {
  readonly pattern: RegExp;
  /** Names of the pattern’s groups for the date, in order. */
  readonly order: 'ymd' | 'dmy' | 'slash';
}

/**
 * The forms of AH that library systems are known to use. 2.12 calls it free text. In order: SIP2’s own with any
 * four characters of zone, the eight digits alone, ISO with or without a time and the name of a zone, the day first with
 * points, and slashes, which mean nothing without a setting.
 */
const forms: readonly Form[] = [
  { pattern: /^(\d{4})(\d\d)(\d\d)(.{4})(\d\d)(\d\d)(\d\d)$/, order: 'ymd' },
  { pattern: /^(\d{4})(\d\d)(\d\d)$/, order: 'ymd' },
  { pattern: /^(\d{4})-(\d\d)-(\d\d)(?:[ T]()(\d\d):(\d\d)(?::(\d\d))?(?: ?[A-Z]{1,5})?)?$/, order: 'ymd' },
  { pattern: /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:(?:, ?| )()(\d\d)[:.](\d\d)(?:[:.](\d\d))?)?$/, order: 'dmy' },
  { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:(?:, ?| )()(\d\d):(\d\d)(?::(\d\d))?)?$/, order: 'slash' },
];

/** Reads AH. Undefined where it is empty; text of no known form is told as it is. */
export function dueOf(raw: string | undefined, time: LibraryTime, slashOrder?: SlashOrder): Due | undefined {
  const trimmed = raw?.trim() ?? '';
  const parts = read(trimmed, slashOrder);
  if (parts !== undefined) return onTheWall(parts, time);
  const text = cleanText(trimmed, acsTextCharsMax);
  return text === '' ? undefined : { kind: 'text', text };
}

function read(text: string, slashOrder: SlashOrder | undefined): Parts | undefined {
  for (const { pattern, order } of forms) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const [, a = '', b = '', c = '', zone = '', hour = '0', minute = '0', second = '0'] = found;
    const date = inOrder(order, slashOrder, Number(a), Number(b), Number(c));
    if (date === undefined) return undefined;
    const clock = { hour: Number(hour), minute: Number(minute), second: Number(second) };
    return isReal(date, clock) ? { ...date, ...clock, zoneHours: zoneHours(zone) } : undefined;
  }
  return undefined;
}

type DateParts = Pick<Parts, 'year' | 'month' | 'day'>;

function inOrder(
  order: Form['order'],
  slashOrder: SlashOrder | undefined,
  a: number,
  b: number,
  c: number,
): DateParts | undefined {
  if (order === 'ymd') return { year: a, month: b, day: c };
  if (order === 'dmy' || slashOrder === 'dayFirst') return { year: c, month: b, day: a };
  return slashOrder === 'monthFirst' ? { year: c, month: a, day: b } : undefined;
}

function isReal({ year, month, day }: DateParts, clock: Pick<Parts, 'hour' | 'minute' | 'second'>): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  const sameDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return sameDay && year >= 1900 && clock.hour < 24 && clock.minute < 60 && clock.second < 60;
}

/**
 * The zone of SIP2’s form as hours from UTC: one military letter in the last place. Whatever else stands there
 * (blanks, `0000`, a name of a zone) is local time.
 */
function zoneHours(zone: string): number | undefined {
  const name = zone.trim();
  if (name === 'Z' || name === 'UTC') return 0;
  if (name.length !== 1) return undefined;
  const east = 'ABCDEFGHIKLM'.indexOf(name);
  if (east >= 0) return east + 1;
  const west = 'NOPQRSTUVWXY'.indexOf(name);
  return west >= 0 ? -west - 1 : undefined;
}

const hourMs = 3_600_000;

function onTheWall(parts: Parts, time: LibraryTime): Due {
  const { year, month, day, hour, minute, second, zoneHours: zone } = parts;
  const named = Date.UTC(year, month - 1, day, hour, minute, second);
  const wall = zone === undefined ? new Date(named) : time.wall(named - zone * hourMs);
  const text = wall.toISOString();
  const date = text.slice(0, 10);
  const clock = text.slice(11, 16);
  // The last minute of a day means the whole of it; midnight is what systems without a time write.
  return clock === '23:59' || clock === '00:00' ? { kind: 'day', date } : { kind: 'time', date, time: clock };
}
