import type { TagUid } from './rfid-reader.ts';

export const uidBytesCount = 8;

/** Eight bytes, the most significant first, as a name. */
export function uidOf(bytes: Uint8Array): TagUid {
  return hex(bytes);
}

/** The name as eight bytes, the most significant first. Throws on what is no UID: names come from a reader’s own list. */
export function uidBytes(uid: TagUid): Uint8Array {
  if (!isUid(uid)) throw new Error('impossible: not the UID of a tag');
  return Uint8Array.from(Buffer.from(uid, 'hex'));
}

export function isUid(text: string): boolean {
  return /^[0-9A-F]{16}$/.test(text);
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

/** One byte as two capital hexadecimal digits. */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}
