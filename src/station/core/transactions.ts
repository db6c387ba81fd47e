import { unreachable } from '../../kernel/assert.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { AccountPart, CheckinAnswer, ItemInformation, LoanAnswer, Outcome } from '../../ils/ils.ts';
import type { TransactionKind } from '../../journal/rows.ts';
import type { AcsText, Due } from '../../shared/values.ts';
import { bounds } from '../settings.ts';
import { loanRefusal, refusal, type Rule } from './refusals.ts';
import { isPresent, settledRow } from './rows.ts';
import type { OpenTransaction } from './state.ts';
import type { Turn } from './turn.ts';

export interface NewTransaction {
  readonly kind: TransactionKind;
  readonly item: string;
  readonly patron: string | undefined;
  readonly state: 'intended' | 'waiting';
  readonly dueBefore?: string;
  readonly replaces?: OpenTransaction;
}

/** Begins a transaction: its row is committed before anything of it leaves the machine. */
export function begin(turn: Turn, fresh: NewTransaction): TransactionId {
  const { id, at, mono } = turn.event;
  turn.commit({
    row: 'begin',
    id,
    kind: fresh.kind,
    state: fresh.state,
    item: fresh.item,
    patron: fresh.patron,
    at: fresh.replaces?.at ?? at,
    ...(fresh.dueBefore === undefined ? {} : { dueBefore: fresh.dueBefore }),
    ...(fresh.replaces === undefined ? {} : { replaces: fresh.replaces.id }),
  });
  turn.setTransaction(id, {
    id,
    seq: turn.state.nextSeq,
    kind: fresh.kind,
    item: fresh.item,
    patron: fresh.patron,
    at: fresh.replaces?.at ?? at,
    state: fresh.state,
    attempts: 0,
    dueBefore: fresh.dueBefore,
    epoch: fresh.replaces === undefined ? turn.state.epoch : fresh.replaces.epoch,
    next: 'send',
    itemSaid: undefined,
    sent: false,
    toldTaken: fresh.state === 'waiting',
    denials: 0,
    refused: undefined,
    // What could not be sent just now can't be sent at once either.
    notBefore: fresh.replaces === undefined ? mono : mono + bounds.askAfterMs,
    asks: 0,
    uncertainSince: undefined,
  });
  turn.change({ nextSeq: turn.state.nextSeq + 1 });
  return id;
}

interface Verdict {
  readonly to: 'accepted' | 'refused' | 'staff' | 'withdrawn';
  readonly rule: string;
  readonly source: 'acs' | 'station';
  readonly acsText?: readonly AcsText[] | undefined;
  readonly due?: Due | undefined;
}

/** Moves a transaction to its end. A waiting one can’t be refused any more: the patron was told, so staff resolve it. */
function settle(turn: Turn, transaction: OpenTransaction, verdict: Verdict): void {
  const { at } = turn.event;
  const to = transaction.state === 'waiting' && verdict.to === 'refused' ? 'staff' : verdict.to;
  if (to === 'staff' && transaction.state === 'intended') {
    turn.commit({
      row: 'move',
      id: transaction.id,
      to: 'uncertain',
      at,
      rule: verdict.rule,
      source: verdict.source,
    });
  }
  const words = verdict.acsText?.map((text) => text.acs) ?? [];
  turn.commit({
    row: 'move',
    id: transaction.id,
    to,
    at,
    rule: verdict.rule,
    source: verdict.source,
    ...(words.length === 0 ? {} : { words }),
    ...(verdict.due === undefined ? {} : { due: dueText(verdict.due) }),
  });
  turn.setTransaction(transaction.id, undefined);
}

function dueText(due: Due): string {
  switch (due.kind) {
    case 'day':
      return due.date;
    case 'time':
      return `${due.date} ${due.time}`;
    case 'text':
      return due.text;
    default:
      return unreachable(due);
  }
}

/** The ACS did it. */
function accept(turn: Turn, transaction: OpenTransaction, answer: Settled): void {
  settle(turn, transaction, {
    to: 'accepted',
    rule: answer.rule,
    source: 'acs',
    due: answer.due,
    acsText: answer.acsText,
  });
  settledRow(turn, transaction, {
    stage: 'done',
    title: answer.title,
    due: answer.due,
    alert: answer.alert ?? false,
    sortBin: answer.sortBin,
  });
}

