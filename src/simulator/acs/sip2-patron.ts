import { firstField, type DecodedOf } from '../../sip2/decode.ts';
import type { MessageInput } from '../../sip2/messages.ts';
import type { PatronAnswer } from './answers.ts';
import { decimal } from './money.ts';
import { digits, printable, wordsOf, yesNo, type Setting } from './sip2-answers.ts';
import { feeCents, loansMaxOf } from './standing.ts';
import type { Loan, Patron } from './state.ts';

/** Of a card that is not known: nothing is permitted. */
const nothingPermitted = 'YYYY          ';
const unknownLanguage = '000';

type KnownPatron = Extract<PatronAnswer, { known: true }>;

/** Answers 23. */
export function patronStatus(setting: Setting, request: DecodedOf<'23'>): MessageInput<'24'> {
  const { library, at } = setting;
  const card = firstField(request, 'AA') ?? '';
  const answer = library.patron(card, firstField(request, 'AD'), at);
  return {
    code: '24',
    fixed: {
      patronStatus: answer.known ? answer.standing.status : nothingPermitted,
      language: answer.known ? (answer.patron.data.language ?? unknownLanguage) : unknownLanguage,
      transactionDate: library.time.stamp(at),
    },
    fields: {
      AO: library.data.institutionId,
      AA: printable(card),
      AE: answer.known ? printable(answer.patron.data.name) : '',
      BL: yesNo(answer.known),
      CQ: pinVerdict(answer),
      BH: answer.known ? library.data.currency : undefined,
      BV: answer.known ? decimal(feeCents(answer.patron, 'all')) : undefined,
      AF: screenMessages(setting, answer),
    },
  };
}

/** Answers 63: all counts, and the list of the first `Y` of the summary (2.12, "summary"). */
export function patronInformation(setting: Setting, request: DecodedOf<'63'>): MessageInput<'64'> {
  const { library, at } = setting;
  const card = firstField(request, 'AA') ?? '';
  const answer = library.patron(card, firstField(request, 'AD'), at);
  const lists = answer.known ? accountOf(setting, answer.patron) : noLists;
  const asked = listNames[request.fixed.summary.indexOf('Y')];
  return {
    code: '64',
    fixed: {
      patronStatus: answer.known ? answer.standing.status : nothingPermitted,
      language: answer.known ? (answer.patron.data.language ?? unknownLanguage) : unknownLanguage,
      transactionDate: library.time.stamp(at),
      holdItemsCount: digits(lists.AS.length, 4),
      overdueItemsCount: digits(lists.AT.length, 4),
      chargedItemsCount: digits(lists.AU.length, 4),
      fineItemsCount: digits(lists.AV.length, 4),
      recallItemsCount: digits(lists.BU.length, 4),
      unavailableHoldsCount: digits(lists.CD.length, 4),
    },
    fields: {
      AO: library.data.institutionId,
      AA: printable(card),
      AE: answer.known ? printable(answer.patron.data.name) : '',
      BL: yesNo(answer.known),
      CQ: pinVerdict(answer),
      ...(answer.known ? whatIsKnown(setting, answer) : undefined),
      ...listsFor(setting, lists, asked, request),
      AF: screenMessages(setting, answer),
    },
  };
}

function whatIsKnown(
  { library, behaviour }: Setting,
  { patron }: KnownPatron,
): Partial<MessageInput<'64'>['fields']> {
  const contact = behaviour.sendsContact ? patron.data : undefined;
  return {
    BZ: digits(library.limits.holdsMax, 4),
    CA: digits(library.limits.overduesMax, 4),
    CB: digits(loansMaxOf(patron, library.limits), 4),
    BH: library.data.currency,
    BV: decimal(feeCents(patron, 'all')),
    CC: decimal(library.limits.feeMaxCents),
    BD: contact?.address,
    BE: contact?.email,
    BF: contact?.phone,
  };
}

