import type { MonotonicMillis } from '../../kernel/clock.ts';
import { bounds } from '../settings.ts';
import { lookAnew, mayBeLookedAt, rests } from './acceptance.ts';
import { isOnline, isReachable } from './reach.ts';
import { isPresent } from './rows.ts';
import type { CallUnderWay, OpenTransaction } from './state.ts';
import { withdraw } from './transactions.ts';
import type { Turn } from './turn.ts';

/**
 * The transaction that goes next: what the patron at the station waits for and what stands before it in line, then what was
 * begun in good times, then what waits from an outage, each in the order in which it happened. Nothing overtakes an older
 * open transaction on the same item or of the same patron.
 */
export function nextTransaction(turn: Turn): OpenTransaction | undefined {
  const { open } = turn.state;
  if (open.size === 0) return undefined;
  const pressing = [...open.pressing()];
  const present = pressing.filter((transaction) => isPresent(turn, transaction));
  for (const transaction of [...present, ...pressing]) {
    const first = firstInLine(turn, transaction);
    if (mayGo(turn, first)) return first;
  }
  if (!maySync(turn)) return undefined;
  return nextOf(turn, open.believed()) ?? (rests(turn) ? undefined : nextOf(turn, open.waiting()));
}

/** The first that stands behind nothing. What is only asked about goes first, and on while nothing is sent. */
function nextOf(turn: Turn, line: Iterable<OpenTransaction>): OpenTransaction | undefined {
  for (const transaction of line) {
    const { believed } = transaction;
    if (believed !== undefined && !mayBeLookedAt(turn, believed)) continue;
    if (turn.state.open.before(transaction) === undefined && mayGo(turn, transaction)) return transaction;
  }
  return undefined;
}

/**
 * Without a connection nothing gets out of the way: what stands behind others is as good as not sent, and a return or a
 * loan by the station’s own rules goes on as one that waits.
 */
export function withdrawStuck(turn: Turn): void {
  const stuck = firstStuck(turn);
  // An event has one fresh id; the next one is due at once.
  if (stuck !== undefined && !turn.rows.some(({ row }) => row === 'begin')) withdraw(turn, stuck);
}

/** When the next of them is withdrawn. */
export function nextStuck(turn: Turn): MonotonicMillis | undefined {
  return firstStuck(turn) === undefined ? undefined : turn.event.mono + 1;
}

/** The oldest of them, so that what takes their places stands in their order. */
function firstStuck(turn: Turn): OpenTransaction | undefined {
  // What was under way when the connection went has its outcome in a moment, and is older.
  if (isReachable(turn) || isSending(turn)) return undefined;
  for (const one of turn.state.open.pressing()) {
    if (!isUnsent(one) || one.sent) continue;
    const before = turn.state.open.before(one);
    // What stands first is tried, and fails at once.
    if (before !== undefined && !isUnsent(before)) return one;
  }
  return undefined;
}

function isUnsent({ state, next }: OpenTransaction): boolean {
  return state === 'intended' && next === 'send';
}

function isSending({ state }: Turn): boolean {
  const purpose = state.underWay?.purpose;
  return purpose?.for === 'renewAll' || (purpose?.for === 'transaction' && purpose.step === 'send');
}

/** Whoever stands behind others gets them out of the way; each of these is older, so that this comes to an end. */
function firstInLine(turn: Turn, transaction: OpenTransaction): OpenTransaction {
  const before = turn.state.open.before(transaction);
  return before === undefined ? transaction : firstInLine(turn, before);
}

function mayGo(turn: Turn, transaction: OpenTransaction): boolean {
  if (transaction.notBefore > turn.event.mono) return false;
  // Its tag is being freed because of what is certain now, and what comes of it is known in a moment.
  if (turn.state.tags.job?.work === transaction.id) return false;
  // What was promised as "under way" is tried in any case, and fails at once where there is no connection.
  if (transaction.state === 'intended' && transaction.next === 'send') return true;
  // A further try is a row of its own, which has to find room.
  if (transaction.next === 'send' && turn.state.disk !== 'fine') return false;
  return isOnline(turn.state);
}

/** Whether what waits from an outage goes now: the library system is back for good, and nobody is kept waiting by it. */
function maySync(turn: Turn): boolean {
  return isOnline(turn.state) && turn.event.mono >= turn.state.syncFrom;
}

/** When that may be next; undefined where nothing waits, or nothing can be sent. */
export function nextSync(turn: Turn): MonotonicMillis | undefined {
  const { open, syncFrom, acceptances } = turn.state;
  if (!isOnline(turn.state)) return undefined;
  if (!isEmpty(open.believed())) return syncFrom;
  return isEmpty(open.waiting()) ? undefined : Math.max(syncFrom, acceptances.restUntil);
}

function isEmpty(line: Iterable<OpenTransaction>): boolean {
  const [first] = line;
  return first === undefined;
}

/** After an outage: what comes and goes is not back yet. */
export function waitForSteady(turn: Turn): void {
  const steadyAt = turn.event.mono + bounds.steadyMs;
  turn.change({ steadyAt, syncFrom: steadyAt });
  lookAnew(turn);
}

/** What waited leaves the connection free for the patron at the station, in proportion to the time that it took. */
export function pace(turn: Turn, { purpose, since }: CallUnderWay): void {
  if (purpose.for !== 'transaction' || turn.state.session.phase === 'home') return;
  const transaction = turn.state.open.get(purpose.id);
  if (transaction?.state !== 'waiting') return;
  const tookMs = turn.event.mono - since;
  turn.change({ syncFrom: turn.event.mono + tookMs * (1 / bounds.syncShareInUse - 1) });
}
