import { err, ok, type Result } from '../kernel/result.ts';
import { compact, compactAs, type TextCode } from './compaction.ts';
import { compactIsil } from './isil-compaction.ts';
import { objectBytes, oid, type TagObject } from './objects.ts';
import type { EncodeProblem, TagContent } from './tag-content.ts';
import { identifierCharactersMax, type TypeOfUsage } from './tag.ts';
import { isPrintable } from './text.ts';
import { categoryOf } from './usage.ts';

/** A further object with its text: 6 shelf location, 17 title and so on. */
export interface TextObject {
  readonly oid: number;
  readonly text: string;
  /** The scheme; the first that holds the text where it is left out. */
  readonly as?: TextCode;
}

export interface ObjectLayout {
  readonly memoryBytes: number;
  readonly blockBytes: number;
  /** Objects whose blocks are locked after writing; they begin and end with a block. */
  readonly locked: readonly number[];
}

type Plain = Pick<TagObject, 'oid' | 'code' | 'data'>;

/** Which objects are on the tag: one bit for each from 3 on, the highest first. */
function contentParameter(ids: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(Math.max(...ids, 3) / 8));
  for (const id of ids) {
    const bit = id - 3;
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  }
  return bytes.subarray(0, ((Math.max(...ids, 3) - 3) >> 3) + 1);
}

function setDigits({ number, of = 0 }: { number: number; of?: number }): string {
  const width = Math.max(String(number).length, String(of).length);
  return String(of).padStart(width, '0') + String(number).padStart(width, '0');
}

/** Circulating, discarded, card and equipment have a second digit, 0 where nothing more is told. */
function usageByte(usage: TypeOfUsage): number {
  return categoryOf(usage) << 4;
}

function compacted(id: number, text: string, as?: TextCode): Plain | undefined {
  if (as === undefined) {
    const done = compact(text);
    return done === undefined ? undefined : { oid: id, ...done };
  }
  const data = compactAs(as, text);
  return data === undefined ? undefined : { oid: id, code: as, data };
}

function plainObjects(
  content: TagContent,
  more: readonly TextObject[],
): Result<readonly Plain[], EncodeProblem> {
  const text = content.primaryItemIdentifier;
  if (text.length > identifierCharactersMax) return err('identifierTooLong');
  const identifier = text !== '' && isPrintable(text) ? compacted(1, text) : undefined;
  if (identifier === undefined) return err('identifierUnusable');
  const others: Plain[] = [];
  if (content.part !== undefined) {
    const { number, of = 0 } = content.part;
    if (number < 1 || number > 999 || of > 999 || (of !== 0 && number > of)) return err('partsImpossible');
    const set = compacted(oid.setInformation, setDigits(content.part));
    if (set === undefined) return err('partsImpossible');
    others.push(set);
  }
  if (content.usage !== undefined)
    others.push({ oid: oid.typeOfUsage, code: 0, data: Uint8Array.of(usageByte(content.usage)) });
  for (const { oid: id, text: value, as } of more) {
    const object = compacted(id, value, as);
    if (object === undefined) return err('notInModel');
    others.push(object);
  }
  if (content.owner !== undefined) {
    const data = compactIsil(content.owner);
    if (data === undefined) return err('ownerUnusable');
    others.push({ oid: oid.owner, code: 0, data });
  }
  if (others.length === 0) return ok([identifier]);
  const ids = others.map((object) => object.oid);
  return ok([identifier, { oid: oid.contentParameter, code: 0, data: contentParameter(ids) }, ...others]);
}

/** The object so that it ends with a block: as it is, or with the byte that tells its padding. */
function aligned(object: Plain, at: number, blockBytes: number): Uint8Array {
  const plain = objectBytes({ ...object, offset: false, pads: 0 });
  if ((at + plain.length) % blockBytes === 0) return plain;
  const pads = (blockBytes - ((at + plain.length + 1) % blockBytes)) % blockBytes;
  return objectBytes({ ...object, offset: true, pads });
}

/**
 * Writes the objects: the identifier first, then the list of what follows, what stays free, and the locked ones last.
 * A run of locked objects begins and ends with a block.
 */
export function encodeObjects(
  content: TagContent,
  layout: ObjectLayout,
  more: readonly TextObject[] = [],
): Result<Uint8Array, EncodeProblem> {
  const plain = plainObjects(content, more);
  if (!plain.ok) return plain;
  const isLocked = (object: Plain): boolean => layout.locked.includes(object.oid);
  const [identifier, ...rest] = plain.value;
  const ordered = [
    ...(identifier === undefined ? [] : [identifier]),
    ...rest.filter((object) => !isLocked(object)),
    ...rest.filter(isLocked).toSorted((a, b) => a.oid - b.oid),
  ];
  const memory = new Uint8Array(layout.memoryBytes);
  let at = 0;
  for (const [index, object] of ordered.entries()) {
    const next = ordered[index + 1];
    const border = next === undefined ? isLocked(object) : isLocked(object) !== isLocked(next);
    const bytes = border
      ? aligned(object, at, layout.blockBytes)
      : objectBytes({ ...object, offset: false, pads: 0 });
    if (at + bytes.length > memory.length) return err('chipTooSmall');
    memory.set(bytes, at);
    at += bytes.length;
  }
  return ok(memory);
}
