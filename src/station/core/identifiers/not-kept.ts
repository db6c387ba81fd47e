import { luhn } from './check-digits.ts';

/** Whether a text is a person’s identity number or a bank card: what a library has no business to keep. */
export function isNotKept(text: string): boolean {
  return isIdentityNumber(text) || isBankCard(text);
}

/** Finnish personal identity code: date, century sign, individual number, check character (remainder by 31). */
const finnish = /^(\d{6})[-+A-FU-Y](\d{3})([0-9A-FHJ-NPR-Y])$/;
const finnishCheck = '0123456789ABCDEFHJKLMNPRSTUVWXY';
/** Swedish personal identity number: date, sign, number, check digit (Luhn over the ten digits). */
const swedish = /^(?:\d{2})?(\d{6})[-+](\d{4})$/;
/** Czech birth number written with its slash: date, serial; divisible by 11 since 1954. */
const czech = /^\d{6}\/\d{3,4}$/;
/** Danish CPR number written with its sign: a date, then four digits, which have no check since 2007. */
const danish = /^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-\d{4}$/;
/** Norwegian birth number: a date (its day or month may be raised by 40), a number, two checks by 11. */
const norwegian = /^(?:[04][1-9]|[1256]\d|[37][01])(?:[04][1-9]|[15][0-2])\d{7}$/;
const norwegianWeights = [
  [3, 7, 6, 1, 8, 9, 4, 5, 2, 1],
  [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1],
] as const;

function isIdentityNumber(text: string): boolean {
  const fi = finnish.exec(text.toUpperCase());
  if (fi !== null && finnishCheck[Number(`${fi[1]}${fi[2]}`) % 31] === fi[3]) return true;
  const se = swedish.exec(text);
  if (se !== null && luhn(`${se[1]}${se[2]}`)) return true;
  return czech.test(text) || danish.test(text) || isNorwegian(text);
}

function isNorwegian(text: string): boolean {
  if (!norwegian.test(text)) return false;
  return norwegianWeights.every(
    (weights) => weights.reduce((sum, weight, index) => sum + weight * Number(text[index]), 0) % 11 === 0,
  );
}

/** Lengths and first digits of the payment cards that people carry (ISO/IEC 7812), with the Luhn digit right. */
const bankCard =
  /^(?:4\d{12}(?:\d{3}){0,2}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|(?:50|5[6-9]|6\d)\d{14,17})$/;

/** ISO/IEC 7813: a magnetic stripe as a reader that types sends it, track 1 with its format code or track 2. */
const stripe = /^(?:%?B|;)(\d{12,19})(?:[\^=D]|$)/;

function isBankCard(text: string): boolean {
  const digits = stripe.exec(text)?.[1] ?? text.replaceAll(/[ -]/g, '');
  return bankCard.test(digits) && luhn(digits);
}
