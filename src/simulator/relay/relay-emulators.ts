import { err, ok } from '../../kernel/result.ts';
import { crcModbus } from '../../devices/relay/modbus-wire.ts';
import type { MemoryHidFeatures } from '../../devices/hid/memory.ts';

/** How an emulated board behaves. */
export type RelayManners = 'well' | 'mute' | 'refuses' | 'garbles' | 'lies';

/** A board of relays as it stands behind its wire. Its relays fall off when its power goes, and half a command is forgotten. */
export interface EmulatedRelays {
  readonly on: ReadonlySet<number>;
  manners: RelayManners;
  powerCut(): void;
}

/** A serial board that is fed bytes and gives its answers. */
export interface SerialRelays extends EmulatedRelays {
  bytes(chunk: Uint8Array): Uint8Array;
}

class Relays implements EmulatedRelays {
  readonly on = new Set<number>();
  manners: RelayManners = 'well';
  /** The command that has begun. */
  protected readonly heard: number[] = [];

  powerCut(): void {
    this.on.clear();
    this.heard.length = 0;
  }

  protected switch(channel: number, on: boolean): void {
    if (this.manners === 'lies' || this.manners === 'refuses') return;
    if (on) this.on.add(channel);
    else this.on.delete(channel);
  }
}

/** A board with a CH340: four bytes a command, and no answer. */
export class LcusEmulator extends Relays implements SerialRelays {
  bytes(chunk: Uint8Array): Uint8Array {
    for (const byte of chunk) {
      this.heard.push(byte);
      if (this.heard.length > 4) this.heard.shift();
      const [start, channel = 0, state = 0, sum] = this.heard;
      if (start !== 0xa0 || state > 1 || sum !== ((0xa0 + channel + state) & 0xff)) continue;
      this.switch(channel, state === 1);
      this.heard.length = 0;
    }
    return new Uint8Array(0);
  }
}

/** A KMtronic board: three bytes a command, and an answer to a question only. */
export class KmtronicEmulator extends Relays implements SerialRelays {
  bytes(chunk: Uint8Array): Uint8Array {
    const answers: number[] = [];
    for (const byte of chunk) {
      if (this.heard.length === 0 && byte !== 0xff) continue;
      this.heard.push(byte);
      if (this.heard.length < 3) continue;
      const [, channel = 0, what = 0] = this.heard.splice(0, 3);
      if (what === 0x03) answers.push(...this.#answer(channel));
      else this.switch(channel, what === 1);
    }
    return Uint8Array.from(answers);
  }

  /** There is no word for a refusal, but a state that is none. */
  #answer(channel: number): readonly number[] {
    if (this.manners === 'mute') return [];
    if (this.manners === 'refuses' || this.manners === 'garbles') return [0xff, channel, 0x7f];
    return [0xff, channel, this.on.has(channel) ? 1 : 0];
  }
}

/** A Modbus RTU slave with eight coils. */
export class ModbusEmulator extends Relays implements SerialRelays {
  readonly #address: number;

  constructor(address = 1) {
    super();
    this.#address = address;
  }

  bytes(chunk: Uint8Array): Uint8Array {
    this.heard.push(...chunk);
    const length = this.heard[1] === 0x0f ? 10 : 8;
    if (this.heard.length < length) return new Uint8Array(0);
    const frame = Uint8Array.from(this.heard.splice(0, length));
    this.heard.length = 0;
    const crc = crcModbus(frame.subarray(0, -2));
    const isMine = frame[0] === this.#address && frame.at(-2) === (crc & 0xff) && frame.at(-1) === crc >> 8;
    return isMine && this.manners !== 'mute' ? this.#answer(frame) : new Uint8Array(0);
  }

  #answer(frame: Uint8Array): Uint8Array {
    const [, code = 0, , coil = 0, high = 0] = frame;
    if (this.manners === 'refuses') return framed(this.#address, code | 0x80, 0x02);
    if (code === 0x05) this.switch(coil + 1, high === 0xff);
    if (code === 0x0f) for (const channel of [...this.on]) this.switch(channel, false);
    const answer = code === 0x01 ? framed(this.#address, 0x01, 1, this.#mask()) : echo(frame, code);
    if (this.manners === 'garbles') answer[2] = (answer[2] ?? 0) ^ 0xff;
    return answer;
  }

  #mask(): number {
    return [...this.on].reduce((mask, channel) => mask | (1 << (channel - 1)), 0);
  }
}

function echo(frame: Uint8Array, code: number): Uint8Array {
  return code === 0x05 ? Uint8Array.from(frame) : framed(...frame.subarray(0, 6));
}

function framed(...bytes: number[]): Uint8Array {
  const crc = crcModbus(Uint8Array.from(bytes));
  return Uint8Array.of(...bytes, crc & 0xff, crc >> 8);
}

/** A USBRelay2 board: what it does with feature reports. */
export class UsbRelayEmulator extends Relays implements MemoryHidFeatures {
  send(report: Uint8Array) {
    const [, command, channel = 0] = report;
    if (this.manners === 'mute') return undefined;
    if (this.manners === 'refuses') return err('could not send feature report to device');
    if (command === 0xff) this.switch(channel, true);
    if (command === 0xfd) this.switch(channel, false);
    if (command === 0xfc) for (const one of [...this.on]) this.switch(one, false);
    return ok(undefined);
  }

  get(id: number, length: number) {
    if (this.manners === 'mute') return undefined;
    if (this.manners === 'refuses') return err('could not get feature report from device');
    const mask = [...this.on].reduce((bits, channel) => bits | (1 << (channel - 1)), 0);
    const report = Uint8Array.of(id, ...Buffer.from('BITFT', 'latin1'), 0, 0, mask);
    return ok(this.manners === 'garbles' ? report.subarray(0, 4) : report.subarray(0, length));
  }
}
