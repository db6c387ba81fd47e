import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { systemRandom } from '../../../src/kernel/random.ts';
import type { Customership, IlsStatus, Outcome, Reply } from '../../../src/ils/ils.ts';
import { Sip2Ils } from '../../../src/ils/sip2-ils.ts';
import { AcsProcess } from '../../../src/simulator/acs/control-client.ts';
import { openTcp } from '../../../src/sip2/tcp.ts';
import { until } from '../../support/until.ts';
import { eventually } from '../../support/wait.ts';

/** Of the demo library: an ordinary patron and a free book. */
const card = '21999000020071';
const item = '31999000010070';
const pin = (): Uint8Array => Buffer.from('1234');

let acs: AcsProcess;
let ils: Sip2Ils;
let states: IlsStatus[];

function connect(port: number, password = 'clientpwd'): Sip2Ils {
  const created = Sip2Ils.create(
    {
      institutionId: 'KEKSILA',
      login: { user: 'scclient', password },
      errorDetection: true,
      timeZone: 'Europe/Helsinki',
      currency: 'EUR',
      language: 'fi',
    },
    { open: openTcp('127.0.0.1', port), clock: systemClock, random: systemRandom, log: silentLog },
  );
  if (!created.ok) throw new Error(created.error.kind);
  states = [];
  created.value.start((status) => states.push(status));
  return created.value;
}

function asked<T>(call: (reply: Reply<T>) => void): Promise<Outcome<T>> {
  return new Promise((resolve) => call(resolve));
}

const online = (): Promise<unknown> => eventually('on-line', () => states.at(-1)?.state === 'online');

beforeEach(async () => {
  acs = await AcsProcess.start({ login: { user: 'scclient', password: 'clientpwd' } });
});

afterEach(async () => {
  ils.stop();
  await acs.kill();
});

test('the main job over TCP: card and PIN, borrow, account, renew, return, goodbye', async () => {
  ils = connect(acs.port);
  await online();
  const at = systemClock.now();
  const empty = await asked<Customership>((reply) => ils.checkCustomership({ card, pin: pin() }, reply));
  expect(empty).toMatchObject({ kind: 'answered', value: { known: true, pin: 'right', blocks: [] } });
  const before = empty.kind === 'answered' ? empty.value.chargedItems : undefined;
  expect(before).not.toContain(item);

  const lent = await asked((reply) => ils.checkout({ card, item, at }, reply));
  expect(lent).toMatchObject({
    kind: 'answered',
    value: {
      result: 'lent',
      renewal: false,
      title: 'Seitsemän veljestä',
      due: { kind: 'day' },
      desensitize: true,
    },
  });
  const account = await asked((reply) => ils.account({ card, list: 'charged' }, reply));
  expect(account).toMatchObject({ kind: 'answered', value: { entries: [...(before ?? []), item] } });
  const information = await asked((reply) => ils.item({ item }, reply));
  expect(information).toMatchObject({ kind: 'answered', value: { known: true, status: 'charged' } });
  const renewed = await asked((reply) => ils.renew({ card, item, at }, reply));
  expect(renewed).toMatchObject({ kind: 'answered' });
  const returned = await asked((reply) => ils.checkin({ item, at, offline: false }, reply));
  expect(returned).toMatchObject({
    kind: 'answered',
    value: { result: 'taken', title: 'Seitsemän veljestä' },
  });
  const ended = await asked((reply) => ils.endSession({ card }, reply));
  expect(ended).toEqual({ kind: 'answered', value: undefined });
});

test('a wrong PIN, an unknown card, an unknown item', async () => {
  ils = connect(acs.port);
  await online();
  const wrong = await asked((reply) => ils.checkCustomership({ card, pin: Buffer.from('9999') }, reply));
  expect(wrong).toMatchObject({ kind: 'answered', value: { known: true, pin: 'wrong' } });
  const stranger = await asked((reply) => ils.checkCustomership({ card: '999', pin: pin() }, reply));
  expect(stranger).toMatchObject({ kind: 'answered', value: { known: false } });
  const nothing = await asked((reply) => ils.item({ item: '999' }, reply));
  expect(nothing).toMatchObject({ kind: 'answered', value: { known: false, title: undefined } });
});

test('the ACS dies and comes back: requests say what became of them, and the connection heals itself', async () => {
  ils = connect(acs.port);
  await online();
  const { port } = acs;
  await acs.kill();
  await eventually('unreachable', () => states.at(-1)?.state === 'unreachable');
  const away = await asked((reply) => ils.checkout({ card, item, at: systemClock.now() }, reply));
  expect(away).toEqual({ kind: 'notSent', reason: 'unreachable' });
  acs = await until('it has its port again', () =>
    AcsProcess.start({ port, login: { user: 'scclient', password: 'clientpwd' } }),
  );
  await online();
  const back = await asked((reply) => ils.item({ item }, reply));
  expect(back).toMatchObject({ kind: 'answered', value: { known: true } });
});

test('a refused log-in is told as that', async () => {
  ils = connect(acs.port, 'wrong');
  await eventually('refused', () => states.at(-1)?.state === 'loginRefused');
  const outcome = await asked((reply) => ils.item({ item }, reply));
  expect(outcome).toEqual({ kind: 'notSent', reason: 'loginRefused' });
});
