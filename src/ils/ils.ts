import type { AcsText, Due, LocalDate, Money } from '../shared/values.ts';
import { patronFlags, type AlertType, type HoldKind, type PatronFlag } from '../sip2/profiles/rules.ts';

/** How a call to the library system ended. Never a guess. */
export type Outcome<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** Nothing left the machine. */
  | { readonly kind: 'notSent'; readonly reason: string }
  /** It may have happened: no answer, a broken one, or one about something else. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Called exactly once for each call, never from within the call itself. */
export type Reply<T> = (outcome: Outcome<T>) => void;

/** A PIN on its way. Whoever made it overwrites it; a receiver copies nothing that it does not overwrite too. */
export type SecretBytes = Uint8Array;

/** The reasons that SIP2’s patron status can tell (2.12, "patron status"), in its order. */
export const patronBlocks = patronFlags;
export type PatronBlock = PatronFlag;

export interface Customership {
  /** False: the library system does not know the card (BL N). */
  readonly known: boolean;
  readonly pin: 'right' | 'wrong' | 'notTold';
  readonly blocks: readonly PatronBlock[];
  /** Identifiers of the patron’s loans, or undefined where the answer did not list them all. */
  readonly chargedItems: readonly string[] | undefined;
  /** The last day of the card, where the profile knows which field tells it. */
  readonly expires?: LocalDate | undefined;
  /** Card numbers of those for whom the patron acts, where the library system tells them. */
  readonly wards?: readonly string[];
  readonly acsText: readonly AcsText[];
}

export type AccountList = 'holdsReady' | 'overdue' | 'charged' | 'fines' | 'recalled' | 'holdsWaiting';

/** What one entry of a list told beside its identifier; nothing where the library system sends identifiers alone. */
export interface EntryDetails {
  readonly title?: string;
  readonly due?: Due;
  /** Where it is, or will be, fetched; in the library system’s words. */
  readonly pickup?: string;
  /** Until when it stands ready, or until when the hold waits. */
  readonly expires?: Due;
  /** The place in the queue, from 1. */
  readonly position?: number;
  readonly kind?: HoldKind;
  readonly amount?: Money;
  /** Why a fee is owed, in the library system’s words. */
  readonly reason?: string;
  /** The identifier by which a fee is paid alone. */
  readonly feeId?: string;
}

/** How many entries each list has, by the same answer; undefined where it was not told. */
export type AccountCounts = Readonly<Record<AccountList, number | undefined>>;

export interface AccountPart {
  readonly list: AccountList;
  /** False: the ACS called the patron or the PIN invalid, so that its lists say nothing. */
  readonly told: boolean;
  /** Identifiers, or for fines the library system’s lines. */
  readonly entries: readonly string[];
  /** The count that the same answer gave for this list; undefined where it gave none, or where the entries name no items. */
  readonly count: number | undefined;
  /** What the entries told, by entry; left out where none told anything. */
  readonly details?: ReadonlyMap<string, EntryDetails>;
  readonly counts?: AccountCounts;
  readonly feeTotal: Money | undefined;
  readonly blocks: readonly PatronBlock[];
  readonly acsText: readonly AcsText[];
}

/** SIP2’s circulation status, told apart as far as the station acts on it. */
export type CirculationStatus =
  | 'available'
  | 'charged'
  | 'onHoldShelf'
  | 'inTransit'
  | 'inProcess'
  | 'onOrder'
  | 'toBeReshelved'
  | 'claimedReturned'
  | 'lost'
  | 'missing'
  | 'other';

export interface ItemInformation {
  readonly item: string;
  /** False: the library system does not know the item. */
  readonly known: boolean;
  readonly title: string | undefined;
  readonly status: CirculationStatus;
  /** How many patrons wait for it (CF); undefined where it was not told. */
  readonly holdQueue: number | undefined;
  readonly due: Due | undefined;
  /** The due date as it came, for comparing. */
  readonly dueRaw: string | undefined;
  /** Until when an item on the hold shelf waits there (CM). */
  readonly pickupUntil?: LocalDate | undefined;
  /** Where the item is (AP), in the library system’s words. */
  readonly location?: string | undefined;
  readonly acsText: readonly AcsText[];
}

export type LoanAnswer =
  | {
      readonly result: 'lent';
      /** The library system says that it was, or now is, a renewal. */
      readonly renewal: boolean;
      readonly title: string | undefined;
      readonly due: Due | undefined;
      /** Whether the item’s security may be lifted. */
      readonly desensitize: boolean;
      readonly acsText: readonly AcsText[];
    }
  | {
      readonly result: 'refused';
      readonly title: string | undefined;
      /** A fee that the library system asks for before it lends. */
      readonly fee: Money | undefined;
      readonly renewal: boolean;
      readonly acsText: readonly AcsText[];
    };

export interface CheckinAnswer {
  readonly result: 'taken' | 'refused';
  readonly title: string | undefined;
  /** Staff should see the item: a hold, another branch, something odd. */
  readonly alert: boolean;
  /** Why staff should see it or where it goes, where it was told. */
  readonly alertType?: AlertType | undefined;
  /** Whether the item’s security is to be switched on. */
  readonly resensitize: boolean;
  readonly sortBin: string | undefined;
  readonly acsText: readonly AcsText[];
}

