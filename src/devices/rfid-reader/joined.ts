import type { Clock } from '../../kernel/clock.ts';
import type {
  BlockWrite,
  Field,
  FieldTag,
  RfidReader,
  RfidReaderEvents,
  RfidReaderStatus,
  TagOutcome,
  TagUid,
} from './rfid-reader.ts';

const starting: RfidReaderStatus = { state: 'starting' };
const emptyField: Field = { tags: [], tooMany: false };

interface Part {
  readonly reader: RfidReader;
  status: RfidReaderStatus;
  field: Field;
}

/**
 * Several readers as one: their fields lie side by side, and a command goes to the reader that sees the tag. It is ready
 * while one of them is.
 */
export class JoinedRfidReaders implements RfidReader {
  readonly #clock: Clock;
  readonly #parts: readonly Part[];
  #events: RfidReaderEvents | undefined;

  readonly #onEach: (index: number, status: RfidReaderStatus) => void;

  /** @param onEach told of the status of each reader, by its place in the list */
  constructor(
    clock: Clock,
    readers: readonly RfidReader[],
    onEach: (index: number, status: RfidReaderStatus) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#onEach = onEach;
    this.#parts = readers.map((reader) => ({ reader, status: starting, field: emptyField }));
  }

  start(events: RfidReaderEvents): void {
    if (this.#events !== undefined) throw new Error('the readers were started before');
    this.#events = events;
    for (const [index, part] of this.#parts.entries()) {
      part.reader.start({
        onStatus: (status) => {
          part.status = status;
          this.#onEach(index, status);
          this.#events?.onStatus(this.#status());
        },
        onField: (field) => {
          part.field = field;
          this.#events?.onField(this.#field());
        },
      });
    }
  }

  stop(): void {
    this.#events = undefined;
    for (const { reader } of this.#parts) reader.stop();
  }

  setSecurity(uid: TagUid, secured: boolean, reply: (outcome: TagOutcome) => void): void {
    this.#seeing(uid, reply)?.setSecurity(uid, secured, reply);
  }

  write(uid: TagUid, blocks: BlockWrite, reply: (outcome: TagOutcome) => void): void {
    this.#seeing(uid, reply)?.write(uid, blocks, reply);
  }

  /** The reader before which the tag lies. Where none is ready nothing can be said of the tag; else it is gone. */
  #seeing(uid: TagUid, reply: (outcome: TagOutcome) => void): RfidReader | undefined {
    const part = this.#parts.find(({ field }) => field.tags.some((tag) => tag.uid === uid));
    if (part !== undefined) return part.reader;
    const outcome: TagOutcome = this.#parts.some(({ status }) => status.state === 'ready')
      ? { kind: 'gone' }
      : { kind: 'failed', why: { kind: 'offline' } };
    this.#clock.after(0, () => {
      if (this.#events !== undefined) reply(outcome);
    });
    return undefined;
  }

  #status(): RfidReaderStatus {
    const statuses = this.#parts.map(({ status }) => status);
    return (
      statuses.find(({ state }) => state === 'ready') ??
      statuses.find(({ state }) => state !== 'starting') ??
      starting
    );
  }

  /** A tag between two readers is seen by both; the one that sees it still is believed. */
  #field(): Field {
    const tags = new Map<TagUid, FieldTag>();
    for (const { field } of this.#parts) {
      for (const tag of field.tags) if (tags.get(tag.uid)?.still !== true) tags.set(tag.uid, tag);
    }
    return { tags: [...tags.values()], tooMany: this.#parts.some(({ field }) => field.tooMany) };
  }
}
