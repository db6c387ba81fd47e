import { parseArgs } from 'node:util';
import { startDemo } from '../simulator/demo/start.ts';
import { runConfigured, type Running } from './run-configured.ts';
import { CannotStart } from './web-page.ts';

/** What `npm start` runs. */

const usage = `npm start                            an example library, a dock of virtual devices, and the station
npm start -- --config station.yaml   a real station as the file says
  --port N      the port of the page on this machine (8123, or the one in the file)
  --shell web   how the page is shown: served to this machine's own browser
  --data DIR    where the example keeps what happened (./data/demo)
  --fresh       the example begins anew
`;

const exitCodes = { failed: 1, usage: 2 } as const;

interface StartOptions {
  readonly config: string | undefined;
  readonly port: number | undefined;
  readonly data: string;
  readonly fresh: boolean;
}

function end(sentence: string, code: number): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

function readOptions(args: string[]): StartOptions {
  const parsed = (() => {
    try {
      return parseArgs({
        args,
        options: {
          config: { type: 'string' },
          port: { type: 'string' },
          shell: { type: 'string', default: 'web' },
          data: { type: 'string' },
          fresh: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
      }).values;
    } catch (error) {
      return end(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, exitCodes.usage);
    }
  })();
  const { config, port, shell, data, fresh, help } = parsed;
  if (help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  if (shell === 'electron') {
    end('The Electron shell is not built yet: use --shell web and a browser.', exitCodes.usage);
  }
  if (shell !== 'web') {
    end(`--shell is web or electron, not ${shell}.`, exitCodes.usage);
  }
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)) {
    end(`--port is a number from 0 to 65535, not ${port}.`, exitCodes.usage);
  }
  if (config !== undefined && (data !== undefined || fresh)) {
    end(
      '--data and --fresh belong to the example; with --config the file says where the data are.',
      exitCodes.usage,
    );
  }
  return { config, port: port === undefined ? undefined : Number(port), data: data ?? './data/demo', fresh };
}

const defaultPort = 8123;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function start(options: StartOptions, onGivenUp: (sentence: string) => void): Promise<Running> {
  const { config, port, data, fresh } = options;
  if (config !== undefined) {
    const writeLog = (chunk: string | Uint8Array) => void process.stderr.write(chunk);
    const running = await runConfigured({ config, port, say, writeLog, onGivenUp });
    say(`Omatoimi runs as ${config} says. The page: ${running.url}`);
    say('Ctrl-C stops it.');
    return running;
  }
  const demo = await startDemo({ port: port ?? defaultPort, directory: data, fresh, say, onGivenUp });
  say(`
Omatoimi runs, with an example library.

  With a dock of cards and books to scan:  ${demo.dockUrl}
  The station alone:                       ${demo.url}

Try: choose "Borrow" on the station, press the first card in the dock, type its PIN
(1234), then press some books. Return them without a card. Pull a plug and look.

What happened is kept in ${data}; --fresh begins anew. The log: ${demo.logFile}
Ctrl-C stops everything.`);
  return demo;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  let running: Running | undefined;
  let ending = false;
  const stop = (code: number): void => {
    if (ending) {
      return;
    }
    ending = true;
    // Before all is up, the children end with this process.
    const stopped = running?.stop() ?? Promise.resolve();
    stopped.then(
      () => process.exit(code),
      () => process.exit(exitCodes.failed),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop(0));
  }
  try {
    running = await start(options, (sentence) => {
      process.stderr.write(`${sentence}\n`);
      stop(exitCodes.failed);
    });
  } catch (error) {
    if (error instanceof CannotStart) {
      end(error.message, exitCodes.failed);
    }
    throw error;
  }
}

await main();
