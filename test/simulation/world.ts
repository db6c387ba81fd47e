import { listRowsMax } from '../../src/journal/sqlite-journal.ts';
import { usualBehaviour } from '../../src/simulator/acs/behaviour.ts';
import { Library } from '../../src/simulator/acs/library.ts';
import type { LibraryData } from '../../src/simulator/acs/library-data.ts';
import demo from '../../src/simulator/demo/library.json' with { type: 'json' };
import { VirtualClock } from '../support/virtual-clock.ts';
import { Cable } from './cable.ts';
import { Checks } from './checks.ts';
import { Deeds } from './deeds.ts';
import { Diary } from './diary.ts';
import { nothingInClear } from './disk-check.ts';
import { FillingDisk } from './disk.ts';
import { DrawnFates } from './fates.ts';
import { itemNumber, simulatedLibrary } from './library-data.ts';
import { Machine, replyTimeoutMs } from './machine.ts';
import { Network } from './network.ts';
import { Pad } from './pad.ts';
import { People } from './people.ts';
import { DrawnPower, imageOf, OrderedPower, WrittenPower, type Power } from './power.ts';
import type { RunResult, WorldOrder } from './run-result.ts';
import { drawScenario, isCalm, quietDay, returnsOnly, type Scenario } from './scenario.ts';
import { RecordedFates, WrittenFates, type Script } from './script.ts';
import { Streams } from './streams.ts';
import { Troubles } from './troubles.ts';
import { Violations } from './violations.ts';

const patronCount = 60;
const itemCount = 400;
const timeZone = 'Europe/Helsinki';
const dayStart = Date.UTC(2026, 10, 20, 6, 0, 0);
/** After the last visitor: time in which nothing fails and everything must be settled. */
const healMs = 20 * 60_000;
/** So often at most sync rests after that. */
const restsMax = 3;
/** A hundred visitors take some hours; what takes longer hangs. */
const dayMsMax = 72 * 3_600_000;
/** The policy's default for settled rows, and a day. */
const purgedAfterMs = 15 * 24 * 3_600_000;

/**
 * One seed: a station with a real journal, its ACS, its network and its visitors, in virtual time, with faults drawn
 * from the seed and power cuts at the boundaries of the loop. Then everything heals, and all must be settled.
 */
