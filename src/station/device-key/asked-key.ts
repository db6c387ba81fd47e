import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { OpenByteStream } from '../../kernel/bytes.ts';
import type { Log } from '../../kernel/log.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { keyFrom } from './key-text.ts';

const askAgainMsMin = 1_000;
const askAgainMsMax = 300_000;
/** A socket answers in so long. */
const socketMsMax = 10_000;
/** A longer answer is no key. */
export const answerBytesMax = 1_024;

/** Asks once whoever hands the key out; replies once, later. */
export type AskForKey = (reply: (answer: Result<string, string>) => void) => { readonly cancel: () => void };

/** A key that somebody hands out: asked for until it is there, with longer and longer pauses. */
export class AskedKey {
  #key: Uint8Array | undefined;
  #delayMs = askAgainMsMin;
  #cancelTimer: CancelTimer = () => undefined;
  #cancelCall: () => void = () => undefined;
  #stopped = false;
  readonly #ask: AskForKey;
  readonly #ports: { readonly clock: Clock; readonly log: Log };
  readonly #waiting: ((key: Uint8Array) => void)[] = [];

  constructor(ask: AskForKey, ports: { readonly clock: Clock; readonly log: Log }) {
    this.#ask = ask;
    this.#ports = ports;
    this.#askNow();
  }

  key(): Uint8Array | undefined {
    return this.#key;
  }

  whenThere(done: (key: Uint8Array) => void): void {
    if (this.#key === undefined) this.#waiting.push(done);
    else done(this.#key);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    this.#cancelCall();
  }

  #askNow(): void {
    const { cancel } = this.#ask((answer) => this.#answered(answer));
    this.#cancelCall = cancel;
  }

  #answered(answer: Result<string, string>): void {
    if (this.#stopped) return;
    const key = answer.ok ? keyFrom(answer.value) : undefined;
    if (key !== undefined) {
      this.#key = key;
      for (const done of this.#waiting.splice(0)) done(key);
      return;
    }
    const reason = answer.ok ? 'no key of 32 bytes' : answer.error;
    this.#ports.log.write('warning', 'deviceKey.notThere', { reason, delayMs: this.#delayMs });
    this.#cancelTimer = this.#ports.clock.after(this.#delayMs, () => this.#askNow());
    this.#delayMs = Math.min(askAgainMsMax, this.#delayMs * 2);
  }
}

/** Whoever serves the socket writes the key and closes. */
export function askSocket(open: OpenByteStream, clock: Clock): AskForKey {
  return (reply) => {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    let over = false;
    const finish = (answer: Result<string, string> | undefined): void => {
      if (over) return;
      over = true;
      cancelLimit();
      stream.close();
      if (answer !== undefined) reply(answer);
    };
    const stream = open({
      opened: () => undefined,
      bytes: (chunk) => {
        bytes += chunk.length;
        parts.push(chunk);
        if (bytes > answerBytesMax) finish(err('too long an answer'));
      },
      closed: (reason) => finish(bytes === 0 ? err(reason) : ok(Buffer.concat(parts).toString('utf8'))),
    });
    const cancelLimit = clock.after(socketMsMax, () => finish(err('no answer in time')));
    return { cancel: () => finish(undefined) };
  };
}
