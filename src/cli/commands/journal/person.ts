import { parseArgs } from 'node:util';
import { z } from 'zod';
import { UsageError, type Command } from '../command.ts';
import { where, whereOptions } from '../station-address.ts';
import { journalLines, notKnown } from '../told.ts';
import { atDesk } from './at-desk.ts';

const options = {
  ...whereOptions,
  card: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

function read(args: readonly string[]) {
  const { card, json, ...place } = parseArgs({ args: [...args], options }).values;
  if (card === undefined || card === '') throw new UsageError('--card gives the card number');
  return { card, json, place };
}

const personSchema = z.object({
  transactions: z.array(z.unknown()),
  pinTries: z.number(),
  pinVerifier: z.boolean(),
});

export const journalPerson: Command = {
  name: 'journal person',
  synopsis: `journal person --card NUMBER ${where} [--json]`,
  summary:
    'tells what the station keeps about a card (a patron’s right of access); --json is the whole of it',
  run(args, terminal) {
    const { card, json, place } = read(args);
    const tell = (value: unknown): readonly string[] => {
      const person = personSchema.safeParse(value);
      if (!person.success) return [notKnown];
      const { transactions, pinTries, pinVerifier } = person.data;
      if (transactions.length === 0 && pinTries === 0 && !pinVerifier)
        return ['The station keeps nothing about this card.'];
      return [
        ...journalLines(transactions),
        `Wrong PINs that still count: ${pinTries}.`,
        ...(pinVerifier ? ['Its PIN can be checked while the library system is away.'] : []),
      ];
    };
    return atDesk({ where: place, act: { do: 'person', card }, terminal, json, tell });
  },
};

const erasedSchema = z.object({
  transactions: z.number(),
  unsettled: z.array(z.number()),
  traceless: z.boolean(),
});

export const journalErase: Command = {
  name: 'journal erase',
  synopsis: `journal erase --card NUMBER ${where} [--json]`,
  summary:
    'erases what the station keeps about a card and is settled; what is not settled stays and is named',
  run(args, terminal) {
    const { card, json, place } = read(args);
    const tell = (value: unknown): readonly string[] => {
      const erased = erasedSchema.safeParse(value);
      if (!erased.success) return [notKnown];
      const { transactions, unsettled, traceless } = erased.data;
      return [
        `${transactions} transactions are erased.`,
        ...(unsettled.length === 0
          ? []
          : [
              `Not settled, and kept until they are: ${unsettled.join(', ')}. Resolve them, and erase again.`,
            ]),
        ...(traceless ? [] : ['Somebody reads the file at the moment: old pages go with the next purge.']),
      ];
    };
    return atDesk({ where: place, act: { do: 'erase', card }, terminal, json, tell });
  },
};
