import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { descendantsOf, isAlive } from '../integration/demo/demo-run.ts';
import { eventually } from '../support/wait.ts';
import { Branch } from './support/branch.ts';
import { Desk } from './support/desk.ts';
import { electron } from './support/electron.ts';
import { ShellRun } from './support/shell-run.ts';

vi.setConfig({ testTimeout: 150_000, hookTimeout: 90_000 });

/** Longer than a page may leave its heartbeats unanswered. */
const hangMsMax = 90_000;

// Skipped where no Electron can be had (its package fetches it from GitHub): support/electron.ts then says so, and it counts as skipped.
describe.skipIf(electron === undefined)('a real Electron window', () => {
  let desk: Desk;
  let shell: ShellRun;
  const branches: Branch[] = [];
  const shells: ShellRun[] = [];

  beforeAll(async () => {
    desk = await Desk.open(electron ?? '');
  });
  afterAll(() => desk.close());
  afterEach(async () => {
    for (const one of shells.splice(0)) await one.kill();
    for (const branch of branches.splice(0)) await branch.close();
  });

  async function start(...args: string[]): Promise<ShellRun> {
    shell = await ShellRun.start(desk, args);
    shells.push(shell);
    return shell;
  }

  async function startWithStation(): Promise<ShellRun> {
    const branch = await Branch.open(desk);
    branches.push(branch);
    return start(`--config=${branch.config}`);
  }

  /** Starts Electron without Playwright, and waits for its end. */
  async function runToEnd(env: Record<string, string>, ...args: string[]) {
    const child = spawn(desk.executable, [desk.appFolder, ...args], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const code = await new Promise<number | string>((resolve) => {
      child.once('exit', (exit, signal) => resolve(exit ?? signal ?? ''));
    });
    // What it said last may still be on its way: a helper process can outlive it and hold the pipe.
    const says = (words: string): Promise<true> => eventually(`it says ${words}`, () => said.includes(words));
    return { code, says };
  }

  test('loads its page again when its renderer is killed', async () => {
    await startWithStation();
    await shell.screen('home');
    const killed = await shell.rendererPid();
    process.kill(killed, 'SIGKILL');
    await shell.logged('shell.page_ended', { reason: 'killed', delayMs: 200 });
    await shell.screenOfNewRenderer('home');
    expect(await shell.rendererPid()).not.toBe(killed);
  });

  test('loads its page again when it hangs', async () => {
    await startWithStation();
    await shell.screen('home');
    const hanging = await shell.rendererPid();
    void shell.page
      .evaluate(() => {
        for (;;);
      })
      .catch(() => undefined);
    await eventually('the page is given up', () => !isAlive(hanging), hangMsMax);
    await shell.logged('shell.page_ended', { reason: 'the page hangs' });
    await shell.screenOfNewRenderer('home');
  });

  test('takes its station with it when it is killed', async () => {
    await startWithStation();
    await shell.screen('home');
    const station = await shell.stationPid();
    await shell.kill();
    await eventually('the station ended too', () => !isAlive(station));
  });

  test('goes on when what draws it is killed, and where no graphics processor is', async () => {
    await startWithStation();
    await shell.screen('home');
    const gpu = (): number | undefined =>
      descendantsOf(shell.pid).find(({ command }) => command.includes('--type=gpu-process'))?.pid;
    const killed = await eventually('something draws', gpu);
    // The display of these tests is none of a graphics card: it is drawn by calculation.
    const features = await shell.app.evaluate(({ app }) => app.getGPUFeatureStatus());
    expect(features.gpu_compositing).not.toBe('enabled');
    process.kill(killed, 'SIGKILL');
    await shell.logged('shell.helper_ended', { rule: 'GPU', reason: 'killed' });
    await eventually('something draws again', () => ![undefined, killed].includes(gpu()));
    await shell.click('home-return');
    await shell.screen('return');
  });

  test('does not close when a window manager asks it to', async () => {
    await startWithStation();
    await shell.screen('home');
    await shell.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    expect(
      await shell.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => [window.isVisible(), window.isKiosk()]),
      ),
    ).toEqual([[true, true]]);
    await shell.screen('home');
  });

  test('is there again when its page has closed it', async () => {
    await startWithStation();
    await shell.screen('home');
    const again = shell.app.waitForEvent('window');
    await shell.page.evaluate(() => window.close()).catch(() => undefined);
    await (await again).locator('html[data-screen="home"]').waitFor({ state: 'attached' });
    await shell.logged('shell.page_ended', { reason: 'the window was closed' });
  });

  test('runs once: a second start says so and ends', async () => {
    await startWithStation();
    await shell.screen('home');
    const profile = await shell.app.evaluate(({ app }) => app.getPath('userData'));
    const second = await runToEnd(desk.env(desk.ownFolder('home')), `--user-data-dir=${profile}`);
    expect(second.code).toBe(2);
    await second.says('Omatoimi runs already; its window was brought to the front.');
    await shell.screen('home');
  });

  test('says what is wrong with a configuration, and ends', async () => {
    const folder = desk.ownFolder('station');
    const config = join(folder, 'station.yaml');
    writeFileSync(config, 'configVersion: 1\nlibary: {}\n');
    const ended = await runToEnd(
      desk.env(folder),
      `--config=${config}`,
      `--user-data-dir=${join(folder, 'profile')}`,
    );
    expect(ended.code).toBe(2);
    await ended.says('libary');
  });

  test('ends without a display', async () => {
    const { DISPLAY: _, ...env } = desk.env(desk.ownFolder('home'));
    const ended = await runToEnd(env, '--config=/nowhere.yaml');
    expect(ended.code).not.toBe(0);
    await ended.says('$DISPLAY');
  });

  test('shows a station that someone else runs, and leaves it running', async () => {
    const first = await startWithStation();
    await first.screen('home');
    const station = await first.stationPid();
    const second = await start(
      `--socket=${join(branches[0]?.config ?? '', '..', 'station', 'run', 'station.sock')}`,
    );
    await second.screen('home');
    expect(await second.stop()).toBe(0);
    expect(isAlive(station)).toBe(true);
    await first.screen('home');
  });
});
