import { err, ok, type Result } from '../kernel/result.ts';
import { partsOf } from './parts.ts';
import type { EncodeProblem, TagContent } from './tag-content.ts';
import { isPrintable, paddedText } from './text.ts';
import type { TagReading, TagRules } from './tag.ts';

/**
 * The layout of 3M's RFID 501: 04, part and parts (4 bits each), 00, item type, barcode (4-19), branch (12 bits) and
 * library (20 bits), 4 bytes of the library's own, zeroes.
 */
const marker = 0x04;
const barcodeAt = 4;
const barcodeEnd = 20;
const bytesMin = barcodeEnd;
const partsMax = 15;
const bookType = 0x01;

const blankFill = 0x55;
const blankFilled = 24;
const blankBytes = 28;

/** As 3M's tags come from the factory. */
export function isBlank501(memory: Uint8Array): boolean {
  if (memory.length < blankBytes) return false;
  for (let at = 0; at < blankBytes; at++) if (memory[at] !== (at < blankFilled ? blankFill : 0)) return false;
  return true;
}

function isAscii(memory: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((memory[at] ?? 0) > 0x7e) return false;
  return true;
}

export function isRfid501(memory: Uint8Array): boolean {
  if (memory.length < bytesMin || memory[0] !== marker || memory[2] !== 0) return false;
  const text = isAscii(memory, barcodeAt, barcodeEnd) ? paddedText(memory, barcodeAt, barcodeEnd) : undefined;
  return text !== undefined && text !== '';
}

/** Reads what `isRfid501` said yes to. */
export function readRfid501(memory: Uint8Array, rules: TagRules): TagReading {
  const set = memory[1] ?? 0;
  const parts = partsOf(set & 15, set >> 4, rules);
  if (parts === undefined) return { kind: 'unreadable', why: 'partsImpossible' };
  const primaryItemIdentifier = paddedText(memory, barcodeAt, barcodeEnd) ?? '';
  if (!isPrintable(primaryItemIdentifier)) return { kind: 'unreadable', why: 'identifierUnusable' };
  return {
    kind: 'item',
    item: {
      model: 'rfid501',
      primaryItemIdentifier,
      ...(parts.part === undefined ? {} : { part: parts.part }),
      usage: 'unspecified',
      deviations: parts.deviation === undefined ? [] : [parts.deviation],
    },
  };
}

export function encodeRfid501(content: TagContent, memoryBytes: number): Result<Uint8Array, EncodeProblem> {
  if (memoryBytes < 32) return err('chipTooSmall');
  const { number = 1, of = number === 1 ? 1 : 0 } = content.part ?? {};
  if (number < 1 || number > partsMax || of > partsMax || (of !== 0 && number > of))
    return err('partsImpossible');
  if (content.owner !== undefined) return err('notInModel');
  const usage = content.usage ?? 'circulating';
  if (usage !== 'circulating' && usage !== 'unspecified') return err('notInModel');
  const text = content.primaryItemIdentifier;
  if (text === '' || !isPrintable(text) || !/^[\u0020-\u007e]+$/u.test(text))
    return err('identifierUnusable');
  if (text.length > barcodeEnd - barcodeAt) return err('identifierTooLong');
  const memory = new Uint8Array(memoryBytes);
  memory.set([marker, (number << 4) | of, 0, bookType]);
  memory.set(Buffer.from(text, 'latin1'), barcodeAt);
  return ok(memory);
}
