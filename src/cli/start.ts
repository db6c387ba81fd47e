import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { personalities, personalityFrom } from '../simulator/acs/personality.ts';
import { startDemo, type RunningDemo } from '../simulator/demo/start.ts';
import { loadConfig } from '../station/config/load.ts';
import { problemSentence } from '../station/config/problems.ts';
import { openElectronWindow, requireElectron, type ElectronWindowOptions } from './electron-window.ts';
import { LogFile } from './log-file.ts';
import { runConfigured, type Running } from './run-configured.ts';
import { CannotStart } from './web-page.ts';

/** What `npm start` runs. */

const usage = `npm start                            an example library, a dock of virtual devices, and the station
npm start -- --config station.yaml   a real station as the file says
  --port N      the port of the page on this machine (8123, or the one in the file); not with --config in a window
  --shell KIND  how the page is shown: web, to this machine's own browser, or electron, in a window
  --data DIR    where the example keeps what happened (./data/demo)
  --fresh       the example begins anew
  --acs NAME    the example's library system speaks as another one, or does one thing wrong; a name, or a file
                (${personalities.map(({ name }) => name).join(', ')})
`;

const exitCodes = { failed: 1, usage: 2 } as const;

interface StartOptions {
  readonly config: string | undefined;
  readonly port: number | undefined;
  /** Instead of the one in the file. */
  readonly shell: 'web' | 'electron' | undefined;
  readonly data: string;
  readonly fresh: boolean;
  readonly acs: string | undefined;
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
          shell: { type: 'string' },
          data: { type: 'string' },
          fresh: { type: 'boolean', default: false },
          acs: { type: 'string' },
          help: { type: 'boolean', default: false },
        },
      }).values;
    } catch (error) {
      return end(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, exitCodes.usage);
    }
  })();
  const { config, port, shell, data, fresh, acs, help } = parsed;
  if (help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  if (shell !== undefined && shell !== 'web' && shell !== 'electron') {
    end(`--shell is web or electron, not ${shell}.`, exitCodes.usage);
  }
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)) {
    end(`--port is a number from 0 to 65535, not ${port}.`, exitCodes.usage);
  }
  const personality = acs === undefined ? undefined : personalityFrom(acs);
  if (personality?.ok === false) end(`--acs: ${personality.error}.`, exitCodes.usage);
  if (config !== undefined && (data !== undefined || fresh || acs !== undefined)) {
    end(
      '--data, --fresh and --acs belong to the example; with --config the file says where the data are.',
      exitCodes.usage,
    );
  }
  return {
    config,
    port: port === undefined ? undefined : Number(port),
    shell,
    data: data ?? './data/demo',
    fresh,
    acs,
  };
}

const defaultPort = 8123;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

type OnEnded = (sentence: string | undefined) => void;

async function start(options: StartOptions, onEnded: OnEnded): Promise<{ stop(): Promise<void> }> {
  const { config, port, data, fresh } = options;
  const configured = config === undefined ? 'web' : shellOf(config);
  const shell = options.shell ?? configured;
  if (config !== undefined && port !== undefined && shell === 'electron') {
    throw new CannotStart(
      '--port belongs to a page in a browser: with --config, an Electron window takes its page from no port.',
    );
  }
  const electron = shell === 'electron' ? requireElectron(say) : undefined;
  if (config !== undefined) {
    return electron === undefined
      ? startConfigured(config, port, onEnded)
      : startConfiguredIn(electron, config, onEnded);
  }
  const demo = await startDemo({
    port: port ?? defaultPort,
    directory: data,
    fresh,
    personality: options.acs,
    say,
    onGivenUp: onEnded,
  });
  const window = electron === undefined ? undefined : openDemoWindow(electron, options, demo, onEnded);
  say(`
Omatoimi runs, with an example library.

  With a dock of cards and books to scan:  ${demo.dockUrl}
  The station alone:                       ${window === undefined ? demo.url : 'in its window'}

Try: choose "Borrow" on the station, press the first card in the dock, type its PIN
(1234), then press some books. Return them without a card. Pull a plug and look.

What happened is kept in ${data}; --fresh begins anew. The log: ${demo.logFile}
Ctrl-C stops everything.`);
  return {
    async stop() {
      await window?.stop();
      await demo.stop();
    },
  };
}

const writeToStderr = (chunk: string | Uint8Array): void => void process.stderr.write(chunk);

async function startConfigured(config: string, port: number | undefined, onEnded: OnEnded): Promise<Running> {
  const running = await runConfigured({ config, port, say, writeLog: writeToStderr, onGivenUp: onEnded });
  say(`Omatoimi runs as ${config} says. The page: ${running.url}`);
  say('Ctrl-C stops it.');
  return running;
}

/** What the file says of the shell; refuses a file that is wrong anywhere. */
function shellOf(config: string): 'web' | 'electron' {
  const loaded = loadConfig(config);
  if (!loaded.ok) throw new CannotStart(loaded.error.map(problemSentence).join('\n'));
  return loaded.value.shell.kind;
}

/** The window starts the station by itself, as an installed one does. */
function startConfiguredIn(electron: string, config: string, onEnded: OnEnded): { stop(): Promise<void> } {
  const args = [`--config=${resolve(config)}`];
  const window = openWindow(electron, { args, say, writeLog: writeToStderr }, onEnded);
  say(`Omatoimi runs in its window as ${config} says. Ctrl-C stops it.`);
  return window;
}

/** The demo has its own station, whose plugs the dock pulls; the window joins it by a socket that the dock looks on at. */
function openDemoWindow(
  electron: string,
  { data }: StartOptions,
  demo: RunningDemo,
  onEnded: OnEnded,
): { stop(): Promise<void> } {
  const log = new LogFile(join(data, 'window.log'));
  const args = [
    `--socket=${demo.windowSocket}`,
    `--user-data-dir=${resolve(data, 'window')}`,
    '--windowed',
    `--dock=${demo.dockUrl}?alone`,
  ];
  return openWindow(electron, { args, say, writeLog: (chunk) => log.write(chunk) }, onEnded);
}

function openWindow(electron: string, options: ElectronWindowOptions, onEnded: OnEnded) {
  const window = openElectronWindow(electron, options);
  void window.ended.then(onEnded);
  return window;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  let running: { stop(): Promise<void> } | undefined;
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
      if (ending) return;
      if (sentence !== undefined) process.stderr.write(`${sentence}\n`);
      stop(sentence === undefined ? 0 : exitCodes.failed);
    });
  } catch (error) {
    if (error instanceof CannotStart) {
      end(error.message, exitCodes.failed);
    }
    throw error;
  }
}

await main();
