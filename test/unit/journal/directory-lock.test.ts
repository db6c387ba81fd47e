import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lockDataDirectory } from '../../../src/journal/directory-lock.ts';
import { after, temporaryDirectory, value } from './support.ts';

const child = fileURLToPath(new URL('./children/hold-lock.ts', import.meta.url));
const self = { pid: 42, since: 7 };

async function start(directory: string): Promise<{ process: ChildProcess; said: string }> {
  const started = spawn(process.execPath, [child, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  after(() => started.kill('SIGKILL'));
  const [said] = await once(started.stdout, 'data');
  return { process: started, said: String(said).trim() };
}

describe('the lock of the data folder', () => {
  it('keeps a second process out, by name, until the first is killed', async () => {
    const directory = temporaryDirectory();
    const first = await start(directory);
    expect(first.said).toBe('held');

    const holder = { pid: first.process.pid, since: 1_000 };
    expect(lockDataDirectory(directory, self)).toEqual({ ok: false, error: { kind: 'held', holder } });
    const second = await start(directory);
    expect(JSON.parse(second.said)).toEqual({ kind: 'held', holder });
    // Having looked does not loosen it.
    expect(lockDataDirectory(directory, self)).toMatchObject({ ok: false, error: { kind: 'held' } });

    first.process.kill('SIGKILL');
    await once(first.process, 'close');
    const mine = value(lockDataDirectory(directory, self));
    after(() => mine.release());
    const third = await start(directory);
    expect(JSON.parse(third.said)).toEqual({ kind: 'held', holder: self });
  });

  it('keeps the same process out too, and can be given back', () => {
    const directory = join(temporaryDirectory(), 'made', 'by', 'it');
    const first = value(lockDataDirectory(directory, self));
    expect(existsSync(directory)).toBe(true);
    expect(lockDataDirectory(directory, self)).toEqual({ ok: false, error: { kind: 'held', holder: self } });
    first.release();
    value(lockDataDirectory(directory, self)).release();
  });

  it('is not held by a note that a dead process left, whoever has its number now', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'lock.json'), JSON.stringify({ pid: process.pid, since: 1 }));
    const lock = lockDataDirectory(directory, self);
    expect(lock.ok).toBe(true);
    value(lock).release();
  });

  it('holds without a readable note', () => {
    const directory = temporaryDirectory();
    const first = value(lockDataDirectory(directory, self));
    after(() => first.release());
    writeFileSync(join(directory, 'lock.json'), 'torn');
    expect(lockDataDirectory(directory, self)).toEqual({
      ok: false,
      error: { kind: 'held', holder: undefined },
    });
  });

  it('says why a folder cannot be used', () => {
    const file = join(temporaryDirectory(), 'a-file');
    writeFileSync(file, '');
    expect(lockDataDirectory(file, self)).toMatchObject({
      ok: false,
      error: { kind: 'unusable', reason: 'EEXIST' },
    });
    expect(lockDataDirectory(join(file, 'below'), self)).toMatchObject({
      ok: false,
      error: { kind: 'unusable', reason: 'ENOTDIR' },
    });
  });

  it('refuses a lock file that is something else', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'lock.db'), 'not a database, and long enough to be looked at '.repeat(20));
    expect(lockDataDirectory(directory, self)).toMatchObject({ ok: false, error: { kind: 'unusable' } });
  });
});
