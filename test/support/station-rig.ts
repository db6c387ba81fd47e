import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { askStation } from '../../src/cli/ask-station.ts';
import { AcsProcess } from '../../src/simulator/acs/control-client.ts';
import type { ItemData, PatronData } from '../../src/simulator/acs/library-data.ts';
import library from '../../src/simulator/demo/library.json' with { type: 'json' };
import { PtyPair } from '../../src/simulator/pty.ts';
import { openLocalSocket } from '../../src/station/socket-connect.ts';
import { stationSocketPath } from '../../src/station/socket-path.ts';
import { descendantsOf, isAlive, killIfAlive, StartRun } from '../integration/demo/demo-run.ts';
import { until } from './until.ts';
import { eventually } from './wait.ts';
import { WireTap } from './wire-tap.ts';

/** How long what happens may take to stand in the log. */
const logMsMax = 30_000;

/** What the terminal logs in with at the simulated ACS. */
const login = { user: 'omatoimi', password: 'terminal-word' };

export interface RigOptions {
  /** Devices beside the scanner. */
  readonly moreDevices?: readonly Readonly<Record<string, unknown>>[];
  /** Sections of the configuration, instead of the usual ones. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The scanner's window for double scans; none where it is left out, so that a test need not wait. */
  readonly doubleScanMs?: number;
  /** Keys of the section `acs`, beside the usual ones. */
  readonly acs?: Readonly<Record<string, unknown>>;
  /** People of the ACS's library, beside those of the example. */
  readonly morePatrons?: readonly PatronData[];
  /** Items of the ACS's library, beside those of the example. */
  readonly moreItems?: readonly ItemData[];
  /** Of the library and of its ACS; Helsinki's where it is left out. */
  readonly timeZone?: string;
  /** Where the station keeps its data; a folder of the rig's own where it is left out. */
  readonly data?: string;
  /** Whether what passes between station and ACS is written down on its way. */
  readonly tapped?: boolean;
}

/** A transaction as `omatoimi journal list` tells it. */
export interface JournalRow {
  readonly kind: 'checkout' | 'checkin' | 'renew';
  readonly item: string;
  readonly patron?: string;
  readonly state: string;
  readonly rule?: string;
  readonly due?: string;
  readonly attempts: number;
}

/** One line of the station's technical log. */
export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

interface Parts {
  readonly folder: string;
  readonly acs: AcsProcess;
  readonly scanner: PtyPair;
  readonly tap: WireTap | undefined;
  readonly options: RigOptions;
}

/**
 * A whole station as it stands in a library, each part in a process of its own: the ACS on TCP, the scanner on a
 * pseudo-terminal, and station and web shell as `npm start -- --config FILE` runs them.
 */
export class StationRig {
  readonly folder: string;
  readonly data: string;
  readonly acs: AcsProcess;
  readonly scanner: PtyPair;
  readonly #tap: WireTap | undefined;
  readonly #configFile: string;
  /** Every run of station and shell, the present one last. */
  readonly #runs: StartRun[] = [];
  #url = '';

