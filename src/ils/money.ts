import type { Money } from '../shared/values.ts';

/**
 * Reads a sum (BV) in the currency that came with it (BH), or else in the library’s. Library systems write decimal points
 * or commas, separators of thousands, currency signs or nothing at all; undefined where there is no number.
 */
export function moneyOf(
  amount: string | undefined,
  currency: string | undefined,
  ownCurrency: string,
): Money | undefined {
  const decimal = amount === undefined ? undefined : decimalOf(amount);
  if (decimal === undefined) return undefined;
  const given = currency?.trim() ?? '';
  return { amount: decimal, currency: /^[A-Z]{3}$/.test(given) ? given : ownCurrency };
}

/** Whether a sum is more than nothing. */
export function isOwed(money: Money | undefined): money is Money {
  return money !== undefined && !money.amount.startsWith('-') && /[1-9]/.test(money.amount);
}

function decimalOf(text: string): string | undefined {
  const found = /(-?)\s*[^\d-]*?(\d[\d.,' \u00a0]*)/.exec(text);
  if (found === null) return undefined;
  const digits = (found[2] ?? '').replace(/[' \u00a0]/g, '').replace(/[.,]+$/, '');
  const point = decimalPoint(digits);
  const wholePart = (point < 0 ? digits : digits.slice(0, point)).replace(/[.,]/g, '');
  const fraction = point < 0 ? '' : digits.slice(point + 1);
  return `${found[1] ?? ''}${wholePart.replace(/^0+(?=\d)/, '')}.${fraction.padEnd(2, '0')}`;
}

/** Where the decimals begin: the last point or comma, unless it separates thousands. */
function decimalPoint(digits: string): number {
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
  if (last < 0) return -1;
  const sign = digits.charAt(last);
  const other = sign === '.' ? ',' : '.';
  const once = digits.indexOf(sign) === last;
  const threeAfter = digits.length - last - 1 === 3;
  if (!once) return -1;
  // `1,234` and `1.234` are thousands unless the other sign stood before.
  return threeAfter && !digits.includes(other) ? -1 : last;
}
