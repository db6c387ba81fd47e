import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  pieceGapMsMax,
  SerialBarcodeScanner,
  setupQuietMs,
} from '../../../src/devices/barcode-scanner/driver.ts';
import {
  encodeLengthFrame,
  lengthFrameSplitter,
} from '../../../src/devices/barcode-scanner/length-frames.ts';
import { setupCommandNames, setupCommands } from '../../../src/devices/barcode-scanner/setup-commands.ts';
import { readSsiDecode, ssi } from '../../../src/devices/barcode-scanner/ssi-wire.ts';
import { SsiBarcodeScanner } from '../../../src/devices/barcode-scanner/ssi.ts';
import { reopenDelaysMs } from '../../../src/devices/reopen.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import frames from '../../fixtures/device-frames.json' with { type: 'json' };
import peripherals from '../../fixtures/rl866-and-peripherals.json' with { type: 'json' };
import { MemoryOpener } from '../../support/memory-stream.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
function vector(proto: string, name: RegExp): string {
  const found = frames.find((frame) => frame.proto === proto && name.test(frame.name));
  if (found === undefined) throw new Error(`no vector of ${proto} is named ${name.source}`);
  return found.hex.toLowerCase();
}

/** What each published command is called here. */
const published: readonly (readonly [string, string])[] = [
  ['wgc300-settings-enter', 'settings enter'],
  ['wgc300-settings-exit', 'settings exit'],
  ['wgc300-scan', 'scan trigger'],
  ['wgc300-stop', 'scan stop'],
  ['wgc300-factory-defaults', 'factory defaults'],
  ['wgc300-version', 'version read'],
  ['wgc300-codes-none', 'disable all barcodes'],
  ['wgc300-codes-all', 'enable all barcodes'],
  ['wgc300-code39', 'Code39 enable'],
  ['wgi3220-confirm', 'confirm communication'],
  ['wgi3220-version', 'read version'],
  ['wgi3220-factory-defaults', 'restore default'],
  ['wgi3220-scan', 'start scan'],
  ['wgi3220-stop', 'stop scan'],
];

describe('the published commands', () => {
  const vectors = [...peripherals.barcode_wgc300, ...peripherals.barcode_wgi3220];
  it.each(published)('%s', (ours, theirs) => {
    const name = setupCommandNames.find((one) => one === ours);
    const maker = ours.startsWith('wgc') ? peripherals.barcode_wgc300 : peripherals.barcode_wgi3220;
    expect(name && hex(setupCommands[name])).toBe(maker.find((one) => one.name === theirs)?.hex);
  });
  it('that are here are all that were published, and each is a frame', () => {
    expect([...published.map(([ours]) => ours), 'wgi3220-auto'].toSorted()).toEqual(
      setupCommandNames.toSorted(),
    );
    expect(hex(setupCommands['wgi3220-auto'])).toBe(vector('wgi3220', /auto/));
    for (const one of vectors) {
      expect(
        lengthFrameSplitter()
          .push(bytes(one.hex))
          .map(({ kind }) => kind),
        one.name,
      ).toEqual(['frame']);
    }
  });
  it.each([
    ['ack', ssi.ack, /^ACK/],
    ['nak', ssi.nak, /^NAK/],
    ['startSession', ssi.startSession, /START_SESSION/],
    ['stopSession', ssi.stopSession, /STOP_SESSION/],
    ['enable', ssi.enable, /SCAN_ENABLE/],
    ['disable', ssi.disable, /SCAN_DISABLE/],
    ['sendInPackets', ssi.sendInPackets, /PARAM_SEND/],
  ])('SSI %s', (_name, frame, name) => expect(hex(frame)).toBe(vector('ssi', name)));
  it('SSI tells symbology and text', () => {
    const [cut] = lengthFrameSplitter().push(bytes(vector('ssi', /DECODE_DATA/)));
    const decoded = cut?.kind === 'frame' ? readSsiDecode(cut.bytes) : undefined;
    expect(decoded).toEqual({ symbology: 'A', data: new Uint8Array(Buffer.from('A123456')) });
  });
});

describe('frames with a length', () => {
  const data = fc.uint8Array({ minLength: 3, maxLength: 250 });
  it('come out as they went in, however they are chunked', () => {
    fc.assert(
      fc.property(fc.array(data, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (all, size) => {
        const splitter = lengthFrameSplitter();
        const stream = Buffer.concat(all.map((one) => encodeLengthFrame(...one)));
        const heard: Uint8Array[] = [];
        for (let at = 0; at < stream.length; at += size) {
          for (const cut of splitter.push(stream.subarray(at, at + size))) {
            if (cut.kind === 'frame') heard.push(cut.bytes);
          }
        }
        expect(heard.map(hex)).toEqual(all.map(hex));
      }),
    );
  });
  it('with one wrong bit in the data are refused', () => {
    fc.assert(
      fc.property(data, fc.nat(), fc.nat(7), (one, at, bit) => {
        const frame = encodeLengthFrame(...one);
        const place = 1 + (at % one.length);
        frame[place] = (frame[place] ?? 0) ^ (1 << bit);
        expect(lengthFrameSplitter().push(frame)).toEqual([{ kind: 'bad', why: 'crc' }]);
      }),
    );
  });
  it('of any bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => void lengthFrameSplitter().push(noise)),
    );
  });
});

