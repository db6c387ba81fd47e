/** So many failures in a row are an outage; fewer are a blink, over which the next connection is made at once. */
export const outageFailuresMin = 2;
/** So many good answers in a row end an outage. */
export const recoveryAnswersMin = 3;
/** The pause between the questions that prove that it is over. */
export const recoveryPauseMs = 1_000;
/** An answer that took longer is a slow one, where nothing else is configured. */
export const slowReplyMsDefault = 4_000;
/** So many slow answers in a row make the connection a slow one, and so many quick ones a quick one again. */
export const slowAnswersMin = 3;
export const quickAnswersMin = 3;
/** So many requests in a row without an answer, while log-in and status go well, open the breaker. */
export const breakerFailuresMin = 3;
/** How long nothing is asked then; it doubles each time until a request is answered. */
export const breakerPauseMsFirst = 30_000;
export const breakerPauseMsMax = 300_000;

/**
 * Whether the library system can be trusted with a patron’s request, told by what happened lately and not by the last
 * event alone, so that the station does not flap between two states. Counts only; knows no clock and no connection.
 */
export class LinkHealth {
  readonly #slowReplyMs: number;
  #failures = 0;
  #outage = false;
  /** Good answers since the outage began to end. */
  #proofs = 0;
  #slow = false;
  /** Slow answers in a row, or quick ones while it is slow. */
  #streak = 0;
  /** Requests in a row without an answer. */
  #unanswered = 0;
  #breaks = 0;

  constructor(slowReplyMs: number = slowReplyMsDefault) {
    this.#slowReplyMs = slowReplyMs;
  }

  get slow(): boolean {
    return this.#slow;
  }

  /** An outage that has not yet ended. */
  get outage(): boolean {
    return this.#outage;
  }

  /**
   * The connection failed. `proved`: it had shown before that it is a good one. True: that is an outage now.
   */
  failed(proved: boolean): boolean {
    if (proved) this.#failures = 0;
    this.#failures++;
    this.#proofs = 0;
    if (this.#failures >= outageFailuresMin) this.#outage = true;
    return this.#outage;
  }

  /** There was never a connection, or there is none to be had: an outage whatever the count. */
  away(): void {
    this.#failures = Math.max(this.#failures, outageFailuresMin);
    this.#outage = true;
    this.#proofs = 0;
  }

  /** The ACS answered about its status. True: there is no outage, or it ended by this. */
  statusCame(): boolean {
    if (!this.#outage) return true;
    this.#proofs++;
    if (this.#proofs < recoveryAnswersMin) return false;
    this.#outage = false;
    this.#failures = 0;
    return true;
  }

  /** An answer came after so many milliseconds. True: slow has begun or ended by it. */
  answered(tookMs: number): boolean {
    const differs = tookMs > this.#slowReplyMs !== this.#slow;
    this.#streak = differs ? this.#streak + 1 : 0;
    if (this.#streak < (this.#slow ? quickAnswersMin : slowAnswersMin)) return false;
    this.#slow = !this.#slow;
    this.#streak = 0;
    return true;
  }

  /** A request, and not only a question about the status, was answered. */
  requestAnswered(): void {
    this.#unanswered = 0;
    this.#breaks = 0;
  }

  /**
   * A request was not answered. Tells for how many milliseconds nothing is to be asked; undefined while the breaker stays
   * closed. After the pause it is half open: one more such request opens it again, for twice as long.
   */
  requestUnanswered(): number | undefined {
    this.#unanswered++;
    if (this.#unanswered < breakerFailuresMin) return undefined;
    this.#unanswered = breakerFailuresMin - 1;
    this.#outage = true;
    this.#proofs = 0;
    const pauseMs = breakerPauseMsFirst * 2 ** this.#breaks;
    if (pauseMs < breakerPauseMsMax) this.#breaks++;
    return Math.min(pauseMs, breakerPauseMsMax);
  }
}
