import type { LanguageCode } from '../shared/languages.ts';
import { patronBlocks, type AccountList, type CirculationStatus, type PatronBlock } from './ils.ts';

const languageNumber: Readonly<Record<LanguageCode, string>> = { fi: '007', sv: '006', en: '001', cs: '000' };

/** SIP2’s number of a language (2.12, "language"), `000` where it has none: Czech, for one. */
export function sip2LanguageOf(language: LanguageCode | undefined): string {
  return language === undefined ? '000' : languageNumber[language];
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
  readonly field: string;
  readonly count: 'holdItemsCount' | 'chargedItemsCount' | 'fineItemsCount' | 'unavailableHoldsCount';
}

/** 2.12, "summary". */
export const listPlaces: Readonly<Record<AccountList, ListPlace>> = {
  holdsReady: { position: 0, field: 'AS', count: 'holdItemsCount' },
  charged: { position: 2, field: 'AU', count: 'chargedItemsCount' },
  fines: { position: 3, field: 'AV', count: 'fineItemsCount' },
  holdsWaiting: { position: 5, field: 'CD', count: 'unavailableHoldsCount' },
};

/** A summary that asks for one list; more than one at a time is not allowed. */
export function summaryFor(list: AccountList): string {
  const { position } = listPlaces[list];
  return `${' '.repeat(position)}Y`.padEnd(10);
}

/** A count of a 64; undefined where it is blank or no number. */
export function countOf(text: string): number | undefined {
  return /^ *\d+ *$/.test(text) ? Number(text) : undefined;
}
