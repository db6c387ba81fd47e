import { createHash, type Hash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { unreachable } from '../../src/kernel/assert.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { SerialBarcodeScanner } from '../../src/devices/barcode-scanner/driver.ts';
import { LibraryTime } from '../../src/ils/library-time.ts';
import { Sip2Ils } from '../../src/ils/sip2-ils.ts';
import { MemoryKeyStore } from '../../src/journal/memory-key-store.ts';
import type { Row } from '../../src/journal/rows.ts';
import { listRowsMax, SqliteJournal } from '../../src/journal/sqlite-journal.ts';
import type { ByteStreamEvents } from '../../src/kernel/bytes.ts';
import type { IntentAct } from '../../src/shared/intent.ts';
import type { View } from '../../src/shared/view.ts';
import { usualBehaviour } from '../../src/simulator/acs/behaviour.ts';
import { Library } from '../../src/simulator/acs/library.ts';
import type { LibraryData } from '../../src/simulator/acs/library-data.ts';
import demo from '../../src/simulator/demo/library.json' with { type: 'json' };
import { profileWith } from '../support/profile.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { FillingDisk } from './disk.ts';
import { LedgerCheck } from './ledger-check.ts';
import { cardNumber, itemNumber, pinOf, simulatedLibrary } from './library-data.ts';
import { Life, PowerCut, type LifeParts } from './life.ts';
import { DrawnFates } from './fates.ts';
import { Network } from './network.ts';
import {
  DrawnPower,
  imageOf,
  OrderedPower,
  restore,
  torn,
  WrittenPower,
  type DiskImage,
  type Power,
} from './power.ts';
import { Pad } from './pad.ts';
import { ReasonCheck } from './reason-check.ts';
import { inFlightLanded, nothingInClear } from './disk-check.ts';
import type { Plant } from './planted.ts';
import { drawScenario, quietDay, returnsOnly, type Scenario } from './scenario.ts';
import { Books } from './shelf.ts';
import { coreSettings, offlineRules } from './settings.ts';
import { BoundaryNames, RecordedFates, WrittenFates, type Cut, type Deed, type Script } from './script.ts';
import { Streams } from './streams.ts';
import { Troubles } from './troubles.ts';
import { ViewCheck } from './view-check.ts';
import type { Happening } from '../../src/station/core/events.ts';
import type { State } from '../../src/station/core/state.ts';
import { step as rightStep } from '../../src/station/core/step.ts';
import { TagCheck } from './tag-check.ts';
import { Violations, type Violation } from './violations.ts';
import { Visitor, type Desk } from './visitor.ts';

/** A library system that renews all loans by one request. */
const together = profileWith({ renewAll: 'together' });

const patronCount = 60;
const itemCount = 400;
const timeZone = 'Europe/Helsinki';
const dayStart = Date.UTC(2026, 10, 20, 6, 0, 0);
const replyTimeoutMs = 5_000;
/** After the last visitor: time in which nothing fails and everything must be settled. */
const healMs = 20 * 60_000;
const nextVisitorMsMax = 20_000;
/** A hundred visitors take some hours; what takes longer hangs. */
const dayMsMax = 72 * 3_600_000;

/** A person did something, and the station heard it. A label read twice at once is heard once. */
function isTouch(what: Happening, epoch: number): boolean {
  return (
    what.type === 'scan' || what.type === 'scanUnreadable' || (what.type === 'act' && what.epoch === epoch)
  );
}

/** Nobody pressed "finish": the session ended because nobody seemed to be there. */
function endsByTime(what: Happening, before: State, after: State): boolean {
  const inUse =
    before.session.phase === 'card' || before.session.phase === 'pin' || before.session.phase === 'open';
  const asked = before.session.phase === 'open' && before.session.finishing;
  return what.type === 'timer' && before.epoch !== after.epoch && inUse && !asked;
}

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
  /** Commits that found no room in the journal’s file itself. */
  readonly fullCommits: number;
  /** Boundaries between deciding, committing, publishing and acting that were passed. */
  readonly boundaries: number;
  readonly transactions: number;
  readonly uncertain: number;
  readonly hash: string;
  readonly lastEvents: readonly string[];
  readonly script: Script;
}

