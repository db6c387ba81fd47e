import { err, ok, type Result } from '../../../kernel/result.ts';
import { blocksToRead } from '../memory-size.ts';
import type { Done, Inventory, ReaderProtocol, SeenTag, StartFailure, TagContents } from '../protocol.ts';
import { memoryBytesMax, type TagFailure } from '../rfid-reader.ts';
import type { Script } from '../../wire/script.ts';
import { Wire } from '../wire.ts';
import {
  decodeAccess,
  decodeBlocks,
  decodeInventory,
  decodeReply,
  decodeSystemInfo,
  rl866Access,
  rl866Ask,
  rl866Errors,
  type Rl866Reply,
  type Rl866SystemInfo,
} from './commands.ts';
import { decodeRl866, encodeRl866, rl866, rl866Splitter } from './frame.ts';

/** Other programs wait as long for it. */
export const rl866TimeoutMs = 5_000;
const rl866GapMs = 2;
const inventoryPartsMax = 16;
/** Written at once; with 48 bytes the frame stays well below its 255. */
const writeBytesMax = 48;
/** A chip may have fewer blocks than are asked for; the reader then gives those that there are. */
const blocksUntold = memoryBytesMax / 4;

export interface Rl866Options {
  /** Whether the answer to an EAS alarm is believed. It was not seen to work. */
  readonly easCheck: boolean;
}

