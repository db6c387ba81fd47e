import { z } from 'zod';
import { faultKinds } from './faults.ts';

/** The forms in which the simulated ACS can write a due date. */
export const dueFormNames = [
  'sip2',
  'sip2Zeros',
  'digits',
  'iso',
  'isoZone',
  'points',
  'slashDayFirst',
  'slashMonthFirst',
  'dashDayFirst',
  'monthName',
] as const;
export type DueFormName = (typeof dueFormNames)[number];

const code = z.string().regex(/^\d{2}$/);

/** How an ACS departs from the standard. Everything left out is as the standard has it. */
export const mannersSchema = z.strictObject({
  /** What the first six flags of the 98 say, whatever is true. */
  statusFlags: z
    .string()
    .regex(/^[YN]{6}$/)
    .optional(),
  /** AO of the 98; requests with another AO are ignored. */
  institutionId: z.string().optional(),
  /** AN of the 98; a checkin with another AP is ignored. */
  terminalLocation: z.string().optional(),
  /** Answers without AY and AZ, whatever the request had. */
  noErrorDetection: z.boolean().optional(),
  /** Hexadecimal digits of AZ in small letters. */
  lowerCaseChecksum: z.boolean().optional(),
  /** Ignores a request whose fixed part is not followed by a delimiter. */
  wantsDelimiterAfterFixed: z.boolean().optional(),
  /** Answers only requests that end with CR LF. */
  wantsCrlf: z.boolean().optional(),
  dueForm: z.enum(dueFormNames).optional(),
  /** Refuses loans and renewals without the PIN. */
  wantsPinWithEachRequest: z.boolean().optional(),
  /** Never says CQ. */
  noPinVerdict: z.boolean().optional(),
  /** Requests that are read and not answered. */
  ignores: z.array(code).optional(),
  /** Of an unknown card it says no BL, only six blank counts. */
  blankCountsForUnknown: z.boolean().optional(),
  /** A patron with any flag has them all. */
  allFlags: z.boolean().optional(),
  /** Flags that everybody has, as fourteen places. */
  flagsOfEverybody: z.string().length(14).optional(),
  patronIdPrefix: z.string().optional(),
  /** Every list in each 64. */
  allLists: z.boolean().optional(),
  /** Says that the patron is not valid when a request has BP or BQ. */
  refusesRanges: z.boolean().optional(),
  /** At most so many entries of a list in one answer. */
  listEntriesMax: z.int().min(1).optional(),
  /** Entries of lists with sub-fields between such signs: identifier, date, title. */
  subfieldSign: z.string().length(1).optional(),
  /** AU has titles. */
  chargedAsTitles: z.boolean().optional(),
  /** The field with the end of the card. */
  expiryField: z.enum(['PA', 'PX']).optional(),
  /** Desensitize in every loan. */
  desensitize: z.enum(['Y', 'N', 'U']).optional(),
  /** Says Y to desensitize for in-house loans too, and tells them by a text. */
  inHouseText: z.string().optional(),
  resensitize: z.enum(['Y', 'N']).optional(),
  /** Alert in every checkin, with the type 00 where there is nothing. */
  alertAlways: z.boolean().optional(),
  /** The bin of every checkin. */
  sortBin: z.string().optional(),
  /** The field of the bin. */
  sortBinField: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  noBlock: z.enum(['honoured', 'ignored']).optional(),
  /** Answers these as it always would, and does nothing. */
  pretends: z.array(code).min(1).optional(),
  /** Tells of items and patrons as they were at its start. */
  yesterday: z.boolean().optional(),
  /** A text in each answer that has room for one. */
  greeting: z.string().optional(),
  /** Texts instead of the usual ones, by what they mean. */
  texts: z.record(z.string(), z.string()).optional(),
  /** Fields that come once come twice, the second one wrong. */
  repeatsFields: z.boolean().optional(),
  /** Letters with their marks apart. */
  nfd: z.boolean().optional(),
  /** What goes wrong again and again: with each so-manieth request of these codes. */
  faults: z
    .array(
      z.strictObject({
        kind: z.enum(faultKinds),
        codes: z.array(code).min(1).optional(),
        every: z.int().min(1).max(1_000),
      }),
    )
    .optional(),
});
export type Manners = z.output<typeof mannersSchema>;
