import type { UtcMillis } from '../../kernel/clock.ts';
import type { Rule } from './refusals.ts';
import type { State } from './state.ts';

/** What a list of the library names: items on hold and the like, or cards that are blocked. */
export type ListOf = 'items' | 'cards';

/** How the library wants a list to be used. */
export interface ListRule {
  readonly name: string;
  readonly of: ListOf;
  /** Older than this it says nothing reliable any more. */
  readonly staleMs: number;
  readonly whenStale: 'refuse' | 'allow';
}

/** A list as it was fetched: keyed hashes of each number, and no number. */
export interface NotLent {
  readonly name: string;
  readonly at: UtcMillis;
  readonly hashes: ReadonlySet<string>;
}

const listedRules = { items: 'offline.itemListed', cards: 'offline.cardListed' } as const satisfies Record<
  ListOf,
  Rule
>;

interface Deciding {
  readonly state: Pick<State, 'lists'>;
  readonly settings: { readonly hash: (value: string) => string };
  readonly event: { readonly at: UtcMillis };
}

/** Why this number is not lent, or lent to, as a list of the library has it; undefined where none says so. */
export function listRefusal(
  rules: readonly ListRule[],
  of: ListOf,
  { state, settings, event }: Deciding,
  number: string,
): { readonly rule: Rule; readonly list: string } | undefined {
  for (const rule of rules.filter((one) => one.of === of)) {
    const list = state.lists.get(rule.name);
    if (list?.hashes.has(settings.hash(number)) === true) return { rule: listedRules[of], list: rule.name };
    if (rule.whenStale === 'refuse' && isStale(rule, list, event.at))
      return { rule: 'offline.listStale', list: rule.name };
  }
  return undefined;
}

/** A list that never came is older than any, and one of the future is from a clock that was wrong. */
export function isStale(rule: ListRule, list: NotLent | undefined, now: UtcMillis): boolean {
  return list === undefined || list.at > now || now - list.at >= rule.staleMs;
}
