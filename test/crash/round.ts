import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Stream } from '../simulation/streams.ts';
import { until } from '../support/until.ts';
import {
  acsDeaths,
  boundaryWishes,
  type AcsDeathName,
  type BoundaryName,
  type BoundaryTally,
} from './boundaries.ts';
import { boundaryWordSchema } from './orders.ts';
import type { Plate } from './plate.ts';
import type { Shelf, Visit, Wish } from './shelf.ts';
import { StationGone } from './socket-page.ts';
import type { StationUnderTest } from './station-child.ts';
import { judge, judgeTags, shownOf, type Plan, type Verdict } from './verdict.ts';
import { goHome, goThrough, type Hands } from './visit.ts';
import type { CrashWorld } from './world.ts';

const yearMs = 365 * 86_400_000;
const hourMs = 3_600_000;

/** What goes wrong in a round. */
export const calamities = [
  /** `kill -9` of the station at a chosen boundary of its loop. */
  'boundary',
  /** The same at a random moment. */
  'station',
  /** A power cut while a commit is being written: its end is torn. */
  'tornCommit',
  /** `kill -9` of the station under its shell, which starts it again. */
  'supervised',
  /** `kill -9` of the shell; the station ends with it. */
  'shell',
  /** `kill -9` of the library system, at a random moment. */
  'acs',
  /** The same at a chosen boundary of the station’s loop. */
  'acsAtBoundary',
  /** The same at a named place of an exchange with it. */
  'acsInExchange',
  /** The wall clock jumps a year on or an hour back, and the station is killed afterwards. */
  'clock',
  /** The disk is full for a while. */
  'fullDisk',
  /** The disk can't be written when the station starts. */
  'readOnlyDisk',
] as const;
export type Calamity = (typeof calamities)[number];

/** In this order they are played: boundaries and commits more often, for there are many of them. */
export const playOrder: readonly Calamity[] = [
  'boundary',
  'station',
  'tornCommit',
  'boundary',
  'supervised',
  'boundary',
  'boundary',
  'acsInExchange',
  'shell',
  'tornCommit',
  'acs',
  'boundary',
  'acsAtBoundary',
  'acsInExchange',
  'clock',
  'fullDisk',
  'readOnlyDisk',
];

/** Which calamities need a disk of the test's own. */
export const needsOwnDisk: ReadonlySet<Calamity> = new Set(['fullDisk', 'readOnlyDisk']);

/** Boundaries of a visit of three items, more or less; later ones come with its settling. */
const boundariesMax = 60;
const commitsMax = 12;
/** A visit takes about so long; one with the RFID reader longer. */
const visitMs = 500;
const plateVisitMs = 2_500;
/** How long tags may take until they are as they should be, or with staff, on a busy machine. */
const tagsMsMax = 60_000;

export interface RoundResult extends Verdict {
  readonly calamity: Calamity;
  /** What was killed, where it is not obvious. */
  readonly note: string;
  /** How long the station took to settle after all had healed. */
  readonly settledMs: number;
  /** What the patron wanted of each item and how, and whether the screen said that it is done or taken. */
  readonly acts: readonly { readonly what: string; readonly told: boolean }[];
}

