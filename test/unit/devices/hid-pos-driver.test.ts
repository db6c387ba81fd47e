import { describe, expect, it } from 'vitest';
import { idleFlushMs, pieceGapMsMax } from '../../../src/devices/barcode-scanner/driver.ts';
import { HidPosReports } from '../../../src/devices/barcode-scanner/hid-pos-wire.ts';
import { HidBarcodeScanner } from '../../../src/devices/barcode-scanner/hid-scanner.ts';
import { MemoryHid } from '../../../src/devices/hid/memory.ts';
import { reopenDelaysMs } from '../../../src/devices/reopen.ts';
import { plainReport, taggedReport, taggedReports } from '../../support/hid-pos-reports.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

function bench(plugged = true) {
  const clock = new VirtualClock();
  const hid = new MemoryHid(undefined, plugged);
  const seen: string[] = [];
  const logged: string[] = [];
  const scanner = new HidBarcodeScanner({
    reports: new HidPosReports(),
    open: hid.open,
    clock,
    log: { write: (_level, event, fields) => logged.push(JSON.stringify({ event, ...fields })) },
    path: 'HID any',
  });
  scanner.start({
    onScan: (scan) => seen.push(scan.kind === 'text' ? scan.text : `!${scan.why}`),
    onStatus: (status) => seen.push(status.state === 'ready' ? 'ready' : `offline: ${status.reason}`),
  });
  hid.settle();
  return { clock, hid, seen, logged, scanner };
}

describe('a scanner in HID POS mode', () => {
  it('tells what it reads, one event a label', () => {
    const { hid, seen } = bench();
    for (const label of ['30091000000001', '30091000000001', '30091000000002'])
      hid.report(taggedReport(label));
    expect(seen).toEqual(['ready', '30091000000001', '30091000000002']);
  });

  it('is found when it is plugged in after the start', () => {
    const { clock, hid, seen } = bench(false);
    expect(seen).toEqual(['offline: no such device']);
    hid.plug();
    clock.advance(reopenDelaysMs[0] ?? 0);
    hid.settle();
    hid.report(taggedReport('A1'));
    expect(seen).toEqual(['offline: no such device', 'ready', 'A1']);
  });

  it('comes back after each unplugging, and half a scan of before is no part of a scan after it', () => {
    const { clock, hid, seen } = bench();
    for (let round = 0; round < 5; round += 1) {
      hid.report(taggedReports('X'.repeat(60), ']C0')[0] ?? new Uint8Array());
      hid.unplug();
      hid.plug();
      clock.advance(reopenDelaysMs[0] ?? 0);
      hid.settle();
      hid.report(taggedReport(`A${round}`));
    }
    expect(seen).toEqual([
      'ready',
      ...[0, 1, 2, 3, 4].flatMap((round) => ['offline: unplugged', 'ready', `A${round}`]),
    ]);
  });

  it('whose rest of a scan never comes read half a number, and says so', () => {
    const { clock, hid, seen } = bench();
    hid.report(taggedReports('X'.repeat(60), ']C0')[0] ?? new Uint8Array());
    clock.advance(pieceGapMsMax);
    hid.report(plainReport('7'.repeat(62)));
    clock.advance(idleFlushMs);
    expect(seen).toEqual(['ready', '!incomplete', '7'.repeat(62)]);
  });

  it('that sends nonsense is told of without a byte of it', () => {
    const { hid, seen, logged } = bench();
    hid.report(Buffer.from('\u0007131052-308T'));
    expect(seen).toEqual(['ready', '!badReport']);
    expect(logged.join()).not.toContain('308T');
  });

  it('that is stopped says nothing more, also when it was being opened', () => {
    const { clock, hid, seen, scanner } = bench(false);
    hid.plug();
    clock.advance(reopenDelaysMs[0] ?? 0);
    scanner.stop();
    hid.settle();
    hid.report(taggedReport('A1'));
    expect(seen).toEqual(['offline: no such device']);
    expect(hid.isOpen).toBe(false);
    expect(clock.pending()).toBe(0);
  });
});
