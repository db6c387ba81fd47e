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

/** For an answer of another version. */
export const notKnown = 'The station answers in a form that this program does not know; --json shows it.';

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
  if (!parsed.success) return [notKnown];
  if (parsed.data.length === 0) return ['The journal has no transaction.'];
  return tableLines(
    headings,
    parsed.data.map((row) => [
      String(row.seq),
      moment(row.at),
      row.kind,
      row.state,
      row.item,
      row.patron ?? '',
      row.rule ?? '',
    ]),
  );
}

const foundSchema = z.object({
  seq: z.number(),
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  at: z.number(),
  zone: z.string(),
  item: z.string(),
  patron: z.string().optional(),
  dueBefore: z.string().optional(),
  dueTold: z.string().optional(),
  found: z.record(z.string(), z.string()).optional(),
  attempts: z.number(),
  readable: z.boolean(),
  suggestion: z.string().optional(),
  history: z.array(
    z.object({
      what: z.string(),
      at: z.number(),
      rule: z.string().optional(),
      source: z.string().optional(),
      words: z.array(z.string()),
      due: z.string().optional(),
    }),
  ),
});

/** One transaction, whole. */
export function foundLines(answer: unknown): readonly string[] {
  const parsed = foundSchema.safeParse(answer);
  if (!parsed.success) return [notKnown];
  const { history, suggestion, readable, ...row } = parsed.data;
  const facts = [
    ['number', String(row.seq)],
    ['id', row.id],
    ['what', `${row.kind}, ${row.state}`],
    ['at', `${moment(row.at)} UTC (${row.zone})`],
    ['item', readable ? row.item : 'cannot be read: its key is gone'],
    ['card', row.patron ?? ''],
    ['due before', row.dueBefore ?? ''],
    ['due told', row.dueTold ?? ''],
    ['found', foundWords(row.found)],
    ['sent', `${row.attempts} times noted`],
  ] as const;
  return [
    ...facts.filter(([, value]) => value !== '').map(([name, value]) => `${name.padEnd(12)}${value}`),
    ...history.flatMap((step) => [
      `${moment(step.at)}  ${[step.what, step.rule, step.source].filter((part) => part !== undefined).join(', ')}`,
      ...step.words.map((words) => `    the library system: ${words}`),
      ...(step.due === undefined ? [] : [`    due: ${step.due}`]),
    ]),
    ...(suggestion === undefined ? [] : ['', `What to do: ${suggestion}`]),
  ];
}

/** How item and patron stood when the library system was asked last. */
function foundWords(found: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(found ?? {})
    .map(([what, how]) => `${what} ${what === 'card' ? how.split(' ').join(' + ') : how}`)
    .join(', ');
}

const auditSchema = z.array(
  z.object({
    seq: z.number(),
    at: z.number(),
    act: z.string(),
    subject: z.string().optional(),
    detail: z.string().optional(),
    by: z.string().optional(),
  }),
);

/** The acts of the audit log as a table. */
export function auditLines(answer: unknown): readonly string[] {
  const parsed = auditSchema.safeParse(answer);
  if (!parsed.success) return [notKnown];
  if (parsed.data.length === 0) return ['Nobody has done anything by hand yet.'];
  return tableLines(
    ['act', 'at (UTC)', 'by', 'what', 'detail', 'transaction'],
    parsed.data.map(({ seq, at, by, act, detail, subject }) => [
      String(seq),
      moment(at),
      by ?? '(cannot be read)',
      act,
      detail ?? '',
      subject ?? '',
    ]),
  );
}

export function moment(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 19);
}

export function tableLines(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [heads, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
