import type { MonotonicMillis, UtcMillis } from '../../kernel/clock.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { LogFields, LogLevel } from '../../kernel/log.ts';
import type {
  AccountList,
  AccountPart,
  CheckinAnswer,
  Customership,
  FeePaidAnswer,
  HoldAnswer,
  IlsStatus,
  ItemInformation,
  LoanAnswer,
  Outcome,
  RenewAllAnswer,
} from '../../ils/ils.ts';
import type { JournalFailure, StoredTransaction } from '../../journal/rows.ts';
import type { TagOutcome, TagUid } from '../../devices/rfid-reader/rfid-reader.ts';
import type { UnreadableWhy } from '../../devices/barcode-scanner/scanner.ts';
import type { Money } from '../../shared/values.ts';
import type { PrinterProblem, PrinterStatus } from '../../devices/receipt-printer/receipt-printer.ts';
import type { LanguageCode } from '../../shared/languages.ts';
import type { Receipt } from '../../shared/receipt.ts';
import type { CardUnreadableWhy } from '../../devices/card-reader/card-reader.ts';
import type { NotLent } from './not-lent.ts';
import type { IntentAct } from '../../shared/intent.ts';
import type { TagField } from './tag-state.ts';
import type { Given } from './identifiers/rules.ts';
import type { LocalDate } from '../../shared/values.ts';

/** An act of the page without the one character that the core must never see, and without a scanner’s keys. */
export type CoreAct =
  | Exclude<IntentAct, { do: 'pinKey' | 'wedge' }>
  | { readonly do: 'pinKey'; readonly slot: number; readonly digit: boolean };

/** What can be asked of the library system; one at a time is under way. */
export type Call =
  | { readonly kind: 'checkCustomership'; readonly card: string }
  | { readonly kind: 'account'; readonly card: string; readonly list: AccountList }
  | { readonly kind: 'item'; readonly item: string }
  | {
      readonly kind: 'checkout';
      readonly card: string;
      readonly item: string;
      readonly at: UtcMillis;
      readonly offlineDue?: LocalDate;
    }
  | { readonly kind: 'checkin'; readonly item: string; readonly at: UtcMillis; readonly offline: boolean }
  | { readonly kind: 'renew'; readonly card: string; readonly item: string; readonly at: UtcMillis }
  | { readonly kind: 'renewAll'; readonly card: string; readonly at: UtcMillis }
  | {
      readonly kind: 'hold';
      readonly card: string;
      readonly item: string;
      readonly mode: 'place' | 'cancel';
      readonly pickup?: string;
      readonly at: UtcMillis;
    }
  | {
      readonly kind: 'feePaid';
      readonly card: string;
      readonly amount: Money;
      readonly feeType: string;
      readonly paymentType: string;
      readonly fee?: string;
      readonly transaction: TransactionId;
      readonly at: UtcMillis;
    }
  | { readonly kind: 'endSession'; readonly card: string };

/** The reply to a call, by the call’s kind. */
export type Replied =
  | { readonly kind: 'checkCustomership'; readonly outcome: Outcome<Customership> }
  | { readonly kind: 'account'; readonly outcome: Outcome<AccountPart> }
  | { readonly kind: 'item'; readonly outcome: Outcome<ItemInformation> }
  | { readonly kind: 'checkout'; readonly outcome: Outcome<LoanAnswer> }
  | { readonly kind: 'checkin'; readonly outcome: Outcome<CheckinAnswer> }
  | { readonly kind: 'renew'; readonly outcome: Outcome<LoanAnswer> }
  | { readonly kind: 'renewAll'; readonly outcome: Outcome<RenewAllAnswer> }
  | { readonly kind: 'hold'; readonly outcome: Outcome<HoldAnswer> }
  | { readonly kind: 'feePaid'; readonly outcome: Outcome<FeePaidAnswer> }
  | { readonly kind: 'endSession'; readonly outcome: Outcome<undefined> };

/** Timers by name; setting one again replaces it. */
export type TimerName =
  'idle' | 'countdown' | 'finished' | 'finishWait' | 'work' | 'tags' | 'tagParts' | 'spaceProbe';

