import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Command } from '../command.ts';
import { where, whereOptions } from '../station-address.ts';
import { moment, notKnown, tableLines } from '../told.ts';
import { atDesk } from './at-desk.ts';

const refusalsSchema = z.array(
  z.object({
    rule: z.string(),
    source: z.enum(['acs', 'station']),
    count: z.number(),
    first: z.number(),
    last: z.number(),
  }),
);

/** The rules by which patrons were refused, the station’s own told apart. */
export function refusalLines(answer: unknown): readonly string[] {
  const parsed = refusalsSchema.safeParse(answer);
  if (!parsed.success) return [notKnown];
  if (parsed.data.length === 0) return ['Nobody was refused.'];
  return tableLines(
    ['refused by', 'rule', 'times', 'first (UTC)', 'last (UTC)'],
    parsed.data.map(({ rule, source, count, first, last }) => [
      source === 'station' ? 'the station' : 'the library system',
      rule,
      String(count),
      moment(first),
      moment(last),
    ]),
  );
}

export const journalRefusals: Command = {
  name: 'journal refusals',
  synopsis: `journal refusals ${where} [--json]`,
  summary: 'tells by which rules patrons were refused, how often and by whom; of nobody in particular',
  run(args, terminal) {
    const options = { ...whereOptions, json: { type: 'boolean', default: false } } as const;
    const { json, ...place } = parseArgs({ args: [...args], options }).values;
    return atDesk({ where: place, act: { do: 'refusals' }, terminal, json, tell: refusalLines });
  },
};
