import { join } from 'node:path';
import { _electron, errors, type ElectronApplication, type Locator, type Page } from 'playwright-core';
import type { ScreenName } from '../../../src/shared/view.ts';
import { descendantsOf } from '../../integration/demo/demo-run.ts';
import { eventually } from '../../support/wait.ts';
import { rememberShown, showsAfter } from '../../support/shown.ts';
import { until } from '../../support/until.ts';
import type { Desk } from './desk.ts';

/** How long a screen may take on a machine that is busy with other tests. */
const screenMsMax = 40_000;

/** How long Electron may take to be there. */
const launchMsMax = 40_000;
/** Now and then Playwright never gets hold of an Electron that runs well all the same; it is started anew, so often at most. */
const launchesMax = 3;

/**
 * Where there is no graphics processor, the Electron of these tests may wait for one for ever; the shell then loads its page
 * anew, which Playwright does not follow. The tests of the packed product and of `npm start` do without this.
 */
const withoutGraphics = ['--disable-gpu'];

interface LogLine {
  readonly event?: string;
  readonly [field: string]: unknown;
}

async function launch(desk: Desk, args: readonly string[], launches = 1): Promise<ElectronApplication> {
  const home = desk.ownFolder('home');
  try {
    return await _electron.launch({
      executablePath: desk.executable,
      args: [desk.appFolder, `--user-data-dir=${join(home, 'profile')}`, ...withoutGraphics, ...args],
      env: desk.env(home),
      chromiumSandbox: true,
      timeout: launchMsMax,
    });
  } catch (error) {
    if (!(error instanceof errors.TimeoutError) || launches >= launchesMax) throw error;
    return launch(desk, args, launches + 1);
  }
}

/** The Electron shell in a window of its own, with Chromium’s sandbox on. */
export class ShellRun {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly pid: number;
  /** Exit code or signal. */
  readonly ended: Promise<number | string>;
  output = '';

  private constructor(app: ElectronApplication, page: Page) {
    this.app = app;
    this.page = page;
    const child = app.process();
    this.pid = child.pid ?? 0;
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => resolve(code ?? signal ?? '')),
    );
    page.setDefaultTimeout(screenMsMax);
  }

  static async start(desk: Desk, args: readonly string[]): Promise<ShellRun> {
    const app = await launch(desk, args);
    try {
      const isStation = (page: Page): boolean => page.url().startsWith('omatoimi:');
      await app.firstWindow();
      const page = await until(
        'the station’s window',
        async () => app.windows().find(isStation),
        screenMsMax,
      );
      await page.evaluate(rememberShown);
      return new ShellRun(app, page);
    } catch (error) {
      app.process().kill('SIGKILL');
      throw error;
    }
  }

  byTestId(id: string): Locator {
    return this.page.getByTestId(id);
  }

  async click(id: string): Promise<void> {
    await this.byTestId(id).click();
  }

  /** Waits until the page shows this screen. */
  async screen(name: ScreenName): Promise<void> {
    await this.page.locator(`html[data-screen="${name}"]`).waitFor({ state: 'attached' });
  }

  /** Acts, and waits until the page has shown a screen that goes by itself, and may be gone already. */
  async passes(name: ScreenName, act: () => unknown): Promise<void> {
    await showsAfter(this.page, { act, kind: 'screens', what: name, msMax: screenMsMax });
  }

  async row(item: string, state: string): Promise<void> {
    await this.page.locator(`[data-testid="item-row"][data-item="${item}"][data-state="${state}"]`).waitFor();
  }

  /** The same, asked through the main process: Playwright does not follow a page whose renderer is a new one. */
  async screenOfNewRenderer(name: ScreenName): Promise<void> {
    await until(
      `the screen ${name}`,
      async () => (await this.#inPage('document.documentElement.dataset.screen')) === name,
    );
  }

  /** Undefined too where no page is there to answer: asked at the wrong moment, Electron would never tell. */
  #inPage(script: string): Promise<unknown> {
    return this.app.evaluate(
      ({ BrowserWindow }, [code, answerMsMax]) =>
        Promise.race([
          BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code),
          new Promise((resolve) => setTimeout(resolve, answerMsMax)),
        ]),
      [script, 1_000] as const,
    );
  }

  /** The station’s process id, once there is one. */
  async stationPid(but = 0): Promise<number> {
    return eventually('a station runs', () => {
      return descendantsOf(this.pid).find(
        ({ pid, command }) => pid !== but && /station\/main\.ts/.test(command),
      )?.pid;
    });
  }

  rendererPid(): Promise<number> {
    return this.app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
    );
  }

  /** Waits for a line of the shell’s log, with these fields. */
  async logged(event: string, fields: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await eventually(`the log has ${event} ${JSON.stringify(fields)}`, () =>
      this.#log().some(
        (line) =>
          line.event === event && Object.entries(fields).every(([name, value]) => line[name] === value),
      ),
    ).catch((error: Error) => {
      throw new Error(`${error.message}; there is ${this.output}`, { cause: error });
    });
  }

  #log(): LogLine[] {
    return this.output
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line): LogLine => JSON.parse(line));
  }

  /** Asks it to end in order, and sees that it does. */
  async stop(): Promise<number | string> {
    process.kill(this.pid, 'SIGTERM');
    return this.ended;
  }

  /** After a test, whatever state it is in. */
  async kill(): Promise<void> {
    try {
      process.kill(this.pid, 'SIGKILL');
    } catch {
      return;
    }
    await this.ended;
  }
}
