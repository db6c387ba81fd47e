import { gateSounds, VirtualTable } from '../support/virtual-table.ts';
import type { VirtualTag } from '../../src/simulator/rfid/tag-field.ts';

/** Each so many-th book is a set of two parts. */
const setEvery = 4;

/** An RFID reader in the table, and the tags of all books that ever lay on it. They outlive every process of the station. */
export class Plate {
  readonly #table: VirtualTable;
  readonly #tags = new Map<string, readonly VirtualTag[]>();

  private constructor(table: VirtualTable) {
    this.#table = table;
  }

  static async create(): Promise<Plate> {
    return new Plate(await VirtualTable.create());
  }

  get device(): Readonly<Record<string, unknown>> {
    return this.#table.device;
  }

  lay(item: string): void {
    const tags =
      this.#tags.get(item) ?? this.#table.tagsOf({ item, parts: Number(item) % setEvery === 0 ? 2 : 1 });
    this.#tags.set(item, tags);
    this.#table.lay(...tags);
  }

  /** The patron takes everything away. */
  clear(): void {
    for (const tags of this.#tags.values()) this.#table.lift(...tags);
  }

  /** How the gate at the door takes the parts of an item: all of them, none, or some make it sound. */
  security(item: string): 'locked' | 'unlocked' | 'mixed' {
    const sounding = (this.#tags.get(item) ?? []).map((tag) => gateSounds([tag]));
    if (sounding.every((sounds) => sounds)) return 'locked';
    return sounding.some((sounds) => sounds) ? 'mixed' : 'unlocked';
  }

  close(): Promise<void> {
    return this.#table.close();
  }
}
