import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askStation } from '../../cli/ask-station.ts';
import { LogFile } from '../../cli/log-file.ts';
import type { Running } from '../../cli/run-configured.ts';
import { startFirstStation, startStation, type StationProcess } from '../../cli/station-process.ts';
import { restartsMax, settledAfterMs, Supervisor, type RunningProcess } from '../../cli/supervisor.ts';
import { CannotStart, openWebPage, rendererDirectory, type WebPage } from '../../cli/web-page.ts';
import { assert } from '../../kernel/assert.ts';
import { systemClock } from '../../kernel/clock.ts';
import { systemRandom } from '../../kernel/random.ts';
import type { DirectoryLock } from '../../journal/directory-lock.ts';
import { jsonLog } from '../../station/json-log.ts';
import type { OpenByteStream } from '../../kernel/bytes.ts';
import { openLocalSocket } from '../../station/socket-connect.ts';
import { stationSocketPath } from '../../station/socket-path.ts';
import { AcsProcess } from '../acs/control-client.ts';
import type { FaultKind } from '../acs/faults.ts';
import type { LibraryData } from '../acs/library-data.ts';
import { readLibrary } from '../acs/read-library.ts';
import { openLibrary } from '../acs/state-file.ts';
import { PtyPair } from '../pty.ts';
import { PrinterOnPty } from '../printer/printer-on-pty.ts';
import { catalogueOf } from './catalogue.ts';
import { CardAndLamps } from './card-and-lamps.ts';
import { dockRoutes, type CardAct, type DockDevices, type PlateAct, type SwitchName } from './dock.ts';
import { tapFrames } from './frame-tap.ts';
import library from './library.json' with { type: 'json' };
import { Live } from './live.ts';
import { filesIn, lockOf, onTerminal } from './parts.ts';
import { Plate } from './plate.ts';
import { shiftClock } from './shifted-clock.ts';
import type { ScanManner } from './scan-manners.ts';
import { personalityFrom } from '../acs/personality.ts';
import { demoConfig } from './station-config.ts';
import { WindowSocket, windowSocketPath } from './window-socket.ts';
import { World } from './world.ts';

/** The demonstration’s own entry: its clock can be turned. */
const demoStation = { node: process.execPath, file: fileURLToPath(new URL('./station.ts', import.meta.url)) };
const timeZone = 'Europe/Helsinki';
/** Of the simulated library system only, which listens on this machine alone. */
const login = { user: 'omatoimi', password: 'demo' };
/** So often the dock may kill the station before it has run for a while; then its supervisor would give up. */
const quickKillsMax = restartsMax - 2;

export interface DemoOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Where the demo keeps its journal, library and log. */
  readonly directory: string;
  /** Forget what was kept. */
  readonly fresh: boolean;
  /** Which library system it is; left out: one that keeps to the standard. */
  readonly personality?: string | undefined;
  readonly renderer?: string;
  readonly say: (line: string) => void;
  /** A part ended too often. */
  readonly onGivenUp: (sentence: string) => void;
}

export interface RunningDemo extends Running {
  readonly dockUrl: string;
  /** Where a window of its own reaches the station; the dock sees what passes there. */
  readonly windowSocket: string;
  readonly logFile: string;
}

interface AcsUp extends RunningProcess {
  readonly acs: AcsProcess;
}

/** An example library, a virtual scanner, the station and the page with the dock. Fails with one sentence, leaving nothing running. */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const demo = new Demo(options);
  try {
    return await demo.start();
  } catch (error) {
    await demo.stop();
    throw error;
  }
}

class Demo implements DockDevices {
  readonly #options: DemoOptions;
  readonly #directory: string;
  readonly #data: LibraryData;
  #lock: DirectoryLock | undefined;
  #page: WebPage | undefined;
  #scanner: PtyPair | undefined;
  #printer: PrinterOnPty | undefined;
  #plate: Plate | undefined;
  #cardAndLamps: CardAndLamps | undefined;
  #log: LogFile | undefined;
  #acs: Supervisor<AcsUp> | undefined;
  #station: Supervisor<StationProcess> | undefined;
  #stationUpSince = 0;
  #stationStarts = 0;
  #quickKills = 0;
  #resetting = false;
  readonly #world = new World({
    acs: () => this.#acs?.current?.acs,
    scanner: () => this.#scanner,
    printer: () => this.#printer,
    plate: () => this.#plate,
    cardAndLamps: () => this.#cardAndLamps,
    shiftClock: (byMs) => shiftClock(filesIn(this.#directory).config, byMs),
    clock: systemClock,
    onMoved: () => this.#live.moved(),
  });
  readonly #live: Live;
  readonly #windowSocket: WindowSocket;

