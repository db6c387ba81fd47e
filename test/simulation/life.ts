import type { Clock } from '../../src/kernel/clock.ts';
import type { View } from '../../src/shared/view.ts';
import type { SqliteJournal } from '../../src/journal/sqlite-journal.ts';
import { Station, type StationParts } from '../../src/station/station.ts';

/** The power went. Thrown through the station, caught by the world. */
export class PowerCut extends Error {}

/** What a station is made of, but for its clock, which dies with it. */
export type LifeParts = Omit<StationParts, 'clock'>;

/** One life of the station, from its start to its death. When it is dead, nothing of it happens any more. */
export class Life {
  readonly station: Station;
  latest: View | undefined;
  alive = true;
  readonly journal: SqliteJournal;

  constructor(journal: SqliteJournal, clock: Clock, make: (clock: Clock) => LifeParts) {
    this.journal = journal;
    const mortal: Clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (delay, fire) =>
        clock.after(delay, () => {
          if (this.alive) fire();
        }),
    };
    const parts = make(mortal);
    this.station = new Station({
      ...parts,
      clock: mortal,
      publish: (view) => {
        this.latest = view;
        parts.publish(view);
      },
    });
  }

  /** Ends like a killed process: no word to anyone, and only what was committed stays. */
  die(): void {
    this.alive = false;
    this.journal.close();
  }
}
