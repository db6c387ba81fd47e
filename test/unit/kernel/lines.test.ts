import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../../../src/kernel/lines.ts';

const lineBytesMax = 64;

function linesOf(...chunks: (string | Uint8Array)[]): string[] {
  const reader = new LineReader(lineBytesMax);
  return chunks.flatMap((chunk) =>
    [...reader.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)].map((line) => line.toString()),
  );
}

describe('lines', () => {
  const rows: [string, string[], string[]][] = [
    ['end in LF', ['a\nb\n'], ['a', 'b']],
    ['may end in CR LF', ['a\r\nb\r\n'], ['a', 'b']],
    ['keep a CR inside', ['a\rb\n'], ['a\rb']],
    ['come in pieces', ['a', 'b', '\r', '\nc', '\n'], ['ab', 'c']],
    ['are not empty', ['\n\r\n\na\n'], ['a']],
    ['are not there before their end', ['abc'], []],
    ['may be just long enough', [`${'x'.repeat(lineBytesMax)}\n`], ['x'.repeat(lineBytesMax)]],
    ['that are too long are told once', [`${'x'.repeat(lineBytesMax + 1)}\na\n`], ['tooLong', 'a']],
    ['that are far too long are told once', ['x'.repeat(500), 'x'.repeat(500), '\na\n'], ['tooLong', 'a']],
  ];
  it.each(rows)('%s', (_what, chunks, lines) => {
    expect(linesOf(...chunks)).toEqual(lines);
  });

  it('are the same however the bytes are cut', () => {
    const line = fc.stringMatching(/^[a-zåä€ ]{1,16}$/);
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.array(fc.nat(20), { maxLength: 30 }),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(''));
          const chunks: Buffer[] = [];
          let rest = bytes;
          for (const cut of cuts) {
            chunks.push(rest.subarray(0, cut));
            rest = rest.subarray(cut);
          }
          expect(linesOf(...chunks, rest)).toEqual(lines);
        },
      ),
    );
  });

  it('forget what has begun when told to', () => {
    const reader = new LineReader(lineBytesMax);
    expect([...reader.push(Buffer.from('half'))]).toEqual([]);
    reader.reset();
    expect([...reader.push(Buffer.from('whole\n'))].map(String)).toEqual(['whole']);
  });

  it('stay whole while the buffer grows', () => {
    const reader = new LineReader(100_000);
    const long = 'abcdefghij'.repeat(9_999);
    const lines = [long.slice(0, 5_000), long.slice(5_000), '\n'].flatMap((piece) => [
      ...reader.push(Buffer.from(piece)),
    ]);
    expect(lines.map(String)).toEqual([long]);
  });
});
