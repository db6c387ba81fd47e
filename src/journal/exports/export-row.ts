import type { UtcMillis } from '../../kernel/clock.ts';
import type { TransactionKind, TransactionState } from '../rows.ts';

/** A transaction as an export needs it; what it holds is personal. */
export interface ExportRow {
  readonly seq: number;
  readonly id: string;
  readonly kind: TransactionKind;
  readonly state: TransactionState;
  readonly at: UtcMillis;
  /** The time zone in which it happened (IANA name). */
  readonly zone: string;
  readonly item: string;
  /** Card number; a return has none. */
  readonly card: string | undefined;
  /** The due date that the patron was told, or that the library system gave. */
  readonly due: string | undefined;
  readonly rule: string | undefined;
  readonly words: readonly string[];
}

/** A file made of transactions. */
export interface Exported {
  readonly text: string;
  /** Numbers of those that stand in it. */
  readonly written: readonly number[];
  /** Those that the format has no way to say, with the reason. */
  readonly left: readonly { readonly seq: number; readonly why: string }[];
}

/** A line for a transaction, or why there is none. */
export type ExportLine = { readonly line: string } | { readonly why: string };

/** Puts a file together; each line ends in LF. */
export function exportLines(
  rows: readonly ExportRow[],
  head: string | undefined,
  lineOf: (row: ExportRow) => ExportLine,
): Exported {
  const lines = head === undefined ? [] : [head];
  const written: number[] = [];
  const left: { seq: number; why: string }[] = [];
  for (const row of rows) {
    const made = lineOf(row);
    if ('why' in made) left.push({ seq: row.seq, why: made.why });
    else {
      lines.push(made.line);
      written.push(row.seq);
    }
  }
  return { text: lines.map((line) => `${line}\n`).join(''), written, left };
}

/** Local date and time, `2026-11-22 17:03:05`, in the zone in which it happened. */
export function localTime(at: UtcMillis, zone: string): string {
  // The Swedish form of date and time is ISO 8601’s, with a blank between.
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
}

/** Whether a text can stand in a line whose fields are parted by this sign. */
export function fits(text: string, sign: string): boolean {
  return text !== '' && !text.includes(sign) && !/[\u0000-\u001f\u007f]/u.test(text);
}
