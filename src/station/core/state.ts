import type { MonotonicMillis, UtcMillis } from '../../kernel/clock.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type {
  AccountList,
  AccountPart,
  IlsAbilities,
  IlsState,
  ItemInformation,
  PatronBlock,
} from '../../ils/ils.ts';
import type { FeePayment, HoldOrder, TransactionKind } from '../../journal/rows.ts';
import type { LanguageCode } from '../../shared/languages.ts';
import type { AcsText, Due, LocalDate } from '../../shared/values.ts';
import type { Notice, Refusal, Service, Theme } from '../../shared/view.ts';
import type { PrinterStatus } from '../../devices/receipt-printer/receipt-printer.ts';
import type { Acceptances, Believed } from './acceptance.ts';
import type { Call } from './events.ts';
import type { FinishedReceipt, ReceiptWish } from './receipt.ts';
import type { NotLent } from './not-lent.ts';
import type { Outage } from './outage.ts';
import type { OpenTransactions } from './open-transactions.ts';
import type { Found } from './found.ts';
import type { TagState } from './tag-state.ts';

/** A transaction that is not settled, as the core works on it. */
export interface OpenTransaction {
  readonly id: TransactionId;
  /** Order in which they happened; grows within one run. */
  readonly seq: number;
  readonly kind: TransactionKind;
  readonly item: string;
  readonly patron: string | undefined;
  readonly at: UtcMillis;
  readonly state: 'intended' | 'uncertain' | 'waiting';
  /** How often it was sent again; a waiting one: how often it was sent at all. */
  readonly attempts: number;
  readonly dueBefore: string | undefined;
  /** Of a hold or a payment: what it asks for. */
  readonly hold?: HoldOrder | undefined;
  readonly fee?: FeePayment | undefined;
  /** Of a loan by the station’s own rules: the provisional due date that the patron was told. */
  readonly dueTold: LocalDate | undefined;
  /** The session that began it, or undefined after a restart. */
  readonly epoch: number | undefined;
  /** What has to be done next. */
  readonly next: 'send' | 'askPatron' | 'askItem' | 'askHoldsWaiting' | 'askHoldsReady' | 'askFees';
  /** What the ACS said of the item, since the patron is asked about. */
  readonly itemSaid: ItemInformation | undefined;
  /** The holds that wait, while those that are ready are asked for. */
  readonly holdsSaid?: AccountPart | undefined;
  /** A renewal that goes with others by one request, the first time that it is sent. */
  readonly together?: boolean | undefined;
  /** What the ACS said when it made the loan, while that is asked about: with another due date than was told, or by one whose “yes” is doubted. */
  readonly answer:
    | {
        readonly due: Due | undefined;
        readonly acsText: readonly AcsText[];
        /** Left out: the security follows the loan. */
        readonly security?: 'change' | 'leave' | 'asItIs';
      }
    | undefined;
  /** How item and patron stand, as far as it was asked. */
  readonly found: Found | undefined;
  /** It was handed to the connection in this life of the station. */
  readonly sent: boolean;
  /** Its patron was told that it is done: a return whose answer was lost, or what waits from an outage. */
  readonly toldTaken: boolean;
  /** How often in a row the ACS said that it had not happened. */
  readonly denials: number;
  /** The ACS refused an act that may have happened before; believed only after asking. */
  readonly refused: readonly AcsText[] | undefined;
  /** Not before this moment of monotonic time. */
  readonly notBefore: MonotonicMillis;
  /** How often was asked in vain; one asked too often goes to staff. */
  readonly asks: number;
  /** When it became uncertain, in monotonic time. */
  readonly uncertainSince: MonotonicMillis | undefined;
  /** Only while the library system is asked whether it did what it accepted. */
  readonly believed?: Believed | undefined;
}

