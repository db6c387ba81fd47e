import { describe, expect, it, vi } from 'vitest';
import {
  KmtronicEmulator,
  LcusEmulator,
  ModbusEmulator,
} from '../../../src/simulator/relay/relay-emulators.ts';
import { CuttableCable } from '../../support/cuttable-cable.ts';
import { eventually } from '../../support/wait.ts';
import {
  cardInSlot,
  contactless,
  label,
  plainScanner,
  printer,
  relayLinks,
  relays,
  setUpScanner,
  ssiScanner,
  type Rig,
} from './unplug-rigs.ts';

const waitMsMax = 60_000;
vi.setConfig({ testTimeout: 300_000, maxConcurrency: 12 });

interface Device {
  readonly name: string;
  readonly rig: () => Rig;
  /** Bytes that pass, both ways, from the opening of the port until the device rests. */
  readonly opening: number;
  /** Bytes that pass in one command; undefined for a device that is asked for ever. */
  readonly command: number | undefined;
  /** The cable is pulled after each number of bytes up to this one. */
  readonly cutsMax: number;
  /** What is told of a command that the cable cut off after so many bytes: one of these. */
  readonly cut: (after: number, round: number) => readonly (readonly string[])[];
  /** What is told of a whole command. */
  readonly whole: (round: number) => readonly string[];
}

const scan = (bytes: number) => ({
  cut: (after: number, round: number) => [after < bytes ? [] : [label(round)]],
  whole: (round: number) => [label(round)],
});
const lamp = { cut: () => [[]], whole: () => [] };
const chip = (round: number) => ['lies there', `04${label(round).slice(1)}AABBCC`, 'taken'];
const paper = {
  opening: 20,
  command: 48,
  cutsMax: 48,
  cut: (after: number) => [[after < 48 ? 'failed: away' : 'printed']],
  whole: () => ['printed'],
};

const devices: readonly Device[] = [
  { name: 'a plain scanner', rig: plainScanner, opening: 0, command: 8, cutsMax: 8, ...scan(8) },
  { name: 'a scanner that is set up', rig: setUpScanner, opening: 10, command: 8, cutsMax: 8, ...scan(8) },
  {
    name: 'an SSI scanner',
    rig: () => ssiScanner(false),
    opening: 10,
    command: 20,
    cutsMax: 20,
    ...scan(14),
  },
  {
    name: 'an SSI scanner that is asked again',
    rig: () => ssiScanner(true),
    opening: 10,
    command: 41,
    cutsMax: 41,
    ...scan(35),
  },
  { name: 'a reader in a card slot', rig: cardInSlot, opening: 0, command: 8, cutsMax: 8, ...scan(8) },
  {
    name: 'a TWN4',
    rig: contactless,
    opening: 12,
    command: undefined,
    // An empty look may be under way when the card comes, which two more looks have to find.
    cutsMax: 12 + 31 + 31,
    cut: (after, round) => (after < 12 + 31 + 31 ? [[], chip(round)] : [chip(round)]),
    whole: chip,
  },
  { name: 'a printer', rig: () => printer(false), ...paper },
  { name: 'a printer opened as a file', rig: () => printer(true), ...paper },
  {
    name: 'LCUS relays',
    rig: () => relays(new LcusEmulator(), relayLinks.lcus),
    opening: 8,
    command: 4,
    cutsMax: 4,
    ...lamp,
  },
  {
    name: 'KMtronic relays',
    rig: () => relays(new KmtronicEmulator(), relayLinks.kmtronic),
    opening: 30,
    command: 9,
    cutsMax: 9,
    ...lamp,
  },
  {
    name: 'Modbus relays',
    rig: () => relays(new ModbusEmulator(), relayLinks.modbus),
    opening: 46,
    command: 16,
    cutsMax: 16,
    ...lamp,
  },
];

/** A driver that stays the same over all pullings of its cable. */
class Bench {
  readonly rig: Rig;
  readonly cable: CuttableCable;
  readonly states: string[] = [];
  readonly came: string[] = [];

