import { describe, expect, it } from 'vitest';
import {
  doubleScanMsDefault,
  idleFlushMs,
  lineEndGapMsMax,
  pieceGapMsMax,
  SerialBarcodeScanner,
  type SerialBarcodeScannerOptions,
} from '../../../src/devices/barcode-scanner/driver.ts';
import { reopenDelaysMs } from '../../../src/devices/reopen.ts';
import type { LogFields } from '../../../src/kernel/log.ts';
import { MemoryOpener } from '../../support/memory-stream.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

function bench(options: Partial<SerialBarcodeScannerOptions> = {}) {
  const clock = new VirtualClock();
  const port = new MemoryOpener();
  const seen: string[] = [];
  const logged: { event: string; fields: LogFields | undefined }[] = [];
  const scanner = new SerialBarcodeScanner({
    open: port.open,
    clock,
    log: { write: (_level, event, fields) => logged.push({ event, fields }) },
    path: '/dev/ttyTEST',
    ...options,
  });
  scanner.start({
    onScan: (scan) => seen.push(scan.kind === 'text' ? scan.text : `!${scan.why}`),
    onStatus: (status) => seen.push(status.state === 'ready' ? 'ready' : `offline: ${status.reason}`),
  });
  return { clock, port, seen, logged, scanner };
}

describe('scans', () => {
  it('are told when they are whole', () => {
    const { port, seen } = bench();
    port.newest.open();
    port.newest.send('3009');
    expect(seen).toEqual(['ready']);
    port.newest.send('1000\r');
    expect(seen).toEqual(['ready', '30091000']);
  });

  it('in pieces may take their time, but not for ever', () => {
    const { clock, port, seen } = bench();
    port.newest.open();
    port.newest.send('30');
    clock.advance(pieceGapMsMax - 1);
    port.newest.send('09');
    clock.advance(pieceGapMsMax - 1);
    port.newest.send('1\r');
    port.newest.send('300');
    clock.advance(pieceGapMsMax);
    port.newest.send('910\r');
    expect(seen).toEqual(['ready', '30091', '!incomplete', '910']);
  });

  it('without a suffix end with a pause', () => {
    const { clock, port, seen } = bench({ wire: { suffix: '' } });
    port.newest.open();
    port.newest.send('30');
    clock.advance(idleFlushMs - 1);
    port.newest.send('09');
    clock.advance(idleFlushMs - 1);
    expect(seen).toEqual(['ready']);
    clock.advance(1);
    expect(seen).toEqual(['ready', '3009']);
  });

  it('of the same label in a row are one', () => {
    const { clock, port, seen } = bench();
    port.newest.open();
    for (let i = 0; i < 10; i += 1) {
      port.newest.send('A\r');
      clock.advance(doubleScanMsDefault - 1);
    }
    expect(seen).toEqual(['ready', 'A']);
    clock.advance(1);
    port.newest.send('A\r');
    expect(seen).toEqual(['ready', 'A', 'A']);
  });

  it('of two labels side by side are two', () => {
    const { port, seen } = bench();
    port.newest.open();
    port.newest.send('A\rB\rA\rB\rA\r');
    expect(seen).toEqual(['ready', 'A', 'B']);
  });

  it('of the same label all count where the window is zero', () => {
    const { port, seen } = bench({ doubleScanMs: 0 });
    port.newest.open();
    port.newest.send('A\rA\r');
    expect(seen).toEqual(['ready', 'A', 'A']);
  });

  it('that cannot be read are each told, without their text in the log', () => {
    const { port, seen, logged } = bench();
    port.newest.open();
    port.newest.send('\r1234567\u0007\r1234567\u0007\r');
    expect(seen).toEqual(['ready', '!empty', '!controlCharacters', '!controlCharacters']);
    expect(logged.length).toBe(4);
    expect(JSON.stringify(logged)).not.toContain('1234567');
  });

  it('may bring line ends of their own, but a line end by itself is an empty one', () => {
    const { clock, port, seen } = bench();
    port.newest.open();
    port.newest.send('A1\n');
    clock.advance(lineEndGapMsMax);
    port.newest.send('\r');
    clock.advance(lineEndGapMsMax + 1);
    port.newest.send('\r');
    expect(seen).toEqual(['ready', 'A1', '!empty']);
  });

  it('leave no timer behind once the window is over', () => {
    const { clock, port } = bench();
    port.newest.open();
    port.newest.send('A\rB\rC\rD\rE\rF\r');
    expect(clock.pending()).toBeLessThanOrEqual(4);
    clock.advance(doubleScanMsDefault);
    expect(clock.pending()).toBe(0);
  });
});

describe('a port that is gone', () => {
  it('is opened again with growing pauses, for ever', () => {
    const { clock, port, seen } = bench();
    port.newest.fail('no such file');
    const pauses = [...reopenDelaysMs, 10_000, 10_000];
    for (const [index, pause] of pauses.entries()) {
      clock.advance(pause - 1);
      expect(port.streams.length).toBe(index + 1);
      clock.advance(1);
      expect(port.streams.length).toBe(index + 2);
      port.newest.fail('no such file');
    }
    expect(seen).toEqual(['offline: no such file']);
  });

  it('is tried soon again after it had been there', () => {
    const { clock, port, seen } = bench();
    for (let i = 0; i < 3; i += 1) {
      port.newest.fail('no such file');
      clock.advance(10_000);
    }
    port.newest.open();
    port.newest.fail('pulled');
    clock.advance(reopenDelaysMs[0]);
    port.newest.open();
    expect(seen).toEqual(['offline: no such file', 'ready', 'offline: pulled', 'ready']);
  });

  it('takes the half scan with it', () => {
    const { clock, port, seen } = bench();
    port.newest.open();
    port.newest.send('300910');
    port.newest.fail('pulled');
    clock.advance(reopenDelaysMs[0]);
    port.newest.open();
    port.newest.send('00000001\r');
    expect(seen).toEqual(['ready', 'offline: pulled', 'ready', '00000001']);
  });

  it('still counts a label that it read just before as read', () => {
    const { clock, port, seen } = bench();
    port.newest.open();
    port.newest.send('A\r');
    port.newest.fail('loose plug');
    clock.advance(reopenDelaysMs[0]);
    port.newest.open();
    port.newest.send('A\r');
    expect(seen).toEqual(['ready', 'A', 'offline: loose plug', 'ready']);
  });
});

describe('stopping', () => {
  it.each([
    ['while it opens', () => undefined],
    ['while it is open', (port: MemoryOpener) => port.newest.open()],
    [
      'in the middle of a scan',
      (port: MemoryOpener) => {
        port.newest.open();
        port.newest.send('A\r300');
      },
    ],
    ['while it waits to open again', (port: MemoryOpener) => port.newest.fail('gone')],
  ])('%s leaves nothing behind', (_when, prepare) => {
    const { clock, port, seen, scanner } = bench();
    prepare(port);
    const before = seen.length;
    scanner.stop();
    clock.advance(60_000);
    port.newest.events.bytes(Buffer.from('B\r'));
    expect(seen.length).toBe(before);
    expect(clock.pending()).toBe(0);
    expect(port.streams.length).toBe(1);
  });
});
