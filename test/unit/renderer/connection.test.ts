import { expect, test } from 'vitest';
import type { Browser } from '../../../src/renderer/browser.ts';
import { connectBySocket } from '../../../src/renderer/connection.ts';
import type { FrameFromStation } from '../../../src/shared/frames.ts';

/** A socket that a test opens, fills and breaks by hand. */
class HandSocket {
  onopen = (): void => {};
  onmessage = (_event: { data: unknown }): void => {};
  onclose = (): void => {};
  readonly sent: string[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.onclose();
  }
}

function openConnection() {
  const sockets: HandSocket[] = [];
  const paths: string[] = [];
  const timers: { delayMs: number; act: () => void; alive: boolean }[] = [];
  const browser: Browser = {
    after: (delayMs, act) => {
      const timer = { delayMs, act, alive: true };
      timers.push(timer);
      return () => {
        timer.alive = false;
      };
    },
    chance: () => 1,
    pageId: () => 'page',
    openSocket: (path) => {
      const socket = new HandSocket();
      sockets.push(socket);
      paths.push(path);
      return socket as unknown as WebSocket;
    },
    reload: () => {},
    recallTheme: () => undefined,
    keepTheme: () => {},
  };
  const frames: FrameFromStation[] = [];
  const links: boolean[] = [];
  const port = connectBySocket(browser);
  port.onFrame((frame) => frames.push(frame));
  port.onLink((up) => links.push(up));
  const newest = (): HandSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  /** Lets the one waiting timer run out and tells how long it was set for. */
  const runTimer = (): number => {
    const waiting = timers.filter((timer) => timer.alive);
    const timer = waiting[0];
    if (timer === undefined || waiting.length > 1) throw new Error(`${waiting.length} timers are waiting`);
    timer.alive = false;
    timer.act();
    return timer.delayMs;
  };
  return {
    port,
    sockets,
    paths,
    frames,
    links,
    newest,
    runTimer,
    waiting: () => timers.filter((timer) => timer.alive),
  };
}

const refused = { v: 1, kind: 'refused', reason: 'x' } as const;

test('reaches the station beside the page, and frames go both ways', () => {
  const { port, paths, frames, links, newest } = openConnection();
  expect(paths).toEqual(['./station']);
  port.send({ v: 1, kind: 'watch' });
  newest().onopen();
  port.send({ v: 1, kind: 'watch' });
  expect(newest().sent).toEqual(['{"v":1,"kind":"watch"}']);
  newest().onmessage({ data: JSON.stringify(refused) });
  expect(frames).toEqual([refused]);
  expect(links).toEqual([false, true]);
});

test('tries again with pauses that grow to a bound, and begins anew after a frame', () => {
  const { newest, runTimer, sockets, links } = openConnection();
  const pauses = Array.from({ length: 7 }, () => {
    newest().close();
    return runTimer();
  });
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  newest().onopen();
  newest().onmessage({ data: JSON.stringify(refused) });
  newest().close();
  expect(runTimer()).toBe(250);
  expect(links).toEqual([false, true, false]);
  expect(sockets).toHaveLength(9);
});

test('nothing sent while the link is down is sent later', () => {
  const { port, newest, runTimer } = openConnection();
  newest().onopen();
  newest().close();
  port.send({ v: 1, kind: 'watch' });
  runTimer();
  newest().onopen();
  expect(newest().sent).toEqual([]);
});

test('an open socket without a word is given up', () => {
  const { newest, runTimer, links } = openConnection();
  newest().onopen();
  expect(runTimer()).toBe(5_000);
  expect(newest().closed).toBe(true);
  expect(links).toEqual([false, true, false]);
});

test('a socket that speaks is not given up', () => {
  const { newest, waiting } = openConnection();
  newest().onopen();
  newest().onmessage({ data: JSON.stringify(refused) });
  expect(waiting()).toEqual([]);
});

test.each([
  ['no JSON', '{"v":1'],
  ['no object', '7'],
  ['no frame', '{"hello":1}'],
  ['bytes', new ArrayBuffer(4)],
  ['too long', `{"v":1,"kind":"${'x'.repeat(4_000_000)}"}`],
])('%s ends the socket instead of being guessed at', (_what, data) => {
  const { newest, frames } = openConnection();
  newest().onopen();
  newest().onmessage({ data });
  expect(newest().closed).toBe(true);
  expect(frames).toEqual([]);
});
