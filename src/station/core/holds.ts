import type { AccountPart, HoldAnswer, Outcome } from '../../ils/ils.ts';
import type { HoldOrder } from '../../journal/rows.ts';
import type { Refusal } from '../../shared/view.ts';
import { bounds } from '../settings.ts';
import { foundCard } from './found.ts';
import { resting } from './lending.ts';
import { maybe } from './maybe.ts';
import { holdRefusal } from './refusal-words.ts';
import { refusal, type Rule } from './refusals.ts';
import { addRow } from './rows.ts';
import { ask, askLater, didNotHappen, refusedRule, settleUntold } from './settling.ts';
import type { OpenSession, OpenTransaction, SessionRow, State } from './state.ts';
import { begin, sendFailed } from './transactions.ts';
import type { Turn } from './turn.ts';
import { accept, refuse } from './verdicts.ts';

type Mode = HoldOrder['mode'];

/** Why an item in the hand is not to be had now, so that waiting for it makes sense. */
const awaitable: ReadonlySet<string> = new Set<Rule>([
  'item.onHoldForAnother',
  'item.lentToAnother',
  'item.inTransit',
  'item.inProcess',
]);

/** Whether the patron may be offered to wait for the item of a refused row. */
export function mayPlaceHold(state: State, session: OpenSession, row: SessionRow, offered: boolean): boolean {
  return (
    offered &&
    state.abilities.placeHold &&
    row.kind === 'checkout' &&
    row.stage === 'refused' &&
    !row.causeWanted &&
    awaitable.has(row.refusal?.rule ?? '') &&
    session.patron?.blocks.includes('holdPrivilegesDenied') === false
  );
}

/** Asks the patron whether they mean it; nothing is sent before "yes". */
export function askHold(turn: Turn, mode: Mode, item: string): void {
  const session = turn.session();
  if (session?.patron === undefined || session.finishing || !isOffered(turn, session, mode, item)) return;
  const known = session.account?.items.get(item)?.title ?? detailsOf(session, item)?.title;
  const title = known ?? session.rows.find((row) => row.item === item)?.title;
  turn.changeSession({ question: { mode, item, title } });
}

function isOffered(turn: Turn, session: OpenSession, mode: Mode, item: string): boolean {
  const { holds } = turn.settings.services;
  if (standingHold(session, item) !== undefined) return false;
  if (mode === 'place') {
    return session.rows.some(
      (row) => row.item === item && mayPlaceHold(turn.state, session, row, holds.place),
    );
  }
  return holds.cancel && turn.state.abilities.cancelHold && isListed(session, item);
}

function isListed(session: OpenSession, item: string): boolean {
  const parts = session.account?.parts;
  return (['holdsReady', 'holdsWaiting'] as const).some((list) => parts?.get(list)?.entries.includes(item));
}

function detailsOf(session: OpenSession, item: string): { readonly title?: string } | undefined {
  const parts = session.account?.parts;
  return parts?.get('holdsReady')?.details?.get(item) ?? parts?.get('holdsWaiting')?.details?.get(item);
}

/** The row of a hold on this item that is under way or done. */
export function standingHold(session: OpenSession, item: string): SessionRow | undefined {
  return session.rows.find((row) => row.kind === 'hold' && row.item === item && row.stage !== 'refused');
}

/** The patron answered; with "yes" the holds are looked at first, so that a lost reply can be cleared up by comparing. */
export function holdAnswered(turn: Turn, yes: boolean): void {
  const session = turn.session();
  const question = session?.question;
  if (session === undefined || question === undefined) return;
  turn.changeSession({ question: undefined });
  if (!yes) return;
  const { mode, item, title } = question;
  const rest = resting(turn);
  if (rest !== undefined) {
    const why = refusal(rest);
    turn.refuse(why.rule, why.source);
    addRow(turn, { item, kind: 'hold', hold: mode, stage: 'refused', title, refusal: why });
    return;
  }
  if (session.rows.length >= bounds.rowsPerSessionMax) return turn.notice('attention', 'notice.full');
  addRow(turn, { item, kind: 'hold', hold: mode, stage: 'reading', title });
}

