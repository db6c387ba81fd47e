import { mkdtempSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ByteStreamEvents } from '../../../src/kernel/bytes.ts';
import { WindowSocket, windowSocketPath } from '../../../src/simulator/demo/window-socket.ts';
import { eventually } from '../../support/wait.ts';

let folder: string;
let socket: WindowSocket;
/** What each window's own connection to the station is told, and what it says. */
const stations: { readonly events: ByteStreamEvents; said: string; closed: boolean }[] = [];
const windows: Socket[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-window-'));
  socket = new WindowSocket(windowSocketPath(folder), (events) => {
    const station = { events, said: '', closed: false };
    stations.push(station);
    return {
      write: (bytes) => (station.said += Buffer.from(bytes).toString('utf8')) !== '',
      close: () => {
        station.closed = true;
      },
    };
  });
});

afterEach(() => {
  socket.close();
  for (const window of windows.splice(0)) window.destroy();
  stations.length = 0;
  rmSync(folder, { recursive: true, force: true });
});

function joinIt(): { heard: string; state: 'joining' | 'joined' | 'gone'; socket: Socket } {
  const window = connect({ path: socket.path });
  windows.push(window);
  const seen = { heard: '', state: 'joining' as 'joining' | 'joined' | 'gone', socket: window };
  window.on('connect', () => (seen.state = 'joined'));
  window.on('data', (chunk: Buffer) => (seen.heard += chunk.toString('utf8')));
  window.on('error', () => undefined);
  window.on('close', () => (seen.state = 'gone'));
  return seen;
}

test('passes bytes both ways, those too that came before the station was reached', async () => {
  await socket.open();
  const window = joinIt();
  window.socket.write('watch\n');
  const station = await eventually('the station is asked', () => stations[0]);
  expect(station.said).toBe('');
  station.events.opened();
  await eventually('the station hears', () => station.said === 'watch\n');
  station.events.bytes(Buffer.from('view\n'));
  await eventually('the window hears', () => window.heard === 'view\n');
  window.socket.destroy();
  await eventually('the station is left', () => station.closed);
});

test('is for its own user only', async () => {
  await socket.open();
  expect(statSync(dirname(socket.path)).mode & 0o777).toBe(0o700);
});

test('is there while the station is', async () => {
  await socket.open();
  const window = joinIt();
  (await eventually('the station is asked', () => stations[0])).events.opened();
  socket.close();
  await eventually('the window is let go', () => window.state === 'gone');
  const early = joinIt();
  await eventually('nobody is let in', () => early.state === 'gone');
  expect(stations).toHaveLength(1);
  await socket.open();
  const again = joinIt();
  await eventually('the window is let in again', () => again.state === 'joined');
});

test('lets a window go whose station has closed', async () => {
  await socket.open();
  const window = joinIt();
  (await eventually('the station is asked', () => stations[0])).events.closed('gone');
  await eventually('the window is let go', () => window.state === 'gone');
});

test('lets so many windows in and no more', async () => {
  await socket.open();
  const all = [1, 2, 3, 4, 5].map(() => joinIt());
  await eventually('one is turned away', () => all.filter(({ state }) => state === 'gone').length === 1);
  expect(stations).toHaveLength(4);
});

test('takes the place of what a killed demonstration left behind', async () => {
  await socket.open();
  socket.close();
  writeFileSync(socket.path, '');
  await socket.open();
  const window = joinIt();
  await eventually('the window is let in', () => window.state === 'joined');
});

test('is not made in a folder that others can enter', async () => {
  await socket.open();
  socket.close();
  chmodSync(dirname(socket.path), 0o755);
  await expect(socket.open()).rejects.toThrow('mode 0700');
});