/** The RL866 module, as in the kiosks of open hardware. Every access to a tag is between a connection and its end. */
export class Rl866Protocol implements ReaderProtocol {
  readonly splitter = rl866Splitter();
  readonly #options: Rl866Options;
  #sequence = false;
  readonly #wire: Wire = new Wire(
    { gapMs: rl866GapMs, timeoutMs: rl866TimeoutMs },
    () => ({
      frame: encodeRl866({ address: rl866.anyReader, control: rl866.resync, information: new Uint8Array(0) }),
      accepts: (frame) => {
        const decoded = decodeRl866(frame);
        return decoded.ok && decoded.value.control === rl866.resynced;
      },
    }),
    () => this.#releaseAll(),
  );

  constructor(options: Rl866Options) {
    this.#options = options;
  }

  *start(): Script<Result<string, StartFailure>> {
    const synced = yield* this.#wire.sync();
    return synced.ok ? ok('RL866') : synced;
  }

  *inventory(): Done<Inventory> {
    const tags = new Map<string, SeenTag>();
    for (let part = 0; part < inventoryPartsMax; part += 1) {
      const reply = yield* this.#ask(part === 0 ? rl866Ask.inventory() : rl866Ask.inventoryMore());
      if (!reply.ok) return reply;
      const { status, fields } = reply.value;
      if (status === rl866Errors.noTag) break;
      if (status !== rl866Errors.none) return err(failureOf(status));
      const listed = decodeInventory(fields);
      if (listed === undefined) return this.#nonsense();
      for (const tag of listed.tags) tags.set(tag.uid, tag);
      if (!listed.more) break;
    }
    return ok({ tags: [...tags.values()], tooMany: false });
  }

  readTag(tag: SeenTag): Done<TagContents> {
    return this.#connected(tag, (handle) => this.#contents(tag, handle));
  }

  readBlocks(tag: SeenTag, firstBlock: number, count: number): Done<Uint8Array> {
    return this.#connected(tag, (handle) => this.#blocks(handle, firstBlock, count));
  }

  writeBlocks(tag: SeenTag, firstBlock: number, blockBytes: number, data: Uint8Array): Done<void> {
    return this.#connected(tag, (handle) => this.#write(handle, firstBlock, blockBytes, data));
  }

  *writeDsfid(tag: SeenTag, dsfid: number): Done<void> {
    const done = yield* this.#connected(tag, (handle) =>
      this.#access(rl866Access.writeDsfid, rl866Ask.writeDsfid(handle, dsfid)),
    );
    return done.ok ? ok(undefined) : done;
  }

  readDsfid(tag: SeenTag): Done<number | undefined> {
    return this.#connected(tag, (handle) => this.#dsfid(tag, handle));
  }

  readAfi(tag: SeenTag): Done<number> {
    return this.#connected(tag, (handle) => this.#afi(tag, handle));
  }

  *writeAfi(tag: SeenTag, afi: number): Done<void> {
    const done = yield* this.#connected(tag, (handle) =>
      this.#access(rl866Access.writeAfi, rl866Ask.writeAfi(handle, afi)),
    );
    return done.ok ? ok(undefined) : done;
  }

  *readEas(tag: SeenTag): Done<boolean> {
    if (!this.#options.easCheck) return err({ kind: 'notSupported' });
    return yield* this.#connected(tag, (handle) => this.#easAlarm(handle));
  }

  *writeEas(tag: SeenTag, on: boolean): Done<void> {
    const what = on ? 'easOn' : 'easOff';
    const done = yield* this.#connected(tag, (handle) =>
      this.#access(rl866Access[what], rl866Ask.eas(handle, what)),
    );
    return done.ok ? ok(undefined) : done;
  }

  /** A chip whose bit is not set refuses the question. */
  *#easAlarm(handle: number): Done<boolean> {
    const alarm = yield* this.#access(rl866Access.easAlarm, rl866Ask.eas(handle, 'easAlarm'));
    if (alarm.ok) return ok(true);
    return alarm.error.kind === 'rejected' ? ok(false) : alarm;
  }

  /** Whatever comes of it, the tag is let go again. */
  *#connected<T>(tag: SeenTag, use: (handle: number) => Done<T>): Done<T> {
    const reply = yield* this.#ok(rl866Ask.connect(tag.uid, tag.chip ?? 0));
    if (!reply.ok) {
      // Connections that were lost sight of may hold all that the reader has.
      if (reply.error.kind === 'rejected') yield* this.#releaseAll();
      return reply;
    }
    const [handle] = reply.value.fields;
    if (handle === undefined) return this.#nonsense();
    const result = yield* use(handle);
    if (!result.ok && isOfLink(result.error)) return result;
    const released = yield* this.#ask(rl866Ask.disconnect(handle));
    return released.ok || result.ok ? result : released;
  }

  *#contents(tag: SeenTag, handle: number): Done<TagContents> {
    const info = yield* this.#systemInfo(tag, handle);
    if (!info.ok && isOfLink(info.error)) return info;
    const size = info.ok ? info.value.size : undefined;
    const count = size === undefined ? blocksUntold : blocksToRead(size);
    const reply = yield* this.#access(rl866Access.readBlocks, rl866Ask.readBlocks(handle, 0, count));
    if (!reply.ok) return reply;
    const blocks = decodeBlocks(reply.value);
    if (blocks === undefined) return this.#nonsense();
    if (size !== undefined && blocks.count !== count) return this.#nonsense();
    return ok({
      memory: blocks.data,
      blockBytes: blocks.data.length / blocks.count,
      dsfid: info.ok ? info.value.dsfid : undefined,
      afi: info.ok ? info.value.afi : undefined,
    });
  }

  *#blocks(handle: number, first: number, count: number): Done<Uint8Array> {
    const reply = yield* this.#access(rl866Access.readBlocks, rl866Ask.readBlocks(handle, first, count));
    if (!reply.ok) return reply;
    const blocks = decodeBlocks(reply.value);
    return blocks === undefined || blocks.count !== count ? this.#nonsense() : ok(blocks.data);
  }

  *#write(handle: number, first: number, blockBytes: number, data: Uint8Array): Done<void> {
    const step = Math.max(1, Math.floor(writeBytesMax / blockBytes)) * blockBytes;
    for (let at = 0; at < data.length; at += step) {
      const piece = data.subarray(at, at + step);
      const frame = rl866Ask.writeBlocks(handle, first + at / blockBytes, piece.length / blockBytes, piece);
      const written = yield* this.#access(rl866Access.writeBlocks, frame);
      if (!written.ok) return written;
    }
    return ok(undefined);
  }

  *#dsfid(tag: SeenTag, handle: number): Done<number | undefined> {
    const info = yield* this.#systemInfo(tag, handle);
    return info.ok ? ok(info.value.dsfid) : info;
  }

  *#afi(tag: SeenTag, handle: number): Done<number> {
    const info = yield* this.#systemInfo(tag, handle);
    if (!info.ok) return info;
    return info.value.afi === undefined ? err({ kind: 'notSupported' }) : ok(info.value.afi);
  }

  *#systemInfo(tag: SeenTag, handle: number): Done<Rl866SystemInfo> {
    const data = yield* this.#access(rl866Access.systemInfo, rl866Ask.systemInfo(handle));
    if (!data.ok) return data;
    const info = decodeSystemInfo(data.value);
    return info?.uid === tag.uid ? ok(info) : this.#nonsense();
  }

  *#access(code: number, request: Uint8Array): Done<Uint8Array> {
    const reply = yield* this.#ok(request);
    if (!reply.ok) return reply;
    const access = decodeAccess(reply.value.fields, code);
    if (access === undefined) return this.#nonsense();
    return access.done ? ok(access.data) : err(failureOf(access.error));
  }

  *#ok(request: Uint8Array): Done<Rl866Reply> {
    const reply = yield* this.#ask(request);
    if (!reply.ok || reply.value.status === rl866Errors.none) return reply;
    return err(failureOf(reply.value.status));
  }

  *#ask(information: Uint8Array): Done<Rl866Reply> {
    const answer = yield* this.#wire.ask(
      () => this.#frame(information),
      (frame) => replyIn(frame)?.command === information[0],
    );
    if (!answer.ok) return answer;
    const reply = replyIn(answer.value);
    return reply === undefined ? this.#nonsense() : ok(reply);
  }

  /** Connections of before the agreement would keep their tags. */
  *#releaseAll(): Script<void> {
    yield* this.#ask(rl866Ask.disconnect(0));
  }

  #frame(information: Uint8Array): Uint8Array {
    const control = this.#sequence ? rl866.sequenceBit : 0;
    this.#sequence = !this.#sequence;
    return encodeRl866({ address: rl866.anyReader, control, information });
  }

  #nonsense(): { readonly ok: false; readonly error: TagFailure } {
    this.#wire.doubt();
    return err({ kind: 'badFrame', why: 'content' });
  }
}

/** The reply in an information frame. Chained ones are longer than anything that is asked for here. */
function replyIn(frame: Uint8Array): Rl866Reply | undefined {
  const decoded = decodeRl866(frame);
  if (!decoded.ok || (decoded.value.control & ~rl866.sequenceBit) !== 0) return undefined;
  return decodeReply(decoded.value.information);
}

/** True where reader and host may not agree any more; then nothing further is asked of this connection. */
function isOfLink({ kind }: TagFailure): boolean {
  return kind === 'noAnswer' || kind === 'badFrame' || kind === 'wrongAnswer';
}

function failureOf(error: number): TagFailure {
  if (error === rl866Errors.lockedOrBadAddress) return { kind: 'locked' };
  if (error === rl866Errors.noTag || error === rl866Errors.otherUid) return { kind: 'tagGone' };
  // 0400 to 040A are failures of the air.
  if (error >= 0x0400 && error <= 0x040a) return { kind: 'tagGone' };
  return { kind: 'rejected', code: error.toString(16).padStart(4, '0').toUpperCase() };
}
