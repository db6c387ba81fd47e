import type { UtcMillis } from '../kernel/clock.ts';
import type { TransactionId } from '../kernel/ids.ts';

export type TransactionKind = 'checkout' | 'checkin' | 'renew' | 'hold' | 'fee';

/** What a hold asks for; its item is the one that it is placed on, or the entry of the hold list that is cancelled. */
export interface HoldOrder {
  readonly mode: 'place' | 'cancel';
  /** Code of the place where the patron will fetch it; left out: the library system chooses. */
  readonly pickup?: string;
  /** How many holds the patron had before it: a lost reply is cleared up by comparing. */
  readonly countBefore?: number;
}

/** Money that was taken for fees, to be told to the library system once. Its item is the fee’s identifier, or empty. */
export interface FeePayment {
  /** Decimal text, and the ISO 4217 code. */
  readonly amount: string;
  readonly currency: string;
  /** SIP2’s fee type and payment type, two digits each. */
  readonly feeType: string;
  readonly paymentType: string;
  /** What the patron owed before it, decimal text: a lost reply is cleared up by comparing. */
  readonly owedBefore?: string;
}

/**
 * intended ─► accepted | refused | uncertain | withdrawn
 * uncertain ─► accepted | refused | staff
 * waiting ──► accepted | staff
 * accepted ─► staff, where the library system turns out not to have done it
 * staff ────► resolved
 */
export type TransactionState =
  'intended' | 'uncertain' | 'waiting' | 'accepted' | 'refused' | 'withdrawn' | 'staff' | 'resolved';

export const movesOf: Readonly<Record<TransactionState, readonly TransactionState[]>> = {
  intended: ['accepted', 'refused', 'uncertain', 'withdrawn'],
  uncertain: ['accepted', 'refused', 'staff'],
  waiting: ['accepted', 'staff'],
  staff: ['resolved'],
  accepted: ['staff'],
  refused: [],
  withdrawn: [],
  resolved: [],
};

/** What a commit may hold. Personal values (item, patron, words, dueBefore, hold, fee) are sealed by the journal. */
export type Row =
  | {
      readonly row: 'begin';
      readonly id: TransactionId;
      readonly kind: TransactionKind;
      readonly state: 'intended' | 'waiting';
      readonly item: string;
      /** Card number; none with a checkin. */
      readonly patron: string | undefined;
      readonly at: UtcMillis;
      /** Of a renewal: the due date before it, as the library system wrote it. */
      readonly dueBefore?: string;
      /** With `hold` and `fee`: what they ask for; sealed. */
      readonly hold?: HoldOrder;
      readonly fee?: FeePayment;
      /** Of a loan by the station’s own rules: the due date that the patron was told, `YYYY-MM-DD`. */
      readonly dueTold?: string;
      /** The transaction that this one takes the place of (a checkin that was withdrawn and now waits). */
      readonly replaces?: TransactionId;
    }
  | {
      readonly row: 'move';
      readonly id: TransactionId;
      readonly to: Exclude<TransactionState, 'intended' | 'waiting'>;
      readonly at: UtcMillis;
      /** Why: a stable rule name. */
      readonly rule?: string;
      readonly source?: 'acs' | 'station';
      /** The library system’s words and the due date that it gave; sealed. */
      readonly words?: readonly string[];
      readonly due?: string;
      /** How item and patron stood when it went to staff; sealed. */
      readonly found?: Readonly<Record<string, string>>;
    }
  /** It is about to be sent (again); committed before the bytes leave. An open row with an attempt is asked about, never sent blindly. */
  | { readonly row: 'attempt'; readonly id: TransactionId; readonly at: UtcMillis }
  /** A session was refused something that is no transaction (a blocked card, a wrong PIN). */
  | {
      readonly row: 'refusal';
      readonly rule: string;
      readonly source: 'acs' | 'station';
      readonly at: UtcMillis;
    }
  /** A PIN is about to be checked; counts as wrong until it is known to be right or unchecked. `card` is hashed. */
  | { readonly row: 'pinTried'; readonly card: string; readonly at: UtcMillis }
  /** The item of a transaction has tags, whose security has to follow it. Item and UIDs are sealed. */
  | {
      readonly row: 'tagBegin';
      readonly id: TransactionId;
      readonly aim: TagAim;
      readonly item: string;
      readonly uids: readonly string[];
      /** Of a set of which a part was missing: the numbers that were there, and how many there are, where it was told. */
      readonly parts?: StoredParts;
      readonly at: UtcMillis;
    }
  /** What became of it: done and read back, not to be done after all, or left to staff. */
  | {
      readonly row: 'tagMove';
      readonly id: TransactionId;
      readonly to: 'done' | 'void' | 'staff' | 'resolved';
      readonly rule: string;
      readonly at: UtcMillis;
    }
  /** The outage whose loans the limits count; `doubted`: something of it was accepted and not done. */
  | { readonly row: 'outage'; readonly what: 'began' | 'doubted' | 'ended'; readonly at: UtcMillis }
  /** The last try of this card did not count: it was right (all of the card’s tries go) or could not be checked (one goes). */
  | { readonly row: 'pinForgiven'; readonly card: string; readonly all: boolean }
  /** What a PIN can be checked against in an outage, sealed under the device key; in the place of an older one. */
  | {
      readonly row: 'pinVerifier';
      readonly card: string;
      readonly at: UtcMillis;
      readonly sealed: Uint8Array;
    }
  /** The library system does not let this card borrow: nothing is kept of its PIN. */
  | { readonly row: 'pinVerifierGone'; readonly card: string }
  /** Somebody did something with the journal. `by` is sealed; `detail` is a key or a number and says nothing of anybody. */
  | {
      readonly row: 'audit';
      readonly at: UtcMillis;
      readonly act: AuditAct;
      readonly by: string;
      readonly subject?: TransactionId;
      readonly detail?: string;
    };

