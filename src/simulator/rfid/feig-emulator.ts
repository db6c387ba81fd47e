import type { MonotonicMillis } from '../../kernel/clock.ts';
import {
  blocksReversed,
  feigCommands,
  feigIso,
  feigNxp,
  feigStatus,
} from '../../devices/rfid-reader/feig/commands.ts';
import {
  decodeFeigRequest,
  encodeFeigReply,
  feigRequestSplitter,
  type FeigRequest,
} from '../../devices/rfid-reader/feig/frame.ts';
import { uidOf } from '../../devices/rfid-reader/uid.ts';
import { airMs, type ReaderEmulator, type Reply } from './emulator.ts';
import type { OnAir, TagField, VirtualTag } from './tag-field.ts';

export interface FeigEmulatorOptions {
  readonly field: TagField;
  /** More tags than this are answered with 93 and no list, as the small types do. */
  readonly tagsMax?: number;
  /** Tags in one answer; the rest has to be asked for. */
  readonly tagsAtOnce?: number;
  /** The receive buffer; longer frames are refused. */
  readonly receiveBytesMax?: number;
  /** Whether it reads ISO 15693 at all. */
  readonly iso15693?: boolean;
  /** Scan mode is set in its lasting memory. */
  readonly scanMode?: boolean;
}

const receiveBytesUsual = 66;
const tagsAtOnceUsual = 12;
const configBlocks = 16;
const configBytes = 14;
const scanBlock = 1;
const scanByte = 13;
const filterBlock = 4;
const filterByte = 4;
const filterBit = 0x20;
const filterAfiByte = 5;
const tagsBlock = 5;
/** ONT: bit 0 tells new tags only, bit 2 tells many tags apart. */
const ontByte = 11;
const ontUsual = 0x05;
const fieldUpMs = 15;
const silenceMs = 5;
const address = 0x00;
const moreMode = 0x80;
const presenceMode = 0x20;

interface Answer {
  readonly status: number;
  readonly data?: readonly number[] | Uint8Array;
  readonly workMs?: number;
}

const fine: Answer = { status: feigStatus.ok };

/** A FEIG OBID reader in ISO host mode (manual H20800-16e), with the traps that real ones have. */
export class FeigEmulator implements ReaderEmulator {
  readonly #options: FeigEmulatorOptions;
  readonly #splitter = feigRequestSplitter();
  #config: Uint8Array[] = [];
  /** Tags that were told and stay silent until the field was off. */
  readonly #quiet = new Set<string>();
  #waiting: VirtualTag[] = [];
  #fieldUpAt: MonotonicMillis = 0;
  #repliedAt: MonotonicMillis = Number.NEGATIVE_INFINITY;
  /** Commands that came sooner after an answer than the reader allows. A real one may miss them. */
  hurriedCommands = 0;

  constructor(options: FeigEmulatorOptions) {
    this.#options = options;
    this.powerCycle();
  }

  powerCycle(): void {
    this.#config = Array.from({ length: configBlocks }, () => new Uint8Array(configBytes));
    this.#block(tagsBlock)[ontByte] = ontUsual;
    this.#block(filterBlock)[filterByte] = 0x09;
    this.#block(filterBlock)[configBytes - 1] = 0x04;
    this.#block(scanBlock)[scanByte] = this.#options.scanMode === true ? 1 : 0;
    this.#resetField(Number.NEGATIVE_INFINITY);
    this.#splitter.reset();
  }

  /** Sets a byte of the configuration, as a technician may have left it. */
  setConfig(block: number, byte: number, value: number): void {
    this.#block(block)[byte] = value;
  }

  configByte(block: number, byte: number): number | undefined {
    return this.#block(block)[byte];
  }

