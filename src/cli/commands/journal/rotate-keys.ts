import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Command } from '../command.ts';
import { where, whereOptions } from '../station-address.ts';
import { notKnown } from '../told.ts';
import { atDesk } from './at-desk.ts';

const rotatedSchema = z.object({
  resealed: z.number(),
  unreadable: z.number(),
  destroyed: z.number(),
  oldKeysKept: z.string().optional(),
});

export const journalRotateKeys: Command = {
  name: 'journal rotate-keys',
  synopsis: `journal rotate-keys ${where} [--json]`,
  summary:
    'seals the journal anew under a new key and destroys the old one; copies that lie elsewhere can’t be read with it then',
  run(args, terminal) {
    const { json, ...place } = parseArgs({
      args: [...args],
      options: { ...whereOptions, json: { type: 'boolean', default: false } },
    }).values;
    const tell = (value: unknown): readonly string[] => {
      const rotated = rotatedSchema.safeParse(value);
      if (!rotated.success) return [notKnown];
      const { resealed, unreadable, destroyed, oldKeysKept } = rotated.data;
      return [
        `${resealed} values are sealed under a new key.`,
        ...(unreadable === 0 ? [] : [`${unreadable} could not be opened: their key is gone.`]),
        oldKeysKept === undefined
          ? `${destroyed} old keys are destroyed.`
          : `The old keys are kept for now: ${oldKeysKept}.`,
      ];
    };
    return atDesk({ where: place, act: { do: 'rotateKeys' }, terminal, json, tell });
  },
};
