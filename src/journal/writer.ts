import type { Database, Statement } from 'better-sqlite3';
import { assert, unreachable } from '../kernel/assert.ts';
import type { UtcMillis } from '../kernel/clock.ts';
import type { TransactionId } from '../kernel/ids.ts';
import type { AuditLog } from './audit.ts';
import { lazily } from './lazy-statement.ts';
import { movesOf, type Row, type TransactionKind, type TransactionState } from './rows.ts';
import { boundToBegin, boundToMove, type SealedBegin, type SealedMove } from './sealed-fields.ts';
import type { Sealer } from './seal.ts';
import type { OutageTable } from './outage.ts';
import type { TagWorkTable } from './tag-work.ts';

type RowOf<K extends Row['row']> = Extract<Row, { readonly row: K }>;

interface Place {
  readonly seq: number;
  readonly state: TransactionState;
  readonly steps: number;
}

/** By place: named parameters cost a look-up each. */
type NewTransaction = [
  id: TransactionId,
  kind: TransactionKind,
  state: TransactionState,
  itemHash: string,
  patronHash: string | null,
  sealed: Buffer,
  keyId: string,
  at: number,
  zone: string,
  movedAt: number,
  replaces: string | null,
];

/** The tables that write their own rows. */
export interface OtherTables {
  readonly audit: AuditLog;
  readonly outage: OutageTable;
  readonly tagWork: TagWorkTable;
}

/**
 * Writes one row inside a transaction that the caller opened. An impossible row (a move backwards, an unknown or
 * doubled id) throws: it is a fault of the program. The schema's triggers hold the same rules once more.
 */
export class Writer {
  readonly #sealer: Sealer;
  readonly #zone: string;
  readonly #tagWork: TagWorkTable;
  readonly #audit: AuditLog;
  readonly #outage: OutageTable;
  readonly #insert: Statement<NewTransaction>;
  readonly #find: Statement<[string], Place>;
  readonly #move: Statement<[string, number, number]>;
  readonly #attempt: () => Statement<[number]>;
  readonly #step: Statement<
    [number, number, string, number, string | null, string | null, Buffer | null, string | null]
  >;
  readonly #refusal: Statement<[string, string, number]>;
  readonly #pinTried: Statement<[string, number]>;
  readonly #forgiveAll: () => Statement<[string]>;
  readonly #verifier: () => Statement<[string, number, Uint8Array]>;
  readonly #noVerifier: () => Statement<[string]>;
  readonly #forgiveLast: Statement<[string]>;

