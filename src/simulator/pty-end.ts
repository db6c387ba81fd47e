import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endRelay, ptyHelpers, readyRelay, socatIsReady, type PtyHelper } from './pty.ts';

/** A pseudo-terminal joined to standard input and output. */
const pythonRelay = `
import os, pty, select, sys, tty
master, slave = pty.openpty()
tty.setraw(slave)
os.symlink(os.ttyname(slave), sys.argv[1])
os.write(2, b'ready')
while True:
    for fd in select.select([master, 0], [], [])[0]:
        data = os.read(fd, 4096)
        if not data:
            sys.exit()
        os.write(1 if fd == master else master, data)
`;

/**
 * A real terminal of which this process is the other end. A driver opens `devicePath` as it would open `/dev/ttyUSB0`; the path stays the
 * same over `unplug` and `replug`. Nothing in here waits in a thread, so there may be many of them.
 */
export class PtyEnd {
  readonly devicePath: string;
  readonly #folder: string;
  readonly #helper: PtyHelper;
  readonly #onBytes: (bytes: Uint8Array) => void;
  #relay: ChildProcessWithoutNullStreams | undefined;
  /** The terminal lives as long as someone has it open, also between two openings by the driver. */
  #held: number | undefined;

  private constructor(folder: string, helper: PtyHelper, onBytes: (bytes: Uint8Array) => void) {
    this.#folder = folder;
    this.#helper = helper;
    this.#onBytes = onBytes;
    this.devicePath = join(folder, 'device');
  }

  /**
   * Fails where neither socat nor python3 is there, and on Windows, which has no pseudo-terminals of this kind.
   *
   * @param onBytes told of what the driver writes
   */
  static async create(onBytes: (bytes: Uint8Array) => void, only?: PtyHelper): Promise<PtyEnd> {
    const folder = mkdtempSync(join(tmpdir(), 'omatoimi-pty-'));
    const reasons: string[] = [];
    for (const helper of only === undefined ? ptyHelpers : [only]) {
      const end = new PtyEnd(folder, helper, onBytes);
      try {
        await end.replug();
        return end;
      } catch (error) {
        reasons.push(`${helper}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`no terminal could be made (${reasons.join('; ')})`);
  }

  get plugged(): boolean {
    return this.#relay !== undefined;
  }

  /** Sends to the driver. What is sent into a terminal that is or was just unplugged is lost, as on a cable. */
  write(bytes: Uint8Array): void {
    this.#relay?.stdin.write(bytes);
  }

  /** The terminal is gone, as when its cable is pulled; a driver that has it open sees a hang-up. */
  async unplug(): Promise<void> {
    const relay = this.#relay;
    this.#relay = undefined;
    if (this.#held !== undefined) closeSync(this.#held);
    this.#held = undefined;
    if (relay !== undefined) await endRelay(relay);
    rmSync(this.devicePath, { force: true });
  }

  /** A new terminal under the same name. */
  async replug(): Promise<void> {
    if (this.#relay !== undefined) return;
    const relay = this.#spawn();
    relay.stdin.on('error', () => undefined);
    relay.stdout.on('data', (bytes: Buffer) => {
      if (this.#relay === relay) this.#onBytes(bytes);
    });
    this.#relay = relay;
    try {
      await readyRelay(relay, [relay.stderr], this.#helper === 'socat' ? socatIsReady : 'ready');
    } catch (error) {
      this.#relay = undefined;
      throw error;
    }
    this.#held = openSync(realpathSync(this.devicePath), constants.O_RDWR | constants.O_NOCTTY);
  }

  async close(): Promise<void> {
    await this.unplug();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Both helpers end when their standard input does, that is, with this process. */
  #spawn(): ChildProcessWithoutNullStreams {
    const { devicePath } = this;
    return this.#helper === 'socat'
      ? spawn('socat', ['-d', '-d', `pty,rawer,link=${devicePath}`, 'STDIO'])
      : spawn('python3', ['-c', pythonRelay, devicePath]);
  }
}
