/** Milliseconds since 1970-01-01T00:00:00Z, by the machine's wall clock, which may jump. */
export type UtcMillis = number;

/** Milliseconds on a clock that never goes back; only differences mean anything. */
export type MonotonicMillis = number;

/** Cancels the timer that it came with. Calling it again, or after the timer fired, does nothing. */
export type CancelTimer = () => void;

/** Time as the program sees it. Timers run on monotonic time. */
export interface Clock {
  now(): UtcMillis;
  monotonic(): MonotonicMillis;
  /** Calls `fire` once, `delay` milliseconds from now. */
  after(delay: number, fire: () => void): CancelTimer;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delay, fire) {
    const timer = setTimeout(fire, delay);
    return () => clearTimeout(timer);
  },
};
