import type { CirculationStatus, ItemInformation, LoanAnswer, PatronBlock } from '../../ils/ils.ts';
import type { MessageKey } from '../../strings/keys.ts';
import type { Message, MessageParam } from '../../shared/message.ts';
import type { AcsText, LocalDate, Money } from '../../shared/values.ts';
import type { CardValidity, Refusal, RefusalSource } from '../../shared/view.ts';

interface RuleEntry {
  readonly source: RefusalSource;
  readonly cause: MessageKey;
  readonly next: MessageKey;
  readonly works?: MessageKey;
}

/** Each refusal that the station can say: who refused, why, what to do, what still works. */
const rules = {
  'card.unknown': { source: 'acs', cause: 'cause.card.unknown', next: 'next.card.unknown' },
  'pin.wrong': { source: 'acs', cause: 'cause.pin.wrong', next: 'next.pin.wrong' },
  'password.wrong': { source: 'acs', cause: 'cause.password.wrong', next: 'next.pin.wrong' },
  'pin.lockedCard': {
    source: 'station',
    cause: 'cause.pin.lockedCard',
    next: 'next.pin.locked',
    works: 'stillWorks.return',
  },
  'pin.lockedStation': {
    source: 'station',
    cause: 'cause.pin.lockedStation',
    next: 'next.pin.locked',
    works: 'stillWorks.return',
  },
  'pin.notChecked': {
    source: 'acs',
    cause: 'cause.pin.notChecked',
    next: 'next.pin.notChecked',
    works: 'stillWorks.return',
  },
  'password.lockedCard': {
    source: 'station',
    cause: 'cause.password.lockedCard',
    next: 'next.pin.locked',
    works: 'stillWorks.return',
  },
  'password.lockedStation': {
    source: 'station',
    cause: 'cause.password.lockedStation',
    next: 'next.pin.locked',
    works: 'stillWorks.return',
  },
  'password.notChecked': {
    source: 'acs',
    cause: 'cause.password.notChecked',
    next: 'next.pin.notChecked',
    works: 'stillWorks.return',
  },
  'acs.away': {
    source: 'station',
    cause: 'cause.acs.away',
    next: 'next.acs.away',
    works: 'stillWorks.return',
  },
  'acs.silent': {
    source: 'station',
    cause: 'cause.acs.silent',
    next: 'next.acs.silent',
    works: 'stillWorks.return',
  },
  'space.full': {
    source: 'station',
    cause: 'cause.space.full',
    next: 'next.space.full',
    works: 'stillWorks.return',
  },
  'patron.chargePrivilegesDenied': {
    source: 'acs',
    cause: 'cause.patron.chargePrivilegesDenied',
    next: 'next.patron.desk',
    works: 'stillWorks.all',
  },
  'patron.cardReportedLost': {
    source: 'acs',
    cause: 'cause.patron.cardReportedLost',
    next: 'next.patron.cardReportedLost',
    works: 'stillWorks.return',
  },
  'patron.tooManyItemsCharged': {
    source: 'acs',
    cause: 'cause.patron.tooManyItemsCharged',
    next: 'next.patron.returnFirst',
    works: 'stillWorks.all',
  },
  'patron.tooManyItemsOverdue': {
    source: 'acs',
    cause: 'cause.patron.tooManyItemsOverdue',
    next: 'next.patron.returnFirst',
    works: 'stillWorks.all',
  },
  'patron.tooManyRenewals': {
    source: 'acs',
    cause: 'cause.patron.tooManyRenewals',
    next: 'next.patron.desk',
    works: 'stillWorks.all',
  },
  'patron.tooManyClaimsOfItemsReturned': {
    source: 'acs',
    cause: 'cause.patron.tooManyClaimsOfItemsReturned',
    next: 'next.patron.desk',
    works: 'stillWorks.all',
  },
  'patron.tooManyItemsLost': {
    source: 'acs',
    cause: 'cause.patron.tooManyItemsLost',
    next: 'next.patron.desk',
    works: 'stillWorks.all',
  },
  'patron.excessiveOutstandingFines': {
    source: 'acs',
    cause: 'cause.patron.excessiveOutstandingFines',
    next: 'next.patron.pay',
    works: 'stillWorks.all',
  },
  'patron.excessiveOutstandingFees': {
    source: 'acs',
    cause: 'cause.patron.excessiveOutstandingFees',
    next: 'next.patron.pay',
    works: 'stillWorks.all',
  },
  'patron.recallOverdue': {
    source: 'acs',
    cause: 'cause.patron.recallOverdue',
    next: 'next.patron.returnFirst',
    works: 'stillWorks.all',
  },
  'patron.tooManyItemsBilled': {
    source: 'acs',
    cause: 'cause.patron.tooManyItemsBilled',
    next: 'next.patron.pay',
    works: 'stillWorks.all',
  },
  'patron.expired': {
    source: 'acs',
    cause: 'cause.patron.expired',
    next: 'next.patron.expired',
    works: 'stillWorks.return',
  },
  'acs.notNow': {
    source: 'acs',
    cause: 'cause.acs.notNow',
    next: 'next.acs.silent',
    works: 'stillWorks.return',
  },
  'item.unknown': { source: 'acs', cause: 'cause.item.unknown', next: 'next.item.toStaff' },
  'item.onHoldForAnother': {
    source: 'acs',
    cause: 'cause.item.onHoldForAnother',
    next: 'next.item.leaveOnShelf',
  },
  'item.lentToAnother': { source: 'acs', cause: 'cause.item.lentToAnother', next: 'next.item.toStaff' },
  'item.inTransit': { source: 'acs', cause: 'cause.item.inTransit', next: 'next.item.leaveOnShelf' },
  'item.inProcess': { source: 'acs', cause: 'cause.item.inProcess', next: 'next.item.leaveOnShelf' },
  'item.lost': { source: 'acs', cause: 'cause.item.lost', next: 'next.item.toStaff' },
  'item.missing': { source: 'acs', cause: 'cause.item.missing', next: 'next.item.toStaff' },
  'item.notForLoan': { source: 'acs', cause: 'cause.item.notForLoan', next: 'next.item.leaveOnShelf' },
  'item.notForThisCard': { source: 'acs', cause: 'cause.item.notForThisCard', next: 'next.patron.desk' },
  'item.ageLimit': { source: 'acs', cause: 'cause.item.ageLimit', next: 'next.patron.desk' },
  'item.alreadyYours': { source: 'acs', cause: 'cause.item.alreadyYours', next: 'next.item.alreadyYours' },
  'item.feeRequired': { source: 'acs', cause: 'cause.item.feeRequired', next: 'next.item.feeRequired' },
  'item.refused': { source: 'acs', cause: 'cause.item.refused', next: 'next.item.toStaff' },
  'collection.turnedAway': {
    source: 'station',
    cause: 'cause.collection.turnedAway',
    next: 'next.item.toStaff',
  },
  'tag.otherLibrary': {
    source: 'station',
    cause: 'cause.tag.otherLibrary',
    next: 'next.item.toStaff',
  },
  'tag.notForLoan': { source: 'station', cause: 'cause.tag.notForLoan', next: 'next.item.leaveOnShelf' },
  'tag.unrecognised': { source: 'station', cause: 'cause.tag.unrecognised', next: 'next.item.toStaff' },
  'set.incomplete': { source: 'station', cause: 'cause.set.incomplete', next: 'next.set.incomplete' },
  'item.askedBefore': { source: 'station', cause: 'cause.item.askedBefore', next: 'next.item.scanAgain' },
  'renew.refused': { source: 'acs', cause: 'cause.renew.refused', next: 'next.renew.refused' },
  'renew.onHold': { source: 'acs', cause: 'cause.renew.onHold', next: 'next.renew.refused' },
  'renew.limit': { source: 'acs', cause: 'cause.renew.limit', next: 'next.renew.refused' },
  'renew.tooSoon': { source: 'acs', cause: 'cause.renew.tooSoon', next: 'next.renew.tooSoon' },
  'renew.notYours': { source: 'acs', cause: 'cause.renew.notYours', next: 'next.patron.desk' },
  'renew.notAllowed': { source: 'acs', cause: 'cause.renew.notAllowed', next: 'next.renew.refused' },
  'offline.cardNumber': {
    source: 'station',
    cause: 'cause.offline.cardNumber',
    next: 'next.offline.cardNumber',
    works: 'stillWorks.return',
  },
  'offline.pinWrong': { source: 'station', cause: 'cause.pin.wrong', next: 'next.pin.wrong' },
  'offline.passwordWrong': { source: 'station', cause: 'cause.password.wrong', next: 'next.pin.wrong' },
  'offline.pinNotKnown': {
    source: 'station',
    cause: 'cause.offline.pinNotKnown',
    next: 'next.offline.pinNotKnown',
    works: 'stillWorks.return',
  },
  'offline.itemNotLent': { source: 'station', cause: 'cause.offline.itemNotLent', next: 'next.offline.item' },
  'offline.ageRated': { source: 'station', cause: 'cause.offline.ageRated', next: 'next.offline.item' },
  'offline.itemListed': { source: 'station', cause: 'cause.offline.itemListed', next: 'next.offline.item' },
  'offline.cardListed': {
    source: 'station',
    cause: 'cause.offline.cardListed',
    next: 'next.offline.pinNotKnown',
    works: 'stillWorks.return',
  },
  'offline.listStale': {
    source: 'station',
    cause: 'cause.offline.listStale',
    next: 'next.offline.pinNotKnown',
    works: 'stillWorks.return',
  },
  'offline.itemLent': { source: 'station', cause: 'cause.offline.itemLent', next: 'next.offline.itemLent' },
  'offline.patronLimit': {
    source: 'station',
    cause: 'cause.offline.patronLimit',
    next: 'next.offline.item',
    works: 'stillWorks.return',
  },
  'offline.stationLimit': {
    source: 'station',
    cause: 'cause.offline.stationLimit',
    next: 'next.offline.item',
    works: 'stillWorks.return',
  },
  'hold.refused': { source: 'acs', cause: 'cause.hold.refused', next: 'next.hold.refused' },
  'hold.notCancelled': {
    source: 'acs',
    cause: 'cause.hold.notCancelled',
    next: 'next.hold.notCancelled',
  },
  'hold.already': { source: 'acs', cause: 'cause.hold.already', next: 'next.hold.already' },
  'hold.gone': { source: 'acs', cause: 'cause.hold.gone', next: 'next.hold.gone' },
  'hold.askedBefore': { source: 'station', cause: 'cause.hold.askedBefore', next: 'next.hold.askedBefore' },
  'fee.refused': { source: 'acs', cause: 'cause.fee.refused', next: 'next.patron.desk' },
  'checkin.refused': { source: 'acs', cause: 'cause.checkin.refused', next: 'next.item.toStaff' },
  'checkin.toStaff': { source: 'acs', cause: 'cause.checkin.toStaff', next: 'next.item.toStaff' },
  'checkin.notHere': { source: 'acs', cause: 'cause.checkin.notHere', next: 'next.item.toStaff' },
} as const satisfies Record<string, RuleEntry>;

