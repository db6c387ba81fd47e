import Database, { type Database as Connection } from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import type { KeyStore } from '../kernel/key-store.ts';
import type { Random } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { readChain, type AuditChain } from './audit.ts';
import { classify } from './disk-fault.ts';
import { systemCode, writeDurably } from './durable-file.ts';
import { Reader, selectPinTries, type ListedTransaction, type PinTry } from './reader.ts';
import type { StoredTagWork } from './rows.ts';
import { Sealer } from './seal.ts';
import { TagWorkTable } from './tag-work.ts';

/** How many transaction numbers, counted from the newest, are tried one by one. */
export const salvageRowsMax = 100_000;

const exportFormat = 'omatoimi-journal-export';
const exportVersion = 1;

/** What can still be read from a damaged journal, oldest first. */
export interface Salvaged {
  readonly transactions: readonly ListedTransaction[];
  /** Numbers that could not be looked at for damage: what stood there, if anything, is lost. */
  readonly lost: readonly number[];
  readonly pinTries: readonly PinTry[];
  /** What the security of tags still needs. */
  readonly tagWork: readonly StoredTagWork[];
  /** The audit log, where it can be read at all. */
  readonly audit: AuditChain | undefined;
}

export const nothing: Salvaged = {
  transactions: [],
  lost: [],
  pinTries: [],
  tagWork: [],
  audit: undefined,
};

/** Reads what can be read. Does not change the file. */
export function salvage(file: string, keyStore: KeyStore, random: Random): Salvaged {
  let db: Connection | undefined;
  try {
    const connection = new Database(file, { readonly: true, fileMustExist: true });
    db = connection;
    const sealer = new Sealer(keyStore, random);
    const reader = new Reader(connection, sealer);
    const last = Math.max(...boundaries(connection, file));
    const first = Math.max(1, last - salvageRowsMax + 1);
    const found: ListedTransaction[] = [];
    const lost: number[] = [];
    for (let seq = first; seq <= last; seq += 1) {
      // One by one: a scan ends at the first damaged page, a look-up passes by it.
      const whole = look(file, () => reader.bySeq(seq));
      const looked = whole.damaged ? look(file, () => reader.withoutHistory(seq)) : whole;
      if (looked.damaged) lost.push(seq);
      else if (looked.value !== undefined) found.push(looked.value);
    }
    const pinTries = attempt(file, () => connection.prepare<[], PinTry>(selectPinTries).all()) ?? [];
    const tagWork = attempt(file, () => tagWorkOf(connection, sealer)) ?? [];
    const audit = attempt(file, () => readChain(connection));
    return { transactions: found, lost, pinTries, tagWork, audit };
  } catch (error) {
    if (isOfTheFile(error, file)) return nothing;
    throw error;
  } finally {
    db?.close();
  }
}

/** A journal of an older program has no such table. */
function tagWorkOf(db: Connection, sealer: Sealer): readonly StoredTagWork[] {
  const there = db.prepare(`select 1 from sqlite_master where type = 'table' and name = 'tag_work'`).get();
  return there === undefined ? [] : new TagWorkTable(db, sealer).unsettled();
}

/** Numbers of which the largest readable one bounds the search. */
function boundaries(db: Connection, file: string): readonly number[] {
  const ask = (sql: string): number =>
    attempt(file, () => db.prepare<[], number | null>(sql).pluck().get() ?? undefined) ?? 0;
  return [
    ask(`select seq from sqlite_sequence where name = 'transactions'`),
    ask('select max(seq) from transactions'),
    ask('select max(transaction_seq) from transitions'),
  ];
}

type Looked<T> = { readonly damaged: true } | { readonly damaged: false; readonly value: T | undefined };

function look<T>(file: string, read: () => T | undefined): Looked<T> {
  try {
    return { damaged: false, value: read() };
  } catch (error) {
    if (isOfTheFile(error, file)) return { damaged: true };
    throw error;
  }
}

/** Numbers as ranges, `3, 7–12`; of very many ranges the first ones and how many more. */
export function rangesOf(numbers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && number === last.to + 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  const told = ranges
    .slice(0, rangesTold)
    .map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`));
  return [...told, ...(ranges.length > rangesTold ? [`and ${ranges.length - rangesTold} more`] : [])].join(
    ', ',
  );
}

const rangesTold = 50;

function attempt<T>(file: string, read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isOfTheFile(error, file)) return undefined;
    throw error;
  }
}

/** A damaged schema shows as a missing table: SQLITE_ERROR. */
function isOfTheFile(error: unknown, file: string): boolean {
  if (classify(error, file) !== undefined) return true;
  return error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR';
}

/** Writes what was salvaged into one sealed file. Throws the operating system's error. */
export function writeExport(
  file: string,
  transactions: readonly ListedTransaction[],
  keyStore: KeyStore,
  random: Random,
  lost: readonly number[] = [],
): void {
  const { keyId, blob } = new Sealer(keyStore, random).seal(transactions, exportFormat);
  const header = {
    format: exportFormat,
    version: exportVersion,
    keyId,
    transactions: transactions.length,
    lost: rangesOf(lost),
  };
  writeDurably(file, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`, 'utf8'), blob]));
}

export type ExportFailure =
  | { readonly kind: 'unusable'; readonly reason: string }
  /** Not an export, damaged, or its key is gone. */
  | { readonly kind: 'unreadable' };

/** What a sealed export holds, for a technician who has the keys: transactions as JSON values. */
export function readExport(
  file: string,
  keyStore: KeyStore,
  random: Random,
): Result<readonly unknown[], ExportFailure> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const reason = systemCode(error);
    if (reason === undefined) throw error;
    return err({ kind: 'unusable', reason });
  }
  const end = bytes.indexOf(0x0a);
  const keyId = end < 0 ? undefined : keyIdOf(bytes.toString('utf8', 0, end));
  if (keyId === undefined) return err({ kind: 'unreadable' });
  const content = new Sealer(keyStore, random).unseal({ keyId, blob: bytes.subarray(end + 1) }, exportFormat);
  return Array.isArray(content) ? ok(content) : err({ kind: 'unreadable' });
}

function keyIdOf(header: string): string | undefined {
  try {
    const content: unknown = JSON.parse(header);
    if (typeof content !== 'object' || content === null) return undefined;
    const { format, version, keyId } = Object.fromEntries(Object.entries(content));
    return format === exportFormat && version === exportVersion && typeof keyId === 'string'
      ? keyId
      : undefined;
  } catch {
    return undefined;
  }
}
