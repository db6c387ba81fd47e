import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { AcsProcess } from '../../../src/simulator/acs/control-client.ts';
import {
  clientIdentity,
  privateAuthority,
  serverIdentity,
  type Identity,
} from '../../support/certificates.ts';
import { books, people } from '../../support/example-library.ts';
import { telnetFront, tlsFront } from '../../support/fronts.ts';
import { bridgeTo, fbsReply, HttpsAcs, type Answer } from '../../support/https-acs.ts';
import { StationDesk } from '../../support/station-desk.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const { aino } = people;
const { brothers } = books;
const login = { user: 'scclient', password: 'clientpwd' };
const ended: (() => Promise<unknown>)[] = [];
let authority: Identity;
let server: Identity;

beforeAll(async () => {
  authority = await privateAuthority();
  server = await serverIdentity(authority, ['127.0.0.1', 'localhost']);
});

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

async function keep<T>(made: Promise<T>, end: (one: T) => Promise<unknown>): Promise<T> {
  const one = await made;
  ended.push(() => end(one));
  return one;
}

const acsProcess = (options: Parameters<typeof AcsProcess.start>[0] = {}): Promise<AcsProcess> =>
  keep(AcsProcess.start({ login, ...options }), (acs) => acs.kill());
const station = (acs: Readonly<Record<string, unknown>>): Promise<StationDesk> =>
  keep(StationDesk.start(acs), (desk) => desk.stop());

/** What the ledger of the ACS tells of the main job. */
const jobDone = [`checkout ${brothers.item} ${aino.card}`, `checkin ${brothers.item} ${aino.card}`];

/** Borrow, look at the account, give back; and what the ledger of the ACS tells of it. */
async function mainJob(desk: StationDesk, acs: AcsProcess): Promise<readonly string[]> {
  await desk.online();
  await desk.signIn('borrow', aino.card, aino.pin);
  desk.scan(brothers.item);
  const lent = await desk.row(brothers.item, 'done');
  expect(JSON.stringify(lent.screen)).toContain(brothers.title);
  desk.act({ do: 'chooseService', service: 'account' });
  await desk.until(
    'the loan is in the account',
    ({ screen }) => screen.name === 'account' && screen.loans.some(({ item }) => item === brothers.item),
  );
  desk.act({ do: 'finish', receipt: false });
  await desk.screen('home');
  desk.act({ do: 'chooseService', service: 'return' });
  await desk.screen('return');
  desk.scan(brothers.item);
  await desk.row(brothers.item, 'done');
  return (await acs.ledger()).map(({ effect, item, card }) => `${effect} ${item} ${card}`);
}

describe('the main job', () => {
  test('over TCP that ends lines with CR LF, in code page 850', async () => {
    const acs = await acsProcess({ charset: 'cp850' });
    const desk = await station({
      host: '127.0.0.1',
      port: acs.port,
      login,
      charset: 'cp850',
      terminator: 'crlf',
    });
    expect(await mainJob(desk, acs)).toEqual(jobDone);
  });

  test('behind telnet’s questions', async () => {
    const acs = await acsProcess();
    const front = await keep(telnetFront(acs.port, 'koha', 'sip-word'), (one) => one.stop());
    const desk = await station({
      host: '127.0.0.1',
      port: front.port,
      login,
      telnet: { user: 'koha', password: 'sip-word' },
    });
    expect(await mainJob(desk, acs)).toEqual(jobDone);
    expect(desk.log).not.toContain('sip-word');
  });

  test('over TLS with a private authority and the station’s own certificate', async () => {
    const acs = await acsProcess();
    const ask = { ca: authority.certificate, requestCert: true, rejectUnauthorized: true };
    const front = await keep(
      tlsFront(acs.port, { cert: server.certificate, key: server.key, ...ask }),
      (one) => one.stop(),
    );
    const tls = { ca: authority.certificate, ...(await clientIdentity(authority)) };
    const desk = await station({ transport: 'tls', host: '127.0.0.1', port: front.port, login, tls });
    expect(await mainJob(desk, acs)).toEqual(jobDone);
    expect(front.passed()).toContain(`AA${aino.card}|`);
  });

  test('over HTTPS', async () => {
    const acs = await acsProcess();
    const front = await keep(HttpsAcs.start(server, bridgeTo(acs.port, login)), (one) => one.stop());
    const desk = await station(overHttps(front.port));
    expect(await mainJob(desk, acs)).toEqual(jobDone);
    expect(new Set(front.posted.map(({ path }) => path))).toEqual(new Set(['/sip']));
    // The terminal’s log-in goes with each message, and there is no 93.
    expect(front.posted.every((one) => one.login === login.user && !one.sip2.startsWith('93'))).toBe(true);
  });
});

function overHttps(port: number): Record<string, unknown> {
  return {
    transport: 'https',
    host: '127.0.0.1',
    port,
    login,
    https: { path: '/sip' },
    tls: { ca: authority.certificate },
    replyTimeoutSeconds: 10,
  };
}

