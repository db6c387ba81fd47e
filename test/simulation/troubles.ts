import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Scenario } from './scenario.ts';
import type { Doing } from './script.ts';
import type { Stream, Streams } from './streams.ts';

const unpluggedMsMax = 120_000;
const awayMsMin = 2 * 60_000;
const awayMsMax = 10 * 60_000;
const otherwiseMsMin = 60_000;
const otherwiseMsMax = 25 * 60_000;

/** What goes wrong by itself, at times drawn from the seed, each trouble by a stream of its own. */
export class Troubles {
  readonly #clock: VirtualClock;
  readonly #streams: Streams;
  readonly #scenario: Scenario;
  readonly #carryOut: (deed: Doing) => void;
  #over = false;

  constructor(parts: {
    clock: VirtualClock;
    streams: Streams;
    scenario: Scenario;
    carryOut: (deed: Doing) => void;
  }) {
    this.#clock = parts.clock;
    this.#streams = parts.streams;
    this.#scenario = parts.scenario;
    this.#carryOut = parts.carryOut;
  }

  start(): void {
    const {
      outageEveryMs,
      outageMsMax,
      partitionEveryMs,
      unplugEveryMs,
      plateEveryMs,
      lieEveryMs,
      lagEveryMs,
      clockJumps,
    } = this.#scenario;
    this.#nowAndThen('outage', outageEveryMs, (chance) => {
      this.#carryOut({ do: 'acs', up: false });
      return [chance.whole(500, outageMsMax), () => this.#carryOut({ do: 'acs', up: true })];
    });
    this.#nowAndThen('partition', partitionEveryMs, (chance) => {
      this.#carryOut({ do: 'packets', cut: chance.pick(['toAcs', 'fromAcs', 'both']) });
      return [chance.whole(500, outageMsMax), () => this.#carryOut({ do: 'packets', cut: 'none' })];
    });
    this.#nowAndThen('cable', unplugEveryMs, (chance) => {
      this.#carryOut({ do: 'cable', plugged: false });
      return [chance.whole(100, unpluggedMsMax), () => this.#carryOut({ do: 'cable', plugged: true })];
    });
    this.#nowAndThen('plate', plateEveryMs, (chance) => {
      this.#carryOut({ do: 'plate', plugged: false, reached: chance.chance(0.5) });
      return [
        chance.whole(100, unpluggedMsMax),
        () => this.#carryOut({ do: 'plate', plugged: true, reached: false }),
      ];
    });
    this.#comesBackOtherwise('lies', lieEveryMs, (lies) => ({ do: 'lies', lies }));
    this.#comesBackOtherwise('lags', lagEveryMs, (lags) => ({ do: 'lags', lags }));
    // Somebody sets the wall clock, or the summer ends.
    if (clockJumps) this.#nextClockJump(this.#streams.of('clock'));
  }

  /** From now on all is well. */
  end(): void {
    this.#over = true;
  }

  /** The ACS goes away, and is not what it was when it comes back, for a while. */
  #comesBackOtherwise(name: string, everyMs: number | undefined, deed: (on: boolean) => Doing): void {
    this.#nowAndThen(name, everyMs, (chance) => {
      const awayMs = chance.whole(awayMsMin, awayMsMax);
      this.#carryOut({ do: 'acs', up: false });
      this.#clock.after(awayMs, () => {
        if (this.#over) return;
        this.#carryOut(deed(true));
        this.#carryOut({ do: 'acs', up: true });
      });
      return [awayMs + chance.whole(otherwiseMsMin, otherwiseMsMax), () => this.#carryOut(deed(false))];
    });
  }

  #nowAndThen(
    name: string,
    everyMs: number | undefined,
    begin: (chance: Stream) => readonly [lastsMs: number, end: () => void],
  ): void {
    if (everyMs === undefined) return;
    const chance = this.#streams.of(name);
    this.#clock.after(chance.whole(1, everyMs * 2), () => {
      if (this.#over) return;
      const [lastsMs, end] = begin(chance);
      this.#clock.after(lastsMs, () => {
        end();
        this.#nowAndThen(name, everyMs, begin);
      });
    });
  }

  #nextClockJump(chance: Stream): void {
    this.#clock.after(chance.whole(10 * 60_000, 2 * 3_600_000), () => {
      if (this.#over) return;
      this.#carryOut({ do: 'clock', jumpMs: chance.pick([-3_600_000, 3_600_000, -90_000, 90_000]) });
      this.#nextClockJump(chance);
    });
  }
}
