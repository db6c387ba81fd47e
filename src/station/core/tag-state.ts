import type { MonotonicMillis } from '../../kernel/clock.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { Secured, TagUid } from '../../devices/rfid-reader/rfid-reader.ts';
import type { TagAim } from '../../journal/rows.ts';
import type { TagReading } from '../../rfid/tag.ts';

/** A tag before a reader, with what its memory means. */
export interface Sighting {
  readonly uid: TagUid;
  /** Seen again and again, and wholly read. */
  readonly still: boolean;
  /** Undefined until it was wholly read. */
  readonly reading: TagReading | undefined;
  readonly secured: Secured;
  /** How often it was missed since it came. */
  readonly dropOuts: number;
}

/** What lies before the readers of the station. */
export interface TagField {
  readonly tags: readonly Sighting[];
  /** More lies there than a reader can tell apart. */
  readonly tooMany: boolean;
}

/** When a command did not reach its tag. */
export interface Missed {
  readonly field: number;
  readonly until: MonotonicMillis;
}

/** One tag of an item whose security follows a transaction. */
export interface TagPart {
  readonly uid: TagUid;
  /**
   * `asFound`: not touched yet. `changed`: as the work wants it, read back. `unsure`: a try failed and may have left it
   * either way. `restored`: secured again, because another part failed.
   */
  readonly state: 'asFound' | 'changed' | 'unsure' | 'restored';
  /** The reader could not reach it: it is tried again when the field has changed since then, or after a pause. */
  readonly missed: Missed | undefined;
  /** How often the reader itself gave no good answer. */
  readonly misses: number;
}

/** The parts of an item that a reader saw, and how many it has, where one of them told. */
export interface PartsSeen {
  readonly numbers: readonly number[];
  readonly of: number | undefined;
}

/**
 * The security of one item on its way.
 * `planned`: its transaction is not certain, nothing is touched. `acting`: it is, and each part is changed in turn.
 * `undoing`: one part of a loan could not be freed, so the others are secured again. `stuck`: left to staff; taken up again when
 * its borrower lays it down once more.
 */
export interface TagWork {
  /** Of the transaction that it belongs to. */
  readonly id: TransactionId;
  readonly aim: TagAim;
  readonly item: string;
  readonly parts: readonly TagPart[];
  /** What of the item was on the reader. No part: it came by its barcode, and its tags are still to be laid there. */
  readonly seen: PartsSeen;
  readonly stage: 'planned' | 'acting' | 'undoing' | 'stuck';
  /** The session in which it is done; undefined after a restart. */
  readonly epoch: number | undefined;
  /** The patron said that the item is not there any more, or left. */
  readonly givenUp: boolean;
  /** The patron said that the item has no tag. */
  readonly noTag: boolean;
  /** It stands on the staff list already. */
  readonly withStaff: boolean;
  /** What went wrong. */
  readonly rule: string | undefined;
}

/** The one command to a tag that is under way. */
export interface TagJob {
  readonly number: number;
  readonly work: TransactionId;
  readonly uid: TagUid;
  readonly secured: boolean;
}

/** Everything about tags that the station decides by. */
export interface TagState {
  /** At least one reader reads. */
  readonly ready: boolean;
  readonly field: TagField;
  /** Grows with each change of the field. */
  readonly fieldNumber: number;
  readonly works: readonly TagWork[];
  readonly job: TagJob | undefined;
  readonly nextJob: number;
  /**
   * Items in the field that had their turn, by item and owner, and how many of their parts (`Infinity`: all of them): they wait
   * for nothing until they were lifted.
   */
  readonly handled: ReadonlyMap<string, number>;
  /** Something is being read that may be the missing part of a set: until then the set waits for it. */
  readonly partsComeUntil: MonotonicMillis | undefined;
  /** A look at what lies there is on its way. */
  readonly takeInComes: boolean;
}

/** A part that nothing was done to yet. */
export function freshPart(uid: TagUid): TagPart {
  return { uid, state: 'asFound', missed: undefined, misses: 0 };
}

export const noTags: Omit<TagState, 'works'> = {
  ready: false,
  field: { tags: [], tooMany: false },
  fieldNumber: 0,
  job: undefined,
  nextJob: 1,
  handled: new Map(),
  partsComeUntil: undefined,
  takeInComes: false,
};