/** The lists of 64 in the order of the summary's places. */
const listNames = ['AS', 'AT', 'AU', 'AV', 'BU', 'CD'] as const;
type Lists = Readonly<Record<(typeof listNames)[number], readonly string[]>>;
const noLists: Lists = { AS: [], AT: [], AU: [], AV: [], BU: [], CD: [] };

function accountOf({ library, behaviour, at }: Setting, patron: Patron): Lists {
  const { subfieldSign, chargedAsTitles } = behaviour.manners;
  const entry = (...parts: readonly string[]): string => printable(parts.join(subfieldSign));
  const day = (due: number): string => library.time.stamp(due).slice(0, 8);
  const loan = ({ item, dueAt }: Loan): string => {
    if (chargedAsTitles === true) return printable(item.data.title);
    return subfieldSign === undefined ? item.data.item : entry(item.data.item, day(dueAt), item.data.title);
  };
  const loans = [...patron.loans.values()];
  const ready: string[] = [];
  const unavailable: string[] = [];
  for (const hold of patron.holds) {
    const { item, captured, readyUntil, pickup } = hold;
    if (readyUntil !== undefined && captured !== undefined) {
      const number = captured.data.item;
      ready.push(
        subfieldSign === undefined
          ? number
          : entry(item.record.id, number, '', day(readyUntil), pickup, item.data.title),
      );
    } else {
      const number = item.data.item;
      unavailable.push(
        subfieldSign === undefined ? number : entry(item.record.id, number, '', item.data.title),
      );
    }
  }
  const fines = patron.fees.map((fee) =>
    subfieldSign === undefined
      ? printable(`${decimal(fee.cents)} ${library.data.currency} ${fee.text}`)
      : entry('', fee.id, '', decimal(fee.cents), fee.text),
  );
  return {
    AS: ready,
    AT: loans.filter(({ dueAt }) => dueAt < at).map(loan),
    AU: loans.map(loan),
    AV: fines,
    BU: loans.filter(({ recalled }) => recalled).map(loan),
    CD: unavailable,
  };
}

/** The list that was asked for, or all of them where the ACS never sends less. */
function listsFor(
  { behaviour }: Setting,
  lists: Lists,
  asked: (typeof listNames)[number] | undefined,
  request: DecodedOf<'63'>,
): Partial<Lists> {
  const { allLists, listEntriesMax } = behaviour.manners;
  const shown = (name: (typeof listNames)[number]): readonly string[] =>
    rangeOf(lists[name], request).slice(0, listEntriesMax);
  if (allLists === true) return Object.fromEntries(listNames.map((name) => [name, shown(name)]));
  return asked === undefined ? {} : { [asked]: shown(asked) };
}

/** From BP to BQ, counted from 1, both included; the whole list where they are missing or no numbers. */
function rangeOf(list: readonly string[], request: DecodedOf<'63'>): readonly string[] {
  const first = wholeNumber(firstField(request, 'BP')) ?? 1;
  const last = wholeNumber(firstField(request, 'BQ')) ?? list.length;
  return list.slice(Math.max(first, 1) - 1, last);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^ *\d{1,9} *$/.test(text) ? Number(text) : undefined;
}

function pinVerdict(answer: PatronAnswer): 'Y' | 'N' | undefined {
  return answer.known && answer.pinRight !== undefined ? yesNo(answer.pinRight) : undefined;
}

function screenMessages(setting: Setting, answer: PatronAnswer): string[] {
  const words = wordsOf(setting);
  if (!answer.known) {
    return [words.unknownPatron];
  }
  const lines: string[] = [];
  if (answer.pinRight === false) {
    lines.push(words.wrongPin);
  }
  const denial = answer.standing.lending ?? answer.standing.renewing;
  if (denial !== undefined) {
    lines.push(words[denial]);
  }
  if (answer.patron.data.note !== undefined) {
    lines.push(printable(answer.patron.data.note));
  }
  return lines;
}
