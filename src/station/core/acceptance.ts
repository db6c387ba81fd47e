import type { MonotonicMillis } from '../../kernel/clock.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { StoredTransaction } from '../../journal/rows.ts';
import type { AcsText, Due } from '../../shared/values.ts';
import { bounds } from '../settings.ts';
import { firstQuestion } from './first-question.ts';
import { maybe } from './maybe.ts';
import { openFrom } from './recovered.ts';
import { NewestByItem } from './newest-by-item.ts';
import { isPresent, settledRow } from './rows.ts';
import type { OpenTransaction } from './state.ts';
import { stopFreeing } from './tag-work.ts';
import type { Turn } from './turn.ts';

/** What is known of how far the library system’s “yes” can be believed. */
export interface Acceptances {
  /** What was picked to be looked at by its kind, since the library system is back: the first of each kind always is. */
  readonly kindsPicked: ReadonlySet<string>;
  /** Picked by chance or as the first, and not looked at yet; few at any time. */
  readonly pending: ReadonlySet<TransactionId>;
  /** What was accepted in good times a short while ago and not picked, of each item the newest; asked about when another was not done. */
  readonly recent: NewestByItem<Recent>;
  /** Something was accepted and not done: everything is looked at from now on. */
  readonly everyOne: boolean;
  /** A question had no answer: nothing is picked before the library system is back from its next outage. */
  readonly mute: boolean;
  /** In a row: what was not done, and what was. */
  readonly notDone: number;
  readonly done: number;
  /** Nothing that waits is sent before this moment. */
  readonly restUntil: MonotonicMillis;
  /** How long sync rests the next time that nothing is done; doubles. */
  readonly restMs: number;
  /** Since the start, for the technician. */
  readonly seen: { readonly done: number; readonly notDone: number; readonly notTold: number };
}

const noneRecent = NewestByItem.none<Recent>(bounds.recentAcceptedMax);

export const nothingLookedAt: Acceptances = {
  kindsPicked: new Set(),
  pending: new Set(),
  recent: noneRecent,
  everyOne: false,
  mute: false,
  notDone: 0,
  done: 0,
  restUntil: 0,
  restMs: bounds.notDoneRestMs,
  seen: { done: 0, notDone: 0, notTold: 0 },
};

interface Recent {
  readonly transaction: OpenTransaction;
  readonly believed: Believed;
  readonly since: MonotonicMillis;
}

/** Of a transaction that the library system accepted: the journal has it as accepted, and it is asked whether that is so. */
export interface Believed {
  readonly acsText: readonly AcsText[];
  /** The due date that it gave, of what was picked at once. */
  readonly due: Due | undefined;
  /** It waited from an outage. */
  readonly waited: boolean;
  /** It is asked about because another one was not done, so it must be told. */
  readonly doubted: boolean;
}

type Acceptance = { readonly acsText?: readonly AcsText[] | undefined; readonly due?: Due | undefined };

/** Picks what was just accepted, where its turn has come: the first of each kind, the last that waited, some by chance, or all. */
export function pickAccepted(
  turn: Turn,
  transaction: OpenTransaction,
  { acsText = [], due }: Acceptance,
): void {
  const { acceptances, open, abilities } = turn.state;
  if (!abilities.effectsShown || acceptances.mute) return;
  const waited = transaction.state === 'waiting';
  const kind = `${waited ? 'waited ' : ''}${transaction.kind}`;
  const isFirst = !acceptances.kindsPicked.has(kind);
  const isLast = waited && open.countWaiting() === 0;
  const believed = { acsText, due, waited, doubted: acceptances.everyOne };
  notRecent(turn, transaction.item);
  if (!isFirst && !isLast && !acceptances.everyOne && !isByChance(turn))
    return waited ? undefined : keepRecent(turn, transaction, believed);
  change(turn, {
    kindsPicked: isFirst ? new Set([...acceptances.kindsPicked, kind]) : acceptances.kindsPicked,
    pending: new Set([...acceptances.pending, transaction.id]),
  });
  turn.setTransaction(transaction.id, inQuestion(transaction, believed, turn.event.mono));
}

function keepRecent(turn: Turn, transaction: OpenTransaction, believed: Believed): void {
  const { recent } = turn.state.acceptances;
  const since = turn.event.mono;
  change(turn, { recent: recent.with(transaction.item, { transaction, believed, since }) });
}

/** What was accepted of this item before says nothing any more. */
export function notRecent(turn: Turn, item: string): void {
  const { recent } = turn.state.acceptances;
  if (recent.has(item)) change(turn, { recent: recent.without(item) });
}

/** What the journal lets go of is not asked about any more: nothing could be noted of it. */
export function noMoreAsked(turn: Turn, isGone: (transaction: OpenTransaction) => boolean): void {
  for (const transaction of [...turn.state.open.values()]) {
    if (transaction.believed !== undefined && isGone(transaction)) forget(turn, transaction.id);
  }
  for (const { transaction } of [...turn.state.acceptances.recent.values()])
    if (isGone(transaction)) notRecent(turn, transaction.item);
}