export type Happening =
  | { readonly type: 'started' }
  | { readonly type: 'act'; readonly act: CoreAct; readonly epoch: number }
  /** A text was read by a scanner or a card reader. */
  | ({ readonly type: 'scan' } & Given)
  | { readonly type: 'scanUnreadable'; readonly why: UnreadableWhy }
  | { readonly type: 'cardUnreadable'; readonly why: CardUnreadableWhy }
  /** Whether a card lies in a card reader. */
  | { readonly type: 'cardPresence'; readonly present: boolean }
  | { readonly type: 'scanner'; readonly ready: boolean }
  /** At least one RFID reader reads, or none does any more. */
  | { readonly type: 'rfidReader'; readonly ready: boolean }
  /** What lies before the readers changed. */
  | { readonly type: 'field'; readonly field: TagField }
  /** Something lies there that has not had its turn. */
  | { readonly type: 'takeIn' }
  | { readonly type: 'tagReplied'; readonly job: number; readonly outcome: TagOutcome }
  /** What must not be lent in an outage was fetched. */
  | { readonly type: 'listLoaded'; readonly list: NotLent }
  /** The PIN that the library system confirmed can be checked without it from now on. */
  | { readonly type: 'verifierMade'; readonly card: string; readonly sealed: Uint8Array }
  /** The PIN was checked without the library system. */
  | {
      readonly type: 'pinVerified';
      readonly card: string;
      readonly epoch: number;
      readonly verdict: 'right' | 'wrong' | 'none';
    }
  | { readonly type: 'printer'; readonly status: PrinterStatus }
  /** A receipt came out, or did not. */
  | { readonly type: 'printed'; readonly epoch: number; readonly problem: PrinterProblem | undefined }
  | { readonly type: 'ils'; readonly status: IlsStatus }
  | { readonly type: 'replied'; readonly call: number; readonly reply: Replied }
  | { readonly type: 'timer'; readonly name: TimerName; readonly epoch: number }
  /** Waiting transactions stand in a file that staff carry to the library system; the station lets go of them. */
  | { readonly type: 'handedOver'; readonly ids: readonly TransactionId[]; readonly by: string }
  /** Somebody on the staff gives a transaction of the staff list back to the station. */
  | { readonly type: 'retry'; readonly stored: StoredTransaction; readonly by: string }
  /** What the library system accepted in this outage and nobody looked at, read from the journal. */
  | { readonly type: 'believedRead'; readonly stored: readonly StoredTransaction[] }
  /** Before the start something was accepted and not done: what else was accepted shortly before. */
  | { readonly type: 'doubtedRead'; readonly stored: readonly StoredTransaction[] }
  /** The settled rows of this card, or those of before that moment, are about to leave the journal for good. */
  | { readonly type: 'forgotten'; readonly card: string }
  | { readonly type: 'outlived'; readonly before: UtcMillis }
  /** Money was taken for fees, by a device of the session of that epoch; `fee` names one fee, else it is for all. */
  | {
      readonly type: 'feeTaken';
      readonly epoch: number;
      readonly amount: Money;
      readonly feeType: string;
      readonly paymentType: string;
      readonly fee?: string;
    }
  | { readonly type: 'diskProbed'; readonly disk: 'fine' | 'full' | 'broken' }
  /** The rows of the last happening could not be committed; it had no effect and was not shown. */
  | {
      readonly type: 'commitFailed';
      readonly failure: JournalFailure;
      readonly lost: Exclude<Happening, { type: 'commitFailed' }>;
    };

/** A happening with the time and the chance that belong to it. */
export interface Event {
  readonly at: UtcMillis;
  readonly mono: MonotonicMillis;
  /** A fresh id, for the transaction that this event may begin. */
  readonly id: TransactionId;
  readonly what: Happening;
}

export type Effect =
  | { readonly do: 'call'; readonly number: number; readonly call: Call }
  | { readonly do: 'setTimer'; readonly name: TimerName; readonly delayMs: number; readonly epoch: number }
  | { readonly do: 'cancelTimer'; readonly name: TimerName }
  /** The PIN’s characters are held at the edge; the core only says what becomes of them. */
  | { readonly do: 'pinKeep'; readonly slot: number }
  | { readonly do: 'pinDrop'; readonly slot: number }
  | { readonly do: 'pinErase' }
  | { readonly do: 'pinClear' }
  /** Makes of the PIN what it can be checked against in an outage. */
  | { readonly do: 'pinEnrol'; readonly card: string }
  /** Checks the PIN without the library system; the verdict is a happening. */
  | { readonly do: 'pinVerify'; readonly card: string; readonly epoch: number }
  /** Secures one tag or lifts its security, read back; the outcome is a happening. */
  | { readonly do: 'setSecurity'; readonly job: number; readonly uid: TagUid; readonly secured: boolean }
  /** Brings the happening `takeIn`: one item begins in each step. */
  | { readonly do: 'takeIn' }
  /** Prints a receipt; how it ended is a happening. */
  | {
      readonly do: 'print';
      readonly receipt: Receipt;
      readonly language: LanguageCode;
      readonly epoch: number;
    }
  /** Reads what the library system accepted in this outage; it comes as a happening. */
  | { readonly do: 'readBelieved' }
  /** `since`: of what was accepted from then on. */
  | { readonly do: 'readDoubted'; readonly since: UtcMillis; readonly max: number }
  /** Asks whether the journal can be written; the answer is a happening. */
  | { readonly do: 'probeDisk' }
  | { readonly do: 'log'; readonly level: LogLevel; readonly event: string; readonly fields: LogFields };
