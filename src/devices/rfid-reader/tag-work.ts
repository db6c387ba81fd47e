import { err, ok } from '../../kernel/result.ts';
import type { SecurityCommand, WriteCommand } from './commands.ts';
import type { FieldTracker } from './field-tracker.ts';
import { blocksToRead } from './memory-size.ts';
import type { Done, ReaderProtocol, SeenTag } from './protocol.ts';
import {
  securityTries,
  type BlockWrite,
  type TagFailure,
  type TagOutcome,
  type TagUid,
} from './rfid-reader.ts';
import { pause, type Script } from '../wire/script.ts';
import { securedBy, type SecurityMarks, type SecurityScheme } from './security.ts';

/** Between two tries; a tag at the edge of the field may have moved. */
const betweenTriesMs = 50;

export interface TagWorkParts {
  readonly protocol: ReaderProtocol;
  readonly tracker: FieldTracker;
  readonly scheme: SecurityScheme;
}

interface Under {
  readonly command: SecurityCommand;
  outcome: TagOutcome;
}

const done: TagOutcome = { kind: 'done' };
const gone: TagOutcome = { kind: 'gone' };
const mismatch: TagOutcome = { kind: 'failed', why: { kind: 'mismatch' } };

/** What is done with tags: reading, security, writing. Nothing is written to a tag that the last inventory did not see. */
export class TagWork {
  readonly #protocol: ReaderProtocol;
  readonly #tracker: FieldTracker;
  readonly #scheme: SecurityScheme;

  constructor({ protocol, tracker, scheme }: TagWorkParts) {
    this.#protocol = protocol;
    this.#tracker = tracker;
    this.#scheme = scheme;
  }

  /** A fresh inventory, which the tracker learns of. */
  *inventory(): Done<void> {
    const seen = yield* this.#protocol.inventory();
    if (!seen.ok) return seen;
    this.#tracker.inventoried(seen.value);
    return ok(undefined);
  }

  /** Reads one tag wholly. */
  *read(tag: SeenTag): Script<void> {
    const contents = yield* this.#protocol.readTag(tag);
    if (!contents.ok) return this.#tracker.readFailed(tag.uid, contents.error);
    const marks = yield* this.#marksOf(tag, contents.value.afi);
    if (!marks.ok) return this.#tracker.readFailed(tag.uid, marks.error);
    this.#tracker.read(tag.uid, contents.value);
    this.#tracker.marked(tag.uid, marks.value);
  }

  /** Reads the security of a tag whose contents are known. */
  *readMarks(tag: SeenTag): Script<void> {
    const afi = yield* this.#protocol.readAfi(tag);
    if (!afi.ok && !cannotTell(afi.error)) return;
    const marks = yield* this.#marksOf(tag, afi.ok ? afi.value : undefined);
    if (marks.ok) this.#tracker.marked(tag.uid, marks.value);
  }

  *#marksOf(tag: SeenTag, afi: number | undefined): Done<SecurityMarks> {
    if (!this.#usesEas) return ok({ afi, eas: undefined });
    const eas = yield* this.#protocol.readEas(tag);
    if (eas.ok) return ok({ afi, eas: eas.value });
    return cannotTell(eas.error) ? ok({ afi, eas: undefined }) : eas;
  }

  /** Sets the security of several tags: all are written, one inventory is made, all are read back; what failed is tried again. */
  *setSecurity(commands: readonly SecurityCommand[]): Script<void> {
    let open: Under[] = commands.map((command) => ({ command, outcome: gone }));
    for (let attempt = 1; attempt <= securityTries; attempt += 1) {
      if (attempt > 1) yield* pause(betweenTriesMs);
      const written: Under[] = [];
      for (const under of open) {
        if (yield* this.#writeMarks(under)) written.push(under);
      }
      const seen = yield* this.inventory();
      for (const under of written) {
        if (seen.ok) yield* this.#verify(under);
        else under.outcome = { kind: 'failed', why: seen.error };
      }
      const last = attempt === securityTries;
      const over = open.filter(({ outcome }) => last || !isWorthAnotherTry(outcome));
      open = open.filter((under) => !over.includes(under));
      for (const { command, outcome } of over) command.reply(outcome);
      if (open.length === 0) return;
    }
  }

  /** True when all was written. */
  *#writeMarks(under: Under): Script<boolean> {
    const { uid, secured } = under.command;
    const tag = this.#tracker.present(uid);
    if (tag === undefined) {
      under.outcome = gone;
      return false;
    }
    this.#tracker.forgetMarks(uid);
    const { inStock, onLoan } = this.#scheme;
    if (this.#usesAfi) {
      const written = yield* this.#protocol.writeAfi(tag, secured ? inStock : onLoan);
      if (!written.ok) return failed(under, written.error);
    }
    if (this.#usesEas) {
      const written = yield* this.#protocol.writeEas(tag, secured);
      if (!written.ok) return failed(under, written.error);
    }
    return true;
  }

