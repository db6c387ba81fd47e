import { parseArgs } from 'node:util';
import { deskRowsMax, listStates } from '../../../shared/desk.ts';
import { UsageError, type Command } from '../command.ts';
import { where, whereOptions } from '../station-address.ts';
import { journalLines } from '../told.ts';
import { atDesk } from './at-desk.ts';

const rowsDefault = '200';

export const journalList: Command = {
  name: 'journal list',
  synopsis: `journal list [--state STATE | --staff] [--limit N] ${where} [--json]`,
  summary: 'lists the newest transactions of a running station; --staff: those that staff must resolve',
  run(args, terminal) {
    const { state, staff, limit, json, ...place } = parseArgs({
      args: [...args],
      options: {
        ...whereOptions,
        state: { type: 'string' },
        staff: { type: 'boolean', default: false },
        limit: { type: 'string', default: rowsDefault },
        json: { type: 'boolean', default: false },
      },
    }).values;
    const wanted = staff ? 'staff' : listStates.find((one) => one === state);
    if (state !== undefined && (staff || wanted === undefined)) {
      throw new UsageError(`--state is one of ${listStates.join(', ')}; --staff is short for --state staff`);
    }
    const act = {
      do: 'list',
      ...(wanted === undefined ? {} : { state: wanted }),
      limit: rowLimit(limit),
    } as const;
    return atDesk({ where: place, act, terminal, json, tell: journalLines });
  },
};

/** A number of rows, as it was typed. */
export function rowLimit(typed: string): number {
  const limit = Number(typed);
  if (!/^\d+$/.test(typed) || limit < 1 || limit > deskRowsMax) {
    throw new UsageError(`--limit is a number from 1 to ${deskRowsMax}`);
  }
  return limit;
}