interface Settled {
  readonly rule: 'answered' | 'asked';
  readonly title: string | undefined;
  readonly due?: Due | undefined;
  readonly alert?: boolean;
  readonly sortBin?: string | undefined;
  readonly acsText?: readonly AcsText[];
}

/** The ACS did not do it, and won’t. */
function refuse(
  turn: Turn,
  transaction: OpenTransaction,
  why: ReturnType<typeof refusal>,
  title?: string,
): void {
  const gone = !isPresent(turn, transaction) || transaction.toldTaken;
  settle(turn, transaction, {
    // Nobody is there to hear it: the item may have left the house, or lies in the box as returned.
    to: gone ? 'staff' : 'refused',
    rule: why.rule,
    source: why.source,
    acsText: why.acsText,
  });
  const causeWanted = !gone && transaction.kind === 'checkout' && why.rule === 'item.refused';
  settledRow(turn, transaction, {
    stage: transaction.toldTaken ? 'offline' : causeWanted ? 'pending' : 'refused',
    title,
    refusal: why,
    causeWanted,
  });
}

function giveToStaff(turn: Turn, transaction: OpenTransaction, rule: string): void {
  settle(turn, transaction, { to: 'staff', rule, source: 'station' });
  settledRow(turn, transaction, { stage: transaction.kind === 'checkin' ? 'offline' : 'staff' });
}

/** The reply to a sent checkout or renewal. */
export function loanReplied(turn: Turn, transaction: OpenTransaction, outcome: Outcome<LoanAnswer>): void {
  if (outcome.kind !== 'answered') return sendFailed(turn, transaction, outcome.kind);
  const answer = outcome.value;
  if (answer.result === 'lent') {
    return accept(turn, transaction, {
      rule: 'answered',
      title: answer.title,
      due: answer.due,
      acsText: answer.acsText,
    });
  }
  // After a repeated request "no" may mean "you have it already".
  if (transaction.attempts > 0) return ask(turn, transaction, answer.acsText);
  const kind = transaction.kind === 'renew' ? 'renew' : 'checkout';
  refuse(turn, transaction, loanRefusal(kind, answer), answer.title);
}

/** The reply to a sent checkin. "No" often means "was not on loan", so the item is asked about before it is believed. */
export function checkinReplied(
  turn: Turn,
  transaction: OpenTransaction,
  outcome: Outcome<CheckinAnswer>,
): void {
  if (outcome.kind !== 'answered') return sendFailed(turn, transaction, outcome.kind);
  const { result, title, alert, sortBin, acsText } = outcome.value;
  if (result === 'refused') return ask(turn, transaction, acsText);
  accept(turn, transaction, { rule: 'answered', title, alert, sortBin, acsText });
}

function sendFailed(turn: Turn, transaction: OpenTransaction, how: 'notSent' | 'unknown'): void {
  if (how === 'unknown') return ask(turn, transaction, undefined);
  switch (transaction.state) {
    case 'intended':
      return withdraw(turn, transaction);
    case 'uncertain':
      return askLater(turn, transaction, how);
    case 'waiting':
      // Nothing left the machine, so it does not count as tried.
      return turn.setTransaction(transaction.id, {
        ...transaction,
        attempts: transaction.attempts - 1,
        notBefore: turn.event.mono + bounds.askAfterMs,
      });
    default:
      return unreachable(transaction.state);
  }
}

/** Nothing left the machine: a loan is not made, a return waits. */
function withdraw(turn: Turn, transaction: OpenTransaction): void {
  settle(turn, transaction, { to: 'withdrawn', rule: 'acs.away', source: 'station' });
  if (transaction.kind !== 'checkin' || !turn.settings.services.returnOffline) {
    return settledRow(turn, transaction, { stage: 'refused', refusal: refusal('acs.away') });
  }
  const id = begin(turn, {
    kind: 'checkin',
    item: transaction.item,
    patron: undefined,
    state: 'waiting',
    replaces: transaction,
  });
  settledRow(turn, transaction, { stage: 'offline', transaction: id });
}

