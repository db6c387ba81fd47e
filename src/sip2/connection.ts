import type { ByteStream, StreamEnd } from '../kernel/bytes.ts';
import type { CancelTimer, MonotonicMillis } from '../kernel/clock.ts';
import { acsStatusDefault, acsStatusOf, type AcsStatus } from './acs-status.ts';
import { repeatsMax, type Sip2ClientPorts, type Sip2ClientSettings } from './client-settings.ts';
import { decode, type Decoded } from './decode.ts';
import { encode, renumber } from './encode.ts';
import { garbage, judge, type About, type Verdict } from './exchange.ts';
import { LineReader } from './framing.ts';
import { planOfCode } from './lookup.ts';
import { masked } from './masked.ts';
import type { MessageInput, RequestCode } from './messages.ts';

export type AnyOutcome =
  | { readonly kind: 'answered'; readonly value: Decoded }
  | { readonly kind: 'notSent' | 'unknown'; readonly reason: string };

/** A request from being asked for until its outcome. */
export interface Request {
  readonly code: string;
  readonly answer: string;
  readonly asks: boolean;
  /** The same bytes may be sent again when no answer comes. */
  readonly resendable: boolean;
  /** It may be asked once more on another connection. */
  readonly carryable: boolean;
  /** The client’s own question, log-in or status. */
  readonly own: boolean;
  readonly about: About;
  /** How often it was sent again into silence, or taken over to a new connection. */
  repeats: number;
  /** Bytes of it were handed to an earlier connection. */
  left: boolean;
  /** Overwritten when it is over: it may hold a PIN. */
  readonly bytes: Buffer;
  readonly since: MonotonicMillis;
  readonly done: (outcome: AnyOutcome) => void;
}

/** Writes a request once, with a number that is set when it is sent; or says in words why it can't be written. */
export function prepareRequest<C extends RequestCode>(
  message: MessageInput<C>,
  settings: Sip2ClientSettings,
  since: MonotonicMillis,
  done: (outcome: AnyOutcome) => void,
): Request | string {
  const { dialect, errorDetection, resend } = settings;
  const encoded = encode(message, { dialect, sequence: errorDetection ? 0 : undefined });
  if (!encoded.ok) return `can't be written: ${encoded.error.kind} ${encoded.error.field}`;
  const spec = planOfCode(message.code)?.spec;
  const asks = spec?.asks ?? false;
  return {
    code: message.code,
    answer: spec?.answer ?? '',
    asks,
    resendable: errorDetection && (resend?.[message.code] ?? asks),
    carryable: asks && resend?.[message.code] !== false,
    own: false,
    about: aboutOf(message.fields),
    repeats: 0,
    left: false,
    bytes: encoded.value,
    since,
    done,
  };
}

/** Overwrites a request that gets no answer; the function that comes back tells how it ended. */
export function unanswered(request: Request, writes: number, reason: string): () => void {
  request.bytes.fill(0);
  const kind = writes > 0 || request.left ? 'unknown' : 'notSent';
  return () => request.done({ kind, reason });
}

function aboutOf(fields: Readonly<Record<string, unknown>>): About {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return { patron: text(fields['AA']), item: text(fields['AB']) };
}

/** The request that waits for its answer. */
interface Current {
  readonly request: Request;
  readonly answer: string;
  readonly asks: boolean;
  readonly resendable: boolean;
  readonly about: About;
  sequence: number | undefined;
  /** When it was first sent. */
  readonly since: MonotonicMillis;
  /** How often bytes were handed to an open stream. */
  writes: number;
  resent: number;
  requests97: number;
  after97: boolean;
  garbage: number;
}

export interface ConnectionEvents {
  opened(): void;
  /** It closed, or is not to be trusted any more; whoever made it closes it now. */
  lost(reason: string, end?: StreamEnd): void;
  /** An answer came, so many milliseconds after its request was first sent. */
  answered(request: Request, tookMs: number): void;
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
      replied: () => this.#replied(),
      closed: (reason, end) => this.#closed(reason, end),
    });
  }

  get busy(): boolean {
    return this.#current !== undefined;
  }

  /** A request is under way that is not the client’s own, and left the machine. */
  get asked(): boolean {
    return this.#current !== undefined && !this.#current.request.own && this.#current.writes > 0;
  }

  /** When the last line came that a request waited for. */
  get lastHeard(): MonotonicMillis {
    return this.#lastHeard;
  }

  /** Sends a request. Only when not busy. */
  send(request: Request): void {
    const { answer, asks, resendable, about } = request;
    const counts = { writes: 0, resent: 0, requests97: 0, garbage: 0 };
    const since = this.#ports.clock.monotonic();
    const begin = { since, sequence: undefined, after97: false };
    this.#current = { request, answer, asks, resendable, about, ...begin, ...counts };
    this.#sendNumbered(this.#current);
  }

  /** Ends the connection. The function that comes back, if any, tells how the request under way ended. */
  close(reason: string): (() => void) | undefined {
    this.#over = true;
    this.#stream.close();
    this.#reader.reset();
    const current = this.#current;
    if (current === undefined) return undefined;
    this.#forget();
    return unanswered(current.request, current.writes, reason);
  }

  /**
   * Gives the request under way to the next connection, where it only asks or has not left yet. This one must be closed
   * then.
   */
  carry(): Request | undefined {
    const current = this.#current;
    if (current === undefined || current.request.own) return undefined;
    const { request, writes } = current;
    if (writes > 0) {
      if (!request.carryable || request.repeats >= repeatsMax) return undefined;
      request.repeats++;
      request.left = true;
    }
    this.#forget();
    return request;
  }

  /** What the reply brought was no answer, and nothing more will come. */
  #replied(): void {
    if (this.#current !== undefined) this.#lose('the reply has no answer');
  }

  #closed(reason: string, end: StreamEnd | undefined): void {
    if (end?.unsent === true && this.#current !== undefined) this.#current.writes--;
    this.#lose(reason, end);
  }

  #lose(reason: string, end?: StreamEnd): void {
    if (!this.#over) this.#events.lost(reason, end);
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
    current.writes++;
    const timeoutMs = this.#settings.replyTimeoutMs ?? this.acs.replyTimeoutMs;
    this.#cancelReply = this.#ports.clock.after(timeoutMs, () => {
      this.#ports.log.write('warning', 'acs.replyTimeout', {
        code: current.request.code,
        delayMs: timeoutMs,
      });
      this.#silent(current);
    });
  }

  /** Over TCP silence is seldom a lost message; what only asks is worth another try before the connection goes. */
  #silent(current: Current): void {
    const { request } = current;
    const may = current.resendable && this.#checksumSeen && request.repeats < repeatsMax;
    if (!may) return this.#lose('no answer in time');
    request.repeats++;
    this.#ports.log.write('info', 'acs.resent', { code: request.code, attempt: request.repeats });
    this.#write(current, request.bytes);
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
      this.#events.answered(current.request, this.#lastHeard - current.since);
      this.#forget();
      current.request.bytes.fill(0);
      current.request.done({ kind: 'answered', value: message });
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

  #forget(): void {
    this.#cancelReply?.();
    this.#cancelReply = undefined;
    this.#current = undefined;
  }

  #logMessage(event: string, bytes: Uint8Array): void {
    this.#ports.log.write('debug', event, { masked: masked(bytes, this.#settings.dialect) });
  }
}
