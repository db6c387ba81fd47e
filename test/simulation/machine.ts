import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Log } from '../../src/kernel/log.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { SerialBarcodeScanner } from '../../src/devices/barcode-scanner/driver.ts';
import type { Ils } from '../../src/ils/ils.ts';
import { Sip2Ils } from '../../src/ils/sip2-ils.ts';
import { connect } from '../../src/journal/connection.ts';
import { MemoryKeyStore } from '../../src/journal/memory-key-store.ts';
import { migrate } from '../../src/journal/migrate.ts';
import type { Row } from '../../src/journal/rows.ts';
import { SqliteJournal } from '../../src/journal/sqlite-journal.ts';
import { step as rightStep } from '../../src/station/core/step.ts';
import { profileWith } from '../support/profile.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Cable } from './cable.ts';
import type { Checks } from './checks.ts';
import type { Diary } from './diary.ts';
import { inFlightLanded, nothingInClear } from './disk-check.ts';
import type { FillingDisk } from './disk.ts';
import { Life, PowerCut, type LifeParts } from './life.ts';
import { watchedLog } from './log-check.ts';
import type { Network } from './network.ts';
import { ownPins } from './own-pins.ts';
import type { Pad } from './pad.ts';
import { closeAsCut, imageOf, restore, torn, type DiskImage, type Power } from './power.ts';
import type { WorldOrder } from './run-result.ts';
import type { Scenario } from './scenario.ts';
import { BoundaryNames } from './script.ts';
import { coreSettings, offlineRules } from './settings.ts';
import type { Streams } from './streams.ts';

const usual = profileWith({});
/** A library system that renews all loans by one request. */
const together = profileWith({ renewAll: 'together' });

export const replyTimeoutMs = 5_000;
/** A station that can’t get up again ends the run. */
const crashesMax = 1_000;

export interface MachineParts {
  readonly order: WorldOrder;
  readonly scenario: Scenario;
  readonly timeZone: string;
  readonly clock: VirtualClock;
  readonly streams: Streams;
  readonly power: Power;
  readonly disk: FillingDisk;
  readonly network: Network;
  readonly cable: Cable;
  readonly pad: Pad;
  readonly checks: Checks;
  readonly diary: Diary;
}

/** The machine that the station runs on, from one power cut to the next. */
export class Machine {
  /** None while it is dark. */
  life: Life | undefined;
  crashes = 0;
  torn = 0;
  fullCommits = 0;
  boundaries = 0;
  readonly #parts: MachineParts;
  readonly #keyStore: MemoryKeyStore;
  readonly #log: Log;
  readonly #boundaryNames = new BoundaryNames();
  /** The boundary at which the power goes. */
  #boundary = '';
  #healing = false;
  /** The next commit does not come to its end. */
  #tears = false;
  /** The disk as the power cut left it where that was in the middle of a commit, and what was being written. */
  #image: DiskImage | undefined;
  #inFlight: readonly Row[] = [];
  /** The rows of the turn that is being taken. */
  #decided: readonly Row[] = [];

  constructor(parts: MachineParts) {
    this.#parts = parts;
    this.#keyStore = new MemoryKeyStore(parts.streams.of('keys'));
    this.#log = watchedLog(parts.checks.violations);
  }