/** One visit, one calamity, and what comes of it after all has healed. */
export async function playRound(
  world: CrashWorld,
  shelf: Shelf,
  calamity: Calamity,
  chance: Stream,
  /** How many rounds of this calamity there were before: boundaries and commits are gone through one by one. */
  {
    before,
    round,
    tally,
  }: { readonly before: number; readonly round: number; readonly tally: BoundaryTally },
): Promise<RoundResult> {
  const target = calamity === 'boundary' ? tally.next({ hasPlate: world.plate !== undefined }) : undefined;
  const acsTarget = calamity === 'acsInExchange' ? tally.nextAcs() : undefined;
  const wish: Wish =
    target !== undefined ? boundaryWishes[target] : acsTarget !== undefined ? acsDeaths[acsTarget].wish : {};
  const station = await world.station(calamity === 'supervised' || calamity === 'shell');
  await world.settled();
  world.pages.splice(0, world.pages.length);
  const page = await world.page();
  world.pages.push(page);
  const shownBefore = page.views.length;
  const lastSeq = Math.max(0, ...(await world.rows()).map(({ seq }) => seq));
  const ledgerFrom = (await world.acs.ledger()).length;
  const visit = shelf.plan(chance, {
    hasPlate: world.plate !== undefined,
    mayBeAway: !killsAcs(calamity),
    wish,
  });
  const securityBefore = new Map(visit.plans.map(({ item }) => [item, world.plate?.security(item)]));
  await trouble(world, visit, { calamity, chance, losesReply: wish.losesReply === true });
  const hands: Hands = {
    scan: (text) => world.scanner.write(`${text}\r`),
    lay: (item) => world.plate?.lay(item),
    takeAway: chance.chance(0.2) ? () => world.plate?.clear() : undefined,
  };

  const strike = strikeOf(world, station, calamity, chance, {
    before,
    target,
    acsTarget,
    mayBeSecond: target !== undefined && tally.wasHit(target),
    outage: visit.outage,
    leaves: async () => {
      world.plate?.clear();
      await goHome(page).catch(onlyGone);
      await world.goneOrQuiet(station, visit.outage);
    },
    lastsMs: visit.byPlate ? plateVisitMs : visitMs,
  });
  const note = await strike.before();
  const visited = goThrough(page, visit, hands).catch(onlyGone);
  const [, struck] = await Promise.all([visited, strike.during(visited)]);
  await heal(world, visit.outage);
  const healed = await strike.after();
  tally.came(station.boundaries());
  const at = wordOf(boundaryWord(world));
  if (killsAcs(calamity)) tally.acsHit(at);
  else tally.hit(round, at);
  await world.station(station.whole);
  const from = performance.now();
  const settled = await world.settled();
  const settledMs = performance.now() - from;
  world.plate?.clear();
  await goHome(await world.page());

  const views = world.pages.flatMap((one) => (one === page ? one.views.slice(shownBefore) : one.views));
  const rows = (await world.rows()).filter(({ seq }) => seq > lastSeq);
  const ledger = (await world.acs.ledger()).slice(ledgerFrom);
  const shown = shownOf(views);
  const verdict = judge(visit.plans, shown, rows, ledger);
  const tags = visit.byPlate ? await wrongTags(world, visit, lastSeq, securityBefore) : [];
  shelf.learn(await world.acs.loans(), ledger);
  return {
    calamity,
    settledMs,
    acts: visit.plans.map(({ act, item }) => ({
      what: [act, ...howOf(visit)].join(' '),
      told: shown.has(item),
    })),
    note: [visit.service, ...howOf(visit), note, struck, healed].filter((part) => part !== '').join(', '),
    doubled: verdict.doubled,
    lost: [
      ...verdict.lost,
      ...tags,
      ...(settled ? [] : [`it did not settle: ${JSON.stringify(await world.status())}`]),
    ],
  };
}

function howOf({ byPlate, outage }: Visit): readonly string[] {
  return [...(byPlate ? ['on the reader'] : []), ...(outage ? ['in an outage'] : [])];
}

const killsAcs = (calamity: Calamity): boolean =>
  calamity === 'acs' || calamity === 'acsAtBoundary' || calamity === 'acsInExchange';

/** The library system is away, or loses one reply. */
async function trouble(
  world: CrashWorld,
  visit: Visit,
  {
    calamity,
    chance,
    losesReply,
  }: { readonly calamity: Calamity; readonly chance: Stream; readonly losesReply: boolean },
): Promise<void> {
  if (visit.outage) return world.acs.refuseConnections(true);
  if (losesReply || (!killsAcs(calamity) && chance.chance(0.3)))
    await world.acs.fault('loseReply', chance.pick(visit.plans.map(({ act }) => requestOf[act])));
}

