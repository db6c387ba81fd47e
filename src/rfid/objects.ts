import { expand, type TextCode } from './compaction.ts';
import { expandIsil } from './isil-compaction.ts';

/** Object identifiers of ISO 28560-2 that have a meaning of their own here. */
export const oid = {
  primaryItemIdentifier: 1,
  contentParameter: 2,
  owner: 3,
  setInformation: 4,
  typeOfUsage: 5,
  illBorrower: 11,
} as const;

/** Relative identifiers up to here fit into the precursor; higher ones take a byte more. */
export const shortOidMax = 14;
export const oidMax = 15 + 255;

/** A length takes three groups of seven bits at most. */
const lengthBytesMax = 3;

/** One object as it lies in the memory (ISO/IEC 15962, no directory). */
export interface TagObject {
  /** Where its precursor is. */
  readonly at: number;
  readonly oid: number;
  /** 0 application defined, 1 integer … 7 UTF-8. */
  readonly code: 0 | TextCode;
  /** Has it a byte that tells the padding? */
  readonly offset: boolean;
  /** Bytes of padding behind the data. */
  readonly pads: number;
  readonly data: Uint8Array;
}

export interface TagObjects {
  readonly objects: readonly TagObject[];
  /** Something did not end inside the memory or was no object; what came before is whole. */
  readonly damaged: boolean;
}

/** Reads a length: seven bits in each byte, the highest first, the top bit says that more follow. */
function readLength(memory: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let index = at; index < at + lengthBytesMax; index++) {
    const byte = memory[index];
    if (byte === undefined) return undefined;
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) return { value, next: index + 1 };
  }
  return undefined;
}

/** The bytes of a length below 2,097,152. */
export function lengthBytes(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}

function readObject(memory: Uint8Array, from: number): { object: TagObject; next: number } | undefined {
  const precursor = memory[from] ?? 0;
  let at = from + 1;
  let id = precursor & 15;
  if (id === 0) return undefined;
  if (id > shortOidMax) {
    const more = memory[at++];
    if (more === undefined) return undefined;
    id += more;
  }
  const offset = (precursor & 0x80) !== 0;
  let pads = 0;
  if (offset) {
    const told = memory[at++];
    if (told === undefined) return undefined;
    pads = told;
  }
  const length = readLength(memory, at);
  if (length === undefined) return undefined;
  const end = length.next + length.value;
  if (end + pads > memory.length) return undefined;
  const code = ((precursor >> 4) & 7) as 0 | TextCode;
  return {
    object: { at: from, oid: id, code, offset, pads, data: memory.subarray(length.next, end) },
    next: end + pads,
  };
}

/** All objects up to a precursor of 00 or the end of the memory. A lone 80 between objects is passed over. */
export function readObjects(memory: Uint8Array): TagObjects {
  const objects: TagObject[] = [];
  let at = 0;
  while (at < memory.length && memory[at] !== 0) {
    if (memory[at] === 0x80) {
      at += 1;
      continue;
    }
    const read = readObject(memory, at);
    if (read === undefined) return { objects, damaged: true };
    objects.push(read.object);
    at = read.next;
  }
  return { objects, damaged: false };
}

/** The text of an object; undefined where it has none (a bitmap, a byte, bad UTF-8). */
export function textOf(object: TagObject): string | undefined {
  if (object.code !== 0) return expand(object.code, object.data);
  return object.oid === oid.owner || object.oid === oid.illBorrower ? expandIsil(object.data) : undefined;
}

/** Bytes of an object as they stand on the tag. */
export function objectBytes(object: Omit<TagObject, 'at'>, padding: number = 0): Uint8Array {
  const { oid: id, code, offset, pads, data } = object;
  const long = id > shortOidMax;
  const head = [(offset ? 0x80 : 0) | (code << 4) | (long ? 15 : id)];
  if (long) head.push(id - 15);
  if (offset) head.push(pads);
  head.push(...lengthBytes(data.length));
  const bytes = new Uint8Array(head.length + data.length + pads).fill(padding);
  bytes.set(head);
  bytes.set(data, head.length);
  return bytes;
}
