import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { askStation } from '../../src/cli/ask-station.ts';
import { openLocalSocket } from '../../src/station/socket-connect.ts';
import { descendantsOf, isAlive } from '../integration/demo/demo-run.ts';
import { eventually } from '../support/wait.ts';
import { Branch } from './support/branch.ts';
import { Desk } from './support/desk.ts';
import { electron } from './support/electron.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 240_000 });

/** An empty screen has one or two. */
const coloursOfAPage = 100;

// Skipped where no Electron can be had (its package fetches it from GitHub): support/electron.ts then says so, and it counts as skipped.
describe.skipIf(electron === undefined)('the packed product', () => {
  let desk: Desk;
  let folder: string;
  let program: string;
  const started: ChildProcess[] = [];
  const branches: Branch[] = [];

  beforeAll(async () => {
    desk = await Desk.open(electron ?? '');
    const output = join(desk.folder, 'release');
    const args = ['scripts/package.ts', '--dir', '--output', output];
    const env = { ...process.env, ELECTRON_EXEC: electron };
    const packer = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    for (const stream of [packer.stdout, packer.stderr]) {
      stream.on('data', (chunk: Buffer) => (told += chunk.toString('utf8')));
    }
    const [code] = await once(packer, 'close');
    if (code !== 0) throw new Error(`it could not be packed: ${told}`);
    folder = join(output, 'linux-unpacked');
    program = join(folder, 'omatoimi');
  });
  afterAll(() => desk.close());
  afterEach(async () => {
    for (const child of started.splice(0)) {
      const gone = new Promise((resolve) => child.once('close', resolve));
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await gone;
    }
    for (const branch of branches.splice(0)) await branch.close();
  });

  function start(env: Record<string, string>, ...args: string[]) {
    const child = desk.spawn(program, args, env);
    started.push(child);
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
    return { pid: child.pid ?? 0, ended, said: () => said };
  }

  test.each([
    ['RunAsNode', FuseV1Options.RunAsNode, '0'],
    ['EnableCookieEncryption', FuseV1Options.EnableCookieEncryption, '1'],
    ['EnableNodeOptionsEnvironmentVariable', FuseV1Options.EnableNodeOptionsEnvironmentVariable, '0'],
    ['EnableNodeCliInspectArguments', FuseV1Options.EnableNodeCliInspectArguments, '0'],
    ['EnableEmbeddedAsarIntegrityValidation', FuseV1Options.EnableEmbeddedAsarIntegrityValidation, '1'],
    ['OnlyLoadAppFromAsar', FuseV1Options.OnlyLoadAppFromAsar, '1'],
    ['LoadBrowserProcessSpecificV8Snapshot', FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, '0'],
  ])('has the fuse %s as %s=%s', async (_name, option, state) => {
    const wire = await getCurrentFuseWire(program);
    expect(String.fromCharCode(Number(Reflect.get(wire, option)))).toBe(state);
  });

  test('has neither the simulator nor the dock nor another application in it', () => {
    const resources = join(folder, 'resources');
    const archive = readFileSync(join(resources, 'app.asar')).toString('latin1');
    expect(archive).toContain('index.html');
    expect(archive).not.toContain('dock.html');
    expect(existsSync(join(resources, 'app.asar.unpacked', 'src', 'station', 'main.ts'))).toBe(true);
    expect(existsSync(join(resources, 'app.asar.unpacked', 'src', 'simulator'))).toBe(false);
    expect(existsSync(join(resources, 'app'))).toBe(false);
  });

  test('opens its window, with a station on the Node that is shipped with it, and takes it along', async () => {
    const branch = await Branch.open(desk);
    branches.push(branch);
    expect(desk.colours()).toBeLessThan(3);
    const run = start(desk.env(desk.ownFolder('home')), `--config=${branch.config}`);
    await eventually('page and station are joined', () => run.said().includes('"shell.link"'), 120_000).catch(
      (error: Error) => {
        throw new Error(`${error.message}: ${run.said()}`, { cause: error });
      },
    );
    await eventually('the page is drawn', () => desk.colours() > coloursOfAPage, 60_000);
    const station = descendantsOf(run.pid).find(({ command }) => command.includes('station/main.ts'));
    expect(station?.command).toContain(join(folder, 'resources', 'node', 'node'));
    expect(station?.command).toContain(join(folder, 'resources', 'app.asar.unpacked'));
    const socket = join(dirname(branch.config), 'station', 'run', 'station.sock');
    expect(await askStation(openLocalSocket(socket), 'status')).toMatchObject({ ok: true });
    process.kill(run.pid, 'SIGTERM');
    expect(await run.ended).toBe(0);
    await eventually('the station ended too', () => !isAlive(station?.pid ?? 0));
  });

  test('brings the omatoimi command along, which runs on its own Node', () => {
    const command = join(folder, 'resources', 'omatoimi.sh');
    const { PATH: _, ...env } = process.env;
    const help = spawnSync(command, ['--help'], { env: { ...env, PATH: '/usr/bin:/bin' }, encoding: 'utf8' });
    expect(help.stderr).toBe('');
    expect(help.stdout).toContain('omatoimi config check');
  });

  test('does not run with a debugger', async () => {
    const home = desk.ownFolder('home');
    const run = start(
      desk.env(home),
      '--remote-debugging-port=0',
      `--user-data-dir=${join(home, 'profile')}`,
    );
    expect(await run.ended).toBe(2);
    expect(run.said()).toContain('This program cannot be started with a debugger.');
  });

  test('cannot be used as a Node', async () => {
    const { DISPLAY: _, ...env } = desk.env(desk.ownFolder('home'));
    const script = 'console.log("node " + process.version)';
    const run = start({ ...env, ELECTRON_RUN_AS_NODE: '1' }, '-e', script);
    await run.ended;
    expect(run.said()).not.toMatch(/node v\d/);
    expect(run.said()).toContain('$DISPLAY');
  });
});
