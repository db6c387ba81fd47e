import { constants, createReadStream, openSync, type ReadStream } from 'node:fs';
import { PtyPair } from './pty.ts';

/** An emulated device that is fed bytes and gives its answers. */
export interface AnsweringDevice {
  bytes(chunk: Uint8Array): Uint8Array;
}

/** An emulated device at the end of a real terminal: the station’s driver opens `devicePath` as it would open a serial port. */
export class DeviceOnPty {
  readonly #pair: PtyPair;
  readonly #device: AnsweringDevice;
  readonly #onHeard: () => void;
  #heard: ReadStream | undefined;

  private constructor(pair: PtyPair, device: AnsweringDevice, onHeard: () => void) {
    this.#pair = pair;
    this.#device = device;
    this.#onHeard = onHeard;
    this.#listen();
  }

  /** @param onHeard called after the device took what it was told */
  static async create(device: AnsweringDevice, onHeard: () => void = () => undefined): Promise<DeviceOnPty> {
    return new DeviceOnPty(await PtyPair.create(), device, onHeard);
  }

  get devicePath(): string {
    return this.#pair.devicePath;
  }

  get plugged(): boolean {
    return this.#pair.plugged;
  }

  async unplug(): Promise<void> {
    this.#deaf();
    await this.#pair.unplug();
  }

  async replug(): Promise<void> {
    if (this.plugged) return;
    await this.#pair.replug();
    this.#listen();
  }

  async close(): Promise<void> {
    this.#deaf();
    await this.#pair.close();
  }

  #listen(): void {
    const fd = openSync(this.#pair.emulatorPath, constants.O_RDONLY | constants.O_NOCTTY);
    const heard = createReadStream('', { fd });
    heard.on('data', (chunk) => {
      const answer = this.#device.bytes(Buffer.from(chunk));
      // An answer into a terminal that has just been unplugged is lost, as on a cable.
      if (answer.length > 0) void this.#pair.write(answer).catch(() => undefined);
      this.#onHeard();
    });
    // The terminal ends when its cable is pulled.
    heard.on('error', () => undefined);
    this.#heard = heard;
  }

  #deaf(): void {
    this.#heard?.destroy();
    this.#heard = undefined;
  }
}
