import type { UtcMillis } from '../../kernel/clock.ts';
import { isStale } from '../core/not-lent.ts';
import type { OfflineRules } from '../core/offline-rules.ts';
import type { Outage } from '../core/outage.ts';
import type { State } from '../core/state.ts';

/** What the technician sees of service without the library system: what waits to be told, and how old the lists are. */
export function offlineStatus(
  state: Pick<State, 'open' | 'lists' | 'outage'>,
  rules: OfflineRules | undefined,
  now: UtcMillis,
): Readonly<Record<string, unknown>> {
  const [oldest] = state.open.waiting();
  const lists = (rules?.lists ?? []).map((rule) => {
    const list = state.lists.get(rule.name);
    const told = {
      of: rule.of,
      numbers: list?.hashes.size ?? 0,
      fetched: list === undefined ? 'never' : new Date(list.at).toISOString(),
      tooOld: isStale(rule, list, now),
    };
    return [rule.name, told] as const;
  });
  return {
    lends: rules !== undefined,
    waiting: state.open.countWaiting(),
    waitingLoans: state.open.waitingLoans,
    ...(oldest === undefined ? {} : { oldestWaiting: new Date(oldest.at).toISOString() }),
    ...(state.outage === undefined ? {} : { outage: outageTold(state.outage) }),
    ...(lists.length === 0 ? {} : { lists: Object.fromEntries(lists) }),
  };
}

function outageTold({ since, loans }: Outage): Readonly<Record<string, unknown>> {
  return { since: new Date(since).toISOString(), loansByOwnRules: loans.total };
}
