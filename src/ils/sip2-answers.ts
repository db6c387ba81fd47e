import { allFields, firstField, type DecodedOf, type FieldPair } from '../sip2/decode.ts';
import type { AcsText, LocalDate } from '../shared/values.ts';
import { acsTextCharsMax, acsTexts, cleanText } from './acs-text.ts';
import type { ProfileRules } from '../sip2/profiles/rules.ts';
import { dueOf } from './due-date.ts';
import type {
  AccountCounts,
  AccountList,
  AccountPart,
  CheckinAnswer,
  Customership,
  EntryDetails,
  FeePaidAnswer,
  HoldAnswer,
  ItemInformation,
  LoanAnswer,
  Outcome,
  RenewAllAnswer,
} from './ils.ts';
import { readEntry } from './list-entries.ts';
import type { LibraryTime } from './library-time.ts';
import { isOwed, moneyOf } from './money.ts';
import * as reading from './profile-reading.ts';
import { circulationStatusOf, countOf, listPlaces } from './sip2-codes.ts';

/** What the answers are read with. */
export interface Reading {
  readonly time: LibraryTime;
  readonly currency: string;
  /** How the library system means what it says. */
  readonly rules: ProfileRules;
}

/** Longest title that is shown. */
export const titleCharsMax = 250;

interface Fields {
  readonly fields: readonly FieldPair[];
}

function answered<T>(value: T): Outcome<T> {
  return { kind: 'answered', value };
}

function unknown(reason: string): { readonly kind: 'unknown'; readonly reason: string } {
  return { kind: 'unknown', reason };
}

function words(message: Fields): AcsText[] {
  return acsTexts([...allFields(message, 'AF'), ...allFields(message, 'AG')]);
}

function titleOf(message: Fields): string | undefined {
  const title = cleanText(firstField(message, 'AJ') ?? '', titleCharsMax);
  return title === '' ? undefined : title;
}

/** Identifiers come back as they were sent; blanks at the ends are the padding of some systems. */
function isAboutItem(message: Fields, asked: string): boolean {
  return firstField(message, 'AB')?.trim() === asked.trim();
}

function isAboutPatron(message: Fields, asked: string, { rules }: Reading): boolean {
  return reading.isSamePatron(rules, firstField(message, 'AA'), asked);
}

const otherPatron = unknown('the answer is about another patron');
const otherItem = unknown('the answer is about another item');
const otherPayment = unknown('the answer is about another payment');
const noVerdict = unknown('the answer says neither yes nor no');

export function customershipOf(
  message: DecodedOf<'64'> | DecodedOf<'24'>,
  card: string,
  pinSent: boolean,
  by: Reading,
): Outcome<Customership> {
  if (!isAboutPatron(message, card, by)) return otherPatron;
  const known = isKnown(message, by);
  return answered({
    known,
    pin: pinSent ? verdictOf(firstField(message, 'CQ'), by) : 'notTold',
    blocks: reading.blocksBy(by.rules, message.fixed.patronStatus),
    chargedItems: message.code === '64' ? chargedItemsOf(message, by) : undefined,
    expires: reading.expiryOf(by.rules, message),
    ...(by.rules.wards === null ? {} : { wards: reading.wardsOf(by.rules, message) }),
    acsText: words(message),
  });
}

function isKnown(message: DecodedOf<'64'> | DecodedOf<'24'>, { rules }: Reading): boolean {
  if (rules.unknownCardSigns.includes('validPatron') && firstField(message, 'BL') === 'N') return false;
  if (message.code !== '64' || !rules.unknownCardSigns.includes('blankCounts')) return true;
  const { holdItemsCount, overdueItemsCount, chargedItemsCount } = message.fixed;
  return `${holdItemsCount}${overdueItemsCount}${chargedItemsCount}`.trim() !== '';
}

/** Without a PIN in the question a verdict on it means nothing. */
function verdictOf(verdict: string | undefined, { rules }: Reading): Customership['pin'] {
  if (verdict === 'Y') return 'right';
  if (verdict === 'N') return 'wrong';
  return rules.missingPinVerdict;
}

