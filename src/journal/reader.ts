import type { Database, Statement } from 'better-sqlite3';
import type { UtcMillis } from '../kernel/clock.ts';
import type { TransactionId } from '../kernel/ids.ts';
import type { StoredTransaction, TransactionKind, TransactionState } from './rows.ts';
import { boundToBegin, boundToMove, readBegin, readMove, type SealedMove } from './sealed-fields.ts';
import { lazily } from './lazy-statement.ts';
import type { Sealer } from './seal.ts';

/** A transaction as a technician sees it in the journal. */
export interface ListedTransaction extends StoredTransaction {
  /** False: its sealed fields do not open (the key is gone or the file was damaged); item and patron are then empty. */
  readonly readable: boolean;
  readonly zone: string;
  /** When it last changed its state. */
  readonly movedAt: UtcMillis;
}

/** One step of what became of a transaction. */
export interface HistoryStep {
  /** The new state, or `attempt`. */
  readonly what: string;
  readonly at: UtcMillis;
  readonly rule: string | undefined;
  readonly source: 'acs' | 'station' | undefined;
  readonly words: readonly string[];
  readonly due: string | undefined;
}

export interface FoundTransaction extends ListedTransaction {
  readonly history: readonly HistoryStep[];
}

interface StepRecord {
  readonly step: number;
  readonly what: string;
  readonly at: UtcMillis;
  readonly rule: string | null;
  readonly source: 'acs' | 'station' | null;
  readonly sealed: Buffer | null;
  readonly keyId: string | null;
}

/** A try that counts as wrong, by the keyed hash of its card. */
export interface PinTry {
  readonly cardHash: string;
  readonly at: UtcMillis;
}

export const selectPinTries = 'select card_hash as cardHash, at from pin_tries order by seq';

/** Transactions and, of each, its last move. */
export const selectTransactions = `
  select t.seq, t.id, t.kind, t.state, t.sealed, t.key_id as keyId, t.at, t.zone, t.moved_at as movedAt, t.attempts,
    m.step, m.rule, m.source, m.sealed as moveSealed, m.key_id as moveKeyId
  from transactions t
  left join transitions m on m.transaction_seq = t.seq and m.step = case t.steps when 0 then 0
    else (select max(step) from transitions where transaction_seq = t.seq and what <> 'attempt') end`;

/** Repeats the index's own condition, without which SQLite does not use it. */
export const whereUnsettled = `t.state in ('intended', 'uncertain', 'waiting', 'staff')`;
const whereOpen = `${whereUnsettled} and t.state <> 'staff'`;

export interface TransactionRecord {
  readonly seq: number;
  readonly id: TransactionId;
  readonly kind: TransactionKind;
  readonly state: TransactionState;
  readonly sealed: Buffer;
  readonly keyId: string;
  readonly at: UtcMillis;
  readonly zone: string;
  readonly movedAt: UtcMillis;
  readonly attempts: number;
  readonly step: number | null;
  readonly rule: string | null;
  readonly source: 'acs' | 'station' | null;
  readonly moveSealed: Buffer | null;
  readonly moveKeyId: string | null;
}

/** Reads transactions and opens their seals. */
export class Reader {
  readonly #sealer: Sealer;
  readonly #open: Statement<[], TransactionRecord>;
  readonly #bySeq: () => Statement<[number], TransactionRecord>;
  readonly #byId: () => Statement<[string], TransactionRecord>;
  readonly #steps: () => Statement<[number], StepRecord>;
  readonly #withoutHistory: () => Statement<[number], TransactionRecord>;
  readonly #page: () => Statement<[number, number], TransactionRecord>;
  readonly #unsettledPage: () => Statement<[number, number], TransactionRecord>;
  readonly #ofPerson: () => Statement<[string], TransactionRecord>;
  readonly #newest: () => Statement<[number], TransactionRecord>;
  readonly #newestOf: () => Statement<[string, number], TransactionRecord>;

