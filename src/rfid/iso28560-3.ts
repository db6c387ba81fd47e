import { err, ok, type Result } from '../kernel/result.ts';
import { crc16, crcStart } from './crc.ts';
import { readExtensionBlocks, writeExtensionBlocks, type ExtensionBlock } from './extension-blocks.ts';
import { isilCharactersMax, isilCharactersSmallMax, isilFromStored, storedIsil } from './isil.ts';
import { partsOf } from './parts.ts';
import type { EncodeProblem, TagContent } from './tag-content.ts';
import { isPrintable, paddedText } from './text.ts';
import type { TagDeviation, TagItem, TagReading, TagRules } from './tag.ts';
import { categoryOf, usageOf } from './usage.ts';

/**
 * ISO 28560-3, fixed encoding; the same as the Danish model (DS/INF 163-1) and the Finnish one of 2005. Basic block:
 * 0 version and usage, 1 parts, 2 part, 3-18 identifier, 19-20 CRC (low byte first), 21-22 country, 23-33 rest of the
 * ISIL (23-31 on a chip of 32 bytes).
 */
const identifierAt = 3;
const crcAt = 19;
const ownerAt = 21;
export const basicBytes = 34;
export const basicBytesSmall = 32;

type CrcState = 'right' | 'unpadded' | 'wrong';

/** The checksum counts all 32 bytes beside itself, and what a small chip does not have as 00. */
function crcState(memory: Uint8Array): CrcState {
  const stored = (memory[crcAt] ?? 0) | ((memory[crcAt + 1] ?? 0) << 8);
  const head = crc16(memory, 0, crcAt, crcStart);
  const inChip = crc16(memory, ownerAt, basicBytesSmall, head);
  const small = memory.length < basicBytes;
  const padding = small ? new Uint8Array(2) : memory.subarray(basicBytesSmall, basicBytes);
  if (crc16(padding, 0, 2, inChip) === stored) return 'right';
  return small && inChip === stored ? 'unpadded' : 'wrong';
}

/** Is there an identifier, filled up with 00, where this model has it? */
function hasIdentifier(memory: Uint8Array): boolean {
  const text = paddedText(memory, identifierAt, crcAt);
  return text !== undefined && text !== '';
}

/** Is it a tag of this model with a right checksum? */
export function isFixedEncoding(memory: Uint8Array): boolean {
  // The checksum is what is told apart fastest.
  return memory.length >= basicBytesSmall && crcState(memory) !== 'wrong' && hasIdentifier(memory);
}

/** Is it in all but its checksum a tag of this model? */
export function resemblesFixedEncoding(memory: Uint8Array): boolean {
  const [head = 0, parts = 0, part = 0] = memory;
  return (
    memory.length >= basicBytesSmall &&
    head >= 0x10 &&
    head <= 0x19 &&
    part >= 1 &&
    part <= parts &&
    hasIdentifier(memory)
  );
}

function ownerField(memory: Uint8Array): string | undefined {
  return paddedText(memory, ownerAt, Math.min(memory.length, basicBytes));
}

/** A wrong checksum is pardoned by the library's rule. */
function pardoned(memory: Uint8Array, rules: TagRules): boolean {
  switch (rules.acceptBadCrc) {
    case 'never':
      return false;
    case 'legacyOnly':
      return !/^[A-Z]{2}./u.test(ownerField(memory) ?? '');
    case 'always':
      return true;
  }
}

/** Reads the basic block of what `isFixedEncoding` or `resemblesFixedEncoding` said yes to. */
export function readFixedEncoding(
  memory: Uint8Array,
  rules: TagRules,
  found: readonly TagDeviation[] = [],
): TagReading {
  const deviations = [...found];
  const crc = crcState(memory);
  if (crc === 'wrong' && !pardoned(memory, rules)) return { kind: 'unreadable', why: 'badCrc' };
  if (crc === 'wrong') deviations.push('badCrc');
  if (crc === 'unpadded') deviations.push('unpaddedCrc');
  const [head = 0, total = 0, ordinal = 0] = memory;
  const swapped = rules.usageNibbles === 'auto' && head >> 4 !== 1 && (head & 15) === 1;
  if (swapped) deviations.push('nibblesSwapped');
  const parts = partsOf(total, ordinal, rules);
  if (parts === undefined) return { kind: 'unreadable', why: 'partsImpossible' };
  if (parts.deviation !== undefined) deviations.push(parts.deviation);
  const primaryItemIdentifier = paddedText(memory, identifierAt, crcAt) ?? '';
  if (!isPrintable(primaryItemIdentifier)) return { kind: 'unreadable', why: 'identifierUnusable' };
  if (readExtensionBlocks(memory).broken) deviations.push('extensionBroken');
  const owner = ownerField(memory);
  const item: TagItem = {
    model: 'iso28560-3',
    primaryItemIdentifier,
    ...(parts.part === undefined ? {} : { part: parts.part }),
    ...(owner === undefined || owner === '' ? {} : { owner: isilFromStored(owner) }),
    usage: usageOf(swapped ? head >> 4 : head & 15),
    deviations,
  };
  return { kind: 'item', item };
}

function putField(target: Uint8Array, at: number, bytesMax: number, text: string): boolean {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > bytesMax) return false;
  target.set(bytes, at);
  return true;
}

/** Writes the basic block and what comes behind it into a memory of `memoryBytes`. */
export function encodeFixed(
  content: TagContent,
  memoryBytes: number,
  extension: readonly ExtensionBlock[] = [],
): Result<Uint8Array, EncodeProblem> {
  if (memoryBytes < basicBytesSmall) return err('chipTooSmall');
  const small = memoryBytes < basicBytes;
  const memory = new Uint8Array(Math.max(memoryBytes, basicBytes));
  const { number = 1, of = number === 1 ? 1 : 0 } = content.part ?? {};
  if (number < 1 || number > 255 || of > 255 || (of !== 0 && number > of)) return err('partsImpossible');
  memory[0] = 0x10 | categoryOf(content.usage ?? 'circulating');
  memory[1] = of;
  memory[2] = number;
  if (!isPrintable(content.primaryItemIdentifier) || content.primaryItemIdentifier === '')
    return err('identifierUnusable');
  if (!putField(memory, identifierAt, crcAt - identifierAt, content.primaryItemIdentifier))
    return err('identifierTooLong');
  const ownerMax = small ? isilCharactersSmallMax : isilCharactersMax;
  if (!putField(memory, ownerAt, ownerMax, storedIsil(content.owner ?? ''))) return err('ownerTooLong');
  const crc = crc16(memory, ownerAt, basicBytes, crc16(memory, 0, crcAt));
  memory[crcAt] = crc & 0xff;
  memory[crcAt + 1] = crc >> 8;
  const written = writeExtensionBlocks(memory, extension);
  return written ? ok(memory.slice(0, memoryBytes)) : err('chipTooSmall');
}
