import type { OfflineRules } from '../../src/station/core/offline-rules.ts';
import type { CoreSettings } from '../../src/station/settings.ts';
import type { OfflineScenario } from './scenario.ts';
import { owners } from './tags.ts';

/** More than a visitor carries, so that limits are met now and then and not all the time. */
const perPatronMax = 20;

export function offlineRules({ lends, loanDays, pin }: OfflineScenario): OfflineRules | undefined {
  if (!lends) return undefined;
  return {
    pin: pin ?? 'not-asked',
    perPatronMax,
    perOutageMax: 500,
    due: { loanDays, closedWeekdays: [], closedDates: [] },
    checkDigit: undefined,
    adultCards: [],
    lendableItems: [],
    neverItems: [/^3I\d{5}9$/],
    ageRatedItems: [],
    lists: [],
  };
}

/** The station’s settings in the simulation; the hash comes from the journal. */
export const coreSettings: Omit<CoreSettings, 'hash'> = {
  library: { name: { en: 'Simulated library' }, languages: ['fi', 'sv', 'cs', 'en'] },
  theme: 'light',
  offline: undefined,
  services: {
    borrow: true,
    return: true,
    returnOffline: true,
    account: true,
    holds: { place: true, cancel: true, pickup: undefined },
    feesPay: 'none',
  },
  pin: {
    format: 'password',
    length: undefined,
    wrongPerCardMax: 5,
    wrongPerStationMax: 50,
    windowMs: 15 * 60_000,
  },
  identifiers: { card: [/^2C\d{6}$/], item: [/^3I\d{6}$/] },
  rfid: { security: true, sets: 'everyPart', owners },
  session: { idleMs: 45_000, warningMs: 20_000, finishedMs: 8_000 },
  receipt: { titles: 'ask' },
  localTime: (at) => new Date(at + 2 * 3_600_000).toISOString().slice(11, 16),
  localDate: (at) => new Date(at + 2 * 3_600_000).toISOString().slice(0, 10),
};
