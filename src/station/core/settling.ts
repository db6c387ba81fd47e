import { unreachable } from '../../kernel/assert.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { AccountPart, ItemInformation, Outcome } from '../../ils/ils.ts';
import type { AcsText, Due } from '../../shared/values.ts';
import { bounds } from '../settings.ts';
import {
  isOlderThanKnown,
  looked,
  lookedDone,
  lookedNotDone,
  unanswered,
  type Believed,
} from './acceptance.ts';
import { firstQuestion, outlivesPatron } from './first-question.ts';
import { foundCard, foundItem } from './found.ts';
import { maybe } from './maybe.ts';
import { holdRefusal, refusalByWords } from './refusal-words.ts';
import { refusal, type Rule } from './refusals.ts';
import { isPresent, ofSession } from './rows.ts';
import type { OpenTransaction } from './state.ts';
import { tagsOfTaken } from './tag-plan.ts';
import type { Turn } from './turn.ts';
import { accept, giveToStaff, refuse } from './verdicts.ts';

/** From now on the truth is asked for; nothing is sent again before it is known. */
export function ask(turn: Turn, transaction: OpenTransaction, refused: readonly AcsText[] | undefined): void {
  const { at, mono } = turn.event;
  if (transaction.state === 'intended') {
    const rule =
      transaction.answer !== undefined ? 'acs.doubted' : refused === undefined ? 'acs.silent' : 'refusedOnce';
    turn.commit({ row: 'move', id: transaction.id, to: 'uncertain', at, rule, source: 'station' });
  }
  turn.setTransaction(transaction.id, {
    ...transaction,
    state: transaction.state === 'waiting' ? 'waiting' : 'uncertain',
    next: firstQuestion(transaction.kind),
    itemSaid: undefined,
    holdsSaid: undefined,
    denials: 0,
    refused,
    toldTaken: transaction.toldTaken || (transaction.kind === 'checkin' && refused === undefined),
    // A refusal is an answer: the ACS has done with it. After silence it gets time to finish.
    notBefore: refused === undefined && transaction.answer === undefined ? mono + bounds.askAfterMs : mono,
    uncertainSince: transaction.uncertainSince ?? mono,
  });
  if (transaction.kind === 'checkin' && refused === undefined) tagsOfTaken(turn, transaction.id);
  // What waits from an outage was told as done, and stays so on the screen.
  if (transaction.state === 'waiting') return;
  // After a refusal nothing is promised before the truth is known.
  turn.changeRowOf(transaction.id, { stage: refused === undefined ? 'unsure' : 'pending' });
}

/** A question without an answer: it is asked again after a pause, and not for ever. */
export function askLater(turn: Turn, transaction: OpenTransaction, how: 'notSent' | 'unknown'): void {
  if (transaction.believed !== undefined && unanswered(turn, transaction, how) === 'let be') return;
  // Without a connection nothing was asked.
  const asks = transaction.asks + (how === 'unknown' ? 1 : 0);
  if (asks >= bounds.asksMax) return giveToStaff(turn, transaction, 'noAnswer');
  const delay = Math.min(bounds.askPauseMs, bounds.askAfterMs * 2 ** transaction.asks);
  turn.setTransaction(transaction.id, {
    ...transaction,
    asks,
    notBefore: turn.event.mono + delay,
    next: firstQuestion(transaction.kind),
    itemSaid: undefined,
    holdsSaid: undefined,
  });
}

/**
 * What the ACS says of the item. For a loan the patron’s list is asked after it, in this order: a slow ACS that
 * completes the loan between the two questions is then seen to have done it.
 */
export function itemAsked(turn: Turn, transaction: OpenTransaction, outcome: Outcome<ItemInformation>): void {
  if (outcome.kind !== 'answered') return askLater(turn, transaction, outcome.kind);
  const item = outcome.value;
  if (transaction.kind === 'checkin') {
    const found = { ...foundItem(item), patron: 'notTold' } as const;
    return conclude(turn, { ...transaction, found }, item, truthOfCheckin(item));
  }
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
  // Of what it accepted it is held against it that it does not show it.
  const isOld = whole && transaction.believed === undefined && isOlderThanKnown(turn, transaction, entries);
  const truth =
    transaction.kind === 'renew'
      ? truthOfRenewal(transaction, item, listed)
      : isOld
        ? 'cannotTell'
        : truthOfLoan(item, listed);
  const found = { ...foundItem(item), patron: listedWords[listed], ...foundCard(outcome.value) };
  // It was made between the two questions: the due date that staff and patron have to hear of is in a further answer.
  if (isDueWanted(transaction) && listed === 'yes' && item.due === undefined && looksAgain(turn, transaction))
    return;
  conclude(turn, { ...transaction, found }, item, truth);
}

/** A loan by the station’s own rules, whose due date has to be held against the one that the patron was told. */
function isDueWanted({ state, kind, dueTold, answer, believed }: OpenTransaction): boolean {
  const isToldAlready = answer?.due !== undefined || believed !== undefined;
  return state === 'waiting' && kind === 'checkout' && dueTold !== undefined && !isToldAlready;
}

type Truth = 'happened' | 'didNotHappen' | 'impossible' | 'cannotTell';

type Listed = 'yes' | 'no' | 'notTold';

