import type { IdentifierPatterns } from '../settings.ts';

/** What a scanned or typed text is, as far as its form tells. */
export type Identified =
  | { readonly is: 'card' | 'item'; readonly number: string }
  /** A number of no pattern of the library. */
  | { readonly is: 'unrecognised' }
  /** An identity number or a bank card: forgotten at once, and not logged. */
  | { readonly is: 'notKept' };

/** Any number that a library could use where its patterns are not configured. */
const plausibleNumber = /^[\p{L}\p{N}][\p{L}\p{N} .\-_/+$%]{2,39}$/u;

/**
 * Tells what a text is. The library’s own patterns come first, so that its numbers are never taken for identity
 * numbers; where it has none for a role, the place (`expected`) decides.
 */
export function identify(text: string, expected: 'card' | 'item', patterns: IdentifierPatterns): Identified {
  const number = text.normalize('NFC').trim();
  const other = expected === 'card' ? 'item' : 'card';
  if (patterns[expected].some((pattern) => pattern.test(number))) return { is: expected, number };
  if (patterns[other].some((pattern) => pattern.test(number))) return { is: other, number };
  if (isIdentityNumber(number) || isBankCard(number)) return { is: 'notKept' };
  if (patterns[expected].length === 0 && plausibleNumber.test(number)) return { is: expected, number };
  return { is: 'unrecognised' };
}

/** Finnish personal identity code: date, century sign, individual number, check character (remainder by 31). */
const finnish = /^(\d{6})[-+A-FU-Y](\d{3})([0-9A-FHJ-NPR-Y])$/;
const finnishCheck = '0123456789ABCDEFHJKLMNPRSTUVWXY';
/** Swedish personal identity number: date, sign, number, check digit (Luhn over the ten digits). */
const swedish = /^(?:\d{2})?(\d{6})[-+](\d{4})$/;
/** Czech birth number written with its slash: date, serial; divisible by 11 since 1954. */
const czech = /^\d{6}\/\d{3,4}$/;

function isIdentityNumber(text: string): boolean {
  const fi = finnish.exec(text.toUpperCase());
  if (fi !== null && finnishCheck[Number(`${fi[1]}${fi[2]}`) % 31] === fi[3]) return true;
  const se = swedish.exec(text);
  if (se !== null) return luhn(`${se[1]}${se[2]}`);
  return czech.test(text);
}

/** Lengths and first digits of the payment cards that people carry (ISO/IEC 7812), with the Luhn digit right. */
const bankCard =
  /^(?:4\d{12}(?:\d{3}){0,2}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|(?:50|5[6-9]|6\d)\d{14,17})$/;

function isBankCard(text: string): boolean {
  const digits = text.replaceAll(/[ -]/g, '');
  return bankCard.test(digits) && luhn(digits);
}

/** The check of ISO/IEC 7812: every second digit from the right doubled, the sum divisible by ten. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const weighed = i % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
