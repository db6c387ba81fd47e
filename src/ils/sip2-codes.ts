import type { LanguageCode } from '../shared/languages.ts';
import type { ListField, ProfileRules } from '../sip2/profiles/rules.ts';
import { patronBlocks, type AccountList, type CirculationStatus, type PatronBlock } from './ils.ts';

/** The number of a language, `000` where the profile has none: Czech, for one. */
export function sip2LanguageOf(language: LanguageCode | undefined, rules: ProfileRules): string {
  return (language === undefined ? undefined : rules.languages[language]) ?? '000';
}

const statusByCode: ReadonlyMap<string, CirculationStatus> = new Map([
  ['02', 'onOrder'],
  ['03', 'available'],
  ['04', 'charged'],
  ['05', 'charged'],
  ['06', 'inProcess'],
  ['07', 'charged'],
  ['08', 'onHoldShelf'],
  ['09', 'toBeReshelved'],
  ['10', 'inTransit'],
  ['11', 'claimedReturned'],
  ['12', 'lost'],
  ['13', 'missing'],
]);

/** The circulation status of an 18 (2.12, "circulation status"); a recalled item is still on loan. */
export function circulationStatusOf(code: string): CirculationStatus {
  return statusByCode.get(code) ?? 'other';
}

/** The conditions that a patron status names. Only `Y` says yes; anything else, `N` and garbage too, does not. */
export function blocksOf(patronStatus: string): PatronBlock[] {
  return patronBlocks.filter((_block, index) => patronStatus.charAt(index) === 'Y');
}

/** How one list of the account is asked for, and where its answer stands. */
export interface ListPlace {
  /** Place of the one `Y` in the summary. */
  readonly position: number;
  readonly field: ListField;
  readonly count:
    | 'holdItemsCount'
    | 'overdueItemsCount'
    | 'chargedItemsCount'
    | 'fineItemsCount'
    | 'recallItemsCount'
    | 'unavailableHoldsCount';
}

/** 2.12, "summary". */
export const listPlaces: Readonly<Record<AccountList, ListPlace>> = {
  holdsReady: { position: 0, field: 'AS', count: 'holdItemsCount' },
  overdue: { position: 1, field: 'AT', count: 'overdueItemsCount' },
  charged: { position: 2, field: 'AU', count: 'chargedItemsCount' },
  fines: { position: 3, field: 'AV', count: 'fineItemsCount' },
  recalled: { position: 4, field: 'BU', count: 'recallItemsCount' },
  holdsWaiting: { position: 5, field: 'CD', count: 'unavailableHoldsCount' },
};

/** A summary that asks for one list, as the standard wants it, or for all of them. */
export function summaryFor(list: AccountList, rules: ProfileRules): string {
  if (rules.summary === 'allLists') return 'YYYYYYYYY ';
  const { position } = listPlaces[list];
  return `${' '.repeat(position)}Y`.padEnd(10);
}

/** A count of a 64; undefined where it is blank or no number. */
export function countOf(text: string): number | undefined {
  return /^ *\d+ *$/.test(text) ? Number(text) : undefined;
}
