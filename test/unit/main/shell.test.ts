import { beforeEach, describe, expect, test, vi } from 'vitest';
import { restartsMax } from '../../../src/cli/supervisor.ts';
import { channels } from '../../../src/main/channels.ts';
import { firstLoadsMax, heartbeatMs, loadMsMax, unansweredMax } from '../../../src/main/page.ts';
import { app, BrowserWindow, FakeEvent, ipcMain, resetElectron, sessions } from './fake-electron.ts';
import { FakeSocket, lastWindow, settle, ShellStage } from './support.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

beforeEach(() => resetElectron());

/** As the preload script sends it. */
function fromPage(channel: string, value?: unknown): void {
  const { webContents } = lastWindow();
  ipcMain.emit(channel, { sender: webContents, senderFrame: webContents.mainFrame }, value);
}

function toPage(channel: string): unknown[] {
  return lastWindow()
    .webContents.sent.filter(([name]) => name === channel)
    .map(([, value]) => value);
}

describe('the shell', () => {
  test('starts the station and joins the page to it', async () => {
    const stage = await new ShellStage().start();
    fromPage(channels.connect);
    expect(stage.openedSockets).toEqual(['/run/station.sock']);
    stage.socket.last.events.opened();
    fromPage(channels.toStation, { v: 1, kind: 'watch' });
    stage.socket.last.say('{"v":1,"kind":"view"}\n');
    expect(stage.socket.last.written).toEqual(['{"v":1,"kind":"watch"}\n']);
    expect(toPage(channels.link)).toEqual([true]);
    expect(toPage(channels.fromStation)).toEqual([{ v: 1, kind: 'view' }]);
  });

  test('starts a station that ended again, after a while', async () => {
    const stage = await new ShellStage().start();
    stage.stations[0]?.end('SIGKILL');
    await settle();
    expect(stage.log.lines).toEqual([{ event: 'shell.station_ended', reason: 'SIGKILL', delayMs: 200 }]);
    await stage.pass(199);
    expect(stage.stations).toHaveLength(1);
    await stage.pass(1);
    expect(stage.stations).toHaveLength(2);
    expect(app.exits).toEqual([]);
  });

  test('gives up on a station that ends again and again, for the system to start all anew', async () => {
    const stage = await new ShellStage().start();
    for (let ends = 0; ends <= restartsMax; ends++) {
      stage.stations.at(-1)?.end('exit code 1');
      await settle();
      await stage.pass(10_000);
    }
    expect(stage.said).toEqual(['The station ended too often, the last time with: exit code 1.']);
    expect(app.exits).toEqual([1]);
  });

  test('ends with the station’s own sentence when it does not start', async () => {
    const stage = new ShellStage();
    stage.failToStart('station.yaml:3: library.name is expected.');
    await stage.start();
    await settle();
    expect(stage.said).toEqual(['station.yaml:3: library.name is expected.']);
    expect(app.exits).toEqual([2]);
  });

  test('joins a station that someone else runs, and neither starts nor stops one', async () => {
    const socket = new FakeSocket();
    const stage = await new ShellStage().start({ station: { attach: socket.open } });
    fromPage(channels.connect);
    socket.last.events.opened();
    expect(toPage(channels.link)).toEqual([true]);
    stage.shell?.end(0);
    await settle();
    expect([stage.stations, app.exits, socket.last.closed]).toEqual([[], [0], true]);
  });

  test('ends in order: the station first, then itself, once', async () => {
    const stage = await new ShellStage().start();
    const quit = new FakeEvent();
    app.emit('before-quit', quit);
    stage.shell?.end(1);
    await settle();
    expect([quit.prevented, stage.stations[0]?.stops, app.exits]).toEqual([true, 1, [0]]);
  });

  test('brings its window to the front when it is started a second time', async () => {
    await new ShellStage().start();
    lastWindow().minimized = true;
    app.emit('second-instance');
    expect(lastWindow().acts).toEqual(['restore', 'show', 'focus']);
  });

  test('logs the end of a helper of Chromium, which Chromium itself starts again', async () => {
    const stage = await new ShellStage().start();
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed' });
    expect(stage.log.lines).toEqual([{ event: 'shell.helper_ended', rule: 'GPU', reason: 'crashed' }]);
    expect(app.exits).toEqual([]);
  });
});

