import { allFields, firstField, type Decoded } from '../../sip2/decode.ts';
import { planOfCode } from '../../sip2/lookup.ts';
import type { MessageCode, MessageInput } from '../../sip2/messages.ts';
import type { Manners } from './manners.ts';
import type { Setting } from './sip2-answers.ts';

export type AnyAnswer = { [C in MessageCode]: MessageInput<C> }[MessageCode];

interface Loose {
  fixed: Record<string, string>;
  fields: Record<string, string | readonly string[] | Uint8Array | undefined>;
  extra: (readonly [string, string])[];
}

const everyFlag = 'Y'.repeat(14);

/** Whether a request is one that the ACS, with its manners, leaves without an answer. */
export function ignored(
  {
    manners,
    request,
    line,
    delimiter,
  }: { manners: Manners; request: Decoded; line: Uint8Array; delimiter: number },
  sawLineFeed: boolean,
): boolean {
  if (manners.wantsCrlf === true && !sawLineFeed) return true;
  if (request.code === undefined) return false;
  if (manners.ignores?.includes(request.code) === true) return true;
  const institution = firstField(request, 'AO');
  if (
    manners.institutionId !== undefined &&
    institution !== undefined &&
    institution !== manners.institutionId
  ) {
    return true;
  }
  const place = firstField(request, 'AP');
  if (manners.terminalLocation !== undefined && place !== undefined && place !== manners.terminalLocation) {
    return true;
  }
  if (manners.wantsDelimiterAfterFixed !== true || request.fields.length === 0) return false;
  const end = 2 + (planOfCode(request.code)?.fixedBytes ?? 0);
  return line[end] !== delimiter && line[end - 1] !== delimiter;
}

/** The answer as this ACS gives it. */
export function mannered(answer: AnyAnswer, request: Decoded, setting: Setting): AnyAnswer {
  const { manners } = setting.behaviour;
  const loose: Loose = {
    fixed: { ...answer.fixed },
    fields: { ...answer.fields },
    extra: [...(answer.extra ?? [])],
  };
  if (manners.institutionId !== undefined && 'AO' in loose.fields) loose.fields['AO'] = manners.institutionId;
  switch (answer.code) {
    case '98':
      ofStatus(loose, manners);
      break;
    case '24':
    case '64':
      ofPatron(loose, manners, request, setting);
      break;
    case '12':
    case '30':
      ofLoan(loose, manners, answer);
      break;
    case '10':
      ofCheckin(loose, manners);
      break;
    default:
  }
  ofAll(loose, manners);
  // What is wrong about it is meant so; the encoder still holds it to the wire.
  return { ...answer, ...loose } as unknown as AnyAnswer;
}

function ofStatus(loose: Loose, { statusFlags, terminalLocation }: Manners): void {
  if (terminalLocation !== undefined) loose.fields['AN'] = terminalLocation;
  if (statusFlags === undefined) return;
  const names = [
    'onLineStatus',
    'checkinOk',
    'checkoutOk',
    'acsRenewalPolicy',
    'statusUpdateOk',
    'offLineOk',
  ];
  for (const [index, name] of names.entries()) loose.fixed[name] = statusFlags.charAt(index);
}

function ofPatron(loose: Loose, manners: Manners, request: Decoded, { library, at }: Setting): void {
  const { fixed, fields } = loose;
  const found = library.patron(firstField(request, 'AA') ?? '', undefined, at);
  const flags = fixed['patronStatus'] ?? '';
  if (manners.allFlags === true && flags.includes('Y')) fixed['patronStatus'] = everyFlag;
  if (manners.flagsOfEverybody !== undefined && found.known) {
    fixed['patronStatus'] = [...manners.flagsOfEverybody]
      .map((flag, index) => (flag === 'Y' ? 'Y' : flags.charAt(index)))
      .join('');
  }
  if (manners.noPinVerdict === true) fields['CQ'] = undefined;
  if (manners.blankCountsForUnknown === true && !found.known) {
    fields['BL'] = undefined;
    for (const name of Object.keys(fixed)) if (name.endsWith('Count')) fixed[name] = '    ';
  }
  if (manners.refusesRanges === true && allFields(request, 'BP').length > 0) fields['BL'] = 'N';
  if (manners.patronIdPrefix !== undefined) {
    fields['AA'] = manners.patronIdPrefix + (firstField(request, 'AA') ?? '');
  }
  if (manners.expiryField !== undefined && found.known) {
    const days = found.patron.data.expiresInDays;
    const end = days === undefined ? undefined : library.time.stamp(library.startsAt + days * dayMs);
    if (end !== undefined) loose.extra.push([manners.expiryField, end.slice(0, 8)]);
  }
}

const dayMs = 86_400_000;

function ofLoan(
  { fixed, fields }: Loose,
  manners: Manners,
  answer: MessageInput<'12'> | MessageInput<'30'>,
): void {
  const lent = answer.fixed.ok === '1';
  if (lent && manners.desensitize !== undefined) fixed['desensitize'] = manners.desensitize;
  if (lent && manners.inHouseText !== undefined && answer.fixed.desensitize === 'N') {
    fixed['desensitize'] = 'Y';
    fields['AF'] = [...(answer.fields.AF ?? []), manners.inHouseText];
  }
}

function ofCheckin({ fixed, fields, extra }: Loose, manners: Manners): void {
  if (manners.resensitize !== undefined) fixed['resensitize'] = manners.resensitize;
  if (manners.sortBin !== undefined) {
    fields['CL'] = undefined;
    extra.push([manners.sortBinField ?? 'CL', manners.sortBin]);
  }
  if (manners.alertAlways === true && fixed['alert'] === 'N') {
    fixed['alert'] = 'Y';
    extra.push(['CV', '00']);
  }
}

function ofAll(loose: Loose, manners: Manners): void {
  const { fields, extra } = loose;
  if (manners.greeting !== undefined && 'AF' in fields) {
    const words = fields['AF'];
    fields['AF'] = [manners.greeting, ...(Array.isArray(words) ? (words as readonly string[]) : [])];
  }
  if (manners.repeatsFields === true) {
    for (const id of ['AJ', 'AH', 'CL', 'BV']) {
      if (typeof fields[id] === 'string') extra.push([id, 'twice']);
    }
    const words = fields['AF'];
    if (Array.isArray(words)) fields['AF'] = (words as readonly string[]).flatMap((text) => [text, text]);
  }
  if (manners.nfd === true) {
    for (const [id, value] of Object.entries(fields)) {
      if (typeof value === 'string') fields[id] = value.normalize('NFD');
      if (Array.isArray(value)) {
        fields[id] = (value as readonly string[]).map((one) => one.normalize('NFD'));
      }
    }
  }
}
