import { rl866Access, rl866Commands, rl866Errors } from '../../devices/rfid-reader/rl866/commands.ts';
import { decodeRl866, encodeRl866, rl866, rl866Splitter } from '../../devices/rfid-reader/rl866/frame.ts';
import { uidOf } from '../../devices/rfid-reader/uid.ts';
import { chipErrors } from './chips.ts';
import { airMs, type ReaderEmulator, type Reply } from './emulator.ts';
import type { OnAir, TagField, VirtualTag } from './tag-field.ts';

export interface Rl866EmulatorOptions {
  readonly field: TagField;
  /** Tags in one answer; the rest has to be asked for. */
  readonly tagsAtOnce?: number;
}

const tagsAtOnceUsual = 14;
/** Tags that can be connected at once. A driver that lets none go soon finds no handle left. */
const handlesMax = 4;
const errors = { noHandle: 0x0003, unknown: 0x0100, wrongHandle: 0x0415 } as const;
const blocksAtOnceMax = 56;

interface Answer {
  readonly status: number;
  readonly fields?: readonly number[];
  readonly workMs?: number;
}

/** An RL866 module, as the drivers of the open kiosk Lainuri know it. */
export class Rl866Emulator implements ReaderEmulator {
  readonly #options: Rl866EmulatorOptions;
  readonly #splitter = rl866Splitter();
  readonly #handles = new Map<number, string>();
  #waiting: VirtualTag[] = [];

  constructor(options: Rl866EmulatorOptions) {
    this.#options = options;
  }

  /** Tags that are connected at the moment. */
  get connected(): number {
    return this.#handles.size;
  }

  powerCycle(): void {
    this.#splitter.reset();
    this.#handles.clear();
    this.#waiting = [];
  }

  onBytes(chunk: Uint8Array): readonly Reply[] {
    const replies: Reply[] = [];
    for (const cut of this.#splitter.push(chunk)) {
      const frame = cut.kind === 'frame' ? decodeRl866(cut.bytes) : undefined;
      if (frame?.ok !== true) continue;
      const { control, information } = frame.value;
      if (control === rl866.resync) {
        replies.push({ bytes: reply(rl866.resynced, []), workMs: 0 });
        continue;
      }
      const [command = 0] = information;
      const { status, fields = [], workMs = 0 } = this.#answer(command, information.subarray(1));
      const bytes = reply(control, [command, ...two(status), ...(status === 0 ? fields : [])]);
      replies.push({ bytes, workMs });
    }
    return replies;
  }

  #answer(command: number, data: Uint8Array): Answer {
    switch (command) {
      case rl866Commands.inventory:
        return this.#inventory(data[0] ?? 0);
      case rl866Commands.connect:
        return this.#connect(data);
      case rl866Commands.disconnect:
        if (data[0] === 0) this.#handles.clear();
        else if (!this.#handles.delete(data[0] ?? 0)) return { status: errors.wrongHandle };
        return { status: 0 };
      case rl866Commands.access:
        return this.#access(data);
      default:
        return { status: errors.unknown };
    }
  }

  #inventory(flags: number): Answer {
    if ((flags & 0x08) === 0) this.#waiting = [...this.#options.field.heard()];
    if (this.#waiting.length === 0) return { status: rl866Errors.noTag, workMs: airMs.slot };
    const total = this.#waiting.length;
    const told = this.#waiting.splice(0, this.#options.tagsAtOnce ?? tagsAtOnceUsual);
    const list = told.flatMap(({ uidBytes }) => [0x0e, 0x01, 0x01, 0x09, ...uidBytes.toReversed(), 0x00]);
    const stop = this.#waiting.length > 0 ? 1 : 0;
    return {
      status: 0,
      fields: [stop, ...two(total), told.length, ...list],
      workMs: airMs.slot * told.length,
    };
  }

