import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Screen } from '../../../src/shared/view.ts';
import { eventually } from '../../support/wait.ts';
import { descendantsOf, isAlive, post, StartRun, TestPage } from './demo-run.ts';

const card = '21999000020071';
const pin = '1234';
const book = '31999000010070';
const sixtyLoans = { card: '21999000021756', pin: '3690' };

/** Each test starts several processes, on a machine that may be busy with other tests. */
vi.setConfig({ testTimeout: 150_000, hookTimeout: 120_000 });

/** What the dock is told, as it comes. */
class LiveStream {
  readonly told: { readonly kind: string; readonly [key: string]: unknown }[] = [];
  text = '';
  readonly #abort = new AbortController();

  static async open(url: string): Promise<LiveStream> {
    const stream = new LiveStream();
    const response = await fetch(`${url}dock/live`, { signal: stream.#abort.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    void stream.#read(response);
    return stream;
  }

  close(): void {
    this.#abort.abort();
  }

  of(kind: string): readonly Record<string, unknown>[] {
    return this.told.filter((one) => one.kind === kind);
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of response.body ?? []) {
        const piece = decoder.decode(chunk, { stream: true });
        this.text += piece;
        const events = (rest + piece).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) this.told.push(JSON.parse(event.replace(/^data: /, '')));
      }
    } catch {
      // It was closed.
    }
  }
}

let folder: string;
let run: StartRun;
let url: string;
let page: TestPage;
const streams: LiveStream[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-dock-'));
  run = new StartRun(['--port', '0', '--data', folder]);
  url = await run.url();
  page = new TestPage(url);
  await page.screen('home', ({ services }) => services.every(({ available }) => available));
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  page.close();
  const children = descendantsOf(run.pid);
  run.kill('SIGKILL');
  await run.ended;
  await eventually('nothing is left of it', () => children.every(({ pid: one }) => !isAlive(one)));
  rmSync(folder, { recursive: true, force: true });
});

async function live(): Promise<LiveStream> {
  const stream = await LiveStream.open(url);
  streams.push(stream);
  return stream;
}

async function logIn(service: 'borrow' | 'account', who: { card: string; pin: string }): Promise<void> {
  page.do({ do: 'chooseService', service });
  await page.screen('card');
  await post(url, 'dock/scan', { text: who.card });
  await page.screen('pin');
  for (const key of who.pin) page.do({ do: 'pinKey', key });
  page.do({ do: 'pinEnter' });
}

async function borrow(): Promise<void> {
  await logIn('borrow', { card, pin });
  await page.screen('borrow');
  await post(url, 'dock/scan', { text: book });
  await page.screen('borrow', ({ items }) => items.some(({ state }) => state === 'done'));
}

test('a dock sees the lines masked, the journal, the ledger, the loans and the frames, and no number or PIN in the lines', async () => {
  const stream = await live();
  await borrow();
  await eventually('the journal has it', () =>
    stream.of('journal').some(({ rows }) => JSON.stringify(rows).includes('"accepted"')),
  );
  await eventually('the ledger has it', () =>
    stream.of('ledger').some(({ entries }) => JSON.stringify(entries).includes(book)),
  );
  const linesOnWire = () =>
    stream.of('wire').flatMap(({ lines }) => lines as { from: string; line: string }[]);
  const said = (from: string, code: string) =>
    linesOnWire().some((one) => one.from === from && one.line.startsWith(code));
  for (const [from, code] of [
    ['station', '93'],
    ['acs', '98'],
    ['station', '63'],
    ['station', '11'],
    ['acs', '12'],
  ] as const) {
    await eventually(`${from} ${code}`, () => said(from, code));
  }
  const wire = linesOnWire();
  expect(JSON.stringify(wire)).toContain('AD[4]');
  for (const personal of [card, pin, book, 'Esimerkki', 'veljestä']) {
    expect(JSON.stringify(wire)).not.toContain(personal);
  }
  const frames = await eventually('the frames', () => {
    const all = stream.of('frames').flatMap((one) => one['frames'] as Record<string, unknown>[]);
    return all.some(({ kind, what }) => kind === 'view' && what === 'borrow') ? all : undefined;
  });
  expect(frames.filter(({ what }) => what === 'pinKey')).toHaveLength(4);
  for (const frame of frames) {
    for (const key of Object.keys(frame)) {
      expect(['at', 'from', 'kind', 'what', 'revision', 'epoch', 'bytes']).toContain(key);
    }
  }
  await eventually('the loan', () =>
    stream
      .of('loans')
      .some(({ loans }) =>
        (loans as { item: string; card: string }[]).some((one) => one.item === book && one.card === card),
      ),
  );
});

