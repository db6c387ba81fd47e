import {
  exportLines,
  fits,
  localTime,
  type Exported,
  type ExportLine,
  type ExportRow,
} from './export-row.ts';

/**
 * Koha's offline circulation file (.koc), version 1.0: a line of key=value pairs, then a line for each act; fields parted by
 * tabs, times in the library's own zone (Koha wiki, "Koha offline circulation file format"; `offline_circ/enqueue_koc.pl`).
 * It knows issue, return and payment; it says nothing of due dates, which Koha computes from the date of the issue.
 */
export function kohaExport(rows: readonly ExportRow[], programVersion: string): Exported {
  const head = ['Version=1.0', 'Generator=Omatoimi', `GeneratorVersion=${programVersion}`].join('\t');
  return exportLines(rows, head, lineOf);
}

function lineOf({ kind, at, zone, item, card }: ExportRow): ExportLine {
  if (!fits(item, '\t') || (card !== undefined && !fits(card, '\t')))
    return { why: 'a number in it cannot stand in this file' };
  // The third part of the time is the millisecond, apart by a blank.
  const when = `${localTime(at, zone)} ${String(new Date(at).getUTCMilliseconds()).padStart(3, '0')}`;
  switch (kind) {
    case 'checkin':
      return { line: [when, 'return', item].join('\t') };
    case 'checkout':
      if (card === undefined) return { why: 'its card number is not known' };
      return { line: [when, 'issue', card, item].join('\t') };
    case 'renew':
    case 'hold':
    case 'fee':
      return { why: `Koha's file has no ${kind}` };
    default:
      return kind satisfies never;
  }
}
