import { byteSum, readHex4 } from './checksum.ts';
import { standardDialect, type Dialect } from './dialect.ts';
import { fieldCharsMax, hasForm } from './kinds.ts';
import { knownIds, pairKey, planByPair, type FieldPlace, type MessagePlan } from './lookup.ts';
import type { FixedRead, MessageCode } from './messages.ts';

/** Where a message departs from SIP2 2.12. It is read all the same. */
export interface Deviation {
  readonly kind:
    | 'unknownCode'
    /** A fixed field is cut short, or its value is not of its kind. */
    | 'fixedForm'
    /** A variable field’s value is not of its kind. */
    | 'fieldForm'
    | 'missing'
    /** A field came twice that may come once; the first one counts. */
    | 'repeated'
    | 'tooLong'
    /** The last field lacks its delimiter. */
    | 'unterminated'
    /** A delimiter with nothing before it. */
    | 'emptySegment'
    /** AZ without AY in a message that has a sequence number. */
    | 'noSequence'
    | 'wrongChecksum'
    /** Bytes that are none in the character set. */
    | 'charset';
  /** Name of the fixed field or id of the variable field, where it is about one. */
  readonly field?: string;
}

export type FieldPair = readonly [id: string, value: string];

interface DecodedParts {
  /** All variable fields that were kept, in the order on the wire, unknown and repeated ones too. */
  readonly fields: readonly FieldPair[];
  /** AY, where the message carried error detection. */
  readonly sequence: number | undefined;
  readonly checksum: 'absent' | 'right' | 'wrong';
  readonly deviations: readonly Deviation[];
}

export type DecodedOf<C extends MessageCode> = DecodedParts & {
  readonly code: C;
  readonly fixed: FixedRead<C>;
};

/** A message of no code of the table; its body is kept as it came, unless fields were to be dropped. */
export type UnknownMessage = DecodedParts & {
  readonly code: undefined;
  /** The first two bytes as text. */
  readonly rawCode: string;
  readonly body: Uint8Array;
};

export type Decoded = { [C in MessageCode]: DecodedOf<C> }[MessageCode] | UnknownMessage;

/** For each message the ids of the fields that are read. Of a message that is not named none is. */
export type KeepFields = { readonly [C in MessageCode]?: ReadonlySet<string> };

export interface DecodeOptions {
  readonly dialect?: Dialect;
  /** The values of all other fields never become text. Left out: all are read. */
  readonly keep?: KeepFields;
  /** Letters stay as they came; otherwise marks that stand apart are joined to them (NFC), as most readers want. */
  readonly asOnTheWire?: boolean;
}

const byteOf = { a: 0x41, y: 0x59, z: 0x5a, cr: 0x0d, lf: 0x0a, zero: 0x30, nine: 0x39 } as const;
const noBytes = new Uint8Array(0);

/**
 * Reads one message, with or without its line end. Never throws; what is odd is told in `deviations`.
 * Parse order: line end, AY/AZ at the very end, fixed part by width alone, then segments between delimiters.
 */
export function decode(line: Uint8Array, options: DecodeOptions = {}): Decoded {
  const dialect = options.dialect ?? standardDialect;
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.byteLength);
  let start = 0;
  let end = bytes.length;
  while (start < end && isLineEnd(bytes[start])) start++;
  while (end > start && isLineEnd(bytes[end - 1])) end--;

  const deviations: Deviation[] = [];
  const tail = readTail(bytes, start, end);
  if (tail.checksum === 'wrong') deviations.push({ kind: 'wrongChecksum' });
  const key = end - start < 2 ? 0 : ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
  const plan = planByPair(key);
  if (plan === undefined) return unknownMessage(bytes, start, tail, deviations, options.keep !== undefined);
  if (tail.checksum !== 'absent' && tail.sequence === undefined && plan.spec.sequence) {
    deviations.push({ kind: 'noSequence' });
  }
  const fixed = readFixed(bytes, start + 2, tail.from, plan, deviations);
  const reading: Reading = {
    bytes,
    end: tail.from,
    plan,
    dialect,
    keep: kept(plan, options),
    compose: options.asOnTheWire !== true,
    deviations,
  };
  const fields = readFields(reading, Math.min(start + 2 + plan.fixedBytes, tail.from));
  const { sequence, checksum } = tail;
  // The plan’s code is one of the table, and `fixed` was read by that plan.
  return { code: plan.code, fixed, fields, sequence, checksum, deviations } as unknown as Decoded;
}

const nothing: ReadonlySet<string> = new Set();

function kept(plan: MessagePlan, { keep }: DecodeOptions): ReadonlySet<string> | undefined {
  // The plan’s code is one of the table.
  return keep === undefined ? undefined : (keep[plan.code as MessageCode] ?? nothing);
}

function latin1(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === byteOf.cr || byte === byteOf.lf;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= byteOf.zero && byte <= byteOf.nine;
}

interface Tail {
  /** Where the tail begins, or the end of the message where it has none. */
  readonly from: number;
  readonly sequence: number | undefined;
  readonly checksum: 'absent' | 'right' | 'wrong';
}

