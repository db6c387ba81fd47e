import { keepAliveMsMin } from './client-settings.ts';

/** Of the silence after which the ACS closes, so much is let pass. */
const shareOfSilence = 0.75;
/** Two silences that differ by less than this share are the same time-out. */
const sameShare = 0.2;

/**
 * When an idle connection is asked for its status. An ACS (or a firewall before it) that closes idle connections sooner
 * is found out by closing twice after the same silence, and asked sooner from then on.
 */
export class KeepAlive {
  #intervalMs: number;
  #closedAfterMs: number | undefined;

  /** @param intervalMs 0 turns it off */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** How long to wait before looking again; undefined where it is off. */
  delayMs(busy: boolean, quietMs: number): number | undefined {
    if (this.#intervalMs <= 0) return undefined;
    return busy || quietMs >= this.#intervalMs ? this.#intervalMs : this.#intervalMs - quietMs;
  }

  isDue(quietMs: number): boolean {
    return quietMs >= this.#intervalMs;
  }

  /** The other end closed an idle connection after this silence. True: the interval is shorter from now on. */
  closedAfter(quietMs: number): boolean {
    const before = this.#closedAfterMs;
    this.#closedAfterMs = quietMs;
    if (this.#intervalMs <= 0 || before === undefined || quietMs < keepAliveMsMin) return false;
    if (Math.abs(quietMs - before) > sameShare * Math.max(quietMs, before)) return false;
    const shorter = Math.max(keepAliveMsMin, Math.round(shareOfSilence * Math.min(quietMs, before)));
    if (shorter >= this.#intervalMs) return false;
    this.#intervalMs = shorter;
    return true;
  }
}
