import type { MemorySize } from '../memory-size.ts';
import type { SeenTag } from '../protocol.ts';
import type { TagUid } from '../rfid-reader.ts';
import { uidBytes, uidBytesCount, uidOf } from '../uid.ts';

/** Commands of an RL866, the first byte of the information. */
export const rl866Commands = {
  readConfig: 0x01,
  inventory: 0x31,
  connect: 0x32,
  disconnect: 0x33,
  access: 0x34,
} as const;

/**
 * What can be done with a connected tag. 0007 and 0009 lie between these and lock AFI and DSFID for ever: nothing here sends them.
 */
export const rl866Access = {
  readBlocks: 0x0003,
  writeBlocks: 0x0004,
  writeAfi: 0x0006,
  writeDsfid: 0x0008,
  systemInfo: 0x000a,
  easOn: 0x000c,
  easOff: 0x000d,
  easAlarm: 0x000f,
} as const;

export const rl866Errors = {
  none: 0x0000,
  lockedOrBadAddress: 0x041b,
  badAddress: 0x041c,
  noTag: 0x0420,
  otherUid: 0x0424,
} as const;

const iso15693 = 0x01;
const modeAddressed = 0x01;
const inventoryNew = 0x00;
const inventoryContinued = 0x08;

export const rl866Ask = {
  inventory: (): Uint8Array => Uint8Array.of(rl866Commands.inventory, inventoryNew),
  /** The rest of an inventory that did not fit. */
  inventoryMore: (): Uint8Array => Uint8Array.of(rl866Commands.inventory, inventoryContinued),
  connect: (uid: TagUid, chip: number): Uint8Array =>
    Uint8Array.of(
      rl866Commands.connect,
      0,
      iso15693,
      chip,
      1 + uidBytesCount,
      modeAddressed,
      ...uidBytes(uid).reverse(),
    ),
  disconnect: (handle: number): Uint8Array => Uint8Array.of(rl866Commands.disconnect, handle),
  readBlocks: (handle: number, first: number, count: number): Uint8Array =>
    access(handle, rl866Access.readBlocks, 0, ...two(first), ...two(count)),
  writeBlocks: (handle: number, first: number, count: number, data: Uint8Array): Uint8Array =>
    access(handle, rl866Access.writeBlocks, ...two(first), ...two(count), ...data),
  writeAfi: (handle: number, afi: number): Uint8Array => access(handle, rl866Access.writeAfi, afi),
  writeDsfid: (handle: number, dsfid: number): Uint8Array => access(handle, rl866Access.writeDsfid, dsfid),
  systemInfo: (handle: number): Uint8Array => access(handle, rl866Access.systemInfo),
  eas: (handle: number, what: 'easOn' | 'easOff' | 'easAlarm'): Uint8Array =>
    access(handle, rl866Access[what]),
} as const;

function access(handle: number, code: number, ...parameters: readonly number[]): Uint8Array {
  return Uint8Array.of(rl866Commands.access, handle, 2 + parameters.length, ...two(code), ...parameters);
}

function two(number: number): readonly [number, number] {
  return [number & 0xff, number >> 8];
}

function twoAt(data: Uint8Array, at: number): number | undefined {
  const [low, high] = data.subarray(at, at + 2);
  return low === undefined || high === undefined ? undefined : low | (high << 8);
}

export interface Rl866Reply {
  readonly command: number;
  /** 0000 is well. */
  readonly status: number;
  readonly fields: Uint8Array;
}

export function decodeReply(information: Uint8Array): Rl866Reply | undefined {
  const [command] = information;
  const status = twoAt(information, 1);
  if (command === undefined || status === undefined) return undefined;
  return { command, status, fields: information.subarray(3) };
}

export interface Rl866Inventory {
  readonly tags: readonly SeenTag[];
  /** More tags wait in the reader. */
  readonly more: boolean;
}

/** Which fields a tag of an inventory has. */
const withAntenna = 0x01;
const withProtocol = 0x02;
const withChip = 0x04;
const withSerial = 0x08;

export function decodeInventory(fields: Uint8Array): Rl866Inventory | undefined {
  const [stop, , , count] = fields;
  if (stop === undefined || count === undefined) return undefined;
  const tags: SeenTag[] = [];
  let at = 4;
  for (let index = 0; index < count; index += 1) {
    const flags = fields[at];
    if (flags === undefined) return undefined;
    at += 1 + ((flags & withAntenna) === 0 ? 0 : 1);
    const protocol = (flags & withProtocol) === 0 ? iso15693 : fields[at++];
    const chip = (flags & withChip) === 0 ? 0 : fields[at++];
    if ((flags & withSerial) === 0) continue;
    const bytes = fields[at];
    if (bytes === undefined || chip === undefined || at + 1 + bytes > fields.length) return undefined;
    const serial = fields.slice(at + 1, at + 1 + uidBytesCount);
    at += 1 + bytes;
    if (protocol === iso15693 && bytes >= uidBytesCount) tags.push({ uid: uidOf(serial.reverse()), chip });
  }
  return at === fields.length ? { tags, more: stop === 1 } : undefined;
}

/** What came of an access to a tag: the data, or the error that hides behind a status of 0000. */
export type Rl866Access =
  { readonly done: true; readonly data: Uint8Array } | { readonly done: false; readonly error: number };

export function decodeAccess(fields: Uint8Array, code: number): Rl866Access | undefined {
  const [length, , , done] = fields;
  if (length === undefined || fields.length !== 1 + length || twoAt(fields, 1) !== code) return undefined;
  const data = fields.subarray(4);
  if (done === 1) return { done: true, data };
  const error = twoAt(data, 0);
  return done === 0 && error !== undefined ? { done: false, error } : undefined;
}

export interface Rl866SystemInfo {
  readonly uid: TagUid;
  readonly dsfid: number | undefined;
  readonly afi: number | undefined;
  readonly size: MemorySize | undefined;
}

export function decodeSystemInfo(data: Uint8Array): Rl866SystemInfo | undefined {
  const [flags, ...rest] = data;
  if (flags === undefined || rest.length < uidBytesCount) return undefined;
  const uid = uidOf(Uint8Array.from(rest.splice(0, uidBytesCount)).reverse());
  const [dsfid = 0, afi = 0, blocks = 0, blockBytes = 0] = rest;
  // What a chip does not tell is there as a byte without meaning.
  return {
    uid,
    dsfid: (flags & 0x01) === 0 ? undefined : dsfid,
    afi: (flags & 0x02) === 0 ? undefined : afi,
    size: (flags & 0x04) === 0 ? undefined : { blocks: blocks + 1, blockBytes: blockBytes + 1 },
  };
}

/** The data of a reading of blocks: how many, then the blocks. */
export function decodeBlocks(
  data: Uint8Array,
): { readonly count: number; readonly data: Uint8Array } | undefined {
  const count = twoAt(data, 0);
  if (count === undefined || count === 0 || (data.length - 2) % count !== 0) return undefined;
  return { count, data: data.slice(2) };
}
