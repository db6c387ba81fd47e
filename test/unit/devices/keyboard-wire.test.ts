import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyboardReports } from '../../../src/devices/barcode-scanner/keyboard-wire.ts';
import type { Scan } from '../../../src/devices/barcode-scanner/scanner.ts';

const up = new Uint8Array(8);
const key = (code: number, modifiers = 0): Uint8Array => Uint8Array.of(modifiers, 0, code, 0, 0, 0, 0, 0);
const enter = key(0x28);

/** Digits and small letters by the HID usage tables: a is 04, 1 is 1E, 0 is 27. */
function typed(text: string): Uint8Array[] {
  return [...text].flatMap((character) => {
    if (character === '0') return [key(0x27), up];
    if (/\d/.test(character)) return [key(0x1d + Number(character)), up];
    const isLarge = character !== character.toLowerCase();
    return [key(character.toLowerCase().charCodeAt(0) - 0x61 + 0x04, isLarge ? 0x02 : 0), up];
  });
}

function scansOf(...reports: Uint8Array[]): Scan[] {
  const keyboard = new KeyboardReports();
  return reports.flatMap((report) => keyboard.push(report) ?? []);
}
const text = (value: string): Scan => ({ kind: 'text', text: value });
const controls: Scan = { kind: 'unreadable', why: 'controlCharacters' };

describe('a reader that types', () => {
  it('is read by the numbers of its keys', () => {
    // The reference: 1E..27 are 1..9 and 0, 28 is Enter.
    const codes = [0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28];
    expect(scansOf(...codes.flatMap((code) => [key(code), up]))).toEqual([text('1234567890')]);
  });
  it('writes letters, signs, and the keys of the number pad', () => {
    expect(scansOf(...typed('IMA00421K'), enter)).toEqual([text('IMA00421K')]);
    expect(scansOf(...typed('A'), key(0x2d), up, ...typed('1'), key(0x37), up, key(0x38), up, enter)).toEqual(
      [text('A-1./')],
    );
    expect(scansOf(key(0x59), up, key(0x62), up, key(0x58))).toEqual([text('10')]);
  });
  it('may leave a key down while the next goes down, and repeats nothing', () => {
    const both = Uint8Array.of(0, 0, 0x1e, 0x1f, 0, 0, 0, 0);
    expect(scansOf(key(0x1e), both, key(0x1f), key(0x1f), up, enter)).toEqual([text('12')]);
  });
  it('ends with a pause where it sends no end', () => {
    const keyboard = new KeyboardReports();
    for (const report of typed('300910')) keyboard.push(report);
    expect([keyboard.midScan, keyboard.endsByPause]).toEqual([true, true]);
    expect(keyboard.pause()).toEqual(text('300910'));
    expect(keyboard.pause()).toBeUndefined();
  });
  it('writes nothing with Control, with an arrow or with a key that is none', () => {
    expect(scansOf(...typed('12'), key(0x12, 0x01), up, ...typed('3'), enter)).toEqual([controls]);
    expect(scansOf(...typed('12'), key(0x52), up, enter)).toEqual([controls]);
  });
  it('has nothing between two ends', () => {
    expect(scansOf(...typed('12'), enter, up, enter, up)).toEqual([text('12')]);
  });
  it('is told when a report is too short, and too long a code once', () => {
    expect(scansOf(Uint8Array.of(0, 0, 4))).toEqual([{ kind: 'unreadable', why: 'badReport' }]);
    expect(scansOf(...typed('7'.repeat(1_000)), enter)).toEqual([{ kind: 'unreadable', why: 'tooLong' }]);
  });
  it('of any reports never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 8, maxLength: 8 }), { maxLength: 40 }), (reports) => {
        for (const scan of scansOf(...reports)) expect(['text', 'unreadable']).toContain(scan.kind);
      }),
    );
  });
});
