import { err, ok, type Result } from '../../../kernel/result.ts';
import { crc8408 } from '../crc.ts';
import { LookingSplitter, type FrameSplitter, type Look } from '../../wire/frames.ts';

/** FEIG OBID’s two forms of a frame (manual H20800-16e, 3.3): one byte of length, or 02 and two of them. */
export type FeigForm = 'standard' | 'advanced';

export interface FeigRequest {
  readonly form: FeigForm;
  /** FF speaks to whichever reader is there. */
  readonly address: number;
  readonly command: number;
  readonly data: Uint8Array;
}

export interface FeigReply extends FeigRequest {
  readonly status: number;
}

export const feigAnyReader = 0xff;
/** No reader has a larger buffer than this. */
export const feigFrameBytesMax = 2_048;

const advancedMark = 0x02;
const crcBytes = 2;
/** Length, address, command and checksum; a reply has a status as well, an advanced frame two more bytes of length. */
const requestBytesMin = 5;
const replyBytesMin = 6;
const advancedMoreBytes = 2;
const standardBytesMax = 255;

export function encodeFeigRequest({ form, address, command, data }: FeigRequest): Uint8Array {
  return framed(form, [address, command], data);
}

export function encodeFeigReply({ form, address, command, status, data }: FeigReply): Uint8Array {
  return framed(form, [address, command, status], data);
}

function framed(form: FeigForm, head: readonly number[], data: Uint8Array): Uint8Array {
  const long = form === 'advanced';
  const length = 1 + (long ? advancedMoreBytes : 0) + head.length + data.length + crcBytes;
  if (length > (long ? feigFrameBytesMax : standardBytesMax)) {
    throw new Error('impossible: more data than a frame holds');
  }
  const before = Uint8Array.of(
    ...(long ? [advancedMark, length >> 8, length & 0xff] : [length]),
    ...head,
    ...data,
  );
  const crc = crc8408(before);
  return Uint8Array.of(...before, crc & 0xff, crc >> 8);
}

export function decodeFeigRequest(frame: Uint8Array): Result<FeigRequest, 'crc' | 'length'> {
  const body = bodyOf(frame, requestBytesMin);
  if (!body.ok) return body;
  const [address = 0, command = 0] = body.value.bytes;
  return ok({ form: body.value.form, address, command, data: body.value.bytes.slice(2) });
}

export function decodeFeigReply(frame: Uint8Array): Result<FeigReply, 'crc' | 'length'> {
  const body = bodyOf(frame, replyBytesMin);
  if (!body.ok) return body;
  const [address = 0, command = 0, status = 0] = body.value.bytes;
  return ok({ form: body.value.form, address, command, status, data: body.value.bytes.slice(3) });
}

function bodyOf(
  frame: Uint8Array,
  bytesMin: number,
): Result<{ readonly form: FeigForm; readonly bytes: Uint8Array }, 'crc' | 'length'> {
  const look = lookAt(frame, bytesMin);
  if (look === 'more' || look === 'skip' || look.bytes !== frame.length) return err('length');
  if (look.cut.kind === 'bad') return err(look.cut.why);
  const form = formOf(frame);
  const start = form === 'advanced' ? 1 + advancedMoreBytes : 1;
  return ok({ form, bytes: frame.subarray(start, frame.length - crcBytes) });
}

function formOf(frame: Uint8Array): FeigForm {
  return frame[0] === advancedMark ? 'advanced' : 'standard';
}

/** Cuts what a reader sends. */
export function feigReplySplitter(): FrameSplitter {
  return new LookingSplitter(feigFrameBytesMax, (bytes) => lookAt(bytes, replyBytesMin));
}

/** Cuts what a host sends. */
export function feigRequestSplitter(): FrameSplitter {
  return new LookingSplitter(feigFrameBytesMax, (bytes) => lookAt(bytes, requestBytesMin));
}

/** There is no mark at which a lost beginning could be found again, so a wrong length spoils all that came. */
function lookAt(bytes: Uint8Array, standardMin: number): Look {
  const long = formOf(bytes) === 'advanced';
  if (long && bytes.length < 1 + advancedMoreBytes) return 'more';
  const length = long ? ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0) : (bytes[0] ?? 0);
  const bytesMin = standardMin + (long ? advancedMoreBytes : 0);
  if (length < bytesMin || length > feigFrameBytesMax) {
    return { cut: { kind: 'bad', why: 'length' }, bytes: bytes.length };
  }
  if (bytes.length < length) return 'more';
  const crc = crc8408(bytes.subarray(0, length - crcBytes));
  const right = bytes[length - 2] === (crc & 0xff) && bytes[length - 1] === crc >> 8;
  if (!right) return { cut: { kind: 'bad', why: 'crc' }, bytes: length };
  return { cut: { kind: 'frame', bytes: bytes.slice(0, length) }, bytes: length };
}