const eventsKept = 60;
/** A station that can’t get up again ends the run. */
const crashesMax = 1_000;
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
  readonly #library: Library;
  readonly #network: Network;
  readonly #fates: RecordedFates | WrittenFates;
  readonly #drawnFates: DrawnFates;
  readonly #power: Power;
  readonly #troubles: Troubles;
  readonly #boundaryNames = new BoundaryNames();
  readonly #deeds: Deed[] = [];
  readonly #cuts: Cut[] = [];
  #boundary = '';
  readonly #violations: Violations;
  readonly #ledger: LedgerCheck;
  readonly #views: ViewCheck;
  readonly #pad = new Pad();
  readonly #tags: TagCheck;
  readonly #reasons: ReasonCheck;
  readonly #keyStore: MemoryKeyStore;
  readonly #books: Books;
  readonly #items = Array.from({ length: itemCount }, (_, index) => itemNumber(index));
  readonly #disk: FillingDisk;
  readonly #hash: Hash = createHash('sha256');
  readonly #events: string[] = [];
  #life: Life | undefined;
  #scanner: ByteStreamEvents | undefined;
  #plugged = true;
  /** The next commit does not come to its end. */
  #tears = false;
  /** The disk as the power cut left it, and what was being written. */
  #image: DiskImage | undefined;
  #inFlight: readonly Row[] = [];
  /** The rows of the turn that is being taken. */
  #decided: readonly Row[] = [];
  #sessionsLeft: number;
  #crashes = 0;
  #torn = 0;
  #partitions = 0;
  #unplugs = 0;
  #fullCommits = 0;
  #intents = 0;
  #pinTries = 0;
  #pinChecks = 0;
  #pinQuestion = '';
  #boundaries = 0;
  #uncertain = 0;
  #healing = false;
  #transactions = 0;

  constructor(order: WorldOrder) {
    this.#order = order;
    this.#sessionsLeft = order.sessions;
    this.#streams = new Streams(order.seed);
    const { script } = order;
    this.#scenario =
      script === undefined
        ? (order.scenario ?? drawScenario(this.#streams.of('scenario')))
        : {
            ...quietDay,
            pagesMax: script.pagesMax,
            offline: script.offline ?? returnsOnly,
            renewsTogether: script.renewsTogether === true,
          };
    this.#library = new Library(
      simulatedLibrary(demo as LibraryData, { patrons: patronCount, items: itemCount }),
      { timeZone, startsAt: dayStart, rules: { noBlock: this.#scenario.offline.noBlock } },
    );
    this.#violations = new Violations(() => this.#clock.monotonic());
    const libraryTime = new LibraryTime(timeZone);
    this.#ledger = new LedgerCheck({
      violations: this.#violations,
      isCharged: (item) => this.#library.item(item)?.loan !== undefined,
      dayOf: coreSettings.localDate,
      sip2Time: (at) => libraryTime.sip2(at),
    });
    this.#library.ledger.onEntry = (entry) => this.#ledger.effect(entry);
    this.#views = new ViewCheck({
      violations: this.#violations,
      ledger: this.#ledger,
      pins: Array.from({ length: patronCount }, (_, index) => pinOf(index)),
      idleMs: coreSettings.session.idleMs,
      restingLanguage: coreSettings.library.languages[0] ?? '',
      now: () => this.#clock.monotonic(),
    });
    this.#reasons = new ReasonCheck(this.#violations);
    this.#tags = new TagCheck({
      violations: this.#violations,
      ledger: this.#ledger,
      pad: this.#pad,
      isLent: (item) => this.#library.item(item)?.loan !== undefined,
    });
    // What is out on loan when the day begins was freed then.
    for (const item of this.#items) if (this.#library.item(item)?.loan !== undefined) this.#pad.free(item);
    this.#keyStore = new MemoryKeyStore(this.#streams.of('keys'));
    const { network, lateMsMax } = this.#scenario;
    this.#drawnFates = new DrawnFates(network, this.#streams.of('network'), replyTimeoutMs, lateMsMax);
    this.#fates = script === undefined ? new RecordedFates(this.#drawnFates) : new WrittenFates(script.fates);
    this.#power = this.#powerPlan();
    this.#troubles = new Troubles({
      clock: this.#clock,
      streams: this.#streams,
      scenario: this.#scenario,
      carryOut: (deed) => this.#carryOut({ ...deed, at: this.#clock.monotonic() }),
    });
    this.#network = new Network({
      clock: this.#clock,
      library: this.#library,
      behaviour: { ...usualBehaviour(), login: { user: 'sc', password: 'secret' } },
      fates: this.#fates,
    });
    this.#network.onRequest = (bytes) => this.#requestLeft(bytes);
    this.#disk = new FillingDisk(this.#streams.of('disk'), this.#scenario.diskFull, () =>
      this.#clock.monotonic(),
    );
    this.#disk.onFull = (fullMs, reserveLeft) =>
      this.#deeds.push({ at: this.#clock.monotonic(), do: 'disk', fullMs, reserveLeft });
    this.#books = new Books(this.#items);
  }

  run(): RunResult {
    const sessions = this.#sessionsLeft;
    this.#remove();
    this.#start();
    const { script } = this.#order;
    if (script === undefined) {
      this.#troubles.start();
      this.#nextVisitor();
      this.#passUntil(() => this.#sessionsLeft <= 0);
    } else {
      for (const deed of script.deeds) this.#clock.after(deed.at, () => this.#carryOut(deed));
      let ended = false;
      this.#clock.after(script.endsAt, () => (ended = true));
      this.#passUntil(() => ended);
    }
    const endsAt = this.#clock.monotonic();
    this.#heal();
    this.#life?.station.stop();
    this.#life?.die();
    this.#remove();
    return {
      seed: this.#order.seed,
      violations: this.#violations.list,
      violationCount: this.#violations.count,
      stationDays: sessions / 100,
      crashes: this.#crashes,
      tagChanges: this.#tags.changes,
      torn: this.#torn,
      partitions: this.#partitions,
      unplugs: this.#unplugs,
      fullCommits: this.#fullCommits,
      boundaries: this.#boundaries,
      transactions: this.#transactions,
      uncertain: this.#uncertain,
      hash: this.#hash.digest('hex'),
      lastEvents: this.#events,
      script: this.#script(endsAt),
    };
  }

  #passUntil(over: () => boolean): void {
    while (!over()) {
      if (this.#clock.monotonic() > dayMsMax) return this.#violations.add(2, 'the day does not end');
      const wait = this.#clock.untilNext();
      if (wait === undefined) return this.#violations.add(2, 'the world stands still');
      this.#advance(wait);
    }
  }

  #advance(ms: number): void {
    this.#mortal(() => this.#clock.advance(ms));
  }

  /** Does something that may end the station’s life. */
  #mortal(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof PowerCut)) {
        // What is impossible crashes the station loudly; here it is found out, and the day goes on.
        if (this.#crashes >= crashesMax) throw error;
        this.#violations.add(
          0,
          `the station crashed: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      this.#crashed();
    }
  }

  #heal(): void {
    this.#healing = true;
    this.#tears = false;
    this.#drawnFates.heal();
    this.#troubles.end();
    this.#network.up = true;
    this.#network.cut = 'none';
    this.#plugged = true;
    this.#disk.heal();
    // Somebody makes room on the disk and starts the machine anew.
    if (this.#scenario.pagesMax !== undefined && this.#life !== undefined) this.#crashed();
    const until = this.#clock.monotonic() + healMs;
    this.#passUntil(() => this.#clock.monotonic() >= until);
    this.#ledger.allSettled();
    this.#tags.allSettled(this.#life?.journal.tagWork() ?? [], this.#items);
    this.#nothingOutlivesItsPurpose();
    if (this.#life?.station.loop.state.session.phase !== 'home') {
      this.#violations.add(7, 'the station did not come back to rest');
    }
  }

  /** Long after the last visit the journal holds nothing settled any more, and the files never held anything in clear. */
  #nothingOutlivesItsPurpose(): void {
    const journal = this.#life?.journal;
    if (journal === undefined) return this.#violations.add(2, 'the station is not back');
    const purged = journal.purge(this.#clock.now() + purgedAfterMs);
    const left = journal.list({ limit: listRowsMax }).filter(({ state }) => state !== 'staff');
    if (!purged.ok || left.length > 0)
      this.#violations.add(9, `${left.length} settled rows outlive their purpose`);
    nothingInClear(imageOf(this.#order.file), this.#violations);
  }

  #open(): SqliteJournal {
    const { pagesMax } = this.#scenario;
    const opened = SqliteJournal.open(this.#order.file, {
      keyStore: this.#keyStore,
      zone: timeZone,
      random: this.#streams.of('journal'),
      now: () => this.#clock.now(),
      // The first life makes the tables; a later one may find the disk almost full, or full (SQLite never sets less
      // than what the file has).
      ...(pagesMax === undefined || this.#healing || this.#crashes === 0 ? {} : { pagesMax }),
    });
    if (!opened.ok) throw new Error(`the journal does not open: ${JSON.stringify(opened.error)}`);
    return opened.value;
  }

  #start(): void {
    const journal = this.#open();
    if (inFlightLanded(this.#inFlight, journal, this.#violations)) this.#committed(this.#inFlight);
    this.#inFlight = [];
    this.#ledger.compare(journal);
    this.#views.restarted();
    const life = new Life(journal, this.#clock, (clock) => this.#parts(journal, clock));
    this.#life = life;
    this.#mortal(() => life.station.start());
  }

  #parts(journal: SqliteJournal, clock: Clock): LifeParts {
    const random = this.#streams.of('station');
    const planted = this.#order.plant;
    const watched = {
      commit: (rows: readonly Row[]) => {
        if (this.#disk.refuses(rows)) {
          this.#reasons.notesLost();
          return { ok: false as const, failure: { kind: 'full' as const } };
        }
        if (this.#tears) return this.#tear(journal, rows);
        const result = journal.commit(rows);
        if (result.ok) {
          this.#committed(rows);
          return result;
        }
        this.#fullCommits += 1;
        this.#reasons.notesLost();
        return result;
      },
      open: () => journal.open(),
      pinTries: () => journal.pinTries(),
      tagWork: () => journal.tagWork(),
      hash: (value: string) => journal.hash(value),
      probe: () => (this.#disk.isFull() ? ('full' as const) : journal.probe()),
      staffCount: () => journal.staffCount(),
      close: () => journal.close(),
    };
    const ils = Sip2Ils.create(
      {
        institutionId: 'SIM',
        login: { user: 'sc', password: 'secret' },
        charset: 'utf-8',
        errorDetection: true,
        timeZone,
        currency: 'EUR',
        replyTimeoutMs,
        profile: this.#scenario.renewsTogether ? together : undefined,
      },
      { open: (events) => this.#network.connect(events), clock, random, log: silentLog },
    );
    if (!ils.ok) throw new Error(`no dialect: ${JSON.stringify(ils.error)}`);
    const parts = {
      settings: {
        ...coreSettings,
        offline: offlineRules(this.#scenario.offline),
        hash: (value: string) => journal.hash(value),
      },
      journal: watched,
      ils: ils.value,
      scanners: [
        new SerialBarcodeScanner({
          clock,
          log: silentLog,
          path: 'virtual',
          open: (events) => {
            clock.after(1, () => this.#plugIn(events));
            return { write: () => true, close: () => undefined };
          },
        }),
      ],
      rfidReader: this.#pad.reader(clock),
      random,
      log: silentLog,
      publish: (view: View) => this.#published(view),
      boundary: (where: 'commit' | 'publish' | 'effect') => this.#perhapsCut(where),
    };
    const made: LifeParts = planted === undefined ? parts : planted(parts, this.#streams.of('plant'));
    const step = made.step ?? rightStep;
    return {
      ...made,
      step: (state, event, settings) => {
        this.#pinIsWhereItBelongs(state);
        if (isTouch(event.what, state.epoch)) this.#views.touched();
        const decided = step(state, event, settings);
        this.#decided = decided.rows;
        this.#returnIsTaken(event.what, state, decided.rows);
        if (endsByTime(event.what, state, decided.state)) {
          this.#views.endedByItself(coreSettings.session.warningMs);
        }
        return decided;
      },
    };
  }

  /** Between two turns a PIN is held only while it is typed or checked. */
  #pinIsWhereItBelongs({ session }: State): void {
    const held = this.#life?.station.loop.pinHeld ?? 0;
    const expected = session.phase === 'pin' && session.entered > 0;
    if (held > 0 && !expected) this.#violations.add(6, 'a PIN is held outside its check');
  }

  /** Each item that is handed in becomes a row, whatever is down but the disk (assertion 5). */
  #returnIsTaken(what: Happening, { session }: State, rows: readonly Row[]): void {
    if (what.type !== 'scan' || !/^3I\d{6}$/.test(what.text)) return;
    if (session.phase !== 'open' || session.service !== 'return' || session.finishing) return;
    const stands = session.rows.some(
      (row) => row.kind === 'checkin' && row.item === what.text && row.stage !== 'refused',
    );
    const begun = rows.some((row) => row.row === 'begin' && row.kind === 'checkin' && row.item === what.text);
    if (!begun && !stands) this.#violations.add(5, `a return was not taken: ${what.text}`);
  }

  #powerPlan(): Power {
    const { cutAt, tearAt, script } = this.#order;
    if (script !== undefined) return new WrittenPower(script.cuts);
    if (cutAt !== undefined) return new OrderedPower(cutAt, 'cut');
    if (tearAt !== undefined) return new OrderedPower(tearAt, 'tear');
    return new DrawnPower(this.#streams.of('power'), this.#scenario.powerCut);
  }

  #perhapsCut(where: 'commit' | 'publish' | 'effect'): void {
    this.#boundaries += 1;
    if (this.#healing && this.#order.cutAt === undefined) return;
    const boundary = this.#boundaryNames.next(where);
    const power = this.#power.at(where, this.#boundaries, boundary);
    if (power === 'stays') return;
    this.#boundary = boundary;
    this.#tears = power === 'tear';
    if (power === 'cut') throw new PowerCut();
  }

  /** The power goes while these rows are written: they are there as a whole, or not at all. */
  #tear(journal: SqliteJournal, rows: readonly Row[]): never {
    this.#tears = false;
    const before = imageOf(this.#order.file);
    const { ok } = journal.commit(rows);
    this.#image = torn(before, imageOf(this.#order.file), this.#streams.of('torn'));
    // What was decided as one must be found as one, however it was written.
    if (ok) this.#inFlight = this.#decided;
    this.#torn += 1;
    throw new PowerCut();
  }

  #plugIn(events: ByteStreamEvents): void {
    if (!this.#plugged) return events.closed('no such device');
    this.#scanner = events;
    events.opened();
  }

  #crashed(): void {
    this.#crashes += 1;
    this.#note('power cut');
    const torn = this.#image !== undefined;
    const image = this.#image ?? imageOf(this.#order.file);
    this.#image = undefined;
    this.#life?.die();
    restore(this.#order.file, image);
    nothingInClear(image, this.#violations);
    this.#network.stationDied();
    this.#pad.stationDied();
    this.#life = undefined;
    this.#scanner = undefined;
    this.#tears = false;
    const darkMs = this.#power.darkMs();
    if (!this.#healing) this.#cuts.push({ boundary: this.#boundary, torn, darkMs });
    this.#clock.after(darkMs, () => this.#start());
  }

  #committed(rows: readonly Row[]): void {
    for (const row of rows) {
      if (row.row === 'begin') this.#transactions += 1;
      if (row.row === 'pinTried') this.#pinTries += 1;
      if (row.row === 'move' && row.to === 'uncertain') this.#uncertain += 1;
      const text = JSON.stringify(row);
      this.#note(`row ${text}`);
      if (text.includes('ßQz')) this.#violations.add(6, 'a PIN in a row');
    }
    this.#ledger.committed(rows);
    this.#tags.committed(rows);
    this.#reasons.committed(rows);
    this.#boundaryNames.committed(rows);
  }

  #published(view: View): void {
    const text = JSON.stringify(view);
    this.#hash.update(text);
    this.#views.published(view, text);
    this.#reasons.published(view);
    this.#tags.published(view);
    this.#note(`view ${view.revision} ${view.screen.name}`);
  }

  #requestLeft(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('utf8');
    this.#note(`sent ${text.slice(0, 2)}`);
    if (!text.includes('ßQz') && !text.includes('AD0000|')) return;
    // The same question once more, because no answer came, is no further try.
    const question = text.replace(/AY\dAZ[0-9A-F]{4}\r$/, '');
    if (question === this.#pinQuestion) return;
    this.#pinQuestion = question;
    this.#pinChecks += 1;
    if (this.#pinChecks > this.#pinTries)
      this.#violations.add(6, 'a PIN was checked that had not been counted');
    if (!text.startsWith('63')) this.#violations.add(6, 'a PIN in another message than the check');
  }

  #note(what: string): void {
    this.#hash.update(what);
    // What led to the first violation is what one wants to read.
    if (this.#violations.count > 0) return;
    this.#events.push(`${Math.round(this.#clock.monotonic())} ${what}`);
    if (this.#events.length > eventsKept) this.#events.shift();
  }

  /** Something that people or the world do. */
  #carryOut(deed: Deed): void {
    this.#deeds.push(deed);
    switch (deed.do) {
      case 'act':
        return this.#act(deed.act);
      case 'scan':
        return this.#scan(deed.text);
      case 'lay':
        this.#note(`lays ${deed.item}`);
        this.#views.personal(deed.item);
        return this.#pad.lay(deed.item, deed.trouble, (delayMs, next) =>
          this.#clock.after(delayMs, () => this.#mortal(next)),
        );
      case 'lift':
        this.#note(`lifts ${deed.item}`);
        return this.#mortal(() => this.#pad.lift(deed.item));
      case 'acs':
        this.#note(deed.up ? 'the ACS came back' : 'the ACS went away');
        if (deed.up) this.#network.up = true;
        else this.#network.goDown();
        return;
      case 'packets':
        this.#note(`packets vanish: ${deed.cut}`);
        if (deed.cut !== 'none') this.#partitions += 1;
        this.#network.cut = deed.cut;
        return;
      case 'cable':
        return this.#moveCable(deed.plugged);
      case 'clock':
        return this.#clock.jump(deed.jumpMs);
      case 'disk':
        return this.#disk.fill(deed.fullMs, deed.reserveLeft);
      default:
        return unreachable(deed);
    }
  }

  #script(endsAt: number): Script {
    const { pagesMax, offline, renewsTogether } = this.#scenario;
    return {
      about: this.#violations.list.map(({ assertion, what }) => `${assertion}: ${what}`)[0] ?? '',
      ...(pagesMax === undefined ? {} : { pagesMax }),
      ...(offline.lends ? { offline } : {}),
      ...(renewsTogether ? { renewsTogether } : {}),
      endsAt,
      deeds: this.#deeds,
      fates: this.#fates.written,
      cuts: this.#cuts,
    };
  }

  #moveCable(plugged: boolean): void {
    this.#plugged = plugged;
    if (plugged) return;
    this.#unplugs += 1;
    this.#note('the scanner is unplugged');
    const scanner = this.#scanner;
    this.#scanner = undefined;
    this.#mortal(() => scanner?.closed('unplugged'));
  }

  #nextVisitor(): void {
    const chance = this.#streams.of('visitors');
    this.#clock.after(chance.whole(500, nextVisitorMsMax), () => {
      const patron = chance.whole(0, patronCount - 1);
      const known = this.#library.state.patrons.get(cardNumber(patron));
      const holds = [...(known?.holds ?? [])].map((hold) => hold.item.data.item);
      this.#views.arrived([cardNumber(patron), ...(known?.loans.keys() ?? []), ...holds]);
      const visitor = new Visitor({
        patron,
        patrons: patronCount,
        wishes: this.#streams.of('wishes'),
        chance: this.#streams.of('visitor'),
        desk: this.#desk(),
        shelf: this.#books,
        habits: this.#scenario.habits,
        pad: this.#scenario.pad,
        padChance: this.#streams.of('pad'),
        done: () => {
          this.#sessionsLeft -= 1;
          if (this.#sessionsLeft > 0) this.#nextVisitor();
        },
      });
      visitor.start(4);
    });
  }

  #desk(): Desk {
    return {
      view: () => this.#life?.latest,
      act: (act) => this.#carryOut({ at: this.#clock.monotonic(), do: 'act', act }),
      lay: (item, trouble) =>
        this.#carryOut({
          at: this.#clock.monotonic(),
          do: 'lay',
          item,
          ...(trouble === undefined ? {} : { trouble }),
        }),
      lift: (item) => this.#carryOut({ at: this.#clock.monotonic(), do: 'lift', item }),
      scan: (text) => this.#carryOut({ at: this.#clock.monotonic(), do: 'scan', text }),
      after: (delayMs, next) => void this.#clock.after(delayMs, next),
    };
  }

  #act(act: IntentAct): void {
    const life = this.#life;
    if (life?.latest === undefined) return;
    this.#intents += 1;
    const { epoch } = life.latest;
    this.#mortal(() => life.station.loop.intent(`act-${this.#intents}`, epoch, act));
  }

  #scan(text: string): void {
    const chance = this.#streams.of('desk');
    if (!text.startsWith('2C')) this.#views.personal(text);
    const bytes = Buffer.from(`${text}\r`);
    const cut = chance.chance(0.2) ? chance.whole(1, bytes.length - 1) : bytes.length;
    this.#mortal(() => this.#scanner?.bytes(bytes.subarray(0, cut)));
    if (cut === bytes.length) return;
    this.#clock.after(chance.whole(1, 20), () => this.#scanner?.bytes(bytes.subarray(cut)));
  }

  #remove(): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.#order.file + suffix, { force: true });
  }
}
