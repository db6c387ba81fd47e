import { expect, test } from 'vitest';
import { codeOf, codeText } from '../../../src/renderer/parts/receipt-code.ts';
import { readCode } from './qr-reader.ts';

const more = (count: number): string => `+ ${count}`;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

test.each(['Lainattu 1', 'Sinuhe egyptiläinen\nto 3.12.', 'Příliš žluťoučký kůň', '红楼梦\nВойна и мир'])(
  'a telephone reads %j from the code as it was written',
  (text) => {
    expect(readCode(codeOf(text))).toEqual({ quiet: true, level: 0, mode: 4, text });
  },
);

test('a code that is changed is not read as the same', () => {
  const { side, path } = codeOf('Lainattu 1');
  const lastModule = `M${side - 5} ${side - 5}h1v1h-1z`;
  const changed = path.includes(lastModule) ? path.replace(lastModule, '') : path + lastModule;
  expect(readCode({ side, path: changed })).not.toMatchObject({ mode: 4, text: 'Lainattu 1' });
});

test('what finds room is in the code line by line', () => {
  expect(codeText(['Borrowed 2', 'Sinuhe', 'Kalevala'], more)).toBe('Borrowed 2\nSinuhe\nKalevala');
  expect(codeText([], more)).toBe('');
});

test('what finds no room is counted, by bytes and not by letters', () => {
  const latin = Array.from({ length: 40 }, (_, index) => `${index}`.padStart(49, 'a'));
  const told = codeText(latin, more).split('\n');
  expect(told).toHaveLength(15);
  expect(told.at(-1)).toBe('+ 26');
  const cyrillic = latin.map((line) => line.replaceAll('a', 'я'));
  const shorter = codeText(cyrillic, more);
  expect(shorter.split('\n').length).toBeLessThan(15);
  expect(bytesOf(shorter)).toBeLessThan(720);
});
