import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { unreachable } from '../../kernel/assert.ts';
import { KeptOpen } from '../kept-open.ts';
import type { RelayBoard, RelayBoardEvents, RelayStatus } from './relay-board.ts';
import type { OpenRelay, RelayFailure, RelayLink } from './relay-link.ts';

/** A call that was not answered by then never will be: a write to a port that is gone does not call back. */
export const callTimeoutMs = 2_000;
/** So many failures in a row mean that the board is not well, and its port is opened anew. */
export const failuresForAway = 3;
export const retryMs = 1_000;
/** How often a board is looked at, or told again: one that lost its power for a moment has everything off. */
export const checkEveryMs = 10_000;
/** What was sent last gets so long to leave before the port is closed. */
export const lastWordMs = 100;

export interface KeptRelaysOptions {
  readonly open: OpenRelay;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  /** The channels in use, counted from 1. The others are left alone. */
  readonly channels: readonly number[];
}

/** Relays that are kept as they are wanted, whatever happens to the board. One call is under way at a time. */
export class KeptRelays implements RelayBoard {
  readonly name: string;
  readonly #options: KeptRelaysOptions;
  readonly #board: KeptOpen<RelayLink>;
  readonly #wanted = new Map<number, boolean>();
  /** As the board is known to be; what is not in it is unknown. */
  readonly #actual = new Map<number, boolean>();
  #events: RelayBoardEvents | undefined;
  #status: RelayStatus | undefined;
  /** The number of the call that is under way. */
  #call: number | undefined;
  #calls = 0;
  #failures = 0;
  /** The board was looked at since it was opened, or cannot be. */
  #looked = false;
  /** How often in a row it was found otherwise than it was told. */
  #disobeyed = 0;
  #givingUp = false;
  #cancelTimer: CancelTimer = () => undefined;

  constructor(options: KeptRelaysOptions) {
    const { open, clock, log, path, channels } = options;
    this.name = path;
    this.#options = options;
    this.#board = new KeptOpen({ clock, log, path, name: 'relay', open });
    for (const channel of channels) this.#wanted.set(channel, false);
  }

  start(events: RelayBoardEvents): void {
    this.#board.start({
      onOpened: () => this.#opened(),
      onLost: (reason) => {
        this.#forget();
        if (!this.#givingUp) this.#tell({ state: 'offline', reason });
      },
    });
    this.#events = events;
  }

  set(channel: number, on: boolean): void {
    if (!this.#wanted.has(channel)) throw new Error(`impossible: relay ${channel} is not in use`);
    if (this.#wanted.get(channel) === on) return;
    this.#wanted.set(channel, on);
    this.#work();
  }

  stop(): void {
    this.#events = undefined;
    this.#forget();
    this.#board.link?.allOff(this.#options.channels);
    this.#options.clock.after(lastWordMs, () => this.#board.stop());
  }

  #opened(): void {
    if (this.#events === undefined) return;
    this.#forget();
    this.#work();
  }

  #forget(): void {
    this.#cancelTimer();
    this.#actual.clear();
    this.#call = undefined;
    this.#failures = 0;
    this.#looked = false;
  }

  /** Sets the next channel that is not as it is wanted; where all are, looks after a pause whether they still are. */
  #work(pauseMs = checkEveryMs): void {
    const link = this.#board.link;
    if (this.#events === undefined || link === undefined || this.#call !== undefined) return;
    const next = [...this.#wanted].find(([channel, on]) => this.#actual.get(channel) !== on);
    if (next === undefined) return this.#later(this.#looked ? pauseMs : 0, () => this.#check(link));
    const [channel, on] = next;
    this.#begin(
      (reply) => link.set(channel, on, reply),
      () => {
        this.#actual.set(channel, on);
        if (link.read !== undefined || !this.#isAsWanted()) return;
        this.#looked = true;
        this.#well(false);
      },
    );
  }

  #isAsWanted(): boolean {
    return [...this.#wanted].every(([channel, on]) => this.#actual.get(channel) === on);
  }

  #check(link: RelayLink): void {
    if (link.read === undefined) {
      this.#actual.clear();
      return this.#work();
    }
    this.#begin(
      (reply) => link.read?.(reply),
      (on: ReadonlySet<number>) => {
        this.#looked = true;
        const changed = [...this.#actual].filter(([channel, was]) => on.has(channel) !== was);
        if (changed.length === 0) return this.#well(true);
        const { log, path } = this.#options;
        log.write('warning', 'relay.changed', { path, count: changed.length });
        for (const [channel] of changed) this.#actual.set(channel, on.has(channel));
        this.#disobeyed += 1;
        if (this.#disobeyed >= failuresForAway) {
          this.#tell({ state: 'faulty', reason: 'it does otherwise than it is told' });
        }
      },
    );
  }

  #well(confirmed: boolean): void {
    this.#disobeyed = 0;
    this.#board.well();
    this.#tell({ state: 'ready', confirmed });
  }

  #begin<T>(
    call: (reply: (result: { ok: true; value: T } | { ok: false; error: RelayFailure }) => void) => void,
    done: (value: T) => void,
  ): void {
    this.#calls += 1;
    const mine = this.#calls;
    this.#call = mine;
    this.#later(callTimeoutMs, () => this.#failed({ kind: 'noAnswer' }));
    call((result) => {
      if (this.#call !== mine) return;
      this.#call = undefined;
      this.#cancelTimer();
      if (!result.ok) return this.#failed(result.error);
      this.#failures = 0;
      done(result.value);
      this.#work();
    });
  }

  #failed(failure: RelayFailure): void {
    this.#call = undefined;
    this.#failures += 1;
    if (this.#failures < failuresForAway) return this.#later(retryMs, () => this.#work(0));
    const status = statusOf(failure);
    this.#tell(status);
    this.#forget();
    this.#givingUp = true;
    this.#board.giveUp('reason' in status ? status.reason : status.state);
    this.#givingUp = false;
  }

  #later(delayMs: number, act: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(delayMs, act);
  }

  #tell(status: RelayStatus): void {
    const before = this.#status;
    this.#status = status;
    if (before?.state === status.state && reasonOf(before) === reasonOf(status)) return;
    this.#events?.onStatus(status);
  }
}

function reasonOf(status: RelayStatus): string | undefined {
  return 'reason' in status ? status.reason : undefined;
}

function statusOf(failure: RelayFailure): Exclude<RelayStatus, { state: 'ready' }> {
  switch (failure.kind) {
    case 'noAnswer':
      return { state: 'silent' };
    case 'badAnswer':
      return { state: 'faulty', reason: 'its answers are damaged' };
    case 'rejected':
      return { state: 'faulty', reason: `it refuses with ${failure.code}` };
    case 'failed':
      return { state: 'offline', reason: failure.reason };
    default:
      return unreachable(failure);
  }
}
