import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../support/wait.ts';
import { Desk } from './support/desk.ts';
import { electron } from './support/electron.ts';
import { ShellRun } from './support/shell-run.ts';

vi.setConfig({ testTimeout: 150_000, hookTimeout: 90_000 });

const ownPage = 'omatoimi://app/index.html';

// Skipped where no Electron can be had (its package fetches it from GitHub): support/electron.ts then says so, and it counts as skipped.
describe.skipIf(electron === undefined)('a hostile page in a real Electron window', () => {
  let desk: Desk;
  let shell: ShellRun;
  /** The window that the tests share; none before the first of them, and after one that failed. */
  let running: ShellRun | undefined;
  let outside: Server;
  let outsideUrl: string;
  const visitors: string[] = [];

  beforeAll(async () => {
    outside = createServer((request, response) => {
      visitors.push(request.url ?? '');
      response.end('outside');
    });
    await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
    outsideUrl = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/`;
    desk = await Desk.open(electron ?? '');
  });
  beforeEach(async () => {
    if (running !== undefined) return;
    visitors.splice(0);
    running = await ShellRun.start(desk, [`--socket=${join(desk.folder, 'nobody.sock')}`]);
    shell = running;
    await shell.screen('oneMoment');
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await running?.kill();
    running = undefined;
  });
  afterAll(async () => {
    await running?.kill();
    await desk.close();
    outside.close();
  });

  /** Still the same page in the one window, and nobody outside was asked for anything. */
  async function expectNothingMoved(): Promise<void> {
    expect(shell.page.url()).toBe(ownPage);
    expect(await shell.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    expect(visitors).toEqual([]);
  }

  test('runs in Chromium’s sandbox, without Node', async () => {
    const globals = await shell.page.evaluate(() => [
      typeof Reflect.get(globalThis, 'process'),
      typeof Reflect.get(globalThis, 'require'),
      Object.keys(Reflect.get(globalThis, 'omatoimi')),
    ]);
    expect(globals).toEqual(['undefined', 'undefined', ['send', 'onFrame', 'onLink']]);
    const renderer = await shell.rendererPid();
    // Mode 2: system calls are filtered (seccomp(2)).
    expect(readFileSync(`/proc/${renderer}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m);
  });

  test('stays where it is, whatever link is followed', async () => {
    for (const url of [
      outsideUrl,
      'file:///etc/passwd',
      'omatoimi://other/index.html',
      'omatoimi://app/nothing.html',
      'data:text/html,hello',
      'mailto:someone@example.org',
    ]) {
      await shell.page.evaluate((href) => {
        const link = document.createElement('a');
        link.href = href;
        document.body.append(link);
        link.click();
        link.remove();
      }, url);
      await expectNothingMoved();
    }
    await shell.logged('shell.refused', { rule: 'navigation', host: outsideUrl.slice(0, -1) });
  });

  test('opens no window', async () => {
    expect(await shell.page.evaluate((url) => window.open(url) === null, outsideUrl)).toBe(true);
    await shell.page.evaluate((href) => {
      const link = document.createElement('a');
      link.href = href;
      link.target = '_blank';
      document.body.append(link);
      link.click();
      link.remove();
    }, outsideUrl);
    await shell.logged('shell.refused', { rule: 'window', host: outsideUrl.slice(0, -1) });
    await expectNothingMoved();
  });

  test('downloads nothing', async () => {
    await shell.page.evaluate(() => {
      const link = document.createElement('a');
      link.href = './index.html';
      link.download = 'page.html';
      document.body.append(link);
      link.click();
      link.remove();
    });
    await shell.logged('shell.refused', { rule: 'download' });
    await expectNothingMoved();
  });

  test('gets no permission and no device', async () => {
    const answers = await shell.page.evaluate(async () => {
      const named = (error: unknown): string => (error instanceof Error ? error.name : String(error));
      const nav = navigator as unknown as Record<
        string,
        { requestDevice?: (o: unknown) => Promise<unknown> }
      >;
      return {
        notification: await Notification.requestPermission(),
        camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'given', named),
        screen: await navigator.mediaDevices.getDisplayMedia({ video: true }).then(() => 'given', named),
        place: await new Promise((resolve) =>
          navigator.geolocation.getCurrentPosition(
            () => resolve('given'),
            (error) => resolve(error.code),
          ),
        ),
        usb: await nav['usb']?.requestDevice?.({ filters: [] }).then(() => 'given', named),
        clipboard: await navigator.clipboard.readText().then(() => 'given', named),
      };
    });
    expect(answers).toEqual({
      notification: 'denied',
      // Where there is no camera, that is found out first.
      camera: expect.stringMatching(/^Not(Allowed|Found)Error$/),
      screen: expect.stringMatching(/Error$/),
      place: 1,
      usb: expect.stringMatching(/Error$/),
      clipboard: 'NotAllowedError',
    });
    await shell.logged('shell.refused', { rule: 'permission', reason: 'notifications' });
  });

  test('reaches no server, not even past its content security policy', async () => {
    expect(
      await shell.page.evaluate(
        (url) =>
          fetch(url).then(
            () => 'reached',
            () => 'refused',
          ),
        outsideUrl,
      ),
    ).toBe('refused');
    // A request of the main process is bound by no policy, and yet by the session's guard.
    const past = await shell.app.evaluate(
      ({ BrowserWindow }, url) =>
        BrowserWindow.getAllWindows()[0]
          ?.webContents.session.fetch(url)
          .then(
            () => 'reached',
            () => 'refused',
          ),
      outsideUrl,
    );
    expect(past).toBe('refused');
    await shell.logged('shell.refused', { rule: 'request', reason: outsideUrl.slice(0, -1) });
    await expectNothingMoved();
  });

  test('reads nothing outside of its own files', async () => {
    const statuses = await shell.page.evaluate(
      async (paths) => {
        return Promise.all(paths.map((path) => fetch(path).then((response) => response.status)));
      },
      [
        'omatoimi://app/../../package.json',
        'omatoimi://app/..%2f..%2fpackage.json',
        'omatoimi://app/%2e%2e/%2e%2e/package.json',
        'omatoimi://app/....//package.json',
        'omatoimi://app//etc/passwd',
        'omatoimi://app/dock.html',
        'omatoimi://app/index.html',
      ],
    );
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404, 200]);
  });

  test('opens no file that is dropped on it', async () => {
    const session = await shell.page.context().newCDPSession(shell.page);
    const data = { items: [], files: ['/etc/passwd'], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
    }
    await session.detach();
    await shell.logged('shell.refused', { rule: 'drop' });
    await expectNothingMoved();
    expect(await shell.page.evaluate(() => document.documentElement.dataset['screen'])).toBe('oneMoment');
  });

  test('cannot put anything on the screen by a drop', async () => {
    const prevented = await shell.page.evaluate(() =>
      ['dragover', 'drop'].map((name) => {
        const data = new DataTransfer();
        data.items.add(new File(['hello'], 'hello.html', { type: 'text/html' }));
        return !document.body.dispatchEvent(
          new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true }),
        );
      }),
    );
    expect(prevented).toEqual([true, true]);
    await expectNothingMoved();
  });

  test('shows no frame, neither of others nor of itself', async () => {
    const refused = (): number => shell.output.split(/"rule":"(?:navigation|content policy)"/).length - 1;
    // A file is refused by Chromium itself, and nobody is told.
    for (const url of [
      'file:///etc/passwd',
      outsideUrl,
      'omatoimi://app/index.html',
      'data:text/html,hello',
    ]) {
      const before = refused();
      await shell.page.evaluate((src) => {
        const frame = document.createElement('iframe');
        frame.src = src;
        document.body.append(frame);
      }, url);
      if (!url.startsWith('file:')) await eventually(`${url} is refused`, () => refused() > before);
    }
    const shown = shell.page.frames().slice(1);
    const empty = ['', 'about:blank', 'chrome-error://chromewebdata/'];
    expect(shown.map((frame) => frame.url()).filter((url) => !empty.includes(url))).toEqual([]);
    await shell.page.evaluate(() => {
      for (const frame of document.querySelectorAll('iframe')) frame.remove();
    });
    await expectNothingMoved();
  });

  test('runs no script that is not its own', async () => {
    await shell.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "hostile"';
      document.body.append(script);
    });
    expect(await shell.page.title()).not.toBe('hostile');
    await shell.logged('shell.refused', { rule: 'content policy', reason: 'script-src-elem' });
  });

  test('sends nothing but frames to the station', async () => {
    const refused = (): number => shell.output.split('"rule":"frame"').length - 1;
    const hostile = {
      'a kind that there is not': { v: 1, kind: 'shutdown' },
      'another version': { v: 99, kind: 'watch' },
      text: '{"v":1,"kind":"watch"}\n',
      nothing: null,
      'a list': [{ v: 1, kind: 'watch' }],
      'more than a frame holds': {
        v: 1,
        kind: 'intent',
        intent: { id: 'x'.repeat(100_000), epoch: 1, act: { do: 'finish', receipt: false } },
      },
    };
    let count = refused();
    for (const [what, frame] of Object.entries(hostile)) {
      await shell.page.evaluate((value) => Reflect.get(globalThis, 'omatoimi').send(value), frame);
      count += 1;
      await eventually(`${what} is refused`, () => refused() === count);
    }
  });
});