  private constructor({ folder, acs, scanner, tap, options }: Parts) {
    this.folder = folder;
    this.data = options.data ?? join(folder, 'data');
    this.acs = acs;
    this.scanner = scanner;
    this.#tap = tap;
    this.#configFile = join(folder, 'station.yaml');
    const port = tap?.port ?? acs.port;
    writeFileSync(this.#configFile, stringify(configuration(port, scanner.devicePath, this.data, options)));
  }

  /** The world around the station, and not yet the station. */
  static async prepare(options: RigOptions = {}): Promise<StationRig> {
    const folder = mkdtempSync(join(tmpdir(), 'omatoimi-rig-'));
    const scanner = await PtyPair.create();
    const acs = await AcsProcess.start({
      login,
      state: join(folder, 'library-system.json'),
      library: libraryFile(folder, options.morePatrons ?? [], options.moreItems ?? []),
      ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
    }).catch(async (error: unknown) => {
      await scanner.close();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    });
    const tap = options.tapped === true ? await WireTap.start(acs) : undefined;
    return new StationRig({ folder, acs, scanner, tap, options });
  }

  /** Where a browser finds the page. */
  get url(): string {
    return this.#url;
  }

  get tap(): WireTap {
    if (this.#tap === undefined) throw new Error('this rig has no tap');
    return this.#tap;
  }

  /** All that station and shell of every run wrote, for people and as log. */
  get output(): string {
    return this.#runs.map(({ output, errors }) => output + errors).join('');
  }

  /** The technical log, over every run. */
  get log(): readonly LogLine[] {
    const whole = this.#runs.flatMap(({ errors }) => errors.slice(0, errors.lastIndexOf('\n')).split('\n'));
    return whole.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
  }

  async startStation(): Promise<void> {
    const run = new StartRun(['--config', this.#configFile, '--port', '0']);
    this.#runs.push(run);
    this.#url = await run.url();
  }

  /** As a power cut would: station and shell at once. The ACS and the scanner stay. */
  async powerCut(): Promise<void> {
    const run = this.#present();
    const children = descendantsOf(run.pid);
    run.kill('SIGKILL');
    for (const { pid } of children) killIfAlive(pid);
    await run.ended;
    await eventually('nothing is left of it', () => children.every(({ pid }) => !isAlive(pid)));
  }

  async stopStation(): Promise<void> {
    const run = this.#present();
    run.kill('SIGTERM');
    await run.ended;
  }

  /** The station's own process; undefined while there is none. */
  stationPid(): number | undefined {
    return descendantsOf(this.#present().pid).find(({ command }) => command.includes('station/main.ts'))?.pid;
  }

  /** `kill -9` of the station alone; its supervisor starts it again. */
  killStation(): number {
    const pid = this.stationPid();
    if (pid === undefined) throw new Error('there is no station to kill');
    killIfAlive(pid);
    return pid;
  }

  /** Holds a label under the scanner, which sends it and CR. */
  scan(label: string): Promise<void> {
    return this.scanner.write(`${label}\r`);
  }

  /** What `omatoimi journal list` shows, newest first. */
  async journal(): Promise<readonly JournalRow[]> {
    return (await this.#ask('journal')) as readonly JournalRow[];
  }

  async status(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#ask('status')) as Readonly<Record<string, unknown>>;
  }

  /** The journal's row of an item, once it has come to this state. It must be the only one. */
  async settled(item: string, state: string, msMax?: number): Promise<JournalRow> {
    let rows: readonly JournalRow[] = [];
    const ofItem = async (): Promise<boolean> => {
      rows = (await this.journal()).filter((row) => row.item === item);
      return rows.some((row) => row.state === state);
    };
    await until(`the journal has ${item} as ${state}`, ofItem, msMax).catch((cause: unknown) => {
      throw new Error(`${item} is not ${state} but ${JSON.stringify(rows)}`, { cause });
    });
    const [row, ...more] = rows;
    if (row === undefined || more.length > 0) throw new Error(`several rows: ${JSON.stringify(rows)}`);
    return row;
  }

  /** A line of the log that is there or comes. */
  async logged(event: string, fits: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    const line = (): LogLine | undefined => this.log.find((one) => one.event === event && fits(one));
    return eventually(`the log says ${event}`, line, logMsMax);
  }

  /** Ends every process that the rig started, however far it came. */
  async close(): Promise<void> {
    for (const run of this.#runs) {
      const children = descendantsOf(run.pid);
      run.kill('SIGKILL');
      for (const { pid } of children) killIfAlive(pid);
      await run.ended;
      await eventually('nothing is left of it', () => children.every(({ pid }) => !isAlive(pid)));
    }
    await this.#tap?.close();
    await this.acs.kill();
    await this.scanner.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The text of a file in the rig's folder. */
  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  #present(): StartRun {
    const run = this.#runs.at(-1);
    if (run === undefined) throw new Error('the station was not started yet');
    return run;
  }

  async #ask(about: 'journal' | 'status'): Promise<unknown> {
    const answer = await askStation(openLocalSocket(stationSocketPath(this.data)), about);
    if (!answer.ok) throw new Error(answer.error);
    return answer.value;
  }
}

/** The example library with more patrons and items, written where the ACS can read it. */
function libraryFile(folder: string, patrons: readonly PatronData[], items: readonly ItemData[]): string {
  const file = join(folder, 'library.json');
  writeFileSync(
    file,
    JSON.stringify({
      ...library,
      patrons: [...library.patrons, ...patrons],
      items: [...library.items, ...items],
    }),
  );
  return file;
}

function configuration(port: number, scanner: string, data: string, options: RigOptions) {
  return {
    configVersion: 1,
    library: {
      institutionId: 'KEKSILA',
      name: { fi: 'Keksilän kirjasto', sv: 'Keksilä bibliotek', en: 'Keksilä Library' },
      languages: ['fi', 'sv', 'cs', 'en'],
      timeZone: options.timeZone ?? 'Europe/Helsinki',
    },
    acs: { host: '127.0.0.1', port, login, location: 'Keskusta', replyTimeoutSeconds: 2, ...options.acs },
    devices: [
      { kind: 'barcode-scanner', path: scanner, suffix: '\r', doubleScanMs: options.doubleScanMs ?? 0 },
      ...(options.moreDevices ?? []),
    ],
    identifiers: {
      card: [String.raw`2\d{13}`, String.raw`[A-Z]{3}\d{5}[A-Z]`],
      item: [String.raw`3\d{13}`],
    },
    session: { finishedSeconds: 2 },
    data: { directory: data },
    ...options.config,
  };
}
