import type { MonotonicMillis } from '../kernel/clock.ts';
import { queueLengthMax, queueWaitMsMax } from './client-settings.ts';
import { unanswered, type Request } from './connection.ts';

/** The requests that wait for their turn. Each is taken out once, and its bytes are overwritten when it is not sent. */
export class RequestQueue {
  readonly #requests: Request[] = [];

  get full(): boolean {
    return this.#requests.length >= queueLengthMax;
  }

  push(request: Request): void {
    this.#requests.push(request);
  }

  /** Before all others: it had its turn already. */
  putFirst(request: Request): void {
    this.#requests.unshift(request);
  }

  /** The next one that has not waited too long; the others are handed to `reject`. */
  take(now: MonotonicMillis, reject: (request: Request, reason: string) => void): Request | undefined {
    for (;;) {
      const request = this.#requests.shift();
      if (request === undefined || now - request.since <= queueWaitMsMax) return request;
      reject(request, 'waited too long');
    }
  }

  /** Empties it; the functions that come back tell each request how it ended. */
  end(reason: string): (() => void)[] {
    return this.#requests.splice(0).map((request) => unanswered(request, 0, reason));
  }
}
