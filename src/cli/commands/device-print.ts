import { parseArgs } from 'node:util';
import { printerAdvice, printerState } from '../../devices/receipt-printer/advice.ts';
import { encodePaper, type PaperLine } from '../../devices/receipt-printer/paper.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { composeDevices, type Devices } from '../../station/compose-devices.ts';
import { exits, UsageError, type Command, type Exit, type Terminal } from './command.ts';
import { devicesAreFree } from './held.ts';
import { configOf } from './watch.ts';

/** How long the printer may take to tell how it is. */
const statusMsMax = 10_000;

/** Every letter that the station’s languages have beside a to z. */
const testPage: readonly PaperLine[] = [
  { is: 'text', text: 'Omatoimi', big: true, align: 'center' },
  { is: 'rule' },
  { is: 'text', text: 'Suomi, svenska: Åå Ää Öö' },
  { is: 'text', text: 'Čeština: Áá Čč Ďď Éé Ěě Íí Ňň Óó Řř Šš Ťť Úú Ůů Ýý Žž' },
  { is: 'text', text: 'English: 12,50 € – “quotes”' },
  { is: 'text', text: 'Русский: Война и мир' },
  { is: 'rule' },
  { is: 'text', text: 'A letter that is a question mark here is one on receipts too.' },
];

export const devicePrint: Command = {
  name: 'device print',
  synopsis: 'device print --config FILE',
  summary: 'tells how the receipt printer of a configuration is, and prints a page with all letters',
  async run(args, terminal) {
    const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' } } });
    if (values.config === undefined) throw new UsageError('device print needs --config, with the printer');
    const config = configOf(values.config, terminal);
    if (config === undefined || !(await devicesAreFree(config, terminal))) return exits.failed;
    const { printer } = composeDevices(config.devices, { clock: systemClock, log: silentLog });
    if (printer === undefined) throw new UsageError('the configuration has no receipt printer');
    return printPage(printer, terminal);
  },
};

function printPage({ device, paper }: NonNullable<Devices['printer']>, terminal: Terminal): Promise<Exit> {
  return new Promise((resolve) => {
    let printing = false;
    const end = (exit: Exit): void => {
      cancel();
      device.stop();
      resolve(exit);
    };
    const cancel = systemClock.after(statusMsMax, () => end(exits.failed));
    device.start({
      onStatus(status) {
        const state = printerState(status);
        terminal.out(`The printer is ${state}.${advice(state)}`);
        if (printing || status.problem !== undefined) return;
        printing = true;
        cancel();
        device.print(encodePaper(testPage, paper), (printed) => {
          terminal.out(
            printed.is === 'printed' ? 'The page came out.' : `It did not print: ${printed.problem}.`,
          );
          end(printed.is === 'printed' ? exits.fine : exits.failed);
        });
      },
    });
  });
}

function advice(state: keyof typeof printerAdvice): string {
  const words = printerAdvice[state];
  return words === undefined ? '' : ` ${words}`;
}
