import { z } from 'zod';

/** The reasons that a patron status can tell (2.12, "patron status"), in its order. */
export const patronFlags = [
  'chargePrivilegesDenied',
  'renewalPrivilegesDenied',
  'recallPrivilegesDenied',
  'holdPrivilegesDenied',
  'cardReportedLost',
  'tooManyItemsCharged',
  'tooManyItemsOverdue',
  'tooManyRenewals',
  'tooManyClaimsOfItemsReturned',
  'tooManyItemsLost',
  'excessiveOutstandingFines',
  'excessiveOutstandingFees',
  'recallOverdue',
  'tooManyItemsBilled',
] as const;
export type PatronFlag = (typeof patronFlags)[number];

/** The flags of a 98 that a profile may believe. Never “checkin ok”: a return is always taken. */
export const statusFlags = ['onLineStatus', 'checkoutOk', 'acsRenewalPolicy'] as const;
export type StatusFlag = (typeof statusFlags)[number];

/**
 * The forms in which library systems write AH: SIP2’s own with any zone; eight digits; ISO; the day first with points; with
 * slashes and dashes; the month by its English name.
 */
export const dueForms = [
  'sip2',
  'digits',
  'iso',
  'points',
  'slashDayFirst',
  'slashMonthFirst',
  'slashYearFirst',
  'dashDayFirst',
  'monthName',
] as const;
export type DueForm = (typeof dueForms)[number];

/** Why an item needs a hand after a return; by the codes of the sorters’ extension: CV. */
export const alertTypes = ['none', 'holdHere', 'holdElsewhere', 'illHold', 'otherBranch', 'other'] as const;
export type AlertType = (typeof alertTypes)[number];

/** What an entry of a list can tell. `id` is the item’s identifier, `bib` the title’s. */
export const entryParts = [
  'id',
  'bib',
  'date',
  'title',
  'author',
  'material',
  'type',
  'shelf',
  'pickup',
  'position',
  'amount',
  'reason',
  'feeId',
  'unused',
] as const;
export type EntryPart = (typeof entryParts)[number];

/** What somebody waits for: an item that exists, one that the library has ordered, one from another library. */
export const holdKinds = ['hold', 'order', 'interlibrary'] as const;
export type HoldKind = (typeof holdKinds)[number];

/** The fields of a 64 that are lists. */
export const listFields = ['AS', 'AT', 'AU', 'AV', 'BU', 'CD'] as const;
export type ListField = (typeof listFields)[number];

const circulationStatuses = [
  'available',
  'charged',
  'onHoldShelf',
  'inTransit',
  'inProcess',
  'onOrder',
  'toBeReshelved',
  'claimedReturned',
  'lost',
  'missing',
  'other',
] as const;

const fieldId = z.string().regex(/^[A-Z][A-Z0-9]$/);

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'iu');
    return true;
  } catch {
    return false;
  }
}
export const patternText = z.string().min(1).max(300).refine(isPattern, 'no regular expression');

interface RuleSpec {
  readonly schema: z.ZodType;
  /** Codes of the messages that it changes, or whose reading it changes. */
  readonly messages: readonly string[];
  readonly about: string;
}

/**
 * Every rule that a profile can have. `generic.json` gives each a value; another profile names only those in which its
 * library system differs.
 */