export class World {
  readonly #order: WorldOrder;
  readonly #streams: Streams;
  readonly #clock = new VirtualClock(dayStart);
  readonly #scenario: Scenario;
  readonly #network: Network;
  readonly #fates: RecordedFates | WrittenFates;
  readonly #drawnFates: DrawnFates;
  readonly #troubles: Troubles;
  readonly #violations = new Violations(() => this.#clock.monotonic());
  readonly #diary = new Diary(
    () => this.#clock.monotonic(),
    () => this.#violations.count > 0,
  );
  readonly #cable = new Cable();
  readonly #pad = new Pad((delayMs, act) => {
    this.#clock.after(delayMs, () => this.#machine.survive(act));
  });
  readonly #items = Array.from({ length: itemCount }, (_, index) => itemNumber(index));
  readonly #disk: FillingDisk;
  readonly #checks: Checks;
  readonly #machine: Machine;
  readonly #deeds: Deeds;
  readonly #people: People;

  constructor(order: WorldOrder) {
    const { script } = order;
    this.#order = order;
    const streams = new Streams(order.seed);
    const clock = this.#clock;
    this.#streams = streams;
    const scenario = script === undefined ? (order.scenario ?? drawScenario(streams)) : scenarioOf(script);
    this.#scenario = scenario;
    const library = new Library(
      simulatedLibrary(demo as LibraryData, { patrons: patronCount, items: itemCount }),
      { timeZone, startsAt: dayStart, rules: { noBlock: scenario.offline.noBlock } },
    );
    this.#checks = new Checks({
      violations: this.#violations,
      diary: this.#diary,
      clock,
      library,
      pad: this.#pad,
      timeZone,
      clockJumps: scenario.clockJumps,
      calm: script === undefined && isCalm(scenario),
      pinHeld: () => this.#machine.life?.station.loop.pinHeld ?? 0,
    });
    // What is out on loan when the day begins was freed then.
    for (const item of this.#items) if (library.item(item)?.loan !== undefined) this.#pad.free(item);
    this.#drawnFates = new DrawnFates(
      scenario.network,
      streams.of('network'),
      replyTimeoutMs,
      scenario.lateMsMax,
    );
    this.#fates = script === undefined ? new RecordedFates(this.#drawnFates) : new WrittenFates(script.fates);
    this.#troubles = new Troubles({
      clock,
      streams,
      scenario,
      carryOut: (doing) => this.#deeds.carryOut(doing),
    });
    this.#network = new Network({
      clock,
      library,
      behaviour: { ...usualBehaviour(), login: { user: 'sc', password: 'secret' } },
      fates: this.#fates,
    });
    this.#network.onOpened = () => this.#checks.acceptances.connected();
    this.#network.onRequest = (bytes) => this.#requestLeft(bytes);
    this.#network.onReply = (bytes) => this.#checks.pins.replyLeft(textOf(bytes));
    this.#disk = new FillingDisk(streams.of('disk'), scenario.diskFull, () => clock.monotonic());
    this.#disk.onFull = (fullMs, reserveLeft) =>
      this.#diary.deeds.push({ at: clock.monotonic(), do: 'disk', fullMs, reserveLeft });
    this.#machine = new Machine({
      order,
      scenario,
      timeZone,
      clock,
      streams,
      power: this.#powerPlan(),
      disk: this.#disk,
      network: this.#network,
      cable: this.#cable,
      pad: this.#pad,
      checks: this.#checks,
      diary: this.#diary,
    });
    this.#deeds = new Deeds({
      clock,
      chance: streams.of('desk'),
      diary: this.#diary,
      checks: this.#checks,
      machine: this.#machine,
      network: this.#network,
      cable: this.#cable,
      pad: this.#pad,
      disk: this.#disk,
    });
    this.#people = new People({
      count: patronCount,
      visits: order.sessions,
      clock,
      streams,
      scenario,
      library,
      items: this.#items,
      view: () => this.#machine.life?.latest,
      carryOut: (doing) => this.#deeds.carryOut(doing),
      // What somebody left on the reader lies before whoever comes next.
      arrived: (texts) => this.#checks.views.arrived([...texts, ...this.#pad.items()]),
    });
  }

  run(): RunResult {
    const machine = this.#machine;
    machine.remove();
    machine.start();
    const { script } = this.#order;
    if (script === undefined) {
      this.#troubles.start();
      this.#people.next();
      this.#passUntil(() => this.#people.left <= 0);
    } else {
      for (const deed of script.deeds) this.#clock.after(deed.at, () => this.#deeds.carryOut(deed));
      let ended = false;
      this.#clock.after(script.endsAt, () => (ended = true));
      this.#passUntil(() => ended);
    }
    const endsAt = this.#clock.monotonic();
    this.#heal();
    machine.stop();
    return {
      seed: this.#order.seed,
      violations: this.#violations.list,
      violationCount: this.#violations.count,
      stationDays: this.#order.sessions / 100,
      crashes: machine.crashes,
      tagChanges: this.#checks.tags.changes,
      torn: machine.torn,
      partitions: this.#deeds.partitions,
      lags: this.#deeds.lags,
      unplugs: this.#deeds.unplugs,
      ownPinChecks: this.#checks.pins.ownChecks,
      readerUnplugs: this.#pad.unplugs,
      fullCommits: machine.fullCommits,
      boundaries: machine.boundaries,
      transactions: this.#checks.transactions,
      uncertain: this.#checks.uncertain,
      feigned: this.#checks.acceptances.feigned,
      notDone: this.#checks.acceptances.notDone,
      hash: this.#diary.digest(),
      lastEvents: this.#diary.lastEvents(),
      script: () => this.#script(endsAt),
    };
  }

  #powerPlan(): Power {
    const { cutAt, tearAt, script } = this.#order;
    if (script !== undefined) return new WrittenPower(script.cuts);
    if (cutAt !== undefined) return new OrderedPower(cutAt, 'cut');
    if (tearAt !== undefined) return new OrderedPower(tearAt, 'tear');
    return new DrawnPower(this.#streams.of('power'), this.#scenario.powerCut);
  }

  #passUntil(over: () => boolean): void {
    while (!over()) {
      if (this.#clock.monotonic() > dayMsMax) return this.#violations.add(2, 'the day does not end');
      const wait = this.#clock.untilNext();
      if (wait === undefined) return this.#violations.add(2, 'the world stands still');
      this.#machine.survive(() => this.#clock.advance(wait));
      this.#checks.tags.atRest();
    }
  }

  #heal(): void {
    this.#drawnFates.heal();
    this.#troubles.end();
    this.#network.up = true;
    this.#network.lies = false;
    this.#checks.ledger.lies(false);
    this.#checks.ledger.lags(false);
    this.#network.cut = 'none';
    this.#cable.plugIn();
    this.#machine.survive(() => this.#pad.plugIn());
    this.#disk.heal();
    this.#machine.heal();
    this.#passMs(healMs);
    // After an ACS that did nothing sync rests for a while, and has its time when that is over.
    for (let rests = 0; rests < restsMax && this.#restMs() > -healMs; rests++)
      this.#passMs(Math.max(this.#restMs(), 0) + healMs);
    const { life } = this.#machine;
    this.#checks.ledger.allSettled();
    this.#checks.tags.allSettled(life?.journal.tagWork() ?? [], this.#items);
    this.#nothingOutlivesItsPurpose();
    if (life?.station.loop.state.session.phase !== 'home') {
      this.#violations.add(7, 'the station did not come back to rest');
    }
  }

  /** How long sync rests yet; less than none: since when it does no more. */
  #restMs(): number {
    const { restUntil } = this.#machine.life?.station.loop.state.acceptances ?? { restUntil: 0 };
    return restUntil - this.#clock.monotonic();
  }

  #passMs(spanMs: number): void {
    const until = this.#clock.monotonic() + spanMs;
    this.#passUntil(() => this.#clock.monotonic() >= until);
  }

  /** Long after the last visit the journal holds nothing settled any more, and the files never held anything in clear. */
  #nothingOutlivesItsPurpose(): void {
    const journal = this.#machine.life?.journal;
    if (journal === undefined) return this.#violations.add(2, 'the station is not back');
    nothingInClear(imageOf(this.#order.file), this.#violations);
    const purged = journal.purge(this.#clock.now() + purgedAfterMs);
    const left = journal.list({ limit: listRowsMax }).filter(({ state }) => state !== 'staff');
    if (!purged.ok || left.length > 0)
      this.#violations.add(9, `${left.length} settled rows outlive their purpose`);
  }

  #requestLeft(bytes: Uint8Array): void {
    const text = textOf(bytes);
    this.#diary.note(`sent ${text.slice(0, 2)}`);
    this.#checks.pins.requestLeft(text);
  }

  #script(endsAt: number): Script {
    const { pagesMax, offline, renewsTogether } = this.#scenario;
    return {
      about: this.#violations.list.map(({ assertion, what }) => `${assertion}: ${what}`)[0] ?? '',
      ...(pagesMax === undefined ? {} : { pagesMax }),
      ...(offline.lends ? { offline } : {}),
      ...(renewsTogether ? { renewsTogether } : {}),
      endsAt,
      deeds: this.#diary.deeds,
      fates: this.#fates.written,
      cuts: this.#diary.cuts,
    };
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

function scenarioOf({ pagesMax, offline, renewsTogether }: Script): Scenario {
  return {
    ...quietDay,
    pagesMax,
    offline: offline ?? returnsOnly,
    renewsTogether: renewsTogether === true,
  };
}
