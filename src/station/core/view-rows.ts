import { unreachable } from '../../kernel/assert.ts';
import type { Message } from '../../shared/message.ts';
import type { ItemCounts, ItemRow, ItemState } from '../../shared/view.ts';
import type { MessageKey } from '../../strings/keys.ts';
import { isSecurityGoing, isUnsettled } from './rows.ts';
import { holdMessage } from './view-holds.ts';
import type { SessionRow } from './state.ts';
import { securityMessage, securityState } from './view-tags.ts';

export function countsOf(rows: readonly SessionRow[]): ItemCounts {
  // A renewal is no further loan.
  const done = rows.filter(
    (row) =>
      (row.kind === 'checkout' || row.kind === 'checkin') &&
      (row.stage === 'done' || row.stage === 'offline') &&
      !isSecurityGoing(row),
  ).length;
  const refused = rows.filter((row) => row.stage === 'refused').length;
  return { pending: rows.filter(isUnsettled).length, done, refused };
}

const shownState: Readonly<Record<SessionRow['stage'], ItemState>> = {
  reading: 'reading',
  pending: 'pending',
  unsure: 'pending',
  done: 'done',
  refused: 'refused',
  offline: 'offline',
  staff: 'attention',
};

/** How a row was shown: a list is shown again with each change of one of its rows. */
const shownRows = new WeakMap<SessionRow, ItemRow>();

export function itemRow(row: SessionRow): ItemRow {
  const before = shownRows.get(row);
  if (before !== undefined) return before;
  const shown = showRow(row);
  shownRows.set(row, shown);
  return shown;
}

function showRow(row: SessionRow): ItemRow {
  const shown: { -readonly [K in keyof ItemRow]: ItemRow[K] } = {
    id: row.id,
    item: row.item,
    // A return whose answer was lost is taken all the same.
    state:
      securityState(row) ??
      (row.kind === 'checkin' && row.stage === 'unsure' ? 'offline' : shownState[row.stage]),
    message: securityMessage(row) ?? rowMessage(row),
  };
  if (row.title !== undefined) shown.title = row.title;
  if (row.due !== undefined) shown.due = row.due;
  if (row.stage === 'refused' && row.refusal !== undefined) shown.refusal = row.refusal;
  return shown;
}

function rowMessage(row: SessionRow): Message {
  switch (row.kind) {
    case 'checkin':
      return checkinMessage(row);
    case 'checkout':
      return loanMessage(row, 'checkout', 'row.refused');
    case 'renew':
      return loanMessage(row, 'renew', 'row.renew.refused');
    case 'hold':
      return holdMessage(row);
    case 'fee':
      return { key: row.stage === 'done' ? 'row.fee.done' : 'row.fee.noted' };
    default:
      return unreachable(row.kind);
  }
}

function loanMessage(row: SessionRow, kind: 'checkout' | 'renew', refused: MessageKey): Message {
  switch (row.stage) {
    case 'reading':
      return { key: 'row.reading' };
    case 'pending':
      return { key: `row.${kind}.pending` };
    case 'unsure':
      return { key: `row.${kind}.unsure` };
    case 'offline':
      if (kind === 'checkout' && row.due !== undefined)
        return { key: 'row.checkout.offline', params: { due: { due: row.due } } };
      return { key: `row.${kind}.doneNoDue` };
    case 'done':
      if (row.due === undefined) return { key: `row.${kind}.doneNoDue` };
      return { key: `row.${kind}.done`, params: { due: { due: row.due } } };
    case 'refused':
      return { key: refused };
    case 'staff':
      return { key: `row.${kind}.staff` };
    default:
      return unreachable(row.stage);
  }
}

function checkinMessage(row: SessionRow): Message {
  switch (row.stage) {
    case 'reading':
      return { key: 'row.reading' };
    case 'pending':
      return { key: 'row.checkin.pending' };
    case 'unsure':
      return { key: 'row.checkin.unsure' };
    case 'done':
      if (row.alert) return { key: 'row.checkin.alert' };
      if (row.sortBin !== undefined) return { key: 'row.checkin.bin', params: { bin: row.sortBin } };
      return { key: 'row.checkin.done' };
    case 'offline':
    case 'staff':
      return { key: 'row.checkin.offline' };
    case 'refused':
      return { key: 'row.checkin.refused' };
    default:
      return unreachable(row.stage);
  }
}
