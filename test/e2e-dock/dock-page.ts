import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { descendantsOf, isAlive, StartRun } from '../integration/demo/demo-run.ts';
import { plain } from '../support/kiosk.ts';
import { rememberShown, showsAfter } from '../support/shown.ts';
import { eventually } from '../support/wait.ts';

/** How long a reaction may take on a machine that is busy with other tests: a lost answer alone takes 5 s to be missed. */
const reactionMsMax = 40_000;

export type Mode = 'online' | 'offline' | 'degraded';

/** `npm start` and its dock in a browser, as whoever tries the product has them before them. */
export class DockPage {
  readonly page: Page;
  /** The station's page beside the dock. */
  readonly station: FrameLocator;
  /** What the console had to complain about, but for requests that fail because a test made them fail. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #run: StartRun;
  readonly #folder: string;

  private constructor(context: BrowserContext, page: Page, run: StartRun, folder: string) {
    this.#context = context;
    this.page = page;
    this.station = page.frameLocator('.dock-station');
    this.#run = run;
    this.#folder = folder;
    page.setDefaultTimeout(reactionMsMax);
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  static async open(browser: Browser): Promise<DockPage> {
    const folder = mkdtempSync(join(tmpdir(), 'omatoimi-e2e-dock-'));
    const run = new StartRun(['--port', '0', '--data', folder]);
    const context = await browser.newContext({
      viewport: { width: 1600, height: 1000 },
      reducedMotion: 'reduce',
    });
    await context.addInitScript(rememberShown);
    const dock = new DockPage(context, await context.newPage(), run, folder);
    try {
      await dock.page.goto(`${await run.url()}dock`);
      await dock.page.getByTestId('dock-switch-acs').and(dock.page.locator(':enabled')).waitFor();
      await dock.mode('online');
      await dock.speakEnglish();
      return dock;
    } catch (error) {
      await dock.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#context.close();
    const children = descendantsOf(this.#run.pid);
    this.#run.kill('SIGTERM');
    await this.#run.ended;
    await eventually('nothing is left of it', () => children.every(({ pid }) => !isAlive(pid)));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Presses something of the dock. */
  async press(id: string): Promise<void> {
    await this.page.getByTestId(id).click();
  }

  /** Turns a switch, and waits until the demo says that it has turned. */
  async turn(name: string, on: boolean): Promise<void> {
    await this.press(`dock-switch-${name}`);
    await this.page.locator(`[data-testid="dock-switch-${name}"][aria-checked="${on}"]`).waitFor();
  }

  /** Something goes wrong with the next loan, return or renewal. */
  async fault(kind: string): Promise<void> {
    await this.press(`dock-fault-${kind}`);
    await this.page.locator(`[data-testid="dock-fault-${kind}"][data-waiting="1"]`).waitFor();
  }

  async manner(name: string): Promise<void> {
    await this.press(`dock-manner-${name}`);
    await this.page.locator(`[data-testid="dock-manner-${name}"][aria-pressed="true"]`).waitFor();
  }

  /** Turns the station's clock, and waits until the station goes by it. */
  async turnClock(hours: number): Promise<void> {
    await this.press(`dock-clock-${hours}`);
    await this.page.locator(`[data-testid="dock-clock-${hours}"][aria-pressed="true"]`).waitFor();
  }

  async card(number: string): Promise<void> {
    await this.page.locator(`.dock-card[data-card="${number}"]`).click();
  }

  async book(item: string): Promise<void> {
    await this.page.locator(`.dock-book[data-item="${item}"]`).first().click();
  }

  /** Puts a book on the RFID plate. */
  async onPlate(item: string): Promise<void> {
    await this.press('dock-to-plate');
    await this.book(item);
    await this.page.locator(`[data-testid="dock-plate"] [data-item="${item}"]`).waitFor();
  }

