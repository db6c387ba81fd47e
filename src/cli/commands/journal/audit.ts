import { parseArgs } from 'node:util';
import { z } from 'zod';
import { exits, type Command } from '../command.ts';
import { where, whereOptions } from '../station-address.ts';
import { auditLines, notKnown } from '../told.ts';
import { atDesk } from './at-desk.ts';
import { rowLimit } from './list.ts';

export const journalAudit: Command = {
  name: 'journal audit',
  synopsis: `journal audit [--limit N] ${where} [--json]`,
  summary: 'lists who looked at the journal and changed it by hand',
  run(args, terminal) {
    const { limit, json, ...place } = parseArgs({
      args: [...args],
      options: {
        ...whereOptions,
        limit: { type: 'string', default: '100' },
        json: { type: 'boolean', default: false },
      },
    }).values;
    const act = { do: 'audit', limit: rowLimit(limit) } as const;
    return atDesk({ where: place, act, terminal, json, tell: auditLines });
  },
};

export const journalVerify: Command = {
  name: 'journal verify',
  synopsis: `journal verify ${where} [--json]`,
  summary: 'tells whether the audit log is whole; its exit code is 1 when it is not',
  async run(args, terminal) {
    const { json, ...place } = parseArgs({
      args: [...args],
      options: { ...whereOptions, json: { type: 'boolean', default: false } },
    }).values;
    let whole = false;
    const tell = (value: unknown): readonly string[] => {
      const verdict = verdictSchema.safeParse(value);
      whole = verdict.success && verdict.data.whole;
      if (json) return [JSON.stringify(value, undefined, 2)];
      if (!verdict.success) return [notKnown];
      return [
        verdict.data.whole
          ? `The audit log is whole: ${verdict.data.entries} acts.`
          : `The audit log is NOT whole from act ${verdict.data.brokenAt} on: ${verdict.data.reason}.`,
      ];
    };
    const ended = await atDesk({ where: place, act: { do: 'verify' }, terminal, tell });
    return ended === exits.fine && !whole ? exits.failed : ended;
  },
};

const verdictSchema = z.discriminatedUnion('whole', [
  z.object({ whole: z.literal(true), entries: z.number() }),
  z.object({ whole: z.literal(false), brokenAt: z.number(), reason: z.string() }),
]);
