import { ipcMain, type BrowserWindow } from 'electron';
import type { RunningProcess } from '../cli/supervisor.ts';
import type { CancelTimer, Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { channels } from './channels.ts';
import { hearPage, tellPage } from './ipc.ts';
import { pageUrl } from './origin.ts';

/** How often the page is asked whether it is alive. */
export const heartbeatMs = 2_000;
/** So many questions in a row without an answer, and it hangs. */
export const unansweredMax = 4;
/** How long the page may take to load. A small computer that has just been switched on reads slowly. */
export const loadMsMax = 30_000;
/** So often the first load is tried: without a graphics processor Chromium may wait for it for ever, and the next load goes well. */
export const firstLoadsMax = 3;

/** `ERR_ABORTED`: a load gave way to another one; nothing is wrong with the page. */
const aborted = -3;

/** Loads the page and watches it, as a process that ends when the page crashes, hangs or can't be loaded. */
export async function runPage(window: BrowserWindow, clock: Clock, log: Log): Promise<RunningProcess> {
  const watch = new PageWatch(window, clock, log);
  await Promise.race([
    window.loadURL(pageUrl),
    watch.exited.then((reason) => Promise.reject(new Error(reason))),
  ]);
  watch.listen();
  return watch;
}

/** The first load: a page that hangs or crashes in it is loaded again, a few times. Fails with the last reason. */
export async function runFirstPage(load: () => Promise<RunningProcess>, log: Log): Promise<RunningProcess> {
  for (let loads = 1; ; loads++) {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof Error) || loads >= firstLoadsMax) throw error;
      log.write('error', 'shell.page_ended', { reason: error.message, delayMs: 0 });
    }
  }
}

class PageWatch implements RunningProcess {
  readonly exited: Promise<string>;
  readonly #window: BrowserWindow;
  readonly #clock: Clock;
  readonly #log: Log;
  #ended: (reason: string) => void = () => undefined;
  #cancelTimer: CancelTimer;
  #unanswered = 0;

  constructor(window: BrowserWindow, clock: Clock, log: Log) {
    this.#window = window;
    this.#clock = clock;
    this.#log = log;
    this.exited = new Promise((resolve) => {
      this.#ended = resolve;
    });
    window.on('closed', this.#closed);
    window.webContents.on('render-process-gone', this.#gone);
    window.webContents.on('did-fail-load', this.#failed);
    this.#cancelTimer = clock.after(loadMsMax, () => this.#hung());
  }

  /** It is loaded; from now on it must answer. */
  listen(): void {
    hearPage(
      () => this.#window.webContents,
      this.#log,
      channels.pong,
      () => {
        this.#unanswered = 0;
      },
    );
    this.#cancelTimer();
    this.#ask();
  }

  stop(): Promise<void> {
    this.#end('stopped');
    return Promise.resolve();
  }

  #ask(): void {
    if (this.#unanswered >= unansweredMax) return this.#hung();
    this.#unanswered += 1;
    tellPage(this.#window, channels.ping);
    this.#cancelTimer = this.#clock.after(heartbeatMs, () => this.#ask());
  }

  #hung(): void {
    this.#end('the page hangs');
    this.#window.webContents.forcefullyCrashRenderer();
  }

  readonly #closed = (): void => this.#end('the window was closed');

  readonly #gone = (_event: unknown, { reason }: { readonly reason: string }): void => this.#end(reason);

  readonly #failed = (
    _event: unknown,
    code: number,
    words: string,
    _url: string,
    isMainFrame: boolean,
  ): void => {
    if (isMainFrame && code !== aborted) this.#end(words);
  };

  #end(reason: string): void {
    this.#cancelTimer();
    ipcMain.removeAllListeners(channels.pong);
    if (!this.#window.isDestroyed()) {
      this.#window.off('closed', this.#closed);
      this.#window.webContents.off('render-process-gone', this.#gone);
      this.#window.webContents.off('did-fail-load', this.#failed);
    }
    this.#ended(reason);
  }
}
