import { BTreeEx } from 'sorted-btree/extended/index.js';

/**
 * Something about each of the items that came last, in the order in which it was noted, as a value: a change gives a new one and
 * leaves the old as it was. Of each item only the newest is kept, of all items at most `max`; what is oldest goes. A change costs O(log n).
 */
export class NewestByItem<T> {
  readonly #max: number;
  readonly #inOrder: BTreeEx<number, readonly [item: string, noted: T]>;
  readonly #places: BTreeEx<string, number>;

  private constructor(
    max: number,
    inOrder: BTreeEx<number, readonly [string, T]>,
    places: BTreeEx<string, number>,
  ) {
    this.#max = max;
    this.#inOrder = inOrder;
    this.#places = places;
  }

  static none<T>(max: number): NewestByItem<T> {
    return new NewestByItem<T>(max, new BTreeEx(undefined, (a: number, b: number) => a - b), new BTreeEx());
  }

  has(item: string): boolean {
    return this.#places.has(item);
  }

  /** With this noted of the item, in the place of what was. */
  with(item: string, noted: T): NewestByItem<T> {
    const inOrder = this.#inOrder.clone();
    const places = this.#places.clone();
    const before = places.get(item);
    if (before !== undefined) inOrder.delete(before);
    const place = (inOrder.maxKey() ?? 0) + 1;
    inOrder.set(place, [item, noted]);
    places.set(item, place);
    const oldest = inOrder.size > this.#max ? inOrder.minKey() : undefined;
    const [gone] = oldest === undefined ? [] : (inOrder.get(oldest) ?? []);
    if (oldest !== undefined) inOrder.delete(oldest);
    if (gone !== undefined) places.delete(gone);
    return new NewestByItem(this.#max, inOrder, places);
  }

  without(item: string): NewestByItem<T> {
    const place = this.#places.get(item);
    if (place === undefined) return this;
    const inOrder = this.#inOrder.clone();
    const places = this.#places.clone();
    inOrder.delete(place);
    places.delete(item);
    return new NewestByItem(this.#max, inOrder, places);
  }

  /** Oldest first. */
  *values(): IterableIterator<T> {
    for (const [, noted] of this.#inOrder.values()) yield noted;
  }
}
