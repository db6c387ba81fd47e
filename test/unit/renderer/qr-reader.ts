import type { Code } from '../../../src/renderer/parts/receipt-code.ts';

/** The quiet border of ISO/IEC 18004, in modules. */
const border = 4;
const masks: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

export interface ReadCode {
  readonly quiet: boolean;
  /** 0 is M (ISO/IEC 18004, table 12). */
  readonly level: number;
  /** 4 is bytes (table 2). */
  readonly mode: number;
  readonly text: string;
}

/** Reads a whole and undamaged QR code of version 1 to 3 by the standard: these have one block and at most one alignment pattern. */
export function readCode({ side, path }: Code): ReadCode {
  const ink = new Set([...path.matchAll(/M(\d+) (\d+)h1v1h-1z/gu)].map(([, x, y]) => `${x} ${y}`));
  const size = side - 2 * border;
  if (![21, 25, 29].includes(size)) throw new Error(`not of version 1 to 3: ${size}`);
  const dark = (row: number, column: number): boolean => ink.has(`${column + border} ${row + border}`);
  const inside = (at: string): boolean =>
    at.split(' ').every((one) => Number(one) >= border && Number(one) < side - border);

  const formatAt = [0, 1, 2, 3, 4, 5, 7, 8].map((column) => [8, column] as const);
  const formatBelow = [7, 5, 4, 3, 2, 1, 0].map((row) => [row, 8] as const);
  const format = number([...formatAt, ...formatBelow].map(([row, column]) => dark(row, column))) ^ 0x5412;
  const mask = masks[(format >> 10) & 7];
  if (mask === undefined) throw new Error('there are eight masks');

  const bits: boolean[] = [];
  let upward = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const row = upward ? size - 1 - step : step;
      for (const column of [right, right - 1])
        if (!isPattern(size, row, column)) bits.push(dark(row, column) !== mask(row, column));
    }
    upward = !upward;
  }
  const length = number(bits.slice(4, 12));
  const bytes = Uint8Array.from({ length }, (_, at) => number(bits.slice(12 + 8 * at, 20 + 8 * at)));
  return {
    quiet: [...ink].every(inside),
    level: format >> 13,
    mode: number(bits.slice(0, 4)),
    text: new TextDecoder('utf-8', { fatal: true }).decode(bytes),
  };
}

const number = (bits: readonly boolean[]): number => bits.reduce((sum, bit) => sum * 2 + (bit ? 1 : 0), 0);

/** Whether a module finds, times, aligns or tells the format, and holds no data. */
function isPattern(size: number, row: number, column: number): boolean {
  const finder =
    (row < 9 && column < 9) || (row < 9 && column >= size - 8) || (row >= size - 8 && column < 9);
  const centre = size - 7;
  const aligns = size > 21 && Math.abs(row - centre) <= 2 && Math.abs(column - centre) <= 2;
  return finder || aligns || row === 6 || column === 6;
}
