import { isAscii, isUtf8 } from 'node:buffer';
import { err, ok, type Result } from '../kernel/result.ts';
import { byteSum, checksumOf, writeHex4 } from './checksum.ts';
import { standardDialect, type Dialect } from './dialect.ts';
import { fieldCharsMax, hasForm, kinds, type Kind } from './kinds.ts';
import { fieldSpec, kindNamed, planOfCode, type MessagePlan } from './lookup.ts';
import type { MessageCode, MessageInput } from './messages.ts';

/** Why a message can't be written. Names the field, never its value. */
export interface EncodeError {
  readonly kind:
    | 'unknownCode'
    /** The value is not one that the field may have. */
    | 'form'
    | 'missing'
    | 'tooLong'
    /** The delimiter, a line end or another control character in a value. */
    | 'character'
    /** A character that the character set does not have. */
    | 'charset'
    /** An id that is not two printable characters, or that belongs to error detection. */
    | 'id';
  readonly field: string;
}

export interface EncodeOptions {
  readonly dialect?: Dialect;
  /** AY, 0 to 9; error detection is off where it is left out. 96 and 97 carry AZ only, whatever the number. */
  readonly sequence?: number | undefined;
}

/** A field to write, where the order is the caller’s. */
export type FieldToWrite = readonly [id: string, value: string | Uint8Array];

/** A message as loose parts, for whoever needs another order than the table’s. */
export interface MessageParts {
  readonly code: string;
  readonly fixed: Readonly<Record<string, string>>;
  readonly fields: readonly FieldToWrite[];
}

/**
 * Writes one message with its terminator, fields in the order of the table. The bytes belong to the caller, who
 * overwrites them (`fill(0)`) when they held a secret.
 */
export function encode<C extends MessageCode>(
  message: MessageInput<C>,
  options: EncodeOptions = {},
): Result<Buffer, EncodeError> {
  const plan = planOfCode(message.code);
  if (plan === undefined) return err({ kind: 'unknownCode', field: message.code });
  const given: Readonly<Record<string, unknown>> = message.fields;
  const list: FieldToWrite[] = [];
  for (const place of plan.fields) {
    const value = given[place.id];
    if (value === undefined) continue;
    if (Array.isArray(value)) for (const one of value as readonly string[]) list.push([place.id, one]);
    else list.push([place.id, value as string | Uint8Array]);
  }
  if (message.extra !== undefined) list.push(...message.extra);
  return write(plan, message.fixed, list, options);
}

/** Writes a message from loose parts, fields in the order given, each checked against the table all the same. */
export function encodeParts(parts: MessageParts, options: EncodeOptions = {}): Result<Buffer, EncodeError> {
  const plan = planOfCode(parts.code);
  if (plan === undefined) return err({ kind: 'unknownCode', field: parts.code });
  return write(plan, parts.fixed, parts.fields, options);
}

/** Bytes after the last field: `AYnAZhhhh` and CR LF. */
const tailBytesMax = 9 + 2;
/** Most bytes that one UTF-16 unit of text becomes in any of the character sets. */
const bytesPerUnitMax = 4;

function write(
  plan: MessagePlan,
  fixed: Readonly<Record<string, string>>,
  list: readonly FieldToWrite[],
  options: EncodeOptions,
): Result<Buffer, EncodeError> {
  const dialect = options.dialect ?? standardDialect;
  let capacity = 2 + plan.fixedBytes + 1 + tailBytesMax;
  for (const [, value] of list) capacity += 3 + value.length * bytesPerUnitMax;
  const buffer = Buffer.alloc(capacity);
  const result = writeInto(buffer, plan, fixed, list, dialect);
  if (typeof result !== 'number') {
    buffer.fill(0);
    return err(result);
  }
  return ok(buffer.subarray(0, writeTail(buffer, result, plan, dialect, options.sequence)));
}

function writeInto(
  buffer: Buffer,
  plan: MessagePlan,
  fixed: Readonly<Record<string, string>>,
  list: readonly FieldToWrite[],
  dialect: Dialect,
): number | EncodeError {
  let at = writeAscii(buffer, 0, plan.code);
  for (const place of plan.fixed) {
    const value = fixed[place.name];
    if (value === undefined) return { kind: 'missing', field: place.name };
    if (!hasForm(place.kind, value)) return { kind: 'form', field: place.name };
    at = writeAscii(buffer, at, value);
  }
  if (dialect.delimiterAfterFixed === true && list.length > 0) at = delimit(buffer, at, plan, dialect);
  for (const place of plan.fields) {
    if (place.required && !list.some(([id]) => id === place.id)) return { kind: 'missing', field: place.id };
  }
  for (const [id, value] of list) {
    const wrong = checkField(id, value);
    if (wrong !== undefined) return { kind: wrong, field: id };
    at = writeAscii(buffer, at, id);
    const end = writeValue(buffer, at, value, dialect);
    if (typeof end !== 'number') return { kind: end.kind, field: id };
    at = end;
    buffer[at++] = dialect.delimiter;
  }
  return at;
}

