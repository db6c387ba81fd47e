import type { DeviceConfig } from '../../../station/config/devices.ts';
import { rfidReader, type RfidReaderConfig } from '../../../station/config/devices/rfid-reader.ts';
import { loadConfig } from '../../../station/config/load.ts';
import { problemSentence } from '../../../station/config/problems.ts';
import type { StationConfig } from '../../../station/config/schema.ts';
import { UsageError, type Terminal } from '../command.ts';

/** How a command is told which reader is meant. */
export const readerWhere =
  '(--config FILE | --driver DRIVER (--path PORT | --host HOST [--port N]) [--baud N]) [--wait SECONDS]';

/** The same, for `parseArgs`. */
export const readerOptions = {
  config: { type: 'string' },
  driver: { type: 'string' },
  path: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  baud: { type: 'string' },
  wait: { type: 'string', default: '15' },
} as const;

export interface ReaderWhere {
  readonly config?: string | undefined;
  readonly driver?: string | undefined;
  readonly path?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly baud?: string | undefined;
  readonly wait: string;
}

export interface ChosenReader {
  readonly reader: RfidReaderConfig;
  /** Where the reader stands in a station’s configuration. */
  readonly config: StationConfig | undefined;
  /** How long a tag may take to be found and read, and the library system to be reached. */
  readonly waitMs: number;
}

/** The reader that is meant; undefined, with the reasons told, when the configuration is wrong. */
export function chosenReader(where: ReaderWhere, terminal: Terminal): ChosenReader | undefined {
  const waitMs = waitMsOf(where);
  if (where.config === undefined) return { reader: describedReader(where), config: undefined, waitMs };
  if (where.driver !== undefined) throw new UsageError('give --config or --driver, not both');
  const loaded = loadConfig(where.config);
  if (!loaded.ok) {
    for (const problem of loaded.error) terminal.err(problemSentence(problem));
    return undefined;
  }
  const readers = loaded.value.devices.filter(isReader);
  const [reader, ...others] = readers.filter(({ path }) => where.path === undefined || path === where.path);
  if (reader === undefined) throw new UsageError('the configuration has no such RFID reader');
  if (others.length > 0)
    throw new UsageError('the configuration has several RFID readers; name one by --path');
  return { reader, config: loaded.value, waitMs };
}

export function waitMsOf({ wait }: ReaderWhere): number {
  if (!/^[1-9]\d{0,2}$/.test(wait)) throw new UsageError('--wait is a number of seconds, 1 to 999');
  return Number(wait) * 1_000;
}

function isReader(device: DeviceConfig): device is RfidReaderConfig {
  return device.kind === 'rfid-reader';
}

function describedReader({ driver, path, host, port, baud }: ReaderWhere): RfidReaderConfig {
  if (driver === undefined)
    throw new UsageError('which reader? Give --config, or --driver with --path or --host');
  const read = rfidReader.safeParse({
    kind: 'rfid-reader',
    driver,
    ...(path === undefined ? {} : { path }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(baud === undefined ? {} : { baudRate: Number(baud) }),
  });
  if (read.success) return read.data;
  const keys = read.error.issues.map(({ path: key }) => key.join('.') || 'path or host');
  throw new UsageError(`no reader can be described like that; look at: ${[...new Set(keys)].join(', ')}`);
}
