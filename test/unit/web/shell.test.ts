import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { frameToStationBytesMax, type FrameToStation } from '../../../src/shared/frames.ts';
import { openLocalSocket } from '../../../src/station/socket-connect.ts';
import { serveStation, type StationServer } from '../../../src/station/socket.ts';
import { stationWaitMsMax } from '../../../src/web/relay.ts';
import {
  createWebShell,
  webShellFailureSentence,
  type WebShellFailure,
  type WebShellOptions,
} from '../../../src/web/shell.ts';
import { viewOf } from '../../support/views.ts';
import { eventually } from '../../support/wait.ts';

let folder = '';
const cleanups: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-web-'));
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'secret.html'), 'secret');
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'page', 'dock.html'), '<!doctype html><title>dock</title>');
  writeFileSync(join(folder, 'page', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, 'page', 'assets', 'main-Ab3_x-9Z.js'), 'export {};');
  writeFileSync(join(folder, 'page', 'notes.md'), 'not for the page');
});
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  rmSync(folder, { recursive: true, force: true });
});

const socketPath = () => join(folder, 'run', 'station.sock');

async function startShell(options: Partial<WebShellOptions> = {}): Promise<number> {
  let port = 0;
  const shell = createWebShell({
    host: '127.0.0.1',
    port: 0,
    rendererDirectory: join(folder, 'page'),
    connectStation: openLocalSocket(socketPath()),
    clock: systemClock,
    log: silentLog,
    onListening: (at) => {
      port = at.port;
    },
    onFailed: (failure) => {
      throw new Error(webShellFailureSentence(failure));
    },
    ...options,
  });
  cleanups.push(() => shell.close());
  return eventually('the shell', () => port > 0 && port);
}

interface StationBench {
  readonly server: StationServer;
  readonly frames: FrameToStation[];
}

