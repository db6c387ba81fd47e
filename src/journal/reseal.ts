import type { Database } from 'better-sqlite3';
import { boundToAct, type AuditLog, type AuditRow } from './audit.ts';
import { emptyLog, rewrite } from './retention.ts';
import type { Sealer } from './seal.ts';
import { boundToBegin, boundToMove } from './sealed-fields.ts';
import { boundToTags } from './tag-work.ts';

/** How the seals of a table are found and bound. Each table of the data policy with a `key_id` has its entry here. */
export interface SealedTable {
  readonly table: string;
  /** Rows whose seal is under another key than the one given: `bound` says to what, `row` and `step` which. */
  readonly select: string;
  readonly update: string;
  boundTo(row: SealedRow): string;
}

interface SealedRow {
  readonly row: number;
  readonly step: number;
  readonly id: string;
  readonly sealed: Buffer;
  readonly keyId: string;
}

export const sealedTables: readonly SealedTable[] = [
  {
    table: 'transactions',
    select: 'select seq as row, 0 as step, id, sealed, key_id as keyId from transactions where key_id <> ?',
    update: 'update transactions set sealed = ?, key_id = ? where seq = ? and 0 = ?',
    boundTo: ({ id }) => boundToBegin(id),
  },
  {
    table: 'transitions',
    select: `select m.transaction_seq as row, m.step, t.id, m.sealed, m.key_id as keyId
      from transitions m join transactions t on t.seq = m.transaction_seq where m.key_id <> ?`,
    update: 'update transitions set sealed = ?, key_id = ? where transaction_seq = ? and step = ?',
    boundTo: ({ id, step }) => boundToMove(id, step),
  },
  {
    table: 'tag_work',
    select: 'select seq as row, 0 as step, id, sealed, key_id as keyId from tag_work where key_id <> ?',
    update: 'update tag_work set sealed = ?, key_id = ? where seq = ? and 0 = ?',
    boundTo: ({ id }) => boundToTags(id),
  },
  {
    table: 'audit',
    select: `select seq as row, 0 as step, '' as id, sealed, key_id as keyId from audit where key_id <> ?`,
    update: 'update audit set sealed = ?, key_id = ? where seq = ? and 0 = ?',
    boundTo: ({ row }) => boundToAct(row),
  },
];

export interface Resealed {
  /** Seals that were made anew. */
  readonly resealed: number;
  /** Seals that did not open: their key is gone already. */
  readonly unreadable: number;
  /** False: what was sealed under the old key may still be found in the file or its log. */
  readonly traceless: boolean;
}

/**
 * Seals everything anew under the present key, in one commit, and writes the file anew, so that nothing under an older key is left
 * in it. Throws SQLite's error.
 */
export function reseal(
  db: Database,
  sealer: Sealer,
  currentKeyId: string,
  audit: AuditLog,
  file: string,
  noted: AuditRow,
): Resealed {
  const sealed = db
    .transaction((): Omit<Resealed, 'traceless'> => {
      let resealed = 0;
      let unreadable = 0;
      for (const { select, update, boundTo } of sealedTables) {
        const write = db.prepare(update);
        for (const row of db.prepare<[string], SealedRow>(select).all(currentKeyId)) {
          const value = sealer.unseal({ keyId: row.keyId, blob: row.sealed }, boundTo(row));
          if (value === undefined) {
            unreadable += 1;
            continue;
          }
          const { blob, keyId } = sealer.seal(value, boundTo(row));
          write.run(blob, keyId, row.row, row.step);
          resealed += 1;
        }
      }
      audit.note({ ...noted, detail: String(resealed) });
      return { resealed, unreadable };
    })
    .immediate();
  const rewritten = rewrite(db, file);
  return { ...sealed, traceless: emptyLog(db) && rewritten };
}