/** All loans, or undefined where the answer did not list them all by their items. */
function chargedItemsOf(message: DecodedOf<'64'>, by: Reading): string[] | undefined {
  if (by.rules.chargedEntries !== 'item') return undefined;
  const charged = entriesOf(message, 'charged', by).entries;
  return countOf(message.fixed[listPlaces.charged.count]) === charged.length ? charged : undefined;
}

/** The list that was asked for, without the empty entries that some systems add. */
function entriesOf(
  message: Fields,
  list: AccountList,
  by: Reading,
): { readonly entries: string[]; readonly details?: ReadonlyMap<string, EntryDetails> } {
  const entries: string[] = [];
  const details = new Map<string, EntryDetails>();
  for (const raw of allFields(message, listPlaces[list].field)) {
    const read = readEntry(raw, list, by);
    if (read === undefined) continue;
    entries.push(read.entry);
    if (Object.keys(read.details).length > 0) details.set(read.entry, read.details);
  }
  return details.size === 0 ? { entries } : { entries, details };
}

function countsOf(message: DecodedOf<'64'>): AccountCounts {
  const count = (list: AccountList): number | undefined => countOf(message.fixed[listPlaces[list].count]);
  return {
    holdsReady: count('holdsReady'),
    overdue: count('overdue'),
    charged: count('charged'),
    fines: count('fines'),
    recalled: count('recalled'),
    holdsWaiting: count('holdsWaiting'),
  };
}

export function accountPartOf(
  message: DecodedOf<'64'>,
  card: string,
  list: AccountList,
  by: Reading,
): Outcome<AccountPart> {
  if (!isAboutPatron(message, card, by)) return otherPatron;
  const counts = countsOf(message);
  return answered({
    list,
    told: isKnown(message, by) && firstField(message, 'CQ') !== 'N',
    ...entriesOf(message, list, by),
    // As many titles as loans are no proof that an item is not among them.
    count: list === 'charged' && by.rules.chargedEntries !== 'item' ? undefined : counts[list],
    counts,
    feeTotal: moneyOf(firstField(message, 'BV'), firstField(message, 'BH'), by.currency),
    blocks: reading.blocksBy(by.rules, message.fixed.patronStatus),
    acsText: words(message),
  });
}

/** A day where the text is one of a known form. */
function dayOf(raw: string | undefined, by: Reading): LocalDate | undefined {
  const due = dueOf(raw, by.time, by.rules.dueForms);
  return due === undefined || due.kind === 'text' ? undefined : due.date;
}

function textOf(value: string | undefined): string | undefined {
  const text = cleanText(value ?? '', acsTextCharsMax);
  return text === '' ? undefined : text;
}

function queueOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,6}\s*$/.test(text) ? Number(text) : undefined;
}

export function itemInformationOf(
  message: DecodedOf<'18'>,
  item: string,
  by: Reading,
): Outcome<ItemInformation> {
  if (!isAboutItem(message, item)) return otherItem;
  const code = message.fixed.circulationStatus;
  const status = by.rules.circulationStatus[code] ?? circulationStatusOf(code);
  const title = titleOf(message);
  const dueRaw = firstField(message, 'AH');
  return answered({
    item,
    // Systems answer for an item that they do not know with status "other" and an empty title.
    known: title !== undefined || status !== 'other',
    title,
    status,
    holdQueue: queueOf(firstField(message, 'CF')),
    due: dueOf(dueRaw, by.time, by.rules.dueForms),
    dueRaw: dueRaw === '' ? undefined : dueRaw,
    pickupUntil: dayOf(firstField(message, 'CM'), by),
    location: textOf(firstField(message, 'AP')),
    acsText: words(message),
  });
}

