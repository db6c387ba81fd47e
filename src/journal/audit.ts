import type { Database, Statement } from 'better-sqlite3';
import type { UtcMillis } from '../kernel/clock.ts';
import type { TransactionId } from '../kernel/ids.ts';
import { lazily } from './lazy-statement.ts';
import type { Row } from './rows.ts';
import type { Sealer } from './seal.ts';

/** What is noted, besides `at` and who. */
export type AuditRow = Extract<Row, { readonly row: 'audit' }>;

/** An act as it stands in the audit log. */
export interface AuditEntry {
  readonly seq: number;
  readonly at: UtcMillis;
  readonly act: string;
  readonly subject: TransactionId | undefined;
  readonly detail: string | undefined;
  /** Who did it; undefined when its seal does not open. */
  readonly by: string | undefined;
}

/** What a look at the whole chain finds. */
export type AuditVerdict =
  | { readonly whole: true; readonly entries: number; readonly firstSeq: number | undefined }
  /** From this act on nothing can be relied on: it was changed, left out or put in. */
  | { readonly whole: false; readonly brokenAt: number; readonly reason: string };

/** The same act of the same person on the same thing within this time is one act: somebody who looks again. */
export const repeatedActMs = 60_000;

/** The link before the first. */
const noLink = '0'.repeat(64);
/** Separates the chain's keyed hashes from those of cards and items. */
const linkPurpose = 'audit link';
const endsPurpose = 'audit ends';

interface AuditRecord {
  readonly seq: number;
  readonly at: UtcMillis;
  readonly act: string;
  readonly subject: TransactionId | null;
  readonly detail: string | null;
  readonly sealed: Buffer;
  readonly keyId: string;
  readonly link: string;
}

/** The chain as it lies in the file. */
export interface AuditChain {
  readonly ends: (Ends & { readonly mac: string }) | undefined;
  readonly records: readonly AuditRecord[];
}

/** Reads the chain without judging it. Throws SQLite's error where the file is damaged. */
export function readChain(db: Database): AuditChain {
  return {
    ends: db.prepare<[], Ends & { readonly mac: string }>(selectEnds).get(),
    records: db.prepare<[], AuditRecord>(`${selectAudit} order by seq`).all(),
  };
}

interface Ends {
  readonly baseSeq: number;
  readonly baseLink: string;
  readonly headSeq: number;
  readonly headLink: string;
}

const selectEnds =
  'select base_seq as baseSeq, base_link as baseLink, head_seq as headSeq, head_link as headLink, mac from audit_ends';
const selectAudit = 'select seq, at, act, subject, detail, sealed, key_id as keyId, link from audit';

/**
 * The audit log: each act carries a keyed hash of its content and of the link before it, and the two ends of the chain have one of
 * their own. Who can write the file but lacks the keys can't change, leave out, put in or cut off an act unnoticed. Not even
 * the ends show a whole journal that was put back as it was earlier; the links in the technical log do.
 */
export class AuditLog {
  readonly #db: Database;
  readonly #sealer: Sealer;
  readonly #ends: () => Statement<[], Ends & { readonly mac: string }>;
  readonly #setEnds: () => Statement<[Ends & { readonly mac: string }]>;
  readonly #insert: () => Statement<
    [number, number, string, string | null, string | null, Buffer, string, string]
  >;
  readonly #newest: () => Statement<[number], AuditRecord>;
  readonly #nextSeq: () => Statement<[], number | null>;

