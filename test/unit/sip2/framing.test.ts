import { describe, expect, test } from 'vitest';
import { LineReader } from '../../../src/sip2/framing.ts';

interface Read {
  readonly reader: LineReader;
  /** Lines as text, and `…` for one that was too long. */
  readonly lines: string[];
}

function reading(bytesMax?: number): Read {
  const lines: string[] = [];
  const events = {
    line: (bytes: Uint8Array) => lines.push(Buffer.from(bytes).toString('latin1')),
    overlong: () => lines.push('…'),
  };
  return {
    reader: bytesMax === undefined ? new LineReader(events) : new LineReader(events, bytesMax),
    lines,
  };
}

function linesOf(text: string, bytesMax?: number): string[] {
  const { reader, lines } = reading(bytesMax);
  reader.push(Buffer.from(text, 'latin1'));
  return lines;
}

describe('lines', () => {
  test.each([
    ['CR', 'one\rtwo\r', ['one', 'two']],
    ['CR LF', 'one\r\ntwo\r\n', ['one', 'two']],
    ['LF alone, from a system that knows no CR', 'one\ntwo\n', ['one', 'two']],
    ['strays before and between', '\r\n\0\none\r\r\n\0two\r', ['one', 'two']],
    ['a line feed in a screen message, once CR was seen', '941\r64AFone\ntwo|\r', ['941', '64AFone\ntwo|']],
    ['a line that has not ended', 'one\rtwo', ['one']],
    ['a NUL within', 'o\0ne\r', ['o\0ne']],
    ['nothing', '', []],
  ])('%s', (_what, text, lines) => expect(linesOf(text)).toEqual(lines));

  test('a message in single bytes, its line end in two pieces', () => {
    const { reader, lines } = reading();
    for (const byte of Buffer.from('one\r\ntwo\r\n')) reader.push(Uint8Array.of(byte));
    expect(lines).toEqual(['one', 'two']);
  });

  test('the bytes that are lent are overwritten when they were held', () => {
    const lent: Uint8Array[] = [];
    const reader = new LineReader({ line: (bytes) => lent.push(bytes), overlong: () => undefined });
    reader.push(Buffer.from('AEDoug '));
    reader.push(Buffer.from('Fiander\r'));
    expect(lent[0]?.every((byte) => byte === 0)).toBe(true);
  });
});

describe('bounds', () => {
  test('a line too long is dropped whole, the next one is read', () => {
    expect(linesOf('abcdefgh\rij\r', 5)).toEqual(['…', 'ij']);
    expect(linesOf('abcde\rij\r', 5)).toEqual(['abcde', 'ij']);
  });

  test('in pieces too, told once', () => {
    const { reader, lines } = reading(5);
    for (const byte of Buffer.from('abcdefghijklm\rnop\r')) reader.push(Uint8Array.of(byte));
    expect(lines).toEqual(['…', 'nop']);
    expect(reader.pendingBytes).toBe(0);
  });

  test('without end it holds no more than its bound', () => {
    const { reader, lines } = reading();
    const chunk = Buffer.alloc(65_536, 0x61);
    for (let index = 0; index < 64; index++) reader.push(chunk);
    expect(lines).toEqual(['…']);
    expect(reader.pendingBytes).toBe(0);
  });

  test('work grows with the bytes, not with their square', () => {
    const bytesPushed = 1_000_000;
    const { reader, lines } = reading();
    const byte = Uint8Array.of(0x61);
    const started = performance.now();
    for (let index = 0; index < bytesPushed; index++) reader.push(byte);
    reader.push(Uint8Array.of(0x0d));
    // A million copies of half a megabyte each would take minutes.
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(lines[0]).toHaveLength(bytesPushed);
  });
});

describe('reset', () => {
  test('forgets what was held and what ends a line', () => {
    const { reader, lines } = reading();
    reader.push(Buffer.from('one\rtw'));
    reader.reset();
    reader.push(Buffer.from('three\nfour\n'));
    expect(lines).toEqual(['one', 'three', 'four']);
  });

  test('from within a line stops the reading of the rest', () => {
    const lines: string[] = [];
    const reader: LineReader = new LineReader({
      line: (bytes) => {
        lines.push(Buffer.from(bytes).toString());
        reader.reset();
      },
      overlong: () => undefined,
    });
    reader.push(Buffer.from('one\rtwo\rthree\r'));
    expect(lines).toEqual(['one']);
  });
});
