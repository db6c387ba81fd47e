import type { Shelf } from './visitor.ts';
import type { Stream } from './streams.ts';

/** The books themselves: in the library or in somebody’s bag. */
export class Books implements Shelf {
  readonly #free: string[];
  readonly #held = new Map<number, Set<string>>();

  constructor(free: readonly string[]) {
    this.#free = [...free];
  }

  takeFree(chance: Stream): string | undefined {
    if (this.#free.length === 0) return undefined;
    const index = chance.whole(0, this.#free.length - 1);
    const [item] = this.#free.splice(index, 1);
    return item;
  }

  putBack(item: string): void {
    this.#free.push(item);
  }

  held(patron: number): readonly string[] {
    return [...(this.#held.get(patron) ?? [])];
  }

  give(patron: number, item: string): void {
    const held = this.#held.get(patron) ?? new Set();
    held.add(item);
    this.#held.set(patron, held);
  }

  takeFrom(patron: number, item: string): void {
    this.#held.get(patron)?.delete(item);
  }
}
