import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { journalAudit } from '../../../src/cli/commands/journal/audit.ts';
import type { Command } from '../../../src/cli/commands/command.ts';
import { rfidRelease, rfidSecure } from '../../../src/cli/commands/rfid/security.ts';
import { rfidWrite } from '../../../src/cli/commands/rfid/write.ts';
import { VirtualTag } from '../../../src/simulator/rfid/tag-field.ts';
import { stationSocketPath } from '../../../src/station/socket-path.ts';
import { books } from '../../support/example-library.ts';
import { uidNumber } from '../../support/rfid-rig.ts';
import { SocketDesk } from '../../support/socket-desk.ts';
import { StationRig } from '../../support/station-rig.ts';
import { until } from '../../support/until.ts';
import { VirtualTable } from '../../support/virtual-table.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const testMsMax = 240_000;
const readyMsMax = 60_000;

async function run(command: Command, ...args: readonly string[]) {
  const told = { out: '', err: '' };
  const code = await command.run(args, {
    out: (line) => (told.out += `${line}\n`),
    err: (line) => (told.err += `${line}\n`),
    onStop: () => undefined,
  });
  return { ...told, code };
}

describe('omatoimi device rfid, while the station runs', () => {
  it(
    'writes and secures tags through it, when nobody is there, and patrons have the reader again',
    async () => {
      const table = await VirtualTable.create();
      cleanups.push(() => table.close());
      const rig = await StationRig.prepare({ moreDevices: [table.device] });
      cleanups.push(() => rig.close());
      await rig.startStation();
      const devices = async (): Promise<readonly { kind: string; state: string }[]> =>
        (await rig.status())['devices'] as readonly { kind: string; state: string }[];
      const status = async (): Promise<boolean> => {
        const reader = (await devices()).find(({ kind }) => kind === 'rfid-reader');
        return reader?.state === 'ready' && (await rig.status())['librarySystem'] === 'online';
      };
      await until('station and reader are ready', status, readyMsMax);
      const here = ['--config', join(rig.folder, 'station.yaml'), '--wait', '60'];
      const uid = uidNumber(1);
      const tag = new VirtualTag({ uid, afi: 0x07 });
      table.lay(tag);

      expect(await run(rfidWrite, ...here, '--item', books.cobblers.item)).toEqual({
        code: 0,
        err: '',
        out: `${uid} was written and read back: item ${books.cobblers.item}, iso28560-3.\n`,
      });
      // It is on loan to somebody, so it may be free, and must not be secured.
      expect((await run(rfidRelease, ...here)).out).toContain('is not secured any more, read back');
      expect(tag.afi).toBe(0xc2);
      expect(await run(rfidSecure, ...here)).toMatchObject({
        code: 1,
        err: expect.stringContaining('says that the item'),
      });
      expect(tag.afi).toBe(0xc2);

      const page = await SocketDesk.at(stationSocketPath(rig.data));
      cleanups.push(() => page.close());
      page.act({ do: 'chooseService', service: 'return' });
      await page.until(
        'what lies there is taken back',
        ({ screen }) =>
          screen.name === 'return' &&
          screen.items.some(({ item, state }) => item === books.cobblers.item && state === 'done'),
      );
      expect(tag.afi).toBe(0x07);
      expect(await run(rfidRelease, ...here, '--without-acs')).toMatchObject({
        code: 1,
        err: 'somebody is at the station; nothing was done.\n',
      });
      expect(tag.afi).toBe(0x07);
      const audit = await run(journalAudit, '--socket', stationSocketPath(rig.data));
      for (const act of ['writeTag', 'releaseTag', 'secureTag']) expect(audit.out).toContain(act);
    },
    testMsMax,
  );
});
