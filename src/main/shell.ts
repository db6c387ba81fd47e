import {
  app,
  Menu,
  powerSaveBlocker,
  session,
  type BrowserWindow,
  type Session,
  type WebContents,
} from 'electron';
import type { StationProcess } from '../cli/station-process.ts';
import { Supervisor, type RunningProcess } from '../cli/supervisor.ts';
import type { OpenByteStream } from '../kernel/bytes.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { ServedFile } from '../web/files.ts';
import { answerFrom } from './app-protocol.ts';
import { channels } from './channels.ts';
import { hearPage, tellPage } from './ipc.ts';
import { openDockWindow } from './dock-window.ts';
import { lockContents, lockSession, type IsOwn } from './lock-down.ts';
import { isOnServerOf, isOwnUrl, isPageUrl, scheme } from './origin.ts';
import { runFirstPage, runPage } from './page.ts';
import { Relay } from './relay.ts';
import { openWindow } from './window.ts';

export const exitCodes = { ended: 0, failed: 1, cannotStart: 2 } as const;

/** A station to start and to watch, or one that someone else watches. */
export type StationSource =
  { readonly start: () => Promise<StationProcess> } | { readonly attach: OpenByteStream };

export interface ShellOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The built page. */
  readonly files: ReadonlyMap<string, ServedFile>;
  readonly preload: string;
  readonly windowed: boolean;
  /** The address of the demonstration’s dock, where there is one. */
  readonly dock?: string | undefined;
  readonly station: StationSource;
  openSocket(path: string): OpenByteStream;
  /** For whoever started the shell. */
  say(sentence: string): void;
}

export interface Shell {
  /** Ends the station in order, then the program. */
  end(code: number): void;
}

/** The window, the page in it, the way to the station, and whoever of them falls is picked up. When Electron is ready. */
export function startShell(options: ShellOptions): Shell {
  const { clock, log, files, preload, windowed, say } = options;
  let ending = false;
  let reach = 'attach' in options.station ? options.station.attach : undefined;

  // Nothing of it is kept on the disk.
  const own = session.fromPartition('station', { cache: false });
  own.protocol.handle(scheme, answerFrom(files));
  lockSession(own, isOwnUrl, log);
  const pages = new Map<Session, IsOwn>([[own, isPageUrl]]);
  app.on('web-contents-created', (_event, contents) => {
    lockContents(contents, pages.get(contents.session) ?? (() => false), log);
  });
  Menu.setApplicationMenu(null);
  powerSaveBlocker.start('prevent-display-sleep');

  const open = (): BrowserWindow => {
    const mayClose = (): boolean => ending;
    const opened = openWindow({ session: own, preload, windowed, devTools: !app.isPackaged, mayClose });
    if (windowed) opened.on('closed', () => end(exitCodes.ended));
    return opened;
  };
  let window = open();
  if (options.dock !== undefined) openDock(options.dock);
  const contents = (): WebContents => window.webContents;
  const relay = new Relay({
    clock,
    log,
    station: () => reach,
    onFrame: (frame) => tellPage(window, channels.fromStation, frame),
    onLink: (up) => {
      log.write('info', 'shell.link', { state: up ? 'up' : 'down' });
      tellPage(window, channels.link, up);
    },
  });
  hearPage(contents, log, channels.connect, () => relay.connect());
  hearPage(contents, log, channels.toStation, (frame) => relay.fromPage(frame));
  hearPage(contents, log, channels.refused, (what) => logRefused(log, what));

  const load = (): Promise<RunningProcess> => {
    // A page can close its window without anybody being asked.
    if (window.isDestroyed()) window = open();
    return runPage(window, clock, log);
  };
  let startPage = (): Promise<RunningProcess> => runFirstPage(load, log);
  const page = watched(
    'page',
    () => startPage(),
    () => {
      startPage = load;
    },
  );
  const station =
    'start' in options.station
      ? watched('station', options.station.start, ({ socket }) => {
          reach = options.openSocket(socket);
        })
      : undefined;

  function watched<P extends RunningProcess>(
    part: 'page' | 'station',
    start: () => Promise<P>,
    onUp: (process: P) => void,
  ): Supervisor<P> {
    return new Supervisor<P>({
      clock,
      start,
      onUp,
      onDown: (reason, delayMs) => {
        if (part === 'page') relay.disconnect();
        log.write('error', `shell.${part}_ended`, { reason, delayMs });
      },
      onGivenUp: (reason) =>
        fail(`The ${part} ended too often, the last time with: ${reason}.`, exitCodes.failed),
    });
  }

  function openDock(url: string): void {
    const guest = session.fromPartition('dock', { cache: false });
    const isOwn = (address: string): boolean => isOnServerOf(url, address);
    lockSession(guest, isOwn, log);
    pages.set(guest, isOwn);
    openDockWindow(url, guest);
  }

  function fail(sentence: string, code: number): void {
    say(sentence);
    end(code);
  }

  function end(code: number): void {
    if (ending) return;
    ending = true;
    relay.disconnect();
    void Promise.all([page.stop(), station?.stop()]).finally(() => app.exit(code));
  }

  for (const part of [page, station]) {
    part?.begin().catch((error: Error) => fail(error.message, exitCodes.cannotStart));
  }
  app.on('second-instance', () => show(window));
  app.on('child-process-gone', (_event, { type, reason }) =>
    log.write('error', 'shell.helper_ended', { rule: type, reason }),
  );
  // Without a listener Electron would quit, while the kiosk’s window is about to be opened again.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    event.preventDefault();
    end(exitCodes.ended);
  });
  return { end };
}

/** Told by the page, so only what has the form of a directive is written down. */
function logRefused(log: Log, what: unknown): void {
  if (what === 'drop') log.write('warning', 'shell.refused', { rule: 'drop' });
  else if (typeof what === 'string' && /^[a-z-]{1,40}$/.test(what)) {
    log.write('warning', 'shell.refused', { rule: 'content policy', reason: what });
  }
}

function show(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