/** What was accepted shortly before, of which nothing is under way: it is asked about too. */
function doubtRecent(turn: Turn): void {
  const { mono } = turn.event;
  const { recent } = turn.state.acceptances;
  change(turn, { recent: noneRecent });
  for (const { transaction, believed, since } of recent.values()) {
    if (mono - since > bounds.recentAcceptedMs || turn.state.open.lastOfItem(transaction.item) !== undefined)
      continue;
    turn.setTransaction(transaction.id, inQuestion(transaction, { ...believed, doubted: true }, mono));
  }
}

/** Each event brings a fresh random id, and thereby its chance. */
function isByChance({ event }: Turn): boolean {
  return Number.parseInt(event.id.slice(0, 8), 16) / 2 ** 32 >= 1 - 1 / bounds.lookedAtOneIn;
}

function inQuestion(
  transaction: OpenTransaction,
  believed: Believed,
  mono: MonotonicMillis,
): OpenTransaction {
  return {
    ...transaction,
    state: 'waiting',
    believed,
    next: firstQuestion(transaction.kind),
    itemSaid: undefined,
    holdsSaid: undefined,
    denials: 0,
    refused: undefined,
    asks: 0,
    notBefore: mono,
    uncertainSince: undefined,
  };
}

/** Whether sync rests: what waits is not sent, for the library system accepts and does not do. */
export function rests({ state, event }: Turn): boolean {
  return event.mono < state.acceptances.restUntil;
}

/** Whether it may be asked about now: what waited from no outage is looked at when nobody is here. */
export function mayBeLookedAt({ state }: Turn, { waited }: Believed): boolean {
  return waited || state.session.phase === 'home';
}

/** What the library system shows of it: done, not done, or nothing that would tell. */
export function looked(
  turn: Turn,
  transaction: OpenTransaction,
  truth: 'done' | 'notDone' | 'notTold',
): void {
  if (truth === 'notDone') return looksNotDone(turn, transaction);
  const { seen, pending } = turn.state.acceptances;
  const isFresh = pending.has(transaction.id);
  forget(turn, transaction.id);
  if (truth === 'notTold') return change(turn, { seen: { ...seen, notTold: seen.notTold + 1 } });
  lookedDone(turn, isFresh);
}

/** Something was done that was accepted. What was accepted before the doubt came up says nothing for what is accepted now. */
export function lookedDone(turn: Turn, isFresh = true): void {
  const { seen, done } = turn.state.acceptances;
  const restMs = bounds.notDoneRestMs;
  change(turn, {
    seen: { ...seen, done: seen.done + 1 },
    done: done + (isFresh ? 1 : 0),
    notDone: 0,
    restMs,
  });
  mayBelieveAgain(turn);
}

/** Something was not shown as done that was doubted as it was accepted. */
export function lookedNotDone(turn: Turn): void {
  const { seen } = turn.state.acceptances;
  change(turn, { everyOne: true, done: 0, seen: { ...seen, notDone: seen.notDone + 1 } });
}

/**
 * Whether a patron’s list of loans lacks one that the library system made for them a short while ago: it tells how things stood
 * before that, and so nothing of what came after.
 */
export function isOlderThanKnown(
  turn: Turn,
  { item, patron }: { readonly item?: string; readonly patron: string | undefined },
  listed: readonly string[],
): boolean {
  const { open, acceptances } = turn.state;
  const { mono } = turn.event;
  const recent = [...acceptances.recent.values()].filter(
    ({ since }) => mono - since <= bounds.recentAcceptedMs,
  );
  const pending = [...acceptances.pending].map((id) => open.get(id));
  return [...recent.map(({ transaction }) => transaction), ...pending].some(
    (one) =>
      one?.kind === 'checkout' && one.patron === patron && one.item !== item && !listed.includes(one.item),
  );
}

/** After an outage everything is looked at until all of it was told. */
export function mayBelieveAgain(turn: Turn): void {
  const { acceptances, outage } = turn.state;
  if (acceptances.everyOne && outage === undefined && acceptances.done >= bounds.doneInARowMin)
    change(turn, { everyOne: false });
}

/** No answer: what was picked by chance is let be, and nothing more is picked. What is doubted is asked about again; undefined then. */
export function unanswered(
  turn: Turn,
  transaction: OpenTransaction,
  how: 'notSent' | 'unknown',
): 'let be' | undefined {
  if (transaction.believed?.doubted !== false || how === 'notSent') return undefined;
  forget(turn, transaction.id);
  change(turn, { mute: true });
  turn.act({ do: 'log', level: 'warning', event: 'acceptance.notAnswered', fields: {} });
  return 'let be';
}

/** An interrupted look is not taken up again after an outage: who knows what has become of the item since. */
export function lookAnew(turn: Turn): void {
  const { pending } = turn.state.acceptances;
  for (const id of pending)
    if (turn.state.open.get(id)?.believed?.doubted === false) turn.setTransaction(id, undefined);
  change(turn, { kindsPicked: new Set(), pending: new Set(), recent: noneRecent, mute: false });
}

