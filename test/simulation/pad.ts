import { unreachable } from '../../src/kernel/assert.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type {
  FieldTag,
  RfidReader,
  RfidReaderEvents,
  TagFailure,
  TagOutcome,
} from '../../src/devices/rfid-reader/rfid-reader.ts';
import { farMemory, farUid, memoryOf, uidsOf } from './tags.ts';

/** What happens to one command to a tag of an item, the `nth` to this part since it was laid down, from 0. */
export type TagTrouble = { readonly part: number; readonly nth: number; readonly reached: boolean } & (
  | { readonly does: 'fails'; readonly why: 'mismatch' | 'unverified' | 'noAnswer' | 'tagGone' }
  /** The item is lifted while the command is under way. */
  | { readonly does: 'leaves' }
  /** The reader’s cable is pulled while the command is under way, and put back. */
  | { readonly does: 'unplugs'; readonly forMs: number }
);

/** How something is laid down. */
export interface Laying {
  /** Which parts of the item; left out: all. */
  readonly parts?: readonly number[];
  readonly troubles?: readonly TagTrouble[];
  /** How long its tags are only half read. */
  readonly halfReadMs?: number;
}

/** Before the first inventory that sees it, and until it counts as still. */
const seenMs = 120;
const stillMs = 350;
const commandMs = 60;
/** How long the reader takes to start after its cable was put back. */
const startMs = 300;
/** How often a bag that stands too near is seen and missed. */
const flickerMs = 1_200;

interface Lying {
  readonly uid: string;
  readonly item: string;
  readonly part: number;
  /** `far`: of another library. `bag`: somebody carries it past. */
  readonly as: 'ours' | 'far' | 'bag';
  readonly troubles: readonly TagTrouble[];
  readonly readMs: number;
  readonly memory: Uint8Array;
  still: boolean;
  commands: number;
  dropOuts: number;
}

interface Command {
  readonly uid: string;
  readonly secured: boolean;
  readonly reply: (outcome: TagOutcome) => void;
}

/** The tags of all books, and the reader in the table. The tags outlive the station; its reader is made anew with each life. */
export class Pad {
  /** Told of each tag that a command has changed. */
  onChanged: (item: string, uid: string, secured: boolean) => void = () => undefined;
  /** Told when a command goes to a tag that is none of ours, or that nobody laid down. */
  onStrayCommand: (uid: string) => void = () => undefined;
  /** Told of each item of which the station now knows that it lies there still, or a part of it. */
  onSeen: (item: string) => void = () => undefined;
  unplugs = 0;
  /** Does something later that the station may not survive. */
  readonly #later: (delayMs: number, act: () => void) => void;
  readonly #secured = new Map<string, boolean>();
  readonly #lying = new Map<string, Lying>();
  readonly #told = new Set<string>();
  #plugged = true;
  #telling = false;
  #events: RfidReaderEvents | undefined;
  #clock: Clock | undefined;
  #command: Command | undefined;

  constructor(later: (delayMs: number, act: () => void) => void) {
    this.#later = later;
  }

  /** Whether the gate sounds for a tag; before anybody touched it, it does. */
  isSecured(uid: string): boolean {
    return this.#secured.get(uid) ?? true;
  }

  /** As if staff had lent it. */
  free(item: string): void {
    for (const uid of uidsOf(item)) this.#secured.set(uid, false);
  }

  /** The station was told that all tags of this item lie there and are still. */
  isToldWhole(item: string): boolean {
    return this.#told.has(item);
  }