function readTail(bytes: Uint8Array, start: number, end: number): Tail {
  const hex = end - 4;
  const none: Tail = { from: end, sequence: undefined, checksum: 'absent' };
  if (hex - 2 < start || bytes[hex - 2] !== byteOf.a || bytes[hex - 1] !== byteOf.z) return none;
  const value = readHex4(bytes, hex);
  if (value < 0) return none;
  const checksum = ((byteSum(bytes, start, hex) + value) & 0xffff) === 0 ? 'right' : 'wrong';
  const ay = hex - 5;
  if (ay >= start && bytes[ay] === byteOf.a && bytes[ay + 1] === byteOf.y && isDigit(bytes[ay + 2])) {
    return { from: ay, sequence: (bytes[ay + 2] ?? byteOf.zero) - byteOf.zero, checksum };
  }
  return { from: hex - 2, sequence: undefined, checksum };
}

function unknownMessage(
  bytes: Buffer,
  start: number,
  tail: Tail,
  deviations: Deviation[],
  drop: boolean,
): UnknownMessage {
  deviations.push({ kind: 'unknownCode' });
  return {
    code: undefined,
    rawCode: latin1(bytes, start, Math.min(start + 2, tail.from)),
    body: drop ? noBytes : Uint8Array.prototype.slice.call(bytes, Math.min(start + 2, tail.from), tail.from),
    fields: [],
    sequence: tail.sequence,
    checksum: tail.checksum,
    deviations,
  };
}

function readFixed(
  bytes: Buffer,
  from: number,
  end: number,
  plan: MessagePlan,
  deviations: Deviation[],
): Record<string, string> {
  const fixed: Record<string, string> = {};
  for (const place of plan.fixed) {
    const value = latin1(bytes, Math.min(from + place.from, end), Math.min(from + place.to, end));
    fixed[place.name] = value;
    if (!hasForm(place.kind, value)) deviations.push({ kind: 'fixedForm', field: place.name });
  }
  return fixed;
}

interface Reading {
  readonly bytes: Buffer;
  readonly end: number;
  readonly plan: MessagePlan;
  readonly dialect: Dialect;
  readonly keep: ReadonlySet<string> | undefined;
  readonly compose: boolean;
  readonly deviations: Deviation[];
}

function readFields(reading: Reading, from: number): FieldPair[] {
  const { bytes, end, plan, dialect, deviations } = reading;
  const pairs: FieldPair[] = [];
  let seen = 0;
  let at = from;
  while (at < end) {
    let stop = bytes.indexOf(dialect.delimiter, at);
    if (stop < 0 || stop >= end) {
      stop = end;
      deviations.push({ kind: 'unterminated', ...idAt(bytes, at, stop) });
    }
    if (stop === at) {
      deviations.push({ kind: 'emptySegment' });
    } else {
      const key = ((bytes[at] ?? 0) << 8) | (stop - at > 1 ? (bytes[at + 1] ?? 0) : 0);
      const place = plan.fieldByKey.get(key);
      if (place !== undefined) {
        if ((seen & place.bit) !== 0 && place.spec.repeatable === undefined) {
          deviations.push({ kind: 'repeated', field: place.id });
        }
        seen |= place.bit;
      }
      readSegment(reading, key, place, at, stop, pairs);
    }
    at = stop + 1;
  }
  for (const place of plan.fields) {
    if (place.required && (seen & place.bit) === 0) deviations.push({ kind: 'missing', field: place.id });
  }
  return pairs;
}

function idAt(bytes: Buffer, at: number, stop: number): { readonly field: string } {
  return { field: latin1(bytes, at, Math.min(at + 2, stop)) };
}

function readSegment(
  reading: Reading,
  key: number,
  place: FieldPlace | undefined,
  at: number,
  stop: number,
  pairs: FieldPair[],
): void {
  const { bytes, keep, deviations } = reading;
  const id = place?.id ?? knownIds.get(key) ?? latin1(bytes, at, Math.min(at + 2, stop));
  if (keep !== undefined && !keep.has(id)) return;
  const value = readText(reading, Math.min(at + 2, stop), stop, id);
  if (value.length > fieldCharsMax) deviations.push({ kind: 'tooLong', field: id });
  if (place !== undefined && value !== '' && !hasForm(place.kind, value)) {
    deviations.push({ kind: 'fieldForm', field: id });
  }
  pairs.push([id, value]);
}

function readText(reading: Reading, from: number, to: number, id: string): string {
  const { bytes, dialect, compose, deviations } = reading;
  let ascii = true;
  for (let index = from; index < to; index++) {
    if ((bytes[index] ?? 0) > 0x7f) {
      ascii = false;
      break;
    }
  }
  if (ascii) return latin1(bytes, from, to);
  const { text, clean } = dialect.charset.decode(bytes.subarray(from, to));
  if (!clean) deviations.push({ kind: 'charset', field: id });
  return compose ? text.normalize('NFC') : text;
}

/** The first value of a field; undefined where it did not come. */
export function firstField(
  message: { readonly fields: readonly FieldPair[] },
  id: string,
): string | undefined {
  for (const pair of message.fields) if (pair[0] === id) return pair[1];
  return undefined;
}

/** Every value of a field, in order. */
export function allFields(message: { readonly fields: readonly FieldPair[] }, id: string): string[] {
  const values: string[] = [];
  for (const pair of message.fields) if (pair[0] === id) values.push(pair[1]);
  return values;
}

/** Whether a line begins with the code; used before it is worth decoding. */
export function hasCode(line: Uint8Array, code: MessageCode): boolean {
  return line.length >= 2 && (((line[0] ?? 0) << 8) | (line[1] ?? 0)) === pairKey(code);
}