  #connect(data: Uint8Array): Answer {
    const uid = uidOf(data.slice(5, 13).reverse());
    if (!this.#options.field.addressed(uid).ok) return { status: rl866Errors.noTag, workMs: airMs.exchange };
    const free = Array.from({ length: handlesMax }, (_, index) => index + 1).find(
      (handle) => !this.#handles.has(handle),
    );
    if (free === undefined) return { status: errors.noHandle };
    this.#handles.set(free, uid);
    return { status: 0, fields: [free], workMs: airMs.exchange };
  }

  #access(data: Uint8Array): Answer {
    const [handle = 0, , low = 0, high = 0] = data;
    const uid = this.#handles.get(handle);
    if (uid === undefined) return { status: errors.wrongHandle };
    const code = low | (high << 8);
    const result = this.#onTag(uid, code, data.subarray(4));
    const outcome = result.ok ? [1, ...result.value] : [0, ...two(errorOf(result.error))];
    return {
      status: 0,
      fields: [2 + outcome.length, low, high, ...outcome],
      workMs: airMs.exchange + airMs.dataByte * outcome.length,
    };
  }

  #onTag(uid: string, code: number, parameters: Uint8Array): OnAir<readonly number[]> {
    const { field } = this.#options;
    switch (code) {
      case rl866Access.systemInfo:
        return systemInfo(field.systemInfo(uid));
      case rl866Access.readBlocks: {
        const tag = field.addressed(uid);
        if (!tag.ok) return tag;
        const first = twoAt(parameters, 1);
        const count = Math.min(twoAt(parameters, 3), tag.value.chip.blocks - first, blocksAtOnceMax);
        const blocks = field.readBlocks(uid, first, count);
        return blocks.ok ? { ok: true, value: [...two(count), ...blocks.value] } : blocks;
      }
      case rl866Access.writeBlocks:
        return this.#write(uid, twoAt(parameters, 0), twoAt(parameters, 2), parameters.subarray(4));
      case rl866Access.writeAfi:
        return nothing(field.writeAfi(uid, parameters[0] ?? 0));
      case rl866Access.writeDsfid:
        return nothing(field.writeDsfid(uid, parameters[0] ?? 0));
      case rl866Access.easOn:
      case rl866Access.easOff:
        return nothing(field.writeEas(uid, code === rl866Access.easOn));
      case rl866Access.easAlarm: {
        const tag = field.addressed(uid);
        return tag.ok && tag.value.eas
          ? { ok: true, value: [] }
          : { ok: false, error: chipErrors.notSupported };
      }
      default:
        return { ok: false, error: chipErrors.notSupported };
    }
  }

  #write(uid: string, first: number, count: number, data: Uint8Array): OnAir<readonly number[]> {
    const blockBytes = data.length / count;
    for (let index = 0; index < count; index += 1) {
      const block = data.subarray(index * blockBytes, (index + 1) * blockBytes);
      const written = this.#options.field.writeBlock(uid, first + index, block);
      if (!written.ok) return written;
    }
    return { ok: true, value: [] };
  }
}

function systemInfo(info: OnAir<VirtualTag>): OnAir<readonly number[]> {
  if (!info.ok) return info;
  const { uidBytes, dsfid, afi, chip } = info.value;
  const size = [chip.blocks - 1, chip.blockBytes - 1];
  return { ok: true, value: [0x0f, ...uidBytes.toReversed(), dsfid, afi, ...size, 1] };
}

function nothing(air: OnAir<undefined>): OnAir<readonly number[]> {
  return air.ok ? { ok: true, value: [] } : air;
}

function reply(control: number, information: readonly number[]): Uint8Array {
  return encodeRl866({ address: rl866.fromReader, control, information: Uint8Array.from(information) });
}

function two(number: number): readonly [number, number] {
  return [number & 0xff, number >> 8];
}

function twoAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function errorOf(error: number | 'silent'): number {
  if (error === 'silent') return rl866Errors.noTag;
  return error === chipErrors.locked ? rl866Errors.lockedOrBadAddress : notSupported;
}

const notSupported = 0x0421;
