import type { Row, StoredTagWork, TransactionState } from '../../src/journal/rows.ts';
import { listRowsMax, type SqliteJournal } from '../../src/journal/sqlite-journal.ts';
import { cardNumber, itemNumber, pinMark } from './library-data.ts';
import type { DiskImage } from './power.ts';
import type { Violations } from './violations.ts';

/** What card numbers, item identifiers and PINs of the simulated library begin with. */
const telling = [cardNumber(0).slice(0, 4), itemNumber(0).slice(0, 4), pinMark];

/** Nothing personal stands on the disk in clear (design, "What must never happen" 6, 9). */
export function nothingInClear({ main, log }: DiskImage, violations: Violations): void {
  for (const text of telling) {
    if (main.includes(text) || log.includes(text)) violations.add(9, `in clear on the disk: ${text}…`);
  }
}

/**
 * Whether rows that were being written when the power went are on the disk. A commit is there as a whole or not at all
 * (assertion 1); rows that leave no trace of their own go with those that do.
 */
export function inFlightLanded(
  rows: readonly Row[],
  journal: SqliteJournal,
  violations: Violations,
): boolean {
  if (rows.length === 0) return false;
  const landed = [...transactionsLanded(rows, journal), ...tagWorkLanded(rows, journal)];
  if (landed.includes(true) && landed.includes(false)) violations.add(1, 'half a commit is on the disk');
  return landed.includes(true);
}

function transactionsLanded(rows: readonly Row[], journal: SqliteJournal): readonly boolean[] {
  const ends = new Map<string, TransactionState>();
  for (const row of rows) {
    if (row.row === 'begin') ends.set(row.id, row.state);
    if (row.row === 'move') ends.set(row.id, row.to);
  }
  if (ends.size === 0) return [];
  const states = new Map<string, TransactionState>(
    journal.list({ limit: listRowsMax }).map((row) => [row.id, row.state]),
  );
  return [...ends].map(([id, state]) => states.get(id) === state);
}

/** Of work on tags the journal tells what is not settled: what a row settles is gone from there. */
function tagWorkLanded(rows: readonly Row[], journal: SqliteJournal): readonly boolean[] {
  const ends = new Map<string, StoredTagWork['state'] | undefined>();
  for (const row of rows) {
    if (row.row === 'tagBegin') ends.set(row.id, 'open');
    if (row.row === 'tagMove') ends.set(row.id, row.to === 'staff' ? 'staff' : undefined);
  }
  if (ends.size === 0) return [];
  const states = new Map(journal.tagWork().map((work) => [work.id as string, work.state]));
  return [...ends].map(([id, state]) => states.get(id) === state);
}
