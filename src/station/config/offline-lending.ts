import { z } from 'zod';
import { checkKinds } from '../core/identifiers/check-digits.ts';
import { described, whole } from './describe.ts';
import { patternList } from './patterns.ts';

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** Whether a text is a day that the calendar has: `2026-12-24`, or `12-24` for each year. */
export function isCalendarDay(text: string): boolean {
  const found = /^(?:(\d{4})-)?(\d\d)-(\d\d)$/.exec(text);
  if (found === null) return false;
  // A leap year, so that the 29th of February counts where no year is named.
  const [, year = '2024', month, day] = found;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

const due = described(
  z
    .strictObject({
      loanDays: whole(1, 365, 'How many days after the loan it is due.').default(28),
      closedWeekdays: described(
        z.array(described(z.enum(weekdays), 'A day of the week.')).max(6),
        'Days of the week on which the library is closed; a loan that would be due then is due on the next open day.',
      ).default([]),
      closedDates: described(
        z
          .array(
            described(
              z.string().refine(isCalendarDay),
              'A day on which the library is closed.',
              'a day as YYYY-MM-DD, or as MM-DD for each year; in quotes',
            ),
          )
          .max(400),
        'Further days on which the library is closed.',
      ).default([]),
    })
    .prefault({}),
  'The due date that the patron is told. It is provisional; the ACS may give another.',
);

const list = described(
  z.strictObject({
    name: described(
      z.string().regex(/^[a-z0-9-]{1,30}$/),
      'Its name, which each refusal by it tells.',
      'up to 30 small letters, digits and hyphens',
    ),
    of: described(
      z.enum(['items', 'cards']),
      'What its numbers are: items on hold and the like, or blocked cards.',
    ),
    from: described(
      z
        .string()
        .min(1)
        .max(1_000)
        .refine((from) => !/^[a-z]+:\/\//i.test(from) || from.startsWith('https://')),
      'Where it is fetched: a file, best with its whole path, or an address; one number on each line.',
      'a file, or an address that begins with https://',
    ),
    refreshMinutes: whole(1, 10_080, 'How often it is fetched.').default(60),
    staleHours: whole(1, 2_160, 'After how many hours it is too old to rely on.').default(48),
    whenStale: described(
      z.enum(['refuse', 'allow']),
      'What a list that is too old, or never came, means: refuse, nothing is lent; allow, what it still says counts.',
    ).default('refuse'),
  }),
  'One list.',
);

const section = z.strictObject({
  pin: described(
    z.enum(['not-asked', 'verifier']),
    'How the patron is known. not-asked: the card alone identifies. verifier: the PIN is checked against a memory-hard verifier of the last time that the ACS confirmed it; needs data.deviceKey.',
  ),
  verifierDays: whole(1, 90, 'How many days such a verifier counts.').default(30),
  perPatron: whole(1, 100, 'How many loans a patron can make in one outage.').default(5),
  perOutage: whole(1, 10_000, 'How many loans the station makes in one outage.').default(500),
  due,
  cards: described(
    z
      .strictObject({
        checkDigit: described(
          z.enum(['none', ...checkKinds]),
          'The check digit at the end of card numbers, which tells a card that was read wrong or made up.',
        ).default('none'),
        adult: patternList(
          'Patterns of cards that only adults have. Only these can borrow age-rated items while the ACS is away.',
        ),
      })
      .prefault({}),
    'Which cards can borrow while the ACS is away. They match identifiers.card, too.',
  ),
  items: described(
    z
      .strictObject({
        lendable: patternList('Patterns of the items that are lent while the ACS is away. Empty: all.'),
        never: patternList('Patterns of items that are not lent while the ACS is away.'),
        ageRated: patternList('Patterns of recordings and games with an age limit.'),
      })
      .prefault({}),
    'Which items are lent while the ACS is away. Nothing but their number is known then.',
  ),
  lists: described(
    z
      .array(list)
      .max(10)
      .refine((lists) => new Set(lists.map(({ name }) => name)).size === lists.length),
    'What must not be lent while the ACS is away, and to whom not, as the library provides it. Kept as keyed hashes only.',
    'a list of at most 10, each with a name of its own',
  ).default([]),
});

/** `services.borrow.offline`: `false`, or the rules by which the station lends by itself. */
export const offlineLending = described(
  z.union([z.literal(false), section]),
  'Whether and by which rules the station lends while the ACS is away. Such loans are told to the ACS later; what it refuses then goes to the staff list.',
  'false, or a mapping with the key pin',
).default(false);

export type OfflineLendingConfig = z.output<typeof section>;
