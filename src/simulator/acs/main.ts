import { readFileSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../../kernel/clock.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { dialectOf } from '../../sip2/dialect.ts';
import demoLibrary from '../demo/library.json' with { type: 'json' };
import { usualBehaviour, type AcsBehaviour } from './behaviour.ts';
import { AcsControl } from './control.ts';
import { ControlLines } from './control-lines.ts';
import type { LibraryData } from './library-data.ts';
import { Library } from './library.ts';
import { becomes, personalities, personalityFrom } from './personality.ts';
import { readLibrary } from './read-library.ts';
import { AcsServer } from './server.ts';
import { openLibrary, StateFile } from './state-file.ts';

const usage = `The simulated library system: a SIP2 server.
  --port N            where it listens (6001; 0: any free port)
  --host ADDRESS      (127.0.0.1)
  --library FILE      the library as JSON, or "demo" (demo)
  --state FILE        keeps loans, holds, fees and the ledger here; left out: in memory only
  --reset             begins anew, whatever the state file says
  --time-zone NAME    (Europe/Helsinki)
  --login USER:WORD   what terminals must log in with; left out: no log-in needed
  --charset NAME      (utf-8)
  --terminator NAME   CR or CRLF (CR)
  --personality NAME  speaks like another library system, or does one thing wrong; a name, or a file
                      (${personalities.map(({ name }) => name).join(', ')})
  --with-parent       ends when its standard input ends
Commands are read from standard input, one JSON object a line: {"id":1,"do":{"command":"status"}}
`;

interface Options {
  readonly port: number;
  readonly host: string;
  readonly data: LibraryData;
  readonly state: string | undefined;
  readonly reset: boolean;
  readonly timeZone: string;
  readonly behaviour: AcsBehaviour;
  readonly withParent: boolean;
}

function readArguments(args: readonly string[]): Result<Options, string> {
  let values;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '6001' },
        host: { type: 'string', default: '127.0.0.1' },
        library: { type: 'string', default: 'demo' },
        state: { type: 'string' },
        reset: { type: 'boolean', default: false },
        'time-zone': { type: 'string', default: 'Europe/Helsinki' },
        login: { type: 'string' },
        charset: { type: 'string', default: 'utf-8' },
        terminator: { type: 'string', default: 'CR' },
        personality: { type: 'string' },
        'with-parent': { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
    return err(`--port is a number from 0 to 65535, not ${values.port}`);
  }
  const data = libraryOf(values.library);
  const behaviour = behaviourOf(values.charset, values.terminator, values.login, values.personality);
  if (!data.ok || !behaviour.ok) {
    return data.ok ? (behaviour as Result<never, string>) : data;
  }
  return ok({
    port,
    host: values.host,
    data: data.value,
    state: values.state,
    reset: values.reset,
    timeZone: values['time-zone'],
    behaviour: behaviour.value,
    withParent: values['with-parent'],
  });
}

function libraryOf(name: string): Result<LibraryData, string> {
  if (name === 'demo') {
    return readLibrary(demoLibrary);
  }
  try {
    const read = readLibrary(JSON.parse(readFileSync(name, 'utf8')));
    return read.ok ? read : err(`${name}: ${read.error}`);
  } catch (error) {
    return err(
      `the library ${name} can't be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function behaviourOf(
  charset: string,
  terminator: string,
  login?: string,
  personality?: string,
): Result<AcsBehaviour, string> {
  if (terminator !== 'CR' && terminator !== 'CRLF') {
    return err(`--terminator is CR or CRLF, not ${terminator}`);
  }
  const dialect = dialectOf({ charset, terminator });
  if (!dialect.ok) {
    return err(`--charset: ${charset} is not known`);
  }
  const behaviour = usualBehaviour();
  behaviour.dialect = dialect.value;
  if (login !== undefined) {
    const colon = login.indexOf(':');
    if (colon < 1) {
      return err('--login is USER:WORD');
    }
    behaviour.login = { user: login.slice(0, colon), password: login.slice(colon + 1) };
  }
  // Most library systems tell the end of a card, though the standard has no field for it.
  if (personality === undefined) behaviour.manners = { expiryField: 'PA' };
  if (personality !== undefined) {
    const found = personalityFrom(personality);
    if (!found.ok) {
      return found;
    }
    const become = becomes(behaviour, found.value);
    if (!become.ok) {
      return become;
    }
  }
  return ok(behaviour);
}

function open({ data, state, reset, timeZone }: Options): Result<Library, string> {
  const options = { timeZone, startsAt: systemClock.now() };
  if (state === undefined) {
    return ok(new Library(data, options));
  }
  if (reset) {
    rmSync(state, { force: true });
  }
  const library = openLibrary(data, state, options);
  return library.ok ? library : err(`the state file ${state}: ${library.error}. --reset begins anew.`);
}

function fail(sentence: string, exitCode: number): never {
  process.stderr.write(`acs: ${sentence}\n`);
  process.exit(exitCode);
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  const options = readArguments(process.argv.slice(2));
  if (!options.ok) {
    fail(options.error, 2);
  }
  const { port, host, behaviour, state, withParent } = options.value;
  const library = open(options.value);
  if (!library.ok) {
    fail(library.error, 1);
  }
  const stateFile = state === undefined ? undefined : new StateFile(state, library.value);
  const server = new AcsServer({
    library: library.value,
    behaviour,
    clock: systemClock,
    beforeAnswers: () => stateFile?.save(),
    die: () => process.kill(process.pid, 'SIGKILL'),
  });
  try {
    await server.listen(port, host);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    fail(taken ? `port ${port} is taken.` : `can't listen: ${String(error)}`, 1);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => process.exit(0));
  }
  const control = new AcsControl({ library: library.value, behaviour, server, clock: systemClock });
  const lines = new ControlLines(control, (line) => {
    stateFile?.save();
    process.stdout.write(line);
  });
  process.stdin.on('data', (chunk: Buffer) => lines.push(chunk));
  process.stdin.on('end', () => {
    if (withParent) {
      process.exit(0);
    }
  });
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid, ...server.address })}\n`);
}

await main();
