import { dueFormsOf, dueOf, plainDueForms } from '../../ils/due-date.ts';
import { LibraryTime } from '../../ils/library-time.ts';
import { allFields, firstField, type DecodedOf } from '../../sip2/decode.ts';
import type { MessageInput } from '../../sip2/messages.ts';
import { textsOf, type Prober } from './prober.ts';
import { askItem } from './steps-item.ts';
import { informationRequest } from './steps-patron.ts';

/** How often an act is begun anew after its answer was lost and it turned out not to have happened. */
const actTriesMax = 4;
/** Loans longer than this are no loans of a test item. */
const loanDaysMax = 400;
const dayMs = 86_400_000;

export function checkoutRequest(
  prober: Prober,
  item: string,
  how: { readonly renewal?: boolean; readonly noBlockDue?: string } = {},
): MessageInput<'11'> {
  return {
    code: '11',
    fixed: {
      scRenewalPolicy: how.renewal === true ? 'Y' : 'N',
      noBlock: how.noBlockDue === undefined ? 'N' : 'Y',
      transactionDate: prober.now,
      nbDueDate: how.noBlockDue ?? ' '.repeat(18),
    },
    fields: { ...prober.common, AA: prober.settings.card, AB: item, ...prober.pinField },
  };
}

export function checkinRequest(prober: Prober, item: string): MessageInput<'09'> {
  return {
    code: '09',
    fixed: { noBlock: 'N', transactionDate: prober.now, returnDate: ' '.repeat(18) },
    fields: { AP: prober.writing.location, ...prober.common, AB: item },
  };
}

/** Lends an item; where an answer is lost, the item is asked about before it is sent again. */
export async function lend(
  prober: Prober,
  item: string,
  how: Parameters<typeof checkoutRequest>[2] = {},
): Promise<{ readonly answer: DecodedOf<'12'>; readonly line: Buffer } | 'lent' | undefined> {
  for (let attempt = 0; attempt < actTriesMax; attempt++) {
    const came = await prober.once(checkoutRequest(prober, item, how));
    if (came?.message.code === '12') {
      return { answer: came.message, line: came.line };
    }
    const told = await askItem(prober, item);
    if (told?.information.fixed.circulationStatus === '04') return 'lent';
  }
  return undefined;
}

/** Returns an item, and makes sure of it. Undefined: it did not work, and the item may still be on loan. */
export async function giveBack(
  prober: Prober,
  item: string,
  tries = actTriesMax,
): Promise<DecodedOf<'10'> | 'returned' | undefined> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const came = await prober.once(checkinRequest(prober, item));
    if (came?.message.code === '10' && came.message.fixed.ok === '1') {
      return came.message;
    }
    const told = await askItem(prober, item);
    if (told !== undefined && told.information.fixed.circulationStatus !== '04') return 'returned';
  }
  return undefined;
}

/** Finds how a loan wants to be asked for, and reads its due date and flags. False: nothing could be lent. */
export async function probeLoan(
  prober: Prober,
  item: string,
  flags: { readonly checkoutOk: string },
): Promise<boolean> {
  const { findings, settings, writing } = prober;
  const bare = await lend(prober, item);
  let first = bare;
  if (typeof bare === 'object' && bare.answer.fixed.ok === '0' && settings.pin !== undefined) {
    writing.pinAlways = true;
    const withPin = await lend(prober, item);
    if (withPin === 'lent' || (typeof withPin === 'object' && withPin.answer.fixed.ok === '1')) {
      findings.rule('pinWithEachRequest', true);
      findings.deviates('Loans are refused without the PIN: each request must carry it.');
      findings.means(textsOf(bare.answer), 'pin.wrong');
      first = withPin;
    } else {
      writing.pinAlways = false;
    }
  } else if (bare !== undefined) {
    findings.rule('pinWithEachRequest', false);
  }
  if (first === undefined || (typeof first === 'object' && first.answer.fixed.ok !== '1')) {
    findings.deviates('The test item could not be lent.');
    return false;
  }
  if (flags.checkoutOk === 'N') {
    findings.deviates('Its status says N to checkout, and it lends.');
  }
  if (typeof first === 'object') readLoan(prober, first.answer);
  else findings.open.push('The due date and the security flags of a loan, because their answers were lost.');
  return true;
}

function readLoan(prober: Prober, answer: DecodedOf<'12'>): void {
  const { findings } = prober;
  findings.note(`A loan says ${answer.fixed.desensitize} to desensitize.`);
  if (answer.fixed.desensitize === 'U') {
    findings.deviates(
      'A loan says U to desensitize; the item stays secured unless the library overrides the rule.',
    );
  }
  if (answer.fixed.renewalOk === 'Y') findings.deviates('A first loan is told as a renewal.');
  readDue(prober, firstField(answer, 'AH') ?? '');
}

