import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StationProcess, StationProcessOptions } from '../../../src/cli/station-process.ts';
import type * as FakeElectron from './fake-electron.ts';
import { FakeStation, settle } from './support.ts';

const { startStation } = vi.hoisted(() => ({
  startStation: vi.fn<(options: StationProcessOptions) => Promise<StationProcess>>(),
}));

vi.mock('electron', () => import('./fake-electron.ts'));
vi.mock('../../../src/cli/station-process.ts', () => ({ startStation, startFirstStation: startStation }));

let electron: typeof FakeElectron;

const processEvents = ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection'];
/** What vitest itself listens to stays. */
let listenersBefore: Map<string, unknown[]>;
let said: string;

beforeEach(async () => {
  // The module that takes Electron's place stays the same; the program's own are new each time.
  vi.resetModules();
  electron = (await import('electron')) as unknown as typeof FakeElectron;
  electron.resetElectron();
  startStation.mockReset().mockImplementation(() => Promise.resolve(new FakeStation()));
  listenersBefore = new Map(processEvents.map((name) => [name, process.rawListeners(name)]));
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    said += String(chunk);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(process, 'resourcesPath');
  for (const name of processEvents) {
    for (const listener of process.rawListeners(name)) {
      const isOurs = listenersBefore.get(name)?.includes(listener) !== true;
      if (isOurs) process.off(name, listener as () => void);
    }
  }
});

/** Runs the program’s first file, as Electron does. */
async function run(switches: Record<string, string>): Promise<void> {
  electron.app.switches = switches;
  await import('../../../src/main/main.ts');
  for (let turns = 0; turns < 5; turns++) await settle();
}

test('turns the sandbox on for every renderer and knows its scheme before it is ready', async () => {
  await run({ config: '/etc/station.yaml' });
  expect(electron.app.sandboxed).toBe(true);
  expect(electron.schemes).toHaveLength(1);
});

test('starts the station of the file that is named, with the Node of the clone', async () => {
  await run({ config: '/etc/station.yaml' });
  const options = startStation.mock.calls[0]?.[0];
  expect(options?.config).toBe('/etc/station.yaml');
  expect(options?.program).toEqual({
    node: '/opt/clone/node_modules/node/bin/node',
    file: '/opt/clone/src/station/main.ts',
  });
  expect(electron.BrowserWindow.all[0]?.options['kiosk']).toBe(true);
});

test('starts no station where it is to join one', async () => {
  await run({ socket: '/run/station.sock' });
  expect(startStation).not.toHaveBeenCalled();
  expect(electron.BrowserWindow.all).toHaveLength(1);
});

test('leaves to the running one when it is the second', async () => {
  electron.app.hasLock = false;
  await run({});
  expect(said).toBe('Omatoimi runs already; its window was brought to the front.\n');
  expect([electron.app.exits, electron.BrowserWindow.all, startStation.mock.calls]).toEqual([[2], [], []]);
});

test.each(['remote-debugging-port', 'remote-debugging-pipe', 'inspect', 'inspect-brk'])(
  'does not run packaged with --%s',
  async (name) => {
    electron.app.isPackaged = true;
    await run({ [name]: '0' });
    expect(said).toBe('This program cannot be started with a debugger.\n');
    expect([electron.app.exits, electron.BrowserWindow.all, startStation.mock.calls]).toEqual([[2], [], []]);
  },
);

test('fills the screen when it is packaged, whatever is asked for', async () => {
  Reflect.set(process, 'resourcesPath', '/opt/Omatoimi/resources');
  electron.app.isPackaged = true;
  await run({ windowed: '' });
  expect(electron.BrowserWindow.all[0]?.options['kiosk']).toBe(true);
});

test('opens an ordinary window at a desk', async () => {
  await run({ windowed: '', socket: '/run/station.sock' });
  expect(electron.BrowserWindow.all[0]?.options['kiosk']).toBeUndefined();
});

test('shows at a desk the kiosk’s screen of 1080 × 1920, made small', async () => {
  await run({ windowed: '', socket: '/run/station.sock' });
  const options = electron.BrowserWindow.all[0]?.options;
  expect(options).toMatchObject({
    useContentSize: true,
    width: 576,
    height: 1024,
    webPreferences: { zoomFactor: expect.closeTo(576 / 1080, 5) },
  });
});

test('does not make the screen of a kiosk small', async () => {
  await run({});
  expect(electron.BrowserWindow.all[0]?.options['webPreferences']).not.toHaveProperty('zoomFactor');
});

const dock = 'http://127.0.0.1:8123/dock?alone';

test('opens the dock at a desk', async () => {
  await run({ windowed: '', dock, socket: '/run/station.sock' });
  expect(electron.BrowserWindow.all.map(({ loads }) => loads)).toEqual([
    ['omatoimi://app/index.html'],
    [dock],
  ]);
});

test.each(['https://127.0.0.1/dock', 'http://example.org/', 'http://127.0.0.1.example.org/', 'file:///dock'])(
  'opens no dock from %s',
  async (url) => {
    await run({ windowed: '', dock: url, socket: '/run/station.sock' });
    expect(electron.BrowserWindow.all).toHaveLength(1);
  },
);

test('has no dock when it is packaged, whatever is asked for', async () => {
  electron.app.isPackaged = true;
  await run({ windowed: '', dock, socket: '/run/station.sock' });
  expect(electron.BrowserWindow.all).toHaveLength(1);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends in order on %s', async (signal) => {
  await run({ config: '/etc/station.yaml' });
  process.emit(signal);
  await settle();
  expect(electron.app.exits).toEqual([0]);
});

test('ends at once, with words and no dialog, when the impossible happens', async () => {
  await run({ socket: '/run/station.sock' });
  process.listeners('uncaughtException').at(-1)?.(new Error('impossible: a thing'), 'uncaughtException');
  expect(electron.app.exits).toEqual([1]);
  expect(said).toContain('impossible: a thing');
});