  start(): void {
    const { checks, clock } = this.#parts;
    const journal = this.#open();
    if (inFlightLanded(this.#inFlight, journal, checks.violations)) this.#committed(this.#inFlight);
    checks.pins.compare(journal, this.#inFlight);
    this.#inFlight = [];
    checks.ledger.compare(journal);
    checks.views.restarted();
    checks.acceptances.restarted();
    const life = new Life(journal, clock, (mortal) => this.#lifeParts(journal, mortal));
    this.life = life;
    this.survive(() => life.station.start());
  }

  /** Does something that may end the station’s life. */
  survive(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof PowerCut)) {
        // What is impossible crashes the station loudly; here it is found out, and the day goes on.
        if (this.crashes >= crashesMax) throw error;
        const why = error instanceof Error ? error.message : String(error);
        this.#parts.checks.violations.add(0, `the station crashed: ${why}`);
      }
      this.#crashed();
    }
  }

  /** Somebody pulls the plug, and puts it back. */
  pullPlug(darkMs: number): void {
    if (this.life !== undefined) this.#crashed(darkMs);
  }

  /** From now on the power stays. Where the disk was too small, somebody makes room and starts the machine anew. */
  heal(): void {
    this.#healing = true;
    this.#tears = false;
    if (this.#parts.scenario.pagesMax !== undefined && this.life !== undefined) this.#crashed();
  }

  stop(): void {
    this.life?.station.stop();
    this.life?.die();
    this.remove();
  }

  remove(): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.#parts.order.file + suffix, { force: true });
  }

  #open(): SqliteJournal {
    const { order, scenario, timeZone, streams, clock } = this.#parts;
    if (this.crashes === 0) writeFileSync(order.file, emptyJournal(order.file));
    const { pagesMax } = scenario;
    const opened = SqliteJournal.open(order.file, {
      keyStore: this.#keyStore,
      zone: timeZone,
      random: streams.of('journal'),
      // The crash test has the station’s own locks, and other processes at its file.
      alone: true,
      now: () => clock.now(),
      // The first life makes the tables; a later one may find the disk almost full, or full (SQLite never sets less
      // than what the file has).
      ...(pagesMax === undefined || this.#healing || this.crashes === 0 ? {} : { pagesMax }),
    });
    if (!opened.ok) throw new Error(`the journal does not open: ${JSON.stringify(opened.error)}`);
    return opened.value;
  }

  #lifeParts(journal: SqliteJournal, clock: Clock): LifeParts {
    const { order, scenario, streams, cable, pad, checks } = this.#parts;
    const parts: LifeParts = {
      settings: {
        ...coreSettings,
        offline: offlineRules(scenario.offline),
        hash: (value: string) => journal.hash(value),
      },
      journal: this.#watched(journal),
      ils: this.#ils(clock),
      scanners: [
        new SerialBarcodeScanner({
          clock,
          log: this.#log,
          path: 'virtual',
          open: (events) => cable.open(events, clock),
        }),
      ],
      rfidReader: pad.reader(clock),
      ...(asksPin(scenario) ? { verifiers: ownPins({ journal, clock, streams, pins: checks.pins }) } : {}),
      random: streams.of('station'),
      log: this.#log,
      publish: (view) => checks.published(view),
      boundary: (where) => this.#perhapsCut(where),
    };
    const made = order.plant === undefined ? parts : order.plant(parts, streams.of('plant'));
    return { ...made, step: this.#watchedStep(made.step ?? rightStep) };
  }

  #watchedStep(step: NonNullable<LifeParts['step']>): NonNullable<LifeParts['step']> {
    const { scenario, checks } = this.#parts;
    const { pins, turns } = checks;
    const asks = asksPin(scenario);
    return (state, event, settings) => {
      pins.beforeTurn(state);
      const decided = step(state, event, settings);
      this.#decided = decided.rows;
      turns.decided(event.what, state, decided.rows, decided.state);
      pins.afterTurn(state.session, decided.state, asks);
      return decided;
    };
  }

  #ils(clock: Clock): Ils {
    const { scenario, streams, network, timeZone } = this.#parts;
    const ils = Sip2Ils.create(
      {
        institutionId: 'SIM',
        login: { user: 'sc', password: 'secret' },
        charset: 'utf-8',
        errorDetection: true,
        timeZone,
        currency: 'EUR',
        replyTimeoutMs,
        profile: scenario.renewsTogether ? together : usual,
      },
      { open: (events) => network.connect(events), clock, random: streams.of('station'), log: this.#log },
    );
    if (!ils.ok) throw new Error(`no dialect: ${JSON.stringify(ils.error)}`);
    return ils.value;
  }

