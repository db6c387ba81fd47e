import {
  connect as connectTcp,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
} from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkTls, openTls, type TlsSettings } from '../../../src/sip2/tls.ts';
import {
  clientIdentity,
  loneIdentity,
  privateAuthority,
  serverIdentity,
  type Identity,
} from '../../support/certificates.ts';
import { StreamRecord } from '../../support/stream-events.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let authority: Identity;
let stranger: Identity;
let server: Identity;
const servers: Server[] = [];
const records: StreamRecord[] = [];

beforeAll(async () => {
  authority = await privateAuthority();
  stranger = await privateAuthority('Another Authority');
  server = await serverIdentity(authority, ['localhost', '127.0.0.1', 'acs.library.example']);
});

afterEach(() => {
  for (const record of records.splice(0)) record.stream.close();
  for (const one of servers.splice(0)) one.close();
});

async function listening(one: Server): Promise<number> {
  servers.push(one);
  await new Promise<void>((ready) => one.listen(0, '127.0.0.1', ready));
  return (one.address() as AddressInfo).port;
}

/** An ACS behind TLS that repeats what it hears. */
function echo(identity: Identity, more: TlsOptions = {}): Promise<number> {
  const { certificate: cert, key } = identity;
  const made = createServer({ cert, key, ...more }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  made.on('tlsClientError', () => undefined);
  return listening(made);
}

function record(port: number, settings: TlsSettings, host = '127.0.0.1'): StreamRecord {
  const checked = checkTls(host, settings);
  if (!checked.ok) throw new Error(`${checked.error.key}: ${checked.error.reason}`);
  const made = new StreamRecord(openTls('127.0.0.1', port, checked.value));
  records.push(made);
  return made;
}

describe('a certificate that verifies', () => {
  test('by the private authority: bytes go both ways', async () => {
    const it = record(await echo(server), { ca: authority.certificate });
    expect(it.write('too early')).toBe(false);
    await it.untilOpen();
    expect(it.write('9900402.00\r')).toBe(true);
    await it.untilText('9900402.00\r');
  });

  test('for the configured name, whatever the address', async () => {
    const only = await serverIdentity(authority, ['acs.library.example']);
    const it = record(await echo(only), { ca: authority.certificate, serverName: 'acs.library.example' });
    await it.untilOpen();
    expect(it.closed).toBeUndefined();
  });

  test('with the station’s own certificate, where the ACS asks for one', async () => {
    const port = await echo(server, {
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const mine = await clientIdentity(authority);
    const it = record(port, { ca: authority.certificate, ...mine });
    await it.untilOpen();
    it.write('99');
    await it.untilText('99');
    expect(it.closed).toBeUndefined();
  });
});

describe('no connection, and the technician is told why', () => {
  test.each([
    [
      'an authority that is not trusted',
      () => echo(server),
      () => ({ ca: stranger.certificate }),
      /no authority that is trusted/,
    ],
    ['none of the usual authorities', () => echo(server), () => ({}), /no authority that is trusted/],
    [
      'a certificate that only itself vouches for',
      async () => echo(await loneIdentity(['127.0.0.1'])),
      () => ({ ca: authority.certificate }),
      /no authority that is trusted/,
    ],
    [
      'another name',
      async () => echo(await serverIdentity(authority, ['elsewhere.example'])),
      () => ({ ca: authority.certificate }),
      /for another name/,
    ],
    [
      'another name than the configured one',
      () => echo(server),
      () => ({ ca: authority.certificate, serverName: 'other.example' }),
      /for another name/,
    ],
    [
      'an expired certificate',
      async () => echo(await serverIdentity(authority, ['127.0.0.1'], { daysFrom: -3, daysTo: -1 })),
      () => ({ ca: authority.certificate }),
      /expired/,
    ],
    [
      'a certificate of tomorrow',
      async () => echo(await serverIdentity(authority, ['127.0.0.1'], { daysFrom: 1, daysTo: 3 })),
      () => ({ ca: authority.certificate }),
      /not valid yet/,
    ],
  ] as const)('%s', async (_what, listen, settings, reason) => {
    const it = record(await listen(), settings());
    const { reason: told, end } = await it.untilClosed();
    expect(told).toMatch(reason);
    expect(end).toEqual({ refused: 'certificate' });
    expect(it.opened).toBe(false);
  });

  test('an ACS that wants the station’s certificate and gets none, or one of a stranger', async () => {
    const ask = { ca: authority.certificate, requestCert: true, rejectUnauthorized: true };
    const port = await echo(server, ask);
    const strange = await clientIdentity(stranger);
    const without = await record(port, { ca: authority.certificate }).untilClosed();
    expect(without.reason).toMatch(/^the ACS does not take this station’s certificate \(ERR_SSL_/);
    expect(without.end).toEqual({ refused: 'terminal' });
    // Node’s own server hangs up on a stranger without an alert.
    const { reason } = await record(port, { ca: authority.certificate, ...strange }).untilClosed();
    expect(reason).toContain('it may not take this station’s certificate');
  });

  test('a server that speaks no TLS, and none at all', async () => {
    const plain = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('login: ');
    });
    const first = await record(await listening(plain), { ca: authority.certificate }).untilClosed();
    expect(first.reason).toMatch(/^no TLS can be spoken/);
    expect(first.end?.refused).toBeUndefined();
    const gone = createTcpServer();
    const port = await listening(gone);
    await new Promise<void>((closed) => gone.close(() => closed()));
    expect((await record(port, {}).untilClosed()).reason).toBe('ECONNREFUSED');
  });

  test('TLS 1.1 is not spoken', async () => {
    const port = await echo(server, {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL@SECLEVEL=0',
    });
    const it = record(port, { ca: authority.certificate });
    await it.untilClosed();
    expect(it.opened).toBe(false);
  });
});

describe('settings', () => {
  test('are refused by their key', async () => {
    const other = await clientIdentity(authority);
    const key = (settings: TlsSettings): string => {
      const checked = checkTls('127.0.0.1', settings);
      return checked.ok ? 'fine' : checked.error.key;
    };
    expect(key({ ca: authority.certificate })).toBe('fine');
    expect(key({ ca: 'no PEM' })).toBe('ca');
    expect(key({ certificate: 'no PEM', key: other.key })).toBe('certificate');
    expect(key({ certificate: server.certificate })).toBe('key');
    expect(key({ key: server.key })).toBe('key');
    expect(key({ certificate: server.certificate, key: other.key })).toBe('key');
    expect(key({ certificate: server.certificate, key: server.key })).toBe('fine');
  });

  test('nothing of them turns the verification off', () => {
    const checked = checkTls('acs.example', {});
    expect(checked.ok && checked.value).toMatchObject({
      rejectUnauthorized: true,
      servername: 'acs.example',
    });
  });
});

test('what passes the wire is not to be read on it', async () => {
  const port = await echo(server);
  let seen = '';
  const tap = createTcpServer((near) => {
    const far = connectTcp(port, '127.0.0.1');
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.on('data', (chunk: Buffer) => (seen += chunk.toString('latin1')));
    near.pipe(far);
    far.pipe(near);
  });
  const it = record(await listening(tap), { ca: authority.certificate });
  await it.untilOpen();
  it.write('63AD4711|');
  await it.untilText('63AD4711|');
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).not.toContain('4711');
});
