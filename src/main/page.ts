import { ipcMain, type WebContents } from 'electron';
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
/** How long the page may take to load. */
export const loadMsMax = 15_000;

/** `ERR_ABORTED`: a load gave way to another one; nothing is wrong with the page. */
const aborted = -3;

/** Loads the page and watches it, as a process that ends when the page crashes, hangs or can't be loaded. */
export async function runPage(contents: WebContents, clock: Clock, log: Log): Promise<RunningProcess> {
  const watch = new PageWatch(contents, clock, log);
  await Promise.race([
    contents.loadURL(pageUrl),
    watch.exited.then((reason) => Promise.reject(new Error(reason))),
  ]);
  watch.listen();
  return watch;
}

class PageWatch implements RunningProcess {
  readonly exited: Promise<string>;
  readonly #contents: WebContents;
  readonly #clock: Clock;
  readonly #log: Log;
  #ended: (reason: string) => void = () => undefined;
  #cancelTimer: CancelTimer;
  #unanswered = 0;

  constructor(contents: WebContents, clock: Clock, log: Log) {
    this.#contents = contents;
    this.#clock = clock;
    this.#log = log;
    this.exited = new Promise((resolve) => {
      this.#ended = resolve;
    });
    contents.on('render-process-gone', this.#gone);
    contents.on('did-fail-load', this.#failed);
    this.#cancelTimer = clock.after(loadMsMax, () => this.#hung());
  }

  /** It is loaded; from now on it must answer. */
  listen(): void {
    hearPage(this.#contents, this.#log, channels.pong, () => {
      this.#unanswered = 0;
    });
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
    tellPage(this.#contents, channels.ping);
    this.#cancelTimer = this.#clock.after(heartbeatMs, () => this.#ask());
  }

  #hung(): void {
    this.#end('the page hangs');
    this.#contents.forcefullyCrashRenderer();
  }

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
    this.#contents.off('render-process-gone', this.#gone);
    this.#contents.off('did-fail-load', this.#failed);
    this.#ended(reason);
  }
}
