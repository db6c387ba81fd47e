import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { descendantsOf, isAlive } from '../integration/demo/demo-run.ts';
import { eventually } from '../support/wait.ts';
import { Desk } from './support/desk.ts';
import { electron } from './support/electron.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

describe.skipIf(electron === undefined)('npm start -- --shell electron', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open(electron ?? '');
  });
  afterAll(() => desk.close());

  function start() {
    const home = desk.ownFolder('home');
    const env = { ...desk.env(home), ELECTRON_EXEC: desk.program };
    const args = ['src/cli/start.ts', '--shell', 'electron', '--port', '0', '--data', join(home, 'demo')];
    const child = desk.spawnNode(args, env);
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
      30_000,
    ).catch((error: Error) => {
      throw new Error(`${error.message}: ${output()}`, { cause: error });
    });
    await eventually('it says what to do', () => output().includes('Ctrl-C stops everything.'), 30_000);
    return descendantsOf(child.pid ?? 0);
  }

  test('opens a window on the example library, and ends with all that it started', async () => {
    const run = start();
    const all = await withWindow(run);
    expect(run.output()).toContain('The station alone:                       in its window');
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    await eventually('nothing is left of it', () => all.every(({ pid }) => !isAlive(pid)));
  });

  test('leaves no window behind when it is killed', async () => {
    const run = start();
    const all = await withWindow(run);
    run.child.kill('SIGKILL');
    await run.ended;
    await eventually('nothing is left of it', () => all.every(({ pid }) => !isAlive(pid)), 20_000);
  });

  test('ends when its window is gone, saying how', async () => {
    const run = start();
    const all = await withWindow(run);
    const window = all.find(
      ({ command }) => command.includes('--supervised') && command.includes('--windowed'),
    );
    process.kill(window?.pid ?? 0, 'SIGKILL');
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain('The window ended (SIGKILL).');
  });
});
