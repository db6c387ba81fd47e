import { err, ok, type Result } from '../../../kernel/result.ts';
import { blocksToRead, blocksWhereUntold, sizeFrom } from '../memory-size.ts';
import type { Done, Inventory, ReaderProtocol, SeenTag, StartFailure, TagContents } from '../protocol.ts';
import type { TagFailure } from '../rfid-reader.ts';
import { pause, type Script } from '../../wire/script.ts';
import { hexByte } from '../uid.ts';
import { Wire } from '../wire.ts';
import {
  decodeBlocks,
  decodeInventory,
  decodeSystemInfo,
  decodeVersion,
  feigAsk,
  feigStatus,
  type FeigBlocks,
  type FeigCommand,
  type FeigSystemInfo,
} from './commands.ts';
import { feigFailure, hasNoSuchConfig, isWordOfChip } from './failures.ts';
import {
  decodeFeigReply,
  encodeFeigRequest,
  feigAnyReader,
  feigReplySplitter,
  type FeigForm,
  type FeigReply,
} from './frame.ts';

/** The reader itself gives up on a tag after 1 s (CFG1, TR-RESPONSE-TIME). */
export const feigTimeoutMs = 2_500;
/** Silence that the reader needs between its answer and the next command (5 ms), and a little more. */
export const feigGapMs = 6;
/** After the field was off no tag is heard for 15 ms. */
export const feigFieldUpMs = 16;
/** Parts in which an inventory may come. */
const inventoryPartsMax = 16;
/** The smallest receive buffer takes 66 bytes; up to 20 of them are not data. */
const writeBytesMax = 44;

const scanConfigBlock = 1;
const scanModeByte = 13;
const scanModeBit = 0x01;
const filterConfigBlock = 4;
const filterByte = 4;
const filterBit = 0x20;
const filterAfiByte = 5;
/** CFG5, byte ONT. */
const tagsConfigBlock = 5;
const tagsByte = 11;
const anticollisionBit = 0x04;
const configBytes = 14;

export interface FeigOptions {
  /** The form of what we send; each reader answers in its own. */
  readonly form: FeigForm;
  /** Whether the answer to an EAS alarm is believed. The manual of the CPR family does not have it. */
  readonly easCheck: boolean;
}

/** FEIG OBID readers in ISO host mode: CPR, MR, PRH and LR, and the pads that have one of them inside. */
export class FeigProtocol implements ReaderProtocol {
  readonly splitter = feigReplySplitter();
  readonly #options: FeigOptions;
  readonly #wire: Wire;
  /** A filter that hides tags may be on. */
  #filterInDoubt = true;

