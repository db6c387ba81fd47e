import { bitsAt, BitWriter } from './bits.ts';
import { utf8Text } from './text.ts';

/** The compaction codes of ISO/IEC 15962 that shorten text; 0 is "application defined". */
export type TextCode = 1 | 2 | 3 | 4 | 5 | 6 | 7;

interface Compaction {
  readonly code: TextCode;
  readonly name: string;
  /** Undefined: a text that this scheme cannot hold. */
  compact(text: string): Uint8Array | undefined;
  /** Undefined: bytes that this scheme cannot make. */
  expand(data: Uint8Array): string | undefined;
}

const integerBytesMax = 8;

function compactInteger(text: string): Uint8Array | undefined {
  if (!/^[1-9]\d{1,18}$/u.test(text)) return undefined;
  const hex = BigInt(text).toString(16);
  return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

function expandInteger(data: Uint8Array): string | undefined {
  let first = 0;
  while (first < data.length && data[first] === 0) first++;
  const length = data.length - first;
  if (length > integerBytesMax) return undefined;
  // Six bytes are exact in a number; most identifiers are shorter.
  if (length <= 6) {
    let value = 0;
    for (let at = first; at < data.length; at++) value = value * 256 + (data[at] ?? 0);
    return value < 10 ? undefined : String(value);
  }
  let value = 0n;
  for (let at = first; at < data.length; at++) value = value * 256n + BigInt(data[at] ?? 0);
  return value.toString();
}

function compactNumeric(text: string): Uint8Array | undefined {
  if (!/^\d{2,}$/u.test(text)) return undefined;
  return Uint8Array.from(Buffer.from(text.length % 2 === 0 ? text : `${text}f`, 'hex'));
}

function expandNumeric(data: Uint8Array): string | undefined {
  let text = '';
  const nibbles = data.length * 2;
  for (let at = 0; at < nibbles; at++) {
    const byte = data[at >> 1] ?? 0;
    const nibble = at % 2 === 0 ? byte >> 4 : byte & 15;
    if (nibble === 15 && at === nibbles - 1 && at > 0) break;
    if (nibble > 9) return undefined;
    text += String(nibble);
  }
  return text;
}

/** Groups of `width` bits; `sign` gives the character of a value, or undefined where only padding may have it. */
function expandGroups(
  data: Uint8Array,
  width: number,
  sign: (value: number) => string | undefined,
  isPadding: (value: number, endsBytes: boolean) => boolean,
): string | undefined {
  const groups = Math.floor((data.length * 8) / width);
  const endsBytes = groups * width === data.length * 8;
  let text = '';
  for (let group = 0; group < groups; group++) {
    const value = bitsAt(data, group * width, width);
    if (group === groups - 1 && isPadding(value, endsBytes)) break;
    const next = sign(value);
    if (next === undefined) return undefined;
    text += next;
  }
  return text;
}

function compactGroups(text: string, width: number, padding: number): Uint8Array {
  const writer = new BitWriter();
  for (let at = 0; at < text.length; at++) writer.put(text.charCodeAt(at) & ((1 << width) - 1), width);
  return writer.done(padding);
}

const schemes: readonly Compaction[] = [
  { code: 1, name: 'integer', compact: compactInteger, expand: expandInteger },
  { code: 2, name: 'numeric', compact: compactNumeric, expand: expandNumeric },
  {
    code: 3,
    name: '5bit',
    compact: (text) => (/^[\u0041-\u005f]{3,}$/u.test(text) ? compactGroups(text, 5, 0) : undefined),
    expand: (data) =>
      expandGroups(
        data,
        5,
        (value) => (value === 0 ? undefined : String.fromCharCode(0x40 + value)),
        (value) => value === 0,
      ),
  },
  {
    code: 4,
    name: '6bit',
    compact: (text) => (/^[\u0020-\u005f]{4,}$/u.test(text) ? compactGroups(text, 6, 0b10000000) : undefined),
    expand: (data) =>
      expandGroups(
        data,
        6,
        (value) => String.fromCharCode(value < 0x20 ? value + 0x40 : value),
        (value, endsBytes) => value === 0x20 && endsBytes,
      ),
  },
  {
    code: 5,
    name: '7bit',
    compact: (text) => (/^[\u0000-\u007e]+$/u.test(text) ? compactGroups(text, 7, 0xff) : undefined),
    expand: (data) =>
      expandGroups(
        data,
        7,
        (value) => (value === 0x7f ? undefined : String.fromCharCode(value)),
        (value) => value === 0x7f,
      ),
  },
  {
    code: 6,
    name: 'octets',
    compact: (text) =>
      /^[\u0000-\u00ff]*$/u.test(text) ? Uint8Array.from(Buffer.from(text, 'latin1')) : undefined,
    expand: (data) => Buffer.from(data).toString('latin1'),
  },
  {
    code: 7,
    name: 'utf8',
    compact: (text) => (text.isWellFormed() ? Uint8Array.from(Buffer.from(text, 'utf8')) : undefined),
    expand: utf8Text,
  },
];

function schemeOf(code: TextCode): Compaction {
  const scheme = schemes[code - 1];
  if (scheme === undefined) throw new Error(`no compaction ${code}`);
  return scheme;
}

/** The text of data in a scheme; undefined where the scheme cannot have made them. No data is an empty text. */
export function expand(code: TextCode, data: Uint8Array): string | undefined {
  return data.length === 0 ? '' : schemeOf(code).expand(data);
}

/** A text in a given scheme; undefined where that cannot hold it. */
export function compactAs(code: TextCode, text: string): Uint8Array | undefined {
  const { compact, expand: back } = schemeOf(code);
  const data = compact(text);
  return data !== undefined && back(data) === text ? data : undefined;
}

/** A text in the first scheme that holds it and gives it back: integer, numeric, 5, 6, 7 bits, octets, UTF-8. */
export function compact(text: string): { code: TextCode; data: Uint8Array } | undefined {
  for (const { code } of schemes) {
    const data = compactAs(code, text);
    if (data !== undefined) return { code, data };
  }
  return undefined;
}
