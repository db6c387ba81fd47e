import { err, ok, type Result } from '../../../kernel/result.ts';
import { crcGenibus } from '../crc.ts';
import { LookingSplitter, type FrameSplitter, type Look } from '../../wire/frames.ts';

/** A frame of a 3M pad (protocol specification of model 210, 1.0.0): a mark, two bytes of length, command, data, checksum. */
export interface PadFrame {
  /** The mark of an ordinary frame is D6; an undocumented probe uses D5. */
  readonly mark: number;
  readonly command: number;
  readonly data: Uint8Array;
}

export interface PadReply extends PadFrame {
  readonly error: number;
}

export const padMark = 0xd6;
export const padProbeMark = 0xd5;
/** The longest answer: all blocks of a chip with 256 of them, six bytes each. */
export const padFrameBytesMax = 2_048;

const headBytes = 3;
const crcBytes = 2;

export function encodePadFrame({ mark, command, data }: PadFrame): Uint8Array {
  const length = 1 + data.length + crcBytes;
  if (headBytes + length > padFrameBytesMax) throw new Error('impossible: more data than a frame holds');
  const summed = Uint8Array.of(length >> 8, length & 0xff, command, ...data);
  const crc = crcGenibus(summed);
  return Uint8Array.of(mark, ...summed, crc >> 8, crc & 0xff);
}

export function encodePadReply({ error, data, ...frame }: PadReply): Uint8Array {
  return encodePadFrame({ ...frame, data: Uint8Array.of(error, ...data) });
}

export function decodePadFrame(frame: Uint8Array): Result<PadFrame, 'crc' | 'length'> {
  const look = lookAt(frame);
  if (look === 'more' || look === 'skip' || look.bytes !== frame.length) return err('length');
  if (look.cut.kind === 'bad') return err(look.cut.why);
  const [mark = 0, , , command = 0] = frame;
  return ok({ mark, command, data: frame.slice(headBytes + 1, frame.length - crcBytes) });
}

export function decodePadReply(frame: Uint8Array): Result<PadReply, 'crc' | 'length'> {
  const decoded = decodePadFrame(frame);
  if (!decoded.ok) return decoded;
  const { data, ...rest } = decoded.value;
  const [error] = data;
  return error === undefined ? err('length') : ok({ ...rest, error, data: data.subarray(1) });
}

export function padSplitter(): FrameSplitter {
  return new LookingSplitter(padFrameBytesMax, lookAt);
}

function lookAt(bytes: Uint8Array): Look {
  const [mark, high, low] = bytes;
  if (mark !== padMark && mark !== padProbeMark) return 'skip';
  if (high === undefined || low === undefined) return 'more';
  const length = (high << 8) | low;
  const whole = headBytes + length;
  // What looked like a mark was none, so only it is dropped and the next one is looked for.
  if (length < 1 + crcBytes || whole > padFrameBytesMax)
    return { cut: { kind: 'bad', why: 'length' }, bytes: 1 };
  if (bytes.length < whole) return 'more';
  const crc = crcGenibus(bytes.subarray(1, whole - crcBytes));
  const right = bytes[whole - 2] === crc >> 8 && bytes[whole - 1] === (crc & 0xff);
  if (!right) return { cut: { kind: 'bad', why: 'crc' }, bytes: whole };
  return { cut: { kind: 'frame', bytes: bytes.slice(0, whole) }, bytes: whole };
}
