import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { classify, freeBytes } from '../../../src/journal/disk-fault.ts';
import { open } from './store.ts';
import { temporaryDirectory } from './support.ts';

const child = fileURLToPath(new URL('./children/commit-until-it-fails.ts', import.meta.url));

describe('an error of SQLite or the system', () => {
  const file = join(import.meta.dirname, 'journal.db');
  const cases: readonly (readonly [string, unknown])[] = [
    ['SQLITE_FULL', { kind: 'full' }],
    ['SQLITE_CORRUPT', { kind: 'damaged', reason: 'SQLITE_CORRUPT' }],
    ['SQLITE_CORRUPT_INDEX', { kind: 'damaged', reason: 'SQLITE_CORRUPT_INDEX' }],
    ['SQLITE_NOTADB', { kind: 'damaged', reason: 'SQLITE_NOTADB' }],
    ['SQLITE_IOERR_FSYNC', { kind: 'broken', reason: 'SQLITE_IOERR_FSYNC' }],
    ['SQLITE_CANTOPEN', { kind: 'broken', reason: 'SQLITE_CANTOPEN' }],
    ['SQLITE_READONLY_DBMOVED', { kind: 'broken', reason: 'SQLITE_READONLY_DBMOVED' }],
    ['SQLITE_BUSY', { kind: 'broken', reason: 'SQLITE_BUSY' }],
    ['SQLITE_CONSTRAINT_TRIGGER', undefined],
    ['SQLITE_ERROR', undefined],
    ['SQLITE_MISUSE', undefined],
  ];
  it.each(cases)('%s', (code, fault) => {
    expect(classify(new Database.SqliteError('said SQLite', code), file)).toEqual(fault);
  });

  it('of the system is told apart from a fault of the program', () => {
    const system = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'write' });
    expect(classify(system('ENOSPC'), file)).toEqual({ kind: 'full' });
    expect(classify(system('EDQUOT'), file)).toEqual({ kind: 'full' });
    expect(classify(system('EACCES'), file)).toEqual({ kind: 'broken', reason: 'EACCES' });
    expect(classify(new TypeError('a bug'), file)).toBeUndefined();
    expect(classify('SQLITE_FULL', file)).toBeUndefined();
  });

  it('knows the free space of a folder, and of none nothing', () => {
    expect(freeBytes(import.meta.dirname)).toBeGreaterThan(0);
    expect(freeBytes(join(import.meta.dirname, 'no such folder'))).toBeUndefined();
  });
});

// The failing disk is made with `ulimit`, which Windows does not have.
describe.skipIf(process.platform === 'win32')('a disk that fails in the middle of a write', () => {
  it('breaks the journal until the next start, which has all that was committed', () => {
    const directory = temporaryDirectory();
    // POSIX counts in blocks of 512 bytes: 800 KiB a file. Enough to start; the log is longer after some tens of commits.
    const limited = `ulimit -f 1600; exec "$0" "$@"`;
    const { stdout, stderr } = spawnSync('sh', ['-c', limited, process.execPath, child, directory], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const said: unknown = JSON.parse(stdout);
    const broken = { kind: 'broken', reason: 'SQLITE_IOERR_WRITE' };
    expect(said).toEqual({
      committed: expect.any(Number),
      failure: broken,
      again: { ok: false, failure: broken },
    });
    const { committed } = said as { committed: number };
    expect(committed).toBeGreaterThan(5);
    expect(existsSync(join(directory, 'journal.db-suspect'))).toBe(true);

    const journal = open(directory);
    expect(journal.status().counts).toEqual({ accepted: committed - 1, intended: 1 });
    expect(existsSync(join(directory, 'journal.db-suspect'))).toBe(false);
    journal.close();
  });
});
