import { unreachable } from '../../kernel/assert.ts';
import type { ItemInformation, Outcome } from '../../ils/ils.ts';
import { bounds } from '../settings.ts';
import { identify } from './identifiers/identify.ts';
import type { Given } from './identifiers/rules.ts';
import { lendByOwnRules } from './offline-lending.ts';
import { ownRules } from './offline-rules.ts';
import { isReachable } from './reach.ts';
import { refusal, refusalByItem, type Rule } from './refusals.ts';
import { addRow, standingRow } from './rows.ts';
import type { OpenSession, SessionRow } from './state.ts';
import { whoseTold } from './tag-plan.ts';
import { begin } from './transactions.ts';
import type { Turn } from './turn.ts';

/** A barcode was read while items are handled. */
export function itemScanned(turn: Turn, session: OpenSession, given: Given): void {
  const number = itemNumber(turn, session, given);
  if (number !== undefined) itemGiven(turn, session, number);
}

/** An item is there, by its barcode or its tags. */
export function itemGiven(turn: Turn, session: OpenSession, number: string): void {
  if (session.rows.length >= bounds.rowsPerSessionMax) return turn.notice('attention', 'notice.full');
  if (session.finishing) return turn.notice('attention', 'notice.wait');
  if (isTurnedAway(turn, session, number))
    return refuseRow(turn, kindOf(session), number, 'collection.turnedAway');
  if (session.service === 'return') return takeBack(turn, number);
  if (session.patron === undefined) return;
  if (session.patron.charged.has(number)) return renewInHand(turn, number);
  if (session.service === 'borrow') return lend(turn, session, number);
  turn.notice('attention', 'notice.chooseBorrow');
}

/** Some collections do not belong into this machine; the library system does not even hear of them. */
function isTurnedAway(turn: Turn, session: OpenSession, number: string): boolean {
  const { turnedAway } = turn.settings;
  if (turnedAway === undefined || session.service === 'account') return false;
  return turnedAway[session.service].some((pattern) => pattern.test(number));
}

function kindOf(session: OpenSession): 'checkin' | 'checkout' {
  return session.service === 'return' ? 'checkin' : 'checkout';
}

/** The item that was scanned; undefined, with a word to the patron, where it was none. */
function itemNumber(turn: Turn, session: OpenSession, given: Given): string | undefined {
  const identified = identify(given, 'item', turn.settings.identifiers);
  switch (identified.is) {
    case 'notKept':
      turn.notice('attention', 'notice.notKept');
      return undefined;
    case 'damaged':
      turn.notice('attention', 'notice.unreadable');
      return undefined;
    case 'unrecognised':
      turn.notice('attention', 'notice.unrecognised');
      return undefined;
    case 'card':
      // The card that signed in was moved in its reader.
      if (given.source === 'card-reader' && identified.number === session.patron?.card) return undefined;
      turn.notice('attention', 'notice.cardNotItem');
      return undefined;
    case 'item':
      if (identified.number !== session.patron?.card) return identified.number;
      turn.notice('attention', 'notice.cardNotItem');
      return undefined;
    default:
      return unreachable(identified);
  }
}

/** The row of a scanned item could not be written: it is refused on the screen, for what it was. */
export function scanLost(turn: Turn, session: OpenSession, given: Given): void {
  const item = itemNumber(turn, session, given);
  if (item !== undefined) itemLost(turn, session, item);
}

export function itemLost(turn: Turn, session: OpenSession, item: string): void {
  addRow(turn, { item, kind: kindOf(session), stage: 'refused', refusal: refusal('space.full') });
}

function lend(turn: Turn, session: OpenSession, item: string): void {
  const card = session.patron?.card;
  if (card === undefined) return;
  if (session.borrowRefusal !== undefined) {
    turn.refuse(session.borrowRefusal.rule, session.borrowRefusal.source);
    return turn.notice('no', session.borrowRefusal.cause.key, session.borrowRefusal.cause.params);
  }
  if (standingRow(turn, item, ['checkout', 'renew']) !== undefined)
    return turn.notice('attention', 'notice.already');
  const rules = turn.state.disk === 'fine' ? ownRules(turn, session) : undefined;
  if (rules !== undefined) return lendByOwnRules(turn, rules, card, item);
  const rest = resting(turn);
  if (rest !== undefined) return refuseRow(turn, 'checkout', item, rest);
  const transaction = begin(turn, { kind: 'checkout', item, patron: card, state: 'intended' });
  addRow(turn, { item, kind: 'checkout', stage: 'pending', transaction });
}

