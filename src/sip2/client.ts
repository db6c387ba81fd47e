import type { StreamEnd } from '../kernel/bytes.ts';
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
import { prepareRequest, Sip2Connection, unanswered, type AnyOutcome, type Request } from './connection.ts';
import type { Decoded, DecodedOf } from './decode.ts';
import { loginMessage, statusMessage } from './handshake.ts';
import { LinkHealth, recoveryPauseMs } from './health.ts';
import { KeepAlive } from './keep-alive.ts';
import type { MessageInput, RequestCode } from './messages.ts';
import { PlannedRest } from './planned-rest.ts';
import { RequestQueue } from './request-queue.ts';

/** Hang-ups right after a good log-in, so many in a row, turn this terminal away. */
const hangUpsMin = 2;

const refusedStates = {
  certificate: 'certificateRefused',
  login: 'loginRefused',
  terminal: 'terminalRefused',
} as const satisfies Readonly<Record<NonNullable<StreamEnd['refused']>, Sip2State>>;

/**
 * The station’s end of SIP2: keeps a connection to the ACS, logs in, sends one request at a time and finds its
 * answer. A request that changes something and whose answer did not come is never sent again by this class: it ends as
 * `unknown`. What only asks may be sent once more. After anything unclear the connection is made anew, so that a late
 * answer can’t be taken for another’s.
 */
export class Sip2Client {
  readonly #settings: Sip2ClientSettings;
  readonly #ports: Sip2ClientPorts;
  readonly #health: LinkHealth;
  readonly #rest: PlannedRest;
  readonly #keepAlive: KeepAlive;
  readonly #queue = new RequestQueue();
  #onStatus: (status: Sip2Status) => void = () => undefined;
  #status: Sip2Status = { state: 'connecting' };
  #running = false;
  #connection: Sip2Connection | undefined;
  /** When log-in and status of the connection were done. */
  #readySince: MonotonicMillis | undefined;
  #acs = acsStatusDefault;
  /** It was on-line and there was no outage since: requests wait for the next connection. */
  #near = false;
  #loggedIn = false;
  #hangUps = 0;
  /** Tries since the last steady connection. */
  #attempt = 0;
  /** The one timer of the connection’s life: opening, waiting to try again, keep-alive. */
  #cancelLife: CancelTimer | undefined;

  constructor(settings: Sip2ClientSettings, ports: Sip2ClientPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#health = new LinkHealth(settings.slowReplyMs);
    this.#rest = new PlannedRest(ports.clock, settings.restUntil);
    this.#keepAlive = new KeepAlive(settings.keepAliveMs ?? limits.keepAliveMsDefault);
  }

  /** Connects, and connects again whenever the connection is lost, until `stop`. Tells each change of state. */
  start(onStatus: (status: Sip2Status) => void): void {
    if (this.#running) return;
    this.#running = true;
    this.#onStatus = onStatus;
    this.#status = { state: 'connecting' };
    this.#lifeTimer(0, () => {
      onStatus(this.#status);
      if (!this.#running) return;
      this.#rest.start(() => this.#lookForRest());
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
    this.#rest.stop();
    this.#runLater([...this.#takeDown('stopped'), ...this.#queue.end('stopped')]);
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

  get #online(): boolean {
    return this.#status.state === 'online' || this.#status.state === 'slow';
  }

  #refusal(): string | undefined {
    if (!this.#running) return 'stopped';
    if (!this.#online && this.#status.state !== 'connecting') return this.#status.state;
    return this.#queue.full ? 'too many requests wait' : undefined;
  }

  #reject(request: Request, reason: string): void {
    this.#runLater([unanswered(request, 0, reason)]);
  }

  #dispatch(): void {
    const connection = this.#connection;
    if (connection === undefined || !this.#online || connection.busy) return;
    if (this.#rest.until !== undefined) {
      this.#lookForRest();
      return;
    }
    const now = this.#ports.clock.monotonic();
    const request = this.#queue.take(now, (stale, reason) => this.#reject(stale, reason));
    if (request !== undefined) connection.send(request);
  }

  #connect(): void {
    if (!this.#running) return;
    if (this.#rest.until !== undefined) {
      this.#lookForRest();
      return;
    }
    const connection: Sip2Connection = new Sip2Connection(this.#settings, this.#ports, {
      opened: () => this.#logIn(connection),
      lost: (reason, end) => this.#lose(connection, reason, end),
      answered: (request, tookMs) => this.#answered(request, tookMs),
      idle: () => this.#dispatch(),
    });
    this.#connection = connection;
    this.#readySince = undefined;
    this.#loggedIn = false;
    this.#lifeTimer(limits.connectTimeoutMs, () => this.#lose(connection, 'no connection in time'));
  }

  #logIn(connection: Sip2Connection): void {
    this.#clearLife();
    const login = loginMessage(this.#settings);
    if (login === undefined) {
      this.#askStatus(connection);
      return;
    }
    this.#ask(connection, login, (answer) => {
      if (answer.code !== '94') return;
      this.#loggedIn = answer.fixed.ok === '1';
      if (this.#loggedIn) this.#askStatus(connection);
      else this.#refused('loginRefused', 'the ACS refused the log-in');
    });
  }

  #askStatus(connection: Sip2Connection): void {
    this.#ask(connection, statusMessage(this.#settings), (answer) => {
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
    if (typeof request === 'string') this.#refused('loginRefused', `log-in ${request}`);
    else connection.send({ ...request, own: true });
  }