/** What the audit log knows: looks at the journal, and changes by hand to it and to tags. */
export const auditActs = [
  'list',
  'show',
  'resolve',
  'tags',
  'resolveTags',
  'retry',
  'export',
  'take',
  'person',
  'erase',
  'verify',
  'audit',
  'rotateKeys',
  'copy',
  'restore',
  'writeTag',
  'secureTag',
  'releaseTag',
] as const;
export type AuditAct = (typeof auditActs)[number];

/** Lift the security of what is lent, or secure what came back. */
export type TagAim = 'unlock' | 'lock';

/** The parts of a set that were on the reader, and how many it has, where one of them told. */
// A type and not an interface: it is sealed as it is.
export type StoredParts = Readonly<{ numbers: readonly number[]; of?: number }>;

/** Tag work that is not settled. Open at a start: what is lent may be locked, what came back may not be secured. */
export interface StoredTagWork {
  /** Of a set that came back incomplete. */
  readonly parts?: StoredParts;
  readonly id: TransactionId;
  readonly aim: TagAim;
  readonly state: 'open' | 'staff';
  readonly item: string;
  readonly uids: readonly string[];
  readonly at: UtcMillis;
  readonly rule: string | undefined;
}

/** A transaction as it stands in the journal. */
export interface StoredTransaction {
  /** Order in which they happened. */
  readonly seq: number;
  readonly id: TransactionId;
  readonly kind: TransactionKind;
  readonly state: TransactionState;
  readonly item: string;
  readonly patron: string | undefined;
  readonly at: UtcMillis;
  readonly attempts: number;
  readonly dueBefore: string | undefined;
  readonly hold?: HoldOrder | undefined;
  readonly fee?: FeePayment | undefined;
  readonly dueTold?: string | undefined;
  readonly rule: string | undefined;
  readonly source: 'acs' | 'station' | undefined;
  readonly due: string | undefined;
  readonly words: readonly string[];
  readonly found?: Readonly<Record<string, string>> | undefined;
}

/** An outage that is not over: something of it still waits, or did a moment ago. */
export interface StoredOutage {
  readonly since: UtcMillis;
  /** False: it was not written down, and is known by what waits. */
  readonly noted: boolean;
  /** The library system accepted something of it without doing it. */
  readonly doubted: boolean;
  /** Loans by the station’s own rules, by the keyed hash of the card, settled ones too; counted when it is called. */
  readonly loans: () => ReadonlyMap<string, number>;
}

export type JournalFailure =
  /** No space; `begin` of a checkin and the moves of any row may still go into the reserve. */
  { readonly kind: 'full' } | { readonly kind: 'broken'; readonly reason: string };

/** What the station needs from the journal. Synchronous: when `commit` returns ok, the rows are on the disk. */
export interface Journal {
  /** All rows in one durable transaction, in order. */
  commit(
    rows: readonly Row[],
  ): { readonly ok: true } | { readonly ok: false; readonly failure: JournalFailure };
  /** Transactions that are intended, uncertain or waiting, oldest first. */
  open(): readonly StoredTransaction[];
  /** Work on the security of tags that is open or with staff, oldest first. */
  tagWork(): readonly StoredTagWork[];
  /** Failed PIN tries that still count, oldest first, by the keyed hash of the card. */
  pinTries(): readonly { readonly cardHash: string; readonly at: UtcMillis }[];
  /** The outage that is not over. */
  outage(): StoredOutage | undefined;
  /** What the library system accepted of it and nobody looked at, oldest first; of each item the newest only. */
  believed(): readonly StoredTransaction[];
  /**
   * Where something was accepted and found not done since then: what else was accepted since then and nobody looked at, of each item
   * the newest, oldest first, at most so many. Undefined where nothing speaks against what was accepted.
   */
  doubted(since: UtcMillis, max: number): readonly StoredTransaction[] | undefined;
  /** The keyed hash under which a card or item is looked up; the same for the life of the journal. */
  hash(value: string): string;
  /** Whether a loan could be written now; tries it for real. `broken` stays until the journal is opened anew. */
  probe(): 'fine' | 'full' | 'broken';
  /** How many transactions stand on the staff list. */
  staffCount(): number;
  close(): void;
}
