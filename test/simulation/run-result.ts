import type { Plant } from './planted.ts';
import type { Scenario } from './scenario.ts';
import type { Script } from './script.ts';
import type { Violation } from './violations.ts';

export interface WorldOrder {
  readonly seed: number;
  /** Where the journal lies while the run lasts. */
  readonly file: string;
  /** Visits of patrons; 100 are a station-day. */
  readonly sessions: number;
  readonly plant?: Plant | undefined;
  /** In the place of the one that the seed draws. */
  readonly scenario?: Scenario;
  /** Cuts the power once, at this boundary of the loop, counted from 1. */
  readonly cutAt?: number;
  /** What happened in another run, in the place of all that would be drawn. */
  readonly script?: Script;
  /** Cuts it in the middle of the commit that this boundary stands before, where it is one. */
  readonly tearAt?: number;
}

export interface RunResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly violationCount: number;
  readonly stationDays: number;
  readonly crashes: number;
  /** How often the security of a tag was changed. */
  readonly tagChanges: number;
  /** How many of the power cuts came in the middle of a commit. */
  readonly torn: number;
  readonly partitions: number;
  readonly unplugs: number;
  /** PINs that the station checked by itself. */
  readonly ownPinChecks: number;
  /** How often the RFID reader’s cable was pulled. */
  readonly readerUnplugs: number;
  /** Commits that found no room in the journal’s file itself. */
  readonly fullCommits: number;
  /** Boundaries between deciding, committing, publishing and acting that were passed. */
  readonly boundaries: number;
  readonly transactions: number;
  readonly uncertain: number;
  /** Acceptances of what the ACS did not do, and those that staff were told of. */
  readonly feigned: number;
  readonly notDone: number;
  /** How often the ACS showed an old state for a while. */
  readonly lags: number;
  readonly hash: string;
  readonly lastEvents: readonly string[];
  /** What happened, to be kept; made when it is asked for. */
  readonly script: () => Script;
}

/** A result on its way to another process. */
export type SentResult = Omit<RunResult, 'script'> & { readonly script: Script | undefined };