export type HoldAnswer =
  | {
      readonly result: 'done';
      /** The item is free: it can be fetched as soon as staff have taken it from its shelf. */
      readonly available: boolean;
      readonly position: number | undefined;
      readonly pickup: string | undefined;
      readonly title: string | undefined;
      readonly acsText: readonly AcsText[];
    }
  | { readonly result: 'refused'; readonly title: string | undefined; readonly acsText: readonly AcsText[] };

/** What became of a patron’s loans, as far as the answer names them. */
export interface RenewAllAnswer {
  readonly renewed: readonly string[];
  readonly unrenewed: readonly string[];
  /** The numbers that the same answer gave; undefined where it gave none. */
  readonly renewedCount: number | undefined;
  readonly unrenewedCount: number | undefined;
  readonly acsText: readonly AcsText[];
}

export interface FeePaidAnswer {
  readonly result: 'accepted' | 'refused';
  readonly acsText: readonly AcsText[];
}

/** The connection as a patron and a technician need to tell it apart. */
export type IlsState =
  | 'connecting'
  | 'online'
  /** On-line, and several answers in a row took long. */
  | 'slow'
  /** No connection can be made, it broke, or nothing that matters is answered. */
  | 'unreachable'
  /** The log-in was refused: user or password. */
  | 'loginRefused'
  /** The terminal itself is turned away: its address, location, certificate or configuration. */
  | 'terminalRefused'
  /** The library system’s certificate does not verify, so there is no connection. */
  | 'certificateRefused'
  /** Connected, and the library system says that it is not on-line. */
  | 'closed'
  /** A time of rest that the configuration names; nothing is asked while it lasts. */
  | 'plannedDown';

export interface IlsStatus {
  readonly state: IlsState;
  /** For the technician. */
  readonly reason?: string;
  /** When a planned rest ends, `HH:MM` on the library’s wall. */
  readonly until?: string;
  /** What the library system can do; told when it is on-line. */
  readonly abilities?: IlsAbilities;
}

/** What the library system can do, as far as its profile knows, or else by its own word. */
export interface IlsAbilities {
  readonly placeHold: boolean;
  readonly cancelHold: boolean;
  /** All loans by one request. */
  readonly renewAll: boolean;
  readonly feePaid: boolean;
  /** Asked about item and patron, it shows what it just did. */
  readonly effectsShown: boolean;
}

/** Time of an act: UTC milliseconds. The adapter writes it in the library’s zone. */
export interface CheckoutRequest {
  readonly card: string;
  readonly item: string;
  readonly at: number;
  /** It happened while the ACS was away: it counts from `at`, and this is the due date that the patron was told (SIP2’s no-block). */
  readonly offlineDue?: LocalDate;
  /** Only where the profile sends the PIN with each request. */
  readonly pin?: SecretBytes;
}

export interface CheckinRequest {
  readonly item: string;
  readonly at: number;
  /** It happened while the ACS was away: it counts from `at`, and nobody can be told "no" any more (SIP2’s no-block). */
  readonly offline: boolean;
}

export interface RenewRequest {
  readonly card: string;
  readonly item: string;
  readonly at: number;
  readonly pin?: SecretBytes;
}

export interface HoldRequest {
  readonly card: string;
  readonly item: string;
  readonly mode: 'place' | 'cancel';
  /** Code of the place where the patron will fetch it; left out: the library system chooses. */
  readonly pickup?: string;
  readonly at: number;
  readonly pin?: SecretBytes;
}

export interface RenewAllRequest {
  readonly card: string;
  readonly at: number;
  readonly pin?: SecretBytes;
}

export interface FeePaidRequest {
  readonly card: string;
  readonly amount: Money;
  /** SIP2’s fee type and payment type, two digits each. */
  readonly feeType: string;
  readonly paymentType: string;
  /** Which fee; left out: the library system chooses. */
  readonly fee?: string;
  /** Names the payment at the library system. */
  readonly transaction: string;
  readonly at: number;
  readonly pin?: SecretBytes;
}

/** The library system as the station sees it. One call is under way at a time; others wait in line. */
export interface Ils {
  /** Connects and stays connected, telling each change of state. */
  start(onStatus: (status: IlsStatus) => void): void;
  /** Ends the connection; calls under way end as they must (`notSent` or `unknown`). */
  stop(): void;
  checkCustomership(
    request: { readonly card: string; readonly pin?: SecretBytes },
    reply: Reply<Customership>,
  ): void;
  account(
    request: { readonly card: string; readonly list: AccountList; readonly pin?: SecretBytes },
    reply: Reply<AccountPart>,
  ): void;
  item(request: { readonly item: string }, reply: Reply<ItemInformation>): void;
  checkout(request: CheckoutRequest, reply: Reply<LoanAnswer>): void;
  checkin(request: CheckinRequest, reply: Reply<CheckinAnswer>): void;
  renew(request: RenewRequest, reply: Reply<LoanAnswer>): void;
  renewAll(request: RenewAllRequest, reply: Reply<RenewAllAnswer>): void;
  hold(request: HoldRequest, reply: Reply<HoldAnswer>): void;
  /** Tells of money that was taken. Sent twice it counts twice. */
  feePaid(request: FeePaidRequest, reply: Reply<FeePaidAnswer>): void;
  endSession(request: { readonly card: string; readonly pin?: SecretBytes }, reply: Reply<undefined>): void;
}
