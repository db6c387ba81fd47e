import { unreachable } from '../../kernel/assert.ts';
import type { UtcMillis } from '../../kernel/clock.ts';
import type { MessageKey } from '../../strings/keys.ts';
import type { Message } from '../../shared/message.ts';
import type { Due } from '../../shared/values.ts';
import {
  contractVersion,
  type FeeRow,
  type HoldRow,
  type ItemCounts,
  type ItemRow,
  type ItemState,
  type LoanRow,
  type Screen,
  type Service,
  type ServiceChoice,
  type View,
} from '../../shared/view.ts';
import type { CoreSettings } from '../settings.ts';
import { refusal } from './refusals.ts';
import { isUnsettled } from './rows.ts';
import type { Account, OpenSession, SessionRow, State } from './state.ts';

const allServices: readonly Service[] = ['borrow', 'return', 'account'];

/** What the page shows of a state. */
export function viewOf(state: State, settings: CoreSettings, at: UtcMillis): View {
  const session = state.session.phase === 'open' ? state.session : undefined;
  return {
    contract: contractVersion,
    revision: state.revision,
    epoch: state.epoch,
    language: state.language,
    theme: state.theme,
    library: settings.library,
    status: statusOf(state),
    screen: screenOf(state, settings, at),
    goTo: goToOf(session, settings),
    signedIn: session?.patron !== undefined,
    canFinish: session !== undefined && !session.finishing,
    ...(state.notice === undefined ? {} : { notice: state.notice }),
    ...(state.secondsLeft === undefined ? {} : { stillThere: { secondsLeft: state.secondsLeft } }),
  };
}

function goToOf(session: OpenSession | undefined, settings: CoreSettings): readonly Service[] {
  if (session?.patron === undefined) return [];
  return allServices.filter((service) => settings.services[service] && service !== session.service);
}

function statusOf(state: State): View['status'] {
  const linkMessage = state.linkBlinks ? undefined : linkMessages[state.link];
  if (linkMessage !== undefined) return { mode: 'offline', message: { key: linkMessage } };
  if (state.disk !== 'fine') return { mode: 'degraded', message: { key: 'status.noSpace' } };
  if (!state.scannerReady) return { mode: 'degraded', message: { key: 'status.scannerAway' } };
  return { mode: 'online' };
}

const linkMessages: Readonly<Record<State['link'], MessageKey | undefined>> = {
  online: undefined,
  connecting: 'status.connecting',
  unreachable: 'status.offline',
  closed: 'status.closed',
  loginRefused: 'status.loginRefused',
};

function choicesOf(state: State, settings: CoreSettings): readonly ServiceChoice[] {
  return allServices
    .filter((service) => settings.services[service])
    .map((service) => {
      const rests = restOf(state, settings, service);
      return rests === undefined
        ? { service, available: true }
        : { service, available: false, message: { key: rests } };
    });
}

function restOf(state: State, settings: CoreSettings, service: Service): MessageKey | undefined {
  if (state.disk === 'broken') return 'service.resting.journal';
  if (state.disk === 'full' && service === 'borrow') return 'service.resting.space';
  if (
    state.link === 'online' ||
    state.linkBlinks ||
    (service === 'return' && settings.services.returnOffline)
  )
    return undefined;
  return 'service.resting.acs';
}

function screenOf(state: State, settings: CoreSettings, at: UtcMillis): Screen {
  const { session } = state;
  if (state.disk === 'broken') {
    return {
      name: 'outOfService',
      cause: { key: 'oos.journal.cause' },
      next: { key: 'oos.journal.next' },
      services: [],
    };
  }
  switch (session.phase) {
    case 'home':
      return { name: 'home', services: choicesOf(state, settings) };
    case 'card':
      return { name: 'card', service: session.service, ...maybe('refusal', session.refusal) };
    case 'pin':
      return {
        name: 'pin',
        service: session.service,
        format: settings.pin.format,
        ...maybe('length', settings.pin.length),
        entered: session.entered,
        checking: session.check !== 'none',
        ...maybe('refusal', session.refusal),
      };
    case 'open':
      return openScreen(session, state, settings, at);
    case 'refused':
      return {
        name: 'refusal',
        refusal: session.refusal,
        stillOpen: choicesOf(state, settings)
          .filter((choice) => choice.available && choice.service === 'return')
          .map((choice) => choice.service),
      };
    case 'finished':
      return {
        name: 'finished',
        lent: session.lent,
        returned: session.returned,
        renewed: session.renewed,
        unsettled: session.unsettled,
      };
    default:
      return unreachable(session);
  }
}

function openScreen(session: OpenSession, state: State, settings: CoreSettings, at: UtcMillis): Screen {
  switch (session.service) {
    case 'borrow': {
      const rows = session.rows.filter((row) => row.kind !== 'checkin');
      return {
        name: 'borrow',
        items: rows.map(itemRow),
        counts: countsOf(rows),
        ...maybe('refusal', session.borrowRefusal),
      };
    }
    case 'return': {
      const rows = session.rows.filter((row) => row.kind === 'checkin');
      return {
        name: 'return',
        items: rows.map(itemRow),
        counts: countsOf(rows),
        signedIn: session.patron !== undefined,
      };
    }
    case 'account':
      return accountScreen(session, state, settings.localDate(at));
    default:
      return unreachable(session.service);
  }
}

function countsOf(rows: readonly SessionRow[]): ItemCounts {
  // A renewal is no further loan.
  const done = rows.filter(
    (row) => row.kind !== 'renew' && (row.stage === 'done' || row.stage === 'offline'),
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

function itemRow(row: SessionRow): ItemRow {
  return {
    id: row.id,
    item: row.item,
    ...maybe('title', row.title),
    // A return whose answer was lost is taken all the same.
    state: row.kind === 'checkin' && row.stage === 'unsure' ? 'offline' : shownState[row.stage],
    message: rowMessage(row),
    ...maybe('due', row.due),
    ...(row.stage === 'refused' ? maybe('refusal', row.refusal) : {}),
  };
}

function rowMessage(row: SessionRow): Message {
  switch (row.kind) {
    case 'checkin':
      return checkinMessage(row);
    case 'checkout':
      return loanMessage(row, 'checkout', 'row.refused');
    case 'renew':
      return loanMessage(row, 'renew', 'row.renew.refused');
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
    case 'done':
    case 'offline':
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

function accountScreen(session: OpenSession, state: State, today: string): Screen {
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
  const away = state.link !== 'online' && !state.linkBlinks;
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
  if (row === undefined)
    return { state: state.link === 'online' && state.disk === 'fine' ? 'possible' : 'resting' };
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

/** An optional field, left out where there is nothing to say. */
function maybe<K extends string, V>(key: K, value: V | undefined): { readonly [name in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [name in K]: V });
}
