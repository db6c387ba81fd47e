import type { LocalDate } from '../../shared/values.ts';

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

export interface DueRule {
  readonly loanDays: number;
  readonly closedWeekdays: readonly Weekday[];
  /** `YYYY-MM-DD`, or `MM-DD` for each year. */
  readonly closedDates: readonly string[];
}

/** No library is closed for longer; a calendar that says so is not followed further. */
const closedDaysMax = 366;

const weekdayNames: readonly Weekday[] = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
];

const dayMs = 86_400_000;

/** The day on which a loan of this day is due by the station’s own rule: the first open day when its time is over. */
export function provisionalDue(lentOn: LocalDate, rule: DueRule): LocalDate {
  // Days of a calendar, not moments: counted in UTC, where each has 24 hours.
  const first = Date.parse(`${lentOn}T00:00:00Z`) + rule.loanDays * dayMs;
  for (let later = 0; later <= closedDaysMax; later++) {
    const day = new Date(first + later * dayMs);
    if (!isClosed(day, rule)) return dateText(day);
  }
  return dateText(new Date(first));
}

function isClosed(day: Date, { closedWeekdays, closedDates }: DueRule): boolean {
  const name = weekdayNames[day.getUTCDay()];
  if (name !== undefined && closedWeekdays.includes(name)) return true;
  const date = dateText(day);
  return closedDates.includes(date) || closedDates.includes(date.slice(5));
}

function dateText(day: Date): LocalDate {
  return day.toISOString().slice(0, 10);
}
