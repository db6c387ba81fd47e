import type { AcsMeaning } from './acs-meanings.ts';

/** A sum of money: decimal text with a point (`12.40`), never a float, and the ISO 4217 code. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** A day in the library's time zone, `YYYY-MM-DD`. */
export type LocalDate = string;

/** When an item is due: a day, a day with a time that matters (`HH:MM`), or the library system’s own text where it is of no known form. */
export type Due =
  | { readonly kind: 'day'; readonly date: LocalDate }
  | { readonly kind: 'time'; readonly date: LocalDate; readonly time: string }
  | { readonly kind: 'text'; readonly text: string };

/** Words of the library system, shown as its own and never as ours. Plain text; control characters removed. */
export interface AcsText {
  readonly acs: string;
  /** What it means, where the library system’s profile knows; the station then says that in its own words. */
  readonly meaning?: AcsMeaning;
}

/** Longest entry of a list of the account. */
export const entryCharsMax = 500;

/** Longest card number that a page may send; longer ones are no card numbers. */
export const cardNumberCharsMax = 64;
