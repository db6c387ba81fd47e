import { readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SerialPort } from 'serialport';

export interface SerialPortName {
  readonly path: string;
  /** What it is, where that is known. */
  readonly words: string;
}

/** The serial ports. Names that stay the same after unplugging come first. */
export async function listSerialPorts(
  platform: NodeJS.Platform = process.platform,
): Promise<readonly SerialPortName[]> {
  // The library asks udevadm, which small systems and containers do not have; the kernel tells the same.
  if (platform === 'linux') return listLinuxPorts('/');
  const ports = await SerialPort.list();
  return ports.map((port) => ({ path: port.path, words: port.manufacturer ?? '' }));
}

/** @param root the root of the file system, `/` but in tests */
export function listLinuxPorts(root: string): readonly SerialPortName[] {
  const stable = join(root, 'dev/serial/by-id');
  const named = entriesOf(stable).map((name) => ({
    path: `/dev/serial/by-id/${name}`,
    words: basename(linkTarget(join(stable, name))),
  }));
  const known = new Set(named.map((port) => port.words));
  const plain = entriesOf(join(root, 'sys/class/tty'))
    .filter((name) => !known.has(name) && hasDriver(root, name))
    .map((name) => ({ path: `/dev/${name}`, words: '' }));
  return [...named, ...plain];
}

/** Of the many names that Linux keeps ready, only those have a device behind them that has a driver of a real port. */
function hasDriver(root: string, name: string): boolean {
  const driver = basename(linkTarget(join(root, 'sys/class/tty', name, 'device/driver')));
  return driver !== '' && driver !== 'serial8250';
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
