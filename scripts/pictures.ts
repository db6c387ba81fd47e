/**
 * The pictures of README.md, taken from the running demonstration in a real Chromium: `node scripts/pictures.ts`, after `npm run build`.
 * A real station lends, with its virtual scanner and the simulated library system; nothing in the pictures is drawn by hand.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { startDemo, type RunningDemo } from '../src/simulator/demo/start.ts';
import { openChromium } from '../test/support/chromium.ts';

const target = join('docs', 'pictures');
const waitMsMax = 30_000;
/** Of each picture of the tour, so that README.md opens quickly. */
const tourBytesMax = 200_000;

const card = '21999000020071';
const pin = '1234';
const books = {
  puhdistus: '31999000010427',
  dracula: '31999000012878',
  moomin: '31999000010492',
  /** Refused, because another customer waits for it. */
  awaited: '31999000013298',
  /** On loan from the start. */
  treasureIsland: '31999000013223',
  kalevala: '31999000010211',
} as const;

interface Format {
  readonly viewport: { readonly width: number; readonly height: number };
  /** Pixels of the picture for one of the page. */
  readonly deviceScaleFactor: number;
}
const wholeDock: Format = { viewport: { width: 1360, height: 1000 }, deviceScaleFactor: 1 };
const tourDock: Format = { viewport: { width: 1360, height: 1000 }, deviceScaleFactor: 0.75 };
const uprightScreen: Format = { viewport: { width: 1080, height: 1920 }, deviceScaleFactor: 0.5 };

/** Someone at the station, with the dock's cards, books and plugs at hand. */
class Visit {
  /** The station's page: in the dock's frame or in a page of its own. */
  readonly #station: FrameLocator | Page;
  readonly #dock: Page;

  constructor(station: FrameLocator | Page, dock: Page) {
    this.#station = station;
    this.#dock = dock;
  }

  async begin(): Promise<void> {
    await this.#dock.getByTestId('dock-switch-acs').and(this.#dock.locator(':enabled')).waitFor();
    await this.mode('online');
    await this.touch('language-en');
    await this.#station.locator('html[lang="en"]').waitFor({ state: 'attached' });
  }

  async touch(testId: string): Promise<void> {
    await this.#station.getByTestId(testId).click();
  }

  async screen(name: string): Promise<void> {
    await this.#station.locator(`html[data-screen="${name}"]`).waitFor({ state: 'attached' });
  }

  async mode(mode: 'online' | 'offline'): Promise<void> {
    const banner = `[data-testid="status-banner"][data-mode="${mode}"]`;
    await this.#station.locator(banner).waitFor({ state: 'attached' });
  }

  async signIn(service: 'borrow' | 'account'): Promise<void> {
    await this.touch(`home-${service}`);
    await this.screen('card');
    await this.#dock.locator(`[data-card="${card}"]`).first().click();
    await this.screen('pin');
    for (const digit of pin) await this.touch(`pin-key-${digit}`);
    await this.touch('pin-enter');
    await this.screen(service);
  }

  /** Holds a book under the scanner and waits until its row says this. */
  async scan(item: string, state: 'done' | 'refused' | 'offline' | 'pending'): Promise<void> {
    await this.#dock.locator(`[data-item="${item}"]`).first().click();
    await this.row(item, state).waitFor();
  }

  row(item: string, state: string): Locator {
    return this.#station.locator(`[data-testid="item-row"][data-item="${item}"][data-state="${state}"]`);
  }

  async finish(): Promise<void> {
    await this.touch('finish');
    await this.screen('home');
  }

  /** The cable between station and library system. */
  async connect(on: boolean): Promise<void> {
    await this.#dock.getByTestId('dock-switch-acs').click();
    await this.#dock.locator(`[data-testid="dock-switch-acs"][aria-checked="${on}"]`).waitFor();
    await this.mode(on ? 'online' : 'offline');
  }

  /** The library system does what it is asked, and its answer never comes. */
  async loseNextAnswer(): Promise<void> {
    await this.#dock.getByTestId('dock-fault-loseReply').click();
    await this.#dock.locator('[data-testid="dock-fault-loseReply"][data-waiting="1"]').waitFor();
  }

  /** Opens a tab of the live view and waits for a line with these words. */
  async happened(tab: 'wire' | 'journal' | 'ledger', ...words: readonly string[]): Promise<void> {
    await this.#dock.getByTestId(`dock-live-${tab}`).click();
    const lines = this.#dock.locator(`[data-testid="dock-lines"][data-view="${tab}"] li`);
    await words
      .reduce((found, hasText) => found.filter({ hasText }), lines)
      .first()
      .waitFor();
  }

  /** Waits until the dock has heard that the patron has it. */
  async held(item: string): Promise<void> {
    await this.#dock.getByTestId('dock-held').locator(`[data-item="${item}"]`).waitFor();
  }