  /** What lies there, whoever left it. */
  items(): ReadonlySet<string> {
    return new Set([...this.#lying.values()].map(({ item }) => item));
  }

  stationDied(): void {
    this.#events = undefined;
    this.#clock = undefined;
    this.#command = undefined;
  }

  /** The reader of one life of the station, which is told of everything anew. Until then what the last one knew stands, for its last commit may turn out to have landed. */
  reader(clock: Clock): RfidReader {
    this.#told.clear();
    return {
      start: (events) => {
        this.#events = events;
        this.#clock = clock;
        clock.after(1, () => this.#status());
      },
      stop: () => {
        this.#events = undefined;
      },
      setSecurity: (uid, secured, reply) => this.#begin({ uid, secured, reply }, clock),
      write: (_uid, _blocks, reply) => {
        clock.after(commandMs, () => reply({ kind: 'failed', why: { kind: 'notSupported' } }));
      },
    };
  }

  lay(item: string, { parts, troubles = [], halfReadMs = 0 }: Laying = {}): void {
    for (const [part, uid] of uidsOf(item).entries()) {
      if (parts !== undefined && !parts.includes(part)) continue;
      // What lies there already goes on lying there.
      if (this.#lying.get(uid)?.as === 'ours') continue;
      const memory = memoryOf(item, part);
      const own = troubles.filter((trouble) => trouble.part === part);
      this.#put({ uid, item, part, as: 'ours', troubles: own, readMs: stillMs + halfReadMs, memory });
    }
  }

  /** Another library’s item, which has the number of one of ours. */
  layFar(item: string): void {
    this.#put({
      uid: farUid(item),
      item,
      part: 0,
      as: 'far',
      troubles: [],
      readMs: stillMs,
      memory: farMemory(item),
    });
  }

  lift(item: string, parts?: readonly number[]): void {
    const uids = uidsOf(item).filter((_, part) => parts === undefined || parts.includes(part));
    if (uids.filter((uid) => this.#lying.delete(uid)).length > 0) this.#tell();
  }

  liftFar(item: string): void {
    if (this.#lying.delete(farUid(item))) this.#tell();
  }

  /** Somebody’s bag comes near for a while; its item is read, and missed again and again. */
  bag(item: string, forMs: number): void {
    const [uid] = uidsOf(item);
    if (uid === undefined || this.#lying.has(uid)) return;
    const lying = this.#put({
      uid,
      item,
      part: 0,
      as: 'bag',
      troubles: [],
      readMs: Infinity,
      memory: memoryOf(item, 0),
    });
    for (let at = flickerMs; at < forMs; at += flickerMs) {
      this.#whileThere(lying, at, () => {
        lying.dropOuts += 1;
        this.#tell();
      });
    }
    this.#whileThere(lying, forMs, () => {
      this.#lying.delete(uid);
      this.#tell();
    });
  }

