import { exportLines, type Exported, type ExportLine, type ExportRow } from './export-row.ts';

/**
 * Evergreen's offline transactions: one JSON object a line, as its staff client keeps, exports and imports them, and its server
 * runs them in the order of their timestamps (`web/js/ui/default/staff/offline.js`, `src/offline/offline.pl`).
 * Timestamps are whole seconds since 1970, other times ISO 8601 in UTC.
 */
export function evergreenExport(rows: readonly ExportRow[]): Exported {
  return exportLines(rows, undefined, lineOf);
}

function lineOf({ kind, at, item, card, due }: ExportRow): ExportLine {
  const when = new Date(at).toISOString();
  const head = { timestamp: Math.floor(at / 1_000), type: kind, delta: 0 };
  switch (kind) {
    case 'checkin':
      return { line: JSON.stringify({ ...head, barcode: item, backdate: when }) };
    case 'checkout':
    case 'renew':
      if (card === undefined) return { why: 'its card number is not known' };
      return {
        line: JSON.stringify({
          ...head,
          barcode: item,
          patron_barcode: card,
          checkout_time: when,
          ...(due === undefined || !isDay(due) ? {} : { due_date: due }),
        }),
      };
    case 'hold':
    case 'fee':
      return { why: `Evergreen's file has no ${kind}` };
    default:
      return kind satisfies never;
  }
}

/** A due date in words of the library system is not repeated to another. */
function isDay(due: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(due);
}
