import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogFields } from '../../../src/kernel/log.ts';
import { frameToStationBytesMax, type FrameToStation } from '../../../src/shared/frames.ts';
import type { View } from '../../../src/shared/view.ts';
import { clientBacklogBytesMax, clientStallMsMax } from '../../../src/station/socket-client.ts';
import { stationSocketPath } from '../../../src/station/socket-path.ts';
import {
  serveStation,
  stationClientsMax,
  type ServeStationOptions,
  type StationClient,
  type StationServer,
  type StationSocketFailure,
} from '../../../src/station/socket.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { viewOf } from '../../support/views.ts';
import { eventually } from '../../support/wait.ts';

let folder = '';
const cleanups: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-socket-'));
});
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  rmSync(folder, { recursive: true, force: true });
});

interface Bench {
  readonly server: StationServer;
  readonly path: string;
  readonly clock: VirtualClock;
  readonly frames: FrameToStation[];
  readonly clients: StationClient[];
  readonly failures: StationSocketFailure[];
  readonly logged: { event: string; fields: LogFields | undefined }[];
  listening: boolean;
}

function serve(options: Partial<ServeStationOptions> = {}): Bench {
  const clock = new VirtualClock();
  const bench: Bench = {
    clock,
    path: options.path ?? join(folder, 'run', 'station.sock'),
    frames: [],
    clients: [],
    failures: [],
    logged: [],
    listening: false,
    server: serveStation({
      path: join(folder, 'run', 'station.sock'),
      clock,
      log: { write: (_level, event, fields) => bench.logged.push({ event, fields }) },
      onFrame: (client, frame) => {
        bench.clients.push(client);
        bench.frames.push(frame);
      },
      onListening: () => {
        bench.listening = true;
      },
      onFailed: (failure) => bench.failures.push(failure),
      ...options,
    }),
  };
  cleanups.push(() => bench.server.close());
  return bench;
}

async function listening(options: Partial<ServeStationOptions> = {}): Promise<Bench> {
  const bench = serve(options);
  await eventually('the socket', () => bench.listening);
  return bench;
}

/** Publishes it as the only view of its event. */
async function published({ server }: Bench, view: View): Promise<void> {
  server.publish(view);
  await Promise.resolve();
}

class Client {
  readonly socket: Socket;
  text = '';
  closed = false;

  constructor(path: string) {
    this.socket = connect({ path });
    this.socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('utf8');
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
    });
    cleanups.push(() => this.socket.destroy());
  }

  get frames(): Record<string, unknown>[] {
    return this.text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  get revisions(): number[] {
    return this.frames.map((frame) => (frame['view'] as { revision: number }).revision);
  }

  send(frame: unknown): void {
    this.socket.write(`${JSON.stringify(frame)}\n`);
  }
}

const watch: FrameToStation = { v: 1, kind: 'watch' };
const intent: FrameToStation = {
  v: 1,
  kind: 'intent',
  intent: { id: 'i1', epoch: 1, act: { do: 'pinKey', key: '7' } },
};