export type Rule = keyof typeof rules;

type Params = Readonly<Record<string, MessageParam>>;

/** The refusal by its rule. `params` fill the places of cause and next step. */
export function refusal(rule: Rule, acsText: readonly AcsText[] = [], params?: Params): Refusal {
  const entry: RuleEntry = rules[rule];
  const { source, cause, next } = entry;
  const filled = params === undefined ? {} : { params };
  return {
    rule,
    source,
    cause: { key: cause, ...filled },
    next: { key: next, ...filled },
    ...(entry.works === undefined ? {} : { stillWorks: { key: entry.works } }),
    acsText,
  };
}

/** So many flags at once tell that the ACS sets them all for any block (Aleph, FOLIO do), and that none is the reason. */
const flagsOfAnyBlockMin = 10;

const reasons = [
  'cardReportedLost',
  'excessiveOutstandingFines',
  'excessiveOutstandingFees',
  'tooManyItemsBilled',
  'recallOverdue',
  'tooManyItemsOverdue',
  'tooManyItemsLost',
  'tooManyClaimsOfItemsReturned',
  'tooManyItemsCharged',
] as const satisfies readonly PatronBlock[];

/** Why this patron may not borrow, or undefined: only the first flag of the patron status denies it, the others are reasons. `byWords` is said where no flag tells one. */
export function borrowRefusal(
  blocks: readonly PatronBlock[],
  acsText: readonly AcsText[],
  byWords: Rule = 'patron.chargePrivilegesDenied',
  validity?: CardValidity,
): Refusal | undefined {
  if (!blocks.includes('chargePrivilegesDenied') && !blocks.includes('cardReportedLost')) return undefined;
  if (validity?.state === 'ended' && !blocks.includes('cardReportedLost'))
    return expiredOn(validity.date, acsText);
  const reason =
    blocks.length >= flagsOfAnyBlockMin ? undefined : reasons.find((candidate) => blocks.includes(candidate));
  const rule: Rule = reason === undefined ? byWords : `patron.${reason}`;
  return refusal(rule, acsText);
}

