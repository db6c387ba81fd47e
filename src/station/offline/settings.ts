import type { OfflineLendingConfig } from '../config/offline-lending.ts';
import { wholePattern } from '../config/patterns.ts';
import type { OfflineRules } from '../core/offline-rules.ts';

/** The configuration’s rules as the core needs them. */
export function offlineSettingsOf(config: OfflineLendingConfig | false): OfflineRules | undefined {
  if (config === false) return undefined;
  const { cards, items } = config;
  return {
    pin: config.pin,
    perPatronMax: config.perPatron,
    perOutageMax: config.perOutage,
    due: config.due,
    checkDigit: cards.checkDigit === 'none' ? undefined : cards.checkDigit,
    adultCards: cards.adult.map(wholePattern),
    lendableItems: items.lendable.map(wholePattern),
    neverItems: items.never.map(wholePattern),
    ageRatedItems: items.ageRated.map(wholePattern),
    lists: config.lists.map(({ name, of, staleHours, whenStale }) => ({
      name,
      of,
      staleMs: staleHours * 3_600_000,
      whenStale,
    })),
  };
}
