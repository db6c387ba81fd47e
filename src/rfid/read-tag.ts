import { reversedBlocks } from './blocks.ts';
import { objectsOf28560Part2, readObjectEncoding } from './iso28560-2.ts';
import {
  basicBytes,
  basicBytesSmall,
  isFixedEncoding,
  readFixedEncoding,
  resemblesFixedEncoding,
} from './iso28560-3.ts';
import { isBlank501, isRfid501, readRfid501 } from './rfid501.ts';
import { defaultBlockBytes, defaultTagRules, type ChipFacts, type TagReading, type TagRules } from './tag.ts';

/** Data storage format identifiers (ISO 28560-1). */
export const dsfidOf = { 'iso28560-2': 0x06, 'iso28560-3': 0x3e } as const;

function isAllZero(memory: Uint8Array): boolean {
  for (const byte of memory) if (byte !== 0) return false;
  return true;
}

/**
 * What the memory of a tag is, by its content; the DSFID only breaks ties, for on real tags it is often unset or wrong.
 * Takes any bytes and never throws. The order is binding: an ISO 28560-3 tag with a wrong checksum is, on a larger
 * chip, also a well-formed ISO 28560-2 tag with the identifier "1", so the look of the former comes first.
 */
export function readTag(
  memory: Uint8Array,
  chip: ChipFacts = {},
  rules: TagRules = defaultTagRules,
): TagReading {
  if (memory.length === 0) return { kind: 'unreadable', why: 'tooShort' };
  if (isAllZero(memory) || isBlank501(memory)) return { kind: 'blank' };
  if (chip.dsfid === dsfidOf['iso28560-2']) {
    const objects = objectsOf28560Part2(memory);
    if (objects !== undefined) return readObjectEncoding(objects, rules);
  }
  if (isFixedEncoding(memory)) return readFixedEncoding(memory, rules);
  const blockBytes = chip.blockBytes ?? defaultBlockBytes;
  // Its beginning tells, and most tags are not turned.
  const beginning = memory.subarray(0, Math.ceil(basicBytes / blockBytes) * blockBytes);
  if (isFixedEncoding(reversedBlocks(beginning, blockBytes)))
    return readFixedEncoding(reversedBlocks(memory, blockBytes), rules, ['blocksReversed']);
  if (resemblesFixedEncoding(memory)) return readFixedEncoding(memory, rules);
  const objects = objectsOf28560Part2(memory);
  if (objects !== undefined) return readObjectEncoding(objects, rules);
  if (isRfid501(memory)) return readRfid501(memory, rules);
  if (memory.length < basicBytesSmall) return { kind: 'unreadable', why: 'tooShort' };
  const damaged = chip.dsfid === dsfidOf['iso28560-2'] || chip.dsfid === dsfidOf['iso28560-3'];
  return { kind: 'foreign', damaged };
}
