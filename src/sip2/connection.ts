import type { ByteStream } from '../kernel/bytes.ts';
import type { CancelTimer, MonotonicMillis } from '../kernel/clock.ts';
import { acsStatusDefault, acsStatusOf, type AcsStatus } from './acs-status.ts';
import type { Sip2ClientPorts, Sip2ClientSettings } from './client-settings.ts';
import { decode, type Decoded } from './decode.ts';
import { encode, renumber } from './encode.ts';
import { garbage, judge, type Verdict } from './exchange.ts';
import { LineReader } from './framing.ts';
import { planOfCode } from './lookup.ts';
import { masked } from './masked.ts';
import type { MessageCode, MessageInput } from './messages.ts';

export type AnyOutcome =
  | { readonly kind: 'answered'; readonly value: Decoded }
  | { readonly kind: 'notSent' | 'unknown'; readonly reason: string };

/** A request from being asked for until its outcome. */
export interface Request {
  readonly code: string;
  readonly answer: string;
  readonly asks: boolean;
  /** Overwritten when it is over: it may hold a PIN. */
  readonly bytes: Buffer;
  readonly since: MonotonicMillis;
  readonly done: (outcome: AnyOutcome) => void;
}

/** Writes a request once, with a number that is set when it is sent; or says in words why it can't be written. */
export function prepareRequest<C extends MessageCode>(
  message: MessageInput<C>,
  settings: Sip2ClientSettings,
  since: MonotonicMillis,
  done: (outcome: AnyOutcome) => void,
): Request | string {
  const { dialect, errorDetection } = settings;
  const encoded = encode(message, { dialect, sequence: errorDetection ? 0 : undefined });
  if (!encoded.ok) return `can't be written: ${encoded.error.kind} ${encoded.error.field}`;
  const spec = planOfCode(message.code)?.spec;
  return {
    code: message.code,
    answer: spec?.answer ?? '',
    asks: spec?.asks ?? false,
    bytes: encoded.value,
    since,
    done,
  };
}

/** The request that waits for its answer. */
interface Current {
  readonly request: Request;
  readonly answer: string;
  readonly asks: boolean;
  sequence: number | undefined;
  /** Bytes were handed to an open stream. */
  handed: boolean;
  resent: number;
  requests97: number;
  after97: boolean;
  garbage: number;
}

export interface ConnectionEvents {
  opened(): void;
  /** It closed, or is not to be trusted any more; whoever made it closes it now. */
  lost(reason: string): void;
  /** A request has its answer and was told of it; the next one may go. */
  idle(): void;
}

/** One connection to the ACS: one request at a time, its answer found by the rules of `judge`. */
export class Sip2Connection {
  readonly #settings: Sip2ClientSettings;
  readonly #ports: Sip2ClientPorts;
  readonly #events: ConnectionEvents;
  readonly #reader: LineReader;
  readonly #stream: ByteStream;
  /** Number of the next new message. */
  #sequence = 0;
  #current: Current | undefined;
  #cancelReply: CancelTimer | undefined;
  #over = false;
  #checksumSeen = false;
  #lastHeard: MonotonicMillis = 0;
  /** What the ACS said last about itself. */
  acs: AcsStatus = acsStatusDefault;

