import { parseArgs } from 'node:util';
import { z } from 'zod';
import { missingByRule } from '../../../station/core/tag-seen.ts';
import { UsageError, type Command } from '../command.ts';
import { where, whereOptions } from '../station-address.ts';
import { moment, notKnown, tableLines } from '../told.ts';
import { atDesk } from './at-desk.ts';

const tagsSchema = z.array(
  z.object({
    id: z.string(),
    aim: z.enum(['unlock', 'lock']),
    at: z.number(),
    item: z.string(),
    uids: z.array(z.string()),
    rule: z.string().optional(),
    suggestion: z.string(),
  }),
);

/** Items whose security did not follow their loan or return. */
function tagLines(answer: unknown): readonly string[] {
  const parsed = tagsSchema.safeParse(answer);
  if (!parsed.success) return [notKnown];
  if (parsed.data.length === 0) return ['The security of no tag waits for staff.'];
  const table = tableLines(
    ['id', 'at (UTC)', 'security is', 'item', 'tags', 'rule'],
    parsed.data.map(({ id, at, aim, item, uids, rule }) => [
      id,
      moment(at),
      aim === 'unlock' ? 'still on' : missingByRule(rule) === undefined ? 'still off' : 'on, not whole',
      item,
      uids.join(' '),
      rule ?? '',
    ]),
  );
  return [...table, '', ...parsed.data.map(({ id, suggestion }) => `${id}: ${suggestion}`)];
}

export const journalTags: Command = {
  name: 'journal tags',
  synopsis: `journal tags [--resolve ID] ${where} [--json]`,
  summary:
    'lists items that are lent and locked, or taken back and not secured; --resolve: staff have put it right',
  run(args, terminal) {
    const { resolve, json, ...place } = parseArgs({
      args: [...args],
      options: {
        ...whereOptions,
        resolve: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    }).values;
    if (resolve === undefined)
      return atDesk({ where: place, act: { do: 'tags' }, terminal, json, tell: tagLines });
    if (!/^[0-9a-f]{32}$/.test(resolve)) throw new UsageError('tags are named by the id of the list');
    const act = { do: 'resolveTags', transaction: resolve } as const;
    return atDesk({ where: place, act, terminal, json, tell: () => ['It is off the staff list.'] });
  },
};