  onBytes(chunk: Uint8Array, now: MonotonicMillis): readonly Reply[] {
    const replies: Reply[] = [];
    for (const cut of this.#splitter.push(chunk)) {
      // A damaged frame is not answered at all.
      const request = cut.kind === 'frame' ? decodeFeigRequest(cut.bytes) : undefined;
      if (request?.ok !== true) continue;
      if (now - this.#repliedAt < silenceMs) this.hurriedCommands += 1;
      const tooLong =
        cut.kind === 'frame' && cut.bytes.length > (this.#options.receiveBytesMax ?? receiveBytesUsual);
      const answer = tooLong ? { status: feigStatus.wrongLength } : this.#answer(request.value, now);
      const { status, data = [], workMs = 0 } = answer;
      const { form, command } = request.value;
      this.#repliedAt = now + workMs;
      const bytes = encodeFeigReply({ form, address, command, status, data: Uint8Array.from(data) });
      replies.push({ bytes, workMs });
    }
    return replies;
  }

  #answer({ command, data }: FeigRequest, now: MonotonicMillis): Answer {
    switch (command) {
      case feigCommands.softwareVersion:
        return {
          status: 0,
          data: [0x03, 0x03, 0x00, 0x44, 0x4c, 0x00, this.#options.iso15693 === false ? 0x30 : 0x08],
        };
      case feigCommands.cpuReset:
        this.powerCycle();
        return fine;
      case feigCommands.rfReset:
        this.#resetField(now);
        return fine;
      case feigCommands.readConfig:
        return { status: 0, data: this.#block((data[0] ?? 0) & 0x3f) };
      case feigCommands.writeConfig:
        if (data.length !== 1 + configBytes) return { status: feigStatus.wrongLength };
        this.#config[(data[0] ?? 0) & 0x3f] = data.slice(1);
        return fine;
      case feigCommands.iso:
        return this.#scanning ? { status: feigStatus.notAvailable } : this.#iso(data, now);
      case feigCommands.custom:
        return this.#custom(data);
      default:
        return { status: feigStatus.unknownCommand };
    }
  }

  #iso(data: Uint8Array, now: MonotonicMillis): Answer {
    const [what, mode = 0] = data;
    if (what === feigIso.inventory) return this.#inventory(mode, now);
    const { field } = this.#options;
    const uid = uidOf(data.subarray(2, 10));
    const [first = 0, count = 0, blockBytes = 0] = data.subarray(10);
    switch (what) {
      case feigIso.stayQuiet:
        this.#quiet.add(uid);
        return fine;
      case feigIso.select:
        return statusOf(field.addressed(uid));
      case feigIso.resetToReady:
        this.#quiet.delete(uid);
        return fine;
      case feigIso.readBlocks:
        return this.#read(uid, first, count);
      case feigIso.writeBlocks:
        return this.#write(uid, first, count, blockBytes, data.subarray(13));
      case feigIso.writeAfi:
        return statusOf(field.writeAfi(uid, first));
      case feigIso.writeDsfid:
        return statusOf(field.writeDsfid(uid, first));
      case feigIso.systemInfo:
        return this.#systemInfo(uid);
      case feigIso.blockSecurity:
        return this.#blockSecurity(uid, first, count);
      default:
        return { status: feigStatus.unknownCommand };
    }
  }

  #inventory(mode: number, now: MonotonicMillis): Answer {
    const { tagsMax, tagsAtOnce = tagsAtOnceUsual } = this.#options;
    if ((mode & moreMode) === 0) {
      const ont = this.#block(tagsBlock)[ontByte] ?? 0;
      const onlyNew = (ont & 0x01) !== 0;
      if (!onlyNew) this.#quiet.clear();
      const all = onlyNew && (mode & presenceMode) !== 0;
      if (now < this.#fieldUpAt) return { status: feigStatus.noTag };
      const heard = this.#options.field.heard(this.#filter).filter(({ uid }) => all || !this.#quiet.has(uid));
      this.#forgetWhoLeft();
      if (tagsMax !== undefined && heard.length > tagsMax) return { status: feigStatus.tooManyTags };
      if ((ont & 0x04) === 0 && heard.length > 1) return { status: feigStatus.rfCommunication };
      this.#waiting = [...heard];
      if (onlyNew) for (const { uid } of heard) this.#quiet.add(uid);
    }
    if (this.#waiting.length === 0) return { status: feigStatus.noTag, workMs: airMs.slot };
    const told = this.#waiting.splice(0, tagsAtOnce);
    const status = this.#waiting.length > 0 ? feigStatus.moreData : feigStatus.ok;
    const list = told.flatMap((tag) => [0x03, tag.dsfid, ...tag.uidBytes]);
    return { status, data: [told.length, ...list], workMs: airMs.slot * told.length };
  }

  #read(uid: string, first: number, count: number): Answer {
    const blocks = this.#options.field.readBlocks(uid, first, count);
    if (!blocks.ok) return statusOf(blocks);
    const blockBytes = blocks.value.length / count;
    const reversed = blocksReversed(blocks.value, blockBytes);
    const each = Array.from({ length: count }, (_, index) => [
      0,
      ...reversed.subarray(index * blockBytes, (index + 1) * blockBytes),
    ]);
    return {
      status: feigStatus.ok,
      data: [count, blockBytes, ...each.flat()],
      workMs: airMs.exchange + airMs.dataByte * blocks.value.length,
    };
  }

  #write(uid: string, first: number, count: number, blockBytes: number, data: Uint8Array): Answer {
    if (blockBytes === 0 || data.length !== count * blockBytes) return { status: feigStatus.wrongLength };
    const memory = blocksReversed(data, blockBytes);
    for (let index = 0; index < count; index += 1) {
      const block = memory.subarray(index * blockBytes, (index + 1) * blockBytes);
      const written = this.#options.field.writeBlock(uid, first + index, block);
      if (written.ok) continue;
      if (written.error === 'silent') return { status: feigStatus.writeError, data: [first + index] };
      return { status: feigStatus.isoError, data: [written.error, first + index] };
    }
    return { status: feigStatus.ok, workMs: count * airMs.exchange };
  }

  #systemInfo(uid: string): Answer {
    const info = this.#options.field.systemInfo(uid);
    if (!info.ok) return statusOf(info);
    const { dsfid, afi, chip, uidBytes } = info.value;
    const data = [dsfid, ...uidBytes, afi, chip.blockBytes - 1, chip.blocks - 1, 1];
    return { status: feigStatus.ok, data, workMs: airMs.exchange };
  }

