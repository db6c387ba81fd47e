import { systemClock } from '../kernel/clock.ts';
import { loadConfig } from '../station/config/load.ts';
import { problemSentence } from '../station/config/problems.ts';
import { jsonLog } from '../station/json-log.ts';
import { stationSocketPath } from '../station/socket-path.ts';
import { startFirstStation, startStation } from './station-process.ts';
import { Supervisor } from './supervisor.ts';
import { CannotStart, openWebPage } from './web-page.ts';

export interface ConfiguredOptions {
  readonly config: string;
  /** Instead of the one in the file. */
  readonly port: number | undefined;
  readonly say: (line: string) => void;
  /** The technical log. */
  readonly writeLog: (chunk: string | Uint8Array) => void;
  /** The station ended too often. */
  readonly onGivenUp: (sentence: string) => void;
}

export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** A station as its file says, and the web shell. No simulator and no dock are within reach of it. */
export async function runConfigured(options: ConfiguredOptions): Promise<Running> {
  const { config, say, writeLog } = options;
  const loaded = loadConfig(config);
  if (!loaded.ok) {
    throw new CannotStart(loaded.error.map(problemSentence).join('\n'));
  }
  const page = await openWebPage({
    port: options.port ?? loaded.value.shell.port,
    socket: stationSocketPath(loaded.value.data.directory),
    log: jsonLog(writeLog, systemClock),
  });
  let start = startFirstStation;
  const station = new Supervisor({
    clock: systemClock,
    start: () => start({ config, onLog: writeLog }),
    onUp: () => undefined,
    onDown: (reason, restartMs) =>
      say(`The station ended (${reason}) and starts again in ${restartMs / 1000} s.`),
    onGivenUp: (reason) => options.onGivenUp(`The station ended too often, the last time with ${reason}.`),
  });
  try {
    await station.begin();
  } catch (error) {
    page.close();
    throw new CannotStart(error instanceof Error ? error.message : String(error));
  }
  start = startStation;
  return {
    url: page.url,
    async stop() {
      page.close();
      await station.stop();
    },
  };
}
