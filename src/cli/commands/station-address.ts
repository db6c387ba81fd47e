import { loadConfig } from '../../station/config/load.ts';
import { problemSentence } from '../../station/config/problems.ts';
import { stationSocketPath } from '../../station/socket-path.ts';
import { UsageError, type Terminal } from './command.ts';

/** Where `npm start` without a configuration keeps its station. */
export const exampleData = './data/demo/station';

/** How a command is told which station is meant. */
export const where = '[--config FILE | --data DIR | --socket PATH]';

/** The same, for `parseArgs`. */
export const whereOptions = {
  config: { type: 'string' },
  data: { type: 'string' },
  socket: { type: 'string' },
} as const;

export interface Where {
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly socket?: string | undefined;
}

/** The station's socket; undefined, with the reasons told, when the configuration is wrong. */
export function socketOf({ config, data, socket }: Where, terminal: Terminal): string | undefined {
  if ([config, data, socket].filter((value) => value !== undefined).length > 1) {
    throw new UsageError('--config, --data and --socket name the same thing; give one of them');
  }
  if (socket !== undefined) return socket;
  if (config === undefined) return stationSocketPath(data ?? exampleData);
  const loaded = loadConfig(config);
  if (loaded.ok) return stationSocketPath(loaded.value.data.directory);
  for (const problem of loaded.error) terminal.err(problemSentence(problem));
  return undefined;
}
