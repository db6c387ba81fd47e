import { noFaults, type NetworkFaults } from './network-faults.ts';
import type { Stream, Streams } from './streams.ts';
import type { Habits } from './habits.ts';

/** Which faults this seed has, and how many: a random choice of all, so that rare ones meet each other too. */
export interface Scenario {
  readonly network: NetworkFaults;
  /** Probability of a power cut at each boundary of the loop. */
  readonly powerCut: number;
  readonly outageEveryMs: number | undefined;
  readonly outageMsMax: number;
  /** How long after the station gave up waiting a late request reaches the ACS, at most. */
  readonly lateMsMax: number;
  /** Probability, for each commit, that the disk is full from then on for a while. */
  readonly diskFull: number;
  /** How often packets vanish without a word, on one way or both, and for how long at most. */
  readonly partitionEveryMs: number | undefined;
  /** How often the scanner’s cable is pulled. */
  readonly unplugEveryMs: number | undefined;
  /** How often the RFID reader’s is. */
  readonly plateEveryMs: number | undefined;
  /** Pages that the journal may have after the first power cut (SQLite’s own bound); undefined: without bound. */
  readonly pagesMax: number | undefined;
  /** The library system renews all loans by one request. */
  readonly renewsTogether: boolean;
  /** Whether the wall clock is set now and then. */
  readonly clockJumps: boolean;
  /** How often the ACS goes away and comes back as one that accepts everything and does nothing, for a while. */
  readonly lieEveryMs: number | undefined;
  /**
   * How often it goes away and comes back as one that shows how things stood then, for a while, whatever it does. Only where no
   * reply is lost: whether a lost request was done, an old state cannot tell.
   */
  readonly lagEveryMs: number | undefined;
  readonly habits: Habits;
  readonly offline: OfflineScenario;
  /** How many visits are those of somebody who tries PINs. */
  readonly guessers: number;
  /** How many visitors lay their books on the reader, and how their tags behave. */
  readonly pad: PadHabits;
}

export interface PadHabits {
  readonly uses: number;
  /** Lifts a book before the station is done with it. */
  readonly lifts: number;
  /** Lays it back when asked to. */
  readonly laysBack: number;
  /** A command to a tag fails, reaches it while it is lifted, or while the reader’s cable is pulled. */
  readonly trouble: number;
  /** Takes one part of a set away too early. */
  readonly takesPart: number;
  /** Lays a set down without one of its parts. */
  readonly forgetsPart: number;
  /** Its tags are only half read for a while. */
  readonly halfRead: number;
  /** Comes with a bag that stands too near the reader. */
  readonly bags: number;
  /** Has another library’s item in the stack. */
  readonly farItems: number;
}

/** What the library has decided for the time without its library system. */
export interface OfflineScenario {
  readonly lends: boolean;
  /** The ACS gives 28 days where it has its own way. */
  readonly loanDays: number;
  readonly noBlock: 'honoured' | 'ignored';
  /** `verifier`: the station checks PINs by itself; left out: it does not ask for them. */
  readonly pin?: 'verifier';
}

export const returnsOnly: OfflineScenario = { lends: false, loanDays: 28, noBlock: 'honoured' };

