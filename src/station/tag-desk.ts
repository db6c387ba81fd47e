import type { Field, FieldTag, RfidReader, TagOutcome, TagUid } from '../devices/rfid-reader/rfid-reader.ts';
import type { CirculationStatus, Ils } from '../ils/ils.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { encodeTag } from '../rfid/encode-tag.ts';
import { dsfidOf, readTag } from '../rfid/read-tag.ts';
import type { EncodeProblem, TagContent } from '../rfid/tag-content.ts';
import { defaultBlockBytes, type TagItem, type TagModel, type TagReading } from '../rfid/tag.ts';

/** Why nothing, or not all, was done. */
export type TagDeskFailure =
  /** No tag lies still before the reader, or not the one that was named. */
  | { readonly kind: 'noTag' }
  /** Several lie there, and none was named. */
  | { readonly kind: 'manyTags'; readonly uids: readonly TagUid[] }
  /** There is something on the tag already. */
  | { readonly kind: 'notBlank'; readonly reading: TagReading }
  /** The content does not go on this chip in this model. */
  | { readonly kind: 'content'; readonly problem: EncodeProblem }
  /** What would be written does not read as what was meant. */
  | { readonly kind: 'misread' }
  /** The tag is no item of a library, so nobody can be asked about it. */
  | { readonly kind: 'noItem'; readonly reading: TagReading }
  /** The library system could not be asked. */
  | { readonly kind: 'acs'; readonly reason: string }
  /** The library system does not know the item. */
  | { readonly kind: 'unknownItem'; readonly item: string }
  /** The library system’s word forbids it: what is on loan is not secured, and only that is released. */
  | { readonly kind: 'forbidden'; readonly item: string; readonly status: CirculationStatus }
  /** A tag did not do it. Those before it in `done` did. */
  | {
      readonly kind: 'tag';
      readonly uid: TagUid;
      readonly outcome: Exclude<TagOutcome, { kind: 'done' }>;
      readonly done: readonly TagUid[];
    };

export interface ProgramOrder {
  /** Which tag; left out where only one lies there. */
  readonly uid?: TagUid;
  readonly model: TagModel;
  readonly content: TagContent;
  /** Whether a tag that is not blank is written over. */
  readonly over: boolean;
}

export interface SecurityOrder {
  /** A tag of the item; left out where the tags of only one item lie there. */
  readonly uid?: TagUid;
  readonly secured: boolean;
  /** Whether the library system is asked first. */
  readonly askAcs: boolean;
}

export interface Programmed {
  readonly uid: TagUid;
  readonly item: TagItem;
  /** Blocks that had to be written; none where all was there already. */
  readonly blocks: number;
  /** Whether the DSFID says the model, so that other programs know it at once. Some readers cannot write it, some chips hold none. */
  readonly dsfid: 'right' | 'wrong' | 'noneInModel';
}

export interface SecuritySet {
  readonly item: string | undefined;
  readonly uids: readonly TagUid[];
}

export interface TagDeskParts {
  readonly reader: RfidReader;
  /** Left out where nobody can be asked; then only orders without asking are carried out. */
  readonly ils?: Pick<Ils, 'item'>;
}

/**
 * Work on tags by hand: a barcode onto a tag, the security of an item set or lifted. For the command line and for maintenance;
 * patrons never come here. The owner tells each change of the field.
 */
export class TagDesk {
  readonly #reader: RfidReader;
  readonly #ils: Pick<Ils, 'item'> | undefined;
  #field: Field = { tags: [], tooMany: false };

  constructor({ reader, ils }: TagDeskParts) {
    this.#reader = reader;
    this.#ils = ils;
  }

  onField(field: Field): void {
    this.#field = field;
  }