/** Codes, ids and fixed parts are a few letters of ASCII each, for which a call out of JavaScript costs more than it does. */
function writeAscii(buffer: Buffer, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) buffer[at + index] = text.charCodeAt(index);
  return at + text.length;
}

/** FBS and a few others: a delimiter after the fixed part. In a 63 the summary gives it the tenth of its places. */
function delimit(buffer: Buffer, at: number, plan: MessagePlan, dialect: Dialect): number {
  const place = plan.code === '63' && buffer[at - 1] === 0x20 ? at - 1 : at;
  buffer[place] = dialect.delimiter;
  return place + 1;
}

function checkField(id: string, value: string | Uint8Array): EncodeError['kind'] | undefined {
  if (!/^[\x21-\x7e]{2}$/.test(id) || id === 'AY' || id === 'AZ') return 'id';
  if (value.length > fieldCharsMax) return 'tooLong';
  if (typeof value !== 'string' || value === '') return undefined;
  const spec = fieldSpec(id);
  const kind: Kind = spec === undefined ? kinds.text : kindNamed(spec.kind);
  return hasForm(kind, value) ? undefined : 'form';
}

type ValueError = { readonly kind: 'character' | 'charset' };

/** Writes a value and returns where it ends. */
function writeValue(
  buffer: Buffer,
  at: number,
  value: string | Uint8Array,
  dialect: Dialect,
): number | ValueError {
  if (typeof value !== 'string') return writeSecret(buffer, at, value, dialect);
  let ascii = true;
  for (let index = 0; index < value.length; index++) {
    const unit = value.charCodeAt(index);
    if (isForbidden(unit, dialect.delimiter)) return { kind: 'character' };
    if (unit > 0x7f) {
      ascii = false;
      break;
    }
    buffer[at + index] = unit;
  }
  if (ascii) return at + value.length;
  const bytes = dialect.charset.encode(value);
  if (bytes === undefined) return { kind: 'charset' };
  return copyChecked(buffer, at, bytes, dialect.delimiter);
}

/**
 * A secret comes as UTF-8. In another character set it is carried over one character at a time, so that the whole
 * of it is never text.
 */
function writeSecret(buffer: Buffer, at: number, secret: Uint8Array, dialect: Dialect): number | ValueError {
  if (isAscii(secret)) return copyChecked(buffer, at, secret, dialect.delimiter);
  if (!isUtf8(secret)) return { kind: 'charset' };
  if (dialect.charset.name === 'utf-8') return copyChecked(buffer, at, secret, dialect.delimiter);
  let end = at;
  for (let index = 0; index < secret.length;) {
    const size = utf8Size(secret[index] ?? 0);
    const character = Buffer.from(secret.buffer, secret.byteOffset + index, size).toString('utf8');
    const bytes = dialect.charset.encode(character);
    if (bytes === undefined) return { kind: 'charset' };
    const next = copyChecked(buffer, end, bytes, dialect.delimiter);
    bytes.fill(0);
    if (typeof next !== 'number') return next;
    end = next;
    index += size;
  }
  return end;
}

function utf8Size(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function copyChecked(buffer: Buffer, at: number, bytes: Uint8Array, delimiter: number): number | ValueError {
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (isForbidden(byte, delimiter)) return { kind: 'character' };
    buffer[at + index] = byte;
  }
  return at + bytes.length;
}

function isForbidden(byte: number, delimiter: number): boolean {
  return byte < 0x20 || byte === 0x7f || byte === delimiter;
}

/** `AYn` before a checksum of four digits. */
function writeTail(
  buffer: Buffer,
  from: number,
  plan: MessagePlan,
  dialect: Dialect,
  sequence: number | undefined,
): number {
  let at = from;
  if (sequence !== undefined) {
    if (plan.spec.sequence) {
      at = writeAscii(buffer, at, 'AY');
      buffer[at++] = 0x30 + (((sequence % 10) + 10) % 10);
    }
    at = writeAscii(buffer, at, 'AZ');
    writeHex4(buffer, at, checksumOf(byteSum(buffer, 0, at)));
    at += 4;
  }
  if (dialect.terminator !== 'LF') buffer[at++] = 0x0d;
  if (dialect.terminator !== 'CR') buffer[at++] = 0x0a;
  return at;
}

/** Gives a message that was encoded with a sequence number another one, and the checksum that goes with it. */
export function renumber(message: Buffer, dialect: Dialect, sequence: number): void {
  const end = message.length - (dialect.terminator === 'CRLF' ? 2 : 1);
  message[end - 7] = 0x30 + (sequence % 10);
  writeHex4(message, end - 4, checksumOf(byteSum(message, 0, end - 4)));
}
