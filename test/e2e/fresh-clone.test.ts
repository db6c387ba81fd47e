import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { descendantsOf, isAlive, killIfAlive } from '../integration/demo/demo-run.ts';
import { books, people } from '../support/example-library.ts';
import { Kiosk } from '../support/kiosk.ts';
import { test as base } from '../support/on-stage.ts';
import { eventually } from '../support/wait.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { aino } = people;

/** From `npm start` to the page, with the page to be built first. */
const readyMsMax = 150_000;

/** A tree as a clone has it, with the packages that are installed here: nothing built, nothing kept. */
const test = base.extend('clone', async ({}, { onCleanup }): Promise<string> => {
  const clone = mkdtempSync(join(tmpdir(), 'omatoimi-clone-'));
  onCleanup(() => rmSync(clone, { recursive: true, force: true }));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of listed.toString('utf8').split('\0')) {
    if (file === '' || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(root, file), join(clone, file));
  }
  const modules = join(root, 'node_modules');
  if (lstatSync(modules).isSymbolicLink()) symlinkSync(realpathSync(modules), join(clone, 'node_modules'));
  else linkModules(modules, join(clone, 'node_modules'));
  return clone;
});

/** Hard links where the file system has them: half a gigabyte otherwise. What other tests write there meanwhile is none of the packages. */
function linkModules(from: string, to: string): void {
  const packages = readdirSync(from)
    .filter((name) => !/^\.(?:cache|vite)/.test(name))
    .map((name) => join(from, name));
  mkdirSync(to);
  try {
    execFileSync('cp', ['-al', ...packages, to], { stdio: 'ignore' });
  } catch {
    execFileSync('cp', ['-a', ...packages, to]);
  }
}

interface Npm {
  readonly child: ChildProcess;
  words: string;
  readonly ended: Promise<unknown>;
}

describe('a fresh clone', { timeout: 300_000 }, () => {
  test('npm start serves the example; a browser logs in, borrows, sees the account and returns', async ({
    clone,
    browser,
    onTestFinished,
  }) => {
    const child = spawn('npm', ['start', '--', '--shell', 'web', '--port', '0'], {
      cwd: clone,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const npm: Npm = { child, words: '', ended: once(child, 'close') };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (npm.words += chunk.toString('utf8')));
    }
    const family = (): readonly { readonly pid: number }[] => descendantsOf(child.pid ?? 0);
    onTestFinished(async () => {
      const left = family();
      child.kill('SIGKILL');
      for (const { pid } of left) killIfAlive(pid);
      await npm.ended;
    });
    const url = await eventually(
      'it says where the page is',
      () => /(http:\/\/127\.0\.0\.1:\d+\/)dock\b/.exec(npm.words)?.[1],
      readyMsMax,
    ).catch((cause: unknown) => {
      throw new Error(`npm start said: ${npm.words}`, { cause });
    });
    expect(npm.words).toContain('Building the page');
    expect(existsSync(join(clone, 'dist', 'renderer', 'index.html'))).toBe(true);

    const kiosk = await Kiosk.open(browser, url);
    const dock = await Kiosk.open(browser, `${url}dock`);
    onTestFinished(async () => {
      await kiosk.close();
      await dock.close();
    });
    const scan = (label: string): Promise<void> =>
      dock.page.locator(`[data-card="${label}"], [data-item="${label}"]`).first().click();
    await kiosk.mode('online');
    await kiosk.speak('en');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await scan(aino.card);
    await kiosk.typePin(aino.pin);
    await kiosk.screen('borrow');
    await scan(books.brothers.item);
    expect(await kiosk.rowWords(books.brothers.item, 'done')).toContain('Lent to you until');
    await kiosk.passes('finished', () => kiosk.tap('finish'));
    await kiosk.screen('home');
    await kiosk.speak('en');
    await kiosk.tap('home-account');
    await kiosk.screen('card');
    await kiosk.typeCard(aino.card);
    await kiosk.typePin(aino.pin);
    await kiosk.screen('account');
    await kiosk.row(books.brothers.item).filter({ hasText: books.brothers.title }).waitFor();
    await kiosk.tap('finish');
    await kiosk.screen('home');
    await kiosk.tap('home-return');
    await kiosk.screen('return');
    // The scanner takes the same label within a moment for one scan; by now that moment is over.
    await scan(books.brothers.item);
    await kiosk.rowWords(books.brothers.item, 'done');
    // In the dock, the same station is seen beside the cards and books.
    const framed = dock.page.frameLocator('iframe').locator('[data-testid="item-row"][data-state="done"]');
    await framed.filter({ hasText: books.brothers.title }).waitFor();

    const all = family();
    expect(all.length).toBeGreaterThan(3);
    child.kill('SIGTERM');
    await npm.ended;
    await eventually('all of it has ended', () => all.every(({ pid }) => !isAlive(pid)), 30_000);
  });
});
