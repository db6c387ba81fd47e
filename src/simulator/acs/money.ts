import { assert } from '../../kernel/assert.ts';

/** Whole cents of a decimal text such as `12.40`; throws on anything else. */
export function cents(amount: string): number {
  const parts = /^(\d{1,7})\.(\d{2})$/.exec(amount);
  assert(parts !== null, `an amount of money is decimal text with two places, not ${amount}`);
  return Number(parts[1]) * 100 + Number(parts[2]);
}

/** Decimal text of whole cents. */
export function decimal(value: number): string {
  return `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
}