  /** @param reached whether a command that is under way had reached its tag */
  unplug(reached: boolean): void {
    if (!this.#plugged) return;
    this.#plugged = false;
    this.unplugs += 1;
    const command = this.#command;
    this.#command = undefined;
    if (command !== undefined) {
      const lying = this.#lying.get(command.uid);
      if (reached && lying !== undefined) this.#set(lying, command.secured);
      this.#clock?.after(1, () => command.reply({ kind: 'failed', why: { kind: 'offline' } }));
    }
    this.#status();
  }

  plugIn(): void {
    if (this.#plugged) return;
    this.#plugged = true;
    this.#status();
    for (const lying of this.#lying.values()) this.#settleDown(lying, startMs);
  }

  #put(lying: Omit<Lying, 'still' | 'commands' | 'dropOuts'>): Lying {
    const put: Lying = { ...lying, still: false, commands: 0, dropOuts: 0 };
    this.#lying.set(put.uid, put);
    this.#whileThere(put, seenMs, () => this.#tell());
    this.#settleDown(put, 0);
    return put;
  }

  /** It is seen once more from the beginning. */
  #settleDown(lying: Lying, afterMs: number): void {
    lying.still = false;
    if (lying.readMs === Infinity) return;
    this.#whileThere(lying, afterMs + lying.readMs, () => {
      if (lying.still) return;
      lying.still = true;
      this.#tell();
    });
  }

  #whileThere(lying: Lying, delayMs: number, act: () => void): void {
    this.#later(delayMs, () => {
      if (this.#lying.get(lying.uid) === lying) act();
    });
  }

  #status(): void {
    const events = this.#events;
    if (events === undefined) return;
    if (!this.#plugged) {
      events.onStatus({ state: 'offline', reason: 'unplugged' });
      return this.#tell();
    }
    events.onStatus({ state: 'starting' });
    this.#clock?.after(startMs, () => {
      if (!this.#plugged) return;
      events.onStatus({ state: 'ready', words: 'virtual' });
      this.#tell();
    });
  }

  #begin(command: Command, clock: Clock): void {
    if (!this.#plugged) {
      clock.after(1, () => command.reply({ kind: 'failed', why: { kind: 'offline' } }));
      return;
    }
    this.#command = command;
    clock.after(commandMs, () => {
      // The cable was pulled meanwhile, and that was the answer.
      if (this.#command !== command) return;
      this.#end(command);
    });
  }

  #end(command: Command): void {
    const { uid, secured, reply } = command;
    const done = (outcome: TagOutcome): void => {
      this.#command = undefined;
      reply(outcome);
    };
    const lying = this.#lying.get(uid);
    if (lying === undefined || lying.as === 'bag') return done({ kind: 'gone' });
    if (lying.as === 'far') this.onStrayCommand(uid);
    const trouble = lying.troubles.find(({ nth }) => nth === lying.commands);
    lying.commands += 1;
    if (trouble === undefined || (trouble.reached && trouble.does !== 'unplugs')) this.#set(lying, secured);
    switch (trouble?.does) {
      case undefined:
        return done({ kind: 'done' });
      case 'fails':
        return done({ kind: 'failed', why: { kind: trouble.why } satisfies TagFailure });
      case 'leaves':
        this.#clock?.after(1, () => this.lift(lying.item));
        return done({ kind: 'gone' });
      case 'unplugs':
        this.#later(trouble.forMs, () => this.plugIn());
        return this.unplug(trouble.reached);
      default:
        return unreachable(trouble);
    }
  }

  #set({ item, uid }: Lying, secured: boolean): void {
    this.#secured.set(uid, secured);
    this.onChanged(item, uid, secured);
  }

  /** All that changes in one moment is one look of the reader. */
  #tell(): void {
    if (this.#telling || this.#events === undefined) return;
    this.#telling = true;
    this.#later(0, () => this.#look());
  }

  #look(): void {
    this.#telling = false;
    const events = this.#events;
    if (events === undefined) return;
    const there = this.#plugged ? [...this.#lying.values()] : [];
    this.#notice(there);
    events.onField({ tags: there.map((lying) => this.#asSeen(lying)), tooMany: false });
  }

  #asSeen({ uid, as, still, memory, dropOuts, readMs }: Lying): FieldTag {
    const halfRead = !still && readMs > stillMs && as !== 'bag';
    return {
      uid,
      still,
      memory: still || as === 'bag' ? memory : undefined,
      blockBytes: 4,
      dsfid: 0x3e,
      afi: undefined,
      secured: this.isSecured(uid) ? 'yes' : 'no',
      dropOuts,
      unread: halfRead ? { kind: 'badFrame', why: 'content' } : undefined,
    };
  }

  /** Which items the station knows to be there. */
  #notice(there: readonly Lying[]): void {
    const still = new Set(there.flatMap(({ uid, still: is }) => (is ? [uid] : [])));
    const whole = new Set(
      there.flatMap(({ item, as }) =>
        as === 'ours' && uidsOf(item).every((uid) => still.has(uid)) ? [item] : [],
      ),
    );
    for (const item of this.#told) if (!whole.has(item)) this.#told.delete(item);
    for (const item of whole) this.#told.add(item);
    for (const { item, as, still: is } of there) if (as === 'ours' && is) this.onSeen(item);
  }
}
