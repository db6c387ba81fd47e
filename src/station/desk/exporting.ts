import type { ListedTransaction } from '../../journal/reader.ts';
import type { ExportRow } from '../../journal/exports/export-row.ts';

/** A page of an export as it crosses the socket. */
export interface ExportPage {
  readonly rows: readonly ExportRow[];
  /** Numbers of those whose seal does not open: only the file itself has them. */
  readonly unreadable: readonly number[];
  /** Where the next page begins; undefined after the last. */
  readonly next: number | undefined;
}

/** Transactions as an export needs them. */
export function exportPage(listed: readonly ListedTransaction[], limit: number): ExportPage {
  const readable = listed.filter((transaction) => transaction.readable);
  return {
    rows: readable.map((row) => ({
      seq: row.seq,
      id: row.id,
      kind: row.kind,
      state: row.state,
      at: row.at,
      zone: row.zone,
      item: row.item,
      card: row.patron,
      due: row.dueTold ?? row.due,
      rule: row.rule,
      words: row.words,
    })),
    unreadable: listed.filter((transaction) => !transaction.readable).map(({ seq }) => seq),
    next: listed.length < limit ? undefined : listed.at(-1)?.seq,
  };
}
