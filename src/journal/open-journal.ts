import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../kernel/log.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { freeAsideName, moveAside } from './aside.ts';
import { isUnsettled } from './carry.ts';
import { classify } from './disk-fault.ts';
import { syncDirectory } from './durable-file.ts';
import { FileReserve } from './file-reserve.ts';
import { clearSuspect, probe } from './probe.ts';
import type { JournalFailure } from './rows.ts';
import { schemaVersion } from './schema/migrations.ts';
import { nothing, rangesOf, salvage, writeExport } from './salvage.ts';
import { SqliteJournal, type JournalOptions, type OpenFailure } from './sqlite-journal.ts';

export interface OpenJournalOptions extends Omit<JournalOptions, 'reserve'> {
  /** The data folder; made when it is missing. Hold its lock (`lockDataDirectory`) before. */
  readonly directory: string;
  readonly log: Log;
  /** Size of the reserve for returns on a full disk; 8 MiB by default, 0 for none. */
  readonly reserveBytes?: number;
}

/** A journal that could not be used and was kept. */
export interface Aside {
  /** Where it lies now; its `-wal` and `-shm` beside it. */
  readonly file: string;
  readonly why:
    | { readonly kind: 'newer'; readonly version: number }
    | { readonly kind: 'damaged'; readonly reason: string };
  /** A sealed file with all that could be read of a damaged one. */
  readonly exported?: { readonly file: string; readonly transactions: number };
  /** Unsettled transactions that go on in the new journal, under their ids. */
  readonly carried: number;
  /** Unsettled transactions that were seen but whose seal did not open; they are only in the file that was set aside. */
  readonly unreadable: number;
  /** Numbers that damage kept from being looked at; in the log and in the export's first line as ranges. */
  readonly lost: readonly number[];
  /** Whether the audit log goes on in the new journal; otherwise it begins anew and the old one is in the file set aside. */
  readonly auditCarried: boolean;
}

export interface OpenedJournal {
  readonly journal: SqliteJournal;
  readonly aside?: Aside;
}

/**
 * Opens the journal of a data folder; a newer or damaged one is kept aside and a new one begun, so that the station goes on.
 * Fails only with the disk's own failure.
 */
export function openJournal(options: OpenJournalOptions): Result<OpenedJournal, JournalFailure> {
  const file = join(options.directory, 'journal.db');
  const reserve = new FileReserve(
    join(options.directory, 'reserve.bin'),
    options.random,
    options.reserveBytes,
  );
  let opened = openOnce(file, { ...options, reserve });
  while (!opened.ok && opened.error.kind === 'full' && reserve.release()) {
    opened = openOnce(file, { ...options, reserve });
  }
  if (!opened.ok) return opened;
  clearSuspect(file);
  reserve.refill();
  tell(opened.value, options.log);
  return opened;
}

function openOnce(file: string, options: JournalOptions): Result<OpenedJournal, JournalFailure> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    finishReplacing(file, options);
    return openOrReplace(file, options);
  } catch (error) {
    const fault = classify(error, file);
    if (fault === undefined) throw error;
    return err(failureOf(fault));
  }
}

function openOrReplace(file: string, options: JournalOptions): Result<OpenedJournal, JournalFailure> {
  const found = probe(file);
  if (found.kind === 'newer' || found.kind === 'damaged') return replace(file, found, options);
  const opened = SqliteJournal.open(file, options);
  if (opened.ok) return ok({ journal: opened.value });
  const why = asideReason(opened.error);
  return why === undefined ? err(failureOf(opened.error)) : replace(file, why, options);
}

function asideReason(failure: OpenFailure): Aside['why'] | undefined {
  if (failure.kind === 'newer' || failure.kind === 'damaged') return failure;
  if (failure.kind === 'foreign') return { kind: 'damaged', reason: 'a database of some other program' };
  return undefined;
}

function failureOf(failure: OpenFailure): JournalFailure {
  if (failure.kind === 'full') return { kind: 'full' };
  return { kind: 'broken', reason: 'reason' in failure ? failure.reason : failure.kind };
}

/** A new journal while it is being made, and when it is complete. */
function makingName(file: string): string {
  return `${file}-making`;
}
function nextName(file: string): string {
  return `${file}-next`;
}

/**
 * Makes the new journal complete under another name first, then changes names. Whenever the power goes, the next start finds
 * either the old journal, and does it again, or the new one, and finishes the change of names.
 */
function replace(
  file: string,
  why: Aside['why'],
  options: JournalOptions,
): Result<OpenedJournal, JournalFailure> {
  const directory = dirname(file);
  const base = freeAsideName(directory, asideKind(why), options.now());
  const salvaged = why.kind === 'newer' ? nothing : salvage(file, options.keyStore, options.random);
  const readable = salvaged.transactions;
  const unsettled = readable.filter(({ state }) => isUnsettled(state));
  const carried = unsettled.filter((transaction) => transaction.readable);
  if (why.kind === 'damaged') {
    writeExport(`${base}.export`, readable, options.keyStore, options.random, salvaged.lost);
  }

  discard(makingName(file));
  const made = SqliteJournal.open(makingName(file), options);
  if (!made.ok) return err(failureOf(made.error));
  const auditCarried = made.value.carry(carried, salvaged.pinTries, salvaged.audit, salvaged.tagWork);
  // Closing moves the log into the main file: one file to rename.
  made.value.close();
  renameSync(makingName(file), nextName(file));
  syncDirectory(directory);

  moveAside(file, `${base}.db`);
  renameSync(nextName(file), file);
  syncDirectory(directory);
  const opened = SqliteJournal.open(file, options);
  if (!opened.ok) return err(failureOf(opened.error));
  const aside: Aside = {
    file: `${base}.db`,
    why,
    ...(why.kind === 'damaged'
      ? { exported: { file: `${base}.export`, transactions: readable.length } }
      : {}),
    carried: carried.length,
    unreadable: unsettled.length - carried.length,
    lost: salvaged.lost,
    auditCarried,
  };
  return ok({ journal: opened.value, aside });
}

function asideKind(why: Aside['why']): string {
  return why.kind === 'newer' ? `newer-${why.version}` : 'damaged';
}

/** The power went between two changes of names: the new journal is complete, the old one is aside but for its log perhaps. */
function finishReplacing(file: string, { now }: JournalOptions): void {
  const next = nextName(file);
  if (!existsSync(next)) return;
  if (existsSync(file)) {
    discard(next);
    return;
  }
  moveAside(file, `${freeAsideName(dirname(file), 'damaged', now())}.db`);
  renameSync(next, file);
  syncDirectory(dirname(file));
}

function discard(file: string): void {
  for (const side of ['', '-wal', '-shm', '-journal']) rmSync(file + side, { force: true });
}

function tell({ journal, aside }: OpenedJournal, log: Log): void {
  if (aside !== undefined) {
    log.write('error', aside.why.kind === 'newer' ? 'journal.newer' : 'journal.damaged', {
      path: basename(aside.file),
      reason: aside.why.kind === 'newer' ? `schema ${aside.why.version}` : aside.why.reason,
      count: aside.carried,
    });
    if (aside.lost.length > 0) {
      log.write('error', 'journal.lost', { count: aside.lost.length, reason: rangesOf(aside.lost) });
    }
    if (aside.why.kind === 'damaged' && !aside.auditCarried)
      log.write('warning', 'journal.auditBegunAnew', { path: basename(aside.file) });
  }
  if (journal.parked > 0) log.write('error', 'journal.parked', { count: journal.parked });
  log.write('info', 'journal.opened', { version: schemaVersion, count: journal.open().length });
}
