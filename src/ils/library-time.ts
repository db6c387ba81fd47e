import type { UtcMillis } from '../kernel/clock.ts';

/** How long an offset holds for sure: every zone changes it on a quarter of an hour. */
const blockMs = 900_000;
/** Offsets that are remembered; a station looks at few moments beside now. */
const rememberedMax = 512;

/** A format takes a third of a millisecond to make, and a station has one zone. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timeZone, made);
  return made;
}

/** The time on the library’s wall, in the station’s own terms. */
export class LibraryTime {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** @param timeZone an IANA name; an unknown one throws */
  constructor(timeZone: string) {
    this.#format = formatOf(timeZone);
  }

  /** Milliseconds that the wall is ahead of UTC. */
  offsetMs(at: UtcMillis): number {
    const block = Math.floor(at / blockMs);
    const known = this.#offsets.get(block);
    if (known !== undefined) return known;
    const offset = this.#measure(block * blockMs);
    if (this.#offsets.size >= rememberedMax) this.#offsets.clear();
    this.#offsets.set(block, offset);
    return offset;
  }

  /** The wall’s date and time as a `Date` whose UTC parts are to be read. */
  wall(at: UtcMillis): Date {
    return new Date(at + this.offsetMs(at));
  }

  /** SIP2’s form of a local time, `YYYYMMDD    HHMMSS`. */
  sip2(at: UtcMillis): string {
    const wall = this.wall(at);
    const date = wall.getUTCFullYear() * 10_000 + (wall.getUTCMonth() + 1) * 100 + wall.getUTCDate();
    const time = wall.getUTCHours() * 10_000 + wall.getUTCMinutes() * 100 + wall.getUTCSeconds();
    return `${date}    ${String(time).padStart(6, '0')}`;
  }

  /** The hour and minute on the wall, `HH:MM`. */
  hourMinute(at: UtcMillis): string {
    return this.wall(at).toISOString().slice(11, 16);
  }

  #measure(at: UtcMillis): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(at)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - at;
  }
}