/** A slow library system may still be about to do it: it is looked at once more after a pause, and nothing is sent meanwhile. */
function looksNotDone(turn: Turn, transaction: OpenTransaction): void {
  const denials = transaction.denials + 1;
  if (denials >= bounds.denialsMin) return notDone(turn, transaction);
  const notBefore = turn.event.mono + bounds.denialPauseMs;
  const next = firstQuestion(transaction.kind);
  turn.setTransaction(transaction.id, {
    ...transaction,
    denials,
    next,
    itemSaid: undefined,
    holdsSaid: undefined,
    notBefore,
  });
  if (transaction.believed?.waited === true) rest(turn, notBefore);
}

function rest(turn: Turn, until: MonotonicMillis): void {
  if (until > turn.state.acceptances.restUntil) change(turn, { restUntil: until });
}

/** It was accepted and is not done: staff get it, and all else that was accepted in this outage is asked about. */
function notDone(turn: Turn, transaction: OpenTransaction): void {
  const { id, kind, believed, found } = transaction;
  const { at, mono } = turn.event;
  const words = believed?.acsText.map(({ acs }) => acs) ?? [];
  turn.commit({
    row: 'move',
    id,
    to: 'staff',
    at,
    rule: 'acs.notDone',
    source: 'station',
    ...(words.length === 0 ? {} : { words }),
    ...maybe('found', found),
  });
  stopFreeing(turn, id);
  const isFresh = turn.state.acceptances.pending.has(id);
  forget(turn, id);
  // A return counts from the moment at which it was told, whatever comes of it.
  if (isPresent(turn, transaction) && kind !== 'checkin' && kind !== 'fee')
    settledRow(turn, transaction, { stage: 'staff' });
  turn.act({ do: 'log', level: 'error', event: 'acceptance.notDone', fields: { transaction: id } });
  const { acceptances } = turn.state;
  const { seen, restMs } = acceptances;
  const inARow = acceptances.notDone + (isFresh ? 1 : 0);
  change(turn, { everyOne: true, done: 0, notDone: inARow, seen: { ...seen, notDone: seen.notDone + 1 } });
  if (believed?.waited === true) doubtOutage(turn);
  doubtRecent(turn);
  if (!isFresh || inARow < bounds.notDoneInARowMax) return;
  rest(turn, mono + restMs);
  change(turn, { restMs: Math.min(restMs * 2, bounds.notDoneRestMsMax) });
  turn.act({ do: 'log', level: 'error', event: 'sync.rests', fields: { delayMs: restMs } });
}

function doubtOutage(turn: Turn): void {
  const { outage } = turn.state;
  if (outage === undefined || outage.doubted) return;
  if (outage.noted) turn.commit({ row: 'outage', what: 'doubted', at: turn.event.at });
  turn.change({ outage: { ...outage, doubted: true } });
  turn.act({ do: 'readBelieved' });
}

/** What was doubted before a restart is so after it. */
export function doubtAgain(turn: Turn): void {
  const since = turn.event.at - bounds.recentAcceptedMs;
  turn.act({ do: 'readDoubted', since, max: bounds.recentAcceptedMax });
  if (turn.state.outage?.doubted !== true) return;
  change(turn, { everyOne: true });
  turn.act({ do: 'readBelieved' });
}

/** What the library system accepted in this outage and nobody looked at: it is asked about, before all that waits. */
export function doubt(turn: Turn, stored: readonly StoredTransaction[]): void {
  const { event } = turn;
  const [oldest] = turn.state.open.values();
  const first = Math.min(oldest?.seq ?? 0, 0) - stored.length;
  for (const [index, one] of stored.entries()) {
    if (turn.state.open.get(one.id) !== undefined) continue;
    const acsText = one.words.map((acs) => ({ acs }));
    const believed = { acsText, due: undefined, waited: true, doubted: true };
    turn.setTransaction(one.id, inQuestion(openFrom(one, first + index), believed, event.mono));
  }
}

/** A short while before the restart something was accepted and not done: what else was accepted then is asked about now. */
export function doubtLifeBefore(turn: Turn, stored: readonly StoredTransaction[]): void {
  change(turn, { everyOne: true });
  const [oldest] = turn.state.open.values();
  const first = Math.min(oldest?.seq ?? 0, 0) - stored.length;
  for (const [index, one] of stored.entries()) {
    const { open } = turn.state;
    if (open.get(one.id) !== undefined || open.lastOfItem(one.item) !== undefined) continue;
    const acsText = one.words.map((acs) => ({ acs }));
    const believed = { acsText, due: undefined, waited: false, doubted: true };
    turn.setTransaction(one.id, inQuestion(openFrom(one, first + index), believed, turn.event.mono));
  }
}

function forget(turn: Turn, id: TransactionId): void {
  turn.setTransaction(id, undefined);
  const { pending } = turn.state.acceptances;
  if (pending.has(id)) change(turn, { pending: new Set([...pending].filter((one) => one !== id)) });
}

function change(turn: Turn, changed: Partial<Acceptances>): void {
  turn.change({ acceptances: { ...turn.state.acceptances, ...changed } });
}
