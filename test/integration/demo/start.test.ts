import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LedgerEntry } from '../../../src/simulator/acs/ledger.ts';
import { eventually } from '../../support/wait.ts';
import { descendantsOf, isAlive, post, StartRun, TestPage } from './demo-run.ts';

const card = '21999000020071';
const book = '31999000010070';
/** On loan to another patron from the start; a scanner takes the same label twice in a second for one. */
const overdue = { item: '31999000013710', card: '21999000020287' };

/** Each test starts several processes, on a machine that may be busy with other tests. */
vi.setConfig({ testTimeout: 150_000 });

let folder: string;
const runs: StartRun[] = [];
const pages: TestPage[] = [];

function start(...args: string[]): StartRun {
  const run = new StartRun(args);
  runs.push(run);
  return run;
}

function startDemo(...args: string[]): StartRun {
  return start('--port', '0', '--data', folder, ...args);
}

function openPage(url: string): TestPage {
  const page = new TestPage(url);
  pages.push(page);
  return page;
}

function ledger(): readonly LedgerEntry[] {
  try {
    return JSON.parse(readFileSync(join(folder, 'library-system.json'), 'utf8')).ledger;
  } catch {
    return [];
  }
}

async function borrow(url: string, page: TestPage): Promise<void> {
  await page.screen('home', ({ services }) => services.every(({ available }) => available));
  page.do({ do: 'chooseService', service: 'borrow' });
  await page.screen('card');
  await post(url, 'dock/scan', { text: card });
  await page.screen('pin');
  for (const key of '1234') {
    page.do({ do: 'pinKey', key });
  }
  page.do({ do: 'pinEnter' });
  await page.screen('borrow');
  await post(url, 'dock/scan', { text: book });
  await page.screen('borrow', ({ items }) =>
    items.some(({ item, state }) => item === book && state === 'done'),
  );
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-demo-'));
});

