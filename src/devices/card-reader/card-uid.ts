/** How an identifier is written as a card’s number. */
export interface UidForm {
  readonly base: 'hex' | 'decimal';
  /** Readers do not agree on the order of the bytes. */
  readonly reverse: boolean;
  /** Zeros are put before a shorter number. */
  readonly digits: number;
}

/** The identifier as text: capital hexadecimal digits, or one decimal number. */
export function uidText(uid: Uint8Array, { base, reverse, digits }: UidForm): string {
  const hex = Buffer.from(reverse ? uid.toReversed() : uid).toString('hex');
  const text = base === 'hex' ? hex.toUpperCase() : BigInt(`0x${hex}`).toString();
  return text.padStart(digits, '0');
}

/** ISO/IEC 14443-3: four bytes that begin with 08 are drawn anew each time. */
export function isRandomUid(uid: Uint8Array): boolean {
  return uid.length === 4 && uid[0] === 0x08;
}