  constructor(settings: Sip2ClientSettings, ports: Sip2ClientPorts, events: ConnectionEvents) {
    this.#settings = settings;
    this.#ports = ports;
    this.#events = events;
    this.#reader = new LineReader({
      line: (bytes) => this.#onLine(bytes),
      overlong: () => this.#onOverlong(),
    });
    this.#stream = ports.open({
      opened: () => {
        if (!this.#over) events.opened();
      },
      bytes: (chunk) => {
        if (!this.#over) this.#reader.push(chunk);
      },
      closed: (reason) => this.#lose(reason),
    });
  }

  get busy(): boolean {
    return this.#current !== undefined;
  }

  /** When the last line came that a request waited for. */
  get lastHeard(): MonotonicMillis {
    return this.#lastHeard;
  }

  /** Sends a request. Only when not busy. */
  send(request: Request): void {
    const { answer, asks } = request;
    const counts = { resent: 0, requests97: 0, garbage: 0 };
    this.#current = { request, answer, asks, sequence: undefined, handed: false, after97: false, ...counts };
    this.#sendNumbered(this.#current);
  }

  /** Ends the connection. The function that comes back, if any, tells how the request under way ended. */
  close(reason: string): (() => void) | undefined {
    this.#over = true;
    this.#stream.close();
    this.#reader.reset();
    const current = this.#current;
    if (current === undefined) return undefined;
    return this.#finish(current, { kind: current.handed ? 'unknown' : 'notSent', reason });
  }

  #lose(reason: string): void {
    if (!this.#over) this.#events.lost(reason);
  }

  #sendNumbered(current: Current): void {
    const { bytes } = current.request;
    current.after97 = false;
    if (this.#settings.errorDetection) {
      current.sequence = this.#sequence;
      this.#sequence = (this.#sequence + 1) % 10;
      renumber(bytes, this.#settings.dialect, current.sequence);
    }
    this.#write(current, bytes);
  }

  #write(current: Current, bytes: Uint8Array): void {
    if (this.#settings.logMessages === true) this.#logMessage('acs.sent', bytes);
    this.#cancelReply?.();
    if (!this.#stream.write(bytes)) {
      // The stream has closed and its event is still to come. Later, because nothing may end within `send`.
      this.#cancelReply = this.#ports.clock.after(0, () => this.#lose('the connection takes nothing'));
      return;
    }
    current.handed = true;
    const timeoutMs = this.#settings.replyTimeoutMs ?? this.acs.replyTimeoutMs;
    this.#cancelReply = this.#ports.clock.after(timeoutMs, () => {
      this.#ports.log.write('warning', 'acs.replyTimeout', {
        code: current.request.code,
        delayMs: timeoutMs,
      });
      this.#lose('no answer in time');
    });
  }

  #onLine(bytes: Uint8Array): void {
    if (this.#settings.logMessages === true) this.#logMessage('acs.received', bytes);
    const current = this.#current;
    if (current === undefined) {
      this.#logMessage('acs.unasked', bytes);
      return;
    }
    const { dialect, keep, errorDetection } = this.#settings;
    const message = decode(bytes, keep === undefined ? { dialect } : { dialect, keep });
    this.#lastHeard = this.#ports.clock.monotonic();
    const verdict = judge(current, message, {
      errorDetection,
      checksumExpected: this.#checksumSeen,
      retriesMax: this.#settings.retriesMax ?? this.acs.retriesMax,
    });
    if (message.checksum === 'right') this.#checksumSeen = true;
    if (verdict.do === 'answer') {
      this.#finish(current, { kind: 'answered', value: message })();
      if (!this.#over) this.#events.idle();
      return;
    }
    this.#logMessage('acs.notTheAnswer', bytes);
    if (message.code === '98') this.acs = acsStatusOf(message);
    this.#follow(current, verdict);
  }

  #onOverlong(): void {
    const current = this.#current;
    if (current !== undefined) this.#follow(current, garbage(current, 'message too long'));
  }

  #follow(current: Current, verdict: Exclude<Verdict, { do: 'answer' }>): void {
    switch (verdict.do) {
      case 'discard':
        if (verdict.garbage) current.garbage++;
        this.#ports.log.write('warning', 'acs.discarded', {
          code: current.request.code,
          reason: verdict.why,
        });
        return;
      case 'retransmit':
        current.resent++;
        this.#write(current, current.request.bytes);
        return;
      case 'sendAnew':
        current.resent++;
        this.#sendNumbered(current);
        return;
      case 'send97':
        current.requests97++;
        current.after97 = true;
        this.#send97(current);
        return;
      case 'fail':
        this.#lose(verdict.reason);
    }
  }

  #send97(current: Current): void {
    const { dialect, errorDetection } = this.#settings;
    const sequence = errorDetection ? 0 : undefined;
    const request = encode({ code: '97', fixed: {}, fields: {} }, { dialect, sequence });
    if (request.ok) this.#write(current, request.value);
  }

  /** Takes the request out of its place; the function that comes back tells its outcome. */
  #finish(current: Current, outcome: AnyOutcome): () => void {
    this.#cancelReply?.();
    this.#cancelReply = undefined;
    this.#current = undefined;
    current.request.bytes.fill(0);
    return () => current.request.done(outcome);
  }

  #logMessage(event: string, bytes: Uint8Array): void {
    this.#ports.log.write('debug', event, { masked: masked(bytes, this.#settings.dialect) });
  }
}
