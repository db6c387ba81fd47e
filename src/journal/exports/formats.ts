import { csvExport } from './csv.ts';
import { evergreenExport } from './evergreen.ts';
import type { Exported, ExportRow } from './export-row.ts';
import { kohaExport } from './koha.ts';

export interface ExportFormat {
  /** How the file's name ends. */
  readonly ending: string;
  make(rows: readonly ExportRow[], programVersion: string): Exported;
}

/** In what forms waiting transactions can be carried to a library system by hand. */
export const exportFormats = {
  koha: { ending: 'koc', make: kohaExport },
  evergreen: { ending: 'xacts', make: evergreenExport },
  csv: { ending: 'csv', make: csvExport },
} as const satisfies Readonly<Record<string, ExportFormat>>;

export type ExportFormatName = keyof typeof exportFormats;