  constructor(options: DemoOptions) {
    this.#options = options;
    this.#directory = resolve(options.directory);
    const read = readLibrary(library);
    if (!read.ok) {
      throw new Error(`impossible: the demo library: ${read.error}`);
    }
    this.#data = read.value;
    const socket = stationSocketPath(filesIn(this.#directory).station);
    this.#live = new Live({
      clock: systemClock,
      news: (wireSince, ledgerSince) => this.#acs?.current?.acs.news(wireSince, ledgerSince),
      journal: () => askStation(openLocalSocket(socket), 'journal'),
      state: (news) => ({
        ...this.#world.state(news),
        station: { up: this.#station?.current !== undefined, starts: this.#stationStarts },
      }),
    });
    this.#windowSocket = new WindowSocket(
      windowSocketPath(this.#directory),
      this.#seen(openLocalSocket(socket)),
    );
  }

  async start(): Promise<RunningDemo> {
    const files = filesIn(this.#directory);
    this.#lock = lockOf(this.#directory);
    this.#prepare(files);
    const log = new LogFile(files.log);
    const page = await this.#openPage(files.station, log);
    const [acs] = await Promise.all([this.#startAcs(files.state), this.#makeDevices()]);
    shiftClock(files.config, 0);
    this.#log = log;
    await this.#startStationAt(acs);
    return {
      url: page.url,
      dockUrl: `${page.url}dock`,
      windowSocket: this.#windowSocket.path,
      logFile: log.path,
      stop: () => this.stop(),
    };
  }

  async stop(): Promise<void> {
    this.#live.stop();
    this.#page?.close();
    this.#windowSocket.close();
    await this.#station?.stop();
    await this.#acs?.stop();
    await Promise.all([
      this.#scanner?.close(),
      this.#printer?.close(),
      this.#plate?.close(),
      this.#cardAndLamps?.close(),
    ]);
    this.#lock?.release();
    this.#lock = undefined;
  }

  scan(text: string): Promise<void> {
    return this.#world.scan(text);
  }

  async manner(manner: ScanManner): Promise<void> {
    this.#world.setManner(manner);
  }

  turn(name: SwitchName, on: boolean): Promise<void> {
    return this.#world.turn(name, on);
  }

  fault(kind: FaultKind | 'none'): Promise<void> {
    return this.#world.fault(kind);
  }

  personality(name: string): Promise<void> {
    return this.#world.personality(name);
  }

  async plate(act: PlateAct): Promise<void> {
    this.#world.plate(act);
  }

  async card(act: CardAct): Promise<void> {
    this.#world.card(act);
  }

  async tearOff(): Promise<void> {
    this.#world.tearOff();
  }

  async clock(byMs: number): Promise<void> {
    await this.#world.setClock(byMs);
  }

  async killStation(): Promise<void> {
    const station = this.#station?.current;
    if (station === undefined) {
      throw new Error('the station is just being started');
    }
    const settled = systemClock.monotonic() - this.#stationUpSince >= settledAfterMs;
    this.#quickKills = settled ? 1 : this.#quickKills + 1;
    if (this.#quickKills > quickKillsMax) {
      throw new Error('it was killed too often in a row; let it run for a minute');
    }
    process.kill(station.pid, 'SIGKILL');
    await station.exited;
    this.#live.moved();
  }

  async reset(): Promise<void> {
    if (this.#resetting) {
      throw new Error('everything is beginning anew already');
    }
    this.#resetting = true;
    try {
      this.#windowSocket.close();
      await this.#station?.stop();
      await this.#acs?.stop();
      const { state, station } = filesIn(this.#directory);
      for (const file of [state, station]) {
        rmSync(file, { recursive: true, force: true });
      }
      await this.#world.mend();
      this.#quickKills = 0;
      this.#live.clear();
      await this.#startStationAt(await this.#startAcs(state));
    } catch (error) {
      this.#options.onGivenUp(
        `Beginning anew failed: ${error instanceof Error ? error.message : String(error)}.`,
      );
      throw error;
    } finally {
      this.#resetting = false;
      this.#live.moved();
    }
  }

  async #makeDevices(): Promise<void> {
    const plateParts = {
      data: this.#data,
      clock: systemClock,
      random: systemRandom,
      isLent: (item: string) => this.#live.isLent(item),
      onMoved: () => this.#live.moved(),
    };
    [this.#scanner, this.#printer, this.#plate, this.#cardAndLamps] = await Promise.all([
      onTerminal(() => PtyPair.create()),
      onTerminal(() => PrinterOnPty.create(() => this.#live.moved())),
      onTerminal(() => Plate.create(plateParts)),
      onTerminal(() => CardAndLamps.create(() => this.#live.moved())),
    ]);
  }

  async #startStationAt({ host, port }: AcsProcess): Promise<void> {
    const { config } = filesIn(this.#directory);
    const [scanner, printer, plate, front] = [this.#scanner, this.#printer, this.#plate, this.#cardAndLamps];
    assert(scanner && printer && plate && front, 'the devices are made');
    const devices = {
      scanner: scanner.devicePath,
      printer: printer.devicePath,
      plate: plate.path,
      cardReader: front.readerPath,
      lamps: front.lampsPath,
    };
    const profile = profileOf(this.#options.personality);
    const options = { library: this.#data, acs: { host, port }, login, devices, timeZone, profile };
    writeFileSync(config, demoConfig(options), { mode: 0o600 });
    await this.#startStation(config);
  }

  #prepare(files: ReturnType<typeof filesIn>): void {
    const { fresh, say } = this.#options;
    if (fresh) {
      for (const file of Object.values(files)) {
        rmSync(file, { recursive: true, force: true });
      }
    }
    const opened = openLibrary(this.#data, files.state, { timeZone, startsAt: systemClock.now() });
    if (!opened.ok) {
      say('The example library has changed since last time, so its loans begin anew.');
      rmSync(files.state, { force: true });
    }
  }

  async #openPage(station: string, log: LogFile): Promise<WebPage> {
    const { port, renderer = rendererDirectory } = this.#options;
    this.#page = await openWebPage({
      port,
      renderer,
      socket: stationSocketPath(station),
      log: jsonLog((line) => log.write(line), systemClock),
      routes: dockRoutes({
        page: join(renderer, 'dock.html'),
        catalogue: catalogueOf(this.#data, timeZone, systemClock.now()),
        devices: this,
        live: this.#live,
      }),
      framedByOwnPages: true,
      morePages: ['dock.html'],
      tap: (open) => this.#seen(open),
    });
    return this.#page;
  }

  #seen(open: OpenByteStream): OpenByteStream {
    return tapFrames(open, systemClock, (frame) => this.#live.frame(frame));
  }

  async #startAcs(state: string): Promise<AcsProcess> {
    // The station's configuration names the port, so a new process takes the old one's.
    let port = 0;
    this.#acs = new Supervisor<AcsUp>({
      clock: systemClock,
      start: async () => {
        const acs = await AcsProcess.start({
          ...(this.#options.personality === undefined ? {} : { personality: this.#options.personality }),
          port,
          state,
          login,
          timeZone,
          detached: true,
        });
        port = acs.port;
        await this.#world.prepare(acs);
        this.#live.acsStarted();
        const exited = acs.exited.then((code) => (code === null ? 'a signal' : `exit code ${code}`));
        return { acs, exited, stop: () => acs.stop() };
      },
      onUp: () => this.#live.moved(),
      ...this.#told('The library system'),
    });
    return (await this.#acs.begin()).acs;
  }

  async #startStation(config: string): Promise<void> {
    let start = startFirstStation;
    const told = this.#told('The station');
    this.#station = new Supervisor({
      clock: systemClock,
      start: () => start({ config, program: demoStation, onLog: (chunk) => this.#log?.write(chunk) }),
      onUp: () => this.#stationIsUp(),
      ...told,
      onDown: (reason, restartMs) => {
        this.#windowSocket.close();
        told.onDown(reason, restartMs);
      },
    });
    try {
      await this.#station.begin();
    } catch (error) {
      throw new CannotStart(error instanceof Error ? error.message : String(error));
    }
    start = startStation;
  }

  #stationIsUp(): void {
    this.#stationUpSince = systemClock.monotonic();
    this.#stationStarts += 1;
    this.#live.moved();
    this.#windowSocket.open().catch((error: Error) => this.#options.say(error.message));
  }

  #told(what: string) {
    const { say, onGivenUp } = this.#options;
    return {
      onDown: (reason: string, restartMs: number) => {
        say(`${what} ended (${reason}) and starts again in ${restartMs / 1000} s.`);
        this.#live.moved();
      },
      onGivenUp: (reason: string) => onGivenUp(`${what} ended too often, the last time with ${reason}.`),
    };
  }
}

/** The profile that suits a personality; none where it is one that only does something wrong. */
function profileOf(personality: string | undefined): string | undefined {
  const found = personality === undefined ? undefined : personalityFrom(personality);
  return found?.ok === true ? found.value.profile : undefined;
}