describe('the station’s socket', () => {
  it('is for its own user alone', async () => {
    const { path } = await listening();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  it('does not listen in a folder that others may enter', async () => {
    mkdirSync(join(folder, 'run'), { mode: 0o755 });
    chmodSync(join(folder, 'run'), 0o755);
    const bench = serve();
    await eventually('the failure', () => bench.failures.length > 0);
    expect(bench.failures).toEqual([
      { kind: 'unsafe', path: bench.path, reason: expect.stringContaining('0700') },
    ]);
  });

  it('gives the present view to who watches, then each new one', async () => {
    const bench = await listening();
    bench.server.publish(viewOf(1));
    bench.server.publish(viewOf(2));
    const early = new Client(bench.path);
    const silent = new Client(bench.path);
    early.send(watch);
    await eventually('the present view', () => early.frames.length === 1);
    bench.server.publish(viewOf(3));
    await eventually('the new view', () => early.frames.length === 2);
    expect(early.revisions).toEqual([2, 3]);
    expect(early.frames[1]).toEqual({ v: 1, kind: 'view', view: viewOf(3) });
    silent.send({ v: 1, kind: 'ask', id: 'q', about: 'status' });
    await eventually('the question', () => bench.frames.length === 1);
    expect(silent.text).toBe('');
  });

  it('shows at once what nobody should wait for, and once', async () => {
    const bench = await listening();
    bench.server.show();
    bench.server.publish(viewOf(1));
    const client = new Client(bench.path);
    client.send(watch);
    await eventually('the present view', () => client.frames.length === 1);
    bench.server.publish(viewOf(2));
    bench.server.show();
    bench.server.show();
    bench.server.publish(viewOf(3));
    await eventually('both views of the event', () => client.frames.length >= 3);
    client.send({ v: 1, kind: 'ask', id: 'q', about: 'status' });
    await eventually('the question', () => bench.frames.length === 1);
    expect(client.revisions).toEqual([1, 2, 3]);
  });

  it('tells that a client went away, to the last one who wants to know, also when it is asked late', async () => {
    const bench = await listening();
    const client = new Client(bench.path);
    client.send({ v: 1, kind: 'ask', id: 'q', about: 'status' });
    await eventually('the question', () => bench.clients.length === 1);
    const heard: string[] = [];
    bench.clients[0]?.onGone(() => heard.push('first'));
    bench.clients[0]?.onGone(() => heard.push('second'));
    expect(heard).toEqual([]);
    client.socket.destroy();
    await eventually('the word', () => heard.length > 0);
    bench.clients[0]?.onGone(() => heard.push('late'));
    expect(heard).toEqual(['second', 'late']);
  });

  it('hands intents and questions over, in pieces or together, and answers who asked', async () => {
    const bench = await listening();
    const client = new Client(bench.path);
    const ask: FrameToStation = { v: 1, kind: 'ask', id: 'q1', about: 'journal' };
    const bytes = `${JSON.stringify(intent)}\n${JSON.stringify(ask)}\n`;
    for (const piece of [bytes.slice(0, 10), bytes.slice(10, 90), bytes.slice(90)])
      client.socket.write(piece);
    await eventually('both frames', () => bench.frames.length === 2);
    expect(bench.frames).toEqual([intent, ask]);
    bench.clients[1]?.send({ v: 1, kind: 'told', id: 'q1', answer: { open: 0 } });
    await eventually('the answer', () => client.frames.length === 1);
    expect(client.frames).toEqual([{ v: 1, kind: 'told', id: 'q1', answer: { open: 0 } }]);
  });

  const bad: [string, string | Buffer][] = [
    ['no JSON', '{"v":1,\n'],
    ['another version', `${JSON.stringify({ ...watch, v: 2 })}\n`],
    ['an unknown kind', '{"v":1,"kind":"shutdown"}\n'],
    ['a key too many', `${JSON.stringify({ ...watch, extra: 1 })}\n`],
    ['two characters as one key', `${JSON.stringify(intent).replace('"7"', '"7391"')}\n`],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a])],
    ['a line without end', 'x'.repeat(frameToStationBytesMax + 1)],
  ];
  it.each(bad)('refuses %s and hangs up', async (_what, bytes) => {
    const bench = await listening();
    const client = new Client(bench.path);
    client.socket.write(bytes);
    await eventually('the end', () => client.closed);
    expect(client.frames).toEqual([{ v: 1, kind: 'refused', reason: expect.any(String) }]);
    expect(bench.frames).toEqual([]);
    expect(client.text + JSON.stringify(bench.logged)).not.toContain('7391');
    const next = new Client(bench.path);
    next.send(intent);
    await eventually('another client to be heard', () => bench.frames.length === 1);
  });

  it('takes nothing more from a connection that it refused', async () => {
    const bench = await listening();
    const client = new Client(bench.path);
    client.socket.write(`nonsense\n${JSON.stringify(intent)}\n`);
    await eventually('the end', () => client.closed);
    expect(bench.frames).toEqual([]);
  });

  it('keeps only the newest view for one that reads slowly', async () => {
    const bench = await listening();
    const slow = new Client(bench.path);
    slow.send(watch);
    bench.server.publish(viewOf(0));
    await eventually('the first view', () => slow.frames.length === 1);
    slow.socket.pause();
    const padding = 'x'.repeat(50_000);
    for (let revision = 1; revision <= 400; revision += 1) await published(bench, viewOf(revision, padding));
    slow.socket.resume();
    await eventually('the newest view', () => slow.revisions.at(-1) === 400);
    expect(slow.revisions.length).toBeLessThan(100);
    expect(slow.revisions).toEqual(slow.revisions.toSorted((a, b) => a - b));
  });

  it('sends of several views of one event the newest, and before any answer to it', async () => {
    const bench = await listening();
    const client = new Client(bench.path);
    client.send(watch);
    await published(bench, viewOf(0));
    await eventually('the first view', () => client.frames.length === 1);
    bench.server.publish(viewOf(1));
    bench.server.publish(viewOf(2));
    await eventually('the newest view', () => client.revisions.at(-1) === 2);
    expect(client.revisions).toEqual([0, 2]);

    client.send({ v: 1, kind: 'ask', id: 'q', about: 'journal' });
    await eventually('the question', () => bench.clients.length === 1);
    bench.server.publish(viewOf(3));
    bench.clients[0]?.send({ v: 1, kind: 'told', id: 'q', answer: {} });
    await eventually('the answer', () => client.frames.length === 4);
    expect(client.frames.slice(2).map(({ kind }) => kind)).toEqual(['view', 'told']);
  });

  it('drops one that never reads, after a while', async () => {
    const bench = await listening();
    const stalled = new Client(bench.path);
    stalled.send(watch);
    bench.server.publish(viewOf(0));
    await eventually('the first view', () => stalled.frames.length === 1);
    stalled.socket.pause();
    for (let revision = 1; revision <= 20; revision += 1)
      await published(bench, viewOf(revision, 'x'.repeat(100_000)));
    bench.clock.advance(clientStallMsMax - 1);
    expect(bench.logged.map((entry) => entry.event)).not.toContain('socket.client_dropped');
    bench.clock.advance(1);
    expect(bench.logged).toContainEqual({ event: 'socket.client_dropped', fields: { reason: 'stalled' } });
    stalled.socket.resume();
    await eventually('the end', () => stalled.closed);
  });

  it('drops one that asks and asks and never reads', async () => {
    const bench = await listening();
    const greedy = new Client(bench.path);
    greedy.send({ v: 1, kind: 'ask', id: 'q', about: 'journal' });
    await eventually('the question', () => bench.clients.length === 1);
    greedy.socket.pause();
    const answer = 'x'.repeat(clientBacklogBytesMax / 8);
    for (let i = 0; i < 20; i += 1) bench.clients[0]?.send({ v: 1, kind: 'told', id: 'q', answer });
    expect(bench.logged).toContainEqual({ event: 'socket.client_dropped', fields: { reason: 'backlog' } });
  });

  it('bears only so many at once', async () => {
    const bench = await listening();
    const crowd = Array.from({ length: stationClientsMax }, () => new Client(bench.path));
    for (const client of crowd) client.send(watch);
    bench.server.publish(viewOf(1));
    await eventually('all to be served', () => crowd.every((client) => client.frames.length === 1));
    const oneTooMany = new Client(bench.path);
    await eventually('the end', () => oneTooMany.closed);
    crowd[0]?.socket.destroy();
    await eventually('a free place', () => {
      const next = new Client(bench.path);
      next.send(intent);
      return bench.frames.length > 0;
    });
  });

  it('takes the file away when it closes, and ends the connections', async () => {
    const bench = await listening();
    const client = new Client(bench.path);
    client.send(watch);
    bench.server.publish(viewOf(1));
    await eventually('the view', () => client.frames.length === 1);
    bench.server.close();
    await eventually('the end', () => client.closed && !existsSync(bench.path));
  });
});

