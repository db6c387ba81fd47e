import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { UtcMillis } from '../kernel/clock.ts';
import { syncDirectory } from './durable-file.ts';

const dayMs = 86_400_000;

/** How long a journal that was set aside, or its export, may lie here: 24 months, the longest bound of anything personal. */
export const asideDaysMax = 730;

const sideFiles = ['', '-wal', '-shm'] as const;
const asideName = /^journal\.(?:newer-\d+|damaged|replaced)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/u;

/** A name beside the journal that no file has yet, such as `journal.damaged-20261122T153110Z`; no extension. */
export function freeAsideName(directory: string, what: string, now: UtcMillis): string {
  const time = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/u, 'Z')
    .replaceAll(/[-:]/gu, '');
  const taken = new Set(readdirSync(directory).map((name) => name.replace(/\.(?:db|export).*$/u, '')));
  const base = `journal.${what}-${time}`;
  let name = base;
  for (let copy = 2; taken.has(name); copy += 1) name = `${base}-${copy}`;
  return join(directory, name);
}

/**
 * Gives the journal and its side files another name; their content stays. The main file goes first: found without it, a
 * log is known to be an orphan, whereas a main file without its log would pass for an older journal.
 */
export function moveAside(file: string, to: string): void {
  for (const side of sideFiles) {
    if (existsSync(file + side)) renameSync(file + side, to + side);
  }
  syncDirectory(dirname(file));
}

/** Whether anything lies here that was set aside: only an older key may open it. */
export function hasAsides(directory: string): boolean {
  return readdirSync(directory).some((name) => asideName.test(name));
}

/** Deletes what was set aside longer ago than `asideDaysMax`; tells how many files. */
export function purgeAside(directory: string, now: UtcMillis): number {
  const old = readdirSync(directory).filter((name) => {
    const time = asideName.exec(name);
    if (time === null) return false;
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = time.slice(1).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) < now - asideDaysMax * dayMs;
  });
  for (const name of old) rmSync(join(directory, name), { force: true });
  return old.length;
}
