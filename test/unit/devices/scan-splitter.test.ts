import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scan } from '../../../src/devices/barcode-scanner/scanner.ts';
import {
  scanCharsMax,
  ScanSplitter,
  type ScannerWireOptions,
} from '../../../src/devices/barcode-scanner/wire.ts';

const text = (value: string, symbology?: string): Scan =>
  symbology === undefined ? { kind: 'text', text: value } : { kind: 'text', text: value, symbology };
const unreadable = (why: Extract<Scan, { kind: 'unreadable' }>['why']): Scan => ({ kind: 'unreadable', why });

function scansOf(options: ScannerWireOptions, ...chunks: (string | Uint8Array)[]): Scan[] {
  const splitter = new ScanSplitter(options);
  return chunks.flatMap((chunk) =>
    splitter.push(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk),
  );
}

describe('a stream of scans', () => {
  const rows: [string, ScannerWireOptions, string[], Scan[]][] = [
    ['CR ends a scan', {}, ['30091000000001\r'], [text('30091000000001')]],
    ['LF ends a scan', {}, ['A1\n'], [text('A1')]],
    ['CR LF is one end', {}, ['A1\r\nB2\r\n'], [text('A1'), text('B2')]],
    ['CR LF in two pieces is one end', {}, ['A1\r', '\nB2\r', '\n'], [text('A1'), text('B2')]],
    ['a scan in pieces', {}, ['30', '0910', '00000001', '\r'], [text('30091000000001')]],
    ['two scans in one piece', {}, ['A1\rB2\r'], [text('A1'), text('B2')]],
    ['nothing before the end', {}, ['\r'], [unreadable('empty')]],
    ['a code with a line end of its own', {}, ['A1\n\rB2\r\n\r\n'], [text('A1'), text('B2')]],
    [
      'a code with a line end of its own, CR configured',
      { suffix: '\r' },
      ['A1\r\n\rB2\r\r'],
      [text('A1'), text('B2')],
    ],
    ['a suffix twice', { suffix: '!C' }, ['A1!C!C'], [text('A1'), unreadable('empty')]],
    ['no end yet', {}, ['A1'], []],
    ['TAB by configuration', { suffix: '\t' }, ['A1\tB2\t'], [text('A1'), text('B2')]],
    ['a suffix of several characters', { suffix: '!C' }, ['A!1!CB2!', 'C'], [text('A!1'), text('B2')]],
    ['a suffix that repeats itself', { suffix: '##\r' }, ['A###\r'], [text('A#')]],
    [
      'a line end after the configured suffix',
      { suffix: '!C' },
      ['A1!C\r\nB2!C\r\n'],
      [text('A1'), text('B2')],
    ],
    ['CR configured, CR LF sent', { suffix: '\r' }, ['A1\r\nB2\r\n'], [text('A1'), text('B2')]],
    ['a prefix is dropped', { prefix: '!BA10', suffix: '!C' }, ['!BA10123!C'], [text('123')]],
    ['a prefix that is not there', { prefix: '!BA10', suffix: '!C' }, ['0123!C'], [unreadable('incomplete')]],
    ['nothing but a prefix', { prefix: '#' }, ['#\r'], [unreadable('empty')]],
    ['STX and ETX around the data', {}, ['\u0002A1\u0003\r'], [text('A1')]],
    ['AIM identifier kept', {}, [']C0A1\r'], [text(']C0A1')]],
    [
      'AIM identifier dropped',
      { aim: true },
      [']C0A1\r]F0B2\rC3\r'],
      [text('A1', 'C0'), text('B2', 'F0'), text('C3')],
    ],
    [
      'AIM identifier behind a prefix',
      { aim: true, prefix: '#' },
      ['#]E0204576800001\r'],
      [text('204576800001', 'E0')],
    ],
    ['nothing but an AIM identifier', { aim: true }, [']C0\r'], [unreadable('empty')]],
    ['a control character', {}, ['12\u001b[2J\r'], [unreadable('controlCharacters')]],
    ['a zero byte', {}, ['\u0000\r'], [unreadable('controlCharacters')]],
    ['a keyboard shortcut as a label', {}, ['\u000f\r'], [unreadable('controlCharacters')]],
    ['a TAB inside', {}, ['a\tb\r'], [unreadable('controlCharacters')]],
    ['the longest scan', {}, [`${'7'.repeat(scanCharsMax)}\r`], [text('7'.repeat(scanCharsMax))]],
    ['one character too many', {}, [`${'7'.repeat(scanCharsMax + 1)}\r`], [unreadable('tooLong')]],
    [
      '4,000 characters are one event',
      {},
      [`${'7'.repeat(4_000)}\rA1\r`],
      [unreadable('tooLong'), text('A1')],
    ],
    [
      '4,000 characters with a suffix',
      { suffix: '!C' },
      [`${'7'.repeat(4_000)}!CA1!C`],
      [unreadable('tooLong'), text('A1')],
    ],
    ['blanks stay', {}, [' A 1 \r'], [text(' A 1 ')]],
  ];
  it.each(rows)('%s', (_what, options, chunks, expected) => {
    expect(scansOf(options, ...chunks)).toEqual(expected);
  });

  it('reads UTF-8 where it is that and Latin-1 else', () => {
    expect(scansOf({}, Buffer.from('Ääkkönen\r', 'utf8'))).toEqual([text('Ääkkönen')]);
    expect(scansOf({}, Buffer.from('Ääkkönen\r', 'latin1'))).toEqual([text('Ääkkönen')]);
  });

  it('refuses characters that change how text is shown', () => {
    expect(scansOf({}, Buffer.from('12\u202e34\r', 'utf8'))).toEqual([unreadable('controlCharacters')]);
  });
});

