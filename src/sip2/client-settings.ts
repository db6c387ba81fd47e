import type { OpenByteStream } from '../kernel/bytes.ts';
import type { Clock, UtcMillis } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import type { DecodedOf, KeepFields } from './decode.ts';
import type { Dialect } from './dialect.ts';
import type { AnswerCode, RequestCode } from './messages.ts';

/** How long the connection may take to open. */
export const connectTimeoutMs = 10_000;
/** Wait before the first try again; it doubles with each further one. */
export const backOffMsFirst = 500;
export const backOffMsMax = 30_000;
/** A connection that was on-line for less is not trusted with an immediate new try. */
export const steadyMs = 5_000;
/** A refusal needs a hand; asking often would fill the library system’s log. */
export const refusedRetryMsDefault = 60_000;
/** How often an ACS that says it is not on-line is asked again. */
export const closedPollMs = 15_000;
/** After this silence the ACS is asked for its status: firewalls and servers close idle connections. */
export const keepAliveMsDefault = 60_000;
/** An ACS that closes idle connections sooner is asked sooner, but not more often than this. */
export const keepAliveMsMin = 5_000;
/** Requests that may wait in line. */
export const queueLengthMax = 32;
/** A request that waited longer is not sent any more: whoever wanted it has gone. */
export const queueWaitMsMax = 60_000;
/** How often a request that only asks is sent again into silence, or taken over to the next connection, all together. */
export const repeatsMax = 1;
/** How often it is looked whether a planned rest begins or ends: the wall clock may have been set. */
export const restLookMs = 30_000;

export interface Sip2ClientSettings {
  readonly dialect: Dialect;
  /** AY and AZ in every message. */
  readonly errorDetection: boolean;
  /** None where the library system wants no log-in. */
  readonly login?:
    { readonly user: string; readonly password: string | Uint8Array; readonly location?: string } | undefined;
  /** The fields that are read; the values of all others never become text. */
  readonly keep?: KeepFields;
  /** False: the 98 says “not on-line” and answers all the same. */
  readonly believesOnLine?: boolean | undefined;
  /** In the place of what the 98 says. */
  readonly replyTimeoutMs?: number | undefined;
  /** In the place of what the 98 says. */
  readonly retriesMax?: number | undefined;
  /**
   * For each request whether the same bytes may be sent again when no answer comes; only with error detection. What is
   * left out follows the table: what only asks may. A library system that knows a repeated message by AY and AZ may be
   * trusted with more.
   */
  readonly resend?: { readonly [C in RequestCode]?: boolean } | undefined;
  /** 0 turns it off. */
  readonly keepAliveMs?: number | undefined;
  /** Pause after a refusal of log-in, certificate or terminal. */
  readonly refusedRetryMs?: number | undefined;
  /** An answer that took longer is a slow one. */
  readonly slowReplyMs?: number | undefined;
  /** When the planned rest of this moment ends; undefined while there is none. */
  readonly restUntil?: ((now: UtcMillis) => UtcMillis | undefined) | undefined;
  /** Characters in a print line, told in 99. */
  readonly maxPrintWidth?: number | undefined;
  /** Writes each message in its masked form to the log. */
  readonly logMessages?: boolean | undefined;
}

export interface Sip2ClientPorts {
  readonly open: OpenByteStream;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export type Sip2State =
  | 'connecting'
  | 'online'
  /** On-line, and several answers in a row took long. */
  | 'slow'
  /** No connection, or one on which nothing that matters is answered. */
  | 'unreachable'
  | 'loginRefused'
  | 'terminalRefused'
  | 'certificateRefused'
  /** The ACS says that it is not on-line. */
  | 'closed'
  /** The configuration says that it rests now. */
  | 'plannedDown';

export interface Sip2Status {
  readonly state: Sip2State;
  /** For the technician. */
  readonly reason?: string;
  /** When a planned rest ends. */
  readonly until?: UtcMillis;
}

/** How a request ended. */
export type Sip2Outcome<C extends RequestCode> =
  | { readonly kind: 'answered'; readonly value: DecodedOf<AnswerCode<C>> }
  /** Not one byte of it was handed to an open connection. */
  | { readonly kind: 'notSent'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };
