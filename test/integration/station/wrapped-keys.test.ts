import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askStation } from '../../../src/cli/ask-station.ts';
import { openLocalSocket } from '../../../src/station/socket-connect.ts';
import { stationSocketPath } from '../../../src/station/socket-path.ts';
import { eventually } from '../../support/wait.ts';

vi.setConfig({ testTimeout: 180_000 });

const mainFile = fileURLToPath(new URL('../../../src/station/main.ts', import.meta.url));
const saysMsMax = 60_000;

let folder: string;
let servers: Server[] = [];
let children: { readonly child: ChildProcess; readonly ended: Promise<number | null> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-wrapped-'));
});
afterEach(async () => {
  for (const { child, ended } of children) {
    child.kill('SIGKILL');
    await ended;
  }
  for (const server of servers) server.close();
  [servers, children] = [[], []];
  rmSync(folder, { recursive: true, force: true });
});

function config(deviceKey: unknown): string {
  const file = join(folder, 'station.yaml');
  const content = {
    configVersion: 1,
    library: { institutionId: 'TEST', name: { en: 'Test Library' } },
    acs: { host: '127.0.0.1', port: 1 },
    data: { directory: './data', ...(deviceKey === undefined ? {} : { deviceKey }) },
  };
  // JSON is YAML too.
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function start(file: string) {
  const child = spawn(process.execPath, [mainFile, '--config', file], { stdio: ['pipe', 'pipe', 'pipe'] });
  const run = {
    child,
    output: '',
    errors: '',
    ended: new Promise<number | null>((resolve) => child.once('close', resolve)),
    says: (what: string) => eventually(`it says ${what}`, () => run.output.includes(what), saysMsMax),
  };
  child.stdout.on('data', (chunk: Buffer) => (run.output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (run.errors += chunk.toString('utf8')));
  children.push(run);
  return run;
}

/** Hands the key out to whoever connects. */
async function branch(path: string, key: string): Promise<Server> {
  const server = createServer((socket) => socket.end(`${key}\n`));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

async function stop(run: ReturnType<typeof start>): Promise<void> {
  run.child.kill('SIGTERM');
  await run.ended;
}

test('a station whose keys are wrapped waits for the key that is handed out, and opens with no other', async () => {
  const path = join(folder, 'key');
  const file = config({ from: 'socket', path, wrapKeys: true });
  const first = start(file);
  await first.says('"waiting":true');
  expect(first.output).not.toContain('"ready":true');
  const server = await branch(path, 'ab'.repeat(32));
  await first.says('"ready":true');
  const answer = await askStation(openLocalSocket(stationSocketPath(join(folder, 'data'))), 'status');
  expect(answer).toMatchObject({ ok: true, value: { unsettled: 0 } });
  const keys = readFileSync(join(folder, 'data', 'keys.json'), 'utf8');
  expect(keys).toContain('"wrapped"');
  expect(keys).not.toContain('"lookup"');
  await stop(first);

  // The same key again, and then another one.
  const second = start(file);
  await second.says('"ready":true');
  await stop(second);
  await new Promise((resolve) => server.close(resolve));
  await branch(path, 'cd'.repeat(32));
  const third = start(file);
  expect(await third.ended).toBe(3);
  expect(third.errors).toContain('wrapped by another device key');
  expect(third.errors).toContain('omatoimi journal restore');

  // Nor without any.
  const fourth = start(config(undefined));
  expect(await fourth.ended).toBe(3);
  expect(fourth.errors).toContain('wrapped by a device key, and none is configured');
  expect(readFileSync(join(folder, 'data', 'keys.json'), 'utf8')).toBe(keys);
});

test('a station whose device key is for PINs alone does not wait for it', async () => {
  const run = start(config({ from: 'socket', path: join(folder, 'nobody') }));
  await run.says('"ready":true');
  expect(readFileSync(join(folder, 'data', 'keys.json'), 'utf8')).toContain('"lookup"');
});
