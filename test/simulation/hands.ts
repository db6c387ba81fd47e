import type { IntentAct } from '../../src/shared/intent.ts';
import type { ItemRow, View } from '../../src/shared/view.ts';
import type { Laying, TagTrouble } from './pad.ts';
import type { PadHabits } from './scenario.ts';
import type { Stream, Streams } from './streams.ts';
import { partsOf } from './tags.ts';
import type { Desk } from './visitor.ts';

/** Commands to one part whose fate is drawn when it is laid down; more come only where most of them failed. */
const commandsDrawn = 4;
const halfReadMsMax = 8_000;
const bagMsMax = 6_000;
const unpluggedMsMax = 20_000;
/** About as long as it takes until a book on the reader is done with. */
const padMs = 1_500;
const numbersOfFarItems = 400;

/** What a visitor does with books and reader. Each habit has a stream of its own. */
export class Hands {
  readonly #desk: Desk;
  readonly #habits: PadHabits;
  readonly #streams: Streams;
  readonly #chance: Stream;
  readonly #usesPad: boolean;
  /** Items of which a part is still to be laid down. */
  readonly #comes = new Set<string>();

  constructor(desk: Desk, habits: PadHabits, streams: Streams) {
    this.#desk = desk;
    this.#habits = habits;
    this.#streams = streams;
    this.#chance = streams.of('pad');
    this.#usesPad = this.#chance.chance(habits.uses);
  }

  /** How long it takes to see what becomes of an item. */
  get patienceMs(): number {
    return this.#usesPad ? padMs : 0;
  }

  /** Lays it on the reader; false where this visitor holds barcodes under the scanner. */
  show(item: string): boolean {
    if (!this.#usesPad) return false;
    this.#farItem(item);
    const laying = this.#laying(item);
    this.#desk.lay(item, laying);
    this.#lifts(item);
    if (laying.parts !== undefined) this.#bringsTheRest(item);
    return true;
  }

  takeAway(item: string): void {
    if (this.#usesPad) this.#desk.lift(item);
  }

  /** Asked to put a book back: lays it there, or says that it is not there any more. */
  putsBack(view: View | undefined, item: string): boolean {
    if (view?.putBack?.some((one) => one.item === item && one.why === 'lifted') !== true) return false;
    if (this.#chance.chance(this.#habits.laysBack)) this.#desk.lay(item);
    else this.#desk.act({ do: 'dismiss' });
    return true;
  }

  /** Asked at the end for items whose tags nobody saw: lays them there, or says why not. Gives what then lies there. */
  laysAtEnd(view: View): readonly string[] {
    const chance = this.#streams.of('tag.unseen');
    const items = (view.putBack ?? []).map(({ item }) => item);
    if (chance.chance(this.#habits.laysBack)) {
      for (const item of items) this.#desk.lay(item);
      return items;
    }
    this.#desk.act(
      chance.pick<IntentAct>([{ do: 'dismiss' }, { do: 'noTag' }, { do: 'finish', receipt: false }]),
    );
    return [];
  }

  /** A part of this set is not there yet, and is being looked for. */
  looksForPart(item: string, row: ItemRow | undefined): boolean {
    return this.#comes.has(item) && isIncomplete(row);
  }

  /** Somebody stands at the reader with a bag over the shoulder. */
  bagOf(items: readonly string[]): void {
    const chance = this.#streams.of('bag');
    if (items.length === 0 || !chance.chance(this.#habits.bags)) return;
    this.#desk.bag(chance.pick(items), chance.whole(300, bagMsMax));
  }

  #laying(item: string): Laying {
    const parts = this.#forgets(item);
    const troubles = this.#troubles(item);
    const reading = this.#streams.of('tag.reading');
    const halfReadMs = reading.chance(this.#habits.halfRead) ? reading.whole(100, halfReadMsMax) : 0;
    return {
      ...(parts === undefined ? {} : { parts }),
      ...(troubles.length === 0 ? {} : { troubles }),
      ...(halfReadMs === 0 ? {} : { halfReadMs }),
    };
  }

  #troubles(item: string): readonly TagTrouble[] {
    const rate = this.#habits.trouble;
    if (rate === 0) return [];
    const chance = this.#streams.of('tag.commands');
    const troubles: TagTrouble[] = [];
    for (let part = 0; part < partsOf(item); part++) {
      for (let nth = 0; nth < commandsDrawn; nth++) {
        if (!chance.chance(rate)) continue;
        const common = { part, nth, reached: chance.chance(0.5) };
        const does = chance.pick(['fails', 'fails', 'leaves', 'unplugs'] as const);
        if (does === 'unplugs') troubles.push({ ...common, does, forMs: chance.whole(100, unpluggedMsMax) });
        else if (does === 'leaves') troubles.push({ ...common, does });
        else
          troubles.push({
            ...common,
            does,
            why: chance.pick(['mismatch', 'unverified', 'noAnswer', 'tagGone'] as const),
          });
      }
    }
    return troubles;
  }

  /** Of a set, all parts but one. */
  #forgets(item: string): readonly number[] | undefined {
    const of = partsOf(item);
    const chance = this.#streams.of('tag.parts');
    if (of === 1 || !chance.chance(this.#habits.forgetsPart)) return undefined;
    const missing = chance.whole(0, of - 1);
    return Array.from({ length: of }, (_, part) => part).filter((part) => part !== missing);
  }

  #bringsTheRest(item: string): void {
    const chance = this.#streams.of('tag.parts');
    if (!chance.chance(this.#habits.laysBack)) return;
    this.#comes.add(item);
    this.#desk.after(chance.whole(500, 6_000), () => {
      this.#comes.delete(item);
      this.#desk.lay(item);
    });
  }

  /** Takes it away too early, or a part of it. */
  #lifts(item: string): void {
    if (this.#chance.chance(this.#habits.lifts))
      this.#desk.after(this.#chance.whole(50, 3_000), () => this.#desk.lift(item));
    const of = partsOf(item);
    const parts = this.#streams.of('tag.parts');
    if (of === 1 || !parts.chance(this.#habits.takesPart)) return;
    const taken = [parts.whole(0, of - 1)];
    this.#desk.after(parts.whole(50, 3_000), () => this.#desk.lift(item, taken));
  }

  /** Another library’s item comes along, with the number of one of ours: this one, or any. */
  #farItem(item: string): void {
    const chance = this.#streams.of('far');
    if (!chance.chance(this.#habits.farItems)) return;
    const number = chance.chance(0.5)
      ? item
      : `3I${String(chance.whole(0, numbersOfFarItems - 1)).padStart(6, '0')}`;
    this.#desk.far(number, true);
    this.#desk.after(chance.whole(200, 3_000), () => this.#desk.far(number, false));
  }
}

/** Lent by its barcode, and asked for on the reader. */
export function isLentUnseen(row: ItemRow | undefined): boolean {
  return /^row\.tag\.(?:unseen|outOfReach|lent)/u.test(row?.message.key ?? '');
}

/** The station says that a part of this set is missing. */
function isIncomplete(row: ItemRow | undefined): boolean {
  const key = row?.message.key ?? '';
  return key.startsWith('row.tag.partsMissing') || key.startsWith('row.tag.returnedParts');
}
