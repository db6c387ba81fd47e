import { silentLog, type Log } from '../../../src/kernel/log.ts';
import type { Random } from '../../../src/kernel/random.ts';
import type { Sip2ClientSettings, Sip2Status } from '../../../src/sip2/client-settings.ts';
import { Sip2Client } from '../../../src/sip2/client.ts';
import { firstField } from '../../../src/sip2/decode.ts';
import { standardDialect } from '../../../src/sip2/dialect.ts';
import { answered, ScriptedPeer, sequenceOf, type PeerConnection } from '../../support/scripted-peer.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

export const date = '20261120    100000';
export const status98 = `98YYYYYN100003${date}2.00AOUWOLS|BXYYYYYYYYYYYYYYYY|`;
export const replyTimeoutMs = 10_000;

/** The same fraction always; enough where only bounds matter. */
export function fixedRandom(fraction: number): Random {
  return { bytes: (count) => new Uint8Array(count), fraction: () => fraction };
}

export interface Station {
  readonly clock: VirtualClock;
  readonly peer: ScriptedPeer;
  readonly client: Sip2Client;
  readonly states: Sip2Status[];
}

/** Answers log-in and status as a friendly ACS does; `others` plays the rest. */
export function friendly(
  connection: PeerConnection,
  others: (line: string) => string | undefined = () => undefined,
): void {
  connection.accept();
  connection.onLine = (line) => {
    const sequence = sequenceOf(line);
    const reply = line.startsWith('93') ? '941' : line.startsWith('99') ? status98 : others(line);
    if (reply !== undefined)
      connection.sendRaw(sequence === undefined ? `${reply}\r` : answered(reply, sequence));
  };
}

export function station(
  settings: Partial<Sip2ClientSettings> = {},
  onConnect: (connection: PeerConnection) => void = (connection) => friendly(connection),
  log: Log = silentLog,
  fraction = 0.5,
): Station {
  const clock = new VirtualClock();
  const peer = new ScriptedPeer(clock);
  peer.onConnect = onConnect;
  const states: Sip2Status[] = [];
  const client = new Sip2Client(
    {
      dialect: standardDialect,
      errorDetection: true,
      login: { user: 'scclient', password: 'clientpwd' },
      replyTimeoutMs,
      keepAliveMs: 0,
      ...settings,
    },
    { open: peer.openStream, clock, random: fixedRandom(fraction), log },
  );
  client.start((status) => states.push(status));
  clock.settle();
  return { clock, peer, client, states };
}

export function lastState({ states }: Station): string | undefined {
  return states.at(-1)?.state;
}

/** Asks about an item; the list fills with how it ended. */
export function askItem({ client }: Station, item = '1565921879'): unknown[] {
  const outcomes: unknown[] = [];
  client.request(
    { code: '17', fixed: { transactionDate: date }, fields: { AO: 'UWOLS', AB: item } },
    (outcome) => outcomes.push(outcome.kind === 'answered' ? firstField(outcome.value, 'AB') : outcome),
  );
  return outcomes;
}

export function checkout({ client }: Station, pin?: Uint8Array): unknown[] {
  const outcomes: unknown[] = [];
  const fixed = {
    scRenewalPolicy: 'N',
    noBlock: 'N',
    transactionDate: date,
    nbDueDate: ' '.repeat(18),
  } as const;
  const fields = { AO: 'UWOLS', AA: 'djfiander', AB: '1565921879', AC: '', AD: pin };
  client.request({ code: '11', fixed, fields }, (outcome) =>
    outcomes.push(outcome.kind === 'answered' ? outcome.value.fixed.ok : outcome),
  );
  return outcomes;
}

export const itemAnswer = (line: string): string | undefined =>
  line.startsWith('17') ? `18030001${date}${/AB[^|]*\|/.exec(line)?.[0] ?? ''}AJTitle|` : undefined;
export const unknown = (reason: string): unknown => ({ kind: 'unknown', reason });
export const notSent = (reason: string): unknown => ({ kind: 'notSent', reason });