async function startStation(): Promise<StationBench> {
  const frames: FrameToStation[] = [];
  let listens = false;
  const server = serveStation({
    path: socketPath(),
    clock: systemClock,
    log: silentLog,
    onFrame: (_client, frame) => frames.push(frame),
    onListening: () => {
      listens = true;
    },
    onFailed: (failure) => {
      throw new Error(JSON.stringify(failure));
    },
  });
  cleanups.push(() => server.close());
  await eventually('the station', () => listens);
  return { server, frames };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

class Page {
  readonly socket: WebSocket;
  readonly messages: Record<string, unknown>[] = [];
  opened = false;
  closeCode: number | undefined;
  refusedWith: number | undefined;

  constructor(port: number, options: { origin?: string; host?: string; path?: string } = {}) {
    const headers: Record<string, string> = { host: options.host ?? `127.0.0.1:${port}` };
    const origin = options.origin ?? `http://127.0.0.1:${port}`;
    if (origin !== '') headers['origin'] = origin;
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${options.path ?? '/station'}`, { headers });
    this.socket.on('open', () => (this.opened = true));
    this.socket.on('message', (data: Buffer) => this.messages.push(JSON.parse(data.toString('utf8'))));
    this.socket.on('close', (code: number) => (this.closeCode = code));
    this.socket.on('unexpected-response', (request, response) => {
      this.refusedWith = response.statusCode;
      request.destroy();
    });
    this.socket.on('error', () => undefined);
    cleanups.push(() => this.socket.terminate());
  }
}

const watch = JSON.stringify({ v: 1, kind: 'watch' });

describe('the page', () => {
  it('comes with every guard, and is not kept', async () => {
    const port = await startShell();
    const answer = await ask(port, '/');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<title>page</title>');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  it('keeps files whose names hold their hash, and asks again for others', async () => {
    const port = await startShell();
    const script = await ask(port, '/assets/main-Ab3_x-9Z.js');
    expect([script.status, script.headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    const icon = await ask(port, '/icon.svg?x=1');
    expect([icon.status, icon.headers['cache-control']]).toEqual([200, 'no-cache']);
  });

  it('answers HEAD without a body', async () => {
    const port = await startShell();
    const answer = await ask(port, '/', { method: 'HEAD' });
    expect([answer.status, answer.body, answer.headers['content-length']]).toEqual([200, '', '34']);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('takes no %s', async (method) => {
    const port = await startShell();
    const answer = await ask(port, '/', { method });
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.html',
    '/assets/../../secret.html',
    '/assets/..\\..\\secret.html',
    '//secret.html',
    '/./index.html',
    '/assets/',
    '/assets',
    '/notes.md',
    '/index.html/',
    '/index.html%00.js',
    '/constructor',
    '/__proto__',
    '/etc/passwd',
    'http://127.0.0.1/secret.html',
  ])('has nothing at %s', async (path) => {
    const port = await startShell();
    const answer = await ask(port, path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret');
  });

  it('has the dock only where it was asked for', async () => {
    const plain = await startShell();
    expect((await ask(plain, '/dock.html')).status).toBe(404);
    const demo = await startShell({ pages: ['index.html', 'dock.html'] });
    expect((await ask(demo, '/dock.html')).body).toContain('<title>dock</title>');
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '127.0.0.1:1', '[::1]'])(
    'is not served under the name %s',
    async (host) => {
      const port = await startShell();
      expect((await ask(port, '/', { headers: { host } })).status).toBe(421);
    },
  );

  it('is served under localhost too', async () => {
    const port = await startShell();
    expect((await ask(port, '/', { headers: { host: `localhost:${port}` } })).status).toBe(200);
  });
});

describe('what cannot be served', () => {
  function failureOf(options: Partial<WebShellOptions>): Promise<WebShellFailure> {
    return new Promise((resolve) => {
      const shell = createWebShell({
        host: '127.0.0.1',
        port: 0,
        rendererDirectory: join(folder, 'page'),
        connectStation: openLocalSocket(socketPath()),
        clock: systemClock,
        log: silentLog,
        onFailed: resolve,
        ...options,
      });
      cleanups.push(() => shell.close());
    });
  }

  it('a port that is taken is told in a sentence', async () => {
    const port = await startShell();
    const failure = await failureOf({ port });
    expect(failure).toEqual({ kind: 'portTaken', port });
    expect(webShellFailureSentence(failure)).toContain(`Port ${port} is taken`);
  });

  it('a page that was not built is told in a sentence', async () => {
    const failure = await failureOf({ rendererDirectory: join(folder, 'nothing') });
    expect(failure.kind).toBe('notBuilt');
    expect(webShellFailureSentence(failure)).toContain('npm run build');
  });
});

describe('the way to the station', () => {
  it('carries frames both ways', async () => {
    const station = await startStation();
    const page = new Page(await startShell());
    await eventually('the link', () => page.opened);
    station.server.publish(viewOf(1));
    page.socket.send(watch);
    await eventually('the view', () => page.messages.length === 1);
    expect(page.messages[0]).toEqual({ v: 1, kind: 'view', view: viewOf(1) });
    const intent = { v: 1, kind: 'intent', intent: { id: 'i', epoch: 1, act: { do: 'stay' } } };
    page.socket.send(JSON.stringify(intent));
    await eventually('the intent', () => station.frames.length === 1);
    expect(station.frames).toEqual([intent]);
  });

  it('carries a view of a megabyte whole', async () => {
    const station = await startStation();
    const page = new Page(await startShell());
    await eventually('the link', () => page.opened);
    const view = viewOf(1, 'å'.repeat(500_000));
    station.server.publish(view);
    page.socket.send(watch);
    await eventually('the view', () => page.messages.length === 1);
    expect(page.messages[0]).toEqual({ v: 1, kind: 'view', view });
  });

  const hostile: [string, { origin?: string; host?: string }][] = [
    ['another site', { origin: 'http://evil.example' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['a secure page', { origin: 'https://127.0.0.1' }],
    ['a page without an origin', { origin: '' }],
    ['a file', { origin: 'null' }],
    ['a name that was bent to this machine', { origin: 'http://evil.example', host: 'evil.example' }],
  ];
  it.each(hostile)('is closed to %s', async (_who, options) => {
    const station = await startStation();
    const page = new Page(await startShell(), options);
    await eventually('the refusal', () => page.refusedWith !== undefined);
    expect([page.refusedWith, page.opened]).toEqual([403, false]);
    expect(station.frames).toEqual([]);
  });

  it('is not at any other path', async () => {
    await startStation();
    const page = new Page(await startShell(), { path: '/journal' });
    await eventually('the refusal', () => page.refusedWith !== undefined);
    expect(page.refusedWith).toBe(404);
  });

  const rotateKeys = JSON.stringify({
    v: 1,
    kind: 'desk',
    id: 'q',
    ask: { by: 'me', act: { do: 'rotateKeys' } },
  });
  const noFrames: [string, string | Buffer, number][] = [
    ['bytes', Buffer.from(watch), 1003],
    ['nothing', '', 1003],
    ['two frames in one', `${watch}\n${watch}`, 1003],
    ['a technician’s question', JSON.stringify({ v: 1, kind: 'ask', id: 'q', about: 'journal' }), 1003],
    ['work on the journal', rotateKeys, 1003],
    ['the same behind a byte order mark', `\ufeff${rotateKeys}`, 1003],
    ['too much', 'x'.repeat(frameToStationBytesMax + 1), 1009],
  ];
  it.each(noFrames)('is closed to a page that sends %s', async (_what, data, code) => {
    const station = await startStation();
    const page = new Page(await startShell());
    await eventually('the link', () => page.opened);
    page.socket.send(data);
    await eventually('the end', () => page.closeCode !== undefined);
    expect(page.closeCode).toBe(code);
    expect(station.frames).toEqual([]);
  });

  it('ends for a page that the station refuses, after its word', async () => {
    await startStation();
    const page = new Page(await startShell());
    await eventually('the link', () => page.opened);
    page.socket.send('{"v":99}');
    await eventually('the end', () => page.closeCode !== undefined);
    expect(page.messages).toEqual([{ v: 1, kind: 'refused', reason: expect.any(String) }]);
  });

  it('ends with the station, and is there again when the station is', async () => {
    const port = await startShell();
    const first = await startStation();
    const page = new Page(port);
    await eventually('the link', () => page.opened);
    first.server.close();
    await eventually('the end', () => page.closeCode !== undefined);
    expect(page.closeCode).toBe(1012);
    // A page that comes while the station is away waits for it.
    const waiting = new Page(port);
    const second = await startStation();
    second.server.publish(viewOf(7));
    await eventually('the link', () => waiting.opened);
    waiting.socket.send(watch);
    await eventually('the view', () => waiting.messages.length === 1);
  });

  it('is refused when the station stays away', async () => {
    const page = new Page(await startShell());
    await eventually('the refusal', () => page.refusedWith !== undefined, stationWaitMsMax * 2);
    expect([page.refusedWith, page.opened]).toEqual([503, false]);
  });

  it('costs nothing for a page that leaves before the station is there', async () => {
    const port = await startShell();
    let closed = 0;
    const impatient = connect({ port, host: '127.0.0.1' }, () => {
      impatient.write(
        `GET /station HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      );
      impatient.destroy();
    });
    impatient.on('close', () => (closed += 1));
    await eventually('the page to be gone', () => closed === 1);
    const station = await startStation();
    const page = new Page(port);
    await eventually('the link', () => page.opened);
    page.socket.send(
      JSON.stringify({
        v: 1,
        kind: 'intent',
        intent: { id: 'i-1', epoch: 1, act: { do: 'chooseService', service: 'return' } },
      }),
    );
    await eventually('the intent', () => station.frames.length === 1);
  });
});

