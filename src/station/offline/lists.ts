import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, UtcMillis } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { systemCode, writeDurably } from '../../journal/durable-file.ts';
import type { OfflineLendingConfig } from '../config/offline-lending.ts';
import type { NotLent } from '../core/not-lent.ts';
import type { httpsText } from './https-text.ts';

export type ListConfig = OfflineLendingConfig['lists'][number];

/** A list of a whole country’s libraries fits in. */
export const listBytesMax = 64 * 1_048_576;
export const numbersMax = 1_000_000;
const fetchMsMax = 120_000;
/** So many are hashed at once; between two such heaps the station goes on with its work. */
const hashedAtOnce = 2_000;
const formatVersion = 1;

export interface ListParts {
  /** The data folder. */
  readonly directory: string;
  readonly lists: readonly ListConfig[];
  readonly hash: (number: string) => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch: typeof httpsText;
  readonly onLoaded: (list: NotLent) => void;
}

/**
 * Fetches what must not be lent while the library system is away, in good times and bad. On the disk and in memory there are
 * only keyed hashes: exact, and nothing to read for whoever lacks the journal’s key.
 */
export class NotLentLists {
  readonly #parts: ListParts;
  readonly #cancel = new Map<string, () => void>();
  #stopped = false;

  constructor(parts: ListParts) {
    this.#parts = parts;
  }

  /** Takes up what was fetched last, and fetches anew. */
  start(): void {
    for (const list of this.#parts.lists) {
      const kept = this.#kept(list);
      if (kept !== undefined) this.#parts.onLoaded(kept);
      this.#fetch(list);
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancel.values()) cancel();
  }

  #fetch(list: ListConfig): void {
    const began = this.#parts.clock.now();
    const answered = (answer: Result<string, string>): void => {
      if (this.#stopped) return;
      const numbers = answer.ok ? numbersOf(answer.value) : answer;
      if (numbers.ok) this.#hash(list, numbers.value, began);
      else this.#failed(list, numbers.error);
    };
    if (list.from.startsWith('https://')) {
      const limits = { bytesMax: listBytesMax, millisMax: fetchMsMax };
      this.#cancel.set(list.name, this.#parts.fetch(list.from, limits, answered).cancel);
    } else answered(readText(list.from));
  }

  #failed(list: ListConfig, reason: string): void {
    this.#parts.log.write('warning', 'list.notFetched', { key: list.name, reason });
    this.#again(list);
  }

  #again(list: ListConfig): void {
    this.#later(list, list.refreshMinutes * 60_000, () => this.#fetch(list));
  }

  #later(list: ListConfig, delayMs: number, act: () => void): void {
    this.#cancel.set(list.name, this.#parts.clock.after(delayMs, act));
  }

  /** In heaps, so that nobody at the station waits for it. */
  #hash(list: ListConfig, numbers: readonly string[], at: UtcMillis): void {
    const hashes = new Set<string>();
    const heap = (from: number): void => {
      for (const number of numbers.slice(from, from + hashedAtOnce)) hashes.add(this.#parts.hash(number));
      if (from + hashedAtOnce < numbers.length) return this.#later(list, 0, () => heap(from + hashedAtOnce));
      this.#loaded(list, { name: list.name, at, hashes });
    };
    heap(0);
  }

  #loaded(list: ListConfig, loaded: NotLent): void {
    this.#keep(loaded);
    this.#parts.onLoaded(loaded);
    this.#parts.log.write('info', 'list.fetched', { key: list.name, count: loaded.hashes.size });
    this.#again(list);
  }

  #file(name: string): string {
    return join(this.#parts.directory, 'lists', `${name}.json`);
  }

  /** For a restart in the middle of an outage. A full disk costs only that. */
  #keep({ name, at, hashes }: NotLent): void {
    try {
      mkdirSync(join(this.#parts.directory, 'lists'), { recursive: true, mode: 0o700 });
      writeDurably(this.#file(name), JSON.stringify({ version: formatVersion, at, hashes: [...hashes] }));
    } catch (error) {
      const reason = systemCode(error);
      if (reason === undefined) throw error;
      this.#parts.log.write('warning', 'list.notKept', { key: name, reason });
    }
  }

  #kept({ name }: ListConfig): NotLent | undefined {
    const text = readText(this.#file(name));
    if (!text.ok) return undefined;
    try {
      const kept: unknown = JSON.parse(text.value);
      if (typeof kept !== 'object' || kept === null) return undefined;
      const { version, at, hashes } = Object.fromEntries(Object.entries(kept));
      if (version !== formatVersion || typeof at !== 'number' || !Array.isArray(hashes)) return undefined;
      return { name, at, hashes: new Set(hashes.filter((hash) => typeof hash === 'string')) };
    } catch {
      return undefined;
    }
  }
}

function readText(file: string): Result<string, string> {
  try {
    if (statSync(file).size > listBytesMax) return err('too long a file');
    return ok(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = systemCode(error);
    if (reason === undefined) throw error;
    return err(reason);
  }
}

/** One number on each line; empty lines and such as begin with # are passed over. */
export function numbersOf(text: string): Result<readonly string[], string> {
  const numbers = text
    .split(/\r?\n/)
    .map((line) => line.normalize('NFC').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  // What is meant for people, such as an error page, is no list.
  if (numbers.some((number) => number.length > 60 || /[<>{}]/.test(number))) return err('no list of numbers');
  return numbers.length > numbersMax ? err('too many numbers') : ok(numbers);
}
