import { expect, describe, it } from 'vitest';
import { SerialBarcodeScanner } from '../../src/devices/barcode-scanner/driver.ts';
import { HidPosReports } from '../../src/devices/barcode-scanner/hid-pos-wire.ts';
import { HidBarcodeScanner } from '../../src/devices/barcode-scanner/hid-scanner.ts';
import { encodeLengthFrame } from '../../src/devices/barcode-scanner/length-frames.ts';
import type { BarcodeScanner } from '../../src/devices/barcode-scanner/scanner.ts';
import { SsiBarcodeScanner } from '../../src/devices/barcode-scanner/ssi.ts';
import { WedgeBarcodeScanner } from '../../src/devices/barcode-scanner/wedge.ts';
import { MemoryHid } from '../../src/devices/hid/memory.ts';
import type { Ils } from '../../src/ils/ils.ts';
import type { Journal } from '../../src/journal/rows.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { Station } from '../../src/station/station.ts';
import { heapBytes } from '../support/heap.ts';
import { taggedReport } from '../support/hid-pos-reports.ts';
import { MemoryOpener } from '../support/memory-stream.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { settings } from '../unit/station/driver.ts';

/** Issue 6, “Speed”: fifty scans a second for an hour of virtual time, nothing lost, memory flat. */
const scansEachSecond = 50;
const scans = scansEachSecond * 3_600;
const gapMs = 1_000 / scansEachSecond;
/** What the test itself and the engine’s own tables may have grown by. */
const growthBytesMax = 4_000_000;

const labelOf = (scan: number): string => `3${String(scan).padStart(13, '0')}`;

interface Flooded {
  readonly scanner: BarcodeScanner;
  /** The hardware is there. */
  readonly plug: () => void;
  readonly read: (label: string) => void;
}

const scanners: Readonly<Record<string, (clock: VirtualClock) => Flooded>> = {
  'a serial scanner': (clock) => {
    const port = new MemoryOpener();
    const scanner = new SerialBarcodeScanner({ open: port.open, clock, log: silentLog, path: 'TEST' });
    return { scanner, plug: () => port.newest.open(), read: (label) => port.newest.send(`${label}\r\n`) };
  },
  'an SSI scanner': (clock) => {
    const port = new MemoryOpener();
    const scanner = new SsiBarcodeScanner({ open: port.open, clock, log: silentLog, path: 'TEST' });
    return {
      scanner,
      plug: () => port.newest.open(),
      read: (label) => {
        port.newest.events.bytes(encodeLengthFrame(0xf3, 0, 0, 1, ...Buffer.from(label)));
        // The acknowledgements are of the test’s own keeping.
        port.newest.written.length = 0;
      },
    };
  },
  'a scanner in HID POS mode': (clock) => {
    const hid = new MemoryHid();
    const reports = new HidPosReports();
    const scanner = new HidBarcodeScanner({ open: hid.open, reports, clock, log: silentLog, path: 'TEST' });
    return { scanner, plug: () => hid.settle(), read: (label) => hid.report(taggedReport(label)) };
  },
  'a scanner that types': (clock) => {
    const scanner = new WedgeBarcodeScanner({ clock, log: silentLog });
    return { scanner, plug: () => clock.advance(0), read: (label) => scanner.typed(label, true) };
  },
};

describe.each(Object.keys(scanners))('an hour of scans by %s', (name) => {
  it('loses none, tells each once and in order, and keeps nothing', () => {
    const clock = new VirtualClock();
    const flooded = scanners[name]?.(clock);
    if (flooded === undefined) throw new Error(`no scanner is ${name}`);
    let told = 0;
    const wrong: string[] = [];
    flooded.scanner.start({
      onScan: (scan) => {
        if (scan.kind !== 'text' || scan.text !== labelOf(told)) wrong.push(JSON.stringify(scan));
        told += 1;
      },
      onStatus: () => undefined,
    });
    flooded.plug();
    let settledBytes = 0;
    for (let scan = 0; scan < scans; scan += 1) {
      flooded.read(labelOf(scan));
      clock.advance(gapMs);
      // After the first minute everything has been compiled and every table has its size.
      if (scan === scansEachSecond * 60) settledBytes = heapBytes();
    }
    expect(wrong).toEqual([]);
    expect(told).toBe(scans);
    expect(heapBytes() - settledBytes).toBeLessThan(growthBytesMax);
    flooded.scanner.stop();
    expect(clock.pending()).toBe(0);
  }, 120_000);
});

const journal: Journal = {
  commit: () => ({ ok: true }),
  open: () => [],
  pinTries: () => [],
  tagWork: () => [],
  outage: () => undefined,
  believed: () => [],
  doubted: () => undefined,
  hash: (value) => value,
  probe: () => 'fine',
  staffCount: () => 0,
  close: () => undefined,
};
const nothing = (): void => undefined;
const ils: Ils = {
  start: (onStatus) => onStatus({ state: 'online' }),
  stop: nothing,
  checkCustomership: nothing,
  account: nothing,
  item: nothing,
  checkout: nothing,
  checkin: nothing,
  renew: nothing,
  endSession: nothing,
  hold: nothing,
  feePaid: nothing,
  renewAll: nothing,
};

describe('an hour of scans at a station', () => {
  it('is each answered on the screen, and leaves nothing behind', () => {
    const clock = new VirtualClock();
    const port = new MemoryOpener();
    const scanner = new SerialBarcodeScanner({ open: port.open, clock, log: silentLog, path: 'TEST' });
    let words = 0;
    let lastWord: number | undefined;
    const station = new Station({
      settings,
      journal,
      ils,
      clock,
      random: systemRandom,
      log: silentLog,
      scanners: [scanner],
      publish: ({ notice }) => {
        if (notice === undefined || notice.id === lastWord) return;
        lastWord = notice.id;
        words += 1;
      },
    });
    station.start();
    port.newest.open();
    let settledBytes = 0;
    for (let scan = 0; scan < scans; scan += 1) {
      port.newest.send(`${labelOf(scan)}\r`);
      clock.advance(gapMs);
      if (scan === scansEachSecond * 60) settledBytes = heapBytes();
    }
    expect(words).toBe(scans);
    expect(heapBytes() - settledBytes).toBeLessThan(growthBytesMax);
    station.stop();
  }, 300_000);
});
