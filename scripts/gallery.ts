/**
 * Pictures of every screen, in every language, theme and format, from the built page in a real Chromium:
 * `node scripts/gallery.ts [--screen NAME] [--language CODE] [--theme NAME] [--format NAME]`, each repeatable.
 * A screen is meant by the beginning of its name. Writes `gallery/` with a contact sheet.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { WebSocketServer, type WebSocket } from 'ws';
import { examples, type Example } from '../src/renderer/gallery/views.ts';
import { languageCodes, type LanguageCode } from '../src/shared/languages.ts';
import { themes, type Theme, type View } from '../src/shared/view.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// A build of its own: another one may be going on in `dist`.
const page = mkdtempSync(join(tmpdir(), 'omatoimi-gallery-'));
const target = join(root, 'gallery');
const paintTimeoutMs = 10_000;

/** Run in the page: what can be pressed and is lower than a finger needs, or stands outside the screen. */
const smallTargets = `[...document.querySelectorAll('button, input')].flatMap((target) => {
  const { top, bottom, left, right, height } = target.getBoundingClientRect();
  const name = target.dataset.testid ?? target.textContent;
  const scrolls = target.closest('.work') !== null;
  const outside = left < 0 || right > innerWidth || (!scrolls && (top < 0 || bottom > innerHeight));
  return [...(height < 87.5 ? [name + ' is ' + height + ' px high'] : []), ...(outside ? [name + ' is outside'] : [])];
})`;

const formats = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1920, height: 1080 },
  small: { width: 1280, height: 800 },
} as const;
type Format = keyof typeof formats;

interface Shot {
  readonly example: Example;
  readonly language: LanguageCode;
  readonly theme: Theme;
  readonly format: Format;
}

/** The stand-in for a station: the page that asked to watch, and what it is shown. */
let watching: WebSocket | undefined;
let frameNow: string | undefined;

function fileNameOf({ example, language, theme, format }: Shot): string {
  return `${example.name}.${language}.${theme}.${format}.png`;
}

function chosenShots(): Shot[] {
  const many = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({ options: { screen: many, language: many, theme: many, format: many } });
  const wanted = (name: string, of: readonly string[] | undefined): boolean => of?.includes(name) ?? true;
  const shots: Shot[] = [];
  for (const example of examples) {
    if (values.screen !== undefined && !values.screen.some((start) => example.name.startsWith(start)))
      continue;
    for (const language of languageCodes.filter((code) => wanted(code, values.language)))
      for (const theme of themes.filter((name) => wanted(name, values.theme)))
        for (const format of (Object.keys(formats) as Format[]).filter((name) => wanted(name, values.format)))
          shots.push({ example, language, theme, format });
  }
  return shots;
}

/** Serves the built page with the policy that the shells give it, and a WebSocket that plays the station. */
function serve(): Server {
  const types: Readonly<Record<string, string>> = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.wav': 'audio/wav',
    '.woff2': 'font/woff2',
  };
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://station').pathname);
    try {
      const body = readFileSync(join(page, path === '/' ? 'index.html' : path));
      response.setHeader('content-type', types[extname(path === '/' ? '.html' : path)] ?? 'text/html');
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  const sockets = new WebSocketServer({ server, path: '/station' });
  sockets.on('connection', (socket: WebSocket) => {
    socket.on('message', () => {
      watching = socket;
      if (frameNow !== undefined) socket.send(frameNow);
    });
  });
  return server;
}

function frameOf(view: View, { language, theme }: Shot, revision: number): string {
  return JSON.stringify({ v: 1, kind: 'view', view: { ...view, language, theme, revision } });
}

/** Brings a view on the screen as a station would. */
async function showView(browserPage: Page, view: View, shot: Shot, revision: number): Promise<void> {
  frameNow = frameOf(view, shot, revision);
  if (watching === undefined || watching.readyState !== watching.OPEN) await browserPage.goto(address);
  else watching.send(frameNow);
  const painted = browserPage.locator(`html[data-revision="${revision}"]`);
  await painted.waitFor({ timeout: paintTimeoutMs });
}

