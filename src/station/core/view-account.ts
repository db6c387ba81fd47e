import { unreachable } from '../../kernel/assert.ts';
import type { Due } from '../../shared/values.ts';
import type { FeeRow, HoldRow, LoanRow, Screen } from '../../shared/view.ts';
import type { MessageKey } from '../../strings/keys.ts';
import { maybe } from './maybe.ts';
import { isNear, isOnline } from './reach.ts';
import { refusal } from './refusals.ts';
import type { Account, OpenSession, SessionRow, State } from './state.ts';

export function accountScreen(session: OpenSession, state: State, today: string): Screen {
  const account: Account = session.account ?? {
    parts: new Map(),
    items: new Map(),
    wanted: [],
    incomplete: false,
  };
  const charged = account.parts.get('charged');
  const fees: readonly FeeRow[] = (account.parts.get('fines')?.entries ?? []).map((line) => ({
    text: { acs: line },
  }));
  const total = [...account.parts.values()].findLast((part) => part.feeTotal !== undefined)?.feeTotal;
  // A sum of nothing is no fee, and "there are no fees" says it better.
  const feeTotal = total !== undefined && (fees.length > 0 || /[1-9]/.test(total.amount)) ? total : undefined;
  const away = !isNear(state);
  const problem: MessageKey | undefined =
    away && account.wanted.length > 0
      ? 'account.problem.away'
      : account.incomplete
        ? 'account.problem.partial'
        : undefined;
  return {
    name: 'account',
    loading: account.wanted.length > 0 && !away,
    loans: (charged?.entries ?? []).map((item) => loanRow(session, account, item, state, today)),
    holds: [...holdRows(account, 'holdsReady'), ...holdRows(account, 'holdsWaiting')],
    fees,
    ...maybe('feeTotal', feeTotal),
    ...maybe('refusal', session.borrowRefusal),
    acsText: session.borrowRefusal === undefined ? (session.patron?.acsText ?? []) : [],
    ...(problem === undefined ? {} : { problem: { key: problem } }),
  };
}

function holdRows(account: Account, list: 'holdsReady' | 'holdsWaiting'): readonly HoldRow[] {
  return (account.parts.get(list)?.entries ?? []).map((item) => ({
    item,
    ...maybe('title', account.items.get(item)?.title),
    ready: list === 'holdsReady',
  }));
}

function loanRow(session: OpenSession, account: Account, item: string, state: State, today: string): LoanRow {
  const known = account.items.get(item);
  const row = session.rows.find((candidate) => candidate.item === item && candidate.kind === 'renew');
  const due = row?.stage === 'done' && row.due !== undefined ? row.due : known?.due;
  // Lent a minute ago: a renewal would bring nothing, and is not made in the same session.
  const fresh = session.rows.some(
    (one) => one.item === item && one.kind === 'checkout' && one.stage !== 'refused',
  );
  return {
    item,
    ...maybe('title', known?.title ?? row?.title),
    ...maybe('due', due),
    overdue: isOverdue(due, today),
    renewal: fresh ? { state: 'resting' } : renewalOf(row, state),
  };
}

function isOverdue(due: Due | undefined, today: string): boolean {
  return due !== undefined && due.kind !== 'text' && due.date < today;
}

function renewalOf(row: SessionRow | undefined, state: State): LoanRow['renewal'] {
  if (row === undefined) return { state: isOnline(state) && state.disk === 'fine' ? 'possible' : 'resting' };
  switch (row.stage) {
    case 'reading':
    case 'pending':
    case 'unsure':
      return { state: 'pending' };
    case 'done':
    case 'offline':
      return { state: 'renewed' };
    case 'refused':
      return { state: 'refused', refusal: row.refusal ?? refusal('renew.refused') };
    case 'staff':
      return { state: 'attention', message: { key: 'row.renew.staff' } };
    default:
      return unreachable(row.stage);
  }
}
