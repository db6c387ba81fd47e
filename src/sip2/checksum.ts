/** Sum of the bytes from `from` up to, not including, `to`. */
export function byteSum(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += bytes[index] ?? 0;
  return sum;
}

/** The checksum that makes bytes with this sum come to zero in 16 bits (2.12, "Checksum"). */
export function checksumOf(sum: number): number {
  return -sum & 0xffff;
}

const hexDigits = Buffer.from('0123456789ABCDEF', 'latin1');

/** Writes four upper-case hexadecimal digits. */
export function writeHex4(target: Uint8Array, at: number, value: number): void {
  for (let digit = 0; digit < 4; digit++)
    target[at + digit] = hexDigits[(value >> (12 - 4 * digit)) & 15] ?? 0;
}

function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Four hexadecimal digits of either case as a number, or -1. */
export function readHex4(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let index = at; index < at + 4; index++) {
    const digit = hexValue(bytes[index] ?? 0);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}
