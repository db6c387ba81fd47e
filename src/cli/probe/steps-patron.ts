import { allFields, firstField, type DecodedOf } from '../../sip2/decode.ts';
import type { MessageInput } from '../../sip2/messages.ts';
import { charsetOf, comesApart } from './charset.ts';
import { textsOf, type Answer, type Prober } from './prober.ts';
import type { Start } from './steps-start.ts';

type Information = DecodedOf<'64'>;

const listFields = ['AS', 'AT', 'AU', 'AV', 'BU', 'CD'] as const;
const countNames = [
  'holdItemsCount',
  'overdueItemsCount',
  'chargedItemsCount',
  'fineItemsCount',
  'recallItemsCount',
  'unavailableHoldsCount',
] as const;
/** A card that no library has. */
const nobody = 'OMATOIMI-PROBE-0';
/** Fields that may tell when the card ends; others hold a birth date, which is not read. */
const expiryFields = ['PA', 'PX'] as const;

export interface PatronSeen {
  readonly information: Information;
  /** Every answer about the patron, as it came: for the character set. */
  readonly lines: readonly Buffer[];
}

/** 63 for one list, written by hand so that any card and any PIN can be asked with. */
export function informationRequest(
  prober: Prober,
  card: string,
  pin: Uint8Array | undefined,
  place: number,
  range: { readonly BP?: string; readonly BQ?: string } = {},
): MessageInput<'63'> {
  const summary = `${' '.repeat(place)}Y`.padEnd(10);
  return {
    code: '63',
    fixed: { language: '000', transactionDate: prober.now, summary },
    fields: { ...prober.common, AA: card, ...(pin === undefined ? {} : { AD: pin }), ...range },
  };
}

/** How the ACS wants a patron to be asked about, and what it tells. A reason where it tells nothing. */
export async function probePatron(prober: Prober, start: Start): Promise<PatronSeen | string> {
  const first = await findWriting(prober, start);
  if (first === undefined) return 'the ACS answers no question about the patron (63)';
  const lines = [first.line];
  const information = first.message as Information;
  readAnswer(prober, information);
  lines.push(...(await readLists(prober, information)));
  await readUnknownCard(prober);
  await readWrongPin(prober, information);
  readCharset(prober, lines);
  return { information, lines };
}

/** The configured AO or the one that the 98 told, with and without a delimiter after the fixed part. */
async function findWriting(prober: Prober, { status }: Start): Promise<Answer | undefined> {
  const { writing, settings, findings } = prober;
  const { card, pin } = settings;
  const told = firstField(status, 'AO')?.trim() ?? '';
  const institutions =
    told === '' || told === settings.institutionId
      ? [settings.institutionId]
      : [settings.institutionId, told];
  for (let round = 0; round < 2; round++) {
    for (const institution of institutions) {
      for (const delimiterAfterFixed of [false, true]) {
        writing.institutionId = institution;
        writing.delimiterAfterFixed = delimiterAfterFixed;
        const answer = await prober.once(informationRequest(prober, card, pin, 2));
        if (answer === undefined) continue;
        findings.rule('institutionId', institution === settings.institutionId ? 'configured' : 'fromStatus');
        findings.rule('delimiterAfterFixed', delimiterAfterFixed);
        if (institution !== settings.institutionId) {
          findings.deviates('Only requests with the AO of its own status are answered.');
        }
        if (delimiterAfterFixed) findings.deviates('A delimiter must follow the fixed part.');
        return answer;
      }
    }
  }
  return undefined;
}

function readAnswer({ findings, settings }: Prober, information: Information): void {
  const { fixed } = information;
  const card = firstField(information, 'AA')?.trim() ?? '';
  if (card !== settings.card && card.endsWith(settings.card)) {
    const prefix = card.slice(0, card.length - settings.card.length);
    findings.rule('patronIdPrefixes', [prefix]);
    findings.deviates(`The card comes back with “${prefix}” before it.`);
  } else if (card !== settings.card) {
    findings.deviates('The answer names another card than the question.');
  }
  const verdict = firstField(information, 'CQ');
  if (settings.pin === undefined) findings.open.push('The PIN, because none was given.');
  else if (verdict === 'N') findings.deviates('The ACS calls the PIN wrong.');
  else if (verdict !== 'Y') findings.deviates('The ACS tells no verdict on the PIN (CQ).');
  if (firstField(information, 'BL') === 'N') findings.deviates('The ACS does not know the test patron.');
  const flags = [...fixed.patronStatus].filter((flag) => flag === 'Y').length;
  if (flags >= 10) {
    findings.deviates('Nearly all flags of the patron status are set: any block sets them all.');
    findings.rule('allFlagsForAnyBlock', true);
  } else if (fixed.patronStatus.startsWith('  Y')) {
    findings.deviates(
      'The patron status denies recalls to a patron who may borrow; it says so of everybody.',
    );
    findings.rule('ignoredFlags', ['recallPrivilegesDenied']);
  }
  for (const field of expiryFields) {
    if (!/^20\d\d(?:0[1-9]|1[0-2])[0-3]\d/.test(firstField(information, field) ?? '')) continue;
    findings.rule('patronExpiry', { field });
    findings.deviates(`The end of the card is told in ${field}.`);
  }
}

