import type {
  BlockWrite,
  Field,
  FieldTag,
  RfidReader,
  RfidReaderEvents,
  RfidReaderStatus,
  Secured,
  TagOutcome,
  TagUid,
} from './rfid-reader.ts';

/** A tag that lies before the reader in memory. */
export interface MemoryTag {
  readonly uid: TagUid;
  readonly memory: Uint8Array;
  readonly secured: Secured;
  readonly dsfid?: number;
  readonly afi?: number;
  readonly blockBytes?: number;
  /** False: it moves, or was not wholly read. True where it is left out. */
  readonly still?: boolean;
}

/** A command that waits for its reply. */
export interface MemoryCommand {
  readonly uid: TagUid;
  readonly what:
    | { readonly do: 'setSecurity'; readonly secured: boolean }
    | { readonly do: 'write'; readonly blocks: BlockWrite };
}

const blockBytesUsual = 4;

/**
 * A reader in memory, steered by a test or a simulation. What it sees changes in the call that asks for it; commands wait in
 * `waiting` until `carryOut` or `fail` replies to the oldest.
 */
export class MemoryRfidReader implements RfidReader {
  readonly #commands: { readonly command: MemoryCommand; readonly reply: (outcome: TagOutcome) => void }[] =
    [];
  #tags: readonly FieldTag[] = [];
  #events: RfidReaderEvents | undefined;
  #status: RfidReaderStatus = { state: 'offline', reason: 'not started' };
  #tooMany = false;

  get started(): boolean {
    return this.#events !== undefined;
  }

  get status(): RfidReaderStatus {
    return this.#status;
  }

  get field(): Field {
    return { tags: this.#tags, tooMany: this.#tooMany };
  }

  get waiting(): readonly MemoryCommand[] {
    return this.#commands.map(({ command }) => command);
  }

  start(events: RfidReaderEvents): void {
    if (this.#events !== undefined) throw new Error('the reader was started before');
    this.#events = events;
  }

  stop(): void {
    this.#events = undefined;
    this.#commands.length = 0;
  }

  setSecurity(uid: TagUid, secured: boolean, reply: (outcome: TagOutcome) => void): void {
    this.#commands.push({ command: { uid, what: { do: 'setSecurity', secured } }, reply });
  }

  write(uid: TagUid, blocks: BlockWrite, reply: (outcome: TagOutcome) => void): void {
    this.#commands.push({ command: { uid, what: { do: 'write', blocks } }, reply });
  }

  plug(): void {
    this.setStatus({ state: 'ready', words: 'a reader in memory' });
  }

  /** The cable is pulled: nothing is seen, and each command that waits fails. */
  unplug(reason = 'unplugged'): void {
    this.setStatus({ state: 'offline', reason });
  }

  setStatus(status: RfidReaderStatus): void {
    this.#status = status;
    this.#events?.onStatus(status);
    if (status.state === 'ready') return this.#tell();
    for (const { reply } of this.#commands.splice(0)) reply({ kind: 'failed', why: { kind: 'offline' } });
    this.#events?.onField({ tags: [], tooMany: false });
  }

  /** Tags come into the field, or lie there in another way. They are told at once and together. */
  put(...tags: readonly MemoryTag[]): void {
    for (const tag of tags) {
      const before = this.#tags.find(({ uid }) => uid === tag.uid);
      const now = fieldTag(tag, before?.dropOuts ?? 0);
      this.#tags =
        before === undefined
          ? [...this.#tags, now]
          : this.#tags.map((other) => (other === before ? now : other));
    }
    this.#tell();
  }

  take(...uids: readonly TagUid[]): void {
    this.#tags = this.#tags.filter(({ uid }) => !uids.includes(uid));
    this.#tell();
  }

  /** An inventory misses the tag, and it is not still until `settle`. */
  dropOut(uid: TagUid): void {
    this.#change(uid, (tag) => ({ ...tag, still: false, dropOuts: tag.dropOuts + 1 }));
  }

  /** The tag lies still again. */
  settle(uid: TagUid): void {
    this.#change(uid, (tag) => ({ ...tag, still: true }));
  }

  setTooMany(tooMany: boolean): void {
    this.#tooMany = tooMany;
    this.#tell();
  }

  /** Does what the oldest command wants, if its tag is still there, and replies. False: none waits. */
  carryOut(): boolean {
    const next = this.#commands.shift();
    if (next === undefined) return false;
    const { uid, what } = next.command;
    const tag = this.#tags.find((other) => other.uid === uid);
    if (tag !== undefined) {
      this.#change(uid, (before) =>
        what.do === 'setSecurity'
          ? { ...before, secured: what.secured ? 'yes' : 'no' }
          : { ...before, memory: written(before, what.blocks), dsfid: what.blocks.dsfid ?? before.dsfid },
      );
    }
    next.reply(tag === undefined ? { kind: 'gone' } : { kind: 'done' });
    return true;
  }

  /** Replies to the oldest command with this; the tag stays as it is. False: none waits. */
  fail(outcome: TagOutcome): boolean {
    const next = this.#commands.shift();
    next?.reply(outcome);
    return next !== undefined;
  }

  #change(uid: TagUid, change: (tag: FieldTag) => FieldTag): void {
    this.#tags = this.#tags.map((tag) => (tag.uid === uid ? change(tag) : tag));
    this.#tell();
  }

  #tell(): void {
    if (this.#status.state === 'ready') this.#events?.onField(this.field);
  }
}

function fieldTag(tag: MemoryTag, dropOuts: number): FieldTag {
  return {
    uid: tag.uid,
    still: tag.still ?? true,
    memory: tag.memory,
    blockBytes: tag.blockBytes ?? blockBytesUsual,
    dsfid: tag.dsfid,
    afi: tag.afi,
    secured: tag.secured,
    dropOuts,
    unread: undefined,
  };
}

function written(tag: FieldTag, { firstBlock, data }: BlockWrite): Uint8Array {
  const memory = Uint8Array.from(tag.memory ?? []);
  memory.set(data, firstBlock * (tag.blockBytes ?? blockBytesUsual));
  return memory;
}
