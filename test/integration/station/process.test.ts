import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { askStation } from '../../../src/cli/ask-station.ts';
import { openLocalSocket } from '../../../src/station/socket-connect.ts';
import { stationSocketPath } from '../../../src/station/socket-path.ts';
import { eventually } from '../../support/wait.ts';

vi.setConfig({ testTimeout: 180_000 });

const mainFile = fileURLToPath(new URL('../../../src/station/main.ts', import.meta.url));
const readyMsMax = 60_000;

/** The station's process, by its words and its exit code. */
class StationRun {
  output = '';
  errors = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | string>;

  constructor(...args: readonly string[]) {
    this.child = spawn(process.execPath, [mainFile, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdin?.on('error', () => undefined);
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString('utf8')));
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => resolve(code ?? signal ?? 'gone')),
    );
  }

  /** What it says when shells can connect. */
  async ready(): Promise<{ readonly socket: string; readonly pid: number }> {
    const line = await eventually(
      'it is ready',
      () => /^\{"ready":true.*\}$/m.exec(this.output)?.[0],
      readyMsMax,
    );
    return JSON.parse(line) as { socket: string; pid: number };
  }
}

let folder: string;
const runs: StationRun[] = [];

function start(...args: readonly string[]): StationRun {
  const run = new StationRun(...args);
  runs.push(run);
  return run;
}

function config(...more: readonly string[]): string {
  const file = join(folder, 'station.yaml');
  const lines = [
    'configVersion: 1',
    'library: { institutionId: TEST, name: { en: Test Library } }',
    'acs: { host: 127.0.0.1, port: 1 }',
    'data: { directory: ./data }',
    ...more,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-station-'));
});
afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.child.kill('SIGKILL');
    await run.ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('the station’s process', () => {
  test('says where it listens, answers there, and keeps its folder to its own user', async () => {
    const run = start('--config', config());
    const { socket, pid } = await run.ready();
    expect(pid).toBe(run.child.pid);
    const data = join(folder, 'data');
    expect(socket).toBe(stationSocketPath(data));
    const answer = await askStation(openLocalSocket(socket), 'status');
    expect(answer).toMatchObject({ ok: true, value: { inUse: false, unsettled: 0, staffList: 0 } });
    const rights = (name: string): string => (statSync(join(data, name)).mode & 0o777).toString(8);
    expect(rights('.')).toBe('700');
    for (const name of ['journal.db', 'keys.json', 'reserve.bin'])
      expect(`${name} ${rights(name)}`).toBe(`${name} 600`);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s ends it in order, and the next one starts',
    async (signal) => {
      const first = start('--config', config());
      await first.ready();
      first.child.kill(signal);
      expect(await first.ended).toBe(0);
      // Closed in order: the log of SQLite has moved into the journal.
      expect(readdirSync(join(folder, 'data'))).not.toContain('journal.db-wal');
      await start('--config', config()).ready();
    },
  );

  test('supervised, it ends with whoever started it', async () => {
    const run = start('--config', config(), '--supervised');
    await run.ready();
    run.child.stdin?.end();
    expect(await run.ended).toBe(0);
  });

  test('kill -9 does not keep the folder locked', async () => {
    const first = start('--config', config());
    await first.ready();
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    const second = start('--config', config());
    const { socket } = await second.ready();
    expect((await askStation(openLocalSocket(socket), 'journal')).ok).toBe(true);
  });
});

describe('what it refuses, in one sentence and with its own exit code', () => {
  test('no configuration', async () => {
    const run = start();
    expect(await run.ended).toBe(2);
    expect(run.errors).toBe('Name the configuration: --config FILE\n');
  });

  test('a configuration with mistakes: file, line, key and what was expected; secrets are not repeated', async () => {
    const file = config('session: { idleSeconds: soon }', 'acz: {}');
    writeFileSync(file, `${readFileSync(file, 'utf8')}patron: { pin: { length: 99 } }\n`);
    const run = start('--config', file);
    expect(await run.ended).toBe(2);
    const lines = run.errors.trim().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toContain(file);
    expect(run.errors).toMatch(/:5\b.*session\.idleSeconds.*10/);
    expect(run.errors).toMatch(/:6\b.*acz.*acs/);
    expect(run.errors).toMatch(/:7\b.*patron\.pin\.length.*12/);
    expect(readdirSync(folder)).not.toContain('data');
  });

  test('a folder in which another station works', async () => {
    const file = config();
    const first = start('--config', file);
    await first.ready();
    const second = start('--config', file);
    expect(await second.ended).toBe(3);
    expect(second.errors.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([
      expect.stringMatching(
        new RegExp(`^Another station works in .*data \\(process ${first.child.pid}\\)\\.`),
      ),
    ]);
    // The first one did not notice.
    expect((await askStation(openLocalSocket(stationSocketPath(join(folder, 'data'))), 'status')).ok).toBe(
      true,
    );
  });

  test('keys that cannot be used: they are left as they are', async () => {
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(join(data, 'keys.json'), 'not keys', { mode: 0o600 });
    const run = start('--config', config());
    expect(await run.ended).toBe(3);
    expect(run.errors).toContain('The keys in ');
    expect(readFileSync(join(data, 'keys.json'), 'utf8')).toBe('not keys');
  });
});