function expiredOn(date: LocalDate, acsText: readonly AcsText[]): Refusal {
  const cause: Message = { key: 'cause.patron.expiredOn', params: { date: { date } } };
  return { ...refusal('patron.expired', acsText), cause };
}

/** A refused loan or renewal as far as the answer alone tells. */
export function loanRefusal(
  kind: 'checkout' | 'renew',
  answer: Extract<LoanAnswer, { result: 'refused' }>,
): Refusal {
  if (answer.fee !== undefined) return feeRefusal(answer.fee, answer.acsText);
  return refusal(kind === 'renew' ? 'renew.refused' : 'item.refused', answer.acsText);
}

function feeRefusal(fee: Money, acsText: readonly AcsText[]): Refusal {
  return refusal('item.feeRequired', acsText, { fee: { money: fee } });
}

const ruleOfStatus: Readonly<Record<CirculationStatus, Rule>> = {
  available: 'item.refused',
  charged: 'item.lentToAnother',
  onHoldShelf: 'item.onHoldForAnother',
  inTransit: 'item.inTransit',
  inProcess: 'item.inProcess',
  onOrder: 'item.inProcess',
  toBeReshelved: 'item.refused',
  claimedReturned: 'item.refused',
  lost: 'item.lost',
  missing: 'item.missing',
  other: 'item.refused',
};

/** The true cause of a refused loan, after the item was asked about. */
export function refusalByItem(item: ItemInformation, acsText: readonly AcsText[]): Refusal {
  if (!item.known) return refusal('item.unknown', acsText);
  const rule = ruleOfStatus[item.status];
  // It stands on its shelf, and somebody waits for it: whoever fetches it there must not have it.
  const awaited = rule === 'item.refused' && (item.holdQueue ?? 0) > 0;
  return refusal(awaited ? 'item.onHoldForAnother' : rule, acsText);
}