const listedWords = { yes: 'hasIt', no: 'hasItNot', notTold: 'notTold' } as const;

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
  if (transaction.believed !== undefined)
    return looked(turn, transaction, truthOfAccepted(transaction, transaction.believed, item, truth));
  switch (truth) {
    case 'happened':
      if (transaction.answer !== undefined) lookedDone(turn);
      return accept(turn, transaction, {
        rule: 'asked',
        title: item.title,
        due: transaction.kind === 'checkin' ? undefined : (item.due ?? transaction.answer?.due),
        ...maybe('acsText', transaction.answer?.acsText),
        ...maybe('security', transaction.answer?.security),
        // The ACS said no to a return and yet does not count it as lent: staff should see it.
        alert:
          transaction.refused !== undefined || item.status === 'onHoldShelf' || item.status === 'inTransit',
      });
    case 'didNotHappen':
      return didNotHappen(turn, transaction, item.title);
    case 'impossible':
      if (transaction.refused === undefined && mayShowOld(turn, transaction))
        return notShown(turn, transaction);
      return refuse(
        turn,
        transaction,
        refusal(impossibleRule(transaction, item), transaction.refused ?? []),
        item.title,
      );
    case 'cannotTell':
      return settleUntold(turn, transaction);
    default:
      return unreachable(truth);
  }
}

/** Whether what was accepted is done. Only what says so plainly speaks against it. */
function truthOfAccepted(
  { kind, dueBefore }: OpenTransaction,
  believed: Believed,
  item: ItemInformation,
  truth: Truth,
): 'done' | 'notDone' | 'notTold' {
  if (truth === 'happened') return 'done';
  switch (kind) {
    case 'checkout':
      return truth === 'cannotTell' || !item.known ? 'notTold' : 'notDone';
    case 'checkin':
      return item.known && item.status === 'charged' ? 'notDone' : 'notTold';
    case 'renew': {
      // A date that was given and is not there, while the one of before is.
      const isOld = dueBefore !== undefined && item.dueRaw === dueBefore;
      return isOld && !isSameDue(believed.due, item.due) ? 'notDone' : 'notTold';
    }
    case 'hold':
    case 'fee':
      return 'notTold';
    default:
      return unreachable(kind);
  }
}

function isSameDue(given: Due | undefined, shown: Due | undefined): boolean {
  // Where either is not told, or as a text that may be written otherwise, nothing speaks against it.
  if (given === undefined || shown === undefined || given.kind === 'text' || shown.kind === 'text')
    return true;
  return given.date === shown.date;
}

/** It cannot be told: looked at once more, then staff have to. */
export function settleUntold(turn: Turn, transaction: OpenTransaction): void {
  if (transaction.believed !== undefined) return looked(turn, transaction, 'notTold');
  if (!looksAgain(turn, transaction)) giveToStaff(turn, transaction, 'cannotTell');
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
  turn.setTransaction(transaction.id, {
    ...transaction,
    denials,
    next: firstQuestion(transaction.kind),
    itemSaid: undefined,
    holdsSaid: undefined,
    notBefore,
  });
  return true;
}

/** The ACS says that it did not happen: said twice it is sent again, if it is still wanted. */
export function didNotHappen(turn: Turn, transaction: OpenTransaction, title: string | undefined): void {
  if (transaction.believed !== undefined) return looked(turn, transaction, 'notDone');
  const { kind, refused } = transaction;
  if (refused !== undefined) {
    if (kind === 'hold')
      return refuse(turn, transaction, holdRefusal(refusedRule(transaction), refused), title);
    const byWords = kind === 'fee' ? undefined : refusalByWords(kind, refused);
    return refuse(turn, transaction, byWords ?? refusal(refusedRule(transaction), refused), title);
  }
  if (looksAgain(turn, transaction)) return;
  if (mayShowOld(turn, transaction)) return notShown(turn, transaction);
  // A waiting one was accepted by the station’s own rules, or given back by staff: it is wanted without its patron.
  const wanted =
    outlivesPatron(transaction) || transaction.state === 'waiting' || isPresent(turn, transaction);
  if (!wanted) return giveToStaff(turn, transaction, 'patronGone');
  if (transaction.attempts < bounds.attemptsMax) {
    return turn.setTransaction(transaction.id, {
      ...transaction,
      next: 'send',
      notBefore: turn.event.mono,
    });
  }
  if (transaction.toldTaken) return giveToStaff(turn, transaction, 'attemptsUsedUp');
  refuse(turn, transaction, refusal(kind === 'hold' ? 'hold.askedBefore' : 'item.askedBefore'), title);
}

/**
 * The library system said that it did this, or of other things that it did them, and does not show it: what it shows may be of
 * yesterday. Nothing is sent a second time on the strength of that.
 */
function mayShowOld({ state }: Turn, { answer }: OpenTransaction): boolean {
  return answer !== undefined || state.acceptances.everyOne;
}

function notShown(turn: Turn, transaction: OpenTransaction): void {
  if (transaction.answer === undefined) return giveToStaff(turn, transaction, 'cannotTell');
  giveToStaff(turn, transaction, 'acs.notDone');
  lookedNotDone(turn);
}

/** What the ACS said no to, where its answer tells nothing more. */
export function refusedRule({ kind, hold }: OpenTransaction): Rule {
  return kind === 'hold' && hold?.mode === 'cancel' ? 'hold.notCancelled' : refusedRules[kind];
}

const refusedRules: Readonly<Record<OpenTransaction['kind'], Rule>> = {
  checkout: 'item.refused',
  checkin: 'checkin.refused',
  renew: 'renew.refused',
  hold: 'hold.refused',
  fee: 'fee.refused',
};

/** The patron at the station has waited long enough for a lost reply: the row goes to staff, and the screen says so. */
export function giveUpInSession(turn: Turn): void {
  for (const transaction of ofSession(turn)) {
    const since = transaction.uncertainSince;
    if (since === undefined || outlivesPatron(transaction)) continue;
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
  for (const transaction of turn.state.open.pressing()) {
    if (transaction.epoch === undefined || outlivesPatron(transaction) || transaction.sent) continue;
    if (transaction.state === 'intended' && !isPresent(turn, transaction))
      giveToStaff(turn, transaction, 'patronGone');
  }
}