/** What a page showed before it stood alone. */
function earlierView(): View {
  const view = examples.map((example) => example.view).find((each) => typeof each !== 'string');
  if (view === undefined) throw new Error('impossible: no example is a view');
  return view;
}

/** Brings a shot on the screen. A page that stands alone knew a station before, and what it keeps of that is seen. */
async function show(browserPage: Page, shot: Shot, revision: number): Promise<void> {
  const { view } = shot.example;
  if (typeof view !== 'string') await showView(browserPage, view, shot, revision);
  else {
    await showView(browserPage, earlierView(), shot, revision);
    frameNow = view === 'strangeStation' ? JSON.stringify({ v: 2, kind: 'view' }) : undefined;
    if (view === 'lostStation') watching?.terminate();
    else await browserPage.goto(address);
    const screen = view === 'strangeStation' ? 'outOfService' : 'oneMoment';
    await browserPage.locator(`html[data-screen="${screen}"]`).waitFor({ timeout: paintTimeoutMs });
    await browserPage.locator('h1').first().waitFor({ timeout: paintTimeoutMs });
    watching = undefined;
  }
  await browserPage.evaluate('document.fonts.ready.then(() => undefined)');
}

async function take(browserPage: Page, shot: Shot, revision: number): Promise<void> {
  await show(browserPage, shot, revision);
  for (const small of await browserPage.evaluate<string[]>(smallTargets))
    complain(`${fileNameOf(shot)}: ${small}`);
  await browserPage.screenshot({ path: join(target, fileNameOf(shot)), animations: 'disabled' });
}

/** A contact sheet: one line per screen and language, every picture a link to itself. */
function contactSheet(shots: readonly Shot[]): string {
  const lines = new Map<string, Shot[]>();
  for (const shot of shots) {
    const line = `${shot.example.name} · ${shot.language}`;
    lines.set(line, [...(lines.get(line) ?? []), shot]);
  }
  const pictures = (line: readonly Shot[]): string =>
    line
      .map((shot) => {
        const name = fileNameOf(shot);
        return `<a href="${name}"><img loading="lazy" src="${name}" alt="${name.slice(0, -4)}"></a>`;
      })
      .join('');
  const body = [...lines].map(([name, line]) => `<h2>${name}</h2><div>${pictures(line)}</div>`).join('\n');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Omatoimi: every screen</title>
<style>body{font:16px sans-serif;margin:2rem;background:#eee}img{height:320px;margin:0 8px 8px 0;background:#fff;box-shadow:0 1px 4px #0004}h2{font-size:16px;margin:1.5rem 0 .5rem}</style>
<h1>Every screen: ${shots.length} pictures</h1>
${body}
</html>
`;
}

function findChromium(): string {
  if (process.env['CHROME_PATH'] !== undefined) return process.env['CHROME_PATH'];
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        continue;
      }
    }
  }
  throw new Error('no Chromium found: install chromium, or name one in CHROME_PATH');
}

let complaints = 0;
function complain(what: string): void {
  complaints += 1;
  console.error(what);
}

const shots = chosenShots();
const vite = join(root, 'node_modules/vite/bin/vite.js');
const buildArgs = [vite, 'build', '--logLevel', 'warn', '--outDir', page, '--emptyOutDir'];
const built = spawnSync(process.execPath, buildArgs, { cwd: root, stdio: 'inherit' });
if (built.status !== 0) throw new Error('the page does not build');
mkdirSync(target, { recursive: true });

const server = serve();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--mute-audio'],
});
try {
  const context = await browser.newContext({ hasTouch: true, reducedMotion: 'reduce' });
  const browserPage = await context.newPage();
  browserPage.on('console', (message) => {
    if (message.type() === 'error') complain(message.text());
  });
  // One format after the other: turning the window is what costs.
  let revision = 0;
  for (const format of Object.keys(formats) as Format[]) {
    await browserPage.setViewportSize(formats[format]);
    for (const shot of shots.filter((each) => each.format === format))
      await take(browserPage, shot, ++revision);
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
  rmSync(page, { recursive: true, force: true });
}
writeFileSync(join(target, 'index.html'), contactSheet(shots));
console.log(`gallery: ${shots.length} pictures, ${complaints} complaints`);
process.exitCode = complaints === 0 ? 0 : 1;
