import { assert } from './assert.ts';
import type { Random } from './random.ts';

/** Names one transaction for ever: 128 random bits as 32 lower-case hexadecimal digits. */
export type TransactionId = string & { readonly __brand: 'TransactionId' };

export function newTransactionId(random: Random): TransactionId {
  return Buffer.from(random.bytes(16)).toString('hex') as TransactionId;
}

/** So many ids can be made of one. */
const furtherIdsMax = 256;

/** The id of the `index`-th of several transactions that one event begins: random where the first is, and different from it. */
export function furtherId(first: TransactionId, index: number): TransactionId {
  assert(index >= 0 && index < furtherIdsMax, 'an event begins few transactions');
  if (index === 0) return first;
  const last = (Number.parseInt(first.slice(-2), 16) + index) % furtherIdsMax;
  return (first.slice(0, -2) + last.toString(16).padStart(2, '0')) as TransactionId;
}
