import { unreachable } from '../../kernel/assert.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { CheckinAnswer, LoanAnswer, Outcome } from '../../ils/ils.ts';
import type { FeePayment, HoldOrder, TransactionKind } from '../../journal/rows.ts';
import type { LocalDate } from '../../shared/values.ts';
import { bounds } from '../settings.ts';
import { maybe } from './maybe.ts';
import { dayOf, insteadOf } from './offline-rules.ts';
import { countInOutage } from './outage.ts';
import { refusalByWords } from './refusal-words.ts';
import { loanRefusal } from './refusals.ts';
import { isPresent, settledRow } from './rows.ts';
import { ask, askLater } from './settling.ts';
import type { OpenTransaction } from './state.ts';
import { planTags, tagsStay } from './tag-plan.ts';
import type { Turn } from './turn.ts';
import { accept, giveToStaff, isOtherDue, refuse, settle } from './verdicts.ts';

export interface NewTransaction {
  /** Where one event begins several; else the event’s own. */
  readonly id?: TransactionId;
  readonly kind: TransactionKind;
  readonly item: string;
  readonly patron: string | undefined;
  readonly state: 'intended' | 'waiting';
  readonly dueBefore?: string;
  readonly hold?: HoldOrder;
  readonly fee?: FeePayment;
  readonly dueTold?: LocalDate;
  readonly together?: boolean;
  readonly replaces?: OpenTransaction;
}

/** Begins a transaction: its row is committed before anything of it leaves the machine. */
export function begin(turn: Turn, fresh: NewTransaction): TransactionId {
  const { at, mono } = turn.event;
  const { id = turn.event.id } = fresh;
  if (fresh.state === 'waiting') countInOutage(turn, fresh.kind === 'checkout' ? fresh.patron : undefined);
  turn.commit({
    row: 'begin',
    id,
    kind: fresh.kind,
    state: fresh.state,
    item: fresh.item,
    patron: fresh.patron,
    at: fresh.replaces?.at ?? at,
    ...maybe('dueBefore', fresh.dueBefore),
    ...maybe('dueTold', fresh.dueTold),
    ...maybe('hold', fresh.hold),
    ...maybe('fee', fresh.fee),
    ...(fresh.replaces === undefined ? {} : { replaces: fresh.replaces.id }),
  });
  const transaction: OpenTransaction = {
    id,
    // What takes another’s place stands in line where that stood.
    seq: fresh.replaces?.seq ?? turn.state.nextSeq,
    kind: fresh.kind,
    item: fresh.item,
    patron: fresh.patron,
    at: fresh.replaces?.at ?? at,
    state: fresh.state,
    attempts: 0,
    dueBefore: fresh.dueBefore,
    hold: fresh.hold,
    fee: fresh.fee,
    dueTold: fresh.dueTold,
    together: fresh.together,
    epoch: fresh.replaces === undefined ? turn.state.epoch : fresh.replaces.epoch,
    next: 'send',
    itemSaid: undefined,
    answer: undefined,
    found: undefined,
    sent: false,
    // Money that was taken counts as told, whatever comes of it.
    toldTaken: fresh.state === 'waiting' || fresh.kind === 'fee',
    denials: 0,
    refused: undefined,
    // What could not be sent just now can't be sent at once either.
    notBefore: fresh.replaces === undefined ? mono : mono + bounds.askAfterMs,
    asks: 0,
    uncertainSince: undefined,
  };
  turn.setTransaction(id, transaction);
  planTags(turn, transaction, fresh.replaces?.id);
  turn.change({ nextSeq: turn.state.nextSeq + 1 });
  return id;
}

