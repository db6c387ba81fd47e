import type { Random } from './random.ts';

/** Names one transaction for ever: 128 random bits as 32 lower-case hexadecimal digits. */
export type TransactionId = string & { readonly __brand: 'TransactionId' };

export function newTransactionId(random: Random): TransactionId {
  return Buffer.from(random.bytes(16)).toString('hex') as TransactionId;
}
