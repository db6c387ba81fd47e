import type { LanguageCode, LocalizedText } from './languages.ts';
import type { Message } from './message.ts';
import type { ShownReceipt } from './receipt.ts';
import type { AcsText, Due, LocalDate, Money } from './values.ts';
import type { WedgeSettings } from './wedge.ts';

/** The version of views, intents and frames. A peer of another version is refused with a word, not guessed at. */
export const contractVersion = 1;

export type Service = 'borrow' | 'return' | 'account';
export const themes = ['light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];
export type RefusalSource = 'acs' | 'station';

/** Why something was not done: the cause, who said so, what to do now, what still works. */
export interface Refusal {
  /** Stable name of the rule, e.g. `item.onHoldForAnother`; stands in the journal too. */
  readonly rule: string;
  readonly source: RefusalSource;
  readonly cause: Message;
  readonly next: Message;
  readonly stillWorks?: Message;
  readonly acsText: readonly AcsText[];
}

export type ItemState = 'reading' | 'pending' | 'done' | 'refused' | 'offline' | 'attention';

/** One line of a growing list, newest first. */
export interface ItemRow {
  /** Stable while the row is on the screen. */
  readonly id: string;
  readonly item: string;
  readonly title?: string;
  readonly state: ItemState;
  /** The state in one sentence: "Lent to you until …", "Returned", "Asking the library system …". */
  readonly message: Message;
  readonly due?: Due;
  /** With `refused` and, where it helps, `attention`. */
  readonly refusal?: Refusal;
  /** Waiting for an item that cannot be had now: whether it is offered, and what came of it. */
  readonly hold?: HoldAct;
}

/** One loan of the patron’s account. */
export interface LoanRow {
  readonly item: string;
  readonly title?: string;
  readonly due?: Due;
  readonly overdue: boolean;
  /** The library wants it back: somebody waits for it. */
  readonly recalled: boolean;
  /** Whether the row may be renewed now, is being renewed, or what came of it. */
  readonly renewal:
    | { readonly state: 'possible' }
    | { readonly state: 'resting' }
    | { readonly state: 'pending' }
    | { readonly state: 'renewed' }
    | { readonly state: 'refused'; readonly refusal: Refusal }
    | { readonly state: 'attention'; readonly message: Message };
}

/** What the patron can do about a hold, or what came of it. */
export type HoldAct =
  | { readonly state: 'possible' }
  | { readonly state: 'resting' }
  | { readonly state: 'pending'; readonly message: Message }
  | { readonly state: 'done'; readonly message: Message }
  | { readonly state: 'refused'; readonly message: Message; readonly refusal: Refusal }
  | { readonly state: 'attention'; readonly message: Message };

/** Something that the patron waits for. */
export interface HoldRow {
  readonly item: string;
  readonly title?: string;
  readonly ready: boolean;
  /** Left out for an ordinary hold. */
  readonly kind?: 'order' | 'interlibrary';
  /** Where it is fetched, in the library system’s words. */
  readonly pickup?: AcsText;
  /** Until when it stands ready, or until when it is waited for. */
  readonly expires?: Due;
  /** The place in the queue, from 1. */
  readonly position?: number;
  /** Giving it up; left out where that is not offered here. */
  readonly cancel?: HoldAct;
}

export interface FeeRow {
  /** The line as it came. */
  readonly text: AcsText;
  /** Its parts, where they could be told apart. */
  readonly amount?: Money;
  readonly reason?: AcsText;
}

/** A card that ends soon, or ended: its last day. */
export interface CardValidity {
  readonly state: 'endsSoon' | 'ended';
  readonly date: LocalDate;
}

/** "Renew all": how many loans it would renew, how far it is, what came of it. */
export type RenewAllState =
  | { readonly state: 'possible'; readonly count: number }
  | { readonly state: 'running'; readonly done: number; readonly count: number }
  | { readonly state: 'done'; readonly renewed: number; readonly others: number };

/** What the patron must say yes to before it is done. */
export interface Question {
  readonly about: 'placeHold' | 'cancelHold';
  readonly item: string;
  readonly title?: string;
  /** Where the item will be fetched, where the station knows. */
  readonly pickup?: LocalizedText;
}

export type Screen =
  | { readonly name: 'home'; readonly services: readonly ServiceChoice[] }
  | { readonly name: 'card'; readonly service: Service; readonly refusal?: Refusal }
  | {
      readonly name: 'pin';
      readonly service: Service;
      readonly format: 'digits' | 'password';
      /** How many digits a PIN has, where that is known. */
      readonly length?: number;
      /** How many characters the station holds. */
      readonly entered: number;
      readonly checking: boolean;
      readonly refusal?: Refusal;
    }
  | {
      readonly name: 'borrow';
      readonly items: readonly ItemRow[];
      /** Set while borrowing is refused as a whole; the rest of the session goes on. */
      readonly refusal?: Refusal;
      readonly counts: ItemCounts;
    }
  | {
      readonly name: 'return';
      readonly items: readonly ItemRow[];
      readonly signedIn: boolean;
      readonly counts: ItemCounts;
    }
  | {
      readonly name: 'account';
      /** True until every list has arrived. */
      readonly loading: boolean;
      readonly loans: readonly LoanRow[];
      readonly holds: readonly HoldRow[];
      readonly fees: readonly FeeRow[];
      readonly feeTotal?: Money;
      /** How fees are paid, where there are any. */
      readonly payWhere?: Message;
      /** Set where there is more than one loan to renew. */
      readonly renewAll?: RenewAllState;
      /** How many there are of each, as soon as it is known; the lists may still be on their way. */
      readonly counts: AccountTally;
      /** Set where the card ends soon, or ended. */
      readonly card?: CardValidity;
      /** Blocks of the card and messages of the library system. */
      readonly refusal?: Refusal;
      readonly acsText: readonly AcsText[];
      /** Set where the account could not be fetched, or not whole. */
      readonly problem?: Message;
    }
  | {
      readonly name: 'finished';
      readonly lent: number;
      readonly returned: number;
      readonly renewed: number;
      readonly unsettled: number;
      /** So many of the loans are by the station’s own rules: their due dates may change. */
      readonly provisional?: number;
      readonly receipt?: ShownReceipt;
    }
  | { readonly name: 'refusal'; readonly refusal: Refusal; readonly stillOpen: readonly Service[] }
  | {
      readonly name: 'outOfService';
      readonly cause: Message;
      readonly next: Message;
      readonly services: readonly ServiceChoice[];
    };

/** How many entries the parts of the account have; what is not known is left out. */
export interface AccountTally {
  readonly loans?: number;
  readonly overdue?: number;
  readonly recalled?: number;
  readonly holds?: number;
  readonly ready?: number;
  readonly fees?: number;
}

export type ScreenName = Screen['name'] | 'oneMoment';

export interface ServiceChoice {
  readonly service: Service;
  readonly available: boolean;
  /** Why it rests, where it does. */
  readonly message?: Message;
}

export interface ItemCounts {
  readonly pending: number;
  readonly done: number;
  readonly refused: number;
}

/** What lies before the RFID reader, as it changes. */
export interface ReaderCount {
  /** Items that are seen, whole or not. */
  readonly items: number;
  /** Of these, not yet still and wholly read. */
  readonly reading: number;
  /** Of these, seen only now and then: a bag, a coat, or lying askew. */
  readonly doubtful: number;
  /** Things with a tag that tells nothing here. */
  readonly strange: number;
  /** Too many for the reader to tell apart. */
  readonly tooMany: boolean;
}

/** An item that has to lie on the reader: it was lifted before its security was done with, or never was there. */
export interface PutBack {
  readonly item: string;
  readonly title?: string;
  /** Lent and still locked, or taken back and not yet secured. */
  readonly lent: boolean;
  readonly why: 'lifted' | 'notSeen';
}

/** A passing word about something that just happened, such as a card scanned as a book. */
export interface Notice {
  /** Grows with each notice, so that the same word twice is heard twice. */
  readonly id: number;
  readonly tone: 'yes' | 'no' | 'attention';
  readonly message: Message;
}

/** Everything that a page shows. A page that reloads gets the same again. */
export interface View {
  readonly contract: typeof contractVersion;
  /** Grows by one with each view of this run of the station. */
  readonly revision: number;
  /** Which session it belongs to. An intent of a past epoch is dropped. */
  readonly epoch: number;
  readonly language: LanguageCode;
  readonly theme: Theme;
  readonly library: { readonly name: LocalizedText; readonly languages: readonly LanguageCode[] };
  readonly status: { readonly mode: 'online' | 'offline' | 'degraded'; readonly message?: Message };
  readonly screen: Screen;
  /** Services that the signed-in patron (or, without log-in, anyone) can go to from here. */
  readonly goTo: readonly Service[];
  readonly signedIn: boolean;
  readonly canFinish: boolean;
  /** Whether finishing can give a receipt, and whether the patron chooses to have titles on it. Missing: it can’t. */
  readonly receipt?: 'asked' | 'asItIs';
  readonly notice?: Notice;
  /** A card lies in the card reader after its session. */
  readonly cardLeft?: boolean;
  /** Set where the station has a scanner that types. */
  readonly wedge?: WedgeSettings;
  /** Only where the station has an RFID reader and items are handled. */
  readonly reader?: ReaderCount;
  /**
   * Asked over the whole screen while it is not empty, all for the same reason; `dismiss` says that it is not there any more, or cannot be
   * laid there, and `noTag` that it has no tag.
   */
  readonly putBack?: readonly PutBack[];
  /** Stands over the screen until it is answered. */
  readonly question?: Question;
  readonly stillThere?: { readonly secondsLeft: number };
}
