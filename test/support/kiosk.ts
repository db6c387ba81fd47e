import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { LanguageCode } from '../../src/shared/languages.ts';
import type { ScreenName } from '../../src/shared/view.ts';
import { rememberShown, showsAfter } from './shown.ts';

/** How long a screen may take on a machine that is busy with other tests. */
const screenMsMax = 30_000;
/** The same, where the station may first wait for a patron who does nothing. */
const passMsMax = 60_000;

export interface Frame {
  readonly from: 'page' | 'station';
  readonly text: string;
}

/** The station's screen and a finger: an upright touch screen, moved by the handles that design.md calls stable. */
export class Kiosk {
  readonly page: Page;
  /** Every frame over the page's WebSocket, in order. */
  readonly frames: Frame[] = [];
  /** What the page's console had to complain about. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.setDefaultTimeout(screenMsMax);
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => this.frames.push({ from: 'page', text: String(payload) }));
      socket.on('framereceived', ({ payload }) =>
        this.frames.push({ from: 'station', text: String(payload) }),
      );
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  static async open(browser: Browser, url: string): Promise<Kiosk> {
    const context = await browser.newContext({
      viewport: { width: 1080, height: 1920 },
      hasTouch: true,
      locale: 'fi-FI',
      reducedMotion: 'reduce',
    });
    await context.addInitScript(rememberSounds);
    await context.addInitScript(rememberShown);
    const kiosk = new Kiosk(context, await context.newPage());
    await kiosk.page.goto(url);
    return kiosk;
  }

  byTestId(id: string): Locator {
    return this.page.getByTestId(id);
  }

  /** Touches it; a choice of service has been taken when another screen is there, so that the next scan finds it. */
  async tap(id: string): Promise<void> {
    if (!/^(home|goto)-/.test(id)) return this.byTestId(id).tap();
    const shown = await this.page.locator('html').getAttribute('data-screen');
    await this.byTestId(id).tap();
    await this.page.locator(`html:not([data-screen="${shown}"])`).waitFor({ state: 'attached' });
  }

  /** Chooses a language and waits until the page speaks it. */
  async speak(language: LanguageCode): Promise<void> {
    await this.tap(`language-${language}`);
    await this.page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
  }

  /** Waits until the page shows this screen. */
  async screen(name: ScreenName): Promise<void> {
    await this.page.locator(`html[data-screen="${name}"]`).waitFor({ state: 'attached' });
  }

  /** Acts, and waits until the page has shown a screen that goes by itself, and may be gone already. */
  async passes(name: ScreenName, act: () => unknown): Promise<void> {
    await showsAfter(this.page, { act, kind: 'screens', what: name, msMax: passMsMax });
  }

  /** Waits until the status banner tells this mode. */
  async mode(mode: 'online' | 'offline' | 'degraded', msMax = screenMsMax): Promise<void> {
    await this.page
      .locator(`[data-testid="status-banner"][data-mode="${mode}"]`)
      .waitFor({ state: 'attached', timeout: msMax });
  }

  /** Waits until the status banner has these words in it. */
  async banner(words: string | RegExp): Promise<void> {
    await this.byTestId('status-banner').filter({ hasText: words }).waitFor();
  }

  /** Waits until it can be touched, or cannot. */
  async offers(id: string, can = true): Promise<void> {
    await this.byTestId(id)
      .and(this.page.locator(can ? ':enabled' : ':disabled'))
      .waitFor();
  }

  /** The row of an item, in this state. */
  row(item: string, state?: string): Locator {
    const inState = state === undefined ? '' : `[data-state="${state}"]`;
    return this.page.locator(`[data-testid="item-row"][data-item="${item}"]${inState}`);
  }

  /** Waits for the row of an item in this state, and tells its words. */
  async rowWords(item: string, state: string, msMax = screenMsMax): Promise<string> {
    const row = this.row(item, state);
    await row.waitFor({ timeout: msMax });
    return plain(await row.innerText());
  }

  /** Waits for a refusal by this rule, and tells its words. */
  async refusal(rule: string, msMax = screenMsMax): Promise<string> {
    const refusal = this.page.locator(`[data-testid="refusal"][data-rule="${rule}"]`);
    await refusal.waitFor({ timeout: msMax });
    return plain(await refusal.innerText());
  }

  /** Acts, and waits for the passing word that has this in it, which may be gone already. */
  async notice(words: string, act: () => unknown): Promise<void> {
    await showsAfter(this.page, { act, kind: 'notices', what: words, msMax: passMsMax });
  }

  async typePin(pin: string): Promise<void> {
    await this.screen('pin');
    for (const digit of pin) await this.tap(`pin-key-${digit}`);
    await this.tap('pin-enter');
  }

  async typeCard(number: string): Promise<void> {
    await this.byTestId('card-number-entry').fill(number);
    await this.tap('card-number-submit');
  }

  /** Everything of the page that could hold something personal: text, attributes, field values, storage, title, address. */
  async everything(): Promise<string> {
    return this.page.evaluate(() => {
      const fields = [...document.querySelectorAll('input, textarea')].map((field) => {
        return 'value' in field ? String(field.value) : '';
      });
      return [
        document.documentElement.outerHTML,
        ...fields,
        JSON.stringify({ ...localStorage }),
        JSON.stringify({ ...sessionStorage }),
        document.cookie,
        document.title,
        location.href,
        JSON.stringify(history.state),
      ].join('\n');
    });
  }

  /** What can be read on the page. */
  async words(): Promise<string> {
    return plain(await this.page.locator('body').innerText());
  }

  /** The tones that the page played since it was loaded, by their names. */
  async sounds(): Promise<readonly string[]> {
    return this.page.evaluate('window.soundsPlayed');
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}

/** Run in the page before its own scripts. */
const rememberSounds = `
  window.soundsPlayed = [];
  HTMLMediaElement.prototype.play = function () {
    window.soundsPlayed.push(/([a-z]+)[^/]*\\.wav$/.exec(this.src)?.[1] ?? this.src);
    return Promise.resolve();
  };
`;

/** The text with ordinary spaces, for the page sets others where a line must not break. */
export function plain(text: string): string {
  return text.replaceAll(/[\u00a0\u2007\u2009\u202f\u2060]/gu, ' ');
}
