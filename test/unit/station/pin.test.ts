import { describe, expect, it } from 'vitest';
import { pinLock } from '../../../src/station/core/pin-limits.ts';
import { PinBuffer } from '../../../src/station/pin-buffer.ts';

const limits = { wrongPerCardMax: 3, wrongPerStationMax: 5, windowMs: 600_000 };
const now = 10_000_000;
const tries = (...list: readonly [card: string, ago: number][]): { cardHash: string; at: number }[] =>
  list.map(([cardHash, ago]) => ({ cardHash, at: now - ago }));

describe('pinLock', () => {
  it.each([
    ['no tries', [], { locked: false, triesLeft: 3 }],
    ['two', tries(['a', 1_000], ['a', 2_000]), { locked: false, triesLeft: 1 }],
    ['three', tries(['a', 60_000], ['a', 2_000], ['a', 1_000]), { locked: true, by: 'card', minutesLeft: 9 }],
    [
      'three, one too old',
      tries(['a', 600_000], ['a', 2_000], ['a', 1_000]),
      { locked: false, triesLeft: 1 },
    ],
    ['three of another card', tries(['b', 3], ['b', 2], ['b', 1]), { locked: false, triesLeft: 3 }],
    [
      'five of many cards',
      tries(['b', 5_000], ['c', 4_000], ['d', 3_000], ['e', 2_000], ['f', 1_000]),
      { locked: true, by: 'station', minutesLeft: 10 },
    ],
    [
      'in the future, as after a clock set back',
      tries(['a', -9e9], ['a', -9e9], ['a', -9e9]),
      {
        locked: true,
        by: 'card',
        minutesLeft: 10,
      },
    ],
  ] as const)('after %s', (_what, list, lock) => {
    expect(pinLock(list, 'a', now, limits)).toEqual(lock);
  });
});

describe('PinBuffer', () => {
  const text = (buffer: PinBuffer): string => Buffer.from(buffer.peek()).toString('utf8');

  it('holds the keys that count, in order', () => {
    const buffer = new PinBuffer();
    const slots = ['1', 'å', '€', '4'].map((key) => buffer.stash(key));
    buffer.keep(slots[0] ?? -1);
    buffer.drop(slots[3] ?? -1);
    buffer.keep(slots[1] ?? -1);
    buffer.keep(slots[2] ?? -1);
    expect(text(buffer)).toBe('1å€');
    buffer.erase();
    expect(text(buffer)).toBe('1å');
  });

  it('overwrites what it held', () => {
    const buffer = new PinBuffer();
    for (const key of '1234') buffer.keep(buffer.stash(key));
    const window = buffer.peek();
    expect([...window]).toEqual([49, 50, 51, 52]);
    buffer.clear();
    expect([...window]).toEqual([0, 0, 0, 0]);
    expect(buffer.peek()).toHaveLength(0);
  });

  it('overwrites the last key when it is erased', () => {
    const buffer = new PinBuffer();
    for (const key of '12') buffer.keep(buffer.stash(key));
    const window = buffer.peek();
    buffer.erase();
    expect([...window]).toEqual([49, 0]);
  });

  it('forgets a key that was put aside when it is cleared', () => {
    const buffer = new PinBuffer();
    const slot = buffer.stash('9');
    buffer.clear();
    buffer.keep(slot);
    expect(buffer.peek()).toHaveLength(0);
  });

  it('never holds more than its room, however many keys there are', () => {
    const buffer = new PinBuffer();
    for (let i = 0; i < 1_000; i++) buffer.keep(buffer.stash('€'));
    expect(buffer.peek().length).toBeLessThanOrEqual(256);
    expect(text(buffer)).toBe('€'.repeat(85));
  });
});
