import type { PatronBlock } from '../../ils/ils.ts';

/** What decides how long an item is lent and how the machine must treat it. */
export type ItemType =
  'book' | 'quickLoan' | 'magazine' | 'dvd' | 'cd' | 'audioTape' | 'game' | 'map' | 'equipment';

export interface LoanRule {
  readonly loanDays: number;
  readonly renewalsMax: number;
  /** SIP2 media type (CK), three digits. */
  readonly mediaType: string;
  /** A magnet would ruin it (12, "magnetic media"). */
  readonly magnetic: boolean;
  /** Bin of the sorter (CL). */
  readonly sortBin: string;
}

/** Why an item that nobody has is not on its shelf; the names of SIP2's circulation status. */
export type StandingStatus =
  | 'available'
  | 'onOrder'
  | 'inProcess'
  | 'toBeReshelved'
  | 'inTransit'
  | 'claimedReturned'
  | 'lost'
  | 'missing';

export interface ItemData {
  /** What is printed as the barcode (AB). */
  readonly item: string;
  readonly title: string;
  readonly author?: string;
  readonly type: ItemType;
  /** Of the work, not of this print. */
  readonly year?: number;
  /** ISO 639-1. */
  readonly language?: string;
  /** Pieces that belong together (CH). Left out: one. */
  readonly parts?: number;
  /** Copies of one record share its queue of holds. Left out: a record of its own. */
  readonly record?: string;
  /** The branch that it belongs to. Left out: the library's own. */
  readonly branch?: string;
  readonly status?: StandingStatus;
  /** Never lent. */
  readonly referenceOnly?: boolean;
  /** Lent for the reading room: its security stays on (12 with desensitize N). */
  readonly inHouse?: boolean;
  /** Youngest age that may borrow it; children are refused. */
  readonly adultsOnly?: boolean;
  /** Fee for lending it, decimal text; asked for with BV until the request says BO Y. */
  readonly loanFee?: string;
  /** What it shows, for the dock. */
  readonly label?: string;
}

export interface FeeData {
  readonly amount: string;
  /** SIP2 fee type; 04 (overdue) counts as a fine, all others as fees. */
  readonly feeType?: string;
  readonly text: string;
}

export interface PatronData {
  readonly card: string;
  /** PIN or password. Left out: none was ever set, and every one is wrong. */
  readonly pin?: string;
  readonly name: string;
  /** SIP2 language (007 Finnish). */
  readonly language?: string;
  readonly child?: boolean;
  readonly email?: string;
  readonly address?: string;
  readonly phone?: string;
  /** Days from the start of the demonstration until the card expires; negative: it has. Left out: never. */
  readonly expiresInDays?: number;
  /** Set by hand in the library system, beside those that follow from loans and fees. */
  readonly blocks?: readonly PatronBlock[];
  readonly loansMax?: number;
  readonly fees?: readonly FeeData[];
  /** Loans that the patron has at the start. */
  readonly loans?: readonly {
    readonly item: string;
    readonly dueInDays: number;
    readonly renewals?: number;
    /** The library wants it back. */
    readonly recalled?: boolean;
  }[];
  /** Holds at the start; `ready`: it stands on the hold shelf. */
  readonly holds?: readonly { readonly item: string; readonly ready?: boolean; readonly pickup?: string }[];
  /** Words of staff that the library system sends along (AF). */
  readonly note?: string;
  /** What the patron shows, for the dock. */
  readonly label?: string;
}

export interface LibraryLimits {
  readonly loansMax: number;
  readonly childLoansMax: number;
  readonly overduesMax: number;
  readonly holdsMax: number;
  /** Fines or fees above this sum deny lending; decimal text. */
  readonly feeMax: string;
  /** Fine for each day late and for one item at most; decimal text. */
  readonly finePerDay: string;
  readonly finePerItemMax: string;
  readonly holdShelfDays: number;
}

/** A library as data: what the simulated library system starts from. */
export interface LibraryData {
  readonly institutionId: string;
  readonly name: string;
  readonly branch: string;
  readonly currency: string;
  readonly limits?: Partial<LibraryLimits>;
  readonly loanRules?: Partial<Record<ItemType, LoanRule>>;
  readonly items: readonly ItemData[];
  readonly patrons: readonly PatronData[];
}

export const defaultLimits: LibraryLimits = {
  loansMax: 50,
  childLoansMax: 20,
  overduesMax: 5,
  holdsMax: 30,
  feeMax: '20.00',
  finePerDay: '0.20',
  finePerItemMax: '6.00',
  holdShelfDays: 7,
};

export const defaultLoanRules: Readonly<Record<ItemType, LoanRule>> = {
  book: { loanDays: 28, renewalsMax: 5, mediaType: '001', magnetic: false, sortBin: '1' },
  quickLoan: { loanDays: 14, renewalsMax: 0, mediaType: '001', magnetic: false, sortBin: '1' },
  magazine: { loanDays: 7, renewalsMax: 2, mediaType: '002', magnetic: false, sortBin: '2' },
  dvd: { loanDays: 7, renewalsMax: 3, mediaType: '006', magnetic: false, sortBin: '3' },
  cd: { loanDays: 14, renewalsMax: 5, mediaType: '006', magnetic: false, sortBin: '3' },
  audioTape: { loanDays: 14, renewalsMax: 5, mediaType: '004', magnetic: true, sortBin: '3' },
  game: { loanDays: 14, renewalsMax: 1, mediaType: '000', magnetic: false, sortBin: '3' },
  map: { loanDays: 28, renewalsMax: 5, mediaType: '000', magnetic: false, sortBin: '2' },
  equipment: { loanDays: 14, renewalsMax: 0, mediaType: '000', magnetic: false, sortBin: '2' },
};
