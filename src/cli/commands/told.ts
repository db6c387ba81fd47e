import { z } from 'zod';

/** The station's status as lines `name  value`, whatever it tells. */
export function statusLines(answer: unknown): readonly string[] {
  const pairs = flatten(answer, '');
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function flatten(value: unknown, name: string): [string, string][] {
  if (typeof value !== 'object' || value === null)
    return [[name, String(JSON.stringify(value)).replaceAll('"', '')]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, name === '' ? key : `${name}.${key}`),
  );
}

const journalSchema = z.array(
  z.object({
    seq: z.number(),
    at: z.number(),
    kind: z.string(),
    state: z.string(),
    item: z.string(),
    patron: z.string().optional(),
    rule: z.string().optional(),
  }),
);

const headings = ['seq', 'at (UTC)', 'kind', 'state', 'item', 'patron', 'rule'];

/** The journal's newest transactions as a table. */
export function journalLines(answer: unknown): readonly string[] {
  const parsed = journalSchema.safeParse(answer);
  if (!parsed.success)
    return ['The station tells its journal in a form that this program does not know; --json shows it.'];
  if (parsed.data.length === 0) return ['The journal has no transaction.'];
  const rows = parsed.data.map((row) => [
    String(row.seq),
    new Date(row.at).toISOString().replace('T', ' ').slice(0, 19),
    row.kind,
    row.state,
    row.item,
    row.patron ?? '',
    row.rule ?? '',
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [headings, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
