import { PtyEnd } from './pty-end.ts';
import type { PtyHelper } from './pty.ts';

/** An emulated device that is fed bytes and gives its answers. */
export interface AnsweringDevice {
  bytes(chunk: Uint8Array): Uint8Array;
}

/** An emulated device at the end of a real terminal: the station’s driver opens `devicePath` as it would open a serial port. */
export class DeviceOnPty {
  readonly #end: PtyEnd;

  private constructor(end: PtyEnd) {
    this.#end = end;
  }

  /** @param onHeard called after the device took what it was told */
  static async create(
    device: AnsweringDevice,
    onHeard: () => void = () => undefined,
    helper?: PtyHelper,
  ): Promise<DeviceOnPty> {
    const on: { device?: DeviceOnPty } = {};
    const end = await PtyEnd.create((chunk) => {
      const answer = device.bytes(chunk);
      if (answer.length > 0) on.device?.say(answer);
      onHeard();
    }, helper);
    on.device = new DeviceOnPty(end);
    return on.device;
  }

  get devicePath(): string {
    return this.#end.devicePath;
  }

  get plugged(): boolean {
    return this.#end.plugged;
  }

  /** The device says something that nobody asked for. */
  say(bytes: Uint8Array): void {
    this.#end.write(bytes);
  }

  unplug(): Promise<void> {
    return this.#end.unplug();
  }

  replug(): Promise<void> {
    return this.#end.replug();
  }

  close(): Promise<void> {
    return this.#end.close();
  }
}
