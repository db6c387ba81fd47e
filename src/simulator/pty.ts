import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, realpathSync, rmSync, write } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** How long a helper may take to make its two terminals; socat needs about 15 ms, python3 on a busy machine seconds. */
const readyMsMax = 60_000;

export type PtyHelper = 'socat' | 'python3';

/** In this order they are tried. */
export const ptyHelpers: readonly PtyHelper[] = ['socat', 'python3'];

/** What socat says when its two ends are joined. */
export const socatIsReady = 'starting data transfer loop';

/**
 * Two pseudo-terminals joined by a relay, as Node cannot make one. Prints a line when it is ready, and ends with its standard
 * input, that is, with the process that started it.
 */
const pythonRelay = `
import os, pty, select, sys, tty
stdin = sys.stdin.fileno()
ends = []
for link in sys.argv[1:3]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.symlink(os.ttyname(slave), link)
    ends.append(master)
os.write(1, b'ready')
while True:
    for fd in select.select(ends + [stdin], [], [])[0]:
        if fd == stdin:
            sys.exit()
        os.write(ends[1] if fd == ends[0] else ends[0], os.read(fd, 4096))
`;

/**
 * A pair of real terminals. What is written here comes out of `devicePath`, which a driver opens as it would open
 * `/dev/ttyUSB0`. Both paths stay the same over `unplug` and `replug`.
 */
export class PtyPair {
  /** For the driver. */
  readonly devicePath: string;
  /** For an emulator that wants to open the other end itself. */
  readonly emulatorPath: string;
  readonly helper: PtyHelper;
  readonly #folder: string;
  #relay: ChildProcess | undefined;
  /** The terminals live as long as someone has them open, also between two openings by the driver. */
  #held: number[] = [];

  private constructor(folder: string, helper: PtyHelper) {
    this.#folder = folder;
    this.devicePath = join(folder, 'device');
    this.emulatorPath = join(folder, 'emulator');
    this.helper = helper;
  }

  /** Fails where neither socat nor python3 is there, and on Windows, which has no pseudo-terminals of this kind. */
  static async create(only?: PtyHelper): Promise<PtyPair> {
    const folder = mkdtempSync(join(tmpdir(), 'omatoimi-pty-'));
    const reasons: string[] = [];
    for (const helper of only === undefined ? ptyHelpers : [only]) {
      const pair = new PtyPair(folder, helper);
      try {
        await pair.replug();
        return pair;
      } catch (error) {
        reasons.push(`${helper}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`no pair of terminals could be made (${reasons.join('; ')})`);
  }

  get plugged(): boolean {
    return this.#relay !== undefined;
  }

  /** Sends to the driver. Ends when the operating system took all of it. */
  async write(data: string | Uint8Array): Promise<void> {
    const fd = this.#held[1];
    if (fd === undefined) throw new Error('the terminal is unplugged');
    let rest: Uint8Array = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
    while (rest.length > 0) rest = rest.subarray(await writeSome(fd, rest));
  }

  /** The terminal is gone, as when its cable is pulled; a driver that has it open sees a hang-up. */
  async unplug(): Promise<void> {
    const relay = this.#relay;
    this.#relay = undefined;
    for (const fd of this.#held.splice(0)) closeSync(fd);
    if (relay !== undefined) await endRelay(relay);
    for (const link of [this.devicePath, this.emulatorPath]) rmSync(link, { force: true });
  }

  /** A new terminal under the same name. */
  async replug(): Promise<void> {
    if (this.#relay !== undefined) return;
    const relay = await startRelay(this.helper, this.devicePath, this.emulatorPath);
    this.#relay = relay;
    const flags = constants.O_RDWR | constants.O_NOCTTY;
    this.#held = [this.devicePath, this.emulatorPath].map((path) => openSync(realpathSync(path), flags));
  }

  async close(): Promise<void> {
    await this.unplug();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function writeSome(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, (error, written) => (error === null ? resolve(written) : reject(error)));
  });
}

/** The relay is a helper of this process and must not keep it alive. */
export function unrefRelay(relay: ChildProcess): void {
  relay.unref();
  for (const stream of [relay.stdin, relay.stdout]) if (stream instanceof Socket) stream.unref();
}

export async function endRelay(relay: ChildProcess): Promise<void> {
  if (relay.exitCode !== null || relay.signalCode !== null) return;
  const gone = new Promise((resolve) => relay.once('exit', resolve));
  relay.ref();
  relay.kill('SIGKILL');
  await gone;
}

/** Waits until one of these streams says these words; fails when the relay cannot be started, ends, or takes too long. */
export function readyRelay(
  relay: ChildProcess,
  said: readonly (Readable | null)[],
  words: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const timer = setTimeout(() => fail(new Error('it did not get ready')), readyMsMax);
    const fail = (error: Error) => {
      clearTimeout(timer);
      relay.kill('SIGKILL');
      reject(error);
    };
    const ended = () => fail(new Error('it ended at once'));
    const hear = (chunk: Buffer) => {
      heard += chunk.toString('utf8');
      if (!heard.includes(words)) return;
      clearTimeout(timer);
      relay.removeListener('exit', ended);
      for (const stream of said) stream?.destroy();
      unrefRelay(relay);
      resolve();
    };
    for (const stream of said) stream?.on('data', hear);
    relay.once('error', fail);
    relay.once('exit', ended);
  });
}

async function startRelay(helper: PtyHelper, device: string, emulator: string): Promise<ChildProcess> {
  const socat = ['socat', '-d', '-d', ...[device, emulator].map((link) => `pty,rawer,link=${link}`)];
  // socat would outlive a killed parent; setpriv has the kernel end it.
  const relay =
    helper === 'socat'
      ? spawn('setpriv', ['--pdeathsig', 'KILL', ...socat])
      : spawn('python3', ['-c', pythonRelay, device, emulator]);
  await readyRelay(relay, [relay.stdout, relay.stderr], helper === 'socat' ? socatIsReady : 'ready');
  return relay;
}
