const polynomial = 0x1021;

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++)
    crc = (crc & 0x8000) === 0 ? (crc << 1) & 0xffff : ((crc << 1) ^ polynomial) & 0xffff;
  return crc;
});

/** The value before the first byte. */
export const crcStart = 0xffff;

/**
 * CRC-16 of ISO 28560-3 (annex C): polynomial 1021, begun with FFFF, neither reflected nor inverted. Goes on from
 * `crc` over the bytes from `from` up to, not including, `to`; bytes beyond the end count as 00.
 */
export function crc16(bytes: Uint8Array, from: number, to: number, crc: number = crcStart): number {
  let value = crc;
  for (let at = from; at < to; at++)
    value = ((value << 8) & 0xffff) ^ (table[((value >> 8) ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return value;
}
