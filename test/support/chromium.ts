import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** By these names the systems' packages install it. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The system's own Chromium, without a window and without anything that would reach for a network. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      // Chromium's sandbox refuses to run as root, as which continuous integration runs.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      '--mute-audio',
    ],
  });
}

/** The browser of a file's tests; one that has crashed is not handed to the next test, nor to the second try of the same. */
export class Browsers {
  #latest: Promise<Browser> | undefined;

  async running(): Promise<Browser> {
    const before = this.#latest;
    if (before !== undefined) {
      const browser = await before.catch(() => undefined);
      if (browser?.isConnected() === true) return browser;
    }
    // Of several tests that find it gone, the first opens another and the rest take that one.
    if (this.#latest !== before) return this.running();
    this.#latest = openChromium();
    return this.#latest;
  }

  async close(): Promise<void> {
    await (await this.#latest?.catch(() => undefined))?.close();
  }
}

function findChromium(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const file of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  throw new Error(`no Chromium in the PATH; looked for ${names.join(', ')}`);
}
