import type { CancelTimer, Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { reopenDelayMs } from './reopen.ts';

/** A port or device that is opening or open. */
export interface Link {
  close(): void;
}

/** What happens to a link. `closed` comes once at most, and nothing after it. */
export interface LinkEvents {
  opened(): void;
  closed(reason: string): void;
}

export interface KeptOpenOptions<L extends Link> {
  readonly clock: Clock;
  readonly log: Log;
  /** For the log: the device's part of the event's name (`scanner` gives `scanner.opened`). */
  readonly name: string;
  /** For the log: which one it is. */
  readonly path: string;
  /** Starts opening. The events come later, never from within the call. */
  readonly open: (events: LinkEvents) => L;
}

/** Told of each opening and of each loss. Losses in a row are told where the reason differs. */
export interface KeptOpenEvents {
  onOpened(): void;
  onLost(reason: string): void;
}

/** Holds a device's link and opens it anew whenever it was lost, with growing pauses and for ever. */
export class KeptOpen<L extends Link> {
  readonly #options: KeptOpenOptions<L>;
  #events: KeptOpenEvents | undefined;
  #link: L | undefined;
  #opened = false;
  #failures = 0;
  #lostReason: string | undefined;
  /** It was given up though it was open, and has not proved itself since. */
  #onProbation = false;
  #cancelReopen: CancelTimer = () => undefined;

  constructor(options: KeptOpenOptions<L>) {
    this.#options = options;
  }

  /** The link while it is open. */
  get link(): L | undefined {
    return this.#opened ? this.#link : undefined;
  }

  start(events: KeptOpenEvents): void {
    if (this.#events !== undefined) throw new Error(`the ${this.#options.name} was started before`);
    this.#events = events;
    this.#open();
  }

  stop(): void {
    this.#events = undefined;
    this.#cancelReopen();
    this.#drop();
  }

  /**
   * Gives an open link up, because its device does not behave; it is opened anew, with growing pauses until `well` is called.
   */
  giveUp(reason: string): void {
    if (this.#events === undefined || this.#link === undefined) return;
    this.#onProbation = true;
    this.#drop();
    this.#lost(reason);
  }

  /** The device does what it should. */
  well(): void {
    this.#onProbation = false;
    this.#failures = 0;
    this.#lostReason = undefined;
  }

  #open(): void {
    const mine: { link?: L } = {};
    const isMine = (): boolean => this.#events !== undefined && this.#link === mine.link;
    mine.link = this.#options.open({
      opened: () => {
        if (isMine()) this.#wasOpened();
      },
      closed: (reason) => {
        if (!isMine()) return;
        this.#link = undefined;
        this.#opened = false;
        this.#lost(reason);
      },
    });
    this.#link = mine.link;
  }

  #wasOpened(): void {
    this.#opened = true;
    if (!this.#onProbation) {
      this.well();
      const { log, name, path } = this.#options;
      log.write('info', `${name}.opened`, { path });
    }
    this.#events?.onOpened();
  }

  #lost(reason: string): void {
    const { clock, log, name, path } = this.#options;
    const before = this.#lostReason;
    this.#lostReason = reason;
    if (before === undefined) log.write('warning', `${name}.offline`, { path, reason });
    this.#cancelReopen = clock.after(reopenDelayMs(this.#failures), () => this.#open());
    this.#failures += 1;
    if (before !== reason) this.#events?.onLost(reason);
  }

  #drop(): void {
    const link = this.#link;
    this.#link = undefined;
    this.#opened = false;
    link?.close();
  }
}
