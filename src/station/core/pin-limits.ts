import type { UtcMillis } from '../../kernel/clock.ts';

export interface PinTry {
  readonly cardHash: string;
  readonly at: UtcMillis;
}

export interface PinLimits {
  readonly wrongPerCardMax: number;
  readonly wrongPerStationMax: number;
  readonly windowMs: number;
}

export type PinLock =
  | { readonly locked: false; readonly triesLeft: number }
  | { readonly locked: true; readonly by: 'card' | 'station'; readonly minutesLeft: number };

/**
 * Whether another PIN of this card may be tried now. A try counts for `windowMs`; one that lies in the future
 * (the clock was set back) counts as made just now, so that turning the clock frees nobody early.
 */
export function pinLock(
  tries: readonly PinTry[],
  cardHash: string,
  now: UtcMillis,
  limits: PinLimits,
): PinLock {
  const counting = tries.filter((one) => counts(one, now, limits));
  const ofCard = counting.filter((one) => one.cardHash === cardHash);
  if (ofCard.length >= limits.wrongPerCardMax) {
    return {
      locked: true,
      by: 'card',
      minutesLeft: minutesUntilFree(ofCard, limits.wrongPerCardMax, now, limits),
    };
  }
  if (counting.length >= limits.wrongPerStationMax) {
    return {
      locked: true,
      by: 'station',
      minutesLeft: minutesUntilFree(counting, limits.wrongPerStationMax, now, limits),
    };
  }
  return { locked: false, triesLeft: limits.wrongPerCardMax - ofCard.length };
}

/** The tries that still count. */
export function countingTries(
  tries: readonly PinTry[],
  now: UtcMillis,
  limits: PinLimits,
): readonly PinTry[] {
  return tries.filter((one) => counts(one, now, limits));
}

function counts(one: PinTry, now: UtcMillis, limits: PinLimits): boolean {
  return now - Math.min(one.at, now) < limits.windowMs;
}

function minutesUntilFree(
  tries: readonly PinTry[],
  allowed: number,
  now: UtcMillis,
  limits: PinLimits,
): number {
  const times = tries.map((one) => Math.min(one.at, now)).toSorted((a, b) => a - b);
  const freeing = times[times.length - allowed] ?? now;
  return Math.max(1, Math.ceil((freeing + limits.windowMs - now) / 60_000));
}
