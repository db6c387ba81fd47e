import type { UtcMillis } from '../../kernel/clock.ts';
import { firstField, type DecodedOf } from '../../sip2/decode.ts';
import type { MessageInput } from '../../sip2/messages.ts';
import type { CheckinAnswer, LoanAnswer } from './answers.ts';
import type { AcsBehaviour } from './behaviour.ts';
import type { Library } from './library.ts';
import { decimal } from './money.ts';
import type { Item } from './state.ts';
import { dueTextIn } from './due-text.ts';
import { wordsIn, type Words } from './texts.ts';

/** What an answer is made from. */
export interface Setting {
  readonly library: Library;
  readonly behaviour: AcsBehaviour;
  /** SIP2 language of the screen messages. */
  readonly language: string;
  readonly at: UtcMillis;
}

type Answer =
  | MessageInput<'10'>
  | MessageInput<'12'>
  | MessageInput<'18'>
  | MessageInput<'30'>
  | MessageInput<'36'>
  | MessageInput<'94'>
  | MessageInput<'98'>;

/** The library system’s words in the language of the setting, and its own ones before all. */
export function wordsOf({ language, behaviour }: Setting): Words {
  const { texts } = behaviour.manners;
  return texts === undefined ? wordsIn(language) : { ...wordsIn(language), ...texts };
}

/** Messages that the simulated ACS answers, in the order of BX (2.12, "supported messages"). */
const supportedMessages = 'YYYNYYYYYYYNNYYY';

export function acsStatus({ library, behaviour, at }: Setting): MessageInput<'98'> {
  return {
    code: '98',
    fixed: {
      onLineStatus: yesNo(behaviour.onLine),
      checkinOk: yesNo(behaviour.onLine),
      checkoutOk: yesNo(behaviour.onLine),
      acsRenewalPolicy: 'Y',
      statusUpdateOk: 'N',
      offLineOk: yesNo(library.rules.noBlock === 'honoured'),
      timeoutPeriod: digits(behaviour.timeoutTenths, 3),
      retriesAllowed: digits(behaviour.retries, 3),
      dateTimeSync: library.time.stamp(at),
      protocolVersion: '2.00',
    },
    fields: { AO: library.data.institutionId, AM: printable(library.data.name), BX: supportedMessages },
  };
}

/** 11 and 29 have the same answer but for the code (2.12, "Renew Response"). */
export function loan(
  code: '12' | '30',
  setting: Setting,
  card: string,
  item: string,
  answer: LoanAnswer,
): Answer {
  const { library, at } = setting;
  const fee = answer.ok ? undefined : answer.fee;
  return {
    code,
    fixed: {
      ok: answer.ok ? '1' : '0',
      renewalOk: yesNo(answer.renewal && answer.ok),
      magneticMedia: magneticMedia(answer.item),
      desensitize: yesNo(answer.ok && answer.item.data.inHouse !== true),
      transactionDate: library.time.stamp(at),
    },
    fields: {
      AO: library.data.institutionId,
      AA: printable(card),
      AB: printable(item),
      AJ: printable(answer.item?.data.title ?? ''),
      AH: answer.ok ? dueText(setting, answer.dueAt) : '',
      BT: fee === undefined ? undefined : '06',
      BH: fee === undefined ? undefined : library.data.currency,
      BV: fee === undefined ? undefined : decimal(fee),
      CK: answer.item?.rule.mediaType,
      CH: propertiesOf(answer.item),
      AF: answer.ok ? undefined : [wordsOf(setting)[answer.refusal]],
    },
  };
}

export function checkin(setting: Setting, item: string, answer: CheckinAnswer): MessageInput<'10'> {
  const { library, at } = setting;
  const words = wordsOf(setting);
  const lines = answer.ok ? [] : [words[answer.refusal]];
  const routed = answer.alert !== undefined && (answer.ok || answer.alert !== '99');
  return {
    code: '10',
    fixed: {
      ok: answer.ok ? '1' : '0',
      resensitize: yesNo(answer.item !== undefined),
      magneticMedia: magneticMedia(answer.item),
      alert: yesNo(answer.alert !== undefined),
      transactionDate: library.time.stamp(at),
    },
    fields: {
      AO: library.data.institutionId,
      AB: printable(item),
      AQ: answer.item === undefined ? '' : printable(homeOf(library, answer.item)),
      AJ: answer.item === undefined ? undefined : printable(answer.item.data.title),
      CL: answer.item?.rule.sortBin,
      AA: answer.ok ? answer.patron.data.card : undefined,
      CK: answer.item?.rule.mediaType,
      CH: propertiesOf(answer.item),
      AF: routed ? [...lines, words[`alert${answer.alert}`]] : lines,
    },
    extra: sorting(answer),
  };
}

