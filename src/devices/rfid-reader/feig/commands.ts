import { uidBytes, uidBytesCount, uidOf } from '../uid.ts';
import type { TagUid } from '../rfid-reader.ts';
import type { SeenTag } from '../protocol.ts';

/** Command bytes of FEIG OBID readers (manual H20800-16e, chapters 5 to 7). */
export const feigCommands = {
  cpuReset: 0x63,
  softwareVersion: 0x65,
  rfReset: 0x69,
  readConfig: 0x80,
  writeConfig: 0x81,
  /** ISO 15693 and 14443 commands; the first byte of the data says which. */
  iso: 0xb0,
  /** Commands of a chip’s maker. */
  custom: 0xb1,
} as const;

/** The first byte of the data of command B0. */
export const feigIso = {
  inventory: 0x01,
  stayQuiet: 0x02,
  readBlocks: 0x23,
  writeBlocks: 0x24,
  select: 0x25,
  resetToReady: 0x26,
  writeAfi: 0x27,
  writeDsfid: 0x29,
  systemInfo: 0x2b,
  blockSecurity: 0x2c,
} as const;

/** NXP’s own commands, within B1. */
export const feigNxp = { setEas: 0xa2, resetEas: 0xa3, easAlarm: 0xa5 } as const;
const nxp = 0x04;

export const feigStatus = {
  ok: 0x00,
  noTag: 0x01,
  /** Also: the EAS bit is not set. */
  writeError: 0x03,
  unknownCommand: 0x80,
  wrongLength: 0x81,
  /** The reader is in scan mode and takes no commands. */
  notAvailable: 0x82,
  /** The tags did not answer clearly; those that were found follow. */
  rfCommunication: 0x83,
  noValidData: 0x92,
  tooManyTags: 0x93,
  moreData: 0x94,
  /** The tag itself said no; its code follows. */
  isoError: 0x95,
} as const;

/** What is asked of a reader: a command and its data. */
export interface FeigCommand {
  readonly command: number;
  readonly data: Uint8Array;
}

const addressed = 0x01;
const modeMore = 0x80;

export const feigAsk = {
  softwareVersion: (): FeigCommand => plain(feigCommands.softwareVersion),
  rfReset: (): FeigCommand => plain(feigCommands.rfReset),
  cpuReset: (): FeigCommand => plain(feigCommands.cpuReset),
  /** Reads a block of the configuration in the reader’s working memory. */
  readConfig: (block: number): FeigCommand => plain(feigCommands.readConfig, block),
  writeConfig: (block: number, bytes: Uint8Array): FeigCommand =>
    plain(feigCommands.writeConfig, block, ...bytes),
  inventory: (): FeigCommand => plain(feigCommands.iso, feigIso.inventory, 0),
  /** The rest of an inventory that was answered with `moreData`. */
  inventoryMore: (): FeigCommand => plain(feigCommands.iso, feigIso.inventory, modeMore),
  systemInfo: (uid: TagUid): FeigCommand => toTag(feigIso.systemInfo, uid),
  readBlocks: (uid: TagUid, first: number, count: number): FeigCommand =>
    toTag(feigIso.readBlocks, uid, first, count),
  /** @param data in the order of the tag’s memory */
  writeBlocks: (uid: TagUid, first: number, blockBytes: number, data: Uint8Array): FeigCommand =>
    toTag(
      feigIso.writeBlocks,
      uid,
      first,
      data.length / blockBytes,
      blockBytes,
      ...blocksReversed(data, blockBytes),
    ),
  writeAfi: (uid: TagUid, afi: number): FeigCommand => toTag(feigIso.writeAfi, uid, afi),
  writeDsfid: (uid: TagUid, dsfid: number): FeigCommand => toTag(feigIso.writeDsfid, uid, dsfid),
  stayQuiet: (uid: TagUid): FeigCommand => toTag(feigIso.stayQuiet, uid),
  select: (uid: TagUid): FeigCommand => toTag(feigIso.select, uid),
  resetToReady: (uid: TagUid): FeigCommand => toTag(feigIso.resetToReady, uid),
  blockSecurity: (uid: TagUid, first: number, count: number): FeigCommand =>
    toTag(feigIso.blockSecurity, uid, first, count),
  nxp: (what: keyof typeof feigNxp, uid: TagUid): FeigCommand =>
    plain(feigCommands.custom, nxp, feigNxp[what], addressed, ...uidBytes(uid)),
} as const;

