import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it, vi, describe } from 'vitest';
import { systemClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { composeCardReader } from '../../../src/station/compose-card-reader.ts';
import { cardReader } from '../../../src/station/config/devices/card-reader.ts';
import { VirtualCard } from '../../support/virtual-card.ts';
import { eventually } from '../../support/wait.ts';

const daemon = '/usr/sbin/pcscd';
const virtualReader = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const socket = '/run/pcscd/pcscd.comm';
const waitMsMax = 60_000;
vi.setConfig({ testTimeout: 240_000 });

function whyNot(): string | undefined {
  if (!existsSync(daemon)) return 'pcscd is not installed (Debian: pcscd)';
  if (!existsSync(virtualReader)) return 'the virtual reader is not installed (Debian: vsmartcard-vpcd)';
  try {
    mkdirSync(dirname(socket), { recursive: true });
    accessSync(dirname(socket), constants.W_OK);
    return undefined;
  } catch {
    return `${dirname(socket)} may not be written`;
  }
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/**
 * The socket’s name is built into the service, so there is one on a machine. Test runs take turns by a name that ends with its process.
 */
async function takeTurn(): Promise<void> {
  const end = performance.now() + waitMsMax;
  const tryIt = () =>
    new Promise<boolean>((resolve) => {
      const turn = createServer();
      turn.once('error', () => resolve(false));
      turn.listen('\0omatoimi-test-pcscd', () => {
        cleanups.push(() => new Promise((closed) => turn.close(closed)));
        resolve(true);
      });
    });
  while (!(await tryIt())) {
    if (performance.now() > end) throw new Error('another test run does not end');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether somebody else’s service runs; what a killed one left is cleared away. */
async function someoneElses(): Promise<boolean> {
  const answers = await new Promise<boolean>((resolve) => {
    const client = connect({ path: socket });
    client.once('connect', () => (client.destroy(), resolve(true)));
    client.once('error', () => resolve(false));
  });
  if (!answers) clearAway();
  return answers;
}

function clearAway(): void {
  rmSync(socket, { force: true });
  rmSync(join(dirname(socket), 'pcscd.pid'), { force: true });
}

/** Below those that systems hand out by themselves, so that nobody is given it before the service takes it. */
const portsFrom = 20_000;
const portsCount = 10_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = portsFrom + randomInt(portsCount);
    if (await isFree(port)) return port;
  }
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const gone = new Promise((resolve) => process.once('exit', resolve));
  process.kill('SIGKILL');
  await gone;
  clearAway();
}

/** The service with a virtual reader whose cards come to this port. */
async function startService(port: number): Promise<ChildProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'omatoimi-pcsc-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const channel = `0x${port.toString(16)}`;
  writeFileSync(
    join(folder, 'reader'),
    `FRIENDLYNAME "Virtual"\nDEVICENAME /dev/null:${channel}\nLIBPATH ${virtualReader}\nCHANNELID ${channel}\n`,
  );
  const service = spawn(daemon, ['--foreground', '--config', folder], { stdio: 'ignore' });
  cleanups.push(() => end(service));
  await eventually('the service', () => existsSync(socket), waitMsMax);
  return service;
}

function startReader() {
  const seen: string[] = [];
  const config = cardReader.parse({ kind: 'card-reader', driver: 'pcsc', reader: 'Virtual 00 00' });
  const reader = composeCardReader(config, { clock: systemClock, log: silentLog });
  cleanups.push(() => reader.stop());
  reader.start({
    onCard: (card) => seen.push(card.kind === 'card' ? card.text : `!${card.why}`),
    onPresence: (present) => seen.push(present ? 'there' : 'gone'),
    onStatus: ({ state }) => {
      if (seen.at(-1) !== state) seen.push(state);
    },
  });
  /** What is told next. */
  return async (count: number) => {
    await eventually(`${count} things are told`, () => seen.length >= count, waitMsMax).catch(
      (cause: unknown) => {
        throw new Error(`told: ${seen.join(' ')}`, { cause });
      },
    );
    return seen.splice(0);
  };
}

async function lay(port: number, uid: string): Promise<VirtualCard> {
  const card = await VirtualCard.lay(port, uid);
  cleanups.push(() => card.take());
  return card;
}

const reason = whyNot();

// It needs the daemon, a virtual reader and the daemon’s own folder, which only root may write: the title says what is missing.
describe.skipIf(reason !== undefined)(
  `the real pcscd${reason === undefined ? '' : `: not here, for ${reason}`}`,
  () => {
    it('has its cards read, and may be ended and started', async ({ skip }) => {
      await takeTurn();
      if (await someoneElses()) skip('pcscd runs here already');
      const port = await freePort();
      const service = await startService(port);
      const told = startReader();
      expect(await told(1)).toEqual(['ready']);
      const card = await lay(port, '04A1B2C3D4E5F6');
      expect(await told(2)).toEqual(['there', '04A1B2C3D4E5F6']);
      card.take();
      expect(await told(1)).toEqual(['gone']);

      const leaving = await lay(port, '04010203040506');
      await new Promise<void>((resolve) => {
        leaving.onAsked = resolve;
      });
      leaving.take();
      const next = await lay(port, '01020304');
      expect(await told(2)).toEqual(['there', '01020304']);

      await end(service);
      expect(await told(2)).toEqual(['gone', 'offline']);
      next.take();
      await startService(port);
      expect(await told(1)).toEqual(['ready']);
      await lay(port, '08123456');
      expect(await told(2)).toEqual(['there', '!randomUid']);
    });
  },
);
