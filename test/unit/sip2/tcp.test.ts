import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openTcp } from '../../../src/sip2/tcp.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Opens a stream and tells what happens until `until` says that it is enough. */
async function events(
  port: number,
  act: (event: string, write: (text: string) => boolean, close: () => void) => 'end' | void,
) {
  const seen: string[] = [];
  await new Promise<void>((end) => {
    const on = (event: string): void => {
      seen.push(event);
      if (
        act(
          event,
          (text) => stream.write(Buffer.from(text)),
          () => stream.close(),
        ) === 'end'
      )
        end();
    };
    const stream = openTcp(
      '127.0.0.1',
      port,
    )({
      opened: () => on('opened'),
      bytes: (chunk) => on(Buffer.from(chunk).toString()),
      closed: (reason) => on(`closed: ${reason}`),
    });
    expect(seen).toEqual([]);
    expect(stream.write(Buffer.from('too early'))).toBe(false);
  });
  return seen;
}

test('opens, writes, reads, and tells that the other end closed', async () => {
  const port = await listen((socket) =>
    socket.on('data', (chunk: Buffer) => {
      socket.end(`got ${chunk.toString()}`);
    }),
  );
  const seen = await events(port, (event, write) => {
    if (event === 'opened') expect(write('99')).toBe(true);
    return event.startsWith('closed') ? 'end' : undefined;
  });
  expect(seen).toEqual(['opened', 'got 99', 'closed: the other end closed it']);
});

test('a refused connection closes with the system’s word', async () => {
  const port = await listen(() => undefined);
  await new Promise<void>((closed) => servers[0]?.close(() => closed()));
  expect(await events(port, () => 'end')).toEqual(['closed: ECONNREFUSED']);
});

test('after our own close nothing comes and nothing is taken', async () => {
  let ended = (): void => undefined;
  const gone = new Promise<void>((resolve) => (ended = resolve));
  const port = await listen((socket) => {
    socket.on('close', () => ended());
    socket.write('hello');
  });
  const seen = await events(port, (event, write, close) => {
    if (event !== 'opened') return undefined;
    close();
    expect(write('99')).toBe(false);
    return 'end';
  });
  await gone;
  expect(seen).toEqual(['opened']);
});
