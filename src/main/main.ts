import { app } from 'electron';
import { join } from 'node:path';
import { startFirstStation, startStation } from '../cli/station-process.ts';
import { systemClock } from '../kernel/clock.ts';
import { jsonLog } from '../station/json-log.ts';
import { openLocalSocket } from '../station/socket-connect.ts';
import { readFiles } from '../web/files.ts';
import { registerScheme } from './app-protocol.ts';
import { isLoopbackUrl } from './origin.ts';
import { defaultConfig, stationProgram } from './program.ts';
import { exitCodes, startShell, type Shell, type StationSource } from './shell.ts';

// The Electron shell: --config=FILE starts the station of that file and watches it, --socket=PATH joins one that runs.
// --supervised ends with the standard input. For a desk, and without meaning in the packaged product: --windowed, and
// --dock=URL, the demonstration's dock as a server on this machine has it.

const debuggers = ['remote-debugging-port', 'remote-debugging-pipe', 'inspect', 'inspect-brk'];

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function given(name: string): string | undefined {
  const value = app.commandLine.getSwitchValue(name);
  return value === '' ? undefined : value;
}

function refuse(sentence: string): void {
  say(sentence);
  app.exit(exitCodes.cannotStart);
}

function station(): StationSource {
  const socket = given('socket');
  if (socket !== undefined) return { attach: openLocalSocket(socket) };
  const program = stationProgram({
    appPath: app.getAppPath(),
    isPackaged: app.isPackaged,
    resourcesPath: process.resourcesPath,
    platform: process.platform,
  });
  const config = given('config') ?? defaultConfig(process.platform, process.env);
  const onLog = (chunk: Buffer): void => void process.stderr.write(chunk);
  let start = startFirstStation;
  return {
    start: async () => {
      const running = await start({ config, program, onLog });
      start = startStation;
      return running;
    },
  };
}

async function run(): Promise<void> {
  if (app.isPackaged && debuggers.some((name) => app.commandLine.hasSwitch(name))) {
    return refuse('This program cannot be started with a debugger.');
  }
  if (!app.requestSingleInstanceLock()) {
    return refuse('Omatoimi runs already; its window was brought to the front.');
  }
  const files = readFiles(join(__dirname, '..', 'renderer'), ['index.html']);
  if (files === undefined) return refuse('The page is not built: npm run build makes it.');
  await app.whenReady();
  const atDesk = !app.isPackaged;
  const dock = given('dock');
  const shell = startShell({
    clock: systemClock,
    log: jsonLog((line) => void process.stderr.write(line), systemClock),
    files,
    preload: join(__dirname, 'preload.cjs'),
    windowed: atDesk && app.commandLine.hasSwitch('windowed'),
    dock: atDesk && dock !== undefined && isLoopbackUrl(dock) ? dock : undefined,
    station: station(),
    openSocket: openLocalSocket,
    say,
  });
  endWith(shell);
}

function endWith(shell: Shell): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => shell.end(exitCodes.ended));
  }
  if (!app.commandLine.hasSwitch('supervised')) return;
  process.stdin.resume();
  process.stdin.on('end', () => shell.end(exitCodes.ended));
  process.stdin.on('error', () => shell.end(exitCodes.ended));
}

// Without these Electron would open a dialog, or go on with a state that can’t be. The station ends with this process.
function crash(error: unknown): void {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  app.exit(exitCodes.failed);
}
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
process.stderr.on('error', () => undefined);

app.enableSandbox();
registerScheme();
void run();
