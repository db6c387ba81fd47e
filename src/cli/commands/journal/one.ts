import { parseArgs } from 'node:util';
import { resolveNotes, type DeskAct } from '../../../shared/desk.ts';
import { UsageError, type Command, type Exit, type Terminal } from '../command.ts';
import { where, whereOptions } from '../station-address.ts';
import { foundLines } from '../told.ts';
import { atDesk } from './at-desk.ts';

type Named = Extract<DeskAct, { readonly do: 'show' }>['transaction'];

export const journalShow: Command = {
  name: 'journal show',
  synopsis: `journal show NUMBER ${where} [--json]`,
  summary:
    'tells all that the journal knows of one transaction: the library system’s words, its history, what to do',
  run: (args, terminal) =>
    oneTransaction(args, terminal, (transaction) => ({ do: 'show', transaction }), foundLines),
};

export const journalRetry: Command = {
  name: 'journal retry',
  synopsis: `journal retry NUMBER ${where} [--json]`,
  summary:
    'takes a transaction off the staff list and back into work; the station asks what is true before it sends anything',
  run: (args, terminal) =>
    oneTransaction(
      args,
      terminal,
      (transaction) => ({ do: 'retry', transaction }),
      () => ['The station works on it again. What becomes of it stands in the list under a new number.'],
    ),
};

export const journalResolve: Command = {
  name: 'journal resolve',
  synopsis: `journal resolve NUMBER --note ${resolveNotes.join('|')} ${where} [--json]`,
  summary: 'takes a transaction off the staff list for good',
  run(args, terminal) {
    const { note } = parseArgs({ args: [...args], options, allowPositionals: true }).values;
    const known = resolveNotes.find((one) => one === note);
    if (known === undefined) throw new UsageError(`--note is one of ${resolveNotes.join(', ')}`);
    return oneTransaction(
      args,
      terminal,
      (transaction) => ({ do: 'resolve', transaction, note: known }),
      () => ['It is off the staff list.'],
    );
  },
};

const options = {
  ...whereOptions,
  note: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

function oneTransaction(
  args: readonly string[],
  terminal: Terminal,
  act: (transaction: Named) => DeskAct,
  tell: (value: unknown) => readonly string[],
): Promise<Exit> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const { json, note: _, ...place } = values;
  return atDesk({ where: place, act: act(named(positionals)), terminal, json, tell });
}

/** A number of the list, or an id. */
function named(positionals: readonly string[]): Named {
  const [typed, ...more] = positionals;
  if (typed === undefined || more.length > 0)
    throw new UsageError('name one transaction, by its number in the list');
  if (/^[0-9a-f]{32}$/.test(typed)) return typed;
  if (!/^[1-9]\d{0,14}$/.test(typed))
    throw new UsageError('a transaction is named by its number in the list');
  return Number(typed);
}
