import { unreachable } from '../../kernel/assert.ts';
import type { AccountList } from '../../ils/ils.ts';
import type { Due, LocalDate, Money } from '../../shared/values.ts';
import type { AccountTally, FeeRow, LoanRow, RenewAllState, Screen } from '../../shared/view.ts';
import type { MessageKey } from '../../strings/keys.ts';
import type { CoreSettings } from '../settings.ts';
import { cardValidityOf } from './card-validity.ts';
import { maybe } from './maybe.ts';
import { isNear, isOnline } from './reach.ts';
import { refusal } from './refusals.ts';
import { renewableOf } from './renew-all.ts';
import { isUnsettled } from './rows.ts';
import type { Account, OpenSession, SessionRow, State } from './state.ts';
import { holdRows } from './view-holds.ts';

const emptyAccount: Account = { parts: new Map(), items: new Map(), wanted: [], incomplete: false };

export function accountScreen(
  session: OpenSession,
  state: State,
  settings: CoreSettings,
  today: LocalDate,
): Screen {
  const account = session.account ?? emptyAccount;
  const fees = feeRows(account);
  const total = [...account.parts.values()].findLast((part) => part.feeTotal !== undefined)?.feeTotal;
  // A sum of nothing is no fee, and "there are no fees" says it better.
  const feeTotal = total !== undefined && (fees.length > 0 || isSum(total)) ? total : undefined;
  const owes = fees.length > 0 || feeTotal !== undefined;
  const away = !isNear(state);
  const problem = problemOf(account, away);
  const loans = (account.parts.get('charged')?.entries ?? []).map((item) =>
    loanRow(session, account, item, state, today),
  );
  return {
    name: 'account',
    loading: account.wanted.length > 0 && !away,
    loans,
    holds: holdRows(session, account, state, settings),
    fees,
    ...maybe('feeTotal', feeTotal),
    ...(owes ? { payWhere: { key: 'account.payWhere' } as const } : {}),
    ...maybe('renewAll', renewAllOf(session, state)),
    counts: tallyOf(account, loans),
    ...maybe('card', cardValidityOf(session.patron?.expires, today)),
    ...maybe('refusal', session.borrowRefusal),
    acsText: session.borrowRefusal === undefined ? (session.patron?.acsText ?? []) : [],
    ...(problem === undefined ? {} : { problem: { key: problem } }),
  };
}

function isSum({ amount }: Money): boolean {
  return /[1-9]/.test(amount);
}

function problemOf(account: Account, away: boolean): MessageKey | undefined {
  if (away && account.wanted.length > 0) return 'account.problem.away';
  return account.incomplete ? 'account.problem.partial' : undefined;
}

function feeRows(account: Account): readonly FeeRow[] {
  const part = account.parts.get('fines');
  return (part?.entries ?? []).map((line) => {
    const details = part?.details?.get(line);
    const reason = details?.reason === undefined ? undefined : { acs: details.reason };
    return { text: { acs: line }, ...maybe('amount', details?.amount), ...maybe('reason', reason) };
  });
}

/** How many there are of each: by the lists that came, else by the counts that stand in every answer. */
function tallyOf(account: Account, loans: readonly LoanRow[]): AccountTally {
  const { parts } = account;
  const told = [...parts.values()].findLast((part) => part.counts !== undefined)?.counts;
  const count = (list: AccountList): number | undefined => parts.get(list)?.entries.length ?? told?.[list];
  const ready = count('holdsReady');
  const waiting = count('holdsWaiting');
  const overdue = Math.max(loans.filter((loan) => loan.overdue).length, told?.overdue ?? 0);
  return {
    ...maybe('loans', count('charged')),
    ...maybe('overdue', overdue === 0 ? undefined : overdue),
    ...maybe('recalled', count('recalled') === 0 ? undefined : count('recalled')),
    ...maybe('holds', ready === undefined || waiting === undefined ? undefined : ready + waiting),
    ...maybe('ready', ready === 0 ? undefined : ready),
    ...maybe('fees', count('fines')),
  };
}

/** One loan is renewed by its own button; "all" is for more than one. */
function renewAllOf(session: OpenSession, state: State): RenewAllState | undefined {
  const rows = session.rows.filter((row) => row.kind === 'renew' && row.ofAll === true);
  const open = rows.filter(isUnsettled).length;
  if (open > 0) return { state: 'running', done: rows.length - open, count: rows.length };
  const count = renewableOf(session).length;
  const possible = isOnline(state) && state.disk === 'fine' && session.patron !== undefined;
  if (count > 1 && possible) return { state: 'possible', count };
  if (rows.length === 0) return undefined;
  const renewed = rows.filter((row) => row.stage === 'done').length;
  return { state: 'done', renewed, others: rows.length - renewed };
}

function loanRow(
  session: OpenSession,
  account: Account,
  item: string,
  state: State,
  today: LocalDate,
): LoanRow {
  const known = account.items.get(item);
  const details = account.parts.get('charged')?.details?.get(item);
  const row = session.rows.find((candidate) => candidate.item === item && candidate.kind === 'renew');
  const before = known?.due ?? (row?.stage === 'done' ? undefined : details?.due);
  const due = row?.stage === 'done' && row.due !== undefined ? row.due : before;
  // Lent a minute ago: a renewal would bring nothing, and is not made in the same session.
  const fresh = session.rows.some(
    (one) => one.item === item && one.kind === 'checkout' && one.stage !== 'refused',
  );
  const overdue = account.parts.get('overdue')?.entries.includes(item) === true && row?.stage !== 'done';
  return {
    item,
    ...maybe('title', known?.title ?? details?.title ?? row?.title),
    ...maybe('due', due),
    overdue: overdue || isOverdue(due, today),
    recalled: account.parts.get('recalled')?.entries.includes(item) === true,
    renewal: fresh ? { state: 'resting' } : renewalOf(row, state),
  };
}

function isOverdue(due: Due | undefined, today: LocalDate): boolean {
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
