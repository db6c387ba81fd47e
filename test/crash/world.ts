import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { askDesk, askStation } from '../../src/cli/ask-station.ts';
import { AcsProcess } from '../../src/simulator/acs/control-client.ts';
import { PtyPair } from '../../src/simulator/pty.ts';
import { backOffMsMax, connectTimeoutMs, refusedRetryMsDefault } from '../../src/sip2/client-settings.ts';
import { breakerPauseMsMax, recoveryAnswersMin, recoveryPauseMs } from '../../src/sip2/health.ts';
import { bounds } from '../../src/station/settings.ts';
import { openLocalSocket } from '../../src/station/socket-connect.ts';
import { stationSocketPath } from '../../src/station/socket-path.ts';
import type { Stream } from '../simulation/streams.ts';
import { until } from '../support/until.ts';
import { institutionId, libraryOf } from './library.ts';
import { tornCommitSchema } from './orders.ts';
import { Plate } from './plate.ts';
import { SocketPage } from './socket-page.ts';
import { BareStation, WholeStation, type StationUnderTest } from './station-child.ts';
import type { JournalRow } from './verdict.ts';

const login = { user: 'omatoimi', password: 'terminal-word' };
const diskMiB = 48;
/** Starting processes and answering takes that much longer on a machine that runs other things. */
const busyMsMax = 120_000;
/**
 * How long a station may rightly take until it has settled after all has healed: whatever keeps it from asking at the moment of
 * healing (the breaker, the back-off, a refusal), the proof that the library system is back for good, and the pauses before and
 * between its questions.
 */
export const settleMsMax =
  Math.max(breakerPauseMsMax, backOffMsMax, refusedRetryMsDefault) +
  connectTimeoutMs +
  recoveryAnswersMin * recoveryPauseMs +
  bounds.steadyMs +
  bounds.askPauseMs +
  bounds.denialsMin * bounds.denialPauseMs +
  busyMsMax;
/** How long a round waits for a boundary that may come while things are cleared up. */
const quietMsMax = 30_000;

/** What a technician is told. */
const quietSchema = z.looseObject({
  unsettled: z.int(),
  withoutLibrarySystem: z.looseObject({ outage: z.unknown().optional() }),
});

const tagsSchema = z.array(z.looseObject({ item: z.string() }));

export interface WorldOptions {
  /** How many items the library has. */
  readonly items: number;
  /** Whether the station has an RFID reader. */
  readonly hasPlate: boolean;
  /** What stands under `data` in its configuration, beside the folder. */
  readonly moreData?: Readonly<Record<string, unknown>>;
}

/** A station and all around it, in processes that can be killed, on a disk that can be filled and closed to writing. */
export class CrashWorld {
  readonly folder: string;
  readonly data: string;
  /** A disk of its own; only root may make one. */
  readonly ownDisk: boolean;
  acs: AcsProcess;
  readonly scanner: PtyPair;
  readonly plate: Plate | undefined;
  readonly configFile: string;
  readonly #acsOptions: NonNullable<Parameters<typeof AcsProcess.start>[0]>;
  #station: StationUnderTest | undefined;
  #page: SocketPage | undefined;
  #pages = 0;
  /** Pages of this round, the present one too. */
  readonly pages: SocketPage[] = [];

  private constructor(parts: {
    folder: string;
    ownDisk: boolean;
    acs: AcsProcess;
    acsOptions: NonNullable<Parameters<typeof AcsProcess.start>[0]>;
    scanner: PtyPair;
    plate: Plate | undefined;
    moreData: Readonly<Record<string, unknown>>;
  }) {
    this.folder = parts.folder;
    this.data = join(parts.folder, 'data');
    this.ownDisk = parts.ownDisk;
    this.acs = parts.acs;
    this.scanner = parts.scanner;
    this.plate = parts.plate;
    this.#acsOptions = { ...parts.acsOptions, port: parts.acs.port };
    this.configFile = join(parts.folder, 'station.yaml');
    writeFileSync(
      this.configFile,
      stringify(
        configuration({
          port: parts.acs.port,
          scanner: parts.scanner.devicePath,
          plate: parts.plate,
          data: { ...parts.moreData, directory: this.data },
        }),
      ),
    );
  }