  #takeStatus(connection: Sip2Connection, answer: DecodedOf<'98'>): void {
    connection.acs = acsStatusOf(answer);
    this.#acs = connection.acs;
    this.#readySince ??= this.#ports.clock.monotonic();
    this.#hangUps = 0;
    if (!connection.acs.onLine && this.#settings.believesOnLine !== false) {
      const ended = this.#queue.end('closed');
      this.#lifeTimer(limits.closedPollMs, () => this.#askStatus(connection));
      this.#enter({ state: 'closed', reason: 'the ACS says that it is not on-line' });
      runAll(ended);
      return;
    }
    if (!this.#health.statusCame()) {
      this.#lifeTimer(recoveryPauseMs, () => this.#askStatus(connection));
      return;
    }
    this.#armKeepAlive(connection);
    this.#enterOnline();
    this.#dispatch();
  }

  #enterOnline(): void {
    this.#enter(this.#health.slow ? { state: 'slow', reason: 'answers take long' } : { state: 'online' });
  }

  #answered(request: Request, tookMs: number): void {
    const changed = this.#health.answered(tookMs);
    if (!request.own) this.#health.requestAnswered();
    if (changed && this.#online) this.#enterOnline();
  }

  #armKeepAlive(connection: Sip2Connection): void {
    this.#clearLife();
    const quietMs = this.#ports.clock.monotonic() - connection.lastHeard;
    const delayMs = this.#keepAlive.delayMs(connection.busy, quietMs);
    if (delayMs === undefined) return;
    this.#lifeTimer(delayMs, () => {
      const quiet = this.#ports.clock.monotonic() - connection.lastHeard;
      if (!connection.busy && this.#keepAlive.isDue(quiet)) this.#askStatus(connection);
      else this.#armKeepAlive(connection);
    });
  }

  /** The connection is gone or not to be trusted any more. One failure is no outage: the next is tried at once. */
  #lose(connection: Sip2Connection, reason: string, end?: StreamEnd): void {
    if (connection !== this.#connection) return;
    if (end?.refused !== undefined) {
      this.#refused(refusedStates[end.refused], reason);
      return;
    }
    if (
      end !== undefined &&
      this.#loggedIn &&
      this.#readySince === undefined &&
      ++this.#hangUps >= hangUpsMin
    ) {
      this.#refused('terminalRefused', `${reason}, right after a good log-in`);
      return;
    }
    const now = this.#ports.clock.monotonic();
    const steady = this.#readySince !== undefined && now - this.#readySince >= limits.steadyMs;
    if (steady) this.#attempt = 0;
    if (steady && end !== undefined) this.#noteIdleClose(connection, now - connection.lastHeard);
    const pauseMs = connection.asked ? this.#health.requestUnanswered() : undefined;
    if (!this.#near) this.#health.away();
    const outage = this.#health.failed(steady) || pauseMs !== undefined;
    if (outage) this.#goAway(reason, pauseMs);
    else this.#blink(connection, reason);
  }

  #noteIdleClose(connection: Sip2Connection, quietMs: number): void {
    if (connection.busy || !this.#keepAlive.closedAfter(quietMs)) return;
    this.#ports.log.write('info', 'acs.keepAlive', { delayMs: this.#keepAlive.intervalMs });
  }

  #blink(connection: Sip2Connection, reason: string): void {
    const carried = connection.carry();
    if (carried !== undefined) this.#queue.putFirst(carried);
    const ended = this.#takeDown(reason);
    this.#lifeTimer(0, () => this.#connect());
    this.#enter({ state: 'connecting', reason });
    runAll(ended);
  }

  #goAway(reason: string, pauseMs: number | undefined): void {
    const ended = [...this.#takeDown(reason), ...this.#queue.end(reason)];
    this.#connectAfter(pauseMs ?? this.#backOff());
    const why = pauseMs === undefined ? reason : `requests stay without an answer: ${reason}`;
    this.#enter({ state: 'unreachable', reason: why });
    runAll(ended);
  }

  #refused(state: Sip2State, reason: string): void {
    const ended = [...this.#takeDown(reason), ...this.#queue.end(reason)];
    this.#connectAfter(this.#settings.refusedRetryMs ?? limits.refusedRetryMsDefault);
    this.#enter({ state, reason });
    runAll(ended);
  }

  /** Begins or ends a planned rest. What is under way is waited for. Tells nobody from within this call. */
  #lookForRest(): void {
    const { until } = this.#rest;
    if (until === undefined) {
      if (this.#status.state !== 'plannedDown') return;
      this.#lifeTimer(0, () => this.#connect());
      this.#enter({ state: 'connecting' });
      return;
    }
    if (this.#connection?.busy === true) return;
    this.#runLater([...this.#takeDown('planned rest'), ...this.#queue.end('planned rest')]);
    this.#enter({ state: 'plannedDown', until });
  }

  /** Ends the connection and collects what must be told, to be told when the own state is right. */
  #takeDown(reason: string): (() => void)[] {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#clearLife();
    const tell = connection?.close(reason);
    return tell === undefined ? [] : [tell];
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

  #runLater(actions: readonly (() => void)[]): void {
    if (actions.length > 0) this.#ports.clock.after(0, () => runAll(actions));
  }

  #enter(status: Sip2Status): void {
    const { state, reason, until } = status;
    const before = this.#status;
    if (state === before.state && reason === before.reason && until === before.until) return;
    this.#status = status;
    this.#near = this.#online || (this.#near && state === 'connecting');
    const level = state === 'online' || state === 'plannedDown' ? 'info' : 'warning';
    this.#ports.log.write(level, 'acs.state', { state, reason });
    this.#onStatus(status);
  }
}

function runAll(actions: readonly (() => void)[]): void {
  for (const act of actions) act();
}
