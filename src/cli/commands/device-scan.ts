import { parseArgs } from 'node:util';
import { SerialBarcodeScanner } from '../../devices/barcode-scanner/driver.ts';
import type { Scan } from '../../devices/barcode-scanner/scanner.ts';
import { openSerial } from '../../devices/serial.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { exits, UsageError, type Command } from './command.ts';

const lastCharsShown = 2;

export const deviceScan: Command = {
  name: 'device scan',
  synopsis: 'device scan --path PORT [--baud N] [--prefix P] [--suffix S] [--aim] [--show]',
  summary: 'drives a barcode scanner by hand and tells what it reads; --show tells it in full',
  run(args, terminal) {
    const { path, baud, prefix, suffix, aim, show } = parseArgs({
      args: [...args],
      options: {
        path: { type: 'string' },
        baud: { type: 'string', default: '9600' },
        prefix: { type: 'string', default: '' },
        suffix: { type: 'string' },
        aim: { type: 'boolean', default: false },
        show: { type: 'boolean', default: false },
      },
    }).values;
    if (path === undefined) throw new UsageError('device scan needs --path, the serial port');
    if (!/^[1-9]\d{2,6}$/.test(baud)) throw new UsageError('--baud is a number such as 9600');
    const scanner = new SerialBarcodeScanner({
      open: openSerial({ path, baudRate: Number(baud), dataBits: 8, parity: 'none', stopBits: 1 }),
      clock: systemClock,
      log: silentLog,
      path,
      wire: { prefix, aim, ...(suffix === undefined ? {} : { suffix: unescaped(suffix) }) },
    });
    return new Promise((resolve) => {
      terminal.onStop(() => {
        scanner.stop();
        resolve(exits.fine);
      });
      scanner.start({
        onScan: (scan) => terminal.out(show && scan.kind === 'text' ? scan.text : masked(scan)),
        onStatus: (status) =>
          terminal.out(
            status.state === 'ready'
              ? `${path} is open; scan something (Ctrl-C ends).`
              : `${path} is away: ${status.reason}`,
          ),
      });
    });
  },
};

/** A scan as it may stand on anyone's screen: it may be a patron's card. */
export function masked(scan: Scan): string {
  if (scan.kind === 'unreadable') return `unreadable: ${scan.why}`;
  const characters = [...scan.text];
  const kind = /^\d+$/.test(scan.text) ? 'digits' : 'characters';
  const end =
    characters.length > 2 * lastCharsShown ? `, ending in ${characters.slice(-lastCharsShown).join('')}` : '';
  return `read: ${characters.length} ${kind}${end}`;
}

/** Lets a shell's user write `\r`, `\n` and `\t`. */
function unescaped(text: string): string {
  return text.replaceAll('\\r', '\r').replaceAll('\\n', '\n').replaceAll('\\t', '\t');
}
