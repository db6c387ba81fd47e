import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { newTransactionId, type TransactionId } from '../../../src/kernel/ids.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import type { Random } from '../../../src/kernel/random.ts';
import type { Result } from '../../../src/kernel/result.ts';
import { freeBytes } from '../../../src/journal/disk-fault.ts';
import { MemoryKeyStore } from '../../../src/journal/memory-key-store.ts';
import {
  openJournal,
  type OpenedJournal,
  type OpenJournalOptions,
} from '../../../src/journal/open-journal.ts';
import type { Row, TransactionKind } from '../../../src/journal/rows.ts';
import { SqliteJournal, type JournalOptions } from '../../../src/journal/sqlite-journal.ts';

/** A Friday morning; the tests' "now" unless they move it. */
export const friday = Date.UTC(2026, 10, 20, 8, 0, 0);
export const dayMs = 86_400_000;

/** mulberry32: the same seed gives the same bytes. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
    fraction: () => next() / 2 ** 32,
  };
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0).toReversed()) clean();
});

/** Runs `clean` after the test, the last one given first. */
export function after(clean: () => void): void {
  cleanups.push(clean);
}

/** A disk in memory, where flushes are quick; a killed process loses no more there than on a real one. */
const memoryDisk = '/dev/shm';
const memoryBytesMin = 256 * 1024 * 1024;
const base = (freeBytes(memoryDisk) ?? 0) >= memoryBytesMin ? memoryDisk : tmpdir();

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(base, 'omatoimi-journal-'));
  after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function value<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`not expected to fail: ${JSON.stringify(result.error)}`);
  return result.value;
}

export const keyStore = new MemoryKeyStore(seededRandom(1));

export function options(changes: Partial<JournalOptions> = {}): JournalOptions {
  return {
    keyStore,
    zone: 'Europe/Helsinki',
    random: seededRandom(2_000_000),
    now: () => friday,
    ...changes,
  };
}

/** A journal in a folder of its own, closed after the test. */
export function openIn(directory: string, changes: Partial<JournalOptions> = {}): SqliteJournal {
  const journal = value(SqliteJournal.open(join(directory, 'journal.db'), options(changes)));
  after(() => journal.close());
  return journal;
}

/** As the station opens it, without a reserve unless asked for. */
export function openWhole(directory: string, changes: Partial<OpenJournalOptions> = {}): OpenedJournal {
  const opened = value(openJournal({ ...options(), directory, log: silentLog, reserveBytes: 0, ...changes }));
  after(() => opened.journal.close());
  return opened;
}

/** Always the same id for the same number. Scattered, so that no id stands by chance within the bytes around another. */
export function idOf(number: number): TransactionId {
  return newTransactionId(seededRandom(number));
}

export function begin(
  number: number,
  changes: {
    kind?: TransactionKind;
    state?: 'intended' | 'waiting';
    item?: string;
    patron?: string;
    at?: number;
  } = {},
): Row {
  const kind = changes.kind ?? 'checkout';
  return {
    row: 'begin',
    id: idOf(number),
    kind,
    state: changes.state ?? 'intended',
    item: changes.item ?? `item-${number}`,
    patron: kind === 'checkin' ? undefined : (changes.patron ?? `patron-${number}`),
    at: changes.at ?? friday,
  };
}

export function move(number: number, to: Extract<Row, { row: 'move' }>['to'], at = friday): Row {
  return { row: 'move', id: idOf(number), to, at };
}

/** Every file of the folder as one buffer each. */
export function filesOf(directory: string): ReadonlyMap<string, Buffer> {
  return new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))]));
}

/** In which files of the folder these bytes stand. */
export function filesWith(directory: string, needle: string | Buffer): string[] {
  return [...filesOf(directory)].filter(([, bytes]) => bytes.includes(needle)).map(([name]) => name);
}
