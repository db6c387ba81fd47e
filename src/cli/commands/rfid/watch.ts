import { parseArgs } from 'node:util';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { composeRfidReader } from '../../../station/compose-rfid-reader.ts';
import { portOf } from '../../../station/config/devices.ts';
import { exits, type Command } from '../command.ts';
import { devicesAreFree } from '../held.ts';
import { chosenReader, readerOptions, readerWhere } from './reader-options.ts';
import { fieldWords, statusWords } from './words.ts';

export const rfidWatch: Command = {
  name: 'device rfid watch',
  synopsis: `device rfid watch ${readerWhere}`,
  summary: 'drives an RFID reader by hand and tells how it is and which tags lie before it',
  async run(args, terminal) {
    const { values } = parseArgs({ args: [...args], options: readerOptions });
    const chosen = chosenReader(values, terminal);
    if (chosen === undefined || !(await devicesAreFree(chosen.config, terminal))) return exits.failed;
    const reader = composeRfidReader(chosen.reader, { clock: systemClock, log: silentLog });
    const port = portOf(chosen.reader);
    return new Promise((resolve) => {
      terminal.onStop(() => {
        reader.stop();
        resolve(exits.fine);
      });
      reader.start({
        onStatus: (status) => terminal.out(statusWords(port, status)),
        onField: (field) => {
          for (const line of fieldWords(field)) terminal.out(`  ${line}`);
        },
      });
    });
  },
};