  constructor(db: Database, sealer: Sealer) {
    this.#sealer = sealer;
    // What was begun anew because it could not be sent stands where the first one stood.
    this.#open = db.prepare(`${selectTransactions} where ${whereOpen} order by coalesce(
      (select first.seq from transactions first where first.id = t.replaces and first.state = 'withdrawn'), t.seq)`);
    this.#bySeq = lazily(db, `${selectTransactions} where t.seq = ?`);
    this.#byId = lazily(db, `${selectTransactions} where t.id = ?`);
    this.#steps = lazily(
      db,
      'select step, what, at, rule, source, sealed, key_id as keyId from transitions where transaction_seq = ? order by step',
    );
    this.#withoutHistory = lazily(
      db,
      `
      select seq, id, kind, state, sealed, key_id as keyId, at, zone, moved_at as movedAt, attempts, null as step,
        null as rule, null as source, null as moveSealed, null as moveKeyId
      from transactions where seq = ?`,
    );
    this.#page = lazily(db, `${selectTransactions} where t.seq > ? order by t.seq limit ?`);
    this.#unsettledPage = lazily(
      db,
      `${selectTransactions} where ${whereUnsettled} and t.seq > ? order by t.seq limit ?`,
    );
    this.#ofPerson = lazily(db, `${selectTransactions} where t.patron_hash = ? order by t.seq`);
    this.#newest = lazily(db, `${selectTransactions} order by t.seq desc limit ?`);
    this.#newestOf = lazily(db, `${selectTransactions} where t.state = ? order by t.seq desc limit ?`);
  }

  /** Intended, uncertain and waiting ones, in the order in which they happened. */
  open(): ListedTransaction[] {
    return this.#open.all().map((record) => this.unseal(record));
  }

  /** The one of that number; undefined when there is none. Throws SQLite's error where the file is damaged. */
  bySeq(seq: number): ListedTransaction | undefined {
    const record = this.#bySeq().get(seq);
    return record === undefined ? undefined : this.unseal(record);
  }

  /** The one of that number or id, with its history. */
  find(named: number | string): FoundTransaction | undefined {
    const record = typeof named === 'number' ? this.#bySeq().get(named) : this.#byId().get(named);
    if (record === undefined) return undefined;
    const history = this.#steps()
      .all(record.seq)
      .map((step) => this.#historyStep(record.id, step));
    return { ...this.unseal(record), history };
  }

  /** As `bySeq`, from its own row alone: for a file whose history is damaged. */
  withoutHistory(seq: number): ListedTransaction | undefined {
    const record = this.#withoutHistory().get(seq);
    return record === undefined ? undefined : this.unseal(record);
  }

  /** Those after a number, oldest first. */
  page(states: 'unsettled' | 'all', after: number, limit: number): ListedTransaction[] {
    const statement = states === 'all' ? this.#page : this.#unsettledPage;
    return statement()
      .all(after, limit)
      .map((record) => this.unseal(record));
  }

  /** All of one card, by its keyed hash, oldest first. A return is nobody's: it has no card. */
  ofPerson(patronHash: string): ListedTransaction[] {
    return this.#ofPerson()
      .all(patronHash)
      .map((record) => this.unseal(record));
  }

  /** The newest ones first. */
  newest(limit: number, state?: TransactionState): ListedTransaction[] {
    const records = state === undefined ? this.#newest().all(limit) : this.#newestOf().all(state, limit);
    return records.map((record) => this.unseal(record));
  }

  unseal(record: TransactionRecord): ListedTransaction {
    const begun = readBegin(
      this.#sealer.unseal({ keyId: record.keyId, blob: record.sealed }, boundToBegin(record.id)),
    );
    const moved = this.#said(record.id, record.step, record.moveSealed, record.moveKeyId);
    return {
      seq: record.seq,
      id: record.id,
      kind: record.kind,
      state: record.state,
      item: begun?.item ?? '',
      patron: begun?.patron,
      at: record.at,
      attempts: record.attempts,
      dueBefore: begun?.dueBefore,
      hold: begun?.hold,
      fee: begun?.fee,
      dueTold: begun?.dueTold,
      rule: record.rule ?? undefined,
      source: record.source ?? undefined,
      due: moved.due,
      words: moved.words ?? [],
      found: moved.found,
      readable: begun !== undefined,
      zone: record.zone,
      movedAt: record.movedAt,
    };
  }

  #historyStep(id: TransactionId, record: StepRecord): HistoryStep {
    const { what, at, rule, source, step, sealed, keyId } = record;
    const { words = [], due } = this.#said(id, step, sealed, keyId);
    return { what, at, rule: rule ?? undefined, source: source ?? undefined, words, due };
  }

  /** What the library system said at a step. */
  #said(id: TransactionId, step: number | null, sealed: Buffer | null, keyId: string | null): SealedMove {
    if (sealed === null || keyId === null || step === null) return {};
    return readMove(this.#sealer.unseal({ keyId, blob: sealed }, boundToMove(id, step)));
  }
}
