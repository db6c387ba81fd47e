import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/kernel/clock.ts';
import { openHttps } from '../../../src/sip2/https.ts';
import { sipNamespaceDefault, xmlBytesMax } from '../../../src/sip2/sip-xml.ts';
import { checkTls } from '../../../src/sip2/tls.ts';
import { privateAuthority, serverIdentity, type Identity } from '../../support/certificates.ts';
import { fbsReply, HttpsAcs, type Answer } from '../../support/https-acs.ts';
import { StreamRecord } from '../../support/stream-events.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let authority: Identity;
let identity: Identity;
const open: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  authority = await privateAuthority();
  identity = await serverIdentity(authority, ['127.0.0.1']);
});

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function acs(answer: Answer): Promise<HttpsAcs> {
  const made = await HttpsAcs.start(identity, answer);
  open.push(() => made.stop());
  return made;
}

function stream(port: number, ca = authority.certificate): StreamRecord {
  const tls = checkTls('127.0.0.1', { ca });
  if (!tls.ok) throw new Error(tls.error.reason);
  const made = new StreamRecord(
    openHttps(
      {
        host: '127.0.0.1',
        port,
        path: '/rest/sip2/DK-775100',
        namespace: sipNamespaceDefault,
        login: { user: 'us"er&1', password: "pa<ss>'" },
        tls: tls.value,
      },
      systemClock,
    ),
  );
  open.push(() => made.stream.close());
  return made;
}

const status = '98YYYYYY60099920170619    1307082.00AODK-775100|BXYYYYYYYYYYYNNYYY|';
const good: Answer = (_posted, response) => void response.writeHead(200).end(fbsReply(status));

async function closedBy(answer: Answer): Promise<{ readonly reason: string; readonly end: unknown }> {
  const it = stream((await acs(answer)).port);
  await it.untilOpen();
  it.write('990xxx2.00\r');
  return it.untilClosed();
}

describe('an exchange', () => {
  test('is one POST with its credentials, and one line back', async () => {
    const server = await acs(good);
    const it = stream(server.port);
    expect(it.write('too early')).toBe(false);
    await it.untilOpen();
    it.write('2300920260115    093005|AODK|AAA&B<C>|AC|AD12345|\r');
    await it.untilText(`${status}\r`);
    expect(server.posted).toEqual([
      {
        method: 'POST',
        path: '/rest/sip2/DK-775100',
        type: 'application/xml; charset=utf-8',
        sip2: '2300920260115    093005|AODK|AAA&B<C>|AC|AD12345|',
        login: 'us"er&1',
        password: "pa<ss>'",
        body: expect.stringContaining('<request>23009'),
      },
    ]);
  });

  test('uses the connection again', async () => {
    const server = await acs(
      (posted, response) => void response.writeHead(200).end(fbsReply(`98${posted.sip2}`)),
    );
    const it = stream(server.port);
    await it.untilOpen();
    for (let index = 0; index < 5; index++) {
      it.write(`99${index}|\r`);
      await it.untilText(`9899${index}|\r`);
    }
    // On a busy machine one may have been idle for too long.
    expect(server.connections).toBeLessThan(5);
  });

  test('whose type is text/html is as good', async () => {
    const server = await acs((_posted, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html;charset=UTF-8' }).end(fbsReply(`${status}\r\n`));
    });
    const it = stream(server.port);
    await it.untilOpen();
    it.write('990xxx2.00\r');
    await it.untilText(`${status}\r`);
    expect(it.text).toBe(`${status}\r`);
  });
});

