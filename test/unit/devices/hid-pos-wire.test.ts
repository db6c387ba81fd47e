import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HidPosReports } from '../../../src/devices/barcode-scanner/hid-pos-wire.ts';
import type { Scan } from '../../../src/devices/barcode-scanner/scanner.ts';
import { plainReport, taggedReport, taggedReports } from '../../support/hid-pos-reports.ts';

const unreadable = (why: Extract<Scan, { kind: 'unreadable' }>['why']): Scan => ({ kind: 'unreadable', why });

function scansOf(...reports: Uint8Array[]): Scan[] {
  const splitter = new HidPosReports();
  return reports.flatMap((report) => splitter.push(report) ?? []);
}

describe('a tagged report', () => {
  it('is read byte by byte as the format says', () => {
    // id, length, ]C0, "A12", zeroes to byte 63
    const report = Uint8Array.from([0x02, 3, 0x5d, 0x43, 0x30, 0x41, 0x31, 0x32, ...Array(56).fill(0)]);
    expect(report.length).toBe(64);
    expect(scansOf(report)).toEqual([{ kind: 'text', text: 'A12', symbology: 'C0' }]);
  });
  it('without an AIM identifier is one all the same', () => {
    expect(scansOf(taggedReport('30091', { aim: '' }))).toEqual([{ kind: 'text', text: '30091' }]);
  });
  it('goes on in the next one where it says so', () => {
    const label = 'X'.repeat(56) + '123';
    expect(scansOf(...taggedReports(label, ']Q1'))).toEqual([{ kind: 'text', text: label, symbology: 'Q1' }]);
  });
  it('may end in a line end of its own', () => {
    expect(scansOf(taggedReport('30091\r\n'))).toEqual([{ kind: 'text', text: '30091', symbology: 'C0' }]);
  });
});

describe('a plain report', () => {
  it('is a scan of its own', () => {
    expect(scansOf(plainReport('30091'))).toEqual([{ kind: 'text', text: '30091' }]);
  });
  it('that is full may go on, and a pause ends it', () => {
    const splitter = new HidPosReports();
    expect(splitter.push(plainReport('7'.repeat(62)))).toBeUndefined();
    expect(splitter.endsByPause).toBe(true);
    expect(splitter.pause()).toEqual({ kind: 'text', text: '7'.repeat(62) });
    expect(splitter.push(plainReport('7'.repeat(62)))).toBeUndefined();
    expect(splitter.push(plainReport('8'))).toEqual({ kind: 'text', text: `${'7'.repeat(62)}8` });
    expect(splitter.midScan).toBe(false);
  });
});

describe('what is none', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['another id', Uint8Array.of(0x07, 1, 65)],
    ['a tagged report that is cut', taggedReport('12').subarray(0, 63)],
    ['a length past its end', Uint8Array.of(0x01, 40, 65)],
    ['a length that no tagged report has', Uint8Array.from({ length: 64 }, (_, i) => [2, 57][i] ?? 65)],
  ])('%s', (_what, report) => {
    expect(scansOf(report)).toEqual([unreadable('badReport')]);
  });
  it('spoils the scan under way and no other', () => {
    const [first] = taggedReports('X'.repeat(60), ']C0');
    expect(scansOf(first ?? new Uint8Array(), Uint8Array.of(9), taggedReport('OK1'))).toEqual([
      unreadable('badReport'),
      { kind: 'text', text: 'OK1', symbology: 'C0' },
    ]);
  });
  it('is half a scan, when the rest never comes', () => {
    const splitter = new HidPosReports();
    splitter.push(taggedReports('X'.repeat(60), ']C0')[0] ?? new Uint8Array());
    expect(splitter.pause()).toEqual(unreadable('incomplete'));
    expect(splitter.pause()).toBeUndefined();
  });
  it('is a code without end, told once and bounded', () => {
    const reports = taggedReports('7'.repeat(4_000), ']Q1');
    expect(scansOf(...reports, taggedReport('OK1'))).toEqual([
      unreadable('tooLong'),
      { kind: 'text', text: 'OK1', symbology: 'C0' },
    ]);
  });
});

describe('any bytes', () => {
  it('give scans or names of mistakes, never a throw, and the next scan is whole', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 8 }), (reports) => {
        const splitter = new HidPosReports();
        for (const report of reports) splitter.push(report);
        splitter.pause();
        expect(splitter.push(taggedReport('OK1'))).toEqual({ kind: 'text', text: 'OK1', symbology: 'C0' });
      }),
    );
  });
  it('of any label come out as it went in', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,120}$/), (label) => {
        expect(scansOf(...taggedReports(label, ']C0'))).toEqual([
          { kind: 'text', text: label.replace(/^\][A-Za-z][0-9A-Za-z](?=.)/, ''), symbology: 'C0' },
        ]);
      }),
    );
  });
});
