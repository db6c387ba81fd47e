import { parseArgs } from 'node:util';
import { SerialBarcodeScanner } from '../../devices/barcode-scanner/driver.ts';
import type { BarcodeScanner } from '../../devices/barcode-scanner/scanner.ts';
import { setupCommandNames, setupCommands } from '../../devices/barcode-scanner/setup-commands.ts';
import { openSerial } from '../../devices/serial.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { composeDevices } from '../../station/compose-devices.ts';
import type { StationConfig } from '../../station/config/schema.ts';
import { identifierPatternsOf } from '../../station/core-settings.ts';
import { exits, UsageError, type Command, type Exit, type Terminal } from './command.ts';
import { devicesAreFree } from './held.ts';
import { masked, previewLines } from './scan-preview.ts';
import { configOf, untilStopped } from './watch.ts';

const ports = { clock: systemClock, log: silentLog };

const options = {
  config: { type: 'string' },
  text: { type: 'string' },
  path: { type: 'string' },
  baud: { type: 'string', default: '9600' },
  prefix: { type: 'string', default: '' },
  suffix: { type: 'string' },
  aim: { type: 'boolean', default: false },
  send: { type: 'string', multiple: true },
  show: { type: 'boolean', default: false },
} as const;

export const deviceScan: Command = {
  name: 'device scan',
  synopsis:
    'device scan [--config FILE] [--text TEXT | --path PORT [--baud N] [--prefix P] [--suffix S] [--aim] [--send COMMAND]…] [--show]',
  summary:
    'drives barcode scanners by hand and tells what they read, and with --config what the library’s rules make of it; --text tries a text without a scanner; --show tells it in full; --send tells a WGC300 or WGI3220 something first (wgi3220-auto)',
  async run(args, terminal) {
    const { config: file, text, show, ...line } = parseArgs({ args: [...args], options }).values;
    const config = file === undefined ? undefined : configOf(file, terminal);
    if (file !== undefined && config === undefined) return exits.failed;
    const known = config === undefined ? undefined : identifierPatternsOf(config.identifiers);
    if (text !== undefined) {
      if (known === undefined) throw new UsageError('--text needs --config, whose rules it tries');
      for (const told of previewLines({ text, source: 'typed' }, known, show)) terminal.out(told);
      return exits.fine;
    }
    if (!(await devicesAreFree(config, terminal))) return exits.failed;
    const scanners =
      line.path === undefined ? scannersOf(config) : [serialScanner({ ...line, path: line.path })];
    return watch(scanners, terminal, (scan) => {
      terminal.out(show && scan.kind === 'text' ? scan.text : masked(scan));
      if (known === undefined || scan.kind !== 'text') return;
      for (const told of previewLines(scan, known, show)) terminal.out(told);
    });
  },
};

function scannersOf(config: StationConfig | undefined): readonly BarcodeScanner[] {
  if (config === undefined) {
    throw new UsageError('device scan needs --path, the serial port, or --config with the scanners');
  }
  const { scanners, wedge } = composeDevices(config.devices, ports);
  const here = scanners.filter((scanner) => scanner !== wedge);
  if (here.length > 0) return here;
  throw new UsageError(
    wedge === undefined
      ? 'the configuration has no barcode scanner'
      : 'a scanner that types is heard by the page only; --text tries what it reads',
  );
}

interface Line {
  readonly path: string;
  readonly baud: string;
  readonly prefix: string;
  readonly suffix?: string | undefined;
  readonly aim: boolean;
  readonly send?: readonly string[] | undefined;
}

function serialScanner({ path, baud, prefix, suffix, aim, send = [] }: Line): BarcodeScanner {
  if (!/^[1-9]\d{2,6}$/.test(baud)) throw new UsageError('--baud is a number such as 9600');
  return new SerialBarcodeScanner({
    ...ports,
    open: openSerial({ path, baudRate: Number(baud), dataBits: 8, parity: 'none', stopBits: 1 }),
    path,
    setup: send.map(commandOf),
    wire: { prefix, aim, ...(suffix === undefined ? {} : { suffix: unescaped(suffix) }) },
  });
}

function commandOf(typed: string): Uint8Array {
  const name = setupCommandNames.find((one) => one === typed);
  if (name === undefined) throw new UsageError(`--send is one of ${setupCommandNames.join(', ')}`);
  return setupCommands[name];
}

type OnScan = Parameters<BarcodeScanner['start']>[0]['onScan'];

function watch(scanners: readonly BarcodeScanner[], terminal: Terminal, onScan: OnScan): Promise<Exit> {
  for (const scanner of scanners) {
    scanner.start({
      onScan,
      onStatus: (status) =>
        terminal.out(
          status.state === 'ready'
            ? `${scanner.name} is open; scan something (Ctrl-C ends).`
            : `${scanner.name} is away: ${status.reason}`,
        ),
    });
  }
  return untilStopped(scanners, terminal);
}

/** Lets a shell's user write `\r`, `\n` and `\t`. */
function unescaped(text: string): string {
  return text.replaceAll('\\r', '\r').replaceAll('\\n', '\n').replaceAll('\\t', '\t');
}
