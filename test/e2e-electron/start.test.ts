import type { ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { windowSocketPath } from '../../src/simulator/demo/window-socket.ts';
import { descendantsOf, isAlive, killIfAlive } from '../integration/demo/demo-run.ts';
import { eventually } from '../support/wait.ts';
import { Branch } from './support/branch.ts';
import { Desk } from './support/desk.ts';
import { electron } from './support/electron.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 90_000 });

/** From `npm start` to a window with a page in it. */
const windowMsMax = 60_000;

// Skipped where no Electron can be had (its package fetches it from GitHub): support/electron.ts then says so, and it counts as skipped.
describe.skipIf(electron === undefined)('npm start -- --shell electron', () => {
  let desk: Desk;
  const started: ChildProcess[] = [];
  const branches: Branch[] = [];

  beforeAll(async () => {
    desk = await Desk.open(electron ?? '');
  });
  afterAll(() => desk.close());
  afterEach(async () => {
    for (const child of started.splice(0)) {
      const left = descendantsOf(child.pid ?? 0);
      child.kill('SIGKILL');
      for (const { pid } of left) killIfAlive(pid);
    }
    for (const branch of branches.splice(0)) await branch.close();
  });

  function startDemo() {
    const data = join(desk.ownFolder('demo'), 'data');
    return start('--shell', 'electron', '--port', '0', '--data', data);
  }

  function start(...args: string[]) {
    return startWith({ ...desk.env(desk.ownFolder('home')), ELECTRON_EXEC: desk.program }, ...args);
  }

  function startWith(env: Record<string, string>, ...args: string[]) {
    const child = desk.spawnNode(['src/cli/start.ts', ...args], env);
    started.push(child);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
    return { child, ended, output: () => output };
  }

  /** Waits until the page is drawn by a renderer of the window, and gives all processes of the start. */
  async function withWindow({ child, output }: ReturnType<typeof start>) {
    await eventually(
      'a window with a page',
      () => descendantsOf(child.pid ?? 0).some(({ command }) => command.includes('--type=renderer')),
      windowMsMax,
    ).catch((error: Error) => {
      throw new Error(`${error.message}: ${output()}`, { cause: error });
    });
    await eventually('it says what to do', () => output().includes('Ctrl-C stops everything.'), windowMsMax);
    return descendantsOf(child.pid ?? 0);
  }

  test('opens a window on the example library, and ends with all that it started', async () => {
    const run = startDemo();
    const all = await withWindow(run);
    expect(run.output()).toContain('The station alone:                       in its window');
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    await eventually('nothing is left of it', () => all.every(({ pid }) => !isAlive(pid)));
  });

  test('leaves no window behind when it is killed', async () => {
    const run = startDemo();
    const all = await withWindow(run);
    run.child.kill('SIGKILL');
    await run.ended;
    await eventually('nothing is left of it', () => all.every(({ pid }) => !isAlive(pid)), 20_000);
  });

  test('ends when its window is gone, saying how', async () => {
    const run = startDemo();
    const all = await withWindow(run);
    const window = all.find(
      ({ command }) => command.includes('--supervised') && command.includes('--windowed'),
    );
    if (window === undefined) throw new Error('there is no window to kill');
    process.kill(window.pid, 'SIGKILL');
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain('The window ended (SIGKILL).');
  });

  test('says in one sentence what it lacks: a display, or Electron itself', async () => {
    const { DISPLAY: _, ...blind } = desk.env(desk.ownFolder('home'));
    const data = join(desk.ownFolder('demo'), 'data');
    const args = ['--shell', 'electron', '--port', '0', '--data', data];
    const unseen = startWith({ ...blind, ELECTRON_EXEC: desk.program }, ...args);
    const lacking = startWith(
      { ...blind, DISPLAY: desk.display, ELECTRON_EXEC: '/nowhere/electron' },
      ...args,
    );
    expect([await unseen.ended, await lacking.ended]).toEqual([1, 1]);
    expect(unseen.output()).toBe(
      'There is no display for a window: neither DISPLAY nor WAYLAND_DISPLAY is set. Without one, use --shell web.\n',
    );
    expect(lacking.output()).toBe('ELECTRON_EXEC names /nowhere/electron, which cannot be executed.\n');
    expect(existsSync(data)).toBe(false);
  });

  test('opens a window where the configuration says so, with its station, and ends with both', async () => {
    const branch = await Branch.open(desk);
    branches.push(branch);
    appendFileSync(branch.config, 'shell: { kind: electron }\n');
    const run = start('--config', branch.config);
    await eventually(
      'page and station are joined',
      () => run.output().includes('"shell.link"'),
      120_000,
    ).catch((error: Error) => {
      throw new Error(`${error.message}: ${run.output()}`, { cause: error });
    });
    expect(run.output()).toContain(`Omatoimi runs in its window as ${branch.config} says.`);
    const all = descendantsOf(run.child.pid ?? 0);
    expect(all.filter(({ command }) => command.includes('station/main.ts'))).toHaveLength(1);
    // What lets the dock look on in the demonstration is not there.
    const window = all.find(
      ({ command }) => command.includes('--supervised') && command.includes('--config='),
    );
    expect(window?.command).not.toMatch(/--(dock|socket)=/);
    expect(existsSync(dirname(windowSocketPath(dirname(branch.config))))).toBe(false);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    await eventually('nothing is left of it', () => all.every(({ pid }) => !isAlive(pid)));
  });
});
