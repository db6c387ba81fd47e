import { assert, unreachable } from '../../kernel/assert.ts';
import { bounds } from '../settings.ts';
import type { Call } from './events.ts';
import { maybe } from './maybe.ts';
import { endOutage, nextOutageEnd } from './outage.ts';
import { isOnline } from './reach.ts';
import { goTogether } from './renew-all.ts';
import { ofSession } from './rows.ts';
import type { CallPurpose, OpenTransaction } from './state.ts';
import { giveUpInSession, giveUpUnsent } from './settling.ts';
import { nextStuck, nextSync, nextTransaction, withdrawStuck } from './sync.ts';
import type { Turn } from './turn.ts';

interface Job {
  readonly call: Call;
  readonly purpose: CallPurpose;
}

/**
 * Starts the next call to the library system, if none is under way. The patron at the station comes first, but
 * nothing overtakes an older open transaction on the same item or of the same patron.
 */
export function work(turn: Turn): void {
  if (turn.state.disk === 'broken') return;
  if (turn.state.open.size > 0) {
    wake(turn);
    withdrawStuck(turn);
    giveUpInSession(turn);
    giveUpUnsent(turn);
  }
  if (turn.state.underWay === undefined) {
    const job =
      checkJob(turn) ?? transactionJob(turn) ?? rowJob(turn) ?? accountJob(turn) ?? goodbyeJob(turn);
    if (job !== undefined) startCall(turn, job);
  }
  endOutage(turn);
  setWorkTimer(turn);
}

function wake(turn: Turn): void {
  const open = turn.state.open.awake(turn.event.mono);
  if (open !== turn.state.open) turn.change({ open });
}

function startCall(turn: Turn, job: Job): void {
  const number = turn.state.nextCall;
  turn.change({ underWay: { number, ...job, since: turn.event.mono }, nextCall: number + 1 });
  turn.act({ do: 'call', number, call: job.call });
}

function checkJob(turn: Turn): Job | undefined {
  const { session, epoch } = turn.state;
  if (session.phase !== 'pin' || session.check !== 'wanted') return undefined;
  turn.change({ session: { ...session, check: 'running' } });
  return {
    call: { kind: 'checkCustomership', card: session.card },
    purpose: { for: 'pin', epoch, card: session.card },
  };
}

function transactionJob(turn: Turn): Job | undefined {
  const chosen = nextTransaction(turn);
  if (chosen === undefined) return undefined;
  const { id, next } = chosen;
  const together = goTogether(turn, chosen);
  if (together.length > 0) return togetherJob(turn, together);
  if (next === 'send') noteSending(turn, chosen);
  return { call: callOf(chosen), purpose: { for: 'transaction', id, step: next } };
}

/** Several renewals by one request. */
function togetherJob(turn: Turn, transactions: readonly OpenTransaction[]): Job | undefined {
  const [first] = transactions;
  if (first?.patron === undefined) return undefined;
  for (const transaction of transactions) noteSending(turn, transaction);
  return {
    call: { kind: 'renewAll', card: first.patron, at: first.at },
    purpose: { for: 'renewAll', ids: transactions.map(({ id }) => id) },
  };
}

/** A repeated send, and each send of a waiting row, is committed as an attempt before it leaves. */
function noteSending(turn: Turn, transaction: OpenTransaction): void {
  const first = transaction.state === 'intended' && transaction.uncertainSince === undefined;
  if (!first) turn.commit({ row: 'attempt', id: transaction.id, at: turn.event.at });
  const attempts = transaction.attempts + (first ? 0 : 1);
  turn.setTransaction(transaction.id, { ...transaction, attempts, sent: true });
}

function callOf(transaction: OpenTransaction): Call {
  const { item } = transaction;
  const card = transaction.patron ?? '';
  switch (transaction.next) {
    case 'askPatron':
      return { kind: 'account', card, list: 'charged' };
    case 'askItem':
      return { kind: 'item', item };
    case 'askHoldsWaiting':
      return { kind: 'account', card, list: 'holdsWaiting' };
    case 'askHoldsReady':
      return { kind: 'account', card, list: 'holdsReady' };
    case 'askFees':
      return { kind: 'account', card, list: 'fines' };
    case 'send':
      return sendingOf(transaction, card);
    default:
      return unreachable(transaction.next);
  }
}