  #blockSecurity(uid: string, first: number, count: number): Answer {
    const info = this.#options.field.systemInfo(uid);
    if (!info.ok) return statusOf(info);
    const locks = Array.from({ length: count }, (_, index) =>
      info.value.lockedBlocks.has(first + index) ? 1 : 0,
    );
    return { status: feigStatus.ok, data: [count, ...locks], workMs: airMs.exchange };
  }

  #custom(data: Uint8Array): Answer {
    const { field } = this.#options;
    const [, what] = data;
    const uid = uidOf(data.subarray(3, 11));
    if (what === feigNxp.setEas || what === feigNxp.resetEas)
      return statusOf(field.writeEas(uid, what === feigNxp.setEas));
    if (what !== feigNxp.easAlarm) return { status: feigStatus.unknownCommand };
    const tag = field.addressed(uid);
    return { status: tag.ok && tag.value.eas ? feigStatus.ok : feigStatus.noTag, workMs: airMs.exchange };
  }

  get #scanning(): boolean {
    return ((this.#block(scanBlock)[scanByte] ?? 0) & 1) !== 0;
  }

  get #filter(): number | undefined {
    const block = this.#block(filterBlock);
    return ((block[filterByte] ?? 0) & filterBit) === 0 ? undefined : block[filterAfiByte];
  }

  /** A tag out of the field loses its power, and with it that it was told to be silent. */
  #forgetWhoLeft(): void {
    const here = new Set(this.#options.field.tags.map(({ uid }) => uid));
    for (const uid of this.#quiet) if (!here.has(uid)) this.#quiet.delete(uid);
  }

  #resetField(now: MonotonicMillis): void {
    this.#quiet.clear();
    this.#waiting = [];
    this.#fieldUpAt = now + fieldUpMs;
  }

  #block(number: number): Uint8Array {
    const block = this.#config[number];
    if (block === undefined) throw new Error('impossible: no such block of the configuration');
    return block;
  }
}

function statusOf(air: OnAir<unknown>): Answer {
  if (air.ok) return { status: feigStatus.ok, workMs: airMs.exchange };
  if (air.error === 'silent') return { status: feigStatus.noTag, workMs: airMs.exchange };
  return { status: feigStatus.isoError, data: [air.error], workMs: airMs.exchange };
}