  /** Writes a content to one tag, in a model, verified. */
  program(order: ProgramOrder, reply: (result: Result<Programmed, TagDeskFailure>) => void): void {
    const tag = this.#oneTag(order.uid);
    if (!tag.ok) return reply(tag);
    const before = memoryOf(tag.value);
    const reading = readingOf(tag.value);
    if (reading.kind !== 'blank' && !order.over) return reply(err({ kind: 'notBlank', reading }));
    const blockBytes = tag.value.blockBytes ?? defaultBlockBytes;
    const encoded = encodeTag(order.model, order.content, { memoryBytes: before.length, blockBytes });
    if (!encoded.ok) return reply(err({ kind: 'content', problem: encoded.error }));
    const memory = wholeBlocks(encoded.value, blockBytes);
    const read = readTag(memory, { blockBytes });
    if (read.kind !== 'item' || !says(read.item, order)) return reply(err({ kind: 'misread' }));
    const { item } = read;
    const change = changedBlocks(before, memory, blockBytes);
    const { uid } = tag.value;
    const wanted = order.model === 'rfid501' ? undefined : dsfidOf[order.model];
    const written = (blocks: number): void =>
      this.#setDsfid(tag.value, wanted, (dsfid) => reply(ok({ uid, item, blocks, dsfid })));
    if (change === undefined) return written(0);
    this.#reader.write(uid, change, (outcome) => {
      if (outcome.kind === 'done') written(change.data.length / blockBytes);
      else reply(err({ kind: 'tag', uid, outcome, done: [] }));
    });
  }

  /** The content is what counts, so a DSFID that cannot be set is told and is no failure. */
  #setDsfid(tag: FieldTag, wanted: number | undefined, reply: (dsfid: Programmed['dsfid']) => void): void {
    if (wanted === undefined) return reply('noneInModel');
    if (tag.dsfid === wanted) return reply('right');
    const nothing = { firstBlock: 0, data: new Uint8Array(0), dsfid: wanted };
    this.#reader.write(tag.uid, nothing, ({ kind }) => reply(kind === 'done' ? 'right' : 'wrong'));
  }

  /** Sets or lifts the security of all tags of one item that lie there. */
  security(order: SecurityOrder, reply: (result: Result<SecuritySet, TagDeskFailure>) => void): void {
    const tags = this.#tagsOfOneItem(order.uid);
    if (!tags.ok) return reply(tags);
    const [first] = tags.value;
    if (first === undefined) return reply(err({ kind: 'noTag' }));
    const uids = tags.value.map(({ uid }) => uid);
    const reading = readingOf(first);
    const item = reading.kind === 'item' ? reading.item.primaryItemIdentifier : undefined;
    if (!order.askAcs) return this.#setAll(uids, order.secured, item, reply);
    if (item === undefined) return reply(err({ kind: 'noItem', reading }));
    this.#ask(item, order.secured, (allowed) =>
      allowed.ok ? this.#setAll(uids, order.secured, item, reply) : reply(allowed),
    );
  }

  /** An item on loan stays free, and only such a one is freed. */
  #ask(item: string, secured: boolean, reply: (allowed: Result<undefined, TagDeskFailure>) => void): void {
    if (this.#ils === undefined)
      return reply(err({ kind: 'acs', reason: 'no library system is configured' }));
    this.#ils.item({ item }, (outcome) => {
      if (outcome.kind !== 'answered') return reply(err({ kind: 'acs', reason: outcome.reason }));
      const { known, status } = outcome.value;
      if (!known) return reply(err({ kind: 'unknownItem', item }));
      const onLoan = status === 'charged';
      reply(onLoan === secured ? err({ kind: 'forbidden', item, status }) : ok(undefined));
    });
  }

  #setAll(
    uids: readonly TagUid[],
    secured: boolean,
    item: string | undefined,
    reply: (result: Result<SecuritySet, TagDeskFailure>) => void,
  ): void {
    const outcomes = new Map<TagUid, TagOutcome>();
    for (const uid of uids) {
      this.#reader.setSecurity(uid, secured, (outcome) => {
        outcomes.set(uid, outcome);
        if (outcomes.size === uids.length) reply(summed(uids, outcomes, item));
      });
    }
  }

  #oneTag(uid: TagUid | undefined): Result<FieldTag, TagDeskFailure> {
    const still = this.#field.tags.filter((tag) => tag.still);
    if (uid === undefined && still.length > 1)
      return err({ kind: 'manyTags', uids: still.map((tag) => tag.uid) });
    const tag = uid === undefined ? still[0] : still.find((other) => other.uid === uid);
    return tag === undefined ? err({ kind: 'noTag' }) : ok(tag);
  }

  #tagsOfOneItem(uid: TagUid | undefined): Result<readonly FieldTag[], TagDeskFailure> {
    const still = this.#field.tags.filter((tag) => tag.still);
    const named = uid === undefined ? still[0] : still.find((tag) => tag.uid === uid);
    if (named === undefined) return err({ kind: 'noTag' });
    const same = still.filter(
      (tag) => tag === named || (itemOf(tag) !== undefined && itemOf(tag) === itemOf(named)),
    );
    if (uid === undefined && same.length < still.length)
      return err({ kind: 'manyTags', uids: still.map((tag) => tag.uid) });
    return ok(same);
  }
}