  /** Opens the library system’s ledger and makes sure that this happened once. */
  async happenedOnce(effect: 'checkout' | 'checkin', title: string): Promise<void> {
    await this.happened('ledger', title);
    const lines = this.#dock.locator(`[data-testid="dock-lines"] [data-effect="${effect}"]`);
    const times = await lines.filter({ hasText: title }).count();
    if (times !== 1) throw new Error(`${effect} of ${title} happened ${times} times`);
  }

  async killStation(): Promise<void> {
    await this.#dock.getByTestId('dock-kill').click();
    await this.#dock.getByTestId('dock-station').filter({ hasText: 'started 2 times' }).waitFor();
    await this.screen('home');
  }
}

async function openPage(browser: Browser, format: Format, url: string): Promise<Page> {
  const context = await browser.newContext({ ...format, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(waitMsMax);
  await page.goto(url);
  return page;
}

async function take(page: Page, name: string): Promise<string> {
  // Nothing is to look as if it were pointed at.
  await page.mouse.move(0, 0);
  await page.evaluate('window.scrollTo(0, 0)');
  await page.evaluate(`for (const list of document.querySelectorAll('.dock-scroll')) list.scrollTop = 0`);
  const path = join(target, name);
  await page.screenshot({ path, animations: 'disabled' });
  return path;
}

async function takeForTour(page: Page, number: 1 | 2 | 3 | 4 | 5 | 6): Promise<void> {
  const path = await take(page, `tour-${number}.png`);
  const { size } = statSync(path);
  if (size > tourBytesMax) throw new Error(`${path} has ${size} bytes, more than ${tourBytesMax}`);
}

/** The dock, with the station in its frame. */
async function pictureOfDock(browser: Browser, { dockUrl }: RunningDemo): Promise<void> {
  const page = await openPage(browser, wholeDock, dockUrl);
  const visit = new Visit(page.frameLocator('iframe'), page);
  await visit.begin();
  await visit.signIn('borrow');
  await visit.scan(books.puhdistus, 'done');
  await visit.scan(books.dracula, 'done');
  await visit.scan(books.awaited, 'refused');
  await visit.scan(books.moomin, 'done');
  await visit.held(books.moomin);
  await take(page, 'dock.png');
}

/** The station alone, as patrons have it before them. */
async function tourOfLending(browser: Browser, { url, dockUrl }: RunningDemo): Promise<void> {
  const station = await openPage(browser, uprightScreen, url);
  const dock = await openPage(browser, wholeDock, `${dockUrl}?alone`);
  const visit = new Visit(station, dock);
  await visit.begin();
  await takeForTour(station, 1);
  await visit.signIn('borrow');
  for (const item of [books.puhdistus, books.dracula, books.moomin]) await visit.scan(item, 'done');
  await takeForTour(station, 2);
  await visit.scan(books.awaited, 'refused');
  await takeForTour(station, 3);
  await visit.finish();
  await station.context().close();
  await dock.context().close();
}

/** The station beside the dock, where the world around it can be seen. */
async function tourOfTrouble(browser: Browser, { dockUrl }: RunningDemo): Promise<void> {
  const page = await openPage(browser, tourDock, dockUrl);
  const visit = new Visit(page.frameLocator('iframe'), page);
  await visit.begin();
  await visit.connect(false);
  await visit.touch('home-return');
  await visit.screen('return');
  await visit.scan(books.treasureIsland, 'offline');
  await visit.happened('journal', 'Treasure Island', 'waiting');
  await takeForTour(page, 4);

  await visit.connect(true);
  await visit.happenedOnce('checkin', 'Treasure Island');
  await visit.happened('journal', 'Treasure Island', 'accepted');
  await takeForTour(page, 5);
  await visit.finish();

  await visit.signIn('borrow');
  await visit.loseNextAnswer();
  await visit.scan(books.kalevala, 'pending');
  await visit.happened('wire', 'not sent: lost');
  await visit.killStation();
  await visit.happened('journal', 'Kalevala', 'accepted: asked');
  await visit.begin();
  await visit.signIn('account');
  await page.frameLocator('iframe').getByText('Kalevala').first().waitFor();
  await visit.held(books.kalevala);
  await visit.happenedOnce('checkout', 'Kalevala');
  await takeForTour(page, 6);
}

type TakePictures = (browser: Browser, demo: RunningDemo) => Promise<void>;

/** Begins with a library in which nothing has happened yet. */
async function inDemo(browser: Browser, takePictures: TakePictures): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'omatoimi-pictures-'));
  try {
    const demo = await startDemo({
      port: 0,
      directory,
      fresh: true,
      say: (line) => console.log(line),
      onGivenUp: (sentence) => {
        throw new Error(sentence);
      },
    });
    try {
      await takePictures(browser, demo);
    } finally {
      await demo.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

mkdirSync(target, { recursive: true });
const browser = await openChromium();
try {
  await inDemo(browser, pictureOfDock);
  await inDemo(browser, async (chromium, demo) => {
    await tourOfLending(chromium, demo);
    await tourOfTrouble(chromium, demo);
  });
} finally {
  await browser.close();
}
console.log(`The pictures are in ${target}.`);