afterEach(async () => {
  for (const page of pages.splice(0)) {
    page.close();
  }
  for (const run of runs.splice(0)) {
    const children = descendantsOf(run.pid);
    run.kill('SIGKILL');
    await run.ended;
    await eventually('nothing is left of it', () => children.every(({ pid }) => !isAlive(pid)));
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('the demonstration', () => {
  test('lends a book that is scanned in the dock, and takes another one back', async () => {
    const run = startDemo();
    const url = await run.url();
    const page = openPage(url);
    await borrow(url, page);
    expect(ledger()).toMatchObject([{ effect: 'checkout', item: book, card, repeat: false }]);
    page.do({ do: 'finish', receipt: false });
    await page.screen('finished');
    page.do({ do: 'leave' });
    await page.screen('home');
    page.do({ do: 'chooseService', service: 'return' });
    await page.screen('return');
    await post(url, 'dock/scan', { text: overdue.item });
    await page.screen('return', ({ items }) =>
      items.some(({ item, state }) => item === overdue.item && state === 'done'),
    );
    expect(ledger()).toMatchObject([{ effect: 'checkout' }, { effect: 'checkin', ...overdue }]);
  });

  test('serves the dock with its library, and lets it frame the station', async () => {
    const url = await startDemo().url();
    const dock = await fetch(`${url}dock`);
    expect(dock.status).toBe(200);
    expect(dock.headers.get('content-security-policy')).toContain("frame-src 'self'");
    expect(await dock.text()).toContain('<div id="root">');
    const library = (await (await fetch(`${url}dock/library`)).json()) as {
      patrons: { card: string; pin: string; name: string; sort: string; group: string }[];
      items: { item: string; title: string; label: string; group: string }[];
    };
    expect(library.patrons[0]).toEqual({
      card,
      pin: '1234',
      name: 'Esimerkki, Aino',
      sort: 'Ordinary patron, Finnish',
      group: 'everyday',
    });
    expect(library.items).toContainEqual({
      item: book,
      title: 'Seitsemän veljestä',
      author: 'Kivi, Aleksis',
      label: 'Free: lend it',
      type: 'book',
      group: 'free',
    });
    expect(library.items.length).toBeGreaterThanOrEqual(500);
  });

  test('lets nobody but its own page scan or pull plugs, and only with what is expected', async () => {
    const url = await startDemo().url();
    const statuses = await Promise.all([
      post(url, 'dock/scan', { text: book }, { origin: 'http://evil.example' }),
      post(url, 'dock/scan', { text: book }, { origin: 'null' }),
      post(url, 'dock/scan', { text: book }, { 'content-type': 'text/plain' }),
      post(url, 'dock/scan', { text: '' }),
      post(url, 'dock/scan', '{'),
      post(url, 'dock/scan', { text: 'x'.repeat(5_000) }),
      post(url, 'dock/switch', { name: 'mains', on: false }),
      post(url, 'dock/fault', { kind: 'flood' }),
      post(url, 'dock/personality', { name: '' }),
      post(url, 'dock/personality', { name: 'standard' }),
      post(url, 'dock/scanner', { manner: 'politely' }),
      post(url, 'dock/station', { do: 'promote' }),
      post(url, 'dock/plate', { do: 'eat', item: book }),
      post(url, 'dock/card', { do: 'lay', card: '' }),
      post(url, 'dock/clock', { byMs: 1e15 }),
      post(url, 'dock/printer', { do: 'burn' }),
      post(url, 'dock/reset', { harder: true }),
      post(url, 'dock/library', {}),
      post(url, 'dock/live', {}),
      fetch(`${url}dock/scan`),
      fetch(`${url}dock/reset`),
      ...['switch', 'fault', 'scanner', 'station', 'reset'].map((path) =>
        post(url, `dock/${path}`, {}, { origin: 'http://evil.example' }),
      ),
      post(url, 'dock/scan', { text: book }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([
      403, 403, 415, 400, 400, 413, 400, 400, 400, 204, 400, 400, 400, 400, 400, 400, 400, 405, 405, 405, 405,
      403, 403, 403, 403, 403, 204,
    ]);
  });

  test('pulls the plug of the library system and of the scanner, and puts them back', async () => {
    const url = await startDemo().url();
    const page = openPage(url);
    await page.screen('home');
    expect((await post(url, 'dock/switch', { name: 'acs', on: false })).status).toBe(204);
    await eventually('the station sees it', () => page.view?.status.mode === 'offline');
    expect((await post(url, 'dock/switch', { name: 'acs', on: true })).status).toBe(204);
    await eventually('the station is back', () => page.view?.status.mode === 'online');
    expect((await post(url, 'dock/switch', { name: 'scanner', on: false })).status).toBe(204);
    await eventually('the station sees it', () => page.view?.status.mode === 'degraded');
    expect((await post(url, 'dock/scan', { text: book })).status).toBe(503);
    expect((await post(url, 'dock/switch', { name: 'scanner', on: true })).status).toBe(204);
    await eventually('the scanner is back', () => page.view?.status.mode === 'online');
    await borrow(url, page);
  });

  test('starts the station and the library system again when they are killed', async () => {
    const run = startDemo();
    const url = await run.url();
    const killed = descendantsOf(run.pid).filter(({ command }) =>
      /demo\/station\.ts|acs\/main\.ts/.test(command),
    );
    expect(killed).toHaveLength(2);
    for (const { pid } of killed) {
      process.kill(pid, 'SIGKILL');
    }
    await eventually('it says so', () => /The station ended .* starts again/.test(run.output));
    await eventually('it says so', () => /The library system ended .* starts again/.test(run.output));
    const page = await eventually(
      'the new station',
      () => {
        const candidate = pages.find(({ gone }) => !gone) ?? openPage(url);
        if (candidate.view === undefined) {
          return undefined;
        }
        return candidate;
      },
      60_000,
    );
    await borrow(url, page);
    expect(ledger()).toHaveLength(1);
  });

  test('keeps what happened for the next time, unless told to begin anew', async () => {
    const first = startDemo();
    await borrow(await first.url(), openPage(await first.url()));
    first.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = startDemo();
    await second.url();
    expect(ledger()).toHaveLength(1);
    second.kill('SIGTERM');
    await second.ended;

    await startDemo('--fresh').url();
    expect(ledger()).toHaveLength(0);
  });

  test('begins its loans anew when its library has changed, and says so', async () => {
    writeFileSync(join(folder, 'library-system.json'), '{"version":1,"institutionId":"OTHER"}');
    const run = startDemo();
    await run.url();
    expect(run.output).toContain('The example library has changed since last time, so its loans begin anew.');
  });
});

describe('its end', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s stops everything in order', async (signal) => {
    const run = startDemo();
    await run.url();
    const children = descendantsOf(run.pid);
    expect(children.length).toBeGreaterThanOrEqual(3);
    run.kill(signal);
    expect(await run.ended).toBe(0);
    await eventually('all have ended', () => children.every(({ pid }) => !isAlive(pid)));
    expect(run.errors).toBe('');
    expect(run.output).not.toContain('starts again');
  });

  test('kill -9 leaves no orphans, and the next start works at once', async () => {
    const run = startDemo();
    await run.url();
    const children = descendantsOf(run.pid);
    run.kill('SIGKILL');
    await run.ended;
    await startDemo().url();
    await eventually('all have ended', () => children.every(({ pid }) => !isAlive(pid)));
  });
});

describe('what it refuses, in one sentence', () => {
  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const run = start('--port', String(port), '--data', folder);
    expect(await run.ended).toBe(1);
    expect(run.errors).toBe(
      `Port ${port} is taken by another program: end it, or choose another with --port.\n`,
    );
    other.close();
  });

  test('a folder that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const run = start('--port', '0', '--data', join(folder, 'file', 'data'));
    expect(await run.ended).toBe(1);
    expect(run.errors).toMatch(/^The demonstration's folder .* can't be used: .+\.\n$/);
  });

  test('a folder in which another one runs', async () => {
    await startDemo().url();
    const second = startDemo();
    expect(await second.ended).toBe(1);
    expect(second.errors).toMatch(
      /^The demonstration's folder .* can't be used: another one runs there.*\n$/,
    );
  });

  test.each([
    [['--shell', 'paper'], '--shell is web or electron, not paper.\n'],
    [['--port', 'x'], '--port is a number from 0 to 65535, not x.\n'],
    [['--port', '70000'], '--port is a number from 0 to 65535, not 70000.\n'],
    [
      ['--config', 'x.yaml', '--fresh'],
      '--data, --fresh and --acs belong to the example; with --config the file says where the data are.\n',
    ],
  ])('%j', async (args, sentence) => {
    const run = start(...args);
    expect(await run.ended).toBe(2);
    expect(run.errors).toBe(sentence);
  });

  test.each([
    ['said by the file', 'shell: { kind: electron }\n', []],
    ['said by the command', '', ['--shell', 'electron']],
  ])('a port for a window %s', async (_, shell, args) => {
    const config = join(folder, 'station.yaml');
    const lines = ['configVersion: 1', 'library: { institutionId: TEST, name: { en: Test Library } }'];
    lines.push('acs: { host: 127.0.0.1, port: 1 }', 'data: { directory: ./data }', shell);
    writeFileSync(config, lines.join('\n'));
    const run = start('--config', config, '--port', '9000', ...args);
    expect(await run.ended).toBe(1);
    expect(run.errors).toBe(
      '--port belongs to a page in a browser: with --config, an Electron window takes its page from no port.\n',
    );
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('an option that there is not, with those that there are', async () => {
    const run = start('--prot', '1');
    expect(await run.ended).toBe(2);
    expect(run.errors).toMatch(/--prot[\s\S]*--port N/);
  });

  test('a configuration with a wrong key: file, line, key', async () => {
    const config = join(folder, 'station.yaml');
    writeFileSync(config, 'configVersion: 1\nlibary: {}\n');
    const run = start('--config', config);
    expect(await run.ended).toBe(1);
    expect(run.errors).toContain(config);
    expect(run.errors).toContain('libary');
  });
});

describe('with a configuration', () => {
  function writeConfig(acsPort: number): string {
    const config = join(folder, 'station.yaml');
    writeFileSync(
      config,
      [
        'configVersion: 1',
        'library: { institutionId: TEST, name: { en: Test Library } }',
        `acs: { host: 127.0.0.1, port: ${acsPort} }`,
        'data: { directory: ./data }',
        '',
      ].join('\n'),
    );
    return config;
  }

  test('runs the station and the page, and neither dock nor simulator', async () => {
    const run = start('--config', writeConfig(1), '--port', '0');
    const url = await run.url();
    const page = openPage(url);
    await page.screen('home');
    expect((await fetch(url)).headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    for (const path of ['dock', 'dock/', 'dock.html', 'dock?dock=1', 'dock/library', 'dock/live']) {
      expect((await fetch(`${url}${path}`)).status).toBe(404);
    }
    for (const path of ['scan', 'scanner', 'switch', 'fault', 'station', 'reset']) {
      expect((await post(url, `dock/${path}`, { do: 'kill' })).status).toBe(405);
    }
    // Whatever flag is set, the page is the station's own and nothing else.
    const plain = await (await fetch(url)).text();
    for (const flag of ['?dock=1', '?dock', '?demo=1&dock=true']) {
      expect(await (await fetch(`${url}${flag}`)).text()).toBe(plain);
    }
    expect(plain).not.toContain('dock');
    const assets = readdirSync(fileURLToPath(new URL('../../../dist/renderer/assets', import.meta.url)));
    const ofDock = assets.filter((name) => name.startsWith('dock'));
    expect(ofDock).not.toEqual([]);
    for (const name of ofDock) expect((await fetch(`${url}assets/${name}`)).status).toBe(404);
    const children = descendantsOf(run.pid);
    expect(children).toHaveLength(1);
    expect(children[0]?.command).toContain('station/main.ts');
    run.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  test('starts the station again when it is killed', async () => {
    const run = start('--config', writeConfig(1), '--port', '0');
    await run.url();
    const [station] = descendantsOf(run.pid);
    if (station === undefined) throw new Error('there is no station to kill');
    process.kill(station.pid, 'SIGKILL');
    await eventually('another one', () => {
      const [next] = descendantsOf(run.pid);
      return next !== undefined && next.pid !== station.pid;
    });
  });
});