describe('a connection that may not be', () => {
  test('a certificate of another authority: nothing is said to it, patron and technician are told', async () => {
    const acs = await acsProcess();
    const front = await keep(tlsFront(acs.port, { cert: server.certificate, key: server.key }), (one) =>
      one.stop(),
    );
    const stranger = await privateAuthority('Another Authority');
    const desk = await station({
      transport: 'tls',
      host: '127.0.0.1',
      port: front.port,
      login,
      tls: { ca: stranger.certificate },
    });
    const view = await desk.until(
      'told',
      ({ status }) => status.message?.key === 'status.certificateRefused',
    );
    expect(view.status.mode).toBe('offline');
    const reason = expect.stringMatching(/no authority that is trusted here/) as unknown;
    expect(await desk.status()).toMatchObject({
      librarySystem: 'certificateRefused',
      librarySystemAdvice: expect.stringContaining('acs.tls.ca') as unknown,
      librarySystemReason: reason,
    });
    await desk.logged(/"acs.state".*certificateRefused.*no authority that is trusted here/);
    expect(front.passed()).toBe('');
  });
});

describe('each failure over HTTPS', () => {
  /** From the checkout on the front answers wrongly, once; then it is as it was. */
  const failures: readonly (readonly [string, Answer, RegExp])[] = [
    [
      'the ACS gave nothing',
      (_posted, response) => void response.end('<sip><response/></sip>'),
      /gave nothing/,
    ],
    ['a server error', (_posted, response) => void response.writeHead(500).end('oops'), /HTTP 500/],
    ['a client error', (_posted, response) => void response.writeHead(400).end('Bad Request'), /HTTP 400/],
    ['no XML', (_posted, response) => void response.end('It works!'), /not XML/],
    [
      'an error element',
      (_posted, response) => void response.end(fbsReply('Try later', 'error')),
      /Try later/,
    ],
    [
      'an exception',
      (_posted, response) =>
        void response.end(
          '<restExceptionInfo><errorCode>OPTIMISTIC_LOCK_VIOLATION</errorCode></restExceptionInfo>',
        ),
      /OPTIMISTIC_LOCK_VIOLATION/,
    ],
    [
      'a reply that was cut',
      (_posted, response) => void response.end(fbsReply('12'.repeat(9_000)).slice(0, 8_192)),
      /cut at 8192/,
    ],
    ['a hang-up', (_posted, response) => void response.destroy(), /ECONNRESET/],
  ];

  test('in the middle of a loan: the loan is asked about, made once, and the cause stands in the log', async () => {
    const acs = await acsProcess();
    const good = bridgeTo(acs.port, login);
    const front = await keep(HttpsAcs.start(server, good), (one) => one.stop());
    const desk = await station(overHttps(front.port));
    await desk.online();
    await desk.signIn('borrow', aino.card, aino.pin);
    const items = [books.brothers, books.sinuhe, books.kalevala, books.hare].map(({ item }) => item);
    let made = 0;
    for (const [what, bad, reason] of failures) {
      const item = items[made % items.length] ?? '';
      // The ACS lends, and its answer does not arrive as one.
      front.answer = async (posted, response) => {
        if (!posted.sip2.startsWith('11')) return good(posted, response);
        front.answer = good;
        await good(posted, {
          writeHead: () => undefined,
          end: () => undefined,
          destroy: () => undefined,
        } as never);
        return bad(posted, response);
      };
      desk.scan(item);
      await desk.row(item, 'done');
      await desk.online();
      made++;
      await desk.logged(reason, what);
      if (made % items.length === 0) {
        // Back to the shelf, so that the next round can borrow them again.
        desk.act({ do: 'chooseService', service: 'return' });
        await desk.screen('return');
        for (const one of items) {
          desk.scan(one);
          await desk.row(one, 'done');
        }
        desk.act({ do: 'finish', receipt: false });
        await desk.screen('home');
        if (made < failures.length) await desk.signIn('borrow', aino.card, aino.pin);
      }
    }
    const loans = (await acs.ledger()).filter(({ effect }) => effect === 'checkout');
    expect(loans).toHaveLength(failures.length);
  });

  test('a refused log-in has its own state and words', async () => {
    const refusing: Answer = (_posted, response) => void response.end(fbsReply('940'));
    const front = await keep(HttpsAcs.start(server, refusing), (one) => one.stop());
    const desk = await station(overHttps(front.port));
    await desk.until('told', ({ status }) => status.message?.key === 'status.loginRefused');
    expect(await desk.status()).toMatchObject({ librarySystem: 'loginRefused' });
  });

  test('a path that is not there: the terminal is turned away', async () => {
    const missing: Answer = (_posted, response) => void response.writeHead(404).end('Not Found');
    const front = await keep(HttpsAcs.start(server, missing), (one) => one.stop());
    const desk = await station(overHttps(front.port));
    await desk.until('told', ({ status }) => status.message?.key === 'status.terminalRefused');
    expect(await desk.status()).toMatchObject({
      librarySystem: 'terminalRefused',
      librarySystemReason: expect.stringMatching(/^HTTP 404/) as unknown,
    });
  });
});
