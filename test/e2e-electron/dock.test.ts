import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { windowSocketPath } from '../../src/simulator/demo/window-socket.ts';
import { eventually } from '../support/wait.ts';
import { Desk } from './support/desk.ts';
import { electron } from './support/electron.ts';
import { ShellRun } from './support/shell-run.ts';

vi.setConfig({ testTimeout: 150_000, hookTimeout: 90_000 });

const card = '21999000020071';
const book = '31999000010070';

// Skipped where no Electron can be had (its package fetches it from GitHub): support/electron.ts then says so, and it counts as skipped.
describe.skipIf(electron === undefined)('the dock in a window beside the station', () => {
  let desk: Desk;
  let demo: ChildProcess | undefined;
  let shell: ShellRun | undefined;

  beforeAll(async () => {
    desk = await Desk.open(electron ?? '');
  });
  afterAll(() => desk.close());
  afterEach(async () => {
    await shell?.kill();
    demo?.kill('SIGTERM');
    if (demo?.exitCode === null) await once(demo, 'close');
  });

  async function open(): Promise<{ station: ShellRun; dock: Page; dockUrl: string }> {
    const home = desk.ownFolder('demo');
    const started = desk.spawnNode(
      ['src/cli/start.ts', '--port', '0', '--data', join(home, 'data')],
      desk.env(home),
    );
    demo = started;
    let said = '';
    started.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const dockUrl = await eventually('the demo runs', () => /http:\S+\/dock\b/.exec(said)?.[0], 60_000);
    shell = await ShellRun.start(desk, [
      `--socket=${windowSocketPath(join(home, 'data'))}`,
      `--dock=${dockUrl}?alone`,
      '--windowed',
    ]);
    const windows = shell.app.windows();
    const dock =
      windows.find((window) => window.url().startsWith('http')) ??
      (await shell.app.waitForEvent('window', (window) => window.url().startsWith('http')));
    return { station: shell, dock, dockUrl };
  }

  /** What passed between the window and the station, by kind; of a PIN key that it was one. */
  async function seesFrames(dock: Page): Promise<void> {
    await dock.getByTestId('dock-live-frames').click();
    const frames = dock.locator('[data-testid="dock-lines"][data-view="frames"] .dock-said');
    await frames
      .filter({ hasText: /^view borrow, revision \d+, epoch \d+, \d+ B$/ })
      .first()
      .waitFor();
    const said = await frames.allInnerTexts();
    expect(said.filter((line) => /^intent pinKey, epoch \d+, \d+ B$/.test(line))).toHaveLength(4);
    expect(said.filter((line) => line.includes(card) || line.includes(book))).toEqual([]);
  }

  test('scans cards and books for it, and has no way into the shell', async () => {
    const { station, dock, dockUrl } = await open();
    await station.screen('home');
    await station.click('home-borrow');
    await station.screen('card');
    await dock.locator(`[data-testid="dock-card"][data-card="${card}"]`).first().click();
    await station.screen('pin');
    for (const digit of '1234') await station.click(`pin-key-${digit}`);
    await station.click('pin-enter');
    await station.screen('borrow');
    await dock.locator(`[data-testid="dock-book"][data-item="${book}"]`).first().click();
    await station.row(book, 'done');
    await seesFrames(dock);
    expect(await dock.locator('iframe').count()).toBe(0);
    expect(await dock.evaluate(() => typeof Reflect.get(globalThis, 'omatoimi'))).toBe('undefined');
    await dock.evaluate(() => location.assign('https://example.org/'));
    await station.logged('shell.refused', { rule: 'navigation', host: 'https://example.org' });
    expect(dock.url()).toBe(`${dockUrl}?alone`);
  });
});