describe('failures are told apart', () => {
  const text =
    (code: number, body: string): Answer =>
    (_posted, response) =>
      void response.writeHead(code, { 'Content-Type': 'text/plain' }).end(body);

  test.each([
    ['the ACS gave nothing', text(200, '<ns1:sip xmlns:ns1="x"><response/></ns1:sip>'), /gave nothing/, {}],
    ['log-in refused', text(200, fbsReply('940')), /refused the log-in/, { refused: 'login' }],
    ['configuration', text(404, 'Not Found'), /^HTTP 404: address or path/, { refused: 'terminal' }],
    ['the server fails', text(503, 'Service Unavailable'), /^HTTP 503$/, {}],
    ['no XML', text(200, 'It works!'), /not XML/, {}],
    ['an error element', text(200, fbsReply('Something went wrong', 'error')), /Something went wrong/, {}],
    [
      'an exception',
      text(500, '<restExceptionInfo><errorCode>OPTIMISTIC_LOCK_VIOLATION</errorCode></restExceptionInfo>'),
      /OPTIMISTIC_LOCK_VIOLATION/,
      {},
    ],
    [
      'cut at 8,192 bytes',
      text(200, fbsReply(`64${'AU1|'.repeat(4_000)}`).slice(0, 8_192)),
      /cut at 8192 bytes/,
      {},
    ],
    ['endless', text(200, ' '.repeat(xmlBytesMax + 1)), /longer than any message/, {}],
  ] as const)('%s', async (_what, answer, reason, end) => {
    const told = await closedBy(answer);
    expect(told.reason).toMatch(reason);
    expect(told.end).toEqual(end);
  });

  test('a reply that breaks off', async () => {
    const told = await closedBy((_posted, response) => {
      response.writeHead(200, { 'Content-Length': 10_000 });
      response.write('<sip><response>98', () => response.destroy());
    });
    expect(told).toEqual({ reason: 'the reply broke off', end: {} });
  });

  test('a hang-up instead of a reply: the outcome is not known', async () => {
    const told = await closedBy((_posted, response) => void response.destroy());
    expect(told).toEqual({ reason: 'ECONNRESET', end: {} });
  });

  test('one refusal in the middle of good ones does not turn the station away', async () => {
    let times = 0;
    const server = await acs((posted, response) =>
      times++ === 0 ? good(posted, response) : text(400, 'odd card')(posted, response),
    );
    const it = stream(server.port);
    await it.untilOpen();
    it.write('990xxx2.00\r');
    await it.untilText(status);
    it.write('63AAodd|\r');
    expect(await it.untilClosed()).toEqual({ reason: expect.stringMatching(/^HTTP 400/), end: {} });
  });
});

describe('what never left is told as unsent', () => {
  test('no connection', async () => {
    const gone = createServer();
    await new Promise<void>((ready) => gone.listen(0, '127.0.0.1', ready));
    const { port } = gone.address() as AddressInfo;
    await new Promise<void>((closed) => gone.close(() => closed()));
    const it = stream(port);
    await it.untilOpen();
    it.write('09…\r');
    expect(await it.untilClosed()).toEqual({ reason: 'ECONNREFUSED', end: { unsent: true } });
  });

  test('a certificate that does not verify', async () => {
    const stranger = await privateAuthority('Another Authority');
    const server = await acs(good);
    const it = stream(server.port, stranger.certificate);
    await it.untilOpen();
    it.write('63AD4711|\r');
    const { reason, end } = await it.untilClosed();
    expect(reason).toMatch(/no authority that is trusted/);
    expect(end).toEqual({ refused: 'certificate', unsent: true });
    expect(server.posted).toEqual([]);
  });

  test('a handshake that breaks off', async () => {
    const plain = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.destroy());
    });
    await new Promise<void>((ready) => plain.listen(0, '127.0.0.1', ready));
    open.push(() => new Promise((closed) => plain.close(() => closed())));
    const it = stream((plain.address() as AddressInfo).port);
    await it.untilOpen();
    it.write('11…\r');
    expect((await it.untilClosed()).end).toEqual({ unsent: true });
  });
});

test('closing ends the exchange, and nothing comes after', async () => {
  let asked = (): void => undefined;
  const wasAsked = new Promise<void>((resolve) => (asked = resolve));
  let gone = (): void => undefined;
  const wentAway = new Promise<void>((resolve) => (gone = resolve));
  const server = await acs((_posted, response) => {
    response.on('close', () => gone());
    asked();
  });
  const it = stream(server.port);
  await it.untilOpen();
  it.write('99\r');
  await wasAsked;
  it.stream.close();
  await wentAway;
  expect(it.write('99\r')).toBe(false);
  expect([it.text, it.closed]).toEqual(['', undefined]);
});