/** From now on the truth is asked for; nothing is sent again before it is known. */
function ask(turn: Turn, transaction: OpenTransaction, refused: readonly AcsText[] | undefined): void {
  const { at, mono } = turn.event;
  if (transaction.state === 'intended') {
    const rule = refused === undefined ? 'acs.silent' : 'refusedOnce';
    turn.commit({ row: 'move', id: transaction.id, to: 'uncertain', at, rule, source: 'station' });
  }
  turn.setTransaction(transaction.id, {
    ...transaction,
    state: transaction.state === 'waiting' ? 'waiting' : 'uncertain',
    next: 'askItem',
    itemSaid: undefined,
    denials: 0,
    refused,
    toldTaken: transaction.toldTaken || (transaction.kind === 'checkin' && refused === undefined),
    // A refusal is an answer: the ACS has done with it. After silence it gets time to finish.
    notBefore: refused === undefined ? mono + bounds.askAfterMs : mono,
    uncertainSince: transaction.uncertainSince ?? mono,
  });
  // After a refusal nothing is promised before the truth is known.
  turn.changeRowOf(transaction.id, { stage: refused === undefined ? 'unsure' : 'pending' });
}

/** A question without an answer: it is asked again after a pause, and not for ever. */
function askLater(turn: Turn, transaction: OpenTransaction, how: 'notSent' | 'unknown'): void {
  // Without a connection nothing was asked.
  const asks = transaction.asks + (how === 'unknown' ? 1 : 0);
  if (asks >= bounds.asksMax) return giveToStaff(turn, transaction, 'noAnswer');
  const delay = Math.min(bounds.askPauseMs, bounds.askAfterMs * 2 ** transaction.asks);
  turn.setTransaction(transaction.id, {
    ...transaction,
    asks,
    notBefore: turn.event.mono + delay,
    next: 'askItem',
    itemSaid: undefined,
  });
}

/**
 * What the ACS says of the item. For a loan the patron’s list is asked after it, in this order: a slow ACS that
 * completes the loan between the two questions is then seen to have done it.
 */
export function itemAsked(turn: Turn, transaction: OpenTransaction, outcome: Outcome<ItemInformation>): void {
  if (outcome.kind !== 'answered') return askLater(turn, transaction, outcome.kind);
  const item = outcome.value;
  if (transaction.kind === 'checkin') return conclude(turn, transaction, item, truthOfCheckin(item));
  turn.setTransaction(transaction.id, { ...transaction, next: 'askPatron', itemSaid: item });
}

/** What the patron’s loans say, after the item was asked about. 17 alone does not say who has it. */
export function patronAsked(turn: Turn, transaction: OpenTransaction, outcome: Outcome<AccountPart>): void {
  const item = transaction.itemSaid;
  if (outcome.kind !== 'answered') return askLater(turn, transaction, outcome.kind);
  if (item === undefined) return askLater(turn, transaction, 'notSent');
  const { told, entries, count } = outcome.value;
  // A list that is not whole, or of a patron whom the ACS calls invalid, proves only what it holds.
  const whole = told && count === entries.length;
  const listed = entries.includes(transaction.item) ? 'yes' : whole ? 'no' : 'notTold';
  const truth =
    transaction.kind === 'renew' ? truthOfRenewal(transaction, item, listed) : truthOfLoan(item, listed);
  conclude(turn, transaction, item, truth);
}

type Truth = 'happened' | 'didNotHappen' | 'impossible' | 'cannotTell';
type Listed = 'yes' | 'no' | 'notTold';

function truthOfCheckin(item: ItemInformation): Truth {
  if (!item.known) return 'impossible';
  const stillOut = item.status === 'charged' || item.status === 'claimedReturned' || item.status === 'lost';
  return stillOut ? 'didNotHappen' : 'happened';
}

function truthOfLoan(item: ItemInformation, listed: Listed): Truth {
  if (listed === 'yes') return 'happened';
  if (item.status !== 'charged') return 'didNotHappen';
  return listed === 'no' ? 'impossible' : 'cannotTell';
}