  private constructor(rig: Rig, cable: CuttableCable) {
    this.rig = rig;
    this.cable = cable;
  }

  static async of(device: Device, atEnd: (cleanup: () => void | Promise<void>) => void): Promise<Bench> {
    const rig = device.rig();
    const bench = new Bench(rig, await CuttableCable.create(rig.device));
    atEnd(() => bench.cable.close());
    rig.start(bench.cable, {
      // The reason of an outage may change while it lasts.
      state: (state) => void (bench.states.at(-1) !== state && bench.states.push(state)),
      came: (what) => bench.came.push(what),
    });
    atEnd(() => rig.stop());
    await bench.rests(device);
    return bench;
  }

  until(what: string, condition: () => boolean): Promise<unknown> {
    const told = () => `${what}; states ${this.states.join(' ')}; came ${this.came.slice(-4).join(', ')}`;
    return eventually(what, condition, waitMsMax).catch((error: unknown) => {
      throw new Error(told(), { cause: error });
    });
  }

  async isOut(): Promise<void> {
    await this.until('the cable is out', () => this.cable.isOut);
    await this.until('the driver notices', () => !this.cable.isOpen && this.states.at(-1) === 'offline');
  }

  async replug(device: Device): Promise<void> {
    this.rig.lost?.();
    this.cable.pullAfter(undefined);
    await this.cable.replug();
    await this.rests(device);
  }

  /** It is ready, and nothing is said any more. */
  async rests({ opening }: Device): Promise<void> {
    await this.until('it is ready', () => this.states.at(-1) === 'ready');
    await this.until('its opening is over', () => this.cable.passed >= opening);
  }

  /** One command from its beginning to its end. */
  async command(device: Device, round: number): Promise<void> {
    const { cable, rig } = this;
    const before = this.came.length;
    const whole = device.whole(round);
    cable.pullAfter(undefined);
    rig.begin(cable, round);
    if (rig.end !== undefined) {
      await this.until('the command has begun', () => this.came.length > before + 1);
      rig.end();
    }
    await this.until(`round ${round} is told`, () => this.came.length >= before + whole.length);
    await this.until(`round ${round} is done`, () => rig.isDone?.(round) ?? true);
    const { command } = device;
    if (command !== undefined) await this.until('all bytes passed', () => cable.passed >= command);
    if (command !== undefined) expect(cable.passed).toBe(command);
    expect(this.came.slice(before)).toEqual(whole);
  }
}

describe.concurrent.each(devices)('$name on a real terminal', (device) => {
  const cuts = Array.from({ length: device.cutsMax + 1 }, (_, after) => after);
  const openings = Array.from({ length: device.opening + 1 }, (_, after) => after);

  it(`comes back by itself, wherever in a command its cable is pulled (${cuts.length} places)`, async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await Bench.of(device, onTestFinished);
    const { cable, came, rig } = bench;
    await bench.command(device, 1);
    for (const after of cuts) {
      const [cutRound, wholeRound] = [2 * after + 2, 2 * after + 3];
      const [cameBefore, statesBefore] = [came.length, bench.states.length];
      cable.pullAfter(after);
      rig.begin(cable, cutRound);
      await bench.isOut();
      await bench.replug(device);
      expect(device.cut(after, cutRound)).toContainEqual(came.slice(cameBefore));
      expect(bench.states.slice(statesBefore)).toEqual(['offline', 'ready']);
      await bench.command(device, wholeRound);
    }
  });

  it(`comes back by itself, wherever in its opening the cable is pulled (${openings.length} places)`, async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await Bench.of(device, onTestFinished);
    const { cable, rig } = bench;
    for (const after of openings) {
      cable.pull();
      await bench.isOut();
      cable.pullAfter(after);
      rig.lost?.();
      await cable.replug();
      await bench.isOut();
      await bench.replug(device);
      await bench.command(device, after);
    }
    expect(new Set(bench.states)).toEqual(new Set(['ready', 'offline']));
  });
});
