import { allFields, firstField, type DecodedOf, type FieldPair } from '../sip2/decode.ts';
import type { AcsText } from '../shared/values.ts';
import { acsTextCharsMax, acsTexts, cleanText } from './acs-text.ts';
import { dueOf, type SlashOrder } from './due-date.ts';
import type {
  AccountList,
  AccountPart,
  CheckinAnswer,
  Customership,
  ItemInformation,
  LoanAnswer,
  Outcome,
} from './ils.ts';
import type { LibraryTime } from './library-time.ts';
import { isOwed, moneyOf } from './money.ts';
import { blocksOf, circulationStatusOf, countOf, listPlaces } from './sip2-codes.ts';

/** What the answers are read with. */
export interface Reading {
  readonly time: LibraryTime;
  readonly currency: string;
  readonly slashOrder?: SlashOrder | undefined;
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
function isAbout(message: Fields, id: 'AA' | 'AB', asked: string): boolean {
  return firstField(message, id)?.trim() === asked.trim();
}

const otherPatron = unknown('the answer is about another patron');
const otherItem = unknown('the answer is about another item');
const noVerdict = unknown('the answer says neither yes nor no');

export function customershipOf(
  message: DecodedOf<'64'>,
  card: string,
  pinSent: boolean,
): Outcome<Customership> {
  if (!isAbout(message, 'AA', card)) return otherPatron;
  const charged = entriesOf(message, 'charged');
  const count = countOf(message.fixed[listPlaces.charged.count]);
  const verdict = firstField(message, 'CQ');
  return answered({
    known: firstField(message, 'BL') !== 'N',
    // Without a PIN in the question a verdict on it means nothing.
    pin: !pinSent ? 'notTold' : verdict === 'Y' ? 'right' : verdict === 'N' ? 'wrong' : 'notTold',
    blocks: blocksOf(message.fixed.patronStatus),
    chargedItems: count === charged.length ? charged : undefined,
    acsText: words(message),
  });
}

/** The list that was asked for, without the empty entries that some systems add. */
function entriesOf(message: Fields, list: AccountList): string[] {
  return allFields(message, listPlaces[list].field)
    .map((entry) => cleanText(entry, acsTextCharsMax))
    .filter((entry) => entry !== '');
}

export function accountPartOf(
  message: DecodedOf<'64'>,
  card: string,
  list: AccountList,
  reading: Reading,
): Outcome<AccountPart> {
  if (!isAbout(message, 'AA', card)) return otherPatron;
  return answered({
    list,
    told: firstField(message, 'BL') !== 'N' && firstField(message, 'CQ') !== 'N',
    entries: entriesOf(message, list),
    count: countOf(message.fixed[listPlaces[list].count]),
    feeTotal: moneyOf(firstField(message, 'BV'), firstField(message, 'BH'), reading.currency),
    blocks: blocksOf(message.fixed.patronStatus),
    acsText: words(message),
  });
}

function queueOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,6}\s*$/.test(text) ? Number(text) : undefined;
}

export function itemInformationOf(
  message: DecodedOf<'18'>,
  item: string,
  reading: Reading,
): Outcome<ItemInformation> {
  if (!isAbout(message, 'AB', item)) return otherItem;
  const status = circulationStatusOf(message.fixed.circulationStatus);
  const title = titleOf(message);
  const dueRaw = firstField(message, 'AH');
  return answered({
    item,
    // Systems answer for an item that they do not know with status "other" and an empty title.
    known: title !== undefined || status !== 'other',
    title,
    status,
    holdQueue: queueOf(firstField(message, 'CF')),
    due: dueOf(dueRaw, reading.time, reading.slashOrder),
    dueRaw: dueRaw === '' ? undefined : dueRaw,
    acsText: words(message),
  });
}

export function loanAnswerOf(
  message: DecodedOf<'12'> | DecodedOf<'30'>,
  card: string,
  item: string,
  reading: Reading,
): Outcome<LoanAnswer> {
  if (!isAbout(message, 'AA', card)) return otherPatron;
  if (!isAbout(message, 'AB', item)) return otherItem;
  const { ok, renewalOk, desensitize } = message.fixed;
  const title = titleOf(message);
  const renewal = renewalOk === 'Y';
  const acsText = words(message);
  if (ok === '1') {
    const due = dueOf(firstField(message, 'AH'), reading.time, reading.slashOrder);
    return answered({ result: 'lent', renewal, title, due, desensitize: desensitize === 'Y', acsText });
  }
  if (ok !== '0') return noVerdict;
  const sum = moneyOf(firstField(message, 'BV'), firstField(message, 'BH'), reading.currency);
  return answered({ result: 'refused', title, fee: isOwed(sum) ? sum : undefined, renewal, acsText });
}

export function checkinAnswerOf(message: DecodedOf<'10'>, item: string): Outcome<CheckinAnswer> {
  if (!isAbout(message, 'AB', item)) return otherItem;
  const { ok, alert } = message.fixed;
  if (ok !== '1' && ok !== '0') return noVerdict;
  const bin = firstField(message, 'CL')?.trim();
  return answered({
    result: ok === '1' ? 'taken' : 'refused',
    title: titleOf(message),
    alert: alert === 'Y',
    sortBin: bin === '' ? undefined : bin,
    acsText: words(message),
  });
}

export function endedSession(message: DecodedOf<'36'>, card: string): Outcome<undefined> {
  return isAbout(message, 'AA', card) ? answered(undefined) : otherPatron;
}
