import { afterEach, describe, expect, it } from 'vitest';
import { KeptRelays } from '../../../../src/devices/relay/kept-relays.ts';
import { kmtronicRelay } from '../../../../src/devices/relay/kmtronic-relay-link.ts';
import { lcusRelay, modbusRelay } from '../../../../src/devices/relay/serial-relay-link.ts';
import { openSerial } from '../../../../src/devices/serial.ts';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { silentLog } from '../../../../src/kernel/log.ts';
import { PtyPair } from '../../../../src/simulator/pty.ts';
import {
  KmtronicEmulator,
  LcusEmulator,
  ModbusEmulator,
  type SerialRelays,
} from '../../../../src/simulator/relay/relay-emulators.ts';
import { serveOn } from '../../../support/serve-on.ts';
import { eventually } from '../../../support/wait.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe.each([
  ['LCUS', () => new LcusEmulator(), lcusRelay],
  ['KMtronic', () => new KmtronicEmulator(), (open, clock) => kmtronicRelay(open, clock, [1, 2])],
  ['Modbus RTU', () => new ModbusEmulator(), (open, clock) => modbusRelay(open, clock, 1)],
] satisfies [string, () => SerialRelays, typeof lcusRelay][])(
  '%s on a real terminal',
  (_name, make, link) => {
    it('switches, and comes back as wanted after it was unplugged', async () => {
      const pair = await PtyPair.create();
      cleanups.push(() => pair.close());
      const board = make();
      serveOn(pair, board);
      const serial = {
        path: pair.devicePath,
        baudRate: 9600,
        dataBits: 8,
        parity: 'none',
        stopBits: 1,
      } as const;
      const states: string[] = [];
      const relays = new KeptRelays({
        open: link(openSerial(serial), systemClock),
        clock: systemClock,
        log: silentLog,
        path: pair.devicePath,
        channels: [1, 2],
      });
      relays.start({ onStatus: ({ state }) => states.push(state) });
      cleanups.push(() => relays.stop());
      relays.set(2, true);
      await eventually('the second is on', () => board.on.has(2) && states.includes('ready'));
      await pair.unplug();
      await eventually('it is away', () => states.at(-1) === 'offline');
      board.powerCut();
      await pair.replug();
      serveOn(pair, board);
      await eventually('the second is on again', () => board.on.has(2) && states.at(-1) === 'ready', 60_000);
      expect(board.on.has(1)).toBe(false);
    }, 120_000);
  },
);
