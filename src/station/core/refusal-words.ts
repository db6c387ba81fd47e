import type { AcsMeaning } from '../../shared/acs-meanings.ts';
import type { AcsText } from '../../shared/values.ts';
import type { Refusal } from '../../shared/view.ts';
import { refusal, type Rule } from './refusals.ts';

type RefusedKind = 'checkout' | 'renew' | 'checkin' | 'hold';

/** What words about the patron mean, whatever was refused. */
const patronRules: Readonly<Partial<Record<AcsMeaning, Rule>>> = {
  'card.unknown': 'card.unknown',
  'patron.blocked': 'patron.chargePrivilegesDenied',
  'patron.expired': 'patron.expired',
  'patron.cardReportedLost': 'patron.cardReportedLost',
  'patron.fees': 'patron.excessiveOutstandingFees',
  'patron.tooManyLoans': 'patron.tooManyItemsCharged',
  'patron.overdue': 'patron.tooManyItemsOverdue',
  'patron.tooYoung': 'item.ageLimit',
  'system.down': 'acs.notNow',
};

const itemRules: Readonly<Partial<Record<AcsMeaning, Rule>>> = {
  'item.unknown': 'item.unknown',
  'item.lost': 'item.lost',
  'item.missing': 'item.missing',
};

/** What words mean that refuse one kind of act. A word that is not named here leaves the cause to the asking. */
const rulesOf: Readonly<Record<RefusedKind, Readonly<Partial<Record<AcsMeaning, Rule>>>>> = {
  checkout: {
    ...patronRules,
    ...itemRules,
    'item.lentToAnother': 'item.lentToAnother',
    'item.alreadyYours': 'item.alreadyYours',
    'item.onHold': 'item.onHoldForAnother',
    'item.notForLoan': 'item.notForLoan',
    'item.notForThisCard': 'item.notForThisCard',
    'item.ageLimit': 'item.ageLimit',
    'item.inTransit': 'item.inTransit',
    'item.inProcess': 'item.inProcess',
  },
  renew: {
    ...patronRules,
    'item.onHold': 'renew.onHold',
    'renew.onHold': 'renew.onHold',
    'renew.limit': 'renew.limit',
    'renew.tooSoon': 'renew.tooSoon',
    'renew.notYours': 'renew.notYours',
    'item.lentToAnother': 'renew.notYours',
    'item.notCharged': 'renew.notYours',
    'renew.notAllowed': 'renew.notAllowed',
  },
  hold: {
    ...patronRules,
    ...itemRules,
    'item.alreadyYours': 'item.alreadyYours',
    'item.notForLoan': 'item.notForLoan',
    'item.notForThisCard': 'item.notForThisCard',
    'item.ageLimit': 'item.ageLimit',
  },
  checkin: {
    ...itemRules,
    'checkin.toStaff': 'checkin.toStaff',
    'checkin.notHere': 'checkin.notHere',
    'system.down': 'acs.notNow',
  },
};

/** The cause that the library system’s own words tell, as far as its profile knows them. */
export function refusalByWords(kind: RefusedKind, acsText: readonly AcsText[]): Refusal | undefined {
  for (const { meaning } of acsText) {
    const rule = meaning === undefined ? undefined : rulesOf[kind][meaning];
    if (rule !== undefined) return refusal(rule, acsText);
  }
  return undefined;
}

/** The refusal of a hold: by the words where they tell the cause, else by the rule, and with all words as they came. */
export function holdRefusal(rule: Rule, acsText: readonly AcsText[]): Refusal {
  return refusalByWords('hold', acsText) ?? refusal(rule, unexplained(acsText));
}

/**
 * Words without their meaning: they are shown as the library system’s own. For an answer about several things, whose words
 * cannot be told apart, and where the meaning is none that is said here.
 */
export function unexplained(acsText: readonly AcsText[]): readonly AcsText[] {
  return acsText.map(({ acs }) => ({ acs }));
}

/** Why a card may not lend, where its flags name no reason. */
export function ruleOfPatronWords(acsText: readonly AcsText[]): Rule | undefined {
  for (const { meaning } of acsText) {
    const rule = meaning === undefined ? undefined : patronRules[meaning];
    if (rule?.startsWith('patron.') === true) return rule;
  }
  return undefined;
}
