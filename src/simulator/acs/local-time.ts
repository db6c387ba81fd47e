import { assert } from '../../kernel/assert.ts';
import type { UtcMillis } from '../../kernel/clock.ts';

const quarterMs = 15 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;
const offsetsKeptMax = 4096;

/**
 * A time zone, fast: 200,000 loans a minute ask it. An offset holds for its quarter of an hour, since no zone
 * changes its clocks but on a full quarter; `Intl` is asked once for each.
 */
export class LocalTime {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** @param timeZone an IANA name; an unknown one throws. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** SIP2 date and time (2.12, "transaction date"): `YYYYMMDD`, four blanks for local time, `HHMMSS`. */
  stamp(at: UtcMillis): string {
    const local = new Date(at + this.#offset(at));
    return (
      `${pad(local.getUTCFullYear(), 4)}${pad(local.getUTCMonth() + 1, 2)}${pad(local.getUTCDate(), 2)}    ` +
      `${pad(local.getUTCHours(), 2)}${pad(local.getUTCMinutes(), 2)}${pad(local.getUTCSeconds(), 2)}`
    );
  }

  /** 23:59 of the local day that is `days` after the one of `at`. */
  endOfDay(at: UtcMillis, days: number): UtcMillis {
    const localDay = Math.floor((at + this.#offset(at)) / dayMs) + days;
    return this.#toUtc(localDay * dayMs + dayMs - 60_000);
  }

  /** Whole local days from the day of `from` to the day of `to`. */
  daysBetween(from: UtcMillis, to: UtcMillis): number {
    return Math.floor((to + this.#offset(to)) / dayMs) - Math.floor((from + this.#offset(from)) / dayMs);
  }

  /** Reads a local SIP2 date and time; undefined where it is blank or not one. */
  parse(stamp: string): UtcMillis | undefined {
    const parts = /^(\d{4})(\d{2})(\d{2}).{4}(\d{2})(\d{2})(\d{2})$/.exec(stamp);
    if (parts === null) {
      return undefined;
    }
    const [year, month, day, hour, minute, second] = parts.slice(1).map(Number);
    assert(
      year !== undefined && month !== undefined && day !== undefined && hour !== undefined,
      'the expression has six groups',
    );
    const local = Date.UTC(year, month - 1, day, hour, minute, second);
    return stamp[11] === 'Z' ? local : this.#toUtc(local);
  }

  /** A local time of the hour that comes twice means its first; one of the hour that never comes, the time after. */
  #toUtc(local: number): UtcMillis {
    const guess = local - this.#offset(local);
    const earlier = local - this.#offset(guess - 3 * 60 * 60 * 1000);
    return earlier + this.#offset(earlier) === local ? earlier : local - this.#offset(guess);
  }

  #offset(at: UtcMillis): number {
    const quarter = Math.floor(at / quarterMs);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) {
      return known;
    }
    if (this.#offsets.size >= offsetsKeptMax) {
      this.#offsets.clear();
    }
    const start = quarter * quarterMs;
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(start)) {
      part[type] = Number(value);
    }
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - start;
    this.#offsets.set(quarter, offset);
    return offset;
  }
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
