import { oid, readObjects, textOf, type TagObject } from './objects.ts';
import { partsOf, type ReadParts } from './parts.ts';
import { identifierCharactersMax, type TagItem, type TagReading, type TagRules } from './tag.ts';
import { isPrintable } from './text.ts';
import { offlineUseOf, usageOf } from './usage.ts';

/** ISO 28560-2: objects in the encoding of ISO/IEC 15962, each with its own compaction. */

/** The data of an object are what its scheme can make. Bad UTF-8 counts only in the identifier. */
function isLegal(object: TagObject): boolean {
  if (object.oid === oid.primaryItemIdentifier) return (textOf(object) ?? '') !== '';
  return object.code === 0 || object.code === 7 || textOf(object) !== undefined;
}

/**
 * The objects of a tag of this model, or undefined. Strict, for any bytes look a little like objects: the identifier
 * comes first and is not empty, no object comes twice, each ends inside the memory, all data are legal.
 */
export function objectsOf28560Part2(memory: Uint8Array): readonly TagObject[] | undefined {
  const { objects, damaged } = readObjects(memory);
  if (damaged || objects[0]?.oid !== oid.primaryItemIdentifier) return undefined;
  if (new Set(objects.map((object) => object.oid)).size !== objects.length) return undefined;
  return objects.every(isLegal) ? objects : undefined;
}

/** Digits of an even count, the first half the number of parts, the second the part; a lost zero in front is put back. */
function setInformation(text: string, rules: TagRules): ReadParts | undefined {
  if (!/^\d{1,6}$/u.test(text)) return {};
  const digits = text.length % 2 === 0 ? text : `0${text}`;
  const half = digits.length / 2;
  return partsOf(Number(digits.slice(0, half)), Number(digits.slice(half)), rules);
}

/**
 * The byte of the type of usage. Vendors write it application-defined, as one octet, or as two digits; one digit in an
 * octet could be either and is not used.
 */
function usageByte(object: TagObject): number | undefined {
  const { code, data } = object;
  const [byte] = data;
  if (byte !== undefined && data.length === 1 && (code === 0 || (code === 6 && (byte < 0x30 || byte > 0x39))))
    return byte;
  const text = textOf(object);
  return text !== undefined && /^\d{2}$/u.test(text) ? Number.parseInt(text, 16) : undefined;
}

function ownerOf(object: TagObject): string | undefined {
  const text = textOf(object)?.trim();
  return text === undefined || text === '' || text === '\u0000' || !isPrintable(text) ? undefined : text;
}

/** Reads the objects that `objectsOf28560Part2` found. */
export function readObjectEncoding(objects: readonly TagObject[], rules: TagRules): TagReading {
  let primaryItemIdentifier = '';
  let owner: string | undefined;
  let parts: ReadParts | undefined = {};
  let usage: number | undefined;
  for (const object of objects) {
    if (object.oid === oid.primaryItemIdentifier) primaryItemIdentifier = textOf(object)?.trim() ?? '';
    else if (object.oid === oid.owner) owner = ownerOf(object);
    else if (object.oid === oid.setInformation) parts = setInformation(textOf(object) ?? '', rules);
    else if (object.oid === oid.typeOfUsage) usage = usageByte(object);
  }
  if (primaryItemIdentifier.length > identifierCharactersMax)
    return { kind: 'unreadable', why: 'identifierTooLong' };
  if (primaryItemIdentifier === '' || !isPrintable(primaryItemIdentifier))
    return { kind: 'unreadable', why: 'identifierUnusable' };
  if (parts === undefined) return { kind: 'unreadable', why: 'partsImpossible' };
  const offlineUse = usage === undefined ? undefined : offlineUseOf(usage);
  const item: TagItem = {
    model: 'iso28560-2',
    primaryItemIdentifier,
    ...(parts.part === undefined ? {} : { part: parts.part }),
    ...(owner === undefined ? {} : { owner }),
    usage: usage === undefined ? 'unspecified' : usageOf(usage >> 4),
    ...(offlineUse === undefined ? {} : { offlineUse }),
    deviations: parts.deviation === undefined ? [] : [parts.deviation],
  };
  return { kind: 'item', item };
}
