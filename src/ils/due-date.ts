import type { Due } from '../shared/values.ts';
import { acsTextCharsMax, cleanText } from './acs-text.ts';
import { dueForms, type DueForm } from '../sip2/profiles/rules.ts';
import type { LibraryTime } from './library-time.ts';

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
  /** What the pattern’s first three groups are. */
  readonly order: 'ymd' | 'dmy' | 'mdy';
}

/** Names of the months as they are written, by their first three letters. */
const months = 'jan feb mar apr may jun jul aug sep oct nov dec';

/** The forms of AH that library systems are known to use; 2.12 calls it free text. Each may have a time after the date. */
const forms: Readonly<Record<DueForm, Form>> = {
  // SIP2’s own, with any four characters of zone.
  sip2: { pattern: /^(\d{4})(\d\d)(\d\d)(.{4})(\d\d)(\d\d)(\d\d)$/, order: 'ymd' },
  digits: { pattern: /^(\d{4})(\d\d)(\d\d)$/, order: 'ymd' },
  iso: {
    pattern: /^(\d{4})-(\d\d)-(\d\d)(?:[ T]()(\d\d):(\d\d)(?::(\d\d))?(?: ?[A-Z]{1,5})?)?$/,
    order: 'ymd',
  },
  points: {
    pattern: /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:(?:, ?| )()(\d\d)[:.](\d\d)(?:[:.](\d\d))?)?$/,
    order: 'dmy',
  },
  slashDayFirst: { pattern: numbers('/'), order: 'dmy' },
  slashMonthFirst: { pattern: numbers('/'), order: 'mdy' },
  slashYearFirst: {
    pattern: /^(\d{4})\/(\d{1,2})\/(\d{1,2})(?:(?:, ?| )()(\d\d):(\d\d)(?::(\d\d))?)?$/,
    order: 'ymd',
  },
  dashDayFirst: { pattern: numbers('-'), order: 'dmy' },
  monthName: {
    pattern: /^(\d{1,2})[ -]([A-Za-z]{3})[a-z]*\.?[ -](\d{4})(?:(?:, ?| )()(\d\d):(\d\d)(?::(\d\d))?)?$/,
    order: 'dmy',
  },
};

function numbers(between: '/' | '-'): RegExp {
  const date = String.raw`(\d{1,2})${between}(\d{1,2})${between}(\d{4})`;
  return new RegExp(String.raw`^${date}(?:(?:, ?| )()(\d\d):(\d\d)(?::(\d\d))?)?$`);
}

/** The forms that cannot be taken for one another. Numbers between slashes mean nothing without a profile. */
export const plainDueForms: readonly DueForm[] = ['sip2', 'digits', 'iso', 'points'];

/** Reads AH by the forms given, in their order. Undefined where it is empty; text of no such form is told as it is. */
export function dueOf(
  raw: string | undefined,
  time: LibraryTime,
  tried: readonly DueForm[] = plainDueForms,
): Due | undefined {
  const trimmed = raw?.trim() ?? '';
  for (const name of tried) {
    const parts = read(trimmed, forms[name]);
    if (parts !== undefined) return onTheWall(parts, time);
  }
  const text = cleanText(trimmed, acsTextCharsMax);
  return text === '' ? undefined : { kind: 'text', text };
}

/** The forms that a value may be written in, whatever they make of it. */
export function dueFormsOf(raw: string): DueForm[] {
  return dueForms.filter((name) => read(raw.trim(), forms[name]) !== undefined);
}

function read(text: string, { pattern, order }: Form): Parts | undefined {
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [, a = '', b = '', c = '', zone = '', hour = '0', minute = '0', second = '0'] = found;
  const date = inOrder(order, Number(a), monthOf(b), Number(c));
  const clock = { hour: Number(hour), minute: Number(minute), second: Number(second) };
  return isReal(date, clock) ? { ...date, ...clock, zoneHours: zoneHours(zone) } : undefined;
}

function monthOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const place = months.indexOf(text.toLowerCase());
  return place < 0 ? 0 : place / 4 + 1;
}

type DateParts = Pick<Parts, 'year' | 'month' | 'day'>;

function inOrder(order: Form['order'], a: number, b: number, c: number): DateParts {
  if (order === 'ymd') return { year: a, month: b, day: c };
  return order === 'dmy' ? { year: c, month: b, day: a } : { year: c, month: a, day: b };
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
  const { zoneHours: zone } = parts;
  const { year, month, day, hour, minute } =
    zone === undefined ? parts : onTheLibrarysWall(parts, zone, time);
  const date = `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
  const clock = `${padded(hour, 2)}:${padded(minute, 2)}`;
  // The last minute of a day means the whole of it; midnight is what systems without a time write.
  return clock === '23:59' || clock === '00:00' ? { kind: 'day', date } : { kind: 'time', date, time: clock };
}

function onTheLibrarysWall(
  parts: Parts,
  zone: number,
  time: LibraryTime,
): DateParts & Pick<Parts, 'hour' | 'minute'> {
  const { year, month, day, hour, minute, second } = parts;
  const wall = time.wall(Date.UTC(year, month - 1, day, hour, minute, second) - zone * hourMs);
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
  };
}

function padded(part: number, digits: number): string {
  return String(part).padStart(digits, '0');
}