/** The form of a due date, where it can be told: by its looks, and by lying within the time of a loan. */
export function readDue({ findings, settings, today }: Prober, raw: string): void {
  if (raw.trim() === '') {
    findings.deviates('A loan tells no due date (AH).');
    return;
  }
  const time = new LibraryTime(settings.timeZone);
  const now = Date.UTC(Number(today.slice(0, 4)), Number(today.slice(4, 6)) - 1, Number(today.slice(6, 8)));
  const forms = dueFormsOf(raw).filter((form) => {
    const due = dueOf(raw, time, [form]);
    if (due === undefined || due.kind === 'text') return false;
    const days = (Date.parse(due.date) - now) / dayMs;
    return days >= 0 && days <= loanDaysMax;
  });
  const [form, ...more] = forms;
  if (form === undefined) {
    findings.deviates(
      `The due date is of no known form: ${raw.replace(/\d/g, '9')}. It will be shown as it comes.`,
    );
  } else if (more.length > 0) {
    findings.open.push(
      `The form of the due date: ${forms.join(' or ')} would fit. Override dueForms, or probe again on another day.`,
    );
  } else {
    const others = plainDueForms.filter((one) => one !== form);
    findings.rule('dueForms', [form, ...others]);
    if (form === 'sip2' && !/0{4}(?=\d{6}$)/.test(raw)) findings.note('Due dates come in SIP2’s own form.');
    else if (form === 'sip2') findings.deviates('Due dates have zeros in the place of the zone.');
    else findings.deviates(`Due dates come in the form “${form}”.`);
  }
}

/** What the same bytes do a second time. Only right after a loan whose answer came. */
export async function probeRepeat(prober: Prober, item: string): Promise<void> {
  const { findings, writing } = prober;
  const first = await prober.once(checkoutRequest(prober, item));
  if (first?.message.code !== '12') return;
  const second = await prober.again('11');
  if (second?.message.code !== '12') return;
  const recognised =
    writing.errorDetection && second.line.equals(first.line) && (await isRemembered(prober, item));
  findings.rule('repeats', recognised ? 'recognised' : 'executed');
  if (recognised) findings.note('A repeated message is known by AY and AZ and answered from memory.');
  else
    findings.note(
      'A repeated message is carried out again: nothing that changes something may be sent twice.',
    );
}

/**
 * The same answer twice proves little where a second execution looks like the first. A checkin tells: carried out again it
 * finds nothing on loan.
 */
async function isRemembered(prober: Prober, item: string): Promise<boolean> {
  const first = await prober.once(checkinRequest(prober, item));
  if (first?.message.code !== '10' || first.message.fixed.ok !== '1') return false;
  const second = await prober.again('09');
  await lend(prober, item);
  return second?.line.equals(first.line) === true;
}

/** What the list of loans looks like while the item is among them. */
export async function probeChargedList(prober: Prober, item: string): Promise<Buffer | undefined> {
  const { findings, settings } = prober;
  const ask = (range: { readonly BP?: string; readonly BQ?: string } = {}) =>
    prober.askRaw(() => informationRequest(prober, settings.card, settings.pin, 2, range));
  const told = await ask();
  if (told === undefined) return undefined;
  const entries = entriesOf(told.decoded);
  const count = Number(told.decoded.fixed.chargedItemsCount.trim());
  if (Number.isInteger(count) && count > entries.length && entries.length > 0) {
    findings.rule('listRange', entries.length);
    findings.deviates(`At most ${entries.length} entries of a list come at once.`);
    for (let from = entries.length + 1; from <= count;) {
      const more = await ask({ BP: String(from), BQ: String(count) });
      const came = more === undefined ? [] : entriesOf(more.decoded);
      if (came.length === 0) break;
      entries.push(...came);
      from += came.length;
    }
  }
  readEntries(prober, entries, item);
  return told.answer.line;
}

function entriesOf(information: DecodedOf<'64'>): string[] {
  return allFields(information, 'AU').filter((entry) => entry !== '');
}

function readEntries({ findings }: Prober, entries: readonly string[], item: string): void {
  const own = entries.find((entry) => entry.includes(item));
  if (own === undefined) {
    findings.rule('chargedEntries', 'title');
    findings.deviates(
      'The list of loans (AU) does not name the item just lent; a lost answer cannot be settled by it.',
    );
  } else if (own !== item && own.startsWith(item)) {
    const separator = own.charAt(item.length);
    const parts = ['id', 'date', 'title'];
    findings.rule('entrySubfields', { separator, layouts: { AU: parts, AT: parts } });
    findings.deviates(`Entries of lists are divided by “${separator}”.`);
  } else {
    findings.rule('chargedEntries', 'item');
  }
}