/** Why no loan can be made at all at this moment. */
export function resting(turn: Turn): Rule | undefined {
  if (turn.state.disk !== 'fine') return 'space.full';
  return isReachable(turn) ? undefined : 'acs.away';
}

export function refuseRow(turn: Turn, kind: SessionRow['kind'], item: string, rule: Rule): void {
  const why = refusal(rule);
  turn.refuse(why.rule, why.source);
  addRow(turn, { item, kind, stage: 'refused', refusal: why });
}

function takeBack(turn: Turn, item: string): void {
  if (standingRow(turn, item, ['checkin']) !== undefined) return turn.notice('attention', 'notice.already');
  const online = isReachable(turn);
  if (!online && !turn.settings.services.returnOffline) return refuseRow(turn, 'checkin', item, 'acs.away');
  const state = online ? 'intended' : 'waiting';
  const transaction = begin(turn, { kind: 'checkin', item, patron: undefined, state });
  addRow(turn, { item, kind: 'checkin', stage: online ? 'pending' : 'offline', transaction });
}

/** Renews a loan of the patron: first its due date is asked, so that a lost reply can be cleared up by comparing. */
export function renewInHand(turn: Turn, item: string): void {
  const session = turn.session();
  if (session?.patron === undefined || !session.patron.charged.has(item)) return;
  const standing = standingRow(turn, item, ['renew', 'checkout']);
  if (standing !== undefined) return turn.notice('attention', 'notice.already');
  const rest = resting(turn);
  if (rest !== undefined) return refuseRow(turn, 'renew', item, rest);
  if (session.rows.length >= bounds.rowsPerSessionMax) return turn.notice('attention', 'notice.full');
  addRow(turn, { item, kind: 'renew', stage: 'reading', title: session.account?.items.get(item)?.title });
}

/** The due date before a renewal is known: now the renewal begins. */
export function beforeRenew(turn: Turn, rowId: string, outcome: Outcome<ItemInformation>): void {
  const session = turn.session();
  const row = session?.rows.find((candidate) => candidate.id === rowId);
  if (row === undefined || session?.patron === undefined) return;
  if (outcome.kind !== 'answered') {
    const why = refusal(outcome.kind === 'notSent' ? 'acs.away' : 'acs.silent');
    turn.refuse(why.rule, why.source);
    return turn.changeRow(rowId, { stage: 'refused', refusal: why });
  }
  const { dueRaw, title } = outcome.value;
  const transaction = begin(turn, {
    kind: 'renew',
    item: row.item,
    patron: session.patron.card,
    state: 'intended',
    ...(dueRaw === undefined ? {} : { dueBefore: dueRaw }),
  });
  turn.changeRow(rowId, { stage: 'pending', transaction, title: title ?? row.title });
}

/** The item of a refused loan was asked about: now the true cause can be said. */
export function causeTold(turn: Turn, rowId: string, outcome: Outcome<ItemInformation>): void {
  const row = turn.session()?.rows.find((candidate) => candidate.id === rowId);
  if (row === undefined) return;
  if (outcome.kind !== 'answered') return turn.changeRow(rowId, { causeWanted: false, stage: 'refused' });
  const { title } = outcome.value;
  if (row.transaction !== undefined) whoseTold(turn, row.transaction, outcome.value);
  const isKnown = row.refusal !== undefined && row.refusal.rule !== 'item.refused';
  const why = isKnown ? row.refusal : refusalByItem(outcome.value, row.refusal?.acsText ?? []);
  if (why.rule !== row.refusal?.rule) turn.refuse(why.rule, why.source);
  turn.changeRow(rowId, { causeWanted: false, stage: 'refused', refusal: why, title: title ?? row.title });
}
