import type { CancelTimer, MonotonicMillis } from '../kernel/clock.ts';
import { acsStatusDefault, acsStatusOf, type AcsStatus } from './acs-status.ts';
import * as limits from './client-settings.ts';
import type {
  Sip2ClientPorts,
  Sip2ClientSettings,
  Sip2Outcome,
  Sip2State,
  Sip2Status,
} from './client-settings.ts';
import { prepareRequest, Sip2Connection, type AnyOutcome, type Request } from './connection.ts';
import type { Decoded, DecodedOf } from './decode.ts';
import type { MessageInput, RequestCode } from './messages.ts';

/** Characters in a print line that 99 tells where nothing else is configured. */
const maxPrintWidthDefault = 40;

/**
 * The station’s end of SIP2: keeps a connection to the ACS, logs in, sends one request at a time and finds its
 * answer. A request whose answer did not come is never sent again by this class: it ends as `unknown`, and the
 * connection is made anew so that a late answer can’t be taken for another’s. (2.12 would retransmit; over TCP
 * silence is no lost message, and a checkout sent twice may be a renewal.)
 */
export class Sip2Client {
  readonly #settings: Sip2ClientSettings;
  readonly #ports: Sip2ClientPorts;
  #onStatus: (status: Sip2Status) => void = () => undefined;
  #state: Sip2State = 'connecting';
  #running = false;
  #connection: Sip2Connection | undefined;
  /** When log-in and status of the connection were done. */
  #readySince: MonotonicMillis | undefined;
  #acs = acsStatusDefault;
  readonly #queue: Request[] = [];
  /** Tries since the last steady connection. */
  #attempt = 0;
  /** The one timer of the connection’s life: opening, waiting to try again, keep-alive. */
  #cancelLife: CancelTimer | undefined;

  constructor(settings: Sip2ClientSettings, ports: Sip2ClientPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  /** Connects, and connects again whenever the connection is lost, until `stop`. Tells each change of state. */
  start(onStatus: (status: Sip2Status) => void): void {
    if (this.#running) return;
    this.#running = true;
    this.#onStatus = onStatus;
    this.#state = 'connecting';
    this.#lifeTimer(0, () => {
      onStatus({ state: 'connecting' });
      this.#connect();
    });
  }

  /** What the ACS said last about itself; before it said anything, the defaults. */
  get acs(): AcsStatus {
    return this.#acs;
  }

  /** Ends the connection. What was sent ends as `unknown`, what waits as `notSent`, a moment later. */
  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    const ended = [...this.#takeDown('stopped'), ...this.#endQueue('stopped')];
    if (ended.length > 0) this.#ports.clock.after(0, () => runAll(ended));
  }

  /**
   * Sends a request when its turn comes. `reply` is called exactly once and never from within this call. Where
   * there is no connection, nor one being made, it ends as `notSent` at once.
   */
  request<C extends RequestCode>(message: MessageInput<C>, reply: (outcome: Sip2Outcome<C>) => void): void {
    // `judge` lets through only a message whose code is the answer to this request.
    const done = reply as (outcome: AnyOutcome) => void;
    const request = prepareRequest(message, this.#settings, this.#ports.clock.monotonic(), done);
    if (typeof request === 'string') {
      this.#ports.clock.after(0, () => done({ kind: 'notSent', reason: request }));
      return;
    }
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      this.#reject(request, refusal);
      return;
    }
    this.#queue.push(request);
    this.#dispatch();
  }

  #refusal(): string | undefined {
    if (!this.#running) return 'stopped';
    if (this.#state !== 'online' && this.#state !== 'connecting') return this.#state;
    return this.#queue.length >= limits.queueLengthMax ? 'too many requests wait' : undefined;
  }

  #reject(request: Request, reason: string): void {
    request.bytes.fill(0);
    this.#ports.clock.after(0, () => request.done({ kind: 'notSent', reason }));
  }

  #dispatch(): void {
    const connection = this.#connection;
    if (connection === undefined || this.#state !== 'online' || connection.busy) return;
    for (;;) {
      const request = this.#queue.shift();
      if (request === undefined) return;
      if (this.#ports.clock.monotonic() - request.since <= limits.queueWaitMsMax) {
        connection.send(request);
        return;
      }
      this.#reject(request, 'waited too long');
    }
  }

