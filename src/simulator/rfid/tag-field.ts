import type { Random } from '../../kernel/random.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { chipErrors, chips, type Chip } from './chips.ts';

/** How a virtual tag begins. */
export interface TagOptions {
  /** 16 capital hexadecimal digits. */
  readonly uid: string;
  readonly memory?: Uint8Array;
  readonly dsfid?: number;
  readonly afi?: number;
  readonly eas?: boolean;
  readonly chip?: Chip;
}

/** How a tag behaves badly. */
export interface TagTrouble {
  /** The chance that it is heard at all when it is asked: 1 always, 0 never. Tags that shadow each other have less than 1. */
  hearing: number;
  /** It stands twice in the reader’s list. */
  answersTwice: boolean;
  /** Blocks from this one on do not come through: it is half read. */
  readableBlocks: number;
  /** So many of the next writings are not heard. */
  writesLost: number;
  /** So many of the next writings are answered well and have no effect. */
  writesIgnored: number;
  /** Writings are refused by the chip, for ever. */
  writesRefused: boolean;
  /** It is taken out of the field as soon as the next writing is done. */
  leavesAfterWrite: boolean;
}

export class VirtualTag {
  readonly uid: string;
  readonly chip: Chip;
  readonly memory: Uint8Array;
  readonly lockedBlocks = new Set<number>();
  dsfid: number;
  afi: number;
  eas: boolean;
  readonly trouble: TagTrouble = {
    hearing: 1,
    answersTwice: false,
    readableBlocks: Number.POSITIVE_INFINITY,
    writesLost: 0,
    writesIgnored: 0,
    writesRefused: false,
    leavesAfterWrite: false,
  };

  constructor({
    uid,
    memory = new Uint8Array(0),
    dsfid = 0,
    afi = 0x07,
    eas = false,
    chip = chips.sli,
  }: TagOptions) {
    this.uid = uid;
    this.chip = chip;
    this.dsfid = dsfid;
    this.afi = afi;
    this.eas = eas;
    this.memory = new Uint8Array(chip.blocks * chip.blockBytes);
    this.memory.set(memory.subarray(0, this.memory.length));
  }

  get uidBytes(): Uint8Array {
    return Uint8Array.from(Buffer.from(this.uid, 'hex'));
  }
}

/** What a tag says on air: a value, an error code of its own, or nothing. */
export type OnAir<T> = Result<T, number | 'silent'>;

const silent = err('silent' as const);

/** The tags before the virtual readers, with all that tags do. Every reader of a station may look at the same field. */
export class TagField {
  readonly #random: Random;
  readonly #tags = new Map<string, VirtualTag>();

  constructor(random: Random) {
    this.#random = random;
  }

  get tags(): readonly VirtualTag[] {
    return [...this.#tags.values()];
  }

  put(...tags: readonly VirtualTag[]): void {
    for (const tag of tags) this.#tags.set(tag.uid, tag);
  }

  take(...uids: readonly string[]): void {
    for (const uid of uids) this.#tags.delete(uid);
  }

  clear(): void {
    this.#tags.clear();
  }

  /** Who answers an inventory now, those who do so twice twice. */
  heard(afi?: number): readonly VirtualTag[] {
    return this.tags
      .filter((tag) => afi === undefined || (tag.chip.afi && tag.afi === afi))
      .filter((tag) => this.#hears(tag))
      .flatMap((tag) => (tag.trouble.answersTwice ? [tag, tag] : [tag]));
  }

  systemInfo(uid: string): OnAir<VirtualTag> {
    const tag = this.#addressed(uid);
    if (tag === undefined) return silent;
    return tag.chip.systemInfo ? ok(tag) : err(chipErrors.notSupported);
  }

  /** A tag that answers at all. */
  addressed(uid: string): OnAir<VirtualTag> {
    const tag = this.#addressed(uid);
    return tag === undefined ? silent : ok(tag);
  }

  readBlocks(uid: string, first: number, count: number): OnAir<Uint8Array> {
    const tag = this.#addressed(uid);
    if (tag === undefined) return silent;
    const { blocks, blockBytes } = tag.chip;
    if (first + count > blocks) return err(chipErrors.noSuchBlock);
    if (first + count > tag.trouble.readableBlocks) return silent;
    return ok(tag.memory.slice(first * blockBytes, (first + count) * blockBytes));
  }

  writeBlock(uid: string, block: number, data: Uint8Array): OnAir<undefined> {
    return this.#write(uid, (tag) => {
      if (block >= tag.chip.blocks || data.length !== tag.chip.blockBytes) return err(chipErrors.noSuchBlock);
      if (tag.lockedBlocks.has(block)) return err(chipErrors.locked);
      return ok(() => tag.memory.set(data, block * tag.chip.blockBytes));
    });
  }

  writeAfi(uid: string, afi: number): OnAir<undefined> {
    return this.#write(uid, (tag) =>
      tag.chip.afi
        ? ok(() => {
            tag.afi = afi;
          })
        : err(chipErrors.notSupported),
    );
  }

  writeDsfid(uid: string, dsfid: number): OnAir<undefined> {
    return this.#write(uid, (tag) =>
      tag.chip.dsfid
        ? ok(() => {
            tag.dsfid = dsfid;
          })
        : err(chipErrors.notSupported),
    );
  }

  writeEas(uid: string, on: boolean): OnAir<undefined> {
    return this.#write(uid, (tag) =>
      tag.chip.eas
        ? ok(() => {
            tag.eas = on;
          })
        : err(chipErrors.notSupported),
    );
  }

  #write(uid: string, effect: (tag: VirtualTag) => Result<() => void, number>): OnAir<undefined> {
    const tag = this.#addressed(uid);
    if (tag === undefined) return silent;
    const { trouble } = tag;
    if (trouble.writesLost > 0) {
      trouble.writesLost -= 1;
      return silent;
    }
    if (trouble.writesRefused) return err(chipErrors.locked);
    const possible = effect(tag);
    if (!possible.ok) return possible;
    if (trouble.writesIgnored > 0) trouble.writesIgnored -= 1;
    else possible.value();
    if (trouble.leavesAfterWrite) this.take(uid);
    return ok(undefined);
  }

  #addressed(uid: string): VirtualTag | undefined {
    const tag = this.#tags.get(uid);
    return tag !== undefined && this.#hears(tag) ? tag : undefined;
  }

  /** No number is drawn for a tag that is always heard, so that trouble of one does not change the luck of others. */
  #hears({ trouble }: VirtualTag): boolean {
    return trouble.hearing >= 1 || this.#random.fraction() < trouble.hearing;
  }
}
