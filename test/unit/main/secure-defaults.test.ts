import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { app, FakeEvent, menus, powerSaving, resetElectron, schemes, sessions } from './fake-electron.ts';
import { lastWindow, ShellStage, stationSession } from './support.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

/** Each item of Electron’s security tutorial, as far as a program decides about it. */

let stage: ShellStage;

beforeEach(async () => {
  resetElectron();
  stage = await new ShellStage().start();
});

describe('the page', () => {
  test.each([
    ['sandbox', true],
    ['contextIsolation', true],
    ['nodeIntegration', false],
    ['nodeIntegrationInWorker', false],
    ['nodeIntegrationInSubFrames', false],
    ['webSecurity', true],
    ['allowRunningInsecureContent', false],
    ['experimentalFeatures', false],
    ['webviewTag', false],
    ['navigateOnDragDrop', false],
    ['disableDialogs', true],
    ['spellcheck', false],
    ['enableBlinkFeatures', undefined],
    ['preload', '/opt/preload.cjs'],
  ])('has %s = %s', (name, value) => {
    expect(lastWindow().options.webPreferences[name]).toBe(value);
  });

  test('comes from the program itself, not from a file or a server', () => {
    expect(lastWindow().loads).toEqual(['omatoimi://app/index.html']);
  });

  test('lives in a session that keeps nothing on the disk', () => {
    expect([...sessions.keys()]).toEqual(['station']);
    expect(sessions.get('station')?.options).toEqual({ cache: false });
    expect(lastWindow().options.webPreferences['session']).toBe(stationSession());
  });

  test('has developer tools only where the program is not packaged', async () => {
    expect(lastWindow().options.webPreferences['devTools']).toBe(true);
    resetElectron();
    app.isPackaged = true;
    await new ShellStage().start();
    expect(lastWindow().options.webPreferences['devTools']).toBe(false);
  });

  test('cannot be zoomed by fingers', () => {
    lastWindow().webContents.emit('dom-ready');
    expect(lastWindow().webContents.zoomLimits).toEqual([[1, 1]]);
  });
});

const hostileUrls = [
  'https://example.org/',
  'http://127.0.0.1:8123/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,hello',
  'blob:omatoimi://app/1',
  'mailto:someone@example.org',
  'ms-settings:',
  'about:blank',
  'chrome://gpu',
  'omatoimi://other/index.html',
  'omatoimi://app.example.org/index.html',
  'omatoimi://app:99/index.html',
  'omatoimi://someone@app/index.html',
  'omatoimix://app/index.html',
  'omatoimi-://app/index.html',
  'not an address',
  '',
];

describe('every way out', () => {
  test.each(hostileUrls)('by navigation to "%s" is shut', (url) => {
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      const event = new FakeEvent(url);
      lastWindow().webContents.emit(name, event);
      expect(event.prevented, name).toBe(true);
    }
    expect(stage.log.refused()).toHaveLength(3);
    expect(stage.log.refused()[0]).toMatchObject({ rule: 'navigation' });
  });

  test.each(['omatoimi://app/', 'omatoimi://app/nothing.html', 'omatoimi://app/assets/a.js'])(
    'leads to no blank page of our own either: %s',
    (url) => {
      const event = new FakeEvent(url);
      lastWindow().webContents.emit('will-navigate', event);
      expect(event.prevented).toBe(true);
    },
  );

  test('stays open to the page itself, which loads itself anew', () => {
    const event = new FakeEvent('omatoimi://app/index.html');
    lastWindow().webContents.emit('will-navigate', event);
    expect(event.prevented).toBe(false);
  });

  test.each([...hostileUrls, 'omatoimi://app/index.html'])('by a window with "%s" is shut', (url) => {
    expect(lastWindow().webContents.openWindow({ url })).toEqual({ action: 'deny' });
    expect(stage.log.refused()).toMatchObject([{ rule: 'window' }]);
  });

  test('is logged without what an address may tell of a person', () => {
    lastWindow().webContents.openWindow({ url: 'https://user:secret@example.org/patron?card=21999' });
    expect(stage.log.refused()).toEqual([
      { event: 'shell.refused', rule: 'window', host: 'https://example.org' },
    ]);
  });

  test('by a web view is shut', () => {
    const event = new FakeEvent();
    lastWindow().webContents.emit('will-attach-webview', event);
    expect(event.prevented).toBe(true);
  });

  test('by a page that holds on to itself is open: it is left without asking', () => {
    const event = new FakeEvent();
    lastWindow().webContents.emit('will-prevent-unload', event);
    expect(event.prevented).toBe(true);
  });

  test('by the menu is shut', () => {
    expect(menus).toEqual([null]);
  });

  test('by the system’s programs or dialogs is shut: nothing of Electron that opens them is imported', () => {
    const sources = readdirSync('src/main').map((name) => readFileSync(`src/main/${name}`, 'utf8'));
    const imports = sources.flatMap((source) => [...source.matchAll(/import \{([^}]+)\} from 'electron'/g)]);
    const names = new Set(imports.flatMap(([, list = '']) => list.split(',').map((name) => name.trim())));
    const values = [...names].filter((name) => name !== '' && !name.startsWith('type '));
    const harmless = ['BrowserWindow', 'Menu', 'app', 'ipcMain', 'powerSaveBlocker', 'protocol', 'session'];
    const inPreload = ['contextBridge', 'ipcRenderer'];
    expect(values.toSorted()).toEqual([...harmless, ...inPreload].toSorted());
    expect(sources.join('\n')).not.toMatch(/executeJavaScript|require\('electron'\)|\* as electron/);
  });
});

