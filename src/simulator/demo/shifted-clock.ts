import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock, type Clock } from '../../kernel/clock.ts';

/** How old a reading of the shift may be; the clock is asked far more often than somebody turns it. */
const rereadMs = 250;

/** After this the station goes by a shift that was written. */
export const shiftSeenWithinMs = rereadMs;

function shiftFile(config: string): string {
  return join(dirname(config), 'clock-shift');
}

/** Turns the wall clock of the demonstration’s station, which runs with this configuration. */
export function shiftClock(config: string, byMs: number): void {
  writeFileSync(shiftFile(config), String(byMs));
}

/** The machine’s clock, with its wall turned as the dock wants it. Time itself goes on as it does. */
export function shiftedClock(config: string): Clock {
  let byMs = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    ...systemClock,
    now() {
      const mono = systemClock.monotonic();
      if (mono - readAt >= rereadMs) {
        readAt = mono;
        byMs = readShift(config) ?? byMs;
      }
      return systemClock.now() + byMs;
    },
  };
}

function readShift(config: string): number | undefined {
  try {
    const byMs = Number(readFileSync(shiftFile(config), 'utf8'));
    return Number.isFinite(byMs) ? byMs : undefined;
  } catch {
    return 0;
  }
}
