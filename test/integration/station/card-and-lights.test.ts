import { afterEach, describe, expect, it } from 'vitest';
import { Twn4Emulator } from '../../../src/simulator/card-reader/twn4-emulator.ts';
import { PtyPair } from '../../../src/simulator/pty.ts';
import { LcusEmulator, ModbusEmulator } from '../../../src/simulator/relay/relay-emulators.ts';
import { serveOn } from '../../support/serve-on.ts';
import { StationRig } from '../../support/station-rig.ts';
import { until } from '../../support/until.ts';
import { eventually } from '../../support/wait.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const wholeStationMsMax = 180_000;
const seenMsMax = 60_000;

async function pair(): Promise<PtyPair> {
  const made = await PtyPair.create();
  cleanups.push(() => made.close());
  return made;
}

/** What `omatoimi status` says of the devices, by kind. */
async function states(rig: StationRig): Promise<Readonly<Record<string, string>>> {
  const { devices } = await rig.status();
  const lines = devices as readonly { readonly kind: string; readonly state: string }[];
  return Object.fromEntries(lines.map(({ kind, state }) => [kind, state]));
}

describe('a whole station', () => {
  it(
    'with card reader and lamps shows by its lights what it does, and is told when a cable goes',
    async () => {
      const [scanner, reader, lamps, slot] = await Promise.all([pair(), pair(), pair(), pair()]);
      const card = new Twn4Emulator();
      const tower = new ModbusEmulator();
      const light = new LcusEmulator();
      serveOn(reader, card);
      serveOn(lamps, tower);
      serveOn(slot, light);
      const rig = await StationRig.prepare({
        config: {
          session: { idleSeconds: 10, warningSeconds: 5 },
          devices: [
            { kind: 'barcode-scanner', path: scanner.devicePath },
            { kind: 'card-reader', driver: 'twn4', path: reader.devicePath },
            {
              kind: 'relay',
              driver: 'modbus-rtu',
              path: lamps.devicePath,
              lights: { ready: 1, inUse: 2, attention: 3, outOfService: 4 },
            },
            { kind: 'relay', driver: 'lcus', path: slot.devicePath, lights: { cardSlot: 1 } },
          ],
          identifiers: {
            pipeline: [{ is: 'card', from: ['card-reader'], match: '04([0-9A-F]{12})', map: 'U$1' }],
          },
        },
      });
      cleanups.push(() => rig.close());
      await rig.startStation();
      const lit = (on: readonly number[]) =>
        eventually(
          `the lamps ${on.join(', ')} and not ${[...tower.on].join(', ')}`,
          () => tower.on.size === on.length && on.every((channel) => tower.on.has(channel)),
          seenMsMax,
        );

      await lit([1]);
      await until('all are ready', async () => {
        const told = await states(rig);
        return ['barcode-scanner', 'card-reader', 'relay'].every((kind) => told[kind] === 'ready');
      });
      expect(light.on.size).toBe(0);

      card.put('04a1b2c3d4e5f6');
      await lit([2]);
      // Nobody types a PIN: the session ends, and the card is still there.
      await eventually('the light at the card', () => light.on.has(1), seenMsMax);
      await lit([1]);
      card.take();
      await eventually('the light goes out', () => light.on.size === 0, seenMsMax);

      await scanner.unplug();
      await lit([3]);
      await until('the scanner is away', async () => (await states(rig))['barcode-scanner'] === 'offline');
      await scanner.replug();
      await lit([1]);

      await reader.unplug();
      await until('the card reader is away', async () => (await states(rig))['card-reader'] === 'offline');
      expect(rig.output).not.toMatch(/A1B2C3|a1b2c3/);

      await rig.stopStation();
      await eventually('all lamps are off', () => tower.on.size === 0 && light.on.size === 0, seenMsMax);
    },
    wholeStationMsMax,
  );
});
