import type { UtcMillis } from '../../kernel/clock.ts';
import type { LocalDate } from '../../shared/values.ts';
import type { Refusal } from '../../shared/view.ts';
import type { CoreSettings } from '../settings.ts';
import { hasRightCheck, type CheckKind } from './identifiers/check-digits.ts';
import { maybe } from './maybe.ts';
import { listRefusal, type ListRule } from './not-lent.ts';
import { loansInOutage } from './outage.ts';
import { provisionalDue, type DueRule } from './provisional-due.ts';
import { isReachable } from './reach.ts';
import { refusal, type Rule } from './refusals.ts';
import type { OpenSession, OpenTransaction, State } from './state.ts';
import type { Turn } from './turn.ts';

/** By which rules the station lends while the library system is away. Patterns match whole numbers. */
export interface OfflineRules {
  readonly pin: 'not-asked' | 'verifier';
  /** Loans in one outage, those that the library system was told of meanwhile too. */
  readonly perPatronMax: number;
  readonly perOutageMax: number;
  readonly due: DueRule;
  /** The check digit of card numbers, where they have one. */
  readonly checkDigit: CheckKind | undefined;
  /** Cards that only adults have. */
  readonly adultCards: readonly RegExp[];
  /** Empty: all items. */
  readonly lendableItems: readonly RegExp[];
  readonly neverItems: readonly RegExp[];
  readonly ageRatedItems: readonly RegExp[];
  /** What must not be lent, as the library provides it. */
  readonly lists: readonly ListRule[];
}

export interface OwnRefusal {
  readonly rule: Rule;
  readonly count?: number;
  /** The name of the list that it stands on. */
  readonly list?: string;
}

/** Why this card cannot borrow by the station’s own rules; undefined where it can. */
export function cardRefusal(rules: OfflineRules, turn: Turn, card: string): OwnRefusal | undefined {
  const { checkDigit } = rules;
  if (checkDigit !== undefined && !hasRightCheck(card, checkDigit)) return { rule: 'offline.cardNumber' };
  return listRefusal(rules.lists, 'cards', turn, card);
}

/** Why this item is not lent to this card by the station’s own rules; undefined where it is. */
export function itemRefusal(
  rules: OfflineRules,
  turn: Turn,
  card: string,
  item: string,
): OwnRefusal | undefined {
  const { state } = turn;
  const isOneOf = (patterns: readonly RegExp[], number: string): boolean =>
    patterns.some((pattern) => pattern.test(number));
  const lendable = rules.lendableItems.length === 0 || isOneOf(rules.lendableItems, item);
  if (!lendable || isOneOf(rules.neverItems, item)) return { rule: 'offline.itemNotLent' };
  // Nobody is there who knows how old the patron is.
  if (isOneOf(rules.ageRatedItems, item) && !isOneOf(rules.adultCards, card))
    return { rule: 'offline.ageRated' };
  const listed = listRefusal(rules.lists, 'items', turn, item);
  if (listed !== undefined) return listed;
  if (isLentHere(state, item)) return { rule: 'offline.itemLent' };
  if (loansInOutage(turn, card) >= rules.perPatronMax)
    return { rule: 'offline.patronLimit', count: rules.perPatronMax };
  if ((state.outage?.loans.total ?? 0) >= rules.perOutageMax) return { rule: 'offline.stationLimit' };
  return undefined;
}

/** The last that the station knows of this item is a loan of this outage. */
function isLentHere({ open }: State, item: string): boolean {
  const last = open.lastOfItem(item);
  return last?.kind === 'checkout' && last.state === 'waiting';
}

/** The due date that a patron is told who borrows now. */
export function dueToTell(rules: OfflineRules, settings: CoreSettings, at: UtcMillis): LocalDate {
  return provisionalDue(settings.localDate(at), rules.due);
}

/**
 * The rules by which this loan is made, where the station makes it by itself: the library system is away, or was when this
 * patron came. Undefined: it is asked.
 */
export function ownRules(turn: Turn, session: OpenSession | undefined): OfflineRules | undefined {
  const alone = !isReachable(turn) || session?.patron?.identifiedBy === 'station';
  return alone ? turn.settings.offline : undefined;
}

/** A due date without a time. */
export function dayOf(date: LocalDate): { readonly kind: 'day'; readonly date: LocalDate } {
  return { kind: 'day', date };
}

/** A loan that could not be sent: the due date by which it waits instead, or why it does not. */
export function insteadOf(
  turn: Turn,
  transaction: OpenTransaction,
): { readonly dueTold: LocalDate } | { readonly why: Refusal } {
  const { offline } = turn.settings;
  const card = transaction.patron;
  if (offline === undefined || card === undefined || transaction.kind !== 'checkout')
    return { why: refusal('acs.away') };
  // The library system let the patron in just now, and knows more of the card than any list.
  const refused = itemRefusal(offline, turn, card, transaction.item);
  if (refused !== undefined) return { why: toldRefusal(refused) };
  return { dueTold: dueToTell(offline, turn.settings, turn.event.at) };
}

/** The station’s own refusal as the patron is told it. */
export function toldRefusal({ rule, count, list }: OwnRefusal): Refusal {
  const told = refusal(rule, [], { ...maybe('count', count), ...maybe('list', list) });
  // The journal’s note of it names the list, too.
  return list === undefined ? told : { ...told, rule: `${rule}/${list}` };
}
