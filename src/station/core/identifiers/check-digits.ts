/** The check characters that library numbers have. */
export const checkKinds = ['luhn', 'codabar14', 'mod43', 'ean13'] as const;
export type CheckKind = (typeof checkKinds)[number];

/** Whether the last character of a text is the one that the others ask for. */
export function hasRightCheck(text: string, kind: CheckKind): boolean {
  switch (kind) {
    case 'luhn':
      return /^\d{2,}$/.test(text) && luhn(text);
    case 'codabar14':
      return /^\d{14}$/.test(text) && luhn(text);
    case 'mod43':
      return mod43(text);
    case 'ean13':
      return /^\d{13}$/.test(text) && gs1(text);
  }
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

/** GS1 General Specifications, 7.9: weights 1 and 3 from the right, the sum divisible by ten. */
function gs1(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 1 ? 3 : 1);
  }
  return sum % 10 === 0;
}

/** The characters of Code 39 in the order of their values. */
const code39 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%';

/** ISO/IEC 16388, annex A: the values of the others, added up, modulo 43. */
function mod43(text: string): boolean {
  const values = [...text].map((character) => code39.indexOf(character));
  const check = values.pop();
  if (check === undefined || check === -1 || values.length === 0 || values.includes(-1)) return false;
  return values.reduce((sum, value) => sum + value, 0) % 43 === check;
}
