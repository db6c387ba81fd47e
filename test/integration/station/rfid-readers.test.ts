import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/kernel/clock.ts';
import { FeigEmulator } from '../../../src/simulator/rfid/feig-emulator.ts';
import { Rl866Emulator } from '../../../src/simulator/rfid/rl866-emulator.ts';
import { TagField, VirtualTag } from '../../../src/simulator/rfid/tag-field.ts';
import { PtyReader, TcpReader } from '../../../src/simulator/rfid/virtual-reader.ts';
import { Stream } from '../../simulation/streams.ts';
import { uidNumber } from '../../support/rfid-rig.ts';
import { StationRig } from '../../support/station-rig.ts';
import { until } from '../../support/until.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const wholeStationMsMax = 180_000;
const seenMsMax = 60_000;

interface Line {
  readonly kind: string;
  readonly state: string;
  readonly reason?: string;
  readonly advice?: string;
}

describe('a whole station', () => {
  it(
    'tells how its RFID readers are, on a terminal and on the network, and what to look at',
    async () => {
      const field = new TagField(new Stream(1, 'field'));
      field.put(new VirtualTag({ uid: uidNumber(1), memory: new Uint8Array(34) }));
      const clock = systemClock;
      const serial = await PtyReader.create({ emulator: new Rl866Emulator({ field }), clock });
      cleanups.push(() => serial.close());
      const network = await TcpReader.create({ emulator: new FeigEmulator({ field }), clock });
      cleanups.push(() => network.close());
      const rig = await StationRig.prepare({
        config: {
          devices: [
            { kind: 'rfid-reader', driver: 'rl866', path: serial.path },
            { kind: 'rfid-reader', driver: 'feig-obid', host: '127.0.0.1', port: network.port },
          ],
        },
      });
      cleanups.push(() => rig.close());
      await rig.startStation();
      const readers = async (...states: readonly string[]): Promise<readonly Line[]> =>
        until(
          `readers that are ${states.join(' and ')}`,
          async () => {
            const lines = (await rig.status())['devices'] as readonly Line[];
            return lines.every(({ state }, index) => state === states[index]) && lines;
          },
          seenMsMax,
        );

      const ready = await readers('ready', 'ready');
      // It reads items, so the station is whole without a scanner.
      expect(await rig.status()).toMatchObject({ scanner: 'ready' });
      expect(ready.map(({ reason }) => reason)).toEqual(['RL866', 'FEIG OBID type 76, software 03.03']);
      await serial.unplug();
      const [offline] = await readers('offline', 'ready');
      expect(offline?.advice).toContain('cable');
      await network.unplug();
      await serial.replug();
      await readers('ready', 'offline');
      await network.replug();
      await readers('ready', 'ready');
      expect(rig.output).toContain('rfid.state');
      expect(rig.output).not.toContain(uidNumber(1));
    },
    wholeStationMsMax,
  );
});
