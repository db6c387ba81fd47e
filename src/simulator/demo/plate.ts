import { assert } from '../../kernel/assert.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import { encodeTag } from '../../rfid/encode-tag.ts';
import type { ItemData, LibraryData } from '../acs/library-data.ts';
import { FeigEmulator } from '../rfid/feig-emulator.ts';
import { TagField, VirtualTag } from '../rfid/tag-field.ts';
import { alwaysHasTag } from './station-config.ts';
import { PtyReader } from '../rfid/virtual-reader.ts';

/** AFI of an item in stock, at which the gate rings, and of one on loan. */
const inStock = 0x07;
const onLoan = 0xc2;
/** How often a tag is heard on a plate on which tags shadow each other. */
const flickering = 0.6;
/** A tag whose writing is to fail: more often than any driver tries. */
const uidStart = 0x100;

export interface PlateItem {
  readonly item: string;
  readonly parts: number;
  /** Parts whose security is on. */
  readonly secured: number;
}

export interface PlateState {
  readonly plugged: boolean;
  readonly lies: readonly PlateItem[];
  readonly bag: readonly PlateItem[];
  /** What the gate said when somebody last walked out; undefined: nobody has. */
  readonly gate: { readonly times: number; readonly rang: readonly string[] } | undefined;
  readonly writesFail: boolean;
  readonly flickers: boolean;
}

export interface PlateParts {
  readonly data: LibraryData;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether the item is on loan when its tag is first looked at. */
  readonly isLent: (item: string) => boolean;
  readonly onMoved: () => void;
}

/** An RFID plate with books to put on it, a bag to take them along in, and the gate at the door. */
export class Plate {
  readonly #parts: PlateParts;
  readonly #items: ReadonlyMap<string, ItemData>;
  readonly #lentAtFirst: ReadonlySet<string>;
  readonly #field: TagField;
  readonly #reader: PtyReader;
  readonly #tags = new Map<string, readonly VirtualTag[]>();
  readonly #lies = new Set<string>();
  readonly #bag = new Set<string>();
  #gate: PlateState['gate'];
  #writesFail = false;
  #flickers = false;
  #uids = uidStart;

  private constructor(parts: PlateParts, field: TagField, reader: PtyReader) {
    this.#parts = parts;
    this.#field = field;
    this.#reader = reader;
    this.#items = new Map(parts.data.items.map((one) => [one.item, one]));
    const loans = parts.data.patrons.flatMap(({ loans: own = [] }) => own);
    this.#lentAtFirst = new Set(loans.map(({ item }) => item));
  }

  static async create(parts: PlateParts): Promise<Plate> {
    const field = new TagField(parts.random);
    const emulator = new FeigEmulator({ field });
    return new Plate(
      parts,
      field,
      await PtyReader.create({ emulator, clock: parts.clock, baudRate: 38_400 }),
    );
  }

  /** The reader’s port. */
  get path(): string {
    return this.#reader.path;
  }

  state(): PlateState {
    const told = (items: ReadonlySet<string>): readonly PlateItem[] =>
      [...items].map((item) => {
        const tags = this.#tagsOf(item);
        return { item, parts: tags.length, secured: tags.filter(({ afi }) => afi === inStock).length };
      });
    return {
      plugged: this.#reader.plugged,
      lies: told(this.#lies),
      bag: told(this.#bag),
      gate: this.#gate,
      writesFail: this.#writesFail,
      flickers: this.#flickers,
    };
  }

  /** Puts an item on the plate, all its parts or all but one. */
  put(item: string, whole: boolean): void {
    if (!this.#items.has(item)) throw new Error('this item has no tag');
    const tags = this.#tagsOf(item);
    this.#bag.delete(item);
    this.#lies.add(item);
    this.#field.take(...tags.map(({ uid }) => uid));
    this.#field.put(...(whole || tags.length === 1 ? tags : tags.slice(0, -1)));
    this.#behave();
  }

  /** Takes an item off the plate, into the bag. */
  take(item: string): void {
    if (!this.#lies.delete(item)) throw new Error('it does not lie on the plate');
    this.#field.take(...this.#tagsOf(item).map(({ uid }) => uid));
    this.#bag.add(item);
    this.#parts.onMoved();
  }

  /** Walks out with the bag: the gate rings for what is secured. */
  walkOut(): void {
    const rang = [...this.#bag].filter((item) => this.#tagsOf(item).some(({ afi }) => afi === inStock));
    this.#bag.clear();
    this.#gate = { times: (this.#gate?.times ?? 0) + 1, rang };
    this.#parts.onMoved();
  }

  setWritesFail(on: boolean): void {
    this.#writesFail = on;
    this.#behave();
  }

  setFlickers(on: boolean): void {
    this.#flickers = on;
    this.#behave();
  }

  async setPlugged(on: boolean): Promise<void> {
    await (on ? this.#reader.replug() : this.#reader.unplug());
    this.#parts.onMoved();
  }

  /** All is well again, and everything lies on its shelf. */
  async mend(): Promise<void> {
    this.#field.clear();
    this.#tags.clear();
    this.#lies.clear();
    this.#bag.clear();
    this.#gate = undefined;
    this.#writesFail = false;
    this.#flickers = false;
    await this.#reader.replug();
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  #behave(): void {
    for (const { trouble } of this.#field.tags) {
      trouble.writesRefused = this.#writesFail;
      trouble.hearing = this.#flickers ? flickering : 1;
    }
    this.#parts.onMoved();
  }

  #tagsOf(item: string): readonly VirtualTag[] {
    const known = this.#tags.get(item);
    if (known !== undefined) return known;
    const of = this.#items.get(item)?.parts ?? 1;
    const afi = this.#wasFreed(item) ? onLoan : inStock;
    const tags = Array.from({ length: of }, (_, index) => this.#tag(item, index + 1, of, afi));
    this.#tags.set(item, tags);
    return tags;
  }

  /** What has its tag always was freed by whoever lent it before; what gets it now follows its loan. */
  #wasFreed(item: string): boolean {
    return alwaysHasTag(item) ? this.#lentAtFirst.has(item) : this.#parts.isLent(item);
  }

  #tag(item: string, number: number, of: number, afi: number): VirtualTag {
    const content = { primaryItemIdentifier: item, ...(of === 1 ? {} : { part: { number, of } }) };
    const memory = encodeTag('iso28560-3', content, { memoryBytes: 112 });
    assert(memory.ok, 'the example library’s numbers go on a tag');
    const uid = `E0040150${(this.#uids++).toString(16).toUpperCase().padStart(8, '0')}`;
    return new VirtualTag({ uid, memory: memory.value, afi });
  }
}
