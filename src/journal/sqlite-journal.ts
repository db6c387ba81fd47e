import type { Database, Statement } from 'better-sqlite3';
import { dirname } from 'node:path';
import { assert } from '../kernel/assert.ts';
import type { UtcMillis } from '../kernel/clock.ts';
import type { TransactionId } from '../kernel/ids.ts';
import type { KeyStore } from '../kernel/key-store.ts';
import type { Random } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { hasAsides } from './aside.ts';
import { AuditLog, type AuditChain, type AuditRow, type AuditEntry, type AuditVerdict } from './audit.ts';
import { checkpointAfter, connect, thriftyWalPages, walPagesBeforeCheckpoint } from './connection.ts';
import { classify, type DiskFault } from './disk-fault.ts';
import { migrate, type MigrateFailure } from './migrate.ts';
import { rowsToCarry } from './carry.ts';
import { OutageTable } from './outage.ts';
import { markSuspect } from './probe.ts';
import {
  Reader,
  selectPinTries,
  whereUnsettled,
  type FoundTransaction,
  type ListedTransaction,
  type PinTry,
} from './reader.ts';
import { refusedRules, type RefusedRule } from './refusals.ts';
import { beginsLoan, mayUseReserve, noReserve, type Reserve } from './reserve.ts';
import { reseal, type Resealed } from './reseal.ts';
import { erase, purge, type Erased, type Purged, type Retention } from './retention.ts';
import type {
  Journal,
  JournalFailure,
  Row,
  StoredOutage,
  StoredTagWork,
  StoredTransaction,
  TransactionState,
} from './rows.ts';
import { Sealer } from './seal.ts';
import { knownAcs, nameAcs, noteDeath, rowsToStaff } from './set-aside.ts';
import { statusOf, unreadableStatus, type JournalStatus } from './status.ts';
import { TagWorkTable } from './tag-work.ts';
import { Writer } from './writer.ts';

export interface JournalOptions {
  readonly keyStore: KeyStore;
  /** The library's time zone, stored with each transaction (IANA name). */
  readonly zone: string;
  readonly random: Random;
  readonly now: () => UtcMillis;
  /** Space kept for returns on a full disk; none by default. */
  readonly reserve?: Reserve;
  /** No other process opens the file meanwhile, so that no lock is taken at each commit. The station’s copies need one of their own. */
  readonly alone?: boolean;
  /** Most pages of 4 KiB that the main file may have; without it only the disk bounds it. */
  readonly pagesMax?: number;
}

export type OpenFailure = MigrateFailure | DiskFault;

type LastingFault = Exclude<DiskFault, { readonly kind: 'full' }>;

/** Most rows that a technician's list may hold. */
export const listRowsMax = 1_000;

/** What the journal keeps about one card. */
export interface Person {
  readonly transactions: readonly ListedTransaction[];
  /** Wrong PINs that still count. */
  readonly pinTries: number;
  /** Whether its PIN can be checked while the library system is away. */
  readonly pinVerifier: boolean;
}

/** The journal in an SQLite file. When `commit` returns ok the rows are on the disk, sealed. */
export class SqliteJournal implements Journal {
  /** Transactions whose seal did not open at this start; they stand on the staff list now. */
  readonly parked: number;
  readonly #file: string;
  readonly #db: Database;
  readonly #keyStore: KeyStore;
  readonly #sealer: Sealer;
  readonly #reader: Reader;
  readonly #tagWork: TagWorkTable;
  readonly #audit: AuditLog;
  readonly #outage: OutageTable;
  readonly #writer: Writer;
  readonly #reserve: Reserve;
  readonly #begin: Statement<[]>;
  readonly #commit: Statement<[]>;
  readonly #rollback: Statement<[]>;
  readonly #pinTries: Statement<[], PinTry>;
  readonly #staffCount: Statement<[], { readonly count: number }>;
  /** What was read at the start, until something is written: there may be a hundred thousand. */
  #openAtStart: readonly ListedTransaction[] | undefined;
  /** A fault after which this connection is not to be relied on. */
  #distrusted: LastingFault | undefined;
  #staffCounted = 0;

  /**
   * Opens or makes the journal in `file` and brings its schema up to date.
   * Fails without touching the content when a newer program made it (`newer`), when it is no journal (`foreign`) or
   * not readable (`damaged`); `full` and `broken` are the disk's.
   */
  static open(file: string, options: JournalOptions): Result<SqliteJournal, OpenFailure> {
    let db: Database | undefined;
    try {
      db = connect(file, options.alone);
      const migrated = migrate(db);
      if (!migrated.ok) {
        db.close();
        return err(migrated.error);
      }
      return ok(new SqliteJournal(file, db, options));
    } catch (error) {
      db?.close();
      const fault = classify(error, file);
      if (fault === undefined) throw error;
      return err(fault);
    }
  }