describe('what the demo adds', () => {
  it('is reached by path, and changed only from our own page', async () => {
    const port = await startShell({
      routes: [
        { path: '/dock/', handle: (request, response, path) => response.end(`${request.method} ${path}`) },
      ],
    });
    expect((await ask(port, '/dock/scan?x')).body).toBe('GET /dock/scan');
    expect((await ask(port, '/dock/scan', { method: 'POST' })).status).toBe(403);
    const headers = { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` };
    expect((await ask(port, '/dock/scan', { method: 'POST', headers })).body).toBe('POST /dock/scan');
    const answer = await ask(port, '/dock/scan', {
      method: 'POST',
      headers: { ...headers, origin: 'http://evil.example' },
    });
    expect(answer.status).toBe(403);
  });

  it('may have sockets of its own', async () => {
    const port = await startShell({
      sockets: [{ path: '/dock', connected: (socket) => socket.send('{"dock":true}') }],
    });
    const page = new Page(port, { path: '/dock' });
    await eventually('the word', () => page.messages.length === 1);
    expect(page.messages).toEqual([{ dock: true }]);
    const stranger = new Page(port, { path: '/dock', origin: 'http://evil.example' });
    await eventually('the refusal', () => stranger.refusedWith !== undefined);
    expect(stranger.refusedWith).toBe(403);
  });
});
