import { unreachable } from '../../kernel/assert.ts';
import type { AcsText, Due } from '../../shared/values.ts';
import type { Refusal } from '../../shared/view.ts';
import { looked, notRecent, pickAccepted } from './acceptance.ts';
import { outlivesPatron } from './first-question.ts';
import { maybe } from './maybe.ts';
import { isPresent, settledRow } from './rows.ts';
import type { OpenTransaction, SessionRow } from './state.ts';
import { isFoundFree, tagsMayFollow, tagsStay } from './tag-plan.ts';
import { stopFreeing } from './tag-work.ts';
import type { Turn } from './turn.ts';

interface Verdict {
  readonly to: 'accepted' | 'refused' | 'staff' | 'withdrawn';
  readonly rule: string;
  readonly source: 'acs' | 'station';
  readonly acsText?: readonly AcsText[] | undefined;
  readonly due?: Due | undefined;
}

/** Moves a transaction to its end. A waiting one can’t be refused any more: the patron was told, so staff resolve it. */
export function settle(turn: Turn, transaction: OpenTransaction, verdict: Verdict): void {
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
    ...(to === 'staff' ? maybe('found', transaction.found) : {}),
  });
  if (to !== 'accepted') tagsStay(turn, transaction, to);
  // With another date it is lent all the same.
  if (to === 'staff' && verdict.rule !== 'sync.otherDue') stopFreeing(turn, transaction.id);
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

interface Settled {
  readonly rule: 'answered' | 'asked';
  readonly title: string | undefined;
  readonly due?: Due | undefined;
  readonly alert?: boolean;
  readonly sortBin?: string | undefined;
  readonly acsText?: readonly AcsText[] | undefined;
  /** What the library system said of the item’s security; where it was only asked about, a loan is free and a return secured. */
  readonly security?: 'change' | 'leave' | 'asItIs';
  /** What else its row shows. */
  readonly shown?: Partial<SessionRow>;
}

/**
 * Whether the ACS gave another due date than the patron was told. One that cannot be read is another: nobody but staff can
 * tell. None at all says nothing against it.
 */
export function isOtherDue({ state, dueTold }: OpenTransaction, due: Due | undefined): boolean {
  if (state !== 'waiting' || dueTold === undefined || due === undefined) return false;
  return due.kind === 'text' || due.date !== dueTold;
}

/** The ACS did it. */
export function accept(turn: Turn, transaction: OpenTransaction, answer: Settled): void {
  if (transaction.believed !== undefined) return looked(turn, transaction, 'done');
  if (isOtherDue(transaction, answer.due)) {
    const { due, acsText } = answer;
    return settle(turn, transaction, { to: 'staff', rule: 'sync.otherDue', source: 'acs', due, acsText });
  }
  settle(turn, transaction, {
    to: 'accepted',
    rule: answer.rule,
    source: 'acs',
    due: answer.due,
    acsText: answer.acsText,
  });
  if (answer.rule === 'answered') pickAccepted(turn, transaction, answer);
  else notRecent(turn, transaction.item);
  settledRow(turn, transaction, {
    stage: 'done',
    title: answer.title,
    due: answer.due,
    alert: answer.alert ?? false,
    sortBin: answer.sortBin,
    ...answer.shown,
  });
  tagsMayFollow(turn, transaction, answer.security ?? 'change');
}

/** The ACS did not do it, and won’t. */
export function refuse(turn: Turn, transaction: OpenTransaction, why: Refusal, title?: string): void {
  const gone = !isPresent(turn, transaction) || transaction.toldTaken;
  const foundFree = isFoundFree(turn, transaction);
  settle(turn, transaction, {
    // Nobody is there to hear it: the item may have left the house, or lies in the box as returned.
    to: gone ? 'staff' : 'refused',
    rule: why.rule,
    source: why.source,
    acsText: why.acsText,
  });
  const causeWanted = !gone && transaction.kind === 'checkout' && (foundFree || why.rule === 'item.refused');
  settledRow(turn, transaction, {
    stage: transaction.toldTaken ? 'offline' : causeWanted ? 'pending' : 'refused',
    title,
    refusal: why,
    causeWanted,
  });
}

export function giveToStaff(turn: Turn, transaction: OpenTransaction, rule: string): void {
  const acsText = transaction.refused ?? transaction.answer?.acsText;
  settle(turn, transaction, { to: 'staff', rule, source: 'station', acsText });
  const stays = transaction.toldTaken || outlivesPatron(transaction);
  settledRow(turn, transaction, { stage: stays ? 'offline' : 'staff' });
}
