import { systemClock } from '../../src/kernel/clock.ts';
import { encodeTag } from '../../src/rfid/encode-tag.ts';
import type { TagModel } from '../../src/rfid/tag.ts';
import { FeigEmulator } from '../../src/simulator/rfid/feig-emulator.ts';
import { TagField, VirtualTag } from '../../src/simulator/rfid/tag-field.ts';
import { TcpReader } from '../../src/simulator/rfid/virtual-reader.ts';
import { Stream } from '../simulation/streams.ts';

const inStock = 0x07;
const onLoan = 0xc2;
const memoryBytes = 112;
const uidDigits = 10;

export interface TagsOf {
  readonly item: string;
  /** How many parts the item has, each with a tag; one where it is left out. */
  readonly parts?: number;
  readonly owner?: string;
  readonly model?: TagModel;
  /** Lent when it is made. */
  readonly lent?: boolean;
}

/** Tells of each inventory that hears something. */
class HeardField extends TagField {
  onHeard: () => void = () => undefined;

  override heard(afi?: number): readonly VirtualTag[] {
    const tags = super.heard(afi);
    if (tags.length > 0) this.onHeard();
    return tags;
  }
}

/** A table with a FEIG reader in it, books with their tags, and the gate at the door. */
export class VirtualTable {
  readonly field: HeardField;
  readonly #reader: TcpReader;
  #made = 0;

  private constructor(field: HeardField, reader: TcpReader) {
    this.field = field;
    this.#reader = reader;
  }

  /** @param baudRate of a line that takes its time; undefined: only the reader's own work does */
  static async create(baudRate?: number): Promise<VirtualTable> {
    const field = new HeardField(new Stream(1, 'table'));
    const emulator = new FeigEmulator({ field, tagsMax: 40 });
    const line = baudRate === undefined ? {} : { baudRate };
    return new VirtualTable(field, await TcpReader.create({ emulator, clock: systemClock, ...line }));
  }

  get port(): number {
    return this.#reader.port;
  }

  /** What the configuration of a station says of the reader. */
  get device(): Readonly<Record<string, unknown>> {
    return {
      kind: 'rfid-reader',
      driver: 'feig-obid',
      host: '127.0.0.1',
      port: this.#reader.port,
      pollMs: 50,
    };
  }

  /** The tags of a book that was never laid down; the first part first. */
  tagsOf({ item, parts = 1, owner, model = 'iso28560-3', lent = false }: TagsOf): VirtualTag[] {
    return Array.from({ length: parts }, (_, index) => {
      const made = encodeTag(
        model,
        {
          primaryItemIdentifier: item,
          ...(owner === undefined ? {} : { owner }),
          ...(parts === 1 ? {} : { part: { number: index + 1, of: parts } }),
        },
        { memoryBytes },
      );
      if (!made.ok) throw new Error(made.error);
      this.#made += 1;
      const uid = `E00401${String(this.#made).padStart(uidDigits, '0')}`;
      return new VirtualTag({ uid, memory: made.value, afi: lent ? onLoan : inStock });
    });
  }

  lay(...tags: readonly VirtualTag[]): void {
    this.field.put(...tags);
  }

  lift(...tags: readonly VirtualTag[]): void {
    this.field.take(...tags.map(({ uid }) => uid));
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}

/** Whether the gate at the door sounds for any of these. */
export function gateSounds(tags: readonly VirtualTag[]): boolean {
  return tags.some(({ afi }) => afi === inStock);
}