describe('the page', () => {
  async function assertEnded(stage: ShellStage, reason: string, loads: number): Promise<void> {
    await settle();
    expect(stage.log.lines).toContainEqual({ event: 'shell.page_ended', reason, delayMs: 200 });
    await stage.pass(200);
    expect(lastWindow().loads).toHaveLength(loads);
  }

  test('is loaded again when it crashes, and its link to the station is cut', async () => {
    const stage = await new ShellStage().start();
    fromPage(channels.connect);
    stage.socket.last.events.opened();
    lastWindow().webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    await assertEnded(stage, 'crashed', 2);
    expect(stage.socket.last.closed).toBe(true);
  });

  test('is ended and loaded again when it leaves heartbeats unanswered', async () => {
    const stage = await new ShellStage().start();
    expect(toPage(channels.ping)).toHaveLength(1);
    await stage.pass(heartbeatMs * (unansweredMax - 1));
    expect(lastWindow().webContents.crashes).toBe(0);
    await stage.pass(heartbeatMs);
    expect(lastWindow().webContents.crashes).toBe(1);
    await assertEnded(stage, 'the page hangs', 2);
  });

  test('goes on for ever while it answers', async () => {
    const stage = await new ShellStage().start();
    for (let beats = 0; beats < 100; beats++) {
      fromPage(channels.pong);
      await stage.pass(heartbeatMs);
    }
    expect([lastWindow().loads.length, stage.log.lines]).toEqual([1, []]);
  });

  test('is not kept alive by another page’s answers', async () => {
    const stage = await new ShellStage().start();
    for (let beats = 0; beats < unansweredMax; beats++) {
      ipcMain.emit(channels.pong, { sender: { id: -1 }, senderFrame: null });
      await stage.pass(heartbeatMs);
    }
    await assertEnded(stage, 'the page hangs', 2);
  });

  test('is loaded again when a later load of it fails', async () => {
    const stage = await new ShellStage().start();
    lastWindow().webContents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'omatoimi://app/', true);
    await assertEnded(stage, 'ERR_FILE_NOT_FOUND', 2);
  });

  test('does not mind a load that gave way, nor one within it', async () => {
    const stage = await new ShellStage().start();
    lastWindow().webContents.emit('did-fail-load', {}, -3, 'ERR_ABORTED', 'omatoimi://app/', true);
    lastWindow().webContents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'omatoimi://app/x', false);
    await settle();
    expect(stage.log.lines).toEqual([]);
  });

  test('gets a new window when it has closed its own', async () => {
    const stage = await new ShellStage().start();
    lastWindow().destroyed = true;
    lastWindow().emit('closed');
    app.emit('window-all-closed');
    await assertEnded(stage, 'the window was closed', 1);
    expect(BrowserWindow.all).toHaveLength(2);
    fromPage(channels.connect);
    expect(stage.socket.streams).toHaveLength(1);
    expect(app.exits).toEqual([]);
  });

  test('that hangs in its first load is loaded again', async () => {
    const loading = vi
      .spyOn(BrowserWindow.prototype, 'loadURL')
      .mockReturnValueOnce(new Promise(() => undefined));
    const stage = await new ShellStage().start();
    await stage.pass(loadMsMax);
    await settle();
    expect(loading).toHaveBeenCalledTimes(2);
    loading.mockRestore();
    expect(stage.log.lines).toContainEqual({
      event: 'shell.page_ended',
      reason: 'the page hangs',
      delayMs: 0,
    });
    expect(toPage(channels.ping)).toHaveLength(1);
    expect([stage.said, app.exits]).toEqual([[], []]);
  });

  test('that cannot be loaded at all ends the program', async () => {
    const loading = vi
      .spyOn(BrowserWindow.prototype, 'loadURL')
      .mockReturnValue(new Promise(() => undefined));
    const stage = await new ShellStage().start();
    for (let loads = 0; loads < firstLoadsMax; loads++) {
      expect(app.exits).toEqual([]);
      await stage.pass(loadMsMax);
      await settle();
    }
    loading.mockRestore();
    expect([stage.said, app.exits]).toEqual([['the page hangs'], [2]]);
  });

  test('in a window at a desk ends the program when the window is closed', async () => {
    await new ShellStage().start({ windowed: true });
    expect(lastWindow().options['kiosk']).toBeUndefined();
    const close = new FakeEvent();
    lastWindow().emit('close', close);
    lastWindow().destroyed = true;
    lastWindow().emit('closed');
    await settle();
    expect([close.prevented, app.exits]).toEqual([false, [0]]);
  });
});

describe('the dock’s window', () => {
  const dock = 'http://127.0.0.1:8123/dock?alone';

  async function openDock(): Promise<BrowserWindow> {
    await new ShellStage().start({ windowed: true, dock });
    return lastWindow();
  }

  test('shows its page, guarded as any other, with no way into the shell', async () => {
    const window = await openDock();
    expect(window.loads).toEqual([dock]);
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    });
    expect(window.options.webPreferences['preload']).toBeUndefined();
    expect(window.options.webPreferences['session']).toBe(sessions.get('dock')?.session);
  });

  test.each([
    ['http://127.0.0.1:8123/dock', false],
    ['http://127.0.0.1:8124/dock', true],
    ['https://example.org/', true],
    ['omatoimi://app/index.html', true],
    ['file:///etc/passwd', true],
  ])('goes to %s: refused %s', async (url, refused) => {
    const window = await openDock();
    const event = new FakeEvent(url);
    window.webContents.emit('will-navigate', event);
    expect(event.prevented).toBe(refused);
  });

  test('reaches its own server, by page and by socket, and no other', async () => {
    await openDock();
    const cancelled = (url: string): unknown => {
      let answered: unknown;
      const ask = sessions.get('dock')?.session.handlers['request'] as (...args: unknown[]) => void;
      ask({ url }, (answer: unknown) => (answered = answer));
      return answered;
    };
    expect(cancelled('http://127.0.0.1:8123/dock/scan')).toEqual({ cancel: false });
    expect(cancelled('ws://127.0.0.1:8123/dock/live')).toEqual({ cancel: false });
    expect(cancelled('http://127.0.0.1:8124/')).toEqual({ cancel: true });
    expect(cancelled('https://127.0.0.1:8123/')).toEqual({ cancel: true });
  });

  test('is closed without the station’s going', async () => {
    const window = await openDock();
    window.destroyed = true;
    window.emit('closed');
    await settle();
    expect(app.exits).toEqual([]);
  });

  test('is none where no dock is given', async () => {
    await new ShellStage().start({ windowed: true });
    expect([...sessions.keys()]).toEqual(['station']);
  });
});
