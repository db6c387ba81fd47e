import { afterEach, describe, expect, it } from 'vitest';
import { EscPosPrinter } from '../../../../src/devices/receipt-printer/escpos.ts';
import { encodePaper } from '../../../../src/devices/receipt-printer/paper.ts';
import type { Printed, PrinterStatus } from '../../../../src/devices/receipt-printer/receipt-printer.ts';
import { openSerial } from '../../../../src/devices/serial.ts';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { silentLog } from '../../../../src/kernel/log.ts';
import { PrinterOnPty } from '../../../../src/simulator/printer/printer-on-pty.ts';
import { eventually } from '../../../support/wait.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('a receipt printer on a real terminal', () => {
  it('prints, is unplugged, comes back, and prints again', async () => {
    const printer = await PrinterOnPty.create();
    cleanups.push(() => printer.close());
    const statuses: PrinterStatus[] = [];
    const driver = new EscPosPrinter({
      open: openSerial({
        path: printer.devicePath,
        baudRate: 38_400,
        dataBits: 8,
        parity: 'none',
        stopBits: 1,
      }),
      clock: systemClock,
      log: silentLog,
      path: printer.devicePath,
      dialect: 'epson',
    });
    driver.start({ onStatus: (status) => statuses.push(status) });
    cleanups.push(() => driver.stop());
    const isWell = (): boolean => statuses.at(-1)?.problem === undefined && statuses.length > 0;
    const print = async (text: string): Promise<Printed> => {
      const done: Printed[] = [];
      const paper = encodePaper([{ is: 'text', text }], { columns: 42, maker: 'epson', cut: 'full' });
      driver.print(paper, (printed) => done.push(printed));
      await eventually('the print has ended', () => done.length === 1);
      return done[0] ?? { is: 'failed', problem: 'fault' };
    };
    await eventually('the printer is well', isWell);
    expect(await print('Hyvää päivää, čeština')).toEqual({ is: 'printed' });
    expect(JSON.stringify(printer.printer.paper)).toContain('Hyvää päivää, čeština');

    await printer.unplug();
    await eventually('it is known to be away', () => statuses.at(-1)?.problem === 'away');
    await printer.replug();
    await eventually('it is well again', isWell);
    printer.printer.become({ paper: 'out' });
    expect(await print('nothing')).toEqual({ is: 'failed', problem: 'paperEnd' });
    printer.printer.become({ paper: 'full' });
    expect(await print('again')).toEqual({ is: 'printed' });
  });
});
