import { openSerial } from '../../src/devices/serial.ts';
import type { OpenByteStream } from '../../src/kernel/bytes.ts';
import { systemClock, type Clock } from '../../src/kernel/clock.ts';
import { DeviceOnPty, type AnsweringDevice } from '../../src/simulator/device-on-pty.ts';

/** Waits for an answer are so much longer here: a busy machine may stand still for seconds. */
const patience = 60;
/** A port that is away is tried again so much sooner. */
const hurry = 25;

/**
 * A serial cable between a driver and an emulated device, on a real terminal. It comes out of its socket after a given
 * number of bytes, whichever way they went: a byte has passed when whoever it was for has done what it does with it.
 */
export class CuttableCable {
  readonly #device: AnsweringDevice;
  #terminal: DeviceOnPty | undefined;
  #isOpen = false;
  #isOut = false;
  #passed = 0;
  #pullAt: number | undefined;
  /** Sent to the driver and not heard by it yet. */
  #underWay = 0;
  /** The last plugging and pulling; the driver may be there before the terminal is wholly made. */
  #moved: Promise<void> = Promise.resolve();

  private constructor(device: AnsweringDevice) {
    this.#device = device;
  }

  static async create(device: AnsweringDevice): Promise<CuttableCable> {
    const cable = new CuttableCable(device);
    cable.#terminal = await DeviceOnPty.create({ bytes: (chunk) => cable.#toDevice(chunk) });
    return cable;
  }

  get path(): string {
    return this.#plug.devicePath;
  }

  get isOut(): boolean {
    return this.#isOut;
  }

  /** Whether the driver has the port open. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Bytes that have passed since the cable was last told to `pullAfter`. */
  get passed(): number {
    return this.#passed;
  }

  /** For the driver: the serial port at its end of the cable. */
  readonly open: OpenByteStream = (events) => {
    const line = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
    return this.through(openSerial({ path: this.path, ...line }))(events);
  };

  /** Another way of opening that port. */
  through(open: OpenByteStream): OpenByteStream {
    return (events) =>
      open({
        opened: () => {
          this.#isOpen = true;
          events.opened();
          this.#pass(0);
        },
        bytes: (chunk) => {
          events.bytes(chunk);
          this.#underWay = Math.max(0, this.#underWay - chunk.length);
          this.#pass(chunk.length);
        },
        closed: (reason) => {
          this.#isOpen = false;
          events.closed(reason);
        },
      });
  }

  /**
   * The driver's time. While the port is away it passes quickly. While it is there, waits that a silent device ends take so
   * long that only the cable ends them, and pauses are short.
   */
  clock({ silences, pauses = [] }: { silences: readonly number[]; pauses?: readonly number[] }): Clock {
    const paced = (delay: number): number => {
      if (!this.#isOpen || pauses.includes(delay)) return delay / hurry;
      return silences.includes(delay) ? delay * patience : delay;
    };
    return { ...systemClock, after: (delay, fire) => systemClock.after(paced(delay), fire) };
  }

  /** Counts from here on, and pulls the cable after so many bytes; 0 is now, or as soon as the port is open. Without a number it stays. */
  pullAfter(bytes: number | undefined): void {
    this.#passed = 0;
    this.#pullAt = bytes;
    if (this.#isOpen) this.#pass(0);
  }

  /** The device says something that nobody asked for. */
  say(bytes: Uint8Array): void {
    const allowed = this.#allowed(bytes);
    if (allowed.length > 0) this.#plug.say(allowed);
  }

  pull(): void {
    this.#pullAt = undefined;
    this.#isOut = true;
    this.#moved = this.#moved.then(() => this.#plug.unplug());
  }

  async replug(): Promise<void> {
    await this.#moved;
    this.#isOut = false;
    this.#underWay = 0;
    this.#moved = this.#plug.replug();
    await this.#moved;
  }

  async close(): Promise<void> {
    await this.#moved;
    await this.#plug.close();
  }

  get #plug(): DeviceOnPty {
    if (this.#terminal === undefined) throw new Error('impossible: a cable without a terminal');
    return this.#terminal;
  }

  #toDevice(chunk: Uint8Array): Uint8Array {
    const answer: number[] = [];
    for (const byte of chunk) {
      if (this.#isOut) break;
      answer.push(...this.#device.bytes(Uint8Array.of(byte)));
      this.#pass(1);
    }
    return this.#allowed(Uint8Array.from(answer));
  }

  /** What still goes through before the cable comes out. */
  #allowed(bytes: Uint8Array): Uint8Array {
    if (this.#isOut) return new Uint8Array(0);
    const left = this.#pullAt === undefined ? Infinity : this.#pullAt - this.#passed - this.#underWay;
    const allowed = bytes.subarray(0, Math.min(bytes.length, left));
    this.#underWay += allowed.length;
    return allowed;
  }

  #pass(bytes: number): void {
    if (this.#isOut) return;
    this.#passed += bytes;
    if (this.#pullAt !== undefined && this.#passed >= this.#pullAt) this.pull();
  }
}