  constructor(db: Database, sealer: Sealer, zone: string, { audit, outage, tagWork }: OtherTables) {
    this.#sealer = sealer;
    this.#zone = zone;
    this.#audit = audit;
    this.#outage = outage;
    this.#tagWork = tagWork;
    this.#insert = db.prepare(`
      insert into transactions
        (id, kind, state, item_hash, patron_hash, sealed, key_id, at, zone, moved_at, replaces)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#find = db.prepare('select seq, state, steps from transactions where id = ?');
    this.#move = db.prepare(
      'update transactions set state = ?, moved_at = ?, steps = steps + 1 where seq = ?',
    );
    this.#attempt = lazily(
      db,
      'update transactions set attempts = attempts + 1, steps = steps + 1 where seq = ?',
    );
    this.#step = db.prepare(`
      insert into transitions (transaction_seq, step, what, at, rule, source, sealed, key_id)
      values (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#refusal = db.prepare('insert into refusals (rule, source, at) values (?, ?, ?)');
    this.#pinTried = db.prepare('insert into pin_tries (card_hash, at) values (?, ?)');
    this.#verifier = lazily(
      db,
      'insert or replace into pin_verifiers (card_hash, made_at, sealed) values (?, ?, ?)',
    );
    this.#noVerifier = lazily(db, 'delete from pin_verifiers where card_hash = ?');
    this.#forgiveAll = lazily(db, 'delete from pin_tries where card_hash = ?');
    this.#forgiveLast = db.prepare(
      'delete from pin_tries where seq = (select max(seq) from pin_tries where card_hash = ?)',
    );
  }

  /** `zone` is given only for a transaction that happened under another configuration. */
  write(row: Row, zone = this.#zone): void {
    switch (row.row) {
      case 'begin':
        return this.#begin(row, zone);
      case 'move':
        return this.#moveTo(row);
      case 'attempt':
        return this.#attempted(row);
      case 'refusal':
        this.#refusal.run(row.rule, row.source, row.at);
        return;
      case 'tagBegin':
        return this.#tagWork.begin(row);
      case 'tagMove':
        return this.#tagWork.move(row);
      case 'outage':
        return this.#outage.write(row);
      case 'pinTried':
        this.#pinTried.run(this.#sealer.hash(row.card), row.at);
        return;
      case 'pinVerifier':
        this.#verifier().run(this.#sealer.hash(row.card), row.at, row.sealed);
        return;
      case 'pinVerifierGone':
        this.#noVerifier().run(this.#sealer.hash(row.card));
        return;
      case 'pinForgiven':
        (row.all ? this.#forgiveAll() : this.#forgiveLast).run(this.#sealer.hash(row.card));
        return;
      case 'audit':
        return this.#audit.note(row);
      default:
        unreachable(row);
    }
  }

  /** A try of another journal, whose card is known only by its hash. */
  carryPinTry(cardHash: string, at: UtcMillis): void {
    this.#pinTried.run(cardHash, at);
  }

  #begin(row: RowOf<'begin'>, zone: string): void {
    assert(/^[0-9a-f]{32}$/u.test(row.id), 'a transaction has an id of 128 bits');
    if (row.replaces !== undefined) {
      assert(this.#find.get(row.replaces) !== undefined, 'the replaced transaction is known');
    }
    const fields: SealedBegin = {
      item: row.item,
      ...(row.patron === undefined ? {} : { patron: row.patron }),
      ...(row.dueBefore === undefined ? {} : { dueBefore: row.dueBefore }),
      ...(row.hold === undefined ? {} : { hold: row.hold }),
      ...(row.fee === undefined ? {} : { fee: row.fee }),
      ...(row.dueTold === undefined ? {} : { dueTold: row.dueTold }),
    };
    const { blob, keyId } = this.#sealer.seal(fields, boundToBegin(row.id));
    this.#insert.run(
      row.id,
      row.kind,
      row.state,
      this.#sealer.hash(row.item),
      row.patron === undefined ? null : this.#sealer.hash(row.patron),
      blob,
      keyId,
      row.at,
      zone,
      row.at,
      row.replaces ?? null,
    );
  }

  #moveTo(row: RowOf<'move'>): void {
    const place = this.#placeOf(row.id);
    assert(
      movesOf[place.state].includes(row.to),
      `a transaction only moves forward: ${place.state} to ${row.to}`,
    );
    this.#move.run(row.to, row.at, place.seq);
    const step = place.steps + 1;
    const said: SealedMove = {
      ...(row.words === undefined || row.words.length === 0 ? {} : { words: row.words }),
      ...(row.due === undefined ? {} : { due: row.due }),
      ...(row.found === undefined ? {} : { found: row.found }),
    };
    const sealed =
      Object.keys(said).length === 0 ? undefined : this.#sealer.seal(said, boundToMove(row.id, step));
    this.#step.run(
      place.seq,
      step,
      row.to,
      row.at,
      row.rule ?? null,
      row.source ?? null,
      sealed?.blob ?? null,
      sealed?.keyId ?? null,
    );
  }

  #attempted(row: RowOf<'attempt'>): void {
    const place = this.#placeOf(row.id);
    assert(
      place.state === 'intended' || place.state === 'uncertain' || place.state === 'waiting',
      `only an open transaction is sent, not one that is ${place.state}`,
    );
    this.#attempt().run(place.seq);
    this.#step.run(place.seq, place.steps + 1, 'attempt', row.at, null, null, null, null);
  }

  #placeOf(id: TransactionId): Place {
    const place = this.#find.get(id);
    assert(place !== undefined, 'the transaction is known');
    return place;
  }
}