/** A frame as an SSI scanner sends it. */
const decodeData = (code: number, text: string): Uint8Array =>
  encodeLengthFrame(0xf3, 0x00, 0x00, code, ...Buffer.from(text, 'latin1'));

describe('a scanner that speaks SSI', () => {
  function bench() {
    const clock = new VirtualClock();
    const port = new MemoryOpener();
    const seen: string[] = [];
    const scanner = new SsiBarcodeScanner({ open: port.open, clock, log: silentLog, path: '/dev/ttyTEST' });
    scanner.start({
      onScan: (scan) =>
        seen.push(scan.kind === 'text' ? `${scan.text} ${scan.symbology ?? '-'}` : `!${scan.why}`),
      onStatus: (status) => seen.push(status.state),
    });
    port.newest.open();
    const written = () => Buffer.concat(port.newest.written).toString('hex');
    return { clock, port, seen, scanner, written };
  }
  const opening = hex(ssi.wakeUp) + hex(ssi.sendInPackets);

  it('is woken and told to send frames; each scan is acknowledged', () => {
    const { port, seen, written } = bench();
    expect(written()).toBe(opening);
    const frame = Buffer.concat([decodeData(0x0b, '2045768000013'), decodeData(0x77, 'A1')]);
    for (const byte of frame) port.newest.events.bytes(Uint8Array.of(byte));
    expect(seen).toEqual(['ready', '2045768000013 E', 'A1 -']);
    expect(written()).toBe(opening + hex(ssi.ack) + hex(ssi.ack));
  });

  it('sends a damaged scan again, and one that was acknowledged in vain is one', () => {
    const { clock, port, seen, written } = bench();
    const frame = decodeData(0x03, '30091');
    const damaged = Uint8Array.from(frame);
    damaged[6] = (damaged[6] ?? 0) ^ 1;
    port.newest.events.bytes(damaged);
    port.newest.events.bytes(frame);
    port.newest.events.bytes(frame);
    port.newest.events.bytes(frame.subarray(0, 5));
    clock.advance(pieceGapMsMax);
    expect(seen).toEqual(['ready', '30091 C']);
    expect(written()).toBe(opening + hex(ssi.nak) + hex(ssi.ack) + hex(ssi.ack) + hex(ssi.nak));
  });

  it('may say other things, and comes back after it was unplugged', () => {
    const { clock, port, seen, written, scanner } = bench();
    port.newest.events.bytes(encodeLengthFrame(0xd0, 0x00, 0x00));
    port.newest.fail('unplugged');
    clock.advance(reopenDelaysMs[0] ?? 0);
    port.newest.open();
    expect(written()).toBe(opening);
    port.newest.events.bytes(decodeData(0x01, '\u0007'));
    expect(seen).toEqual(['ready', 'offline', 'ready', '!controlCharacters']);
    scanner.stop();
    expect(clock.pending()).toBe(0);
  });
});

describe('a scanner that is set up at the opening', () => {
  it('is told so each time, and what it answers is no scan', () => {
    const clock = new VirtualClock();
    const port = new MemoryOpener();
    const seen: string[] = [];
    const scanner = new SerialBarcodeScanner({
      open: port.open,
      clock,
      log: silentLog,
      path: '/dev/ttyTEST',
      setup: [setupCommands['wgi3220-auto']],
    });
    scanner.start({
      onScan: (scan) => seen.push(scan.kind === 'text' ? scan.text : `!${scan.why}`),
      onStatus: (status) => seen.push(status.state),
    });
    for (let round = 0; round < 2; round += 1) {
      port.newest.open();
      expect(hex(port.newest.written[0] ?? new Uint8Array())).toBe(vector('wgi3220', /auto/));
      port.newest.events.bytes(bytes(vector('wgi3220', /accepted/)));
      clock.advance(setupQuietMs);
      port.newest.send(`3009${round}\r`);
      clock.advance(pieceGapMsMax);
      port.newest.fail('unplugged');
      clock.advance(reopenDelaysMs[0] ?? 0);
    }
    expect(seen).toEqual(['ready', '30090', 'offline', 'ready', '30091', 'offline']);
  });
});
