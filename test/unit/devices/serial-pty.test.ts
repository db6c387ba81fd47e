import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { SerialBarcodeScanner } from '../../../src/devices/barcode-scanner/driver.ts';
import type { ScannerWireOptions } from '../../../src/devices/barcode-scanner/wire.ts';
import { openSerial } from '../../../src/devices/serial.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { PtyPair, type PtyHelper } from '../../../src/simulator/pty.ts';
import { eventually } from '../../support/wait.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function pairOf(helper?: PtyHelper): Promise<PtyPair> {
  const pair = await PtyPair.create(helper);
  cleanups.push(() => pair.close());
  return pair;
}

const settings = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;

function startScanner(path: string, wire: ScannerWireOptions = {}) {
  const seen: string[] = [];
  const open = openSerial({ path, ...settings });
  // On a busy machine half a scan may lie for a while before the test goes on.
  const pieceGapMs = 60_000;
  const scanner = new SerialBarcodeScanner({
    open,
    clock: systemClock,
    log: silentLog,
    path,
    wire,
    pieceGapMs,
  });
  scanner.start({
    onScan: (scan) => seen.push(scan.kind === 'text' ? scan.text : `!${scan.why}`),
    onStatus: (status) => {
      // The reason of an outage may change while it lasts.
      if (seen.at(-1) !== status.state) seen.push(status.state);
    },
  });
  cleanups.push(() => scanner.stop());
  const sees = (expected: string[]) =>
    eventually(
      `${JSON.stringify(expected)} and not ${JSON.stringify(seen)}`,
      () => seen.length >= expected.length,
    ).then(() => expect(seen).toEqual(expected));
  return { scanner, seen, sees };
}

function readsOneByte(fd: number): boolean {
  try {
    return readSync(fd, new Uint8Array(1)) === 1;
  } catch {
    return false;
  }
}

const isThere = (program: string) => spawnSync(program, ['--version']).error === undefined;
const helpers = (['socat', 'python3'] as const).filter((helper) => helper === 'socat' || isThere(helper));

describe.each<PtyHelper>(helpers)('a scanner on a real terminal made by %s', (helper) => {
  it('reads scans, also in pieces and close together', async () => {
    const pair = await pairOf(helper);
    const { sees } = startScanner(pair.devicePath);
    await sees(['ready']);
    for (const piece of ['300', '9100', '0000001', '\r', '\nB2\r\nC', '3\r\n']) await pair.write(piece);
    await sees(['ready', '30091000000001', 'B2', 'C3']);
  });

  it('takes 4,000 characters as one mistake', async () => {
    const pair = await pairOf(helper);
    const { sees } = startScanner(pair.devicePath);
    await sees(['ready']);
    await pair.write(`${'7'.repeat(4_000)}\rA1\r`);
    await sees(['ready', '!tooLong', 'A1']);
  });

  it('comes back after each unplugging, whatever it was doing', async () => {
    const pair = await pairOf(helper);
    const { sees } = startScanner(pair.devicePath);
    const expected = ['ready'];
    for (const half of ['', '3009', '7'.repeat(1_000)]) {
      await sees(expected);
      if (half !== '') await pair.write(half);
      if (half.length > 128) await sees(expected.concat('!tooLong'));
      if (half.length > 128) expected.push('!tooLong');
      await pair.unplug();
      expected.push('offline');
      await sees(expected);
      await pair.replug();
      expected.push('ready');
    }
    await sees(expected);
    await pair.write('A1\r');
    await sees(expected.concat('A1'));
  });
});

describe('the serial port', () => {
  it('tells of each hang-up, also of one in the middle of data', async () => {
    const pair = await pairOf();
    for (let round = 0; round < 20; round += 1) {
      await pair.replug();
      const events: string[] = [];
      const stream = openSerial({ path: pair.devicePath, ...settings })({
        opened: () => events.push('opened'),
        bytes: () => undefined,
        closed: () => events.push('closed'),
      });
      await eventually('the port', () => events.length === 1);
      await pair.write('3009');
      await pair.unplug();
      await eventually(`the hang-up of round ${round}`, () => events.length === 2);
      expect(events).toEqual(['opened', 'closed']);
      stream.close();
    }
  });

  it('is found when it is plugged in after the start', async () => {
    const pair = await pairOf();
    await pair.unplug();
    const { sees } = startScanner(pair.devicePath);
    await sees(['offline']);
    await pair.replug();
    await sees(['offline', 'ready']);
  });

  it('drops what came before anyone listened', async () => {
    const pair = await pairOf();
    await pair.write('xOLD\r');
    // One byte is there, so all are; the others stay in the terminal’s buffer.
    const fd = openSync(pair.devicePath, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    await eventually('the early bytes', () => readsOneByte(fd));
    closeSync(fd);
    const { sees } = startScanner(pair.devicePath);
    await sees(['ready']);
    await pair.write('NEW\r');
    await sees(['ready', 'NEW']);
  });

  it('is free again after the scanner was stopped, also while it was opening', async () => {
    const pair = await pairOf();
    const first = startScanner(pair.devicePath);
    first.scanner.stop();
    const second = startScanner(pair.devicePath);
    await eventually('the second to be ready', () => second.seen.at(-1) === 'ready');
    second.scanner.stop();
    const third = startScanner(pair.devicePath);
    await eventually('the third to be ready', () => third.seen.at(-1) === 'ready');
    await pair.write('A1\r');
    await eventually('the scan', () => third.seen.includes('A1'));
    expect(first.seen).toEqual([]);
    expect(second.seen).not.toContain('A1');
  });

  it('writes while it is open and says no when it is not', async () => {
    const pair = await pairOf();
    const events: string[] = [];
    const stream = openSerial({ path: pair.devicePath, ...settings })({
      opened: () => events.push('opened'),
      bytes: (chunk) => events.push(Buffer.from(chunk).toString('latin1')),
      closed: (reason) => events.push(`closed ${reason}`),
    });
    expect(stream.write(Buffer.from('early'))).toBe(false);
    await eventually('opened', () => events.includes('opened'));
    expect(stream.write(Buffer.from('hello'))).toBe(true);
    await pair.unplug();
    await eventually('closed', () => events.some((event) => event.startsWith('closed')));
    expect(stream.write(Buffer.from('late'))).toBe(false);
    expect(events.length).toBe(2);
  });

  it('that is no terminal is told as such, and tried again', async () => {
    const { sees } = startScanner('/dev/null');
    await sees(['offline']);
  });
});
