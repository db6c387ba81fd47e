import { createSecureContext } from 'node:tls';
import selfsigned from 'selfsigned';

/** A certificate and its key, in PEM form. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

const dayMs = 86_400_000;

interface Order {
  readonly commonName: string;
  /** Who signs it; itself where that is left out. */
  readonly by?: Identity;
  readonly authority?: boolean;
  /** DNS names and addresses that it is good for. */
  readonly names?: readonly string[];
  /** Its life in days from now, which may have ended. */
  readonly daysFrom?: number;
  readonly daysTo?: number;
}

async function made({
  commonName,
  by,
  authority = false,
  names = [],
  daysFrom = -1,
  daysTo = 2,
}: Order): Promise<Identity> {
  const now = Date.now();
  const pems = await selfsigned.generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now + daysFrom * dayMs),
    notAfterDate: new Date(now + daysTo * dayMs),
    ...(by === undefined ? {} : { ca: { key: by.key, cert: by.certificate } }),
    extensions: authority
      ? [
          { name: 'basicConstraints', cA: true, critical: true },
          { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
        ]
      : [
          { name: 'basicConstraints', cA: false, critical: true },
          {
            name: 'subjectAltName',
            altNames: names.map((name) =>
              /^[\d.]+$/.test(name) ? { type: 7, ip: name } : { type: 2, value: name },
            ),
          },
        ],
  });
  // What OpenSSL cannot use would only be told in the middle of a test.
  createSecureContext({ cert: pems.cert, key: pems.private });
  return { certificate: pems.cert, key: pems.private };
}

/** A private authority, as a library’s data centre has one. */
export function privateAuthority(commonName = 'Test Authority'): Promise<Identity> {
  return made({ commonName, authority: true });
}

export function serverIdentity(
  by: Identity,
  names: readonly string[],
  more: Partial<Order> = {},
): Promise<Identity> {
  return made({ commonName: names[0] ?? 'server', by, names, ...more });
}

export function clientIdentity(by: Identity, commonName = 'station-1'): Promise<Identity> {
  return made({ commonName, by, names: [commonName] });
}

/** A certificate that only itself vouches for. */
export function loneIdentity(names: readonly string[]): Promise<Identity> {
  return made({ commonName: names[0] ?? 'server', names });
}
