import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NewestByItem } from '../../../src/station/core/newest-by-item.ts';

const max = 5;

interface Noted {
  readonly item: string;
  readonly value: number;
}

const change = fc.record({
  item: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  value: fc.integer(),
  goes: fc.boolean(),
});

it('keeps what a list would keep that lets go of the oldest, and each value as it was', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      let list: readonly Noted[] = [];
      let kept = NewestByItem.none<Noted>(max);
      const lives: { readonly kept: NewestByItem<Noted>; readonly list: readonly Noted[] }[] = [];
      for (const { item, value, goes } of changes) {
        const others = list.filter((one) => one.item !== item);
        list = goes ? others : [...others, { item, value }].slice(-max);
        kept = goes ? kept.without(item) : kept.with(item, { item, value });
        lives.push({ kept, list });
        expect(kept.has(item)).toBe(!goes);
      }
      for (const one of lives) expect([...one.kept.values()]).toEqual(one.list);
    }),
  );
});
