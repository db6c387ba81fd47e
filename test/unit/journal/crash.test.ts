import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { numberedId, open } from './store.ts';
import { after, seededRandom, temporaryDirectory } from './support.ts';

const child = fileURLToPath(new URL('./children/commit-loop.ts', import.meta.url));

/** Lets the child commit, kills it as soon as it printed `count` numbers more or less, and gives the numbers that it printed. */
async function commitsUntilKilled(directory: string, first: number, count: number): Promise<number[]> {
  const running = spawn(process.execPath, [child, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => running.kill('SIGKILL'));
  let printed = '';
  running.stdout.setEncoding('utf8');
  running.stdout.on('data', (text: string) => {
    printed += text;
    if (printed.split('\n').length > count) running.kill('SIGKILL');
  });
  await once(running, 'close');
  expect(running.signalCode).toBe('SIGKILL');
  // What stands before the last line end was printed whole.
  return printed.split('\n').slice(0, -1).map(Number);
}

describe('a process that is killed', () => {
  it('has on the disk what it said it had, again and again', async () => {
    const directory = temporaryDirectory();
    const random = seededRandom(11);
    let next = 1;
    for (let round = 0; round < 6; round += 1) {
      const printed = await commitsUntilKilled(directory, next, 1 + Math.floor(random.fraction() * 120));
      const last = printed.at(-1) ?? next - 1;

      const journal = open(directory);
      const [only, ...others] = journal.open();
      // All earlier ones were moved on by the commit after them, so the newest commit is the only open one.
      expect(others).toEqual([]);
      const found = Number.parseInt(only?.id ?? '', 16);
      // The last commit may be on the disk though its number was never printed.
      expect([last, last + 1]).toContain(found);
      expect(only).toMatchObject({ item: `item-${found}`, attempts: 1, seq: found });
      expect(journal.status().counts).toEqual(
        found === 1 ? { intended: 1 } : { accepted: found - 1, intended: 1 },
      );
      journal.close();
      next = found + 1;
    }
    const db = new Database(join(directory, 'journal.db'));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    const ids = db.prepare('select id from transactions order by seq').pluck().all();
    expect(ids).toEqual(Array.from({ length: next - 1 }, (_, index) => numberedId(index + 1)));
    db.close();
  });

  it('opens again whenever it was killed while it was being made', async () => {
    const random = seededRandom(12);
    for (let round = 0; round < 8; round += 1) {
      const directory = temporaryDirectory();
      const running = spawn(process.execPath, [child, directory], { stdio: ['ignore', 'ignore', 'inherit'] });
      after(() => running.kill('SIGKILL'));
      await once(running, 'spawn');
      // Spinning, not sleeping: from before the first file to well into the first commits.
      const until = performance.now() + 60 + random.fraction() * 120;
      while (performance.now() < until);
      running.kill('SIGKILL');
      await once(running, 'close');
      const journal = open(directory);
      expect(journal.open().length).toBeLessThanOrEqual(1);
      journal.close();
    }
  });
});
