/** CRC-16 over the reflected polynomial 8408 from FFFF on, without a last inversion: FEIG OBID and RL866. */
export function crc8408(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return crc;
}

/** CRC-16/GENIBUS, polynomial 1021 from FFFF on, inverted at the end: the 3M pads (protocol specification 210, 1.0.0). */
export function crcGenibus(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff;
  }
  return crc ^ 0xffff;
}
