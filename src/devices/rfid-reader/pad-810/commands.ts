import type { SeenTag } from '../protocol.ts';
import type { TagUid } from '../rfid-reader.ts';
import { uidBytes, uidBytesCount, uidOf } from '../uid.ts';
import { padMark, padProbeMark, type PadFrame } from './frame.ts';

/** Command bytes of the 3M pads (specification of model 210, chapter 7; 04 with mark D5 and 13 are not in it). */
export const padCommands = {
  readBlocks: 0x02,
  checkEas: 0x03,
  writeBlocks: 0x04,
  probe: 0x04,
  writeAfi: 0x09,
  getAfi: 0x0a,
  writeDsfid: 0x0b,
  easControl: 0x0c,
  tagInfo: 0x0d,
  getDsfid: 0x0f,
  version: 0x11,
  init: 0x13,
  passThrough: 0x14,
  inventory: 0xfe,
} as const;

export const padErrors = {
  none: 0x00,
  notImplemented: 0x02,
  noTransponder: 0x06,
  notAvailable: 0x11,
  locked: 0x12,
  notRead: 0x15,
  notWritten: 0x16,
  notSupportedByTag: 0x30,
} as const;

/** The bits of the options of an inventory. */
const withUid = 0x05;
const withDsfid = 0x02;
/** Asks a tag for DSFID, AFI, size and chip. */
const allTagInfo = 0x0f;
const everyAfi = 0x00;
export const padBlockBytes = 4;

export const padAsk = {
  probe: (): PadFrame => ({
    mark: padProbeMark,
    command: padCommands.probe,
    data: Uint8Array.of(0x00, 0x11),
  }),
  version: (): PadFrame => frame(padCommands.version),
  /** What the libraries of Helsinki send their pads at the start; what it sets is not published. */
  init: (): PadFrame => frame(padCommands.init, 6, 1, 0, 2, 0, 3, 0, 4, 0, 0x0b, 0, 0x0a, 0),
  inventory: (afi: number = everyAfi): PadFrame => frame(padCommands.inventory, afi, withUid | withDsfid),
  readBlocks: (uid: TagUid, first: number, count: number): PadFrame =>
    toTag(padCommands.readBlocks, uid, first, count),
  writeBlocks: (uid: TagUid, first: number, data: Uint8Array): PadFrame =>
    toTag(padCommands.writeBlocks, uid, first, data.length / padBlockBytes, 0, ...data),
  getAfi: (uid: TagUid): PadFrame => toTag(padCommands.getAfi, uid),
  writeAfi: (uid: TagUid, afi: number): PadFrame => toTag(padCommands.writeAfi, uid, afi),
  writeDsfid: (uid: TagUid, dsfid: number): PadFrame => toTag(padCommands.writeDsfid, uid, dsfid),
  getDsfid: (uid: TagUid): PadFrame => toTag(padCommands.getDsfid, uid),
  checkEas: (uid: TagUid): PadFrame => toTag(padCommands.checkEas, uid),
  easControl: (uid: TagUid, on: boolean): PadFrame => toTag(padCommands.easControl, uid, on ? 1 : 0),
  tagInfo: (uid: TagUid): PadFrame => toTag(padCommands.tagInfo, uid, allTagInfo),
} as const;

function frame(command: number, ...data: readonly number[]): PadFrame {
  return { mark: padMark, command, data: Uint8Array.from(data) };
}

function toTag(command: number, uid: TagUid, ...more: readonly number[]): PadFrame {
  return frame(command, ...uidBytes(uid), ...more);
}

/** The tags of an inventory; undefined where the list makes no sense. The same tag may stand in it twice. */
export function decodeInventory(data: Uint8Array): readonly SeenTag[] | undefined {
  const [, options, count] = data;
  if (options === undefined || count === undefined) return undefined;
  const dsfidBytes = (options & withDsfid) === 0 ? 0 : 1;
  const bytesEach = dsfidBytes + uidBytesCount;
  if (data.length !== 3 + count * bytesEach) return undefined;
  return Array.from({ length: count }, (_, index) => {
    const tag = data.subarray(3 + index * bytesEach, 3 + (index + 1) * bytesEach);
    const uid = uidOf(tag.subarray(dsfidBytes));
    const [dsfid] = tag;
    return dsfidBytes === 0 || dsfid === undefined ? { uid } : { uid, dsfid };
  });
}

/** The blocks of an answer in the old style, each with its number and lock byte before it; undefined: not these blocks. */
export function decodeBlocks(data: Uint8Array, first: number, count: number): Uint8Array | undefined {
  const bytesEach = 2 + padBlockBytes;
  if (data[0] !== count || data.length !== 1 + count * bytesEach) return undefined;
  const memory = new Uint8Array(count * padBlockBytes);
  for (let index = 0; index < count; index += 1) {
    const start = 1 + index * bytesEach;
    if (data[start] !== first + index) return undefined;
    memory.set(data.subarray(start + 2, start + bytesEach), index * padBlockBytes);
  }
  return memory;
}

export interface PadTagInfo {
  readonly dsfid?: number;
  readonly afi?: number;
  /** Size and number of blocks, each less one. */
  readonly size?: readonly [number, number];
}

/** A mask of what the tag tells, and after it just that. */
export function decodeTagInfo(data: Uint8Array): PadTagInfo | undefined {
  const [mask, ...rest] = data;
  if (mask === undefined) return undefined;
  const take = (bit: number, bytes: number) => ((mask & bit) === 0 ? [] : rest.splice(0, bytes));
  const [dsfid] = take(0x01, 1);
  const [afi] = take(0x02, 1);
  const [blockBytes, blocks] = take(0x04, 2);
  return {
    ...(dsfid === undefined ? {} : { dsfid }),
    ...(afi === undefined ? {} : { afi }),
    ...(blockBytes === undefined || blocks === undefined ? {} : { size: [blockBytes, blocks] as const }),
  };
}
