import type { UtcMillis } from '../../kernel/clock.ts';
import type { ItemData, LibraryData, PatronData } from '../acs/library-data.ts';
import { Library } from '../acs/library.ts';
import type { Item } from '../acs/state.ts';

/** Cards of the wallet in groups, by what they show. */
export const patronGroups = ['everyday', 'account', 'blocked', 'special'] as const;
export type PatronGroup = (typeof patronGroups)[number];

/** Things of the shelf in groups, by what they show. */
export const itemGroups = ['free', 'media', 'onLoan', 'awaited', 'notLent', 'away', 'unusual'] as const;
export type ItemGroup = (typeof itemGroups)[number];

export interface CataloguePatron {
  readonly card: string;
  /** Undefined: none was ever set. */
  readonly pin?: string;
  readonly name: string;
  /** What the card shows, in a line. */
  readonly sort: string;
  readonly group: PatronGroup;
}

export interface CatalogueItem {
  readonly item: string;
  readonly title: string;
  readonly author?: string;
  readonly label: string;
  readonly type: ItemData['type'];
  readonly group: ItemGroup;
}

export interface Catalogue {
  readonly patrons: readonly CataloguePatron[];
  readonly items: readonly CatalogueItem[];
}

const longTitleChars = 120;

/** What the dock shows, as it is when the demonstration begins; PINs among it, for these people are made up. */
export function catalogueOf(data: LibraryData, timeZone: string, at: UtcMillis): Catalogue {
  const library = new Library(data, { timeZone, startsAt: at });
  return {
    patrons: data.patrons.map((patron) => ({
      card: patron.card,
      ...(patron.pin === undefined ? {} : { pin: patron.pin }),
      name: patron.name,
      sort: patron.label ?? '',
      group: patronGroup(patron, library, at),
    })),
    items: [...library.state.items.values()].map((item) => {
      const { item: number, title, author, type, label } = item.data;
      return {
        item: number,
        title,
        ...(author === undefined ? {} : { author }),
        label: label ?? '',
        type,
        group: itemGroup(item, library),
      };
    }),
  };
}

function patronGroup(patron: PatronData, library: Library, at: UtcMillis): PatronGroup {
  const answer = library.patron(patron.card, undefined, at);
  if (answer.known && answer.standing.lending !== undefined) return 'blocked';
  const { loans = [], holds = [], fees = [], blocks = [] } = patron;
  const usualPin = /^\d{4}$/.test(patron.pin ?? '') && /^\d+$/.test(patron.card);
  if (!usualPin || blocks.length > 0 || patron.expiresInDays !== undefined) return 'special';
  return loans.length > 1 || holds.length > 0 || fees.length > 0 ? 'account' : 'everyday';
}

function itemGroup(item: Item, library: Library): ItemGroup {
  const { data, status, loan, record } = item;
  if (item.shelvedFor !== undefined || record.waiting.length > 0) return 'awaited';
  if (loan !== undefined) return 'onLoan';
  if (data.branch !== undefined && data.branch !== library.data.branch) return 'away';
  if (status === 'inTransit') return 'away';
  if (status !== 'available' || data.referenceOnly === true || data.adultsOnly === true) return 'notLent';
  if (data.title.length >= longTitleChars || (data.parts ?? 1) > 1 || data.inHouse === true) return 'unusual';
  if (data.loanFee !== undefined || !latin.test(data.title)) return 'unusual';
  return data.type === 'book' || data.type === 'quickLoan' ? 'free' : 'media';
}

const latin = /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+$/u;