  #watched(journal: SqliteJournal): LifeParts['journal'] {
    const { disk } = this.#parts;
    return {
      commit: (rows) => this.#commit(journal, rows),
      open: () => journal.open(),
      pinTries: () => journal.pinTries(),
      tagWork: () => journal.tagWork(),
      outage: () => journal.outage(),
      doubted: (since, max) => journal.doubted(since, max),
      believed: () => journal.believed(),
      hash: (value) => journal.hash(value),
      probe: () => (disk.isFull() ? 'full' : journal.probe()),
      staffCount: () => journal.staffCount(),
      close: () => journal.close(),
    };
  }

  #commit(journal: SqliteJournal, rows: readonly Row[]): ReturnType<SqliteJournal['commit']> {
    const { disk, checks } = this.#parts;
    if (disk.refuses(rows)) {
      checks.reasons.notesLost();
      return { ok: false, failure: { kind: 'full' } };
    }
    if (this.#tears) return this.#tear(journal, rows);
    const result = journal.commit(rows);
    if (result.ok) {
      this.#committed(rows);
      return result;
    }
    this.fullCommits += 1;
    checks.reasons.notesLost();
    return result;
  }

  #committed(rows: readonly Row[]): void {
    this.#parts.checks.committed(rows);
    this.#boundaryNames.committed(rows);
  }

  #perhapsCut(where: 'commit' | 'publish' | 'effect'): void {
    const { order, power } = this.#parts;
    this.boundaries += 1;
    if (this.#healing && order.cutAt === undefined) return;
    this.#boundaryNames.passed();
    const what = power.at(where, this.boundaries, this.#boundaryNames);
    if (what === 'stays') return;
    this.#boundary = this.#boundaryNames.name(where);
    this.#tears = what === 'tear';
    if (what === 'cut') throw new PowerCut();
  }

  /** The power goes while these rows are written: they are there as a whole, or not at all. */
  #tear(journal: SqliteJournal, rows: readonly Row[]): never {
    const { order, streams } = this.#parts;
    this.#tears = false;
    const before = imageOf(order.file);
    const { ok } = journal.commit(rows);
    this.#image = torn(before, imageOf(order.file), streams.of('torn'));
    // What was decided as one must be found as one, however it was written.
    if (ok) this.#inFlight = this.#decided;
    this.torn += 1;
    throw new PowerCut();
  }

  /** @param pulledMs how long somebody keeps it dark; left out: the power went by itself */
  #crashed(pulledMs?: number): void {
    const { order, checks, diary, network, cable, pad, clock, power } = this.#parts;
    this.crashes += 1;
    diary.note('power cut');
    const image = this.#image;
    this.#image = undefined;
    const { life } = this;
    this.life = undefined;
    if (life !== undefined) closeAsCut(order.file, () => life.die());
    if (image !== undefined) {
      restore(order.file, image);
      nothingInClear(image, checks.violations);
    }
    network.stationDied();
    pad.stationDied();
    cable.stationDied();
    this.#tears = false;
    const darkMs = pulledMs ?? power.darkMs();
    // What people do stands among their deeds.
    if (!this.#healing && pulledMs === undefined)
      diary.cuts.push({ boundary: this.#boundary, torn: image !== undefined, darkMs });
    clock.after(darkMs, () => this.start());
  }
}

let empty: Buffer | undefined;

/** A file with the journal's tables and nothing in it, as the migrations leave it; each day begins with a copy. */
function emptyJournal(file: string): Buffer {
  if (empty === undefined) {
    const db = connect(file);
    const migrated = migrate(db);
    if (!migrated.ok) throw new Error(`no empty journal: ${JSON.stringify(migrated.error)}`);
    db.close();
    empty = readFileSync(file);
  }
  return empty;
}

/** The station checks PINs by itself while the library system is away. */
function asksPin({ offline }: Scenario): boolean {
  return offline.lends && offline.pin === 'verifier';
}