export function drawScenario(streams: Streams): Scenario {
  const chance = streams.of('scenario');
  const rate = (often: number): number => (chance.chance(0.5) ? often * chance.fraction() : 0);
  // One seed in eight is a quiet day, so that a station that only copes with trouble is found out too.
  const quiet = chance.chance(0.125);
  const network: NetworkFaults = {
    loseRequest: rate(0.03),
    loseReply: rate(0.03),
    garbleReply: rate(0.02),
    split: rate(0.2),
    closeMidReply: rate(0.02),
    lateRequest: rate(0.01),
  };
  const powerCut = chance.chance(0.6) ? 0.0015 * chance.fraction() : 0;
  const outageEveryMs = chance.chance(0.4) ? chance.whole(2, 30) * 60_000 : undefined;
  const drawn = {
    network: quiet ? noFaults : network,
    powerCut: quiet ? 0 : powerCut,
    outageEveryMs: quiet ? undefined : outageEveryMs,
    outageMsMax: chance.whole(2_000, 15 * 60_000),
    lateMsMax: chance.whole(200, 4_500),
    diskFull: quiet || chance.chance(0.7) ? 0 : 0.003,
    partitionEveryMs: !quiet && chance.chance(0.3) ? chance.whole(2, 30) * 60_000 : undefined,
    unplugEveryMs: !quiet && chance.chance(0.3) ? chance.whole(2, 30) * 60_000 : undefined,
    pagesMax: !quiet && chance.chance(0.2) ? chance.whole(1, 60) : undefined,
    clockJumps: !quiet && chance.chance(0.3),
    habits: {
      walksAway: rate(0.03),
      scansTwice: rate(0.2),
      wrongPin: rate(0.15),
      pressesAnything: rate(0.05),
      dawdles: rate(0.06),
      clearsUp: 0.5,
      bringsStrange: rate(0.05),
    },
  };
  const offline = {
    lends: chance.chance(0.6),
    loanDays: chance.pick([28, 21]),
    noBlock: chance.pick(['honoured', 'ignored'] as const),
  };
  // Rules for a time without the ACS are tried where there is such a time.
  const oftenAway = offline.lends && !quiet && chance.chance(0.6);
  const away = oftenAway ? { outageEveryMs: 15 * 60_000 } : {};
  const pad = {
    uses: chance.chance(0.7) ? chance.fraction() : 0,
    lifts: rate(0.3),
    laysBack: chance.fraction(),
    trouble: rate(0.2),
  };
  const renewsTogether = chance.chance(0.5);
  const tags = drawTags(streams.of('scenario.tags'), quiet, pad);
  // Each from a stream of its own: the other scenarios stay as they were before these came.
  const pins = streams.of('scenario.pins');
  const pin = offline.lends && pins.chance(0.5) ? { pin: 'verifier' as const } : {};
  const lies = streams.of('scenario.lies');
  const lieEveryMs = lies.chance(quiet ? 0.6 : 0.05) ? lies.whole(5, 30) * 60_000 : undefined;
  const old = streams.of('scenario.old');
  const lagEveryMs = quiet && lieEveryMs === undefined ? old.whole(1, 6) * 60_000 : undefined;
  const guessers = !quiet && pins.chance(0.3) ? 0.08 * pins.fraction() : 0;
  return {
    ...drawn,
    ...away,
    ...tags,
    offline: { ...offline, ...pin },
    renewsTogether,
    guessers,
    lieEveryMs,
    lagEveryMs,
  };
}

/** Whether nothing goes wrong but that the ACS may not do what it says. */
export function isCalm({ network, powerCut, outageEveryMs, diskFull, partitionEveryMs }: Scenario): boolean {
  const isWhole = Object.values(network).every((often) => often === 0);
  return (
    isWhole && powerCut + diskFull === 0 && outageEveryMs === undefined && partitionEveryMs === undefined
  );
}

function drawTags(
  chance: Stream,
  quiet: boolean,
  pad: Pick<PadHabits, 'uses' | 'lifts' | 'laysBack' | 'trouble'>,
): Pick<Scenario, 'pad' | 'plateEveryMs'> {
  const rate = (often: number): number => (chance.chance(0.5) ? often * chance.fraction() : 0);
  return {
    plateEveryMs: !quiet && chance.chance(0.3) ? chance.whole(1, 15) * 60_000 : undefined,
    pad: {
      ...pad,
      takesPart: rate(0.4),
      forgetsPart: rate(0.4),
      halfRead: rate(0.2),
      bags: rate(0.3),
      farItems: rate(0.1),
    },
  };
}

/** A day on which nothing fails and everybody knows what they want. */
export const quietDay: Scenario = {
  network: noFaults,
  powerCut: 0,
  outageEveryMs: undefined,
  outageMsMax: 0,
  lateMsMax: 0,
  diskFull: 0,
  partitionEveryMs: undefined,
  unplugEveryMs: undefined,
  plateEveryMs: undefined,
  pagesMax: undefined,
  clockJumps: false,
  lieEveryMs: undefined,
  lagEveryMs: undefined,
  habits: {
    walksAway: 0,
    scansTwice: 0,
    wrongPin: 0,
    pressesAnything: 0,
    dawdles: 0,
    clearsUp: 0,
    bringsStrange: 0,
  },
  offline: returnsOnly,
  guessers: 0,
  pad: {
    uses: 0.5,
    lifts: 0,
    laysBack: 1,
    trouble: 0,
    takesPart: 0,
    forgetsPart: 0,
    halfRead: 0,
    bags: 0,
    farItems: 0,
  },
  renewsTogether: false,
};
