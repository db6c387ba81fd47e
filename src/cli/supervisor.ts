import type { CancelTimer, Clock } from '../kernel/clock.ts';

/** A process that is up. */
export interface RunningProcess {
  /** Ends, once and never failing, when the process has ended: how, in words for a log. */
  readonly exited: Promise<string>;
  /** Ends it in order; fulfilled when it is gone. */
  stop(): Promise<void>;
}

/** Wait before the first new start; doubles with each that follows soon after. */
export const restartDelayMsMin = 200;
export const restartDelayMsMax = 10_000;
/** A process that was up for so long had a good start: counting begins anew. */
export const settledAfterMs = 60_000;
/** So many ends one soon after the other, and it is left alone. */
export const restartsMax = 10;

export interface SupervisorOptions<P extends RunningProcess> {
  readonly clock: Clock;
  /** Starts the process; fulfilled when it is ready. */
  start(): Promise<P>;
  onUp(process: P): void;
  /** It ended unasked, or did not get ready; a new one starts after the delay. */
  onDown(reason: string, restartMs: number): void;
  /** It ended too often. Nothing more is tried. */
  onGivenUp(reason: string): void;
}

/** Keeps a process up: starts it again when it ends, slower each time, and not for ever. */
export class Supervisor<P extends RunningProcess> {
  readonly #options: SupervisorOptions<P>;
  #current: P | undefined;
  #starting: Promise<P> | undefined;
  #stopped = false;
  #quickEnds = 0;
  #upSince = 0;
  #cancelRestart: CancelTimer = () => undefined;

  constructor(options: SupervisorOptions<P>) {
    this.#options = options;
  }

  /** The process, while it is up. */
  get current(): P | undefined {
    return this.#current;
  }

  /** The first start. When that fails, nothing is tried again: the reason lies in what it was given. */
  async begin(): Promise<P> {
    const process = await this.#start();
    this.#up(process);
    return process;
  }

  /** Ends the process and starts it no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRestart();
    const starting = this.#starting;
    const process = this.#current ?? (await starting?.catch(() => undefined));
    this.#current = undefined;
    await process?.stop();
  }

  async #start(): Promise<P> {
    const starting = this.#options.start();
    this.#starting = starting;
    try {
      return await starting;
    } finally {
      this.#starting = undefined;
    }
  }

  #up(process: P): void {
    if (this.#stopped) {
      return;
    }
    this.#current = process;
    this.#upSince = this.#options.clock.monotonic();
    void process.exited.then((reason) => this.#down(reason));
    this.#options.onUp(process);
  }

  #down(reason: string): void {
    if (this.#stopped) {
      return;
    }
    const { clock, onDown, onGivenUp } = this.#options;
    const wasUpMs = this.#current === undefined ? 0 : clock.monotonic() - this.#upSince;
    this.#current = undefined;
    this.#quickEnds = wasUpMs >= settledAfterMs ? 1 : this.#quickEnds + 1;
    if (this.#quickEnds > restartsMax) {
      this.#stopped = true;
      onGivenUp(reason);
      return;
    }
    const delayMs = Math.min(restartDelayMsMin * 2 ** (this.#quickEnds - 1), restartDelayMsMax);
    onDown(reason, delayMs);
    this.#cancelRestart = clock.after(delayMs, () => {
      this.#start().then(
        (process) => this.#up(process),
        (error: unknown) => this.#down(error instanceof Error ? error.message : String(error)),
      );
    });
  }
}