  *#verify(under: Under): Script<void> {
    const { uid, secured } = under.command;
    const tag = this.#tracker.present(uid);
    if (tag === undefined) {
      under.outcome = gone;
      return;
    }
    const marks = yield* this.#readBack(tag, secured);
    if (!marks.ok) {
      under.outcome = marks.error.kind === 'tagGone' ? gone : { kind: 'failed', why: marks.error };
      return;
    }
    this.#tracker.marked(uid, marks.value);
    const wanted =
      this.#scheme.mode === 'none' || securedBy(this.#scheme, marks.value) === (secured ? 'yes' : 'no');
    under.outcome = wanted ? done : mismatch;
  }

  /** What a tag really has now. */
  *#readBack(tag: SeenTag, secured: boolean): Done<SecurityMarks> {
    let afi: number | undefined;
    let eas: boolean | undefined;
    if (this.#usesAfi) {
      const read = yield* this.#readAfiBack(tag, secured);
      if (!read.ok) return read;
      afi = read.value;
    }
    if (this.#usesEas) {
      const read = yield* this.#protocol.readEas(tag);
      if (read.ok) eas = read.value;
      else return cannotTell(read.error) ? err({ kind: 'unverified' }) : read;
    }
    return ok({ afi, eas });
  }

  /** A chip that cannot tell its AFI is looked for by it. */
  *#readAfiBack(tag: SeenTag, secured: boolean): Done<number | undefined> {
    const read = yield* this.#protocol.readAfi(tag);
    if (read.ok || !cannotTell(read.error)) return read;
    const wanted = secured ? this.#scheme.inStock : this.#scheme.onLoan;
    const found = yield* this.#findByAfi(tag, wanted);
    if (!found.ok) return cannotTell(found.error) ? err({ kind: 'unverified' }) : found;
    return ok(found.value ? wanted : undefined);
  }

  *#findByAfi(tag: SeenTag, afi: number): Done<boolean> {
    const found = this.#protocol.findByAfi?.(tag, afi);
    return found === undefined ? err({ kind: 'notSupported' }) : yield* found;
  }

  /** Writes blocks and reads them back. */
  *write({ uid, blocks, reply }: WriteCommand): Script<void> {
    let outcome: TagOutcome = gone;
    for (let attempt = 1; attempt <= securityTries; attempt += 1) {
      if (attempt > 1) yield* pause(betweenTriesMs);
      outcome = yield* this.#writeOnce(uid, blocks);
      if (!isWorthAnotherTry(outcome)) break;
      const seen = yield* this.inventory();
      if (!seen.ok) outcome = { kind: 'failed', why: seen.error };
    }
    this.#tracker.forgetContents(uid);
    reply(outcome);
  }

  *#writeOnce(uid: TagUid, { firstBlock, data, dsfid }: BlockWrite): Script<TagOutcome> {
    const before = this.#tracker.present(uid);
    if (before === undefined) return gone;
    if (this.#tracker.contents(uid) === undefined) yield* this.read(before);
    const blockBytes = this.#tracker.contents(uid)?.blockBytes;
    if (blockBytes === undefined) return { kind: 'failed', why: { kind: 'noAnswer' } };
    if (data.length % blockBytes !== 0) return { kind: 'failed', why: { kind: 'notSupported' } };
    const written = yield* this.#protocol.writeBlocks(before, firstBlock, blockBytes, data);
    if (!written.ok) return outcomeOf(written.error);
    if (dsfid !== undefined) {
      const set = yield* this.#writeDsfid(before, dsfid);
      if (!set.ok) return outcomeOf(set.error);
    }
    const seen = yield* this.inventory();
    if (!seen.ok) return outcomeOf(seen.error);
    const tag = this.#tracker.present(uid);
    if (tag === undefined) return gone;
    const bytesAtOnce = blocksToRead({ blocks: data.length / blockBytes, blockBytes }) * blockBytes;
    for (let at = 0; at < data.length; at += bytesAtOnce) {
      const wanted = data.subarray(at, at + bytesAtOnce);
      const read = yield* this.#protocol.readBlocks(
        tag,
        firstBlock + at / blockBytes,
        wanted.length / blockBytes,
      );
      if (!read.ok) return outcomeOf(read.error);
      if (Buffer.compare(read.value, wanted) !== 0) return mismatch;
    }
    if (dsfid === undefined) return done;
    const read = yield* this.#protocol.readDsfid(tag);
    if (!read.ok) return outcomeOf(cannotTell(read.error) ? { kind: 'unverified' } : read.error);
    return read.value === dsfid ? done : mismatch;
  }

  *#writeDsfid(tag: SeenTag, dsfid: number): Done<void> {
    const written = this.#protocol.writeDsfid?.(tag, dsfid);
    return written === undefined ? err({ kind: 'notSupported' }) : yield* written;
  }

  get #usesAfi(): boolean {
    return this.#scheme.mode === 'afi' || this.#scheme.mode === 'both';
  }

  get #usesEas(): boolean {
    return this.#scheme.mode === 'eas' || this.#scheme.mode === 'both';
  }
}

/** The chip or reader answers, and what it says will not change. */
function cannotTell({ kind }: TagFailure): boolean {
  return kind === 'notSupported' || kind === 'rejected' || kind === 'locked';
}

function isWorthAnotherTry(outcome: TagOutcome): boolean {
  if (outcome.kind === 'done') return false;
  return outcome.kind === 'gone' || !(outcome.why.kind === 'locked' || outcome.why.kind === 'notSupported');
}

function failed(under: Under, why: TagFailure): false {
  under.outcome = outcomeOf(why);
  return false;
}

function outcomeOf(why: TagFailure): TagOutcome {
  return why.kind === 'tagGone' ? gone : { kind: 'failed', why };
}
