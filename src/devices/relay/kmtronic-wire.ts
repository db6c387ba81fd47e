import { LookingSplitter, type Look } from '../wire/frames.ts';

/**
 * KMtronic’s serial boards: FF, the channel from 1, and 1 or 0 to switch it or 3 to ask. Only the question is answered: FF, the
 * channel, 1 or 0. There is no checksum.
 */
const startByte = 0xff;
const ask = 0x03;
const answerBytes = 3;

export function encodeKmtronic(channel: number, on: boolean): Uint8Array {
  return Uint8Array.of(startByte, channel, on ? 1 : 0);
}

export function encodeKmtronicAsk(channel: number): Uint8Array {
  return Uint8Array.of(startByte, channel, ask);
}

/** Whether the channel is on; undefined for an answer about another one, or none. */
export function readKmtronic(answer: Uint8Array, channel: number): boolean | undefined {
  const [, about, state] = answer;
  if (answer.length !== answerBytes || about !== channel) return undefined;
  return state === 1 ? true : state === 0 ? false : undefined;
}

export function kmtronicSplitter(): LookingSplitter {
  return new LookingSplitter(answerBytes, look);
}

function look(bytes: Uint8Array): Look {
  if (bytes[0] !== startByte) return 'skip';
  if (bytes.length < answerBytes) return 'more';
  return { cut: { kind: 'frame', bytes: bytes.slice(0, answerBytes) }, bytes: answerBytes };
}
