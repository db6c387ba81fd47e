/**
 * The pictures of README.md, taken from the running demonstration in a real Chromium: `node scripts/pictures.ts`, after `npm run build`.
 * A real station lends, with its virtual scanner and the simulated library system; nothing in the pictures is drawn by hand.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { startDemo } from '../src/simulator/demo/start.ts';
import { openChromium } from '../test/support/chromium.ts';

const target = join('docs', 'pictures');
const waitMsMax = 30_000;

const card = '21999000020071';
const pin = '1234';
/** The third is refused, because another customer waits for it. */
const items = ['31999000010427', '31999000012878', '31999000013298', '31999000010492'];

/** The dock of the demonstration, with the station in its frame. */
class Dock {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    page.setDefaultTimeout(waitMsMax);
  }

  onStation(testId: string): Locator {
    return this.#page.frameLocator('iframe').getByTestId(testId);
  }

  /** Holds a card or a book of the dock under the scanner. */
  async scan(kind: 'card' | 'item', number: string): Promise<void> {
    const sign = kind === 'card' ? 'data-card' : 'data-item';
    await this.#page.locator(`[${sign}="${number}"]`).first().click();
  }

  async signIn(service: 'borrow' | 'account'): Promise<void> {
    await this.onStation(`home-${service}`).click();
    await this.scan('card', card);
    for (const digit of pin) await this.onStation(`pin-key-${digit}`).click();
    await this.onStation('pin-enter').click();
  }

  async borrow(item: string): Promise<void> {
    await this.scan('item', item);
    const row = this.#page.frameLocator('iframe').locator(`[data-testid="item-row"][data-item="${item}"]`);
    await row
      .and(this.#page.frameLocator('iframe').locator(':is([data-state="done"], [data-state="refused"])'))
      .waitFor();
  }

  async take(name: string): Promise<void> {
    await this.#page.evaluate('window.scrollTo(0, 0)');
    await this.#page.evaluate(
      `for (const list of document.querySelectorAll('.dock-scroll')) list.scrollTop = 0`,
    );
    await this.#page.screenshot({ path: join(target, name), animations: 'disabled' });
  }
}

const directory = mkdtempSync(join(tmpdir(), 'omatoimi-pictures-'));
const demo = await startDemo({
  port: 0,
  directory,
  fresh: true,
  say: (line) => console.log(line),
  onGivenUp: (sentence) => {
    throw new Error(sentence);
  },
});
const browser = await openChromium();
try {
  mkdirSync(target, { recursive: true });
  const context = await browser.newContext({
    viewport: { width: 1360, height: 1000 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(demo.dockUrl);
  const dock = new Dock(page);
  await dock.onStation('language-en').click();
  await dock.signIn('borrow');
  for (const item of items) await dock.borrow(item);
  await dock.take('dock.png');
} finally {
  await browser.close();
  await demo.stop();
  rmSync(directory, { recursive: true, force: true });
}
console.log(`The pictures are in ${target}.`);