/** The SIP2 request with which it is done. */
const requestOf = { borrow: '11', renew: '11', return: '09', hold: '15', cancelHold: '15' } as const;

/** What is wrong with the tags of a visit's items, when the station has done with them. */
async function wrongTags(
  world: CrashWorld,
  { plans }: Visit,
  lastSeq: number,
  before: ReadonlyMap<string, ReturnType<Plate['security']> | undefined>,
): Promise<readonly string[]> {
  const wrong = async (): Promise<readonly string[]> => {
    const rows = (await world.rows()).filter(({ seq, state }) => seq > lastSeq && state === 'staff');
    const withStaff = new Set([...rows.map(({ item }) => item), ...(await world.tagsWithStaff())]);
    const lent = new Set((await world.acs.loans()).map(({ item }) => item));
    // What was lent by its barcode and not returned after all is as it was: nobody touched its tags.
    const untouched = ({ act, item }: Plan): boolean =>
      act === 'return' && lent.has(item) && world.plate?.security(item) === before.get(item);
    return judgeTags(
      plans
        .filter((plan) => !untouched(plan))
        .map(({ item }) => ({
          item,
          security: world.plate?.security(item) ?? 'locked',
          lent: lent.has(item),
          withStaff: withStaff.has(item),
        })),
    );
  };
  return until(
    'the tags are right',
    async () => ((await wrong()).length === 0 ? [] : undefined),
    tagsMsMax,
  ).catch(wrong);
}

async function heal(world: CrashWorld, outage: boolean): Promise<void> {
  world.emptyDisk();
  await world.acs.clearFaults();
  if (outage) await world.acs.refuseConnections(false);
}

interface Strike {
  /** Before the patron comes; says what will be. */
  before(): Promise<string>;
  /** While the patron is there; the visit ends by itself. */
  during(visited: Promise<void>): Promise<string>;
  /** When the patron has gone or seen the end of it. */
  after(): Promise<string>;
}

/** That the station is gone is what a round is about. */
function onlyGone(error: unknown): void {
  if (!(error instanceof StationGone)) throw error;
}

const nothing = (): Promise<string> => Promise.resolve('');

/** Where a process leaves word at which boundary it killed itself or another. */
const boundaryWord = ({ folder }: CrashWorld): string => join(folder, 'boundary.json');

/** The names of the boundary; none where nothing came to it. The word is taken away with it. */
function wordOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const names = boundaryWordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  rmSync(file);
  return names;
}

interface StrikeParts {
  readonly before: number;
  /** The boundary that is aimed at. */
  readonly target: BoundaryName | undefined;
  /** The place of an exchange that is. */
  readonly acsTarget: AcsDeathName | undefined;
  readonly mayBeSecond: boolean;
  readonly outage: boolean;
  /** The patron takes their things and goes; over when they have, or the station is gone. */
  readonly leaves: () => Promise<void>;
  readonly lastsMs: number;
}

