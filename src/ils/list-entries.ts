import type { Due, Money } from '../shared/values.ts';
import type { EntryPart, HoldKind, ProfileRules } from '../sip2/profiles/rules.ts';
import { acsTextCharsMax, cleanText } from './acs-text.ts';
import { dueOf } from './due-date.ts';
import type { AccountList, EntryDetails } from './ils.ts';
import type { LibraryTime } from './library-time.ts';
import { moneyOf } from './money.ts';
import { listPlaces } from './sip2-codes.ts';

export interface EntryReading {
  readonly time: LibraryTime;
  readonly currency: string;
  readonly rules: ProfileRules;
}

export interface ReadEntry {
  /** By this the entry is named: its identifier, or for a fee the whole line. */
  readonly entry: string;
  readonly details: EntryDetails;
}

/** Reads one entry of a list; undefined where it is empty. */
export function readEntry(raw: string, list: AccountList, by: EntryReading): ReadEntry | undefined {
  const whole = cleanText(raw, acsTextCharsMax);
  if (whole === '') return undefined;
  const form = by.rules.entrySubfields;
  const parts = form?.layouts[listPlaces[list].field];
  if (form === null || parts === undefined) return { entry: whole, details: wholeEntry(whole, list, by) };
  const told = partsOf(whole, form.separator, parts);
  if (list === 'fines') return { entry: whole, details: dividedFee(told, by) };
  // A hold on a title names no item.
  const id = told.get('id') ?? told.get('bib');
  return id === undefined
    ? undefined
    : { entry: id, details: dividedItem(told, list, form.holdKinds ?? {}, by) };
}

type Told = ReadonlyMap<EntryPart, string>;

/** The parts by their names. A part that comes twice counts once. */
function partsOf(whole: string, separator: string, parts: readonly EntryPart[]): Told {
  const told = new Map<EntryPart, string>();
  for (const [index, value] of whole.split(separator).entries()) {
    const part = parts[index];
    const text = value.trim();
    if (part !== undefined && part !== 'unused' && text !== '' && !told.has(part)) told.set(part, text);
  }
  return told;
}

function dividedItem(
  told: Told,
  list: AccountList,
  kinds: Readonly<Record<string, HoldKind>>,
  { time, rules }: EntryReading,
): EntryDetails {
  const isHold = list === 'holdsReady' || list === 'holdsWaiting';
  const date = dueOf(told.get('date'), time, rules.dueForms);
  if (!isHold) return compact({ title: told.get('title'), due: date });
  return compact({
    title: told.get('title'),
    expires: date,
    pickup: told.get('pickup') ?? told.get('shelf'),
    position: positionOf(told.get('position')),
    kind: kinds[told.get('type') ?? ''],
  });
}

function dividedFee(told: Told, { currency }: EntryReading): EntryDetails {
  return compact({
    amount: moneyOf(told.get('amount'), undefined, currency),
    reason: told.get('reason') ?? told.get('title'),
    feeId: told.get('feeId') ?? told.get('id'),
  });
}

/** A line of a fee that begins with its sum, as most library systems write it: `2.00 EUR Overdue: Title`. */
const sumFirst = /^([€$£]?\s?\d{1,7}[.,]\d\d)(?:\s?(€|\$|£|kr|Kč|[A-Z]{3})(?=[\s:,–-]))?[\s:,–-]+(\S.*)$/u;

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

function wholeEntry(line: string, list: AccountList, { currency }: EntryReading): EntryDetails {
  const found = list === 'fines' ? sumFirst.exec(line) : null;
  if (found === null) return {};
  const [, sum, sign = '', rest = ''] = found;
  // Three capitals after the sum may also be the first word of the reason.
  const isWord = /^[A-Z]{3}$/.test(sign) && !currencies.has(sign);
  return compact({
    amount: moneyOf(sum, isWord ? undefined : sign, currency),
    reason: isWord ? `${sign} ${rest}` : rest,
  });
}

function positionOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}

/** Leaves out what was not told. */
function compact(told: {
  readonly title?: string | undefined;
  readonly due?: Due | undefined;
  readonly pickup?: string | undefined;
  readonly expires?: Due | undefined;
  readonly position?: number | undefined;
  readonly kind?: HoldKind | undefined;
  readonly amount?: Money | undefined;
  readonly reason?: string | undefined;
  readonly feeId?: string | undefined;
}): EntryDetails {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}