/** One of the two hold lists came, before anything is sent; after the second the hold begins. */
export function beforeHold(turn: Turn, rowId: string, outcome: Outcome<AccountPart>): void {
  const session = turn.session();
  const row = session?.rows.find((candidate) => candidate.id === rowId);
  if (row?.hold === undefined || session?.patron === undefined) return;
  if (outcome.kind !== 'answered') {
    return refuseRow(turn, rowId, refusal(outcome.kind === 'notSent' ? 'acs.away' : 'acs.silent'));
  }
  if (row.holdsSaid === undefined) return turn.changeRow(rowId, { holdsSaid: outcome.value });
  const lists = listsOf(row.holdsSaid, outcome.value, row.item);
  if (row.hold === 'place' && lists.listed) return refuseRow(turn, rowId, refusal('hold.already'));
  if (row.hold === 'cancel' && !lists.listed && lists.whole)
    return refuseRow(turn, rowId, refusal('hold.gone'));
  const pickup = row.hold === 'place' ? turn.settings.services.holds.pickup?.code : undefined;
  const transaction = begin(turn, {
    kind: 'hold',
    item: row.item,
    patron: session.patron.card,
    state: 'intended',
    hold: { mode: row.hold, ...maybe('pickup', pickup), ...maybe('countBefore', lists.count) },
  });
  turn.changeRow(rowId, { stage: 'pending', transaction, holdsSaid: undefined });
}

function refuseRow(turn: Turn, rowId: string, why: Refusal): void {
  turn.refuse(why.rule, why.source);
  turn.changeRow(rowId, { stage: 'refused', refusal: why, holdsSaid: undefined });
}

interface HoldLists {
  readonly listed: boolean;
  /** Both lists are the patron’s and hold what they count. */
  readonly whole: boolean;
  /** How many holds there are, where it was told. */
  readonly count: number | undefined;
}

function listsOf(waiting: AccountPart, ready: AccountPart, item: string): HoldLists {
  const isWhole = (part: AccountPart): boolean => part.told && part.count === part.entries.length;
  // Both counts stand in each answer; those of the newer one belong together.
  const { holdsReady, holdsWaiting } = ready.counts ?? {};
  return {
    listed: waiting.entries.includes(item) || ready.entries.includes(item),
    whole: isWhole(waiting) && isWhole(ready),
    count: holdsReady === undefined || holdsWaiting === undefined ? undefined : holdsReady + holdsWaiting,
  };
}

/** The reply to a hold that was sent. */
export function holdReplied(turn: Turn, transaction: OpenTransaction, outcome: Outcome<HoldAnswer>): void {
  if (outcome.kind !== 'answered') return sendFailed(turn, transaction, outcome.kind);
  const answer = outcome.value;
  if (answer.result === 'done') {
    const { position, pickup, available } = answer;
    return accept(turn, transaction, {
      rule: 'answered',
      title: answer.title,
      acsText: answer.acsText,
      shown: { position, pickup, available },
    });
  }
  // After a repeated request "no" may mean "it is so already".
  if (transaction.attempts > 0) return ask(turn, transaction, answer.acsText);
  refuse(turn, transaction, holdRefusal(refusedRule(transaction), answer.acsText), answer.title);
}

/** One of the hold lists, asked because a reply was lost. */
export function holdsAsked(turn: Turn, transaction: OpenTransaction, outcome: Outcome<AccountPart>): void {
  if (outcome.kind !== 'answered') return askLater(turn, transaction, outcome.kind);
  const { holdsSaid } = transaction;
  if (transaction.next === 'askHoldsWaiting' || holdsSaid === undefined) {
    const said = { ...transaction, next: 'askHoldsReady', holdsSaid: outcome.value } as const;
    return turn.setTransaction(transaction.id, said);
  }
  const lists = listsOf(holdsSaid, outcome.value, transaction.item);
  const asked = { ...transaction, found: foundCard(outcome.value) };
  switch (truthOf(transaction.hold, lists)) {
    case 'happened':
      return accept(turn, asked, { rule: 'asked', title: undefined });
    case 'didNotHappen':
      return didNotHappen(turn, asked, undefined);
    case 'cannotTell':
      return settleUntold(turn, asked);
  }
}

/**
 * A hold may stand in the lists under another copy, so that not being listed proves nothing by itself: the number of holds
 * has to agree.
 */
function truthOf(
  order: HoldOrder | undefined,
  { listed, whole, count }: HoldLists,
): 'happened' | 'didNotHappen' | 'cannotTell' {
  const before = order?.countBefore;
  const known = whole && before !== undefined && count !== undefined;
  if (order?.mode === 'place') {
    if (listed) return 'happened';
    return known && count === before ? 'didNotHappen' : 'cannotTell';
  }
  if (listed) return 'didNotHappen';
  return known && count < before ? 'happened' : 'cannotTell';
}
