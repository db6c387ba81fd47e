import type { UtcMillis } from '../kernel/clock.ts';
import type { WedgeSettings } from '../shared/wedge.ts';
import type { LocalDate } from '../shared/values.ts';
import { genericProfile } from '../sip2/profiles/built-in.ts';
import type { Profile } from '../sip2/profiles/profile.ts';
import type { StationConfig } from './config/schema.ts';
import { wholePattern } from './config/patterns.ts';
import { maybe } from './core/maybe.ts';
import { offlineSettingsOf } from './offline/settings.ts';
import type { CoreSettings, IdentifierPatterns, RfidSettings } from './settings.ts';

/** The configuration as the core needs it. `hash` comes from the journal. */
export function coreSettingsOf(
  config: StationConfig,
  hash: (value: string) => string,
  profile: Profile = genericProfile(),
): CoreSettings {
  const { library, services, patron, identifiers, session, station } = config;
  const { format, length, attempts } = patron.pin;
  return {
    library: { name: library.name, languages: library.languages },
    theme: station.theme,
    services: {
      borrow: services.borrow.enabled,
      return: services.return.enabled,
      returnOffline: services.return.offline,
      account: services.account.enabled,
      holds: {
        place: services.holds.place,
        cancel: services.holds.cancel,
        pickup: services.holds.pickup,
      },
      feesPay: services.fees.pay,
    },
    pin: {
      format,
      length: format === 'digits' ? length : undefined,
      wrongPerCardMax: attempts.perCard,
      wrongPerStationMax: attempts.perStation,
      windowMs: attempts.windowMinutes * 60_000,
      withEachRequest: profile.rules.pinWithEachRequest,
    },
    identifiers: identifierPatternsOf(identifiers),
    wedge: wedgeOf(config),
    ...maybe('rfid', rfidOf(config)),
    turnedAway: {
      borrow: config.collections.notLent.map(wholePattern),
      return: config.collections.notTaken.map(wholePattern),
    },
    session: {
      idleMs: session.idleSeconds * 1_000,
      warningMs: session.warningSeconds * 1_000,
      finishedMs: session.finishedSeconds * 1_000,
    },
    offline: offlineSettingsOf(services.borrow.offline),
    hash,
    receipt: config.receipt.enabled ? { titles: config.receipt.titles } : undefined,
    localDate: localDateIn(library.timeZone),
    localTime: localTimeIn(library.timeZone),
  };
}

function rfidOf({ devices, collections }: StationConfig): RfidSettings | undefined {
  const readers = devices.filter((device) => device.kind === 'rfid-reader');
  if (readers.length === 0) return undefined;
  return {
    security: readers.some(({ security }) => security.mode !== 'none'),
    sets: collections.sets,
    owners: collections.owners,
    withoutTag: collections.withoutTag.map(wholePattern),
    incompleteTurnedAway: collections.incompleteReturns === 'turnAway',
  };
}

function wedgeOf({ devices }: StationConfig): WedgeSettings | undefined {
  for (const device of devices) {
    if (device.kind !== 'barcode-scanner' || device.driver !== 'wedge') continue;
    const { gapMsMax, keysMin, suffix } = device;
    return { gapMsMax, keysMin, suffix };
  }
  return undefined;
}

/** How the library’s numbers look. */
export function identifierPatternsOf({
  card,
  item,
  pipeline,
}: StationConfig['identifiers']): IdentifierPatterns {
  return {
    card: card.map(wholePattern),
    item: item.map(wholePattern),
    rules: pipeline.map((rule) => ({
      is: rule.is,
      from: rule.from,
      symbologies: rule.symbologies,
      letterCase: rule.case,
      stripBefore: rule.stripBefore === undefined ? undefined : new RegExp(`^(?:${rule.stripBefore})`, 'u'),
      stripAfter: rule.stripAfter === undefined ? undefined : new RegExp(`(?:${rule.stripAfter})$`, 'u'),
      match: wholePattern(rule.match),
      check: rule.check === 'none' ? undefined : rule.check,
      dropCheckDigit: rule.dropCheckDigit,
      map: rule.map,
    })),
  };
}

/** Tells the day in a time zone. */
export function localDateIn(timeZone: string): (at: UtcMillis) => LocalDate {
  // The Swedish form of a date is ISO 8601’s.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (at) => format.format(at);
}

/** Tells the time of day in a time zone. */
export function localTimeIn(timeZone: string): (at: UtcMillis) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'short' });
  return (at) => format.format(at);
}