  private constructor(file: string, db: Database, options: JournalOptions) {
    this.#file = file;
    this.#db = db;
    this.#reserve = options.reserve ?? noReserve;
    this.#keyStore = options.keyStore;
    this.#sealer = new Sealer(options.keyStore, options.random);
    this.#reader = new Reader(db, this.#sealer);
    this.#tagWork = new TagWorkTable(db, this.#sealer);
    this.#audit = new AuditLog(db, this.#sealer);
    this.#outage = new OutageTable(db);
    this.#writer = new Writer(db, this.#sealer, options.zone, {
      audit: this.#audit,
      outage: this.#outage,
      tagWork: this.#tagWork,
    });
    if (options.pagesMax !== undefined) db.pragma(`max_page_count = ${options.pagesMax}`);
    this.#begin = db.prepare('begin immediate');
    this.#commit = db.prepare('commit');
    this.#rollback = db.prepare('rollback');
    this.#pinTries = db.prepare(selectPinTries);
    this.#staffCount = db.prepare(
      `select count(*) as count from transactions t where ${whereUnsettled} and t.state = 'staff'`,
    );
    db.prepare('insert or ignore into journal (id, epoch, created) values (1, ?, ?)').run(
      Buffer.from(options.random.bytes(16)).toString('hex'),
      options.now(),
    );
    if (this.#reserve.isSpent()) checkpointAfter(db, thriftyWalPages);
    this.parked = this.#parkUnreadable(options.now());
  }

  commit(
    rows: readonly Row[],
  ): { readonly ok: true } | { readonly ok: false; readonly failure: JournalFailure } {
    if (rows.length === 0) return { ok: true };
    if (this.#distrusted !== undefined) return { ok: false, failure: failureOf(this.#distrusted) };
    if (beginsLoan(rows) && !this.#reserveIsWhole()) return { ok: false, failure: { kind: 'full' } };
    let fault = this.#tryCommit(rows);
    if (fault?.kind === 'full') fault = this.#commitOnFullDisk(rows);
    return fault === undefined ? { ok: true } : { ok: false, failure: failureOf(fault) };
  }

  probe(): 'fine' | 'full' | 'broken' {
    if (this.#distrusted !== undefined) return 'broken';
    if (!this.#reserveIsWhole()) return 'full';
    return this.#tryWrite()?.kind ?? 'fine';
  }

  open(): readonly ListedTransaction[] {
    return this.#openAtStart ?? this.#reader.open();
  }

  tagWork(): readonly StoredTagWork[] {
    return this.#tagWork.unsettled();
  }

  pinTries(): readonly PinTry[] {
    return this.#pinTries.all();
  }

  outage(): StoredOutage | undefined {
    return this.#outage.read();
  }

  believed(): readonly StoredTransaction[] {
    // A disk that cannot be read now may be later: the doubt is noted, and asked about again at the next start.
    const believed = this.#read(() => this.#outage.believed(), []);
    return believed.map((record) => this.#reader.unseal(record)).filter(({ readable }) => readable);
  }

  doubted(since: UtcMillis, max: number): readonly StoredTransaction[] | undefined {
    const doubted = this.#read(() => this.#outage.doubted({ since, max }), undefined);
    return doubted?.map((record) => this.#reader.unseal(record)).filter(({ readable }) => readable);
  }

  hash(value: string): string {
    return this.#sealer.hash(value);
  }

  staffCount(): number {
    this.#staffCounted = this.#read(
      () => (this.#staffCount.get()?.count ?? 0) + this.#tagWork.staffCount(),
      this.#staffCounted,
    );
    return this.#staffCounted;
  }

  /** The newest transactions, newest first, `limit` of them (at most `listRowsMax`); none when the disk fails (`status` says so). */
  list(query: { readonly state?: TransactionState; readonly limit: number }): readonly ListedTransaction[] {
    assert(Number.isInteger(query.limit) && query.limit >= 0, 'a list has a whole limit');
    return this.#read(() => this.#reader.newest(Math.min(query.limit, listRowsMax), query.state), []);
  }

  /** By which rules patrons were refused; none when the disk fails (`status` says so). */
  refusals(): readonly RefusedRule[] {
    return this.#read(() => refusedRules(this.#db), []);
  }

  /** Why nothing that is read from this journal can be relied on until the next start; SQLite’s name of the error. */
  get fault(): string | undefined {
    return this.#distrusted?.reason;
  }

  status(): JournalStatus {
    const reserveBytes = this.#reserve.bytes();
    const status = this.#read(() => statusOf(this.#db, this.#file, reserveBytes), undefined);
    return { ...(status ?? unreadableStatus(this.#file, reserveBytes)), fault: this.#distrusted?.reason };
  }

  /** The transaction with this number or id, and all that became of it; undefined when there is none or the disk fails. */
  find(named: number | string): FoundTransaction | undefined {
    return this.#read(() => this.#reader.find(named), undefined);
  }

  /** Transactions after a number, oldest first, at most `limit`; none when the disk fails. */
  page(states: 'unsettled' | 'all', after: number, limit: number): readonly ListedTransaction[] {
    return this.#read(() => this.#reader.page(states, after, Math.min(limit, listRowsMax)), []);
  }

  /** What is kept about a card; undefined when the disk fails. */
  person(card: string): Person | undefined {
    const hash = this.hash(card);
    return this.#read(
      (): Person => ({
        transactions: this.#reader.ofPerson(hash),
        pinTries: this.pinTries().filter(({ cardHash }) => cardHash === hash).length,
        pinVerifier:
          this.#db.prepare('select 1 from pin_verifiers where card_hash = ?').get(hash) !== undefined,
      }),
      undefined,
    );
  }

  /**
   * Erases the settled transactions of a card, and notes that it was done without saying whose. What is not settled stays. PIN tries
   * stay for their day: who could have them erased would have as many tries as they like.
   */
  erase(card: string, noted: AuditRow): Result<Erased, JournalFailure> {
    return this.#rewriting(() => erase(this.#db, this.#audit, this.#file, this.hash(card), noted));
  }

  /** Seals everything anew under the present key; see `reseal`. */
  reseal(noted: AuditRow): Result<Resealed, JournalFailure> {
    return this.#rewriting(() =>
      reseal(this.#db, this.#sealer, this.#keyStore.current().keyId, this.#audit, this.#file, noted),
    );
  }

  /** Lets go of keys that were destroyed. */
  forgetKeys(keyIds: readonly string[]): void {
    this.#sealer.forget(keyIds);
  }

  /** Whether files that were set aside lie beside the journal, sealed under the keys of their time. */
  hasAsides(): boolean {
    return hasAsides(dirname(this.#file));
  }

  /** The newest acts of technicians and librarians, newest first. */
  audit(limit: number): readonly AuditEntry[] {
    return this.#read(() => this.#audit.newest(Math.min(limit, listRowsMax)), []);
  }

  /** Whether the audit log is whole; undefined when the disk fails. */
  verifyAudit(): AuditVerdict | undefined {
    return this.#read(() => this.#audit.verify(), undefined);
  }

  /** The newest link of the audit log, to be noted outside the journal too. */
  auditHead(): string | undefined {
    return this.#read(() => this.#audit.head(), undefined);
  }

  /** Deletes what has outlived its purpose; see `Retention`. Leaves no trace of it in the files. */
  purge(now: UtcMillis, retention?: Partial<Retention>): Result<Purged, JournalFailure> {
    return this.#rewriting(() => purge(this.#db, this.#audit, this.#file, now, retention));
  }

  /**
   * Takes over PIN tries and unsettled transactions from a journal that had to be set aside, these under their ids and in their order.
   * Later steps of theirs may be among what was lost, so none of them counts as unsent. True: the audit log
   * goes on too.
   */
  carry(
    transactions: readonly ListedTransaction[],
    pinTries: readonly PinTry[],
    audit?: AuditChain,
    tagWork: readonly StoredTagWork[] = [],
  ): boolean {
    this.#openAtStart = undefined;
    return this.#db
      .transaction(() => {
        for (const { cardHash, at } of pinTries) this.#writer.carryPinTry(cardHash, at);
        for (const transaction of transactions) {
          for (const row of rowsToCarry(transaction)) this.#writer.write(row, transaction.zone);
        }
        for (const { id, aim, state, item, uids, parts, at, rule = 'carried' } of tagWork) {
          const seen = parts === undefined ? {} : { parts };
          this.#writer.write({ row: 'tagBegin', id, aim, item, uids, ...seen, at });
          if (state === 'staff') this.#writer.write({ row: 'tagMove', id, to: 'staff', rule, at });
        }
        return audit !== undefined && this.#audit.takeOver(audit);
      })
      .immediate();
  }

  /** What the PIN of this card can be checked against, as it was given; undefined where there is nothing. */
  pinVerifier(cardHash: string): Uint8Array | undefined {
    return this.#read(
      () =>
        this.#db
          .prepare<[string], { readonly sealed: Buffer }>(
            'select sealed from pin_verifiers where card_hash = ?',
          )
          .get(cardHash)?.sealed,
      undefined,
    );
  }

  /** The library system that this journal was made with; undefined in a fresh one. */
  knownAcs(): string | undefined {
    return knownAcs(this.#db);
  }

  nameAcs(identity: string): void {
    nameAcs(this.#db, identity);
  }

  /** The process ended while it worked on a transaction: how often by now; 0 where that is settled or unknown. */
  noteDeath(id: TransactionId): number {
    return noteDeath(this.#db, id);
  }

  /** Puts an open transaction, or all of them, on the staff list. */
  setAside(rule: string, at: UtcMillis, only?: TransactionId): void {
    this.#openAtStart = undefined;
    const open = this.#reader.open().filter(({ id }) => only === undefined || id === only);
    const rows = open.flatMap((transaction) => rowsToStaff(transaction, rule, at));
    this.#db.transaction(() => rows.forEach((row) => this.#writer.write(row))).immediate();
  }

  /** Work for a quiet moment: fills the reserve again when the disk has room. */
  maintain(): void {
    this.#reserve.refill();
    checkpointAfter(this.#db, this.#reserve.isSpent() ? thriftyWalPages : walPagesBeforeCheckpoint);
  }

  close(): void {
    this.#db.close();
  }

  /** Work on the whole file. */
  #rewriting<T>(work: () => T): Result<T, JournalFailure> {
    try {
      return ok(work());
    } catch (error) {
      this.#undo();
      const fault = this.#faultOf(error);
      this.#noteFault(fault);
      return err(failureOf(fault));
    }
  }

  /** Reads; where the disk fails, gives `otherwise` and remembers the fault. */
  #read<T>(work: () => T, otherwise: T): T {
    try {
      return work();
    } catch (error) {
      this.#noteFault(this.#faultOf(error));
      return otherwise;
    }
  }

  /** What the disk did; throws on what is no fault of the disk. */
  #faultOf(error: unknown): DiskFault {
    const fault = classify(error, this.#file);
    if (fault === undefined) throw error;
    return fault;
  }

  #tryCommit(rows: readonly Row[]): DiskFault | undefined {
    this.#openAtStart = undefined;
    try {
      this.#begin.run();
      for (const row of rows) this.#writer.write(row);
      this.#commit.run();
      return undefined;
    } catch (error) {
      this.#undo();
      const fault = this.#faultOf(error);
      this.#noteFault(fault);
      return fault;
    }
  }

  /** A durable write that changes nothing. */
  #tryWrite(): ReturnType<typeof failureOf> | undefined {
    try {
      this.#begin.run();
      this.#db.exec('update journal set epoch = epoch');
      this.#commit.run();
      return undefined;
    } catch (error) {
      this.#undo();
      const fault = this.#faultOf(error);
      this.#noteFault(fault);
      return failureOf(fault);
    }
  }

  /** First by using the log's own space again, then out of the reserve, where these rows may. */
  #commitOnFullDisk(rows: readonly Row[]): DiskFault | undefined {
    let fault: DiskFault | undefined;
    do {
      this.#recycleLog();
      fault = this.#tryCommit(rows);
    } while (fault?.kind === 'full' && mayUseReserve(rows) && this.#releaseReserve());
    return fault;
  }

  #releaseReserve(): boolean {
    const released = this.#reserve.release();
    if (released) checkpointAfter(this.#db, thriftyWalPages);
    return released;
  }

  #recycleLog(): void {
    // Where the main file has no room to grow either, the commit will say so.
    this.#read(() => this.#db.pragma('wal_checkpoint(passive)'), undefined);
  }

  /** What was given for returns is not for lending; as soon as the disk has room it is taken back. */
  #reserveIsWhole(): boolean {
    if (!this.#reserve.isSpent()) return true;
    this.maintain();
    return !this.#reserve.isSpent();
  }

  #undo(): void {
    // SQLite has rolled back by itself after some faults (a full disk among them).
    if (this.#db.inTransaction) this.#read(() => this.#rollback.run(), undefined);
  }

  /**
   * After a failed write or flush the kernel may have dropped the page and call the next flush a success, so nothing
   * that this connection says can be trusted until the journal was opened, and thereby recovered, again.
   */
  #noteFault(fault: DiskFault): void {
    if (fault.kind === 'full') return;
    if (fault.kind === 'broken' && !fault.reason.startsWith('SQLITE_IOERR')) return;
    this.#distrusted ??= fault;
    markSuspect(this.#file);
  }

  /** What can't be read can't be settled by asking; staff must see that it was there. */
  #parkUnreadable(now: UtcMillis): number {
    const open = this.#reader.open();
    const unreadable = open.filter((transaction) => !transaction.readable);
    this.#openAtStart = open.filter((transaction) => transaction.readable);
    const rows = unreadable.flatMap((transaction) => rowsToStaff(transaction, 'journal.unreadable', now));
    if (rows.length > 0)
      this.#db.transaction(() => rows.forEach((row) => this.#writer.write(row))).immediate();
    return unreadable.length;
  }
}

function failureOf(fault: DiskFault): JournalFailure {
  return fault.kind === 'full' ? fault : { kind: 'broken', reason: fault.reason };
}