  static async create({ items, hasPlate, moreData = {} }: WorldOptions): Promise<CrashWorld> {
    const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'omatoimi-crash-'));
    const library = join(folder, 'library.json');
    writeFileSync(library, JSON.stringify(libraryOf(items)));
    const acsOptions = { login, state: join(folder, 'library-system.json'), library };
    const ownDisk = mountDisk(join(folder, 'data'));
    const scanner = await PtyPair.create();
    const plate = hasPlate ? await Plate.create() : undefined;
    const acs = await AcsProcess.start(acsOptions);
    return new CrashWorld({ folder, ownDisk, acs, acsOptions, scanner, plate, moreData });
  }

  /** The station, started where there is none or one of the other kind. */
  async station(whole: boolean): Promise<StationUnderTest> {
    if (this.#station !== undefined && (this.#station.whole !== whole || !this.#station.alive())) {
      await this.stopStation();
    }
    this.#station ??= whole ? await this.#startWhole() : await this.#startBare();
    return this.#station;
  }

  async #startBare(): Promise<BareStation> {
    const station = new BareStation(this.configFile);
    if (!(await station.ready()))
      throw new Error(`the station does not start:\n${station.output.slice(-2_000)}`);
    return station;
  }

  async #startWhole(): Promise<WholeStation> {
    const station = new WholeStation(this.configFile);
    await station.ready();
    return station;
  }

  /** Whether a station refuses to start, as on a disk that cannot be written. */
  async refusesToStart(): Promise<boolean> {
    const station = new BareStation(this.configFile);
    const started = await station.ready();
    station.kill();
    await station.ended();
    return !started;
  }

  /** Kills what is left of it. */
  async stopStation(): Promise<void> {
    const station = this.#station;
    this.#station = undefined;
    this.#page?.close();
    this.#page = undefined;
    station?.kill('shell');
    await station?.ended();
  }

  /** A page on the present station; a new one where the last has lost it. */
  async page(): Promise<SocketPage> {
    if (this.#page !== undefined && !this.#page.gone) return this.#page;
    return until(
      'the station has a page',
      async () => {
        this.#pages += 1;
        const page = new SocketPage(stationSocketPath(this.data), `p${this.#pages}`);
        try {
          await page.sees('a view', () => true);
        } catch {
          page.close();
          return undefined;
        }
        this.#page = page;
        this.pages.push(page);
        return page;
      },
      settleMsMax,
    );
  }

  /** The ACS anew on the same port, from its own file. */
  async restartAcs(): Promise<void> {
    await this.acs.kill();
    this.acs = await until('the ACS has its port', () => AcsProcess.start(this.#acsOptions), settleMsMax);
  }

  async status(): Promise<unknown> {
    const answer = await askStation(openLocalSocket(stationSocketPath(this.data)), 'status');
    if (!answer.ok) throw new Error(answer.error);
    return answer.value;
  }

  async rows(): Promise<readonly JournalRow[]> {
    const answer = await askStation(openLocalSocket(stationSocketPath(this.data)), 'journal');
    if (!answer.ok) throw new Error(answer.error);
    return answer.value as readonly JournalRow[];
  }

  /** Items of whose tags staff are told. */
  async tagsWithStaff(): Promise<readonly string[]> {
    const open = openLocalSocket(stationSocketPath(this.data));
    const answer = await askDesk(open, { by: 'crash test', act: { do: 'tags' } });
    if (!answer.ok) throw new Error(answer.error);
    return tagsSchema.parse(answer.value).map(({ item }) => item);
  }

  /** Waits until the station is connected and nothing is open any more. False: it did not come to that. */
  async settled(): Promise<boolean> {
    const quiet = async (): Promise<boolean> => {
      const page = await this.page();
      if (page.view?.status.mode !== 'online') return false;
      const answer = await askStation(openLocalSocket(stationSocketPath(this.data)), 'status');
      if (!answer.ok) return false;
      const { unsettled } = answer.value as { unsettled: number };
      return unsettled === 0;
    };
    return until('all is settled', quiet, settleMsMax).catch(() => false);
  }

  /** Waits a while until the station has died or has nothing to clear up any more. */
  async goneOrQuiet(station: StationUnderTest, outage: boolean): Promise<void> {
    const over = async (): Promise<boolean> => {
      if (!station.alive()) return true;
      const status = quietSchema.parse(await this.status());
      return status.unsettled === 0 && (!outage || status.withoutLibrarySystem.outage === undefined);
    };
    await until('the station has died or is quiet', over, quietMsMax).catch(() => undefined);
  }

  fillDisk(): void {
    const handle = openSync(join(this.data, 'something-big'), 'a');
    for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
      const block = Buffer.alloc(bytes, 1);
      while (wrote(handle, block));
    }
    closeSync(handle);
  }

  emptyDisk(): void {
    rmSync(join(this.data, 'something-big'), { force: true });
  }

  writable(on: boolean): void {
    execFileSync('mount', ['-o', `remount,${on ? 'rw' : 'ro'}`, this.data]);
  }

  /** The log as a power cut leaves it that came while the last commit was being written. Tells whether there was anything to tear. */
  tearLastCommit(word: string, chance: Stream): boolean {
    if (!existsSync(word)) return false;
    const { fromByte, toByte, mainChanged } = tornCommitSchema.parse(JSON.parse(readFileSync(word, 'utf8')));
    rmSync(word);
    if (mainChanged || toByte <= fromByte) return false;
    const log = join(this.data, 'journal.db-wal');
    const from = chance.whole(fromByte, toByte - 1);
    if (chance.chance(0.4)) truncateSync(log, from);
    else
      spoil(
        log,
        from,
        chance.chance(0.5) ? Buffer.alloc(toByte - from) : Buffer.from(chance.bytes(toByte - from)),
      );
    // What a power cut leaves of the index means nothing, and SQLite makes it anew.
    rmSync(join(this.data, 'journal.db-shm'), { force: true });
    return true;
  }

  async close(): Promise<void> {
    await this.stopStation();
    await this.acs.kill();
    await this.scanner.close();
    await this.plate?.close();
    if (this.ownDisk) execFileSync('umount', ['--lazy', this.data]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Writes over a part of a file. */
function spoil(file: string, at: number, bytes: Buffer): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, Math.min(bytes.length, Math.max(0, statSync(file).size - at)), at);
  closeSync(handle);
}

function wrote(handle: number, block: Buffer): boolean {
  try {
    return writeSync(handle, block) === block.length;
  } catch {
    return false;
  }
}

function mountDisk(directory: string): boolean {
  mkdirSync(directory, { mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMiB}m,mode=700`, 'tmpfs', directory], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

function configuration({
  port,
  scanner,
  plate,
  data,
}: {
  readonly port: number;
  readonly scanner: string;
  readonly plate: Plate | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}) {
  return {
    configVersion: 1,
    library: { institutionId, name: { en: 'Crash test' }, languages: ['en'] },
    acs: { host: '127.0.0.1', port, login, replyTimeoutSeconds: 2 },
    devices: [
      { kind: 'barcode-scanner', path: scanner, suffix: '\r', doubleScanMs: 0 },
      ...(plate === undefined ? [] : [plate.device]),
    ],
    identifiers: { card: [String.raw`2\d{7}`], item: [String.raw`3\d{7}`] },
    patron: { pin: { attempts: { perCard: 20, perStation: 200, windowMinutes: 1 } } },
    services: { borrow: { offline: { pin: 'not-asked', perPatron: 100 } }, holds: { place: true } },
    session: { finishedSeconds: 2 },
    data,
  };
}