function truthOfRenewal(transaction: OpenTransaction, item: ItemInformation, listed: Listed): Truth {
  if (listed === 'no') return 'impossible';
  if (transaction.dueBefore === undefined || item.dueRaw === undefined) return 'cannotTell';
  // The same date proves nothing: a loan renewed on the day it was made keeps it, and a second try would count twice.
  return item.dueRaw === transaction.dueBefore ? 'cannotTell' : 'happened';
}

/** The truth is known: decides, sends again, or hands over to staff. */
function conclude(turn: Turn, transaction: OpenTransaction, item: ItemInformation, truth: Truth): void {
  switch (truth) {
    case 'happened':
      return accept(turn, transaction, {
        rule: 'asked',
        title: item.title,
        due: transaction.kind === 'checkin' ? undefined : item.due,
        // The ACS said no to a return and yet does not count it as lent: staff should see it.
        alert:
          transaction.refused !== undefined || item.status === 'onHoldShelf' || item.status === 'inTransit',
      });
    case 'didNotHappen':
      return didNotHappen(turn, transaction, item);
    case 'impossible':
      return refuse(
        turn,
        transaction,
        refusal(impossibleRule(transaction, item), transaction.refused ?? []),
        item.title,
      );
    case 'cannotTell':
      return looksAgain(turn, transaction) ? undefined : giveToStaff(turn, transaction, 'cannotTell');
    default:
      return unreachable(truth);
  }
}

function impossibleRule(transaction: OpenTransaction, item: ItemInformation): Rule {
  if (!item.known) return 'item.unknown';
  return transaction.kind === 'renew' ? 'renew.refused' : 'item.lentToAnother';
}

/** A slow ACS may still be about to do it: one look more, after a pause, before it counts as not done. */
function looksAgain(turn: Turn, transaction: OpenTransaction): boolean {
  const denials = transaction.denials + 1;
  if (denials >= bounds.denialsMin) return false;
  const notBefore = turn.event.mono + bounds.denialPauseMs;
  const next = { ...transaction, denials, next: 'askItem', itemSaid: undefined, notBefore } as const;
  turn.setTransaction(transaction.id, next);
  return true;
}

function didNotHappen(turn: Turn, transaction: OpenTransaction, item: ItemInformation): void {
  const { kind, refused } = transaction;
  if (refused !== undefined) {
    const rule = kind === 'checkin' ? 'checkin.refused' : kind === 'renew' ? 'renew.refused' : 'item.refused';
    return refuse(turn, transaction, refusal(rule, refused), item.title);
  }
  if (looksAgain(turn, transaction)) return;
  const wanted = kind === 'checkin' || isPresent(turn, transaction);
  if (!wanted) return giveToStaff(turn, transaction, 'patronGone');
  if (transaction.attempts < bounds.attemptsMax) {
    return turn.setTransaction(transaction.id, {
      ...transaction,
      next: 'send',
      notBefore: turn.event.mono,
    });
  }
  if (kind === 'checkin') return giveToStaff(turn, transaction, 'attemptsUsedUp');
  refuse(turn, transaction, refusal('item.askedBefore'), item.title);
}

/** The patron at the station has waited long enough for a lost reply: the row goes to staff, and the screen says so. */
export function giveUpInSession(turn: Turn): void {
  for (const transaction of turn.state.open.values()) {
    const since = transaction.uncertainSince;
    if (since === undefined || transaction.kind === 'checkin' || !isPresent(turn, transaction)) continue;
    if (turn.event.mono - since >= bounds.settleInSessionMs && !isUnderWay(turn, transaction.id)) {
      giveToStaff(turn, transaction, 'unsettled');
    }
  }
}

function isUnderWay(turn: Turn, id: TransactionId): boolean {
  const purpose = turn.state.underWay?.purpose;
  return purpose?.for === 'transaction' && purpose.id === id;
}

/** A loan that was never sent, and whose patron has gone, is not made behind their back: the staff look for the item. */
export function giveUpUnsent(turn: Turn): void {
  for (const transaction of turn.state.open.values()) {
    if (transaction.epoch === undefined || transaction.kind === 'checkin' || transaction.sent) continue;
    if (transaction.state === 'intended' && !isPresent(turn, transaction))
      giveToStaff(turn, transaction, 'patronGone');
  }
}
