import type { MonotonicMillis } from '../../kernel/clock.ts';
import { padBlockBytes, padCommands, padErrors } from '../../devices/rfid-reader/pad-810/commands.ts';
import {
  decodePadFrame,
  encodePadReply,
  padMark,
  padProbeMark,
  padSplitter,
  type PadFrame,
} from '../../devices/rfid-reader/pad-810/frame.ts';
import { uidOf } from '../../devices/rfid-reader/uid.ts';
import { airMs, type ReaderEmulator, type Reply } from './emulator.ts';
import { chipErrors } from './chips.ts';
import type { OnAir, TagField } from './tag-field.ts';

export interface PadEmulatorOptions {
  readonly field: TagField;
  /** Older firmwares do not know the questions 0D and 13. */
  readonly oldFirmware?: boolean;
}

interface Answer {
  readonly error: number;
  readonly data?: readonly number[] | Uint8Array;
  readonly workMs?: number;
}

const withDsfid = 0x02;

/** A 3M pad (specification of model 210, 1.0.0). It takes no command while it works on one. */
export class PadEmulator implements ReaderEmulator {
  readonly #options: PadEmulatorOptions;
  readonly #splitter = padSplitter();
  #busyUntil: MonotonicMillis = Number.NEGATIVE_INFINITY;
  /** Commands that came while it worked on another, and were not heard. */
  unheardCommands = 0;

  constructor(options: PadEmulatorOptions) {
    this.#options = options;
  }

  powerCycle(): void {
    this.#splitter.reset();
    this.#busyUntil = Number.NEGATIVE_INFINITY;
  }

  onBytes(chunk: Uint8Array, now: MonotonicMillis): readonly Reply[] {
    const replies: Reply[] = [];
    for (const cut of this.#splitter.push(chunk)) {
      const frame = cut.kind === 'frame' ? decodePadFrame(cut.bytes) : undefined;
      if (frame?.ok !== true) continue;
      if (now < this.#busyUntil) {
        this.unheardCommands += 1;
        continue;
      }
      const { mark, command } = frame.value;
      const { error, data = [], workMs = 0 } = mark === padProbeMark ? probed : this.#answer(frame.value);
      this.#busyUntil = now + workMs;
      replies.push({ bytes: encodePadReply({ mark, command, error, data: Uint8Array.from(data) }), workMs });
    }
    return replies;
  }

  #answer({ mark, command, data }: PadFrame): Answer {
    const { field, oldFirmware = false } = this.#options;
    if (mark !== padMark) return notImplemented;
    const uid = uidOf(data.subarray(0, 8));
    const [first = 0, count = 0] = data.subarray(8);
    switch (command) {
      case padCommands.version:
        return { error: 0, data: firmware };
      case padCommands.init:
        return oldFirmware ? notImplemented : { error: 0 };
      case padCommands.inventory:
        return this.#inventory(data[0] ?? 0, data[1] ?? 0);
      case padCommands.readBlocks:
        return this.#read(uid, first, count);
      case padCommands.writeBlocks:
        return this.#write(uid, first, count, data.subarray(11));
      case padCommands.getAfi: {
        // A chip without system information looks to the pad as if it were not there.
        const info = field.systemInfo(uid);
        return info.ok ? aboutTag(uid, ok, [info.value.afi]) : aboutTag(uid, padErrors.noTransponder, [0]);
      }
      case padCommands.getDsfid: {
        const info = field.systemInfo(uid);
        return info.ok ? aboutTag(uid, ok, [info.value.dsfid]) : aboutTag(uid, padErrors.noTransponder, [0]);
      }
      case padCommands.writeAfi:
        return aboutTag(uid, errorOf(field.writeAfi(uid, first)));
      case padCommands.writeDsfid:
        return aboutTag(uid, errorOf(field.writeDsfid(uid, first)));
      case padCommands.easControl:
        return aboutTag(uid, errorOf(field.writeEas(uid, first !== 0)));
      case padCommands.checkEas: {
        const tag = field.addressed(uid);
        return tag.ok && tag.value.eas ? aboutTag(uid, ok, [1]) : aboutTag(uid, padErrors.noTransponder, [0]);
      }
      case padCommands.tagInfo:
        return oldFirmware ? notImplemented : this.#tagInfo(uid);
      default:
        return notImplemented;
    }
  }

  #inventory(afi: number, options: number): Answer {
    const heard = this.#options.field.heard(afi === 0 ? undefined : afi);
    const list = heard.flatMap((tag) => [
      ...((options & withDsfid) === 0 ? [] : [tag.dsfid]),
      ...tag.uidBytes,
    ]);
    return {
      error: ok,
      data: [afi, options, heard.length, ...list],
      workMs: airMs.slot * (1 + heard.length),
    };
  }

  #read(uid: string, first: number, count: number): Answer {
    const blocks = this.#options.field.readBlocks(uid, first, count);
    if (!blocks.ok) return aboutTag(uid, errorOf(blocks));
    const each = Array.from({ length: count }, (_, index) => [
      first + index,
      0,
      ...blocks.value.subarray(index * padBlockBytes, (index + 1) * padBlockBytes),
    ]);
    return {
      ...aboutTag(uid, ok, [count, ...each.flat()]),
      workMs: airMs.exchange + airMs.dataByte * blocks.value.length,
    };
  }

  #write(uid: string, first: number, count: number, data: Uint8Array): Answer {
    for (let index = 0; index < count; index += 1) {
      const block = data.subarray(index * padBlockBytes, (index + 1) * padBlockBytes);
      const written = this.#options.field.writeBlock(uid, first + index, block);
      if (!written.ok) return aboutTag(uid, errorOf(written), [first + index]);
    }
    return { ...aboutTag(uid, ok, [first + count]), workMs: count * airMs.exchange };
  }

  #tagInfo(uid: string): Answer {
    const tag = this.#options.field.addressed(uid);
    if (!tag.ok) return aboutTag(uid, padErrors.noTransponder);
    const { chip, dsfid, afi } = tag.value;
    if (!chip.systemInfo) return aboutTag(uid, ok, [0]);
    return aboutTag(uid, ok, [0x0f, dsfid, afi, chip.blockBytes - 1, chip.blocks - 1, 0, 1]);
  }
}

const ok = padErrors.none;
const firmware = [0x0a, 5, 2, 27];
const probed: Answer = { error: 0, data: [0x11, ...firmware] };
const notImplemented: Answer = { error: padErrors.notImplemented };

function aboutTag(uid: string, error: number, more: readonly number[] = []): Answer {
  return { error, data: [...Buffer.from(uid, 'hex'), ...more], workMs: airMs.exchange };
}

function errorOf(air: OnAir<unknown>): number {
  if (air.ok) return ok;
  switch (air.error) {
    case 'silent':
      return padErrors.noTransponder;
    case chipErrors.locked:
      return padErrors.locked;
    case chipErrors.noSuchBlock:
      return padErrors.notAvailable;
    default:
      return padErrors.notSupportedByTag;
  }
}