export interface SessionRow {
  readonly id: string;
  readonly item: string;
  readonly kind: TransactionKind;
  readonly transaction: TransactionId | undefined;
  readonly title: string | undefined;
  readonly due: Due | undefined;
  readonly stage: 'reading' | 'pending' | 'unsure' | 'done' | 'refused' | 'offline' | 'staff';
  /** The library system said that staff should see the item, or where it goes. */
  readonly alert: boolean;
  readonly sortBin: string | undefined;
  readonly refusal: Refusal | undefined;
  /** What happens, or happened, to the security of its tags; undefined where it has none or nothing was to be done. */
  readonly security?: RowSecurity | undefined;
  /** The library system lets the item out of the house; false: it does not, or the loan is over. */
  readonly mayBeFree?: boolean;
  /** Of a set whose parts are not all there. */
  readonly parts?: PartsHere | undefined;
  /** Of an item that is lent or taken back, and of which some parts only were on the reader. */
  readonly partsSeen?: PartsHere | undefined;
  /** The item is to be asked about, so that a refusal can name its true cause. */
  readonly causeWanted: boolean;
  /** Of a hold: what is to be done. */
  readonly hold?: HoldOrder['mode'] | undefined;
  /** The holds that wait, before a hold begins and while those that are ready are asked for. */
  readonly holdsSaid?: AccountPart | undefined;
  /** Of a hold that was placed: what was told of it. */
  readonly position?: number | undefined;
  readonly pickup?: string | undefined;
  readonly available?: boolean | undefined;
  /** A renewal of "renew all"; `together`: to be sent by one request, as soon as all are read. */
  readonly ofAll?: boolean | undefined;
  readonly together?: boolean | undefined;
  readonly read?: { readonly dueRaw: string | undefined; readonly awaited: boolean } | undefined;
}

export interface PartsHere {
  readonly here: number;
  readonly of: number | undefined;
}

/**
 * The security of an item in the list. `unseen`: its tags are still to be laid on the reader; `outOfReach`: and no reader works.
 * Going off, on, or back on because a part failed; `away`: the item was lifted before it was done; `incomplete`: what came of a
 * set is secured, and a part is missing; then how it ended, `staysOn` by the library system’s word.
 */
export type RowSecurity =
  | 'unseen'
  | 'outOfReach'
  | 'incomplete'
  | 'goingOff'
  | 'goingOn'
  | 'goingBack'
  | 'away'
  | 'free'
  | 'on'
  | 'notFree'
  | 'notOn'
  | 'staysOn';

export interface Patron {
  readonly card: string;
  /** `station`: the library system was away when they came, so the station’s own rules hold for the whole session. */
  readonly identifiedBy: 'acs' | 'station';
  readonly blocks: readonly PatronBlock[];
  /** Loans that the patron had or has got here, as far as they are known. */
  readonly charged: ReadonlySet<string>;
  /** The last day of the card, where it was told. */
  readonly expires?: LocalDate | undefined;
  readonly acsText: readonly AcsText[];
}

export interface Account {
  readonly parts: ReadonlyMap<AccountList, AccountPart>;
  readonly items: ReadonlyMap<string, ItemInformation>;
  /** Lists and items still to be fetched, in order. */
  readonly wanted: readonly AccountWant[];
  readonly incomplete: boolean;
}

export type AccountWant =
  { readonly what: 'list'; readonly list: AccountList } | { readonly what: 'item'; readonly item: string };

export interface HoldQuestion {
  readonly mode: HoldOrder['mode'];
  readonly item: string;
  readonly title: string | undefined;
}