/** The reply to a sent checkout or renewal. */
export function loanReplied(turn: Turn, transaction: OpenTransaction, outcome: Outcome<LoanAnswer>): void {
  if (outcome.kind !== 'answered') return sendFailed(turn, transaction, outcome.kind);
  const answer = outcome.value;
  if (answer.result === 'lent') {
    // Staff want to know how item and patron stand before they hear of another date.
    if (isOtherDue(transaction, answer.due)) {
      const { due, acsText } = answer;
      return ask(turn, { ...transaction, answer: { due, acsText } }, undefined);
    }
    const security = answer.renewal ? 'asItIs' : answer.desensitize ? 'change' : 'leave';
    if (isDoubted(turn, transaction)) {
      const { due, acsText } = answer;
      return ask(turn, { ...transaction, answer: { due, acsText, security } }, undefined);
    }
    return accept(turn, transaction, {
      rule: 'answered',
      title: answer.title,
      due: answer.due,
      acsText: answer.acsText,
      security,
    });
  }
  // After a repeated request "no" may mean "you have it already".
  if (transaction.attempts > 0) return ask(turn, transaction, answer.acsText);
  const kind = transaction.kind === 'renew' ? 'renew' : 'checkout';
  const why = answer.fee === undefined ? refusalByWords(kind, answer.acsText) : undefined;
  refuse(turn, transaction, why ?? loanRefusal(kind, answer), answer.title);
}

/** A loan is not told as made by a “yes” alone while the library system says it of what it does not do. */
function isDoubted({ state }: Turn, { kind, state: its }: OpenTransaction): boolean {
  return (
    kind === 'checkout' && its !== 'waiting' && state.acceptances.everyOne && state.abilities.effectsShown
  );
}

/** The reply to a sent checkin. "No" often means "was not on loan", so the item is asked about before it is believed. */
export function checkinReplied(
  turn: Turn,
  transaction: OpenTransaction,
  outcome: Outcome<CheckinAnswer>,
): void {
  if (outcome.kind !== 'answered') return sendFailed(turn, transaction, outcome.kind);
  const { result, title, alert, resensitize, sortBin, acsText } = outcome.value;
  if (result === 'refused') return ask(turn, transaction, acsText);
  accept(turn, transaction, {
    rule: 'answered',
    title,
    alert,
    sortBin,
    acsText,
    security: resensitize ? 'change' : 'asItIs',
  });
}

/** It was not sent, or nothing is known of it. */
export function sendFailed(turn: Turn, transaction: OpenTransaction, how: 'notSent' | 'unknown'): void {
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

/** Nothing left the machine: a return or a payment waits, and so does a loan where the station lends by its own rules. */
export function withdraw(turn: Turn, transaction: OpenTransaction): void {
  const { kind } = transaction;
  const waits = kind === 'fee' || (kind === 'checkin' && turn.settings.services.returnOffline);
  // The item may have left the house, or lies in the box, and nobody is there to hear that nothing was done.
  if (!waits && !isPresent(turn, transaction))
    return giveToStaff(turn, transaction, kind === 'checkin' ? 'acs.away' : 'patronGone');
  settle(turn, transaction, { to: 'withdrawn', rule: 'acs.away', source: 'station' });
  if (waits) {
    const id = begin(turn, { ...whatOf(transaction), state: 'waiting', replaces: transaction });
    return settledRow(turn, transaction, { stage: 'offline', transaction: id });
  }
  const instead = insteadOf(turn, transaction);
  if ('why' in instead) {
    const { rule, source } = instead.why;
    // The move tells that it was not sent; the patron hears why nothing is done in its place.
    if (rule !== 'acs.away') turn.refuse(rule, source);
    tagsStay(turn, transaction, 'notSent');
    return settledRow(turn, transaction, { stage: 'refused', refusal: instead.why });
  }
  const { dueTold } = instead;
  const id = begin(turn, { ...whatOf(transaction), state: 'waiting', dueTold, replaces: transaction });
  settledRow(turn, transaction, { stage: 'offline', transaction: id, due: dayOf(dueTold) });
}

function whatOf({
  kind,
  item,
  patron,
  fee,
}: OpenTransaction): Pick<NewTransaction, 'kind' | 'item' | 'patron' | 'fee'> {
  return { kind, item, patron, ...maybe('fee', fee) };
}
