import type { BenchRow, Figures } from './bench-row.ts';

/** The rows as text for a terminal: what was measured, its floor, how they compare, and the bound. */
export function tableOf(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [
    figuresText(row.ours, row.unit),
    row.floor === undefined ? '–' : figuresText(row.floor, row.unit),
    row.floor === undefined ? '–' : `${(row.ours.median / row.floor.median).toFixed(2)}×`,
    row.bound === undefined ? '' : `${row.pass ? 'ok' : 'MISSED'}: ${row.bound}`,
  ]);
  const heads = ['ours (p95)', 'floor (p95)', 'ratio', 'bound'];
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd();
  return rows
    .flatMap(({ name, floorName }, index) => [
      name,
      ...(floorName === undefined ? [] : [`  beside ${floorName}`]),
      `  ${line(cells[index] ?? [])}`,
      '',
    ])
    .toSpliced(0, 0, `  ${line(heads)}`, '')
    .join('\n');
}

function figuresText({ median, p95 }: Figures, unit: BenchRow['unit']): string {
  // One run has no spread to tell.
  const spread = median === p95 ? '' : ` (${numberText(p95)})`;
  return `${numberText(median)} ${unit}${spread}`;
}

function numberText(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