export type Session =
  | { readonly phase: 'home' }
  | { readonly phase: 'card'; readonly service: Service; readonly refusal: Refusal | undefined }
  | {
      readonly phase: 'pin';
      readonly service: Service;
      readonly card: string;
      readonly entered: number;
      /** `wanted`: to be asked as soon as no other call is under way. `own`: the station checks it by itself. */
      readonly check: 'none' | 'wanted' | 'running' | 'own';
      readonly refusal: Refusal | undefined;
    }
  | {
      readonly phase: 'open';
      readonly service: Service;
      readonly patron: Patron | undefined;
      readonly rows: readonly SessionRow[];
      readonly account: Account | undefined;
      readonly borrowRefusal: Refusal | undefined;
      /** "Finish" was pressed and something is still under way. */
      readonly finishing: boolean;
      /** "Finish" was pressed, and there are items whose tags nobody saw yet: they are asked for, once. */
      readonly layAsked?: boolean;
      /** What "finish" wanted on paper. */
      readonly wish?: ReceiptWish;
      /** A hold that the patron is asked about; nothing is done before they say yes. */
      readonly question?: HoldQuestion | undefined;
    }
  /** Nothing can be done with this card, or with this service, now. */
  | { readonly phase: 'refused'; readonly refusal: Refusal }
  | {
      readonly phase: 'finished';
      readonly lent: number;
      readonly returned: number;
      readonly renewed: number;
      readonly unsettled: number;
      /** Loans by the station’s own rules, whose due dates may change. */
      readonly provisional: number;
      readonly receipt?: FinishedReceipt;
    };

export type OpenSession = Extract<Session, { phase: 'open' }>;

/** Why a call was made, so that its reply finds its place. */
export type CallPurpose =
  | { readonly for: 'pin'; readonly epoch: number; readonly card: string }
  | {
      readonly for: 'transaction';
      readonly id: TransactionId;
      readonly step: OpenTransaction['next'];
    }
  | { readonly for: 'cause'; readonly epoch: number; readonly row: string }
  | { readonly for: 'beforeRenew'; readonly epoch: number; readonly row: string }
  | { readonly for: 'beforeHold'; readonly epoch: number; readonly row: string }
  /** One request for several renewals. */
  | { readonly for: 'renewAll'; readonly ids: readonly TransactionId[] }
  | { readonly for: 'account'; readonly epoch: number; readonly want: AccountWant }
  | { readonly for: 'goodbye' };

export interface CallUnderWay {
  readonly number: number;
  readonly call: Call;
  readonly purpose: CallPurpose;
  readonly since: MonotonicMillis;
}

/** Everything that the station decides by. Replaced by each step, never changed. */
export interface State {
  readonly epoch: number;
  readonly revision: number;
  readonly language: LanguageCode;
  readonly theme: Theme;
  readonly link: IlsState;
  /** Why the connection is as it is, for the technician. */
  readonly linkReason: string | undefined;
  /** When a planned rest of the library system ends, `HH:MM`. */
  readonly linkUntil: string | undefined;
  /** The connection was up until a moment ago: what is sent now waits for it in line. */
  readonly linkBlinks: boolean;
  /** What the library system can do, as it was last known. */
  readonly abilities: IlsAbilities;
  readonly scannerReady: boolean;
  /** A card lies in the card reader. */
  readonly cardInReader: boolean;
  /** Undefined: there is none. */
  readonly printer: PrinterStatus | undefined;
  /** `full`: lending rests; `broken`: everything does. */
  readonly disk: 'fine' | 'full' | 'broken';
  readonly session: Session;
  /** Seconds left on "are you still there", while it is asked. */
  readonly secondsLeft: number | undefined;
  readonly notice: Notice | undefined;
  readonly tags: TagState;
  readonly open: OpenTransactions;
  /** The outage that is not over. */
  readonly outage: Outage | undefined;
  /** What must not be lent in an outage, by the name of the list. */
  readonly lists: ReadonlyMap<string, NotLent>;
  readonly pinTries: readonly { readonly cardHash: string; readonly at: UtcMillis }[];
  readonly underWay: CallUnderWay | undefined;
  /** Sessions that the library system has still to be told the end of. */
  readonly goodbyes: readonly string[];
  /** When the `work` timer is set to fire, in monotonic time. */
  readonly workAt: MonotonicMillis | undefined;
  /** The library system counts as back from an outage from this moment on. */
  readonly steadyAt: MonotonicMillis;
  /** How far its “yes” can be believed. */
  readonly acceptances: Acceptances;
  /** What waits from an outage is not sent before this moment, but where a patron at the station stands behind it. */
  readonly syncFrom: MonotonicMillis;
  readonly nextCall: number;
  readonly nextSeq: number;
  readonly nextRow: number;
}
