import { unreachable } from '../kernel/assert.ts';
import type { OpenByteStream } from '../kernel/bytes.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Terminator } from '../sip2/dialect.ts';
import { openHttps } from '../sip2/https.ts';
import { openTcp } from '../sip2/tcp.ts';
import { openTelnet } from '../sip2/telnet.ts';
import { openTls } from '../sip2/tls.ts';
import { acsTls } from './config/acs-tls.ts';
import type { AcsConfig } from './config/schema.ts';

/** What a terminator is called in the configuration. */
const terminators = { cr: 'CR', crlf: 'CRLF', lf: 'LF' } as const satisfies Readonly<
  Record<string, Terminator>
>;

export function terminatorOf(acs: Pick<AcsConfig, 'terminator'>): Terminator | undefined {
  return acs.terminator === undefined ? undefined : terminators[acs.terminator];
}

/**
 * The way to the ACS that the configuration names. The configuration was checked: what cannot be is impossible here.
 *
 * @param terminator what the profile ends a line with, where the configuration says nothing
 */
export function openAcs(acs: AcsConfig, clock: Clock, terminator: Terminator): OpenByteStream {
  const open = openTransport(acs, clock);
  if (acs.telnet === undefined) return open;
  return openTelnet(open, { ...acs.telnet, lineEnd: terminatorOf(acs) ?? terminator }, clock);
}

function openTransport(acs: AcsConfig, clock: Clock): OpenByteStream {
  const { transport, host, port } = acs;
  if (transport === 'tcp') return openTcp(host, port);
  const tls = acsTls(acs);
  if (!tls.ok) throw new Error(`impossible: acs.tls.${tls.error.key} was checked`);
  if (transport === 'tls') return openTls(host, port, tls.value);
  if (transport !== 'https') return unreachable(transport);
  const { https, login } = acs;
  if (https === undefined || login === undefined) throw new Error('impossible: acs.https was checked');
  return openHttps({ host, port, ...https, login, tls: tls.value }, clock);
}