describe('a permission', () => {
  test.each(['media', 'geolocation', 'notifications', 'midi', 'fullscreen', 'clipboard-read', 'unknown'])(
    'for %s is refused, and that is logged',
    (permission) => {
      const answers: unknown[] = [];
      const ask = stationSession().handlers['permission'] as (...args: unknown[]) => void;
      ask({}, permission, (answer: unknown) => answers.push(answer));
      expect(answers).toEqual([false]);
      expect(stage.log.refused()).toMatchObject([{ rule: 'permission', reason: permission }]);
    },
  );

  test('is refused where it is only checked', () => {
    expect((stationSession().handlers['permission check'] as () => unknown)()).toBe(false);
  });
});

describe('a device', () => {
  test('is not given', () => {
    expect((stationSession().handlers['device'] as () => unknown)()).toBe(false);
  });

  test.each([
    ['select-hid-device', 3],
    ['select-usb-device', 3],
    ['select-serial-port', 4],
  ])('cannot be chosen: %s', (name, arity) => {
    const event = new FakeEvent();
    const chosen: unknown[] = [];
    const between = Array.from({ length: arity - 2 }, () => ({}));
    stationSession().emit(name, event, ...between, (id: unknown) => chosen.push(id));
    expect([event.prevented, chosen]).toEqual([true, ['']]);
    expect(stage.log.refused()).toHaveLength(1);
  });

  test('cannot be chosen over Bluetooth, nor paired', () => {
    const event = new FakeEvent();
    const answers: unknown[] = [];
    lastWindow().webContents.emit('select-bluetooth-device', event, [], (id: unknown) => answers.push(id));
    const pair = stationSession().handlers['pairing'] as (...args: unknown[]) => void;
    pair({}, (answer: unknown) => answers.push(answer));
    expect([event.prevented, answers]).toEqual([true, ['', { confirmed: false }]]);
  });

  test('does not see the screen', () => {
    const answers: unknown[] = [];
    const ask = stationSession().handlers['screen'] as (...args: unknown[]) => void;
    ask({}, (streams: unknown) => answers.push(streams));
    expect(answers).toEqual([{}]);
  });
});

test('a download is refused, and that is logged', () => {
  const event = new FakeEvent();
  stationSession().emit('will-download', event, { getURL: () => 'https://example.org/file?of=someone' });
  expect(event.prevented).toBe(true);
  expect(stage.log.refused()).toMatchObject([{ rule: 'download', reason: 'https://example.org' }]);
});

test.each(hostileUrls)('a request for "%s" is cancelled', (url) => {
  const answers: unknown[] = [];
  const ask = stationSession().handlers['request'] as (...args: unknown[]) => void;
  ask({ url }, (answer: unknown) => answers.push(answer));
  ask({ url: 'omatoimi://app/assets/a.js' }, (answer: unknown) => answers.push(answer));
  expect(answers).toEqual([{ cancel: true }, { cancel: false }]);
});

describe('the program', () => {
  test('keeps the screen lit', () => {
    expect(powerSaving).toEqual(['prevent-display-sleep']);
  });

  test('gives its scheme no privilege beyond a secure page’s', async () => {
    const { registerScheme } = await import('../../../src/main/app-protocol.ts');
    registerScheme();
    expect(schemes).toEqual([
      {
        scheme: 'omatoimi',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
      },
    ]);
  });
});

describe('the kiosk’s window', () => {
  test.each([
    ['kiosk', true],
    ['fullscreen', true],
    ['frame', false],
    ['closable', false],
    ['minimizable', false],
    ['maximizable', false],
    ['movable', false],
  ])('has %s = %s', (name, value) => {
    expect(lastWindow().options[name]).toBe(value);
  });

  test('does not close', () => {
    const event = new FakeEvent();
    lastWindow().emit('close', event);
    expect(event.prevented).toBe(true);
  });

  test.each(['minimize', 'hide', 'leave-full-screen'])('comes back after %s', (name) => {
    lastWindow().minimized = true;
    lastWindow().emit(name);
    expect(lastWindow().acts).toEqual(['restore', 'show', 'kiosk true', 'focus']);
  });

  test('takes the focus back', () => {
    lastWindow().emit('blur');
    expect(lastWindow().acts).toEqual(['focus']);
  });

  test('may close once the program ends', () => {
    stage.shell?.end(0);
    const event = new FakeEvent();
    lastWindow().emit('close', event);
    lastWindow().emit('blur');
    expect([event.prevented, lastWindow().acts]).toEqual([false, []]);
  });
});
