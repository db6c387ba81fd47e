import { parseArgs } from 'node:util';
import { loadConfig } from '../../station/config/load.ts';
import { problemSentence } from '../../station/config/problems.ts';
import { openLocalSocket } from '../../station/socket-connect.ts';
import { stationSocketPath } from '../../station/socket-path.ts';
import { askStation } from '../ask-station.ts';
import { exits, UsageError, type Command, type Exit, type Terminal } from './command.ts';
import { journalLines, statusLines } from './told.ts';

/** Where `npm start` without a configuration keeps its station. */
const exampleData = './data/demo/station';

const where = '[--config FILE | --data DIR | --socket PATH] [--json]';

export const status: Command = {
  name: 'status',
  synopsis: `status ${where}`,
  summary: 'tells how a running station is',
  run: (args, terminal) => tell('status', statusLines, args, terminal),
};

export const journalListCommand: Command = {
  name: 'journal list',
  synopsis: `journal list ${where}`,
  summary: 'lists the newest transactions of a running station',
  run: (args, terminal) => tell('journal', journalLines, args, terminal),
};

async function tell(
  about: 'status' | 'journal',
  lines: (answer: unknown) => readonly string[],
  args: readonly string[],
  terminal: Terminal,
): Promise<Exit> {
  const { config, data, socket, json } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      data: { type: 'string' },
      socket: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  }).values;
  const path = socketOf({ config, data, socket }, terminal);
  if (path === undefined) return exits.failed;
  const answer = await askStation(openLocalSocket(path), about);
  if (!answer.ok) {
    terminal.err(`${path}: ${answer.error}.`);
    return exits.failed;
  }
  if (json) terminal.out(JSON.stringify(answer.value, undefined, 2));
  else for (const line of lines(answer.value)) terminal.out(line);
  return exits.fine;
}

function socketOf(
  given: { config: string | undefined; data: string | undefined; socket: string | undefined },
  terminal: Terminal,
): string | undefined {
  if (Object.values(given).filter((value) => value !== undefined).length > 1) {
    throw new UsageError('--config, --data and --socket name the same thing; give one of them');
  }
  if (given.socket !== undefined) return given.socket;
  if (given.config === undefined) return stationSocketPath(given.data ?? exampleData);
  const loaded = loadConfig(given.config);
  if (loaded.ok) return stationSocketPath(loaded.value.data.directory);
  for (const problem of loaded.error) terminal.err(problemSentence(problem));
  return undefined;
}