export function loanAnswerOf(
  message: DecodedOf<'12'> | DecodedOf<'30'>,
  card: string,
  item: string,
  by: Reading,
): Outcome<LoanAnswer> {
  if (!isAboutPatron(message, card, by)) return otherPatron;
  if (!isAboutItem(message, item)) return otherItem;
  const { ok, renewalOk, desensitize } = message.fixed;
  const title = titleOf(message);
  const renewal = renewalOk === 'Y';
  const acsText = words(message);
  if (ok === '1') {
    const due = dueOf(firstField(message, 'AH'), by.time, by.rules.dueForms);
    const lifts = reading.liftsSecurity(by.rules, desensitize, message);
    return answered({ result: 'lent', renewal, title, due, desensitize: lifts, acsText });
  }
  if (ok !== '0') return noVerdict;
  const sum = moneyOf(firstField(message, 'BV'), firstField(message, 'BH'), by.currency);
  return answered({ result: 'refused', title, fee: isOwed(sum) ? sum : undefined, renewal, acsText });
}

export function checkinAnswerOf(message: DecodedOf<'10'>, item: string, by: Reading): Outcome<CheckinAnswer> {
  if (!isAboutItem(message, item)) return otherItem;
  const { ok, alert, resensitize } = message.fixed;
  if (ok !== '1' && ok !== '0') return noVerdict;
  const taken = ok === '1';
  const alertType = reading.alertTypeOf(by.rules, message);
  return answered({
    result: taken ? 'taken' : 'refused',
    title: titleOf(message),
    alert: reading.isAlert(by.rules, alert, alertType),
    alertType,
    resensitize: by.rules.resensitize === 'whenTaken' ? taken : taken && resensitize === 'Y',
    sortBin: reading.sortBinOf(by.rules, message),
    acsText: words(message),
  });
}

export function holdAnswerOf(
  message: DecodedOf<'16'>,
  card: string,
  item: string,
  by: Reading,
): Outcome<HoldAnswer> {
  if (!isAboutPatron(message, card, by)) return otherPatron;
  // Where it is answered by title alone, the sequence number is what tells that it is about this request.
  if (firstField(message, 'AB') !== undefined && !isAboutItem(message, item)) return otherItem;
  const { ok, available } = message.fixed;
  const title = titleOf(message);
  const acsText = words(message);
  if (ok === '0') return answered({ result: 'refused', title, acsText });
  if (ok !== '1') return noVerdict;
  return answered({
    result: 'done',
    available: available === 'Y',
    position: queueOf(firstField(message, 'BR')),
    pickup: textOf(firstField(message, 'BS')),
    title,
    acsText,
  });
}

/** 66 names no patron: it can only be told by its number. */
export function renewAllAnswerOf(message: DecodedOf<'66'>): Outcome<RenewAllAnswer> {
  const { ok, renewedCount, unrenewedCount } = message.fixed;
  if (ok !== '0' && ok !== '1') return noVerdict;
  const named = (id: 'BM' | 'BN'): string[] =>
    allFields(message, id)
      .map((value) => cleanText(value, acsTextCharsMax))
      .filter((value) => value !== '');
  return answered({
    renewed: named('BM'),
    unrenewed: named('BN'),
    renewedCount: countOf(renewedCount),
    unrenewedCount: countOf(unrenewedCount),
    acsText: words(message),
  });
}

export function feePaidAnswerOf(
  message: DecodedOf<'38'>,
  card: string,
  transaction: string,
  by: Reading,
): Outcome<FeePaidAnswer> {
  if (!isAboutPatron(message, card, by)) return otherPatron;
  const named = firstField(message, 'BK')?.trim();
  if (named !== undefined && named !== '' && named !== transaction) return otherPayment;
  const { paymentAccepted } = message.fixed;
  if (paymentAccepted !== 'Y' && paymentAccepted !== 'N') return noVerdict;
  return answered({
    result: paymentAccepted === 'Y' ? 'accepted' : 'refused',
    acsText: words(message),
  });
}

export function endedSession(message: DecodedOf<'36'>, card: string, by: Reading): Outcome<undefined> {
  return isAboutPatron(message, card, by) ? answered(undefined) : otherPatron;
}
