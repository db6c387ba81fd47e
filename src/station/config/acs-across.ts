import { acsTls } from './acs-tls.ts';
import type { KeyPath } from './problems.ts';
import type { AcsConfig } from './schema.ts';

/** A problem that shows only when keys are seen together. */
interface Told {
  readonly path: KeyPath;
  readonly expected: string;
  readonly found: string;
}

/** This machine’s own address, which no wire leaves. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** What the keys of the ACS together forbid. */
export function acrossAcsKeys(acs: AcsConfig): Told[] {
  const told: Told[] = [];
  const tell = (key: string, expected: string, found: string): void =>
    void told.push({ path: ['acs', ...key.split('.')], expected, found });
  const { transport } = acs;
  if (transport === 'tcp' && !isLoopback(acs.host) && acs.plainTcp === undefined) {
    tell(
      'plainTcp',
      'tunnelled or isolated-network, because PINs go unencrypted to another machine',
      'nothing',
    );
  }
  if (transport === 'tcp' && acs.tls !== undefined)
    tell('tls', 'nothing, because the transport is tcp', 'a mapping');
  if (transport !== 'https' && acs.https !== undefined) {
    tell('https', `nothing, because the transport is ${transport}`, 'a mapping');
  }
  if (transport === 'https') {
    if (acs.https === undefined) tell('https', 'a mapping with the path of the ACS', 'nothing');
    if (acs.login === undefined) tell('login', 'a mapping; over HTTPS it goes with each message', 'nothing');
    if (acs.telnet !== undefined) tell('telnet', 'nothing, because the transport is https', 'a mapping');
    if (acs.charset !== undefined && !/^utf-?8$/i.test(acs.charset)) {
      tell('charset', 'utf-8, because the transport is https', `the text ${JSON.stringify(acs.charset)}`);
    }
  }
  const tls = acsTls(acs);
  if (!tls.ok) tell(`tls.${tls.error.key}`, 'text in PEM form that can be used', tls.error.reason);
  return told;
}
