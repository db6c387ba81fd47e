import type { LocalDate } from '../shared/values.ts';
import { firstField, type FieldPair, type KeepFields } from '../sip2/decode.ts';
import type { MessageCode } from '../sip2/messages.ts';
import type { AlertType, ProfileRules } from '../sip2/profiles/rules.ts';
import { cleanText } from './acs-text.ts';
import type { PatronBlock } from './ils.ts';
import { blocksOf } from './sip2-codes.ts';

interface Fields {
  readonly fields: readonly FieldPair[];
}

/** Longest destination or bin that is kept. */
const placeCharsMax = 80;
/** Most wards that one answer may name. */
const wardsMax = 20;

/** What is read of each answer: `base`, and the fields that the profile’s rules look at. */
export function keptFields(base: KeepFields, rules: ProfileRules): KeepFields {
  const more: Partial<Record<MessageCode, readonly string[]>> = {
    '10': [rules.alertTypes.field, rules.sortBin.field],
    '12': rules.inHouse.map(({ field }) => field),
    '64': [rules.patronExpiry?.field, rules.wards?.field].filter((field) => field !== undefined),
  };
  const kept: Partial<Record<MessageCode, ReadonlySet<string>>> = { ...base };
  for (const code of Object.keys(more) as MessageCode[]) {
    kept[code] = new Set([...(base[code] ?? []), ...(more[code] ?? [])]);
  }
  return kept;
}

/** The conditions that a patron status names, as the library system means them. */
export function blocksBy(rules: ProfileRules, patronStatus: string): PatronBlock[] {
  const flags = blocksOf(patronStatus).filter((flag) => !rules.ignoredFlags.includes(flag));
  const denied = flags.some((flag) => rules.blockingFlags.includes(flag));
  if (!denied) return flags.filter((flag) => flag !== 'chargePrivilegesDenied');
  // Any block sets them all, so that none of them is the reason.
  const reasons = rules.allFlagsForAnyBlock ? [] : flags.filter((flag) => flag !== 'chargePrivilegesDenied');
  return ['chargePrivilegesDenied', ...reasons];
}

/** Whether AA of an answer is the patron who was asked about. */
export function isSamePatron(rules: ProfileRules, told: string | undefined, asked: string): boolean {
  const card = asked.trim();
  const came = told?.trim();
  return came === card || rules.patronIdPrefixes.some((prefix) => came === prefix + card);
}

/** The day on which the card ends. */
export function expiryOf(rules: ProfileRules, message: Fields): LocalDate | undefined {
  if (rules.patronExpiry === null) return undefined;
  const found = /^(\d{4})-?(\d\d)-?(\d\d)/.exec(firstField(message, rules.patronExpiry.field)?.trim() ?? '');
  return found === null ? undefined : `${found[1]}-${found[2]}-${found[3]}`;
}

/** Card numbers of those for whom the patron acts. */
export function wardsOf(rules: ProfileRules, message: Fields): string[] {
  const { wards } = rules;
  if (wards === null) return [];
  const numbers = message.fields
    .filter(([id]) => id === wards.field)
    .flatMap(([, value]) => value.split(wards.separator));
  return [...new Set(numbers.map((number) => number.trim()).filter((number) => number !== ''))].slice(
    0,
    wardsMax,
  );
}

/** Whether the loan lifts the item’s security. */
export function liftsSecurity(rules: ProfileRules, desensitize: string, message: Fields): boolean {
  const inHouse = rules.inHouse.some(({ field, pattern }) =>
    message.fields.some(([id, value]) => id === field && new RegExp(pattern, 'iu').test(value)),
  );
  if (inHouse || rules.desensitize === 'never') return false;
  return rules.desensitize === 'unlessDenied' ? desensitize !== 'N' : desensitize === 'Y';
}

/** Why staff should see the item, or where it goes. */
export function alertTypeOf(rules: ProfileRules, message: Fields): AlertType | undefined {
  const code = firstField(message, rules.alertTypes.field)?.trim() ?? '';
  if (code === '') return undefined;
  return rules.alertTypes.codes[code] ?? 'other';
}

export function isAlert(rules: ProfileRules, flag: string, type: AlertType | undefined): boolean {
  return rules.alert === 'flag' ? flag === 'Y' : type !== undefined && type !== 'none';
}

export function sortBinOf(rules: ProfileRules, message: Fields): string | undefined {
  const bin = cleanText(firstField(message, rules.sortBin.field) ?? '', placeCharsMax);
  return bin === '' || rules.sortBin.ignore.includes(bin) ? undefined : bin;
}
