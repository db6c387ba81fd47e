import { err, ok, type Result } from '../../../kernel/result.ts';
import { blocksToRead, blocksWhereUntold, sizeFrom } from '../memory-size.ts';
import type { Done, Inventory, ReaderProtocol, SeenTag, StartFailure, TagContents } from '../protocol.ts';
import type { TagFailure, TagUid } from '../rfid-reader.ts';
import type { Script } from '../../wire/script.ts';
import { hexByte, uidBytesCount, uidOf } from '../uid.ts';
import { Wire } from '../wire.ts';
import {
  decodeBlocks,
  decodeInventory,
  decodeTagInfo,
  padAsk,
  padBlockBytes,
  padCommands,
  padErrors,
  type PadTagInfo,
} from './commands.ts';
import { decodePadReply, encodePadFrame, padSplitter, type PadFrame, type PadReply } from './frame.ts';

/** Writes take longest; other programs wait 2.5 s for them. */
export const padTimeoutMs = 2_500;
const padGapMs = 2;
const writeBlocksMax = 16;

/** 3M and Bibliotheca pads, models 210 and 810. */
export class PadProtocol implements ReaderProtocol {
  readonly splitter = padSplitter();
  readonly #wire = new Wire({ gapMs: padGapMs, timeoutMs: padTimeoutMs }, () => ({
    frame: encodePadFrame(padAsk.version()),
    accepts: (frame) => {
      const reply = decodePadReply(frame);
      return reply.ok && reply.value.command === padCommands.version;
    },
  }));

  *start(): Script<Result<string, StartFailure>> {
    // Some firmwares stay mute until they were probed. Whether this is answered, and how, is not documented.
    yield {
      do: 'ask',
      frame: encodePadFrame(padAsk.probe()),
      gapMs: padGapMs,
      timeoutMs: probeTimeoutMs,
      accepts: (frame) => {
        const reply = decodePadReply(frame);
        return reply.ok && reply.value.command === padCommands.probe;
      },
      skipsOthers: true,
    };
    const version = yield* this.#ask(padAsk.version());
    if (!version.ok) return version;
    const { error, data } = version.value;
    const init = yield* this.#ask(padAsk.init());
    // It may not know the command; that it answers is enough.
    if (!init.ok) return init;
    const words = error === padErrors.none && data.length > 0 ? `, firmware ${[...data].join('.')}` : '';
    return ok(`3M pad${words}`);
  }

  *inventory(): Done<Inventory> {
    const tags = yield* this.#tags(padAsk.inventory());
    return tags.ok ? ok({ tags: tags.value, tooMany: false }) : tags;
  }

  *readTag(tag: SeenTag): Done<TagContents> {
    const info = yield* this.#tagInfo(tag);
    if (!info.ok) return info;
    const { dsfid = tag.dsfid, size: told } = info.value;
    let { afi } = info.value;
    if (afi === undefined) {
      const asked = yield* this.readAfi(tag);
      if (asked.ok) afi = asked.value;
      else if (!isWordOfPad(asked.error)) return asked;
    }
    const size = told === undefined ? undefined : sizeFrom(...told);
    const counts = size === undefined ? blocksWhereUntold : [blocksToRead(size), ...blocksWhereUntold];
    let failure: TagFailure = { kind: 'notSupported' };
    for (const count of counts) {
      const memory = yield* this.readBlocks(tag, 0, count);
      if (memory.ok) return ok({ memory: memory.value, blockBytes: padBlockBytes, dsfid, afi });
      failure = memory.error;
      if (!isWordOfPad(failure)) break;
    }
    return err(failure);
  }

  *readBlocks(tag: SeenTag, firstBlock: number, count: number): Done<Uint8Array> {
    const data = yield* this.#askTag(padAsk.readBlocks(tag.uid, firstBlock, count), tag.uid);
    if (!data.ok) return data;
    const memory = decodeBlocks(data.value, firstBlock, count);
    return memory === undefined ? this.#nonsense() : ok(memory);
  }

  *writeBlocks(tag: SeenTag, firstBlock: number, blockBytes: number, data: Uint8Array): Done<void> {
    // The specification’s blocks have four bytes.
    if (blockBytes !== padBlockBytes) return err({ kind: 'notSupported' });
    const step = writeBlocksMax * padBlockBytes;
    for (let at = 0; at < data.length; at += step) {
      const first = firstBlock + at / padBlockBytes;
      const piece = data.subarray(at, at + step);
      const written = yield* this.#askTag(padAsk.writeBlocks(tag.uid, first, piece), tag.uid);
      if (!written.ok) return written;
    }
    return ok(undefined);
  }

  *readAfi(tag: SeenTag): Done<number> {
    const data = yield* this.#askTag(padAsk.getAfi(tag.uid), tag.uid);
    if (!data.ok) {
      // The pad says “no transponder” also of a tag that it just named, where the chip cannot tell its AFI.
      return data.error.kind === 'tagGone' ? err({ kind: 'notSupported' }) : data;
    }
    const [afi] = data.value;
    return afi === undefined ? this.#nonsense() : ok(afi);
  }

  *writeDsfid(tag: SeenTag, dsfid: number): Done<void> {
    const done = yield* this.#askTag(padAsk.writeDsfid(tag.uid, dsfid), tag.uid);
    return done.ok ? ok(undefined) : done;
  }

  *readDsfid(tag: SeenTag): Done<number | undefined> {
    const data = yield* this.#askTag(padAsk.getDsfid(tag.uid), tag.uid);
    return data.ok ? ok(data.value[0]) : data;
  }

  *writeAfi(tag: SeenTag, afi: number): Done<void> {
    const done = yield* this.#askTag(padAsk.writeAfi(tag.uid, afi), tag.uid);
    return done.ok ? ok(undefined) : done;
  }

  *findByAfi(tag: SeenTag, afi: number): Done<boolean> {
    const tags = yield* this.#tags(padAsk.inventory(afi));
    return tags.ok ? ok(tags.value.some(({ uid }) => uid === tag.uid)) : tags;
  }

  *readEas(tag: SeenTag): Done<boolean> {
    const data = yield* this.#askTag(padAsk.checkEas(tag.uid), tag.uid);
    if (data.ok) return data.value[0] === undefined ? this.#nonsense() : ok(data.value[0] !== 0);
    // “No transponder” also means that the bit is not set, so a tag that left looks like one that may leave.
    if (data.error.kind !== 'tagGone') return data;
    const seen = yield* this.inventory();
    if (!seen.ok) return seen;
    return seen.value.tags.some(({ uid }) => uid === tag.uid) ? ok(false) : data;
  }

  *writeEas(tag: SeenTag, on: boolean): Done<void> {
    const done = yield* this.#askTag(padAsk.easControl(tag.uid, on), tag.uid);
    return done.ok ? ok(undefined) : done;
  }

  *#tags(request: PadFrame): Done<readonly SeenTag[]> {
    const reply = yield* this.#ask(request);
    if (!reply.ok) return reply;
    const { error, data } = reply.value;
    if (error === padErrors.noTransponder) return ok([]);
    if (error !== padErrors.none) return err(failureOf(error));
    const listed = decodeInventory(data);
    if (listed === undefined) return this.#nonsense();
    return ok([...new Map(listed.map((tag) => [tag.uid, tag])).values()]);
  }

  /** Older firmwares do not know the question; then nothing is told. */
  *#tagInfo(tag: SeenTag): Done<PadTagInfo> {
    const data = yield* this.#askTag(padAsk.tagInfo(tag.uid), tag.uid);
    if (!data.ok) return isWordOfPad(data.error) ? ok({}) : data;
    const info = decodeTagInfo(data.value);
    return info === undefined ? this.#nonsense() : ok(info);
  }

  /** What the answer says after the UID. */
  *#askTag(request: PadFrame, uid: TagUid): Done<Uint8Array> {
    const reply = yield* this.#ask(request);
    if (!reply.ok) return reply;
    const { error, data } = reply.value;
    if (error === padErrors.notImplemented) return err({ kind: 'notSupported' });
    if (uidOf(data.subarray(0, uidBytesCount)) !== uid) {
      this.#wire.doubt();
      return err({ kind: 'wrongAnswer' });
    }
    return error === padErrors.none ? ok(data.subarray(uidBytesCount)) : err(failureOf(error));
  }

  *#ask(request: PadFrame): Done<PadReply> {
    const answer = yield* this.#wire.ask(
      () => encodePadFrame(request),
      (frame) => {
        const reply = decodePadReply(frame);
        return reply.ok && reply.value.command === request.command && reply.value.mark === request.mark;
      },
    );
    if (!answer.ok) return answer;
    const reply = decodePadReply(answer.value);
    return reply.ok ? reply : this.#nonsense();
  }

  #nonsense(): { readonly ok: false; readonly error: TagFailure } {
    this.#wire.doubt();
    return err({ kind: 'badFrame', why: 'content' });
  }
}

/** The probe is answered at once or not at all. */
const probeTimeoutMs = 1_000;

function isWordOfPad({ kind }: TagFailure): boolean {
  return kind === 'rejected' || kind === 'notSupported' || kind === 'locked';
}

function failureOf(error: number): TagFailure {
  switch (error) {
    case padErrors.noTransponder:
      return { kind: 'tagGone' };
    case padErrors.locked:
      return { kind: 'locked' };
    case padErrors.notImplemented:
    case padErrors.notSupportedByTag:
      return { kind: 'notSupported' };
    default:
      return { kind: 'rejected', code: hexByte(error) };
  }
}
