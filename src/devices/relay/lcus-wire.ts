/**
 * Boards with a CH340 (LCUS-1, -2, -4): a start byte, the channel from 1, 1 or 0, and the low byte of their sum. They
 * never answer, so nothing that they were told is sure.
 */
const startByte = 0xa0;

export function encodeLcus(channel: number, on: boolean): Uint8Array {
  const state = on ? 1 : 0;
  return Uint8Array.of(startByte, channel, state, (startByte + channel + state) & 0xff);
}
