import { exportLines, localTime, type Exported, type ExportRow } from './export-row.ts';

const heads = [
  'number',
  'id',
  'kind',
  'state',
  'at_utc',
  'at_local',
  'zone',
  'item',
  'card',
  'due',
  'rule',
  'words',
];

/** Comma-separated values (RFC 4180) for people: everything that the journal knows of each transaction. */
export function csvExport(rows: readonly ExportRow[]): Exported {
  return exportLines(rows, heads.join(','), (row) => ({
    line: [
      String(row.seq),
      row.id,
      row.kind,
      row.state,
      new Date(row.at).toISOString(),
      localTime(row.at, row.zone),
      row.zone,
      row.item,
      row.card ?? '',
      row.due ?? '',
      row.rule ?? '',
      row.words.join(' / '),
    ]
      .map(cell)
      .join(','),
  }));
}

/**
 * A spreadsheet takes a cell that begins like a formula for one, and labels and the library system's words come from outside; an
 * apostrophe before it makes it text.
 */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