async function readLists(prober: Prober, charged: Information): Promise<Buffer[]> {
  const { findings, settings } = prober;
  const lines: Buffer[] = [];
  const others = listFields.filter((field) => field !== 'AU' && allFields(charged, field).length > 0);
  const empties = others.filter((field) => allFields(charged, field).every((entry) => entry === ''));
  if (others.length > 0 && (empties.length > 0 || others.length > 1)) {
    findings.rule('summary', 'allLists');
    findings.deviates('Every list comes in each answer, whichever was asked for.');
  }
  for (const place of [0, 1, 3, 5]) {
    const told = await prober.askRaw(() => informationRequest(prober, settings.card, settings.pin, place));
    if (told === undefined) {
      findings.deviates(`The list ${listFields[place] ?? ''} is not answered.`);
      continue;
    }
    lines.push(told.answer.line);
    const field = listFields[place] ?? 'AS';
    const count = told.decoded.fixed[countNames[place] ?? 'holdItemsCount'].trim();
    const entries = allFields(told.decoded, field).filter((entry) => entry !== '').length;
    if (/^\d+$/.test(count) && Number(count) !== entries) {
      findings.deviates(`It counts ${Number(count)} entries in ${field} and lists ${entries}.`);
    }
  }
  await readRange(prober);
  return lines;
}

async function readRange(prober: Prober): Promise<void> {
  const { findings, settings } = prober;
  const range = { BP: '1', BQ: '5' };
  const ranged = await prober.ask(() => informationRequest(prober, settings.card, settings.pin, 2, range), 2);
  findings.rule('listRange', 0);
  if (ranged === undefined || firstField(ranged, 'BL') === 'N') {
    findings.deviates('A request with a range (BP, BQ) is refused or not answered.');
  }
}

async function readUnknownCard(prober: Prober): Promise<void> {
  const { findings } = prober;
  const stranger = await prober.ask(() => informationRequest(prober, nobody, undefined, 2));
  if (stranger === undefined) {
    findings.deviates('A question about a card that nobody has is not answered.');
    return;
  }
  const { holdItemsCount, overdueItemsCount, chargedItemsCount } = stranger.fixed;
  const blank = `${holdItemsCount}${overdueItemsCount}${chargedItemsCount}`.trim() === '';
  const said = firstField(stranger, 'BL') === 'N';
  if (!said && blank) {
    findings.rule('unknownCardSigns', ['validPatron', 'blankCounts']);
    findings.deviates('An unknown card is told by six blank counts, not by BL.');
  } else if (said) {
    findings.rule('unknownCardSigns', ['validPatron']);
  } else {
    findings.deviates('The ACS takes a card that nobody has for a patron.');
  }
  findings.means(textsOf(stranger), 'card.unknown');
}

async function readWrongPin(prober: Prober, right: Information): Promise<void> {
  const { findings, settings } = prober;
  if (settings.pin === undefined) return;
  if (!settings.wrongPin) {
    findings.open.push(
      'What a wrong PIN looks like, because --wrong-pin was not given; some systems count it.',
    );
    return;
  }
  const other = Buffer.from(settings.pin);
  other[0] = (other[0] ?? 0x30) === 0x39 ? 0x38 : 0x39;
  const wrong = await prober.ask(() => informationRequest(prober, settings.card, other, 2), 2);
  other.fill(0);
  if (wrong === undefined) {
    findings.deviates('A wrong PIN is not answered.');
    return;
  }
  const known = new Set(textsOf(right));
  const words = textsOf(wrong).filter((text) => !known.has(text));
  findings.means(words, 'pin.wrong');
  if (firstField(wrong, 'CQ') !== 'N' && firstField(right, 'CQ') !== 'Y') {
    if (words.length > 0 || firstField(wrong, 'BL') === 'N') {
      findings.rule('missingPinVerdict', 'right');
      findings.deviates('A wrong PIN is told by words only.');
    } else {
      findings.deviates('A wrong PIN is answered as a right one: this ACS does not check PINs.');
    }
  } else if (firstField(wrong, 'CQ') === 'Y') {
    findings.deviates('The ACS calls a wrong PIN right.');
  }
}

export function readCharset({ findings, writing }: Prober, lines: readonly Buffer[]): void {
  const charset = charsetOf(lines);
  if (charset === undefined) {
    findings.open.push(
      'The character set, because no letter beyond ASCII came; name a patron or item with one.',
    );
    return;
  }
  findings.open.splice(
    0,
    findings.open.length,
    ...findings.open.filter((text) => !text.startsWith('The character set')),
  );
  findings.rule('charset', charset);
  writing.charset = charset;
  if (charset === 'utf-8') findings.note('Text comes in UTF-8.');
  else findings.deviates(`Text comes in ${charset}.`);
  if (comesApart(lines)) findings.deviates('Letters come apart from their marks (NFD).');
}
