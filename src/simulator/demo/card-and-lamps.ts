import { lightNames, type LightName } from '../../station/lights.ts';
import { Twn4Emulator } from '../card-reader/twn4-emulator.ts';
import { DeviceOnPty } from '../device-on-pty.ts';
import { ModbusEmulator } from '../relay/relay-emulators.ts';

/** The channel of each lamp of the demonstration. */
export const lampChannels: Readonly<Record<LightName, number>> = {
  ready: 1,
  inUse: 2,
  attention: 3,
  outOfService: 4,
  cardSlot: 5,
};

/** A chip’s identifier of seven bytes has room for the fourteen digits of a card, and for no letters. */
const cardOfDigits = /^\d{14}$/;

export interface CardState {
  readonly plugged: boolean;
  /** The card that lies on the reader. */
  readonly lies: string | undefined;
}

/** A contactless card reader and a tower of lamps, each a real driver’s counterpart on a terminal. */
export class CardAndLamps {
  readonly #chip: Twn4Emulator;
  readonly #tower: ModbusEmulator;
  readonly #reader: DeviceOnPty;
  readonly #lamps: DeviceOnPty;
  readonly #onMoved: () => void;
  #lies: string | undefined;

  private constructor(
    parts: { chip: Twn4Emulator; tower: ModbusEmulator; reader: DeviceOnPty; lamps: DeviceOnPty },
    onMoved: () => void,
  ) {
    this.#chip = parts.chip;
    this.#tower = parts.tower;
    this.#reader = parts.reader;
    this.#lamps = parts.lamps;
    this.#onMoved = onMoved;
  }

  static async create(onMoved: () => void): Promise<CardAndLamps> {
    const chip = new Twn4Emulator();
    const tower = new ModbusEmulator();
    let lit = '';
    const [reader, lamps] = await Promise.all([
      DeviceOnPty.create(chip),
      DeviceOnPty.create(tower, () => {
        const now = [...tower.on].join();
        if (now !== lit) onMoved();
        lit = now;
      }),
    ]);
    return new CardAndLamps({ chip, tower, reader, lamps }, onMoved);
  }

  get readerPath(): string {
    return this.#reader.devicePath;
  }

  get lampsPath(): string {
    return this.#lamps.devicePath;
  }

  /** Lays a card on the reader, in the place of one that lies there. */
  lay(card: string): void {
    if (!cardOfDigits.test(card)) throw new Error('that card has a barcode only; show it to the scanner');
    this.#lies = card;
    this.#chip.put(card);
    this.#onMoved();
  }

  take(): void {
    this.#lies = undefined;
    this.#chip.take();
    this.#onMoved();
  }

  async setPlugged(on: boolean): Promise<void> {
    await (on ? this.#reader.replug() : this.#reader.unplug());
  }

  /** All is as at the beginning. */
  async mend(): Promise<void> {
    this.take();
    await this.#reader.replug();
  }

  card(): CardState {
    return { plugged: this.#reader.plugged, lies: this.#lies };
  }

  /** The lamps that are on. */
  lamps(): readonly LightName[] {
    return lightNames.filter((name) => this.#tower.on.has(lampChannels[name]));
  }

  async close(): Promise<void> {
    await Promise.all([this.#reader.close(), this.#lamps.close()]);
  }
}
