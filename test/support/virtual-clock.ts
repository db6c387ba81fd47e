import type { CancelTimer, Clock, MonotonicMillis, UtcMillis } from '../../src/kernel/clock.ts';

interface Timer {
  readonly at: MonotonicMillis;
  /** Breaks ties: timers for the same moment fire in the order in which they were set. */
  readonly order: number;
  readonly fire: () => void;
  live: boolean;
}

/** How many timers one `advance` may fire before it is taken for an endless loop. */
const firingsMax = 1_000_000;

/** A clock that stands still until it is told to go on. Timers fire in the order of their time. */
export class VirtualClock implements Clock {
  #monotonic: MonotonicMillis = 0;
  #utc: UtcMillis;
  #order = 0;
  /** A binary heap by time, then by order. */
  readonly #heap: Timer[] = [];

  /** @param start the wall clock at the beginning, UTC milliseconds */
  constructor(start: UtcMillis = Date.UTC(2026, 10, 20, 8, 0, 0)) {
    this.#utc = start;
  }

  now(): UtcMillis {
    return this.#utc;
  }

  monotonic(): MonotonicMillis {
    return this.#monotonic;
  }

  after(delay: number, fire: () => void): CancelTimer {
    const timer: Timer = { at: this.#monotonic + Math.max(0, delay), order: this.#order++, fire, live: true };
    push(this.#heap, timer);
    return () => {
      timer.live = false;
    };
  }

  /** Lets `ms` pass, firing what falls due on the way, timers set by timers too. */
  advance(ms: number): void {
    const until = this.#monotonic + ms;
    let firings = 0;
    for (;;) {
      const next = this.#nextLive();
      if (next === undefined || next.at > until) break;
      if (++firings > firingsMax) throw new Error('the virtual clock fires without end');
      pop(this.#heap);
      this.#passTo(next.at);
      next.live = false;
      next.fire();
    }
    this.#passTo(until);
  }

  /** Fires what is due now, without letting time pass. */
  settle(): void {
    this.advance(0);
  }

  /** Lets the wall clock jump, as when it is set by hand; timers do not notice. */
  jump(ms: number): void {
    this.#utc += ms;
  }

  /** Milliseconds until the next timer, or undefined when none is set. */
  untilNext(): number | undefined {
    const next = this.#nextLive();
    return next === undefined ? undefined : next.at - this.#monotonic;
  }

  /** How many timers are set. */
  pending(): number {
    return this.#heap.filter((timer) => timer.live).length;
  }

  #passTo(at: MonotonicMillis): void {
    this.#utc += at - this.#monotonic;
    this.#monotonic = at;
  }

  #nextLive(): Timer | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.live) return first;
      pop(this.#heap);
    }
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Timer[], timer: Timer): void {
  let index = heap.length;
  heap.push(timer);
  while (index > 0) {
    const up = (index - 1) >> 1;
    const parent = heap[up];
    if (parent === undefined || !before(timer, parent)) break;
    heap[index] = parent;
    index = up;
  }
  heap[index] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let at = 2 * index + 1;
    let child = heap[at];
    if (child === undefined) break;
    const right = heap[at + 1];
    if (right !== undefined && before(right, child)) {
      child = right;
      at += 1;
    }
    if (!before(child, last)) break;
    heap[index] = child;
    index = at;
  }
  heap[index] = last;
}