/** The extension for sorters: alert type, destination, and who waits, by number and by name. */
function sorting(answer: CheckinAnswer): [string, string][] {
  const extra: [string, string][] = [];
  if (answer.alert !== undefined) {
    extra.push(['CV', answer.alert]);
  }
  if (answer.destination !== undefined) {
    extra.push(['CT', printable(answer.destination)]);
  }
  if (answer.hold !== undefined) {
    extra.push(
      ['CY', printable(answer.hold.patron.data.card)],
      ['DA', printable(answer.hold.patron.data.name)],
    );
  }
  return extra;
}

/** An unknown item is "other" with an empty title, as Evergreen's Perl ACS answers it. */
export function itemInformation(setting: Setting, number: string): MessageInput<'18'> {
  const { library, at } = setting;
  const item = library.item(number);
  const waiting = item?.record.waiting.length ?? 0;
  const readyUntil = item?.shelvedFor?.readyUntil;
  return {
    code: '18',
    fixed: {
      circulationStatus: item === undefined ? '01' : circulationStatus(item),
      securityMarker: '00',
      feeType: item?.data.loanFee === undefined ? '01' : '06',
      transactionDate: library.time.stamp(at),
    },
    fields: {
      CF: waiting === 0 ? undefined : String(waiting),
      AH: item?.loan === undefined ? undefined : dueText(setting, item.loan.dueAt),
      CM: readyUntil === undefined ? undefined : library.time.stamp(readyUntil),
      AB: printable(number),
      AJ: item === undefined ? '' : printable(item.data.title),
      BG: item === undefined ? undefined : printable(homeOf(library, item)),
      CK: item?.rule.mediaType,
      CH: propertiesOf(item),
      AQ: item === undefined ? undefined : printable(homeOf(library, item)),
      AP: item === undefined ? undefined : printable(item.branch),
    },
  };
}

export function endSession({ library, at }: Setting, request: DecodedOf<'35'>): MessageInput<'36'> {
  return {
    code: '36',
    fixed: { endSession: 'Y', transactionDate: library.time.stamp(at) },
    fields: { AO: library.data.institutionId, AA: printable(firstField(request, 'AA') ?? '') },
  };
}

export function loginAnswer(accepted: boolean): MessageInput<'94'> {
  return { code: '94', fixed: { ok: accepted ? '1' : '0' }, fields: {} };
}

/** 2.12, "circulation status". */
function circulationStatus(item: Item): string {
  if (item.loan !== undefined) {
    return '04';
  }
  if (item.shelvedFor?.readyUntil !== undefined) {
    return '08';
  }
  return statusCodes[item.status];
}

const statusCodes: Readonly<Record<Item['status'], string>> = {
  onOrder: '02',
  available: '03',
  inProcess: '06',
  toBeReshelved: '09',
  inTransit: '10',
  claimedReturned: '11',
  lost: '12',
  missing: '13',
};

function homeOf(library: Library, item: Item): string {
  return item.data.branch ?? library.data.branch;
}

/** 2.12, "item properties": what helps to see that all of it is there. */
function propertiesOf(item: Item | undefined): string | undefined {
  return item?.data.parts === undefined ? undefined : `${item.data.parts} parts`;
}

function magneticMedia(item: Item | undefined): 'Y' | 'N' | 'U' {
  return item === undefined ? 'U' : yesNo(item.rule.magnetic);
}

export function dueText({ library, behaviour }: Setting, dueAt: UtcMillis): string {
  return dueTextIn(behaviour.dueForm, library.time.stamp(dueAt));
}

export function yesNo(value: boolean): 'Y' | 'N' {
  return value ? 'Y' : 'N';
}

export function digits(value: number, width: number): string {
  return String(Math.min(value, 10 ** width - 1)).padStart(width, '0');
}

const fieldCharsMax = 255;

/** Text as a field may carry it: a bar in it as Koha writes it, control characters as blanks, cut at 255 characters. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  const clean = /[\u0000-\u001f\u007f|]/.test(text)
    ? text.replaceAll('|', '&#124;').replaceAll(/[\u0000-\u001f\u007f]/g, ' ')
    : text;
  return clean.length > fieldCharsMax ? clean.slice(0, fieldCharsMax) : clean;
}
