import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, createSecureContext, type ConnectionOptions } from 'node:tls';
import type { OpenByteStream } from '../kernel/bytes.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { keepAliveDelayMs, socketStream } from './socket-stream.ts';
import { tlsCloseOf } from './tls-failure.ts';

/** What a TLS connection is made with. Certificates and keys are text in PEM form. */
export interface TlsSettings {
  /** The authorities that may have signed the ACS’s certificate, in the place of the usual ones. */
  readonly ca?: string | undefined;
  /** The station’s own certificate and its key, where the ACS asks for one. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
  /** The name that the ACS’s certificate must have; the host where it is left out. */
  readonly serverName?: string | undefined;
}

/** Settings that were found good. The certificate is always verified; nothing here turns that off. */
export type CheckedTls = Required<
  Pick<ConnectionOptions, 'secureContext' | 'rejectUnauthorized' | 'minVersion' | 'checkServerIdentity'>
> & { readonly servername: string };

export interface TlsProblem {
  readonly key: 'ca' | 'certificate' | 'key';
  readonly reason: string;
}

const minVersion = 'TLSv1.2';

/** Checks authority, certificate and key. */
export function checkTls(host: string, settings: TlsSettings): Result<CheckedTls, TlsProblem> {
  const { ca, certificate: cert, key, passphrase, serverName } = settings;
  const name = serverName ?? host;
  for (const [part, pem] of [['ca', ca] as const, ['certificate', cert] as const]) {
    if (!areCertificates(pem)) return err({ key: part, reason: 'no certificate in PEM form' });
  }
  if ((cert === undefined) !== (key === undefined)) {
    return err({ key: 'key', reason: 'a certificate and its key belong together' });
  }
  try {
    const secureContext = createSecureContext({ ca, cert, key, passphrase, minVersion });
    return ok({
      secureContext,
      rejectUnauthorized: true,
      minVersion,
      // An address is no server name (RFC 6066, section 3); the certificate is held against it all the same.
      servername: isIP(name) === 0 ? name : '',
      checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    });
  } catch {
    return err({ key: 'key', reason: 'no key in PEM form that belongs to the certificate' });
  }
}

/** OpenSSL passes over text that is none, so it is read first. */
function areCertificates(pem: string | undefined): boolean {
  if (pem === undefined) return true;
  const blocks = pem.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  try {
    return blocks.length > 0 && blocks.every((block) => new X509Certificate(block).subject !== undefined);
  } catch {
    return false;
  }
}

/** TLS over TCP. A certificate that does not verify is no connection. */
export function openTls(host: string, port: number, tls: CheckedTls): OpenByteStream {
  return (events) => {
    const socket = connect({ host, port, ...tls });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveDelayMs);
    return socketStream(socket, 'secureConnect', events, tlsCloseOf);
  };
}