describe('a socket file that is already there', () => {
  it('of a station that was killed is replaced', async () => {
    mkdirSync(join(folder, 'run'), { mode: 0o700 });
    const path = join(folder, 'run', 'station.sock');
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    const killed = spawn(process.execPath, ['-e', script]);
    await new Promise((resolve) => killed.on('exit', resolve));
    expect(statSync(path).isSocket()).toBe(true);
    const bench = await listening();
    const client = new Client(bench.path);
    client.send(intent);
    await eventually('the frame', () => bench.frames.length === 1);
  });

  it('of a station that lives is left alone', async () => {
    const first = await listening();
    const second = serve();
    await eventually('the failure', () => second.failures.length > 0);
    expect(second.failures).toEqual([{ kind: 'inUse', path: first.path }]);
    second.server.close();
    const client = new Client(first.path);
    client.send(intent);
    await eventually('the first to hear', () => first.frames.length === 1);
  });

  it('and is no socket is left alone', async () => {
    mkdirSync(join(folder, 'run'), { mode: 0o700 });
    const path = join(folder, 'run', 'station.sock');
    writeFileSync(path, 'mine');
    const bench = serve();
    await eventually('the failure', () => bench.failures.length > 0);
    expect(bench.failures[0]?.kind).toBe('unsafe');
    expect(statSync(path).size).toBe(4);
  });
});

describe('the socket’s address', () => {
  it('lies in the data directory, and elsewhere where that path is too long', () => {
    expect(stationSocketPath('/var/lib/omatoimi', 'linux')).toBe('/var/lib/omatoimi/run/station.sock');
    const long = stationSocketPath(`/${'very-long/'.repeat(12)}`, 'linux');
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(103);
    expect(long).toBe(stationSocketPath(`/${'very-long/'.repeat(12)}`, 'linux'));
    expect(long).not.toBe(stationSocketPath(`/${'very-long/'.repeat(13)}`, 'linux'));
  });
  it('is a named pipe on Windows', () => {
    expect(stationSocketPath('data', 'win32')).toMatch(/^\\\\\.\\pipe\\omatoimi-[0-9a-f]{16}$/);
  });
});