export const profileRules = {
  charset: {
    schema: z.string().min(1).max(40),
    messages: ['*'],
    about: 'The character set of the connection.',
  },
  terminator: {
    schema: z.enum(['CR', 'CRLF']),
    messages: ['*'],
    about: 'What ends a message that the station sends. Either is understood.',
  },
  delimiter: {
    schema: z.string().length(1),
    messages: ['*'],
    about: 'The sign that ends a variable field.',
  },
  delimiterAfterFixed: {
    schema: z.boolean(),
    messages: ['11', '63'],
    about: 'Whether a delimiter stands between the fixed part and the first variable field.',
  },
  errorDetection: {
    schema: z.boolean(),
    messages: ['*'],
    about: 'Whether requests carry sequence number and checksum (AY, AZ).',
  },
  replyTimeoutSeconds: {
    schema: z.int().min(1).max(60),
    messages: ['*'],
    about: 'How long the station waits for an answer.',
  },
  keepAliveSeconds: {
    schema: z.int().min(5).max(600),
    messages: ['99'],
    about: 'After how long a silence the station asks for the status, so that the connection is not closed.',
  },
  repeats: {
    schema: z.enum(['executed', 'recognised']),
    messages: ['09', '11', '15', '29', '37', '65'],
    about:
      'What becomes of the same bytes sent twice: carried out a second time, or answered from memory (which needs error detection). Where they are carried out again, nothing that changes something is ever sent twice.',
  },
  believedStatusFlags: {
    schema: z.array(z.enum(statusFlags)),
    messages: ['98'],
    about: 'Which flags of the ACS status are true. A flag that is not named here lies, and is not followed.',
  },
  institutionId: {
    schema: z.enum(['configured', 'fromStatus']),
    messages: ['98', '11'],
    about: 'Which AO requests carry: the configured one, or the one that the last 98 gave.',
  },
  checkinLocation: {
    schema: z.enum(['configured', 'fromStatus']),
    messages: ['98', '09'],
    about: 'Which AP a checkin carries: the configured location, or AN of the last 98.',
  },
  languages: {
    schema: z.record(z.string().regex(/^[a-z]{2}$/), z.string().regex(/^\d{3}$/)),
    messages: ['63', '23'],
    about:
      'The number of each language. The standard has none for Czech and Ukrainian; a language that is not named goes as 000.',
  },
  pinCheck: {
    schema: z.enum(['patronInformation', 'patronStatus']),
    messages: ['63', '23'],
    about: 'Which request checks the PIN.',
  },
  missingPinVerdict: {
    schema: z.enum(['notTold', 'right']),
    messages: ['64', '24'],
    about: 'What it means when the answer to a PIN has no CQ.',
  },
  pinWithEachRequest: {
    schema: z.boolean(),
    messages: ['11', '29', '63', '35', '15', '37', '65'],
    about:
      'Whether each request for a patron must carry the PIN. The station then holds it until the session ends.',
  },
  unknownCardSigns: {
    schema: z.array(z.enum(['validPatron', 'blankCounts'])).min(1),
    messages: ['64'],
    about: 'How an unknown card is told: BL N, or six blank counts.',
  },
  patronIdPrefixes: {
    schema: z.array(z.string().min(1).max(20)),
    messages: ['64', '12', '30', '36'],
    about: 'What may stand before the card number when AA comes back.',
  },
  blockingFlags: {
    schema: z.array(z.enum(patronFlags)).min(1),
    messages: ['64'],
    about: 'Which flags of the patron status deny lending; the others are reasons.',
  },
  ignoredFlags: {
    schema: z.array(z.enum(patronFlags)),
    messages: ['64'],
    about: 'Flags of the patron status that say nothing.',
  },
  allFlagsForAnyBlock: {
    schema: z.boolean(),
    messages: ['64'],
    about: 'Whether any block sets (nearly) all flags, so that none of them is the reason.',
  },
  patronExpiry: {
    schema: z.union([z.null(), z.strictObject({ field: fieldId })]),
    messages: ['64'],
    about: 'The field with the day on which the card ends, in a form that begins with YYYYMMDD or is ISO.',
  },
  wards: {
    schema: z.union([z.null(), z.strictObject({ field: fieldId, separator: z.string().length(1) })]),
    messages: ['64'],
    about:
      'How a ward’s account is reached: by the numbers in this field of the guardian’s answer, or (null) by the ward’s own card only.',
  },
  summary: {
    schema: z.enum(['oneList', 'allLists']),
    messages: ['63'],
    about: 'Whether a request asks for one list (one Y), or one answer brings them all.',
  },
  listRange: {
    schema: z.int().min(0).max(500),
    messages: ['63'],
    about: 'How many entries of a list one request asks for by BP and BQ; 0: the fields are not sent.',
  },
  chargedEntries: {
    schema: z.enum(['item', 'title']),
    messages: ['64'],
    about: 'Whether the list of loans (AU) has item identifiers, or titles that prove nothing.',
  },
  entrySubfields: {
    schema: z.union([
      z.null(),
      z.strictObject({
        separator: z.string().length(1),
        layouts: z.partialRecord(z.enum(listFields), z.array(z.enum(entryParts)).min(1)),
        holdKinds: z.record(z.string().min(1), z.enum(holdKinds)).optional(),
      }),
    ]),
    messages: ['64'],
    about:
      'How an entry of each list is divided; null, or a list that is not named: it is one value. holdKinds: which values of type are orders or inter-library loans.',
  },
  dueForms: {
    schema: z.array(z.enum(dueForms)).min(1),
    messages: ['12', '18', '30'],
    about:
      'The forms of the due date (AH), in the order in which they are tried. Any other is shown as it came.',
  },
  circulationStatus: {
    schema: z.record(z.string().regex(/^\d{2}$/), z.enum(circulationStatuses)),
    messages: ['18'],
    about: 'Numbers of the circulation status that mean something else than the standard’s.',
  },
  scRenewalPolicy: {
    schema: z.enum(['Y', 'N']),
    messages: ['11'],
    about: 'Whether a checkout of what the patron has already may renew it.',
  },
  renewBy: {
    schema: z.enum(['renew', 'checkout']),
    messages: ['29', '11'],
    about: 'Whether a loan is renewed by 29 or by a second checkout. Never by a return and a loan.',
  },
  renewAll: {
    schema: z.enum(['together', 'oneByOne']),
    messages: ['65'],
    about: 'Whether all loans are renewed by one 65, or each by its own renewal.',
  },
  desensitize: {
    schema: z.enum(['whenTold', 'unlessDenied', 'never']),
    messages: ['12', '30'],
    about: 'When a loan lifts the item’s security: at Y, at anything but N, or never.',
  },
  inHouse: {
    schema: z.array(z.strictObject({ field: fieldId, pattern: patternText })),
    messages: ['12'],
    about: 'Signs that an item is lent for the reading room only, and stays secured whatever the flag says.',
  },
  noBlock: {
    schema: z.strictObject({ checkin: z.boolean(), checkout: z.boolean(), renew: z.boolean() }),
    messages: ['09', '11', '29'],
    about:
      'Whether what happened during an outage is told as no-block, which the ACS may not refuse; otherwise it is told as if it happened now.',
  },
  returnDate: {
    schema: z.enum(['whenOffline', 'always', 'never']),
    messages: ['09'],
    about: 'When a checkin names the day on which the item came back.',
  },
  resensitize: {
    schema: z.enum(['whenTold', 'whenTaken']),
    messages: ['10'],
    about: 'When a return secures the item again: at Y, or whenever it was taken.',
  },
  alert: {
    schema: z.enum(['flag', 'type']),
    messages: ['10'],
    about:
      'What makes a returned item one for staff: the flag, or (where the flag is always Y) the type of the alert.',
  },
  alertTypes: {
    schema: z.strictObject({ field: fieldId, codes: z.record(z.string().min(1), z.enum(alertTypes)) }),
    messages: ['10'],
    about: 'The field with the type of the alert, and what its codes mean.',
  },
  sortBin: {
    schema: z.strictObject({ field: fieldId, ignore: z.array(z.string()) }),
    messages: ['10'],
    about: 'The field with the bin for the sorter, and the values that are no bin.',
  },
  notChargedIsTaken: {
    schema: z.boolean(),
    messages: ['10'],
    about: 'Whether a return that is refused because the item is not on loan was taken all the same.',
  },
  endSession: {
    schema: z.boolean(),
    messages: ['35'],
    about: 'Whether the end of a session is told.',
  },
  holdActions: {
    schema: z.array(z.enum(['add', 'delete'])),
    messages: ['15'],
    about: 'What can be done with holds.',
  },
  feePaid: {
    schema: z.boolean(),
    messages: ['37'],
    about: 'Whether payments can be told.',
  },
  effectsShown: {
    schema: z.boolean(),
    messages: ['17', '63'],
    about:
      'Whether 17 and 63 show at once what the library system did, so that the station can look whether what was accepted is done.',
  },
} as const satisfies Readonly<Record<string, RuleSpec>>;

export type RuleName = keyof typeof profileRules;
export type ProfileRules = { readonly [N in RuleName]: z.output<(typeof profileRules)[N]['schema']> };
export const ruleNames = Object.keys(profileRules) as RuleName[];
