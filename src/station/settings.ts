import type { SetTagging } from '../rfid/sets.ts';
import type { LanguageCode, LocalizedText } from '../shared/languages.ts';
import type { Theme } from '../shared/view.ts';
import type { WedgeSettings } from '../shared/wedge.ts';
import type { LocalDate } from '../shared/values.ts';
import type { UtcMillis } from '../kernel/clock.ts';
import type { IdentifierRule } from './core/identifiers/rules.ts';
import type { OfflineRules } from './core/offline-rules.ts';

/** What the core needs to know of the configuration. Pure data and pure functions. */
export interface CoreSettings {
  readonly library: { readonly name: LocalizedText; readonly languages: readonly LanguageCode[] };
  readonly theme: Theme;
  readonly services: {
    readonly borrow: boolean;
    readonly return: boolean;
    readonly returnOffline: boolean;
    readonly account: boolean;
    /** Which acts on holds the library wants here; the library system must be able to do them too. */
    readonly holds: {
      readonly place: boolean;
      readonly cancel: boolean;
      /** Where items are fetched: the code for the library system, the name for the patron. */
      readonly pickup: { readonly code: string; readonly name: LocalizedText } | undefined;
    };
    /** By what fees can be paid here. */
    readonly feesPay: 'none' | 'terminal';
  };
  readonly pin: {
    readonly format: 'digits' | 'password';
    /** How many digits; for a password undefined. */
    readonly length: number | undefined;
    readonly wrongPerCardMax: number;
    readonly wrongPerStationMax: number;
    /** How long a wrong PIN counts. */
    readonly windowMs: number;
    /** The library system wants it with each request; it is then held until the session ends, and no longer. */
    readonly withEachRequest?: boolean;
  };
  /** Undefined: this station gives no receipts. */
  readonly receipt: { readonly titles: 'ask' | 'always' | 'never' } | undefined;
  readonly identifiers: IdentifierPatterns;
  /** The rules by which the station lends while the library system is away; undefined where it does not. */
  readonly offline: OfflineRules | undefined;
  /** How a scanner that types is told from a person; undefined where there is none. */
  readonly wedge?: WedgeSettings | undefined;
  /** Left out where the station has no RFID reader. */
  readonly rfid?: RfidSettings;
  /** Items that this machine does not take. */
  readonly turnedAway?: TurnedAway;
  readonly session: {
    readonly idleMs: number;
    readonly warningMs: number;
    readonly finishedMs: number;
  };
  /** The keyed hash under which the journal looks a card up. */
  readonly hash: (value: string) => string;
  /** The day that it is in the library at that moment. */
  readonly localDate: (at: UtcMillis) => LocalDate;
  /** The time of day there, as `HH:MM`. */
  readonly localTime: (at: UtcMillis) => string;
}

/** How the station handles what lies before its RFID reader. */
export interface RfidSettings {
  /** Whether tags have a security mark that follows the loan. */
  readonly security: boolean;
  /** Which parts of an item have tags. */
  readonly sets: SetTagging;
  /** ISILs of the library and of those who share its collections; none: every owner is ours. */
  readonly owners: readonly string[];
  /** Items without a tag, by their identifiers. Any other that came by its barcode has still to be laid on the reader. */
  readonly withoutTag?: readonly RegExp[];
  /** Sets that come back with a part missing are turned away; else they are taken, and staff are told. */
  readonly incompleteTurnedAway?: boolean;
}

/** Items that are turned away before the library system hears of them, by their identifiers. */
export interface TurnedAway {
  readonly borrow: readonly RegExp[];
  readonly return: readonly RegExp[];
}

/** How the library’s numbers look. An empty list: nothing is known, and the place decides what a scan is. */
export interface IdentifierPatterns {
  readonly card: readonly RegExp[];
  readonly item: readonly RegExp[];
  /** The library’s pipeline, which comes before the patterns. */
  readonly rules?: readonly IdentifierRule[];
}

/** The bounds of waiting and repeating that hold for each library. */
export const bounds = {
  /** Rows of one session; more go into a next one. */
  rowsPerSessionMax: 100,
  passwordCharsMax: 64,
  /** How long a lost reply rests before the first question, so that a slow ACS has finished what it was doing. */
  askAfterMs: 1_000,
  /** The pause between questions doubles from `askAfterMs` up to this. */
  askPauseMs: 60_000,
  /** Questions without an answer, after which staff have to look. */
  asksMax: 20,
  /** "It did not happen" counts when it was said so often, with this pause between: an ACS may be slow. */
  denialsMin: 2,
  denialPauseMs: 5_000,
  /** Of what the library system accepts, one in so many is looked at whether it did it; the first of each kind always. */
  lookedAtOneIn: 100,
  /** So many acceptances of good times, and of so long, are asked about when another one was not done. */
  recentAcceptedMax: 100,
  recentAcceptedMs: 30 * 60_000,
  /** After so many in a row that were accepted and not done sync rests, so long at first and twice as long each time. */
  notDoneInARowMax: 3,
  notDoneRestMs: 15 * 60_000,
  notDoneRestMsMax: 4 * 3_600_000,
  /** After so many in a row that were done its “yes” is believed again. */
  doneInARowMin: 20,
  /** How long the patron at the station waits for a lost reply to be cleared up; then the row goes to staff. */
  settleInSessionMs: 30_000,
  /** How often the same act is sent again after the ACS said that it had not happened. */
  attemptsMax: 3,
  /** How long "finish" waits for what is under way. */
  finishWaitMs: 10_000,
  /** How long the library system stays on-line after an outage before what waited is sent. */
  steadyMs: 5_000,
  /** While somebody is at the station, what waited takes this part of the time of the connection at most. */
  syncShareInUse: 0.25,
  /** How long a tag rests that was missed and lies there all the same. */
  tagPauseMs: 1_000,
  /** How long a set with a part missing waits for a tag that is still being read. */
  partsComeMs: 2_000,
  /** So often the reader may give no good answer about a tag; then staff look at it. */
  tagMissesMax: 5,
  /** Tag work with staff that is remembered, in case its item is laid down once more. */
  stuckTagsMax: 500,
  /** How many times longer the station waits for somebody while an item has to be put back. */
  putBackStretch: 2,
  /** How often a full disk is tried again. */
  spaceProbeMs: 30_000,
  countdownTickMs: 1_000,
  /** How long the good-bye screen stays for a receipt that comes out of the printer or is read from the screen. */
  receiptMs: 40_000,
} as const;
