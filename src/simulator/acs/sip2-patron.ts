import { firstField, type DecodedOf } from '../../sip2/decode.ts';
import type { MessageInput } from '../../sip2/messages.ts';
import type { PatronAnswer } from './answers.ts';
import { decimal } from './money.ts';
import { digits, printable, yesNo, type Setting } from './sip2-answers.ts';
import { feeCents, loansMaxOf } from './standing.ts';
import type { Patron } from './state.ts';
import { wordsIn } from './texts.ts';

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
      ...(asked === undefined ? undefined : { [asked]: rangeOf(lists[asked], request) }),
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

function accountOf({ library, at }: Setting, patron: Patron): Lists {
  const charged = [...patron.loans.keys()];
  const overdue = [...patron.loans.values()]
    .filter((loan) => loan.dueAt < at)
    .map((loan) => loan.item.data.item);
  const ready: string[] = [];
  const unavailable: string[] = [];
  for (const hold of patron.holds) {
    if (hold.readyUntil !== undefined && hold.captured !== undefined) {
      ready.push(hold.captured.data.item);
    } else {
      unavailable.push(hold.item.data.item);
    }
  }
  const fines = patron.fees.map((fee) =>
    printable(`${decimal(fee.cents)} ${library.data.currency} ${fee.text}`),
  );
  return { AS: ready, AT: overdue, AU: charged, AV: fines, BU: [], CD: unavailable };
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

function screenMessages({ language }: Setting, answer: PatronAnswer): string[] {
  const words = wordsIn(language);
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
