import { expect } from 'vitest';
import { silentLog, type Log } from '../../../src/kernel/log.ts';
import type { IlsStatus, Outcome, Reply } from '../../../src/ils/ils.ts';
import { Sip2Ils, type Sip2IlsSettings } from '../../../src/ils/sip2-ils.ts';
import { answered, ScriptedPeer, sequenceOf } from '../../support/scripted-peer.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { vectors } from '../sip2/vectors.ts';

export const date = '20261120    100000';
export const settings: Sip2IlsSettings = {
  institutionId: 'UWOLS',
  errorDetection: true,
  timeZone: 'Europe/Helsinki',
  currency: 'EUR',
  language: 'fi',
  replyTimeoutMs: 10_000,
  keepAliveMs: 0,
};

export interface Library {
  readonly ils: Sip2Ils;
  readonly clock: VirtualClock;
  readonly peer: ScriptedPeer;
  readonly states: IlsStatus[];
  /** The last request without AY and AZ. */
  sent(): string;
}

/** A connected adapter whose next requests are all answered with `reply`. */
export function library(
  reply: string | undefined,
  change: Partial<Sip2IlsSettings> = {},
  log: Log = silentLog,
): Library {
  // 10:00:00 in Helsinki
  const clock = new VirtualClock(Date.parse('2026-11-20T08:00:00Z'));
  const peer = new ScriptedPeer(clock);
  peer.onConnect = (connection) => {
    connection.accept();
    connection.onLine = (line) => {
      const text = line.startsWith('99') ? `98YNNNNN100003${date}2.00AOUWOLS|BXYYY|` : reply;
      if (text !== undefined) connection.sendRaw(answered(text, sequenceOf(line)));
    };
  };
  const random = { bytes: (count: number) => new Uint8Array(count), fraction: () => 0.5 };
  const created = Sip2Ils.create({ ...settings, ...change }, { open: peer.openStream, clock, random, log });
  if (!created.ok) throw new Error(created.error.kind);
  const states: IlsStatus[] = [];
  created.value.start((status) => states.push(status));
  clock.settle();
  const sent = (): string => peer.last.received.at(-1)?.replace(/AY\dAZ....\r$/, '') ?? '';
  return { ils: created.value, clock, peer, states, sent };
}

/** The outcome of one call, once it has come. */
export function outcomeOf<T>(it: Library, call: (ils: Sip2Ils, reply: Reply<T>) => void): Outcome<T> {
  const outcomes: Outcome<T>[] = [];
  call(it.ils, (outcome) => outcomes.push(outcome));
  expect(outcomes).toEqual([]);
  // What only asks is asked once more into silence.
  it.clock.advance(20_000);
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.length !== 1) throw new Error(`${outcomes.length} outcomes`);
  return outcome;
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind !== 'answered') throw new Error(`${outcome.kind}: ${outcome.reason}`);
  return outcome.value;
}

/** Text of a vector without its tail, as a reply of the scripted library system. */
export function vectorReply(id: string): string {
  const vector = vectors.find((one) => one.id === id);
  if (vector === undefined) throw new Error(id);
  return vector.raw.replace(/(?:AY\d)?AZ....[\r\n]+$/, '').trimEnd();
}

export const counts = (charged: string, rest = '0000'): string =>
  `${rest}${rest}${charged}${rest}${rest}${rest}`;
export const patron = (fields: string, status = ' '.repeat(14), charged = '0000'): string =>
  `64${status}007${date}${counts(charged)}AOUWOLS|${fields}`;
export const pin = (): Uint8Array => Buffer.from('4711');
