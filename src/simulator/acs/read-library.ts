import { z } from 'zod';
import { patronBlocks } from '../../ils/ils.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { LibraryData } from './library-data.ts';

const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\x21-\x7e]+$/, 'letters, digits and signs without blanks')
  .refine((text) => !text.includes('|'), 'no |');
const text = z.string().min(1).max(400);
const money = z.string().regex(/^\d{1,7}\.\d{2}$/, 'an amount such as 2.00');
const days = z.int().min(-3650).max(3650);
const count = z.int().min(0).max(9999);

const itemTypes = [
  'book',
  'quickLoan',
  'magazine',
  'dvd',
  'cd',
  'audioTape',
  'game',
  'map',
  'equipment',
] as const;

const loanRule = z.strictObject({
  loanDays: z.int().min(0).max(3650),
  renewalsMax: count,
  mediaType: z.string().regex(/^\d{3}$/),
  magnetic: z.boolean(),
  sortBin: text,
});

const item = z.strictObject({
  item: id,
  title: text,
  author: text.exactOptional(),
  type: z.enum(itemTypes),
  year: z.int().min(1).max(2100).exactOptional(),
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .exactOptional(),
  parts: z.int().min(2).max(99).exactOptional(),
  record: id.exactOptional(),
  branch: text.exactOptional(),
  status: z
    .enum([
      'available',
      'onOrder',
      'inProcess',
      'toBeReshelved',
      'inTransit',
      'claimedReturned',
      'lost',
      'missing',
    ])
    .exactOptional(),
  referenceOnly: z.boolean().exactOptional(),
  inHouse: z.boolean().exactOptional(),
  adultsOnly: z.boolean().exactOptional(),
  loanFee: money.exactOptional(),
  label: text.exactOptional(),
});

const patron = z.strictObject({
  card: id,
  pin: z.string().min(1).max(64).exactOptional(),
  name: text,
  language: z
    .string()
    .regex(/^\d{3}$/)
    .exactOptional(),
  child: z.boolean().exactOptional(),
  email: text.exactOptional(),
  address: text.exactOptional(),
  phone: text.exactOptional(),
  expiresInDays: days.exactOptional(),
  blocks: z.array(z.enum(patronBlocks)).exactOptional(),
  loansMax: count.exactOptional(),
  fees: z
    .array(
      z.strictObject({
        amount: money,
        feeType: z
          .string()
          .regex(/^(?!00)\d{2}$/)
          .exactOptional(),
        text,
      }),
    )
    .exactOptional(),
  loans: z
    .array(
      z.strictObject({
        item: id,
        dueInDays: days,
        renewals: count.exactOptional(),
        recalled: z.boolean().exactOptional(),
      }),
    )
    .exactOptional(),
  holds: z
    .array(z.strictObject({ item: id, ready: z.boolean().exactOptional(), pickup: text.exactOptional() }))
    .exactOptional(),
  note: text.exactOptional(),
  label: text.exactOptional(),
});

const limits = z.strictObject({
  loansMax: count.exactOptional(),
  childLoansMax: count.exactOptional(),
  overduesMax: count.exactOptional(),
  holdsMax: count.exactOptional(),
  feeMax: money.exactOptional(),
  finePerDay: money.exactOptional(),
  finePerItemMax: money.exactOptional(),
  holdShelfDays: count.exactOptional(),
});

const loanRules = z.strictObject({
  book: loanRule.exactOptional(),
  quickLoan: loanRule.exactOptional(),
  magazine: loanRule.exactOptional(),
  dvd: loanRule.exactOptional(),
  cd: loanRule.exactOptional(),
  audioTape: loanRule.exactOptional(),
  game: loanRule.exactOptional(),
  map: loanRule.exactOptional(),
  equipment: loanRule.exactOptional(),
});

const library = z.strictObject({
  institutionId: id,
  name: text,
  branch: text,
  currency: z.string().regex(/^[A-Z]{3}$/),
  limits: limits.exactOptional(),
  loanRules: loanRules.exactOptional(),
  items: z.array(item).min(1),
  patrons: z.array(patron).min(1),
});

/** Reads a library from what `JSON.parse` gave. The error is a sentence that names the place. */
export function readLibrary(json: unknown): Result<LibraryData, string> {
  const read = library.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return err(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a library'}`);
  }
  const data: LibraryData = read.data;
  const problem = contradiction(data);
  return problem === undefined ? ok(data) : err(problem);
}

function contradiction(data: LibraryData): string | undefined {
  const items = new Set<string>();
  for (const { item: number } of data.items) {
    if (items.has(number)) {
      return `two items have the number ${number}`;
    }
    items.add(number);
  }
  const cards = new Set<string>();
  const lent = new Set<string>();
  const ready = new Set<string>();
  for (const { card, loans = [], holds = [] } of data.patrons) {
    if (cards.has(card)) {
      return `two patrons have the card ${card}`;
    }
    cards.add(card);
    for (const { item: number } of [...loans, ...holds]) {
      if (!items.has(number)) {
        return `patron ${card} has the item ${number}, which is not in the list`;
      }
    }
    for (const { item: number } of loans) {
      if (lent.has(number)) {
        return `the item ${number} is lent twice`;
      }
      lent.add(number);
    }
    for (const hold of holds) {
      if (hold.ready === true && (ready.has(hold.item) || lent.has(hold.item))) {
        return `the item ${hold.item} can't stand on the hold shelf twice, nor while it is lent`;
      }
      if (hold.ready === true) {
        ready.add(hold.item);
      }
    }
  }
  const both = [...ready].find((number) => lent.has(number));
  return both === undefined ? undefined : `the item ${both} is lent and on the hold shelf`;
}