  /** Takes these off the plate, goes out with them, and tells for how many things the gate rang. */
  async walkOutWith(...items: readonly string[]): Promise<number> {
    for (const item of items) {
      await this.page
        .locator(`[data-testid="dock-plate"] [data-item="${item}"] [data-testid="dock-take"]`)
        .click();
      await this.page.locator(`[data-testid="dock-bag"] [data-item="${item}"]`).waitFor();
    }
    const gate = this.page.getByTestId('dock-gate');
    const times = (await gate.count()) === 0 ? 0 : Number(await gate.getAttribute('data-times'));
    await this.press('dock-walk-out');
    await this.page.locator(`[data-testid="dock-gate"][data-times="${times + 1}"]`).waitFor();
    return Number(await gate.getAttribute('data-rang'));
  }

  async tap(id: string): Promise<void> {
    await this.station.getByTestId(id).click();
  }

  async speakEnglish(): Promise<void> {
    await this.tap('language-en');
    await this.station.locator('html[lang="en"]').waitFor({ state: 'attached' });
  }

  async mode(mode: Mode, msMax = reactionMsMax): Promise<void> {
    await this.station
      .locator(`[data-testid="status-banner"][data-mode="${mode}"]`)
      .waitFor({ state: 'attached', timeout: msMax });
  }

  /** Waits until the status banner has these words in it. */
  async banner(words: string): Promise<void> {
    await this.station.getByTestId('status-banner').filter({ hasText: words }).waitFor();
  }

  /** Waits until it can be touched, or cannot. */
  async offers(id: string, can = true): Promise<void> {
    const state = this.station.locator(can ? ':enabled' : ':disabled');
    await this.station.getByTestId(id).and(state).waitFor();
  }

  async screen(name: string): Promise<void> {
    await this.station.locator(`html[data-screen="${name}"]`).waitFor({ state: 'attached' });
  }

  /** Acts, and waits until the station has shown this, and may show it no longer: a screen, a passing word, an item in a state. */
  async passes(kind: 'screens' | 'notices' | 'rows', what: string, act: () => unknown): Promise<void> {
    await showsAfter(await this.#stationFrame(), { act, kind, what, msMax: reactionMsMax });
  }

  async #stationFrame(): Promise<Frame> {
    const frame = await (await this.page.locator('.dock-station').elementHandle())?.contentFrame();
    if (frame === null || frame === undefined) throw new Error('the dock shows no station');
    return frame;
  }

  row(item: string, state: string): Locator {
    return this.station.locator(`[data-testid="item-row"][data-item="${item}"][data-state="${state}"]`);
  }

  async rowWords(item: string, state: string): Promise<string> {
    await this.row(item, state).waitFor();
    return plain(await this.row(item, state).innerText());
  }

  async refusal(rule: string): Promise<string> {
    const refusal = this.station.locator(`[data-testid="refusal"][data-rule="${rule}"]`);
    await refusal.waitFor();
    return plain(await refusal.innerText());
  }

  async logIn(service: 'borrow' | 'account', { card, pin }: { card: string; pin: string }): Promise<void> {
    await this.tap(`home-${service}`);
    await this.screen('card');
    await this.card(card);
    await this.screen('pin');
    for (const digit of pin) await this.tap(`pin-key-${digit}`);
    await this.tap('pin-enter');
    await this.screen(service);
  }

  async startReturning(): Promise<void> {
    await this.tap('home-return');
    await this.screen('return');
  }

  /** Waits for a line of the live view. */
  async happened(view: 'wire' | 'journal' | 'ledger' | 'frames', words: string | RegExp): Promise<void> {
    await this.press(`dock-live-${view}`);
    await this.page.getByTestId('dock-lines').locator('li').filter({ hasText: words }).first().waitFor();
  }

  /** Waits until the ledger has so many effects, and gives them, newest first. */
  async ledger(count: number): Promise<readonly string[]> {
    await this.press('dock-live-ledger');
    const list = this.page.locator('[data-testid="dock-lines"][data-view="ledger"]');
    await list.waitFor({ state: 'attached' });
    const lines = list.locator('li');
    if (count > 0) await lines.nth(count - 1).waitFor();
    else await lines.first().waitFor({ state: 'detached' });
    return lines.evaluateAll((all) => all.map((line) => line.getAttribute('data-effect') ?? ''));
  }
}
