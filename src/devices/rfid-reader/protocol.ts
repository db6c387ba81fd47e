import type { Result } from '../../kernel/result.ts';
import type { FrameSplitter } from '../wire/frames.ts';
import type { TagFailure, TagUid } from './rfid-reader.ts';
import type { Script } from '../wire/script.ts';

/** A tag as an inventory names it. */
export interface SeenTag {
  readonly uid: TagUid;
  readonly dsfid?: number;
  /** The reader’s own number for the kind of chip, where it wants that back. */
  readonly chip?: number;
}

export interface Inventory {
  /** Each tag once. */
  readonly tags: readonly SeenTag[];
  /** The reader gave up: too many tags. The list is empty or a part. */
  readonly tooMany: boolean;
}

/** What a tag holds. */
export interface TagContents {
  /** From block 0 on, in the order of ISO 28560, `memoryBytesMax` bytes at most. */
  readonly memory: Uint8Array;
  readonly blockBytes: number;
  readonly dsfid: number | undefined;
  readonly afi: number | undefined;
}

/** Why a reader could not be taken into service. */
export type StartFailure = TagFailure | { readonly kind: 'unfit'; readonly reason: string };

/** What came of one operation. */
export type Done<T> = Script<Result<T, TagFailure>>;

/**
 * One family of readers on an open wire: each method is a script of exchanges that ends with a value, whatever the reader
 * answers. Operations on a tag are addressed to it. A fresh one is made for each opening of the port.
 */
export interface ReaderProtocol {
  readonly splitter: FrameSplitter;
  /** Asks the reader what it is, and sets it as it is needed. The value names it for a technician. */
  start(): Script<Result<string, StartFailure>>;
  /** All tags in the field, also those that were told before. */
  inventory(): Done<Inventory>;
  readTag(tag: SeenTag): Done<TagContents>;
  readBlocks(tag: SeenTag, firstBlock: number, count: number): Done<Uint8Array>;
  /** `data` is whole blocks. */
  writeBlocks(tag: SeenTag, firstBlock: number, blockBytes: number, data: Uint8Array): Done<void>;
  /** Absent where the reader cannot. */
  writeDsfid?(tag: SeenTag, dsfid: number): Done<void>;
  /** What the tag says of its DSFID; undefined where the chip has no word for it. */
  readDsfid(tag: SeenTag): Done<number | undefined>;
  readAfi(tag: SeenTag): Done<number>;
  writeAfi(tag: SeenTag, afi: number): Done<void>;
  /**
   * Whether an inventory of only the tags with this AFI has this one in it: for chips whose AFI cannot be read. Absent where the
   * reader has no such inventory.
   */
  findByAfi?(tag: SeenTag, afi: number): Done<boolean>;
  readEas(tag: SeenTag): Done<boolean>;
  writeEas(tag: SeenTag, on: boolean): Done<void>;
}