function sendingOf(transaction: OpenTransaction, card: string): Call {
  const { id, kind, item, at, hold, fee } = transaction;
  switch (kind) {
    case 'checkin':
      return { kind, item, at, offline: transaction.state === 'waiting' };
    case 'checkout':
      return { kind, card, item, at, ...maybe('offlineDue', transaction.dueTold) };
    case 'renew':
      return { kind, card, item, at };
    case 'hold': {
      const { mode, pickup } = ordered(hold);
      return { kind, card, item, mode, ...maybe('pickup', pickup), at };
    }
    case 'fee': {
      const { amount, currency, feeType, paymentType } = ordered(fee);
      const named = item === '' ? undefined : item;
      const paid = { amount: { amount, currency }, feeType, paymentType, ...maybe('fee', named) };
      return { kind: 'feePaid', card, ...paid, transaction: id, at };
    }
    default:
      return unreachable(kind);
  }
}

/** A hold or payment was begun with what it asks for. */
function ordered<T>(order: T | undefined): T {
  assert(order !== undefined, 'a hold or payment says what it asks for');
  return order;
}

function rowJob(turn: Turn): Job | undefined {
  const { epoch } = turn.state;
  const rows = turn.session()?.rows ?? [];
  const reading = rows.findLast((row) => row.stage === 'reading' && row.read === undefined);
  const card = turn.session()?.patron?.card;
  if (reading?.kind === 'hold' && card !== undefined) {
    const list = reading.holdsSaid === undefined ? 'holdsWaiting' : 'holdsReady';
    return { call: { kind: 'account', card, list }, purpose: { for: 'beforeHold', epoch, row: reading.id } };
  }
  if (reading !== undefined) {
    return {
      call: { kind: 'item', item: reading.item },
      purpose: { for: 'beforeRenew', epoch, row: reading.id },
    };
  }
  const refused = rows.findLast((row) => row.causeWanted);
  if (refused === undefined) return undefined;
  return { call: { kind: 'item', item: refused.item }, purpose: { for: 'cause', epoch, row: refused.id } };
}

function accountJob(turn: Turn): Job | undefined {
  const { epoch } = turn.state;
  const session = turn.session();
  const want = session?.service === 'account' ? session.account?.wanted[0] : undefined;
  if (want === undefined || session?.patron === undefined || !isOnline(turn.state)) return undefined;
  const call: Call =
    want.what === 'list'
      ? { kind: 'account', card: session.patron.card, list: want.list }
      : { kind: 'item', item: want.item };
  return { call, purpose: { for: 'account', epoch, want } };
}

function goodbyeJob(turn: Turn): Job | undefined {
  const [card, ...others] = turn.state.goodbyes;
  if (card === undefined) return undefined;
  turn.change({ goodbyes: others });
  // A courtesy to the ACS: without a connection there is nothing to end, and a patron who is back has not left.
  if (!isOnline(turn.state) || turn.session()?.patron?.card === card) return goodbyeJob(turn);
  return { call: { kind: 'endSession', card }, purpose: { for: 'goodbye' } };
}

/** Wakes the station when the next pause ends. */
function setWorkTimer(turn: Turn): void {
  const at = nextMoment(turn);
  if (at === turn.state.workAt) return;
  turn.change({ workAt: at });
  if (at === undefined) return turn.act({ do: 'cancelTimer', name: 'work' });
  const delayMs = Math.max(0, at - turn.event.mono);
  turn.act({ do: 'setTimer', name: 'work', delayMs, epoch: turn.state.epoch });
}

function nextMoment(turn: Turn): number | undefined {
  const { mono } = turn.event;
  const { open, outage } = turn.state;
  if (open.size === 0 && outage === undefined) return undefined;
  const moments = ofSession(turn).map(({ uncertainSince }) =>
    uncertainSince === undefined ? undefined : uncertainSince + bounds.settleInSessionMs,
  );
  const later = [
    ...moments,
    open.nextAwakening(),
    nextSync(turn),
    nextStuck(turn),
    nextOutageEnd(turn),
  ].filter((moment) => moment !== undefined && moment > mono);
  return later.length === 0 ? undefined : Math.min(...later.map(Number));
}
