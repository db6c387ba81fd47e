import type { Clock } from '../../src/kernel/clock.ts';
import type {
  FieldTag,
  RfidReader,
  RfidReaderEvents,
  TagOutcome,
} from '../../src/devices/rfid-reader/rfid-reader.ts';
import { encodeTag } from '../../src/rfid/encode-tag.ts';

/** What happens to the next command to a tag of an item. The world draws it when the item is laid down. */
export type TagTrouble =
  /** The command is refused, and reached the tag or not. */
  | { readonly does: 'fails'; readonly part: number; readonly reached: boolean }
  /** The item is lifted while the command is under way, and it reached the tag or not. */
  | { readonly does: 'leaves'; readonly part: number; readonly reached: boolean };

/** Before the first inventory that sees it, and until it counts as still. */
const seenMs = 120;
const stillMs = 350;
const commandMs = 60;
const memoryBytes = 112;

/** Most items have one part; some are sets. */
export function partsOf(item: string): number {
  const number = Number(item.slice(2));
  if (number % 11 === 0) return 3;
  return number % 7 === 0 ? 2 : 1;
}

const uidsKnown = new Map<string, readonly string[]>();

/** The tags of an item, its first part first. */
export function uidsOf(item: string): readonly string[] {
  const known = uidsKnown.get(item);
  if (known !== undefined) return known;
  const uids = Array.from(
    { length: partsOf(item) },
    (_, index) => `E004${item.slice(2).padStart(8, '0')}000${index + 1}`,
  );
  uidsKnown.set(item, uids);
  return uids;
}

interface Lying {
  readonly item: string;
  still: boolean;
  trouble: TagTrouble | undefined;
}

/** The tags of all books, and the reader in the table. The tags outlive the station; its reader is made anew with each life. */
export class Pad {
  /** Told of each tag that a command has changed. */
  onChanged: (item: string, uid: string, secured: boolean) => void = () => undefined;
  readonly #secured = new Map<string, boolean>();
  readonly #memories = new Map<string, Uint8Array>();
  readonly #lying = new Map<string, Lying>();
  #events: RfidReaderEvents | undefined;
  #clock: Clock | undefined;

  /** Whether the gate sounds for a tag; before anybody touched it, it does. */
  isSecured(uid: string): boolean {
    return this.#secured.get(uid) ?? true;
  }

  /** As if staff had lent it. */
  free(item: string): void {
    for (const uid of uidsOf(item)) this.#secured.set(uid, false);
  }

  stationDied(): void {
    this.#events = undefined;
    this.#clock = undefined;
  }

  /** The reader of one life of the station. */
  reader(clock: Clock): RfidReader {
    return {
      start: (events) => {
        this.#events = events;
        this.#clock = clock;
        clock.after(1, () => {
          events.onStatus({ state: 'ready', words: 'virtual' });
          this.#tell();
        });
      },
      stop: () => {
        this.#events = undefined;
      },
      setSecurity: (uid, secured, reply) => {
        clock.after(commandMs, () => reply(this.#command(uid, secured)));
      },
      write: (_uid, _blocks, reply) => {
        clock.after(commandMs, () => reply({ kind: 'failed', why: { kind: 'notSupported' } }));
      },
    };
  }

  lay(
    item: string,
    trouble: TagTrouble | undefined,
    after: (delayMs: number, next: () => void) => void,
  ): void {
    const lying: Lying = { item, still: false, trouble };
    this.#lying.set(item, lying);
    const later = (delayMs: number, change: () => void): void =>
      after(delayMs, () => {
        if (this.#lying.get(item) !== lying) return;
        change();
        this.#tell();
      });
    later(seenMs, () => undefined);
    later(stillMs, () => {
      lying.still = true;
    });
  }

  lift(item: string): void {
    if (this.#lying.delete(item)) this.#tell();
  }

  #command(uid: string, secured: boolean): TagOutcome {
    const lying = [...this.#lying.values()].find(({ item }) => uidsOf(item).includes(uid));
    if (lying === undefined) return { kind: 'gone' };
    const { trouble, item } = lying;
    if (trouble === undefined || uidsOf(item)[trouble.part] !== uid) {
      this.#set(item, uid, secured);
      return { kind: 'done' };
    }
    lying.trouble = undefined;
    if (trouble.reached) this.#set(item, uid, secured);
    if (trouble.does === 'fails') return { kind: 'failed', why: { kind: 'mismatch' } };
    this.#lying.delete(item);
    this.#clock?.after(0, () => this.#tell());
    return { kind: 'gone' };
  }

  #set(item: string, uid: string, secured: boolean): void {
    this.#secured.set(uid, secured);
    this.onChanged(item, uid, secured);
  }

  #tell(): void {
    const tags = [...this.#lying.values()].flatMap(({ item, still }) =>
      uidsOf(item).map((uid, index): FieldTag => ({
        uid,
        still,
        memory: still ? this.#memory(item, uid, index + 1) : undefined,
        blockBytes: 4,
        dsfid: 0x3e,
        afi: undefined,
        secured: this.isSecured(uid) ? 'yes' : 'no',
        dropOuts: 0,
        unread: undefined,
      })),
    );
    this.#events?.onField({ tags, tooMany: false });
  }

  #memory(item: string, uid: string, number: number): Uint8Array {
    const known = this.#memories.get(uid);
    if (known !== undefined) return known;
    const of = partsOf(item);
    const made = encodeTag(
      'iso28560-3',
      { primaryItemIdentifier: item, ...(of === 1 ? {} : { part: { number, of } }) },
      { memoryBytes },
    );
    if (!made.ok) throw new Error(made.error);
    this.#memories.set(uid, made.value);
    return made.value;
  }
}
