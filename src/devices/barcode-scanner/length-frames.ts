import { LookingSplitter, type Look } from '../wire/frames.ts';

/**
 * The frames that several makers of scanners use (Zebra’s Simple Serial Interface, WGC300, WGI3220): a length that counts itself and
 * the data but not the checksum, the data, and the two’s complement of the sum of all bytes before it, high byte first.
 */
const checksumBytes = 2;
const dataBytesMin = 3;
const frameBytesMax = 255 + checksumBytes;

function checksumOf(bytes: Uint8Array): number {
  return (0x1_0000 - (bytes.reduce((sum, byte) => sum + byte, 0) & 0xffff)) & 0xffff;
}

export function encodeLengthFrame(...data: readonly number[]): Uint8Array {
  const counted = Uint8Array.of(data.length + 1, ...data);
  const checksum = checksumOf(counted);
  return Uint8Array.of(...counted, checksum >> 8, checksum & 0xff);
}

/** Cuts a stream into frames; a frame is given without length and checksum. */
export function lengthFrameSplitter(): LookingSplitter {
  return new LookingSplitter(frameBytesMax, look);
}

function look(bytes: Uint8Array): Look {
  const [length = 0] = bytes;
  if (length < dataBytesMin + 1) return 'skip';
  const whole = length + checksumBytes;
  if (bytes.length < whole) return 'more';
  const counted = bytes.subarray(0, length);
  const told = ((bytes[length] ?? 0) << 8) | (bytes[length + 1] ?? 0);
  const right = told === checksumOf(counted);
  const cut = right
    ? ({ kind: 'frame', bytes: Uint8Array.from(counted.subarray(1)) } as const)
    : ({ kind: 'bad', why: 'crc' } as const);
  return { cut, bytes: whole };
}
