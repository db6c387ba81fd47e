import { err, ok, type Result } from '../../../kernel/result.ts';
import { crc8408 } from '../crc.ts';
import { LookingSplitter, type FrameSplitter, type Look } from '../../wire/frames.ts';

/** A frame of an RL866: FA, a length that counts itself to the checksum, address, control byte, information, checksum. */
export interface Rl866Frame {
  readonly address: number;
  readonly control: number;
  readonly information: Uint8Array;
}

export const rl866 = {
  anyReader: 0xff,
  fromReader: 0x01,
  /** Control bytes that carry no information: host and reader begin anew. */
  resync: 0xc0,
  resynced: 0xe0,
  /** Toggled by the host from request to request; readers do not always repeat it. */
  sequenceBit: 0x40,
  chainingBit: 0x20,
} as const;

const mark = 0xfa;
const crcBytes = 2;
/** Length, address, control, checksum. */
const lengthMin = 5;
const lengthMax = 255;
export const rl866FrameBytesMax = lengthMax + 1;
export const rl866InformationBytesMax = lengthMax - lengthMin;

export function encodeRl866({ address, control, information }: Rl866Frame): Uint8Array {
  if (information.length > rl866InformationBytesMax)
    throw new Error('impossible: more data than a frame holds');
  const summed = Uint8Array.of(lengthMin + information.length, address, control, ...information);
  const crc = crc8408(summed);
  return Uint8Array.of(mark, ...summed, crc & 0xff, crc >> 8);
}

export function decodeRl866(frame: Uint8Array): Result<Rl866Frame, 'crc' | 'length'> {
  const look = lookAt(frame);
  if (look === 'more' || look === 'skip' || look.bytes !== frame.length) return err('length');
  if (look.cut.kind === 'bad') return err(look.cut.why);
  const [, , address = 0, control = 0] = frame;
  return ok({ address, control, information: frame.slice(4, frame.length - crcBytes) });
}

export function rl866Splitter(): FrameSplitter {
  return new LookingSplitter(rl866FrameBytesMax, lookAt);
}

/** After a wrong length or checksum only the mark is dropped: the next one may be the true beginning. */
function lookAt(bytes: Uint8Array): Look {
  if (bytes[0] !== mark) return 'skip';
  const length = bytes[1];
  if (length === undefined) return 'more';
  if (length < lengthMin) return { cut: { kind: 'bad', why: 'length' }, bytes: 1 };
  const whole = 1 + length;
  if (bytes.length < whole) return 'more';
  const crc = crc8408(bytes.subarray(1, whole - crcBytes));
  const right = bytes[whole - 2] === (crc & 0xff) && bytes[whole - 1] === crc >> 8;
  if (!right) return { cut: { kind: 'bad', why: 'crc' }, bytes: 1 };
  return { cut: { kind: 'frame', bytes: bytes.slice(0, whole) }, bytes: whole };
}
