import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../support/virtual-clock.ts';

describe('VirtualClock', () => {
  test('fires timers in the order of their time, then of their setting', () => {
    const clock = new VirtualClock(1000);
    const fired: string[] = [];
    clock.after(20, () => fired.push(`c@${clock.monotonic()}`));
    clock.after(10, () => fired.push(`a@${clock.monotonic()}`));
    clock.after(10, () => {
      fired.push(`b@${clock.monotonic()}`);
      clock.after(5, () => fired.push(`nested@${clock.now()}`));
    });
    clock.advance(30);
    expect(fired).toEqual(['a@10', 'b@10', 'nested@1015', 'c@20']);
    expect(clock.now()).toBe(1030);
  });

  test('does not fire what was cancelled, and leaves the later ones', () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    const cancel = clock.after(5, () => fired.push(5));
    clock.after(50, () => fired.push(50));
    cancel();
    clock.advance(49);
    expect(fired).toEqual([]);
    expect(clock.pending()).toBe(1);
    expect(clock.untilNext()).toBe(1);
  });

  test('keeps order with many timers', () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    for (let i = 0; i < 500; i++) {
      const at = (i * 7919) % 211;
      clock.after(at, () => fired.push(at));
    }
    clock.advance(300);
    expect(fired).toEqual([...fired].sort((a, b) => a - b));
    expect(fired).toHaveLength(500);
  });
});