function strikeOf(
  world: CrashWorld,
  station: StationUnderTest,
  calamity: Calamity,
  chance: Stream,
  { before, target, acsTarget, mayBeSecond, outage, leaves, lastsMs }: StrikeParts,
): Strike {
  const momentMs = chance.whole(0, lastsMs);
  const killAt = async (kill: () => Promise<void> | void): Promise<string> => {
    await pause(momentMs);
    await kill();
    return `${momentMs} ms`;
  };
  /** A station that outlived its order is killed in the end, so that each round has its kill. */
  const killNow = async (): Promise<string> => {
    const outlived = station.alive();
    station.kill('station');
    if (!station.whole) await station.ended();
    return outlived ? 'killed at the end' : '';
  };
  switch (calamity) {
    case 'boundary': {
      if (target === undefined) throw new Error('impossible: a boundary round that aims at none');
      // The first of its name is sure to come, and the second may not.
      const count = mayBeSecond && chance.chance(0.5) ? 2 : 1;
      return {
        before: async () => {
          await station.order({ do: 'dieAtBoundary', name: target, count, word: boundaryWord(world) });
          return `${target}${count > 1 ? `, number ${count}` : ''}`;
        },
        during: nothing,
        after: async () => {
          // Some boundaries come only when a lost reply or an outage is cleared up.
          await world.goneOrQuiet(station, outage);
          // And some only when the patron leaves.
          if (station.alive()) await leaves();
          return killNow();
        },
      };
    }
    case 'tornCommit': {
      const count = 1 + (before % commitsMax);
      const word = join(world.folder, 'torn.json');
      return {
        before: async () => {
          await station.order({ do: 'dieAfterCommit', count, word });
          return `commit ${count}`;
        },
        during: nothing,
        after: async () => {
          const ended = await killNow();
          return world.tearLastCommit(word, chance) ? 'torn' : ended;
        },
      };
    }
    case 'clock': {
      const byMs = chance.chance(0.5) ? yearMs : -hourMs;
      const count = chance.whole(1, boundariesMax / 2);
      return {
        before: async () => {
          await station.order({ do: 'jumpAtBoundary', count, byMs });
          return `${byMs > 0 ? 'a year on' : 'an hour back'} at boundary ${count}`;
        },
        during: nothing,
        after: killNow,
      };
    }
    case 'station':
      return {
        before: nothing,
        during: () =>
          killAt(async () => {
            station.kill('station');
            await station.ended();
          }),
        after: nothing,
      };
    case 'supervised':
      return { before: nothing, during: () => killAt(() => station.kill('station')), after: nothing };
    case 'shell':
      return {
        before: nothing,
        during: () =>
          killAt(async () => {
            station.kill('shell');
            await station.ended();
          }),
        after: nothing,
      };
    case 'acs':
      return { before: nothing, during: () => killAt(() => world.restartAcs()), after: nothing };
    case 'acsAtBoundary': {
      // All of them in the end, and some of each part of a visit early on.
      const count = 1 + ((20 + 7 * before) % boundariesMax);
      return {
        before: async () => {
          await station.order({
            do: 'killAtBoundary',
            count,
            pid: world.acs.pid,
            word: boundaryWord(world),
          });
          return `boundary ${count}`;
        },
        during: async (visited) => {
          const died = world.acs.exited.then(() => true);
          const inTime = await Promise.race([died, visited.then(() => false)]);
          if (!inTime) await station.order({ do: 'forget' });
          await world.restartAcs();
          return inTime ? '' : 'killed at the end';
        },
        after: nothing,
      };
    }
    case 'acsInExchange': {
      if (acsTarget === undefined)
        throw new Error('impossible: a round that aims at no place of an exchange');
      const { at, code } = acsDeaths[acsTarget];
      return {
        before: async () => {
          await world.acs.dieAt(at, code);
          return acsTarget;
        },
        during: async (visited) => {
          const died = world.acs.exited.then(() => true);
          const inTime = await Promise.race([died, visited.then(() => false)]);
          if (inTime) writeFileSync(boundaryWord(world), JSON.stringify([acsTarget]));
          await world.restartAcs();
          return inTime ? '' : 'killed at the end';
        },
        after: nothing,
      };
    }
    case 'fullDisk':
      return { before: nothing, during: () => killAt(() => world.fillDisk()), after: killNow };
    case 'readOnlyDisk':
      return {
        before: nothing,
        during: () => killAt(() => station.kill('station')),
        after: async () => {
          await station.ended();
          world.writable(false);
          const refuses = await world.refusesToStart();
          world.writable(true);
          if (!refuses) throw new Error('a station started on a disk that cannot be written');
          return 'refused to start';
        },
      };
    default:
      throw new Error(`no such calamity: ${String(calamity satisfies never)}`);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void systemClock.after(ms, resolve));
}
