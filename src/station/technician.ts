import type { SqliteJournal } from '../journal/sqlite-journal.ts';
import type { Copies } from './copies.ts';
import type { DeviceBoard } from './device-board.ts';
import { acceptancesTold } from './acceptances-told.ts';
import { maybe } from './core/maybe.ts';
import { shortened } from './desk/desk.ts';
import { linkAdvice } from './link-advice.ts';
import type { Loop } from './loop.ts';

/** Rows that `omatoimi journal` shows at once. */
const journalRowsMax = 200;

/** What `omatoimi status` is told. Nothing personal. */
export function stationStatus(
  loop: Loop,
  journal: SqliteJournal,
  board: DeviceBoard,
  {
    copies,
    deviceKeyMissing,
  }: { readonly copies?: Copies | undefined; readonly deviceKeyMissing?: string | undefined },
): unknown {
  const { link, linkReason, disk, scannerReady, open, session } = loop.state;
  return {
    librarySystem: link,
    librarySystemAdvice: linkAdvice[link],
    ...maybe('librarySystemReason', linkReason),
    scanner: scannerReady ? 'ready' : 'away',
    devices: board.lines(),
    disk,
    inUse: session.phase !== 'home',
    unsettled: open.size,
    acceptances: acceptancesTold(loop.state),
    withoutLibrarySystem: loop.offlineStatus(),
    staffList: journal.staffCount(),
    journal: journal.status(),
    ...maybe('deviceKeyMissing', deviceKeyMissing),
    ...maybe('copy', copies?.status()),
  };
}

/** What `omatoimi journal list` is told: the newest rows, card numbers shortened to their end. */
export function journalList(journal: SqliteJournal): unknown {
  return journal.list({ limit: journalRowsMax }).map((row) => ({ ...row, patron: shortened(row) }));
}
