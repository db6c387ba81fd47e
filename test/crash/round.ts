import { join } from 'node:path';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Stream } from '../simulation/streams.ts';
import { type SocketPage, StationGone } from './socket-page.ts';
import type { StationUnderTest } from './station-child.ts';
import { judge, shownOf, type Plan, type Verdict } from './verdict.ts';
import { cardOf, itemOf, patronCount, pin, type CrashWorld } from './world.ts';

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
  /** `kill -9` of the library system. */
  'acs',
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
  'shell',
  'tornCommit',
  'acs',
  'boundary',
  'clock',
  'fullDisk',
  'readOnlyDisk',
];

/** Which calamities need a disk of the test's own. */
export const needsOwnDisk: ReadonlySet<Calamity> = new Set(['fullDisk', 'readOnlyDisk']);

/** Boundaries of a visit of three items, more or less; later ones come with its settling. */
const boundariesMax = 40;
const commitsMax = 8;
/** A visit takes about so long. */
const visitMs = 500;

/** What the library holds as far as the patrons know: which item is whose. */
export class Shelf {
  readonly #loans = new Map<string, string>();
  #fresh = 0;

  /** Up to three items, each for one act; items of a round before whose fate staff decide are left alone. */
  plan(chance: Stream): {
    readonly visit: 'borrow' | 'return';
    readonly card: string;
    readonly plans: readonly Plan[];
  } {
    const card = cardOf(chance.whole(0, patronCount - 1));
    const count = chance.whole(1, 3);
    const owned = [...this.#loans].filter(([, whose]) => whose === card).map(([item]) => item);
    if (this.#loans.size > 3 && chance.chance(0.4)) {
      const items = [...this.#loans].slice(0, count);
      return {
        visit: 'return',
        card,
        plans: items.map(([item, whose]) => ({ act: 'return', item, card: whose })),
      };
    }
    const plans = Array.from({ length: count }, (_, index): Plan => {
      const own = owned[index];
      if (own !== undefined && chance.chance(0.4)) return { act: 'renew', item: own, card };
      this.#fresh += 1;
      return { act: 'borrow', item: itemOf(this.#fresh), card };
    });
    return { visit: 'borrow', card, plans };
  }

  /** Learns from the library system. */
  learn(loans: readonly { readonly item: string; readonly card: string }[]): void {
    this.#loans.clear();
    for (const { item, card } of loans) this.#loans.set(item, card);
  }
}

export interface RoundResult extends Verdict {
  readonly calamity: Calamity;
  /** What was killed, where it is not obvious. */
  readonly note: string;
}

/** One visit, one calamity, and what comes of it after all has healed. */
export async function playRound(
  world: CrashWorld,
  shelf: Shelf,
  calamity: Calamity,
  chance: Stream,
  /** How many rounds of this calamity there were before: boundaries and commits are gone through one by one. */
  before: number,
): Promise<RoundResult> {
  const station = await world.station(calamity === 'supervised' || calamity === 'shell');
  await world.settled();
  world.pages.splice(0, world.pages.length);
  const page = await world.page();
  world.pages.push(page);
  const shownBefore = page.views.length;
  const lastSeq = Math.max(0, ...(await world.rows()).map(({ seq }) => seq));
  const ledgerFrom = (await world.acs.ledger()).length;
  const { visit, card, plans } = shelf.plan(chance);
  const outage = calamity !== 'acs' && visit === 'return' && chance.chance(0.3);
  if (outage) await world.acs.refuseConnections(true);
  else if (calamity !== 'acs' && chance.chance(0.3))
    await world.acs.fault('loseReply', chance.pick(['11', '09']));

  const strike = strikeOf(world, station, calamity, chance, before);
  const note = await strike.before();
  const [, struck] = await Promise.all([
    goThrough(world, page, visit, card, plans).catch((error: unknown) => {
      if (!(error instanceof StationGone)) throw error;
    }),
    strike.during(),
  ]);
  await heal(world, outage);
  const healed = await strike.after();
  await world.station(station.whole);
  const settled = await world.settled();
  await goHome(await world.page());

  const views = world.pages.flatMap((one) => (one === page ? one.views.slice(shownBefore) : one.views));
  const rows = (await world.rows()).filter(({ seq }) => seq > lastSeq);
  const verdict = judge(plans, shownOf(views), rows, (await world.acs.ledger()).slice(ledgerFrom));
  shelf.learn(await world.acs.loans());
  const lost = settled ? verdict.lost : [...verdict.lost, 'it did not settle'];
  return {
    calamity,
    note: [note, struck, healed].filter((part) => part !== '').join(', '),
    ...verdict,
    lost,
  };
}

/** A patron does what they came for, as far as the station lets them. */
async function goThrough(
  world: CrashWorld,
  page: SocketPage,
  visit: 'borrow' | 'return',
  card: string,
  plans: readonly Plan[],
): Promise<void> {
  await page.screen('home');
  page.do({ do: 'chooseService', service: visit });
  if (visit === 'borrow') {
    await page.sees(
      'the card is asked for',
      ({ screen }) => screen.name === 'card' || screen.name === 'refusal',
    );
    if (page.view?.screen.name === 'refusal') return;
    await world.scanner.write(`${card}\r`);
    await page.sees(
      'the PIN is asked for',
      ({ screen }) => screen.name === 'pin' || screen.name === 'refusal',
    );
    for (const key of pin) page.do({ do: 'pinKey', key });
    page.do({ do: 'pinEnter' });
    await page.sees(
      'the PIN was checked',
      ({ screen }) => screen.name !== 'pin' || screen.refusal !== undefined,
    );
  }
  if (page.view?.screen.name !== visit) return;
  for (const { item } of plans) {
    await world.scanner.write(`${item}\r`);
    await page.sees(
      'the scan shows',
      (view) => rowsOf(view.screen).includes(item) || view.screen.name !== visit,
    );
  }
  await page.sees(
    'each has its verdict',
    ({ screen }) => (screen.name !== 'borrow' && screen.name !== 'return') || screen.counts.pending === 0,
  );
}

function rowsOf(screen: NonNullable<SocketPage['view']>['screen']): readonly string[] {
  return screen.name === 'borrow' || screen.name === 'return' ? screen.items.map(({ item }) => item) : [];
}

async function goHome(page: SocketPage): Promise<void> {
  await page.sees('home', ({ screen }) => {
    if (screen.name === 'home') return true;
    if (screen.name !== 'finished') page.do({ do: 'leave' });
    return false;
  });
}

async function heal(world: CrashWorld, outage: boolean): Promise<void> {
  world.emptyDisk();
  await world.acs.clearFaults();
  if (outage) await world.acs.refuseConnections(false);
}

interface Strike {
  /** Before the patron comes; says what will be. */
  before(): Promise<string>;
  /** While the patron is there. */
  during(): Promise<string>;
  /** When the patron has gone or seen the end of it. */
  after(): Promise<string>;
}

const nothing = (): Promise<string> => Promise.resolve('');

function strikeOf(
  world: CrashWorld,
  station: StationUnderTest,
  calamity: Calamity,
  chance: Stream,
  before: number,
): Strike {
  const momentMs = chance.whole(0, visitMs);
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
      const count = 1 + (before % boundariesMax);
      return {
        before: async () => {
          await station.order({ do: 'dieAtBoundary', count });
          return `boundary ${count}`;
        },
        during: nothing,
        after: killNow,
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