function plain(command: number, ...data: readonly number[]): FeigCommand {
  return { command, data: Uint8Array.from(data) };
}

function toTag(what: number, uid: TagUid, ...more: readonly number[]): FeigCommand {
  return plain(feigCommands.iso, what, addressed, ...uidBytes(uid), ...more);
}

/** The reader sends each block’s most significant byte first, which is the other way round than ISO 28560 counts. */
export function blocksReversed(data: Uint8Array, blockBytes: number): Uint8Array {
  const reversed = Uint8Array.from(data);
  for (let start = 0; start < reversed.length; start += blockBytes) {
    reversed.subarray(start, start + blockBytes).reverse();
  }
  return reversed;
}

export interface FeigVersion {
  readonly software: string;
  readonly readerType: number;
  /** Whether it reads ISO 15693, which library tags are. */
  readonly iso15693: boolean;
}

/** The data of the answer to 65; undefined where it is none. */
export function decodeVersion(data: Uint8Array): FeigVersion | undefined {
  const [major, minor, , , readerType, , tags] = data;
  if (major === undefined || minor === undefined || readerType === undefined || tags === undefined)
    return undefined;
  const two = (byte: number) => byte.toString(16).padStart(2, '0').toUpperCase();
  return {
    software: `${two(major)}.${two(minor)}`,
    readerType,
    iso15693: (tags & 0x08) !== 0,
  };
}

/** Bytes that follow the type of a tag in an inventory. Type 04 has three more where the third bit of the first says so. */
const bytesByTagType: ReadonlyMap<number, number> = new Map([
  [0x03, 1 + uidBytesCount],
  [0x04, 9],
  [0x05, 9],
  [0x08, 8],
]);
const iso15693Type = 0x03;
const iso14443aType = 0x04;
const longUidBit = 0x04;
const longUidMoreBytes = 3;

/** The ISO 15693 tags of an inventory; others, such as bank cards, are passed over. Undefined: the list makes no sense. */
export function decodeInventory(data: Uint8Array): readonly SeenTag[] | undefined {
  const tags: SeenTag[] = [];
  const [count] = data;
  if (count === undefined) return undefined;
  let at = 1;
  for (let index = 0; index < count; index += 1) {
    const type = data[at];
    const usual = type === undefined ? undefined : bytesByTagType.get(type);
    if (usual === undefined) return undefined;
    const long = type === iso14443aType && ((data[at + 1] ?? 0) & longUidBit) !== 0;
    const bytes = usual + (long ? longUidMoreBytes : 0);
    if (at + 1 + bytes > data.length) return undefined;
    const dsfid = data[at + 1];
    if (type === iso15693Type && dsfid !== undefined)
      tags.push({ uid: uidOf(data.subarray(at + 2, at + 2 + uidBytesCount)), dsfid });
    at += 1 + bytes;
  }
  return at === data.length ? tags : undefined;
}

export interface FeigBlocks {
  readonly blockBytes: number;
  /** In the order of the tag’s memory. */
  readonly data: Uint8Array;
}

/** The data of the answer to a reading of blocks: before each block comes a byte about its lock. */
export function decodeBlocks(data: Uint8Array): FeigBlocks | undefined {
  const [count = 0, blockBytes = 0] = data;
  if (count === 0 || blockBytes === 0 || data.length !== 2 + count * (1 + blockBytes)) return undefined;
  const memory = new Uint8Array(count * blockBytes);
  for (let block = 0; block < count; block += 1) {
    const start = 2 + block * (1 + blockBytes) + 1;
    memory.set(data.subarray(start, start + blockBytes), block * blockBytes);
  }
  return { blockBytes, data: blocksReversed(memory, blockBytes) };
}

export interface FeigSystemInfo {
  readonly uid: TagUid;
  readonly dsfid: number;
  readonly afi: number;
  /** Two bytes about the memory; makers differ in what they say. */
  readonly memory: readonly [number, number];
}

export function decodeSystemInfo(data: Uint8Array): FeigSystemInfo | undefined {
  if (data.length !== 1 + uidBytesCount + 1 + 2 + 1) return undefined;
  const [dsfid = 0] = data;
  const [afi = 0, first = 0, second = 0] = data.subarray(1 + uidBytesCount);
  return { uid: uidOf(data.subarray(1, 1 + uidBytesCount)), dsfid, afi, memory: [first, second] };
}