test('a dock that comes later is told what was before', async () => {
  const first = await live();
  await borrow();
  await eventually('the ledger has it', () => first.of('ledger').length > 1);
  const second = await live();
  await eventually('the second has it too', () =>
    second.of('ledger').some(({ entries }) => JSON.stringify(entries).includes(book)),
  );
  await eventually('the second has the lines', () => JSON.stringify(second.of('wire')).includes('"11 '));
});

test('a card is laid on the reader and left, and the lamps say so', async () => {
  const stream = await live();
  const lamps = (): string => {
    const state = stream.of('state').at(-1)?.['state'] as { lamps: readonly string[] } | undefined;
    return [...(state?.lamps ?? [])].toSorted().join();
  };
  const lit = (names: string) => eventually(`the lamps ${names}`, () => lamps() === names);
  await lit('ready');
  expect((await post(url, 'dock/card', { do: 'lay', card: 'IMA00421K' })).status).not.toBe(204);
  expect((await post(url, 'dock/card', { do: 'lay', card })).status).toBe(204);
  await page.screen('pin');
  await lit('inUse');
  page.do({ do: 'leave' });
  await page.screen('home');
  await lit('cardSlot,ready');
  await eventually('the word comes', () => page.view?.notice?.message.key === 'notice.takeCard');
  expect((await post(url, 'dock/card', { do: 'take' })).status).toBe(204);
  await lit('ready');
  await eventually('the word goes', () => page.view?.notice === undefined);
  expect((await post(url, 'dock/switch', { name: 'cardReader', on: false })).status).toBe(204);
  await eventually('the dock is told of the plug', () => {
    const state = stream.of('state').at(-1)?.['state'] as { card: { plugged: boolean } } | undefined;
    return state?.card.plugged === false;
  });
});

test('not more docks than there is room for', async () => {
  for (let index = 0; index < 8; index++) await live();
  expect((await fetch(`${url}dock/live`)).status).toBe(503);
});

test('everything begins anew at the press of a button, and works', async () => {
  const stream = await live();
  await borrow();
  for (const [name, on] of [
    ['acsClosed', true],
    ['scanner', false],
  ] as const) {
    expect((await post(url, 'dock/switch', { name, on })).status).toBe(204);
  }
  expect((await post(url, 'dock/reset', {})).status).toBe(204);
  await eventually('the docks are told', () => stream.of('cleared').length > 1);
  const afterReset = stream.told.findLastIndex(({ kind }) => kind === 'cleared');
  expect(stream.told.slice(0, afterReset).some(({ kind }) => kind === 'ledger')).toBe(true);
  page.close();
  page = new TestPage(url);
  await page.screen('home', ({ services }) => services.every(({ available }) => available));
  // Lent a second time by a library system that knows nothing of the first; the scanner is in its plug again.
  await borrow();
  const entries = await eventually('the new ledger', () => {
    const told = stream.told.slice(afterReset).filter(({ kind }) => kind === 'ledger');
    return told.flatMap((one) => one['entries'] as { seq: number; effect: string; repeat: boolean }[])[0];
  });
  expect(entries).toMatchObject({ seq: 0, effect: 'checkout', repeat: false });
});

test('a station is killed and comes back; while it is away it cannot be killed again', async () => {
  const stationOf = () => descendantsOf(run.pid).find(({ command }) => command.includes('demo/station.ts'));
  const before = stationOf();
  expect((await post(url, 'dock/station', { do: 'kill' })).status).toBe(204);
  const again = await post(url, 'dock/station', { do: 'kill' });
  expect([again.status, await again.text()]).toEqual([503, 'the station is just being started\n']);
  const after = await eventually('another one', () => {
    const found = stationOf();
    return found?.pid === before?.pid ? undefined : found;
  });
  expect(after.pid).not.toBe(before?.pid);
  page.close();
  page = new TestPage(url);
  await page.screen('home', ({ services }) => services.every(({ available }) => available));
  await borrow();
});

test('an account of 60 loans comes piece by piece, whole in the end', async () => {
  await logIn('account', sixtyLoans);
  const { loans } = await page.screen('account', (screen) => !screen.loading);
  expect(loans).toHaveLength(60);
  expect(new Set(loans.map(({ item }) => item)).size).toBe(60);
  expect(loans.filter(({ title }) => title === undefined || title === '')).toEqual([]);
  const sizes = page.views
    .map(({ screen }) => screen)
    .filter((screen): screen is Extract<Screen, { name: 'account' }> => screen.name === 'account')
    .filter((screen) => screen.loading)
    .map((screen) => screen.loans.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(60);
  expect(new Set(sizes).size).toBeGreaterThan(1);
});