function summed(
  uids: readonly TagUid[],
  outcomes: ReadonlyMap<TagUid, TagOutcome>,
  item: string | undefined,
): Result<SecuritySet, TagDeskFailure> {
  const done = uids.filter((uid) => outcomes.get(uid)?.kind === 'done');
  for (const uid of uids) {
    const outcome = outcomes.get(uid);
    if (outcome !== undefined && outcome.kind !== 'done') return err({ kind: 'tag', uid, outcome, done });
  }
  return ok({ item, uids: done });
}

/** What lies on a tag; a tag that was not read yet has nothing. */
export function readingOf(tag: FieldTag): TagReading {
  return readTag(memoryOf(tag), {
    ...(tag.dsfid === undefined ? {} : { dsfid: tag.dsfid }),
    ...(tag.blockBytes === undefined ? {} : { blockBytes: tag.blockBytes }),
  });
}

function memoryOf(tag: FieldTag): Uint8Array {
  return tag.memory ?? new Uint8Array(0);
}

function itemOf(tag: FieldTag): string | undefined {
  const reading = readingOf(tag);
  if (reading.kind !== 'item') return undefined;
  return `${reading.item.primaryItemIdentifier}|${reading.item.owner ?? ''}`;
}

function says(item: TagItem, { model, content }: ProgramOrder): boolean {
  return (
    item.model === model &&
    item.primaryItemIdentifier === content.primaryItemIdentifier &&
    item.owner === content.owner &&
    (content.usage === undefined || item.usage === content.usage) &&
    (item.part?.number ?? 1) === (content.part?.number ?? 1) &&
    (content.part?.of === undefined || item.part?.of === content.part.of || content.part.of === 1)
  );
}

function wholeBlocks(memory: Uint8Array, blockBytes: number): Uint8Array {
  const whole = new Uint8Array(Math.ceil(memory.length / blockBytes) * blockBytes);
  whole.set(memory);
  return whole;
}

/** From the first block that differs to the last; what is right already may be locked. Undefined: all is right. */
function changedBlocks(
  before: Uint8Array,
  after: Uint8Array,
  blockBytes: number,
): { readonly firstBlock: number; readonly data: Uint8Array } | undefined {
  const differs = (block: number) =>
    Buffer.compare(
      before.subarray(block * blockBytes, (block + 1) * blockBytes),
      after.subarray(block * blockBytes, (block + 1) * blockBytes),
    ) !== 0;
  const blocks = Array.from({ length: after.length / blockBytes }, (_, block) => block).filter(differs);
  const [first] = blocks;
  const last = blocks.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { firstBlock: first, data: after.slice(first * blockBytes, (last + 1) * blockBytes) };
}
