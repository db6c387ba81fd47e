import type { Inventory, SeenTag, TagContents } from './protocol.ts';
import type { Field, FieldTag, TagFailure, TagUid } from './rfid-reader.ts';
import { securedBy, type SecurityMarks, type SecurityScheme } from './security.ts';

/** In so many inventories in a row a tag must be missing before it is gone. */
export const goneInventories = 2;
/** After so many failed readings a tag is read more seldom: it may be one that nobody can read. */
const readTriesMax = 5;
const seldomInventories = 10;

export interface TrackerOptions {
  readonly scheme: SecurityScheme;
  /** In so many inventories in a row a tag must be seen before it lies still. */
  readonly stillInventories: number;
}

interface Entry {
  tag: SeenTag;
  seenInARow: number;
  missedInARow: number;
  dropOuts: number;
  contents: TagContents | undefined;
  /** Undefined: to be read (again). */
  marks: SecurityMarks | undefined;
  unread: TagFailure | undefined;
  readTries: number;
}

/** What lies in the field, from one inventory to the next. Pure but for its memory. */
export class FieldTracker {
  readonly #options: TrackerOptions;
  readonly #entries = new Map<TagUid, Entry>();
  #tooMany = false;
  #inventories = 0;

  constructor(options: TrackerOptions) {
    this.#options = options;
  }

  /** An inventory was made. A part of a list counts as the whole: who is not on it was missed. */
  inventoried({ tags, tooMany }: Inventory): void {
    this.#inventories += 1;
    this.#tooMany = tooMany;
    // A reader that gave up without a list says nothing about who lies there.
    if (tooMany && tags.length === 0) return;
    const seen = new Map(tags.map((tag) => [tag.uid, tag]));
    for (const [uid, entry] of this.#entries) {
      if (!seen.has(uid)) this.#missed(uid, entry);
    }
    for (const tag of seen.values()) this.#seen(tag);
  }

  /** The tags that lie there now and whose memory is to be read. */
  unread(): readonly SeenTag[] {
    const due = (entry: Entry) =>
      entry.contents === undefined &&
      entry.missedInARow === 0 &&
      (entry.readTries < readTriesMax || this.#inventories % seldomInventories === 0);
    return [...this.#entries.values()].filter(due).map(({ tag }) => tag);
  }

  /** The tags that were read and whose security is not known (any more). */
  unmarked(): readonly SeenTag[] {
    return [...this.#entries.values()]
      .filter(
        (entry) => entry.contents !== undefined && entry.marks === undefined && entry.missedInARow === 0,
      )
      .map(({ tag }) => tag);
  }

  /** The tag of this name, if the last inventory saw it. */
  present(uid: TagUid): SeenTag | undefined {
    const entry = this.#entries.get(uid);
    return entry?.missedInARow === 0 ? entry.tag : undefined;
  }

  contents(uid: TagUid): TagContents | undefined {
    return this.#entries.get(uid)?.contents;
  }

  read(uid: TagUid, contents: TagContents): void {
    this.#with(uid, (entry) => {
      entry.contents = contents;
      entry.unread = undefined;
      entry.readTries = 0;
    });
  }

  readFailed(uid: TagUid, failure: TagFailure): void {
    this.#with(uid, (entry) => {
      entry.unread = failure;
      entry.readTries += 1;
    });
  }

  marked(uid: TagUid, marks: SecurityMarks): void {
    this.#with(uid, (entry) => {
      entry.marks = marks;
    });
  }

  /** Something was written, and what came of it is to be read anew. */
  forgetMarks(uid: TagUid): void {
    this.#with(uid, (entry) => {
      entry.marks = undefined;
    });
  }

  forgetContents(uid: TagUid): void {
    this.#with(uid, (entry) => {
      entry.contents = undefined;
      entry.marks = undefined;
    });
  }

  /** The reader is away. */
  clear(): void {
    this.#entries.clear();
    this.#tooMany = false;
  }

  /** True while a tag has come or gone and is not sure yet. */
  get unsettled(): boolean {
    return [...this.#entries.values()].some(
      (entry) =>
        entry.missedInARow > 0 ||
        entry.seenInARow < this.#options.stillInventories ||
        entry.contents === undefined,
    );
  }

  field(): Field {
    return {
      tags: [...this.#entries.values()].map((entry) => this.#fieldTag(entry)),
      tooMany: this.#tooMany,
    };
  }

  #fieldTag({ tag, seenInARow, dropOuts, contents, marks, unread }: Entry): FieldTag {
    return {
      uid: tag.uid,
      still: contents !== undefined && seenInARow >= this.#options.stillInventories,
      memory: contents?.memory,
      blockBytes: contents?.blockBytes,
      dsfid: contents?.dsfid,
      afi: marks === undefined ? contents?.afi : marks.afi,
      secured: marks === undefined ? 'unknown' : securedBy(this.#options.scheme, marks),
      dropOuts,
      unread,
    };
  }

  #seen(tag: SeenTag): void {
    const entry = this.#entries.get(tag.uid);
    if (entry === undefined) {
      this.#entries.set(tag.uid, {
        tag,
        seenInARow: 1,
        missedInARow: 0,
        dropOuts: 0,
        contents: undefined,
        marks: undefined,
        unread: undefined,
        readTries: 0,
      });
      return;
    }
    entry.tag = tag;
    entry.seenInARow += 1;
    entry.missedInARow = 0;
  }

  #missed(uid: TagUid, entry: Entry): void {
    entry.missedInARow += 1;
    if (entry.missedInARow >= goneInventories) {
      this.#entries.delete(uid);
      return;
    }
    entry.seenInARow = 0;
    entry.dropOuts += 1;
  }

  #with(uid: TagUid, change: (entry: Entry) => void): void {
    const entry = this.#entries.get(uid);
    if (entry !== undefined) change(entry);
  }
}

/** Whether two fields tell the same. A tag’s memory is read anew as a new one, so the same bytes are the same object. */
export function sameField(a: Field, b: Field): boolean {
  return (
    a.tooMany === b.tooMany &&
    a.tags.length === b.tags.length &&
    a.tags.every((tag, index) => sameTag(tag, b.tags[index]))
  );
}

function sameTag(a: FieldTag, b: FieldTag | undefined): boolean {
  return (
    b !== undefined &&
    a.uid === b.uid &&
    a.still === b.still &&
    a.memory === b.memory &&
    a.afi === b.afi &&
    a.secured === b.secured &&
    a.dropOuts === b.dropOuts &&
    a.unread?.kind === b.unread?.kind
  );
}