  #connect(): void {
    if (!this.#running) return;
    const connection: Sip2Connection = new Sip2Connection(this.#settings, this.#ports, {
      opened: () => this.#logIn(connection),
      lost: (reason) => this.#lose(connection, reason),
      idle: () => this.#dispatch(),
    });
    this.#connection = connection;
    this.#readySince = undefined;
    this.#lifeTimer(limits.connectTimeoutMs, () => this.#lose(connection, 'no connection in time'));
  }

  #logIn(connection: Sip2Connection): void {
    this.#clearLife();
    const { login } = this.#settings;
    if (login === undefined) {
      this.#askStatus(connection);
      return;
    }
    const fields = { CN: login.user, CO: login.password, CP: login.location };
    const message = { code: '93', fixed: { uidAlgorithm: '0', pwdAlgorithm: '0' }, fields } as const;
    this.#ask(connection, message, (answer) => {
      if (answer.code !== '94') return;
      if (answer.fixed.ok === '1') this.#askStatus(connection);
      else this.#refused(connection, 'the ACS refused the log-in');
    });
  }

  #askStatus(connection: Sip2Connection): void {
    const maxPrintWidth = String(this.#settings.maxPrintWidth ?? maxPrintWidthDefault).padStart(3, '0');
    const fixed = { statusCode: '0', maxPrintWidth, protocolVersion: '2.00' } as const;
    this.#ask(connection, { code: '99', fixed, fields: {} }, (answer) => {
      if (answer.code === '98') this.#takeStatus(connection, answer);
    });
  }

  /** A request of the client’s own; it goes before all that wait. */
  #ask<C extends RequestCode>(
    connection: Sip2Connection,
    message: MessageInput<C>,
    next: (answer: Decoded) => void,
  ): void {
    const request = prepareRequest(message, this.#settings, this.#ports.clock.monotonic(), (outcome) => {
      if (outcome.kind === 'answered' && connection === this.#connection) next(outcome.value);
    });
    // Only the settings of the log-in can be unwritable; nothing but another configuration helps.
    if (typeof request === 'string') this.#refused(connection, `log-in ${request}`);
    else connection.send(request);
  }

  #takeStatus(connection: Sip2Connection, answer: DecodedOf<'98'>): void {
    connection.acs = acsStatusOf(answer);
    this.#acs = connection.acs;
    this.#readySince ??= this.#ports.clock.monotonic();
    if (connection.acs.onLine || this.#settings.believesOnLine === false) {
      this.#armKeepAlive(connection);
      this.#enter('online');
      this.#dispatch();
      return;
    }
    const ended = this.#endQueue('closed');
    this.#lifeTimer(limits.closedPollMs, () => this.#askStatus(connection));
    this.#enter('closed', 'the ACS says that it is not on-line');
    runAll(ended);
  }

  #armKeepAlive(connection: Sip2Connection): void {
    const interval = this.#settings.keepAliveMs ?? limits.keepAliveMsDefault;
    this.#clearLife();
    if (interval <= 0) return;
    const quietMs = this.#ports.clock.monotonic() - connection.lastHeard;
    const delayMs = connection.busy || quietMs >= interval ? interval : interval - quietMs;
    this.#lifeTimer(delayMs, () => {
      const quiet = this.#ports.clock.monotonic() - connection.lastHeard >= interval;
      if (quiet && !connection.busy) this.#askStatus(connection);
      else this.#armKeepAlive(connection);
    });
  }

  /** The connection is gone or not to be trusted any more. After a steady one the next is tried at once. */
  #lose(connection: Sip2Connection, reason: string): void {
    if (connection !== this.#connection) return;
    const since = this.#readySince;
    const steady = since !== undefined && this.#ports.clock.monotonic() - since >= limits.steadyMs;
    const ended = this.#takeDown(reason);
    if (steady) {
      this.#attempt = 0;
      this.#lifeTimer(0, () => this.#connect());
      this.#enter('connecting', reason);
    } else {
      ended.push(...this.#endQueue(reason));
      this.#connectAfter(this.#backOff());
      this.#enter('unreachable', reason);
    }
    runAll(ended);
  }

  #refused(connection: Sip2Connection, reason: string): void {
    if (connection !== this.#connection) return;
    const ended = [...this.#takeDown(reason), ...this.#endQueue(reason)];
    this.#connectAfter(limits.loginRetryMs);
    this.#enter('loginRefused', reason);
    runAll(ended);
  }

  /** Ends the connection and collects what must be told, to be told when the own state is right. */
  #takeDown(reason: string): (() => void)[] {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#clearLife();
    const tell = connection?.close(reason);
    return tell === undefined ? [] : [tell];
  }

  #endQueue(reason: string): (() => void)[] {
    return this.#queue.splice(0).map((request) => {
      request.bytes.fill(0);
      return () => request.done({ kind: 'notSent', reason });
    });
  }

  #backOff(): number {
    const whole = Math.min(limits.backOffMsFirst * 2 ** this.#attempt, limits.backOffMsMax);
    if (whole < limits.backOffMsMax) this.#attempt++;
    return Math.round(whole / 2 + (whole / 2) * this.#ports.random.fraction());
  }

  #connectAfter(delayMs: number): void {
    this.#ports.log.write('info', 'acs.retry', { attempt: this.#attempt, delayMs });
    this.#lifeTimer(delayMs, () => this.#connect());
  }

  #lifeTimer(delayMs: number, fire: () => void): void {
    this.#clearLife();
    this.#cancelLife = this.#ports.clock.after(delayMs, fire);
  }

  #clearLife(): void {
    this.#cancelLife?.();
    this.#cancelLife = undefined;
  }

  #enter(state: Sip2State, reason?: string): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#ports.log.write(state === 'online' ? 'info' : 'warning', 'acs.state', { state, reason });
    this.#onStatus(reason === undefined ? { state } : { state, reason });
  }
}

function runAll(actions: readonly (() => void)[]): void {
  for (const act of actions) act();
}