  constructor(db: Database, sealer: Sealer) {
    this.#db = db;
    this.#sealer = sealer;
    this.#ends = lazily(db, selectEnds);
    this.#setEnds = lazily(
      db,
      `
      insert into audit_ends (id, base_seq, base_link, head_seq, head_link, mac)
      values (1, @baseSeq, @baseLink, @headSeq, @headLink, @mac)
      on conflict (id) do update set base_seq = excluded.base_seq, base_link = excluded.base_link,
        head_seq = excluded.head_seq, head_link = excluded.head_link, mac = excluded.mac`,
    );
    this.#insert = lazily(
      db,
      'insert into audit (seq, at, act, subject, detail, sealed, key_id, link) values (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#newest = lazily(db, `${selectAudit} order by seq desc limit ?`);
    this.#nextSeq = lazily(db, `select seq + 1 from sqlite_sequence where name = 'audit'`, (next) =>
      next.pluck(),
    );
  }

  /** Notes an act inside a transaction that the caller opened. */
  note(row: AuditRow): void {
    if (isLook(row.act) && this.#isRepeated(row)) return;
    const { at, act, by, subject, detail } = row;
    const ends = this.#ends().get();
    const seq = Math.max(this.#nextSeq().get() ?? 1, (ends?.headSeq ?? 0) + 1);
    const content = { seq, at, act, subject: subject ?? null, detail: detail ?? null };
    const link = this.#link(ends?.headLink ?? noLink, content, by);
    const { blob, keyId } = this.#sealer.seal(by, boundToAct(seq));
    this.#insert().run(seq, at, act, content.subject, content.detail, blob, keyId, link);
    this.#writeEnds({
      baseSeq: ends?.baseSeq ?? seq - 1,
      baseLink: ends?.baseLink ?? noLink,
      headSeq: seq,
      headLink: link,
    });
  }

  /** The newest acts, newest first. */
  newest(limit: number): readonly AuditEntry[] {
    return this.#newest()
      .all(limit)
      .map((record) => ({
        seq: record.seq,
        at: record.at,
        act: record.act,
        subject: record.subject ?? undefined,
        detail: record.detail ?? undefined,
        by: this.#byOf(record),
      }));
  }

  /** The newest link, for the technical log; undefined before the first act. */
  head(): string | undefined {
    return this.#ends().get()?.headLink;
  }

  /** Computes every link anew. */
  verify(): AuditVerdict {
    return this.#check(readChain(this.#db));
  }

  /** Takes over the acts of a journal that had to be set aside; false, and nothing taken, when its chain is not whole. */
  takeOver(chain: AuditChain): boolean {
    if (!this.#check(chain).whole) return false;
    if (chain.ends === undefined) return true;
    this.#writeEnds(chain.ends);
    for (const { seq, at, act, subject, detail, sealed, keyId, link } of chain.records) {
      this.#insert().run(seq, at, act, subject, detail, sealed, keyId, link);
    }
    return true;
  }

  #check({ ends, records }: AuditChain): AuditVerdict {
    const broken = (brokenAt: number, reason: string): AuditVerdict => ({ whole: false, brokenAt, reason });
    if (ends === undefined) {
      const first = records[0];
      return first === undefined
        ? { whole: true, entries: 0, firstSeq: undefined }
        : broken(first.seq, 'the ends of the chain are missing');
    }
    if (this.#endsMac(ends) !== ends.mac)
      return broken(ends.baseSeq + 1, 'the ends of the chain were changed');
    let link = ends.baseLink;
    let seq = ends.baseSeq;
    for (const record of records) {
      if (record.seq !== seq + 1) return broken(seq + 1, 'an act is missing');
      const by = this.#byOf(record);
      if (by === undefined) return broken(record.seq, 'who did it cannot be read');
      if (this.#link(link, record, by) !== record.link) return broken(record.seq, 'the act was changed');
      ({ seq, link } = record);
    }
    if (seq !== ends.headSeq || link !== ends.headLink) return broken(seq + 1, 'the newest acts are missing');
    const entries = seq - ends.baseSeq;
    return { whole: true, entries, firstSeq: entries === 0 ? undefined : ends.baseSeq + 1 };
  }

  /** Deletes the acts at the beginning of the chain that are older than this; the chain then begins where they end. */
  purge(olderThan: UtcMillis): number {
    const ends = this.#ends().get();
    if (ends === undefined) return 0;
    // By number and not by time alone: after a clock that jumped, an old one may stand behind a younger one.
    const kept = this.#db
      .prepare<[number], number | null>('select min(seq) from audit where at >= ?')
      .pluck()
      .get(olderThan);
    const baseSeq = (kept ?? ends.headSeq + 1) - 1;
    if (baseSeq <= ends.baseSeq) return 0;
    const base = this.#db
      .prepare<[number], string>('select link from audit where seq = ?')
      .pluck()
      .get(baseSeq);
    if (base === undefined) return 0;
    this.#writeEnds({ ...ends, baseSeq, baseLink: base });
    return this.#db.prepare('delete from audit where seq <= ?').run(baseSeq).changes;
  }

  #isRepeated({ at, act, by, subject, detail }: AuditRow): boolean {
    const [last] = this.newest(1);
    if (last === undefined || at < last.at || at - last.at >= repeatedActMs) return false;
    return last.act === act && last.by === by && last.subject === subject && last.detail === detail;
  }

  #writeEnds(ends: Ends): void {
    const { baseSeq, baseLink, headSeq, headLink } = ends;
    this.#setEnds().run({ baseSeq, baseLink, headSeq, headLink, mac: this.#endsMac(ends) });
  }

  #endsMac({ baseSeq, baseLink, headSeq, headLink }: Ends): string {
    return this.#sealer.mac(endsPurpose, JSON.stringify([baseSeq, baseLink, headSeq, headLink]));
  }

  #link(before: string, content: Omit<AuditRecord, 'sealed' | 'keyId' | 'link'>, by: string): string {
    const { seq, at, act, subject, detail } = content;
    return this.#sealer.mac(linkPurpose, JSON.stringify([before, seq, at, act, subject, detail, by]));
  }

  #byOf({ seq, keyId, sealed }: AuditRecord): string | undefined {
    const by = this.#sealer.unseal({ keyId, blob: sealed }, boundToAct(seq));
    return typeof by === 'string' ? by : undefined;
  }
}

/** To what the name of who did it is bound. */
export function boundToAct(seq: number): string {
  return `audit/${seq}`;
}

/** Acts that change nothing. */
function isLook(act: AuditRow['act']): boolean {
  return act === 'list' || act === 'show' || act === 'audit' || act === 'verify';
}