  constructor(options: FeigOptions) {
    this.#options = options;
    this.#wire = new Wire({ gapMs: feigGapMs, timeoutMs: feigTimeoutMs }, () => ({
      frame: this.#frame(feigAsk.softwareVersion()),
      accepts: (frame) => answers(frame, feigAsk.softwareVersion().command),
    }));
  }

  *start(): Script<Result<string, StartFailure>> {
    const answer = yield* this.#wire.sync();
    if (!answer.ok) return answer;
    const reply = decodeFeigReply(answer.value);
    const version = reply.ok ? decodeVersion(reply.value.data) : undefined;
    if (version === undefined) return err({ kind: 'badFrame', why: 'content' });
    const { readerType, software, iso15693 } = version;
    const words = `FEIG OBID type ${readerType}, software ${software}`;
    if (!iso15693) return err({ kind: 'unfit', reason: `${words}: it does not read ISO 15693` });
    const apart = yield* this.#tellTagsApart();
    if (!apart.ok) return apart;
    const unfiltered = yield* this.#withoutFilter();
    return unfiltered.ok ? ok(words) : unfiltered;
  }

  *inventory(): Done<Inventory> {
    if (this.#filterInDoubt) {
      const unfiltered = yield* this.#withoutFilter();
      if (!unfiltered.ok) return unfiltered;
    }
    return yield* this.#inventory();
  }

  *#inventory(): Done<Inventory> {
    // A tag that was told before is silent until the field was off.
    const reset = yield* this.#ask(feigAsk.rfReset());
    if (!reset.ok) return reset;
    yield* pause(feigFieldUpMs);
    const tags = new Map<string, SeenTag>();
    for (let part = 0; part < inventoryPartsMax; part += 1) {
      const reply = yield* this.#ask(part === 0 ? feigAsk.inventory() : feigAsk.inventoryMore());
      if (!reply.ok) return reply;
      const { status, data } = reply.value;
      if (status === feigStatus.tooManyTags) return ok({ tags: [], tooMany: true });
      if (status === feigStatus.notAvailable) {
        const stopped = yield* this.#stopScanMode();
        return stopped.ok ? err({ kind: 'rejected', code: hexByte(status) }) : stopped;
      }
      if (!inventoryStatuses.has(status)) return err(feigFailure(reply.value));
      const listed = data.length === 0 && status !== feigStatus.ok ? [] : decodeInventory(data);
      if (listed === undefined) return this.#nonsense();
      for (const tag of listed) tags.set(tag.uid, tag);
      if (status !== feigStatus.moreData) break;
    }
    return ok({ tags: [...tags.values()], tooMany: false });
  }

  *readTag(tag: SeenTag): Done<TagContents> {
    const info = yield* this.#systemInfo(tag);
    if (!info.ok && !isWordOfChip(info.error)) return info;
    const size = info.ok ? sizeFrom(...info.value.memory) : undefined;
    const counts = size === undefined ? blocksWhereUntold : [blocksToRead(size), ...blocksWhereUntold];
    let failure: TagFailure = { kind: 'notSupported' };
    for (const count of counts) {
      const read = yield* this.#blocks(tag, 0, count);
      if (read.ok) {
        const { blockBytes, data } = read.value;
        const dsfid = info.ok ? info.value.dsfid : tag.dsfid;
        return ok({ memory: data, blockBytes, dsfid, afi: info.ok ? info.value.afi : undefined });
      }
      failure = read.error;
      if (!isWordOfChip(failure)) break;
    }
    return err(failure);
  }

  *readBlocks(tag: SeenTag, firstBlock: number, count: number): Done<Uint8Array> {
    const read = yield* this.#blocks(tag, firstBlock, count);
    return read.ok ? ok(read.value.data) : read;
  }

  *writeBlocks(tag: SeenTag, firstBlock: number, blockBytes: number, data: Uint8Array): Done<void> {
    const step = Math.max(1, Math.floor(writeBytesMax / blockBytes)) * blockBytes;
    for (let at = 0; at < data.length; at += step) {
      const piece = data.subarray(at, at + step);
      const written = yield* this.#do(
        feigAsk.writeBlocks(tag.uid, firstBlock + at / blockBytes, blockBytes, piece),
      );
      if (!written.ok) return written;
    }
    return ok(undefined);
  }

  *writeDsfid(tag: SeenTag, dsfid: number): Done<void> {
    return yield* this.#do(feigAsk.writeDsfid(tag.uid, dsfid));
  }

  *readDsfid(tag: SeenTag): Done<number> {
    const info = yield* this.#systemInfo(tag);
    return info.ok ? ok(info.value.dsfid) : info;
  }

  *readAfi(tag: SeenTag): Done<number> {
    const info = yield* this.#systemInfo(tag);
    return info.ok ? ok(info.value.afi) : info;
  }

  *writeAfi(tag: SeenTag, afi: number): Done<void> {
    return yield* this.#do(feigAsk.writeAfi(tag.uid, afi));
  }

  *findByAfi(tag: SeenTag, afi: number): Done<boolean> {
    const config = yield* this.#readConfig(filterConfigBlock);
    if (!config.ok) return config;
    const filtering = Uint8Array.from(config.value);
    filtering[filterByte] = (filtering[filterByte] ?? 0) | filterBit;
    filtering[filterAfiByte] = afi;
    this.#filterInDoubt = true;
    const set = yield* this.#do(feigAsk.writeConfig(filterConfigBlock, filtering));
    const found = set.ok ? yield* this.#inventory() : set;
    // Should this fail, the next inventory begins with it.
    const restored = yield* this.#withoutFilter();
    if (!restored.ok) return restored;
    return found.ok ? ok(found.value.tags.some(({ uid }) => uid === tag.uid)) : found;
  }

  *readEas(tag: SeenTag): Done<boolean> {
    if (!this.#options.easCheck) return err({ kind: 'notSupported' });
    const reply = yield* this.#ask(feigAsk.nxp('easAlarm', tag.uid));
    if (!reply.ok) return reply;
    if (reply.value.status === feigStatus.ok) return ok(true);
    return reply.value.status === feigStatus.noTag ? ok(false) : err(feigFailure(reply.value));
  }

  *writeEas(tag: SeenTag, on: boolean): Done<void> {
    return yield* this.#do(feigAsk.nxp(on ? 'setEas' : 'resetEas', tag.uid));
  }

  *#withoutFilter(): Done<void> {
    const config = yield* this.#readConfig(filterConfigBlock);
    if (!config.ok && !hasNoSuchConfig(config.error)) return config;
    if (config.ok && ((config.value[filterByte] ?? 0) & filterBit) !== 0) {
      const plain = Uint8Array.from(config.value);
      plain[filterByte] = (plain[filterByte] ?? 0) & ~filterBit;
      plain[filterAfiByte] = 0;
      const written = yield* this.#do(feigAsk.writeConfig(filterConfigBlock, plain));
      if (!written.ok) return written;
    }
    this.#filterInDoubt = false;
    return ok(undefined);
  }

  /** A reader that was set for single tags hears nothing of a stack. */
  *#tellTagsApart(): Done<void> {
    const config = yield* this.#readConfig(tagsConfigBlock);
    if (!config.ok) return hasNoSuchConfig(config.error) ? ok(undefined) : config;
    const tags = config.value[tagsByte] ?? 0;
    if ((tags & anticollisionBit) !== 0) return ok(undefined);
    const apart = Uint8Array.from(config.value);
    apart[tagsByte] = tags | anticollisionBit;
    return yield* this.#do(feigAsk.writeConfig(tagsConfigBlock, apart));
  }

  /** In scan mode the reader takes no commands for tags, and may speak unasked. */
  *#stopScanMode(): Done<void> {
    const config = yield* this.#readConfig(scanConfigBlock);
    if (!config.ok) return config;
    const quiet = Uint8Array.from(config.value);
    quiet[scanModeByte] = (quiet[scanModeByte] ?? 0) & ~scanModeBit;
    return yield* this.#do(feigAsk.writeConfig(scanConfigBlock, quiet));
  }

  *#readConfig(block: number): Done<Uint8Array> {
    const reply = yield* this.#ok(feigAsk.readConfig(block));
    if (!reply.ok) return reply;
    return reply.value.data.length === configBytes ? ok(reply.value.data) : this.#nonsense();
  }

  *#systemInfo(tag: SeenTag): Done<FeigSystemInfo> {
    const reply = yield* this.#ok(feigAsk.systemInfo(tag.uid));
    if (!reply.ok) return reply;
    const info = decodeSystemInfo(reply.value.data);
    return info?.uid === tag.uid ? ok(info) : this.#nonsense();
  }

  *#blocks(tag: SeenTag, first: number, count: number): Done<FeigBlocks> {
    const reply = yield* this.#ok(feigAsk.readBlocks(tag.uid, first, count));
    if (!reply.ok) return reply;
    const blocks = decodeBlocks(reply.value.data);
    if (blocks === undefined || blocks.data.length !== count * blocks.blockBytes) return this.#nonsense();
    return ok(blocks);
  }

  *#do(command: FeigCommand): Done<void> {
    const reply = yield* this.#ok(command);
    return reply.ok ? ok(undefined) : reply;
  }

  /** The answer, where it is one without an error. */
  *#ok(command: FeigCommand): Done<FeigReply> {
    const reply = yield* this.#ask(command);
    if (!reply.ok || reply.value.status === feigStatus.ok) return reply;
    return err(feigFailure(reply.value));
  }

  *#ask(command: FeigCommand): Done<FeigReply> {
    const answer = yield* this.#wire.ask(
      () => this.#frame(command),
      (frame) => answers(frame, command.command),
    );
    if (!answer.ok) return answer;
    const reply = decodeFeigReply(answer.value);
    return reply.ok ? reply : this.#nonsense();
  }

  #nonsense(): { readonly ok: false; readonly error: TagFailure } {
    this.#wire.doubt();
    return err({ kind: 'badFrame', why: 'content' });
  }

  #frame({ command, data }: FeigCommand): Uint8Array {
    return encodeFeigRequest({ form: this.#options.form, address: feigAnyReader, command, data });
  }
}

/** Statuses with which an inventory may come to an end. */
const inventoryStatuses: ReadonlySet<number> = new Set([
  feigStatus.ok,
  feigStatus.noTag,
  feigStatus.moreData,
  feigStatus.rfCommunication,
]);

function answers(frame: Uint8Array, command: number): boolean {
  const reply = decodeFeigReply(frame);
  return reply.ok && reply.value.command === command;
}