describe('a pause', () => {
  function paused(options: ScannerWireOptions, sent: string): Scan | undefined {
    const splitter = new ScanSplitter(options);
    splitter.push(Buffer.from(sent, 'latin1'));
    return splitter.pause();
  }
  it('ends a scan where there is no suffix', () => {
    expect(paused({ suffix: '' }, 'A1')).toEqual(text('A1'));
    expect(paused({ suffix: '' }, 'A1\r\n')).toEqual(text('A1'));
  });
  it('makes half a number of a scan whose suffix never came', () => {
    expect(paused({}, '300910')).toEqual(unreadable('incomplete'));
    expect(paused({ suffix: '!C' }, '300910!')).toEqual(unreadable('incomplete'));
  });
  it('means nothing between scans', () => {
    expect(paused({}, 'A1\r\n')).toBeUndefined();
    expect(paused({ suffix: '' }, '')).toBeUndefined();
    expect(paused({ suffix: '!C' }, 'A1!C\r\n')).toBeUndefined();
  });
  it('tells of a scan that is too long only once', () => {
    const splitter = new ScanSplitter({});
    expect(splitter.push(Buffer.alloc(5_000, 0x37))).toEqual([unreadable('tooLong')]);
    expect(splitter.pause()).toBeUndefined();
    expect(splitter.push(Buffer.from('A1\r'))).toEqual([text('A1')]);
  });
});

describe('any stream', () => {
  const options = fc.constantFrom<ScannerWireOptions>(
    {},
    { suffix: '\r' },
    { suffix: '!C' },
    { suffix: '' },
    { prefix: '#', aim: true },
  );
  const label = fc.stringMatching(/^[A-Za-z0-9 .$/+%-]{1,40}$/);

  it('gives the same scans however it is chunked', () => {
    fc.assert(
      fc.property(
        fc.array(label, { maxLength: 6 }),
        fc.array(fc.nat(7), { maxLength: 60 }),
        (labels, cuts) => {
          const stream = Buffer.from(labels.map((one) => `${one}\r\n`).join(''));
          const chunks: Buffer[] = [];
          let from = 0;
          for (const cut of cuts) {
            chunks.push(stream.subarray(from, from + cut));
            from = Math.min(stream.length, from + cut);
          }
          chunks.push(stream.subarray(from));
          expect(scansOf({}, ...chunks)).toEqual(labels.map((one) => text(one)));
        },
      ),
    );
  });

  it('of random bytes never throws, and never gives a text that is too long or has control characters', () => {
    fc.assert(
      fc.property(options, fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 8 }), (wire, chunks) => {
        const splitter = new ScanSplitter(wire);
        const scans = chunks.flatMap((chunk) => [...splitter.push(chunk), splitter.pause()]);
        for (const scan of scans) {
          if (scan?.kind !== 'text') continue;
          expect([...scan.text].length).toBeLessThanOrEqual(scanCharsMax);
          expect(scan.text).toMatch(/^[^\u0000-\u001f\u007f-\u009f]+$/u);
        }
      }),
    );
  });

  it('starts afresh after any bytes and an end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        expect(scansOf({}, bytes, '\r', '30091000000001\r').at(-1)).toEqual(text('30091000000001'));
      }),
    );
  });
});
