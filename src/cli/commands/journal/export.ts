import { parseArgs } from 'node:util';
import { z } from 'zod';
import manifest from '../../../../package.json' with { type: 'json' };
import { exportFormats } from '../../../journal/exports/formats.ts';
import type { ExportRow } from '../../../journal/exports/export-row.ts';
import { err, ok, type Result } from '../../../kernel/result.ts';
import { exportNames, exportPageRows, type DeskAct } from '../../../shared/desk.ts';
import { loadConfig } from '../../../station/config/load.ts';
import { openLocalSocket } from '../../../station/socket-connect.ts';
import { encryptFor, recipientPattern } from '../../../journal/age.ts';
import { askDesk } from '../../ask-station.ts';
import { exits, UsageError, type Command, type Exit, type Terminal } from '../command.ts';
import { socketOf, where, whereOptions, type Where } from '../station-address.ts';
import { accountName } from './at-desk.ts';
import { writeNew } from './new-file.ts';

/** Pages after which something is wrong: 20 million transactions. */
const pagesMax = 100_000;

const options = {
  ...whereOptions,
  format: { type: 'string' },
  out: { type: 'string' },
  to: { type: 'string' },
  clear: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  take: { type: 'boolean', default: false },
} as const;

export const journalExport: Command = {
  name: 'journal export',
  synopsis: `journal export --format ${exportNames.join('|')} --out FILE [--to AGE-KEY | --clear] [--all] [--take] ${where}`,
  summary:
    'writes unsettled transactions (--all: every one) into a file for the library system, encrypted for the library’s public key (data.libraryKey, or --to); --take: the station lets go of them, so that none is sent twice',
  run(args, terminal) {
    const { format, out, to, clear, all, take, ...place } = parseArgs({ args: [...args], options }).values;
    const known = exportNames.find((one) => one === format);
    if (known === undefined) throw new UsageError(`--format is one of ${exportNames.join(', ')}`);
    if (out === undefined) throw new UsageError('--out names the file to write');
    if (all && take) throw new UsageError('--take is for what is not settled, and not for all');
    if (clear && to !== undefined) throw new UsageError('--clear and --to exclude each other');
    const key = clear ? undefined : (to ?? libraryKeyOf(place));
    if (!clear && key === undefined) {
      throw new UsageError(
        'the file would hold card numbers: give the library’s public key (data.libraryKey in --config, or --to), or say --clear',
      );
    }
    if (key !== undefined && !recipientPattern.test(key))
      throw new UsageError('the public key begins with age1');
    return exportTo({ place, out, format: known, key, states: all ? 'all' : 'unsettled', take }, terminal);
  },
};

function libraryKeyOf({ config }: Where): string | undefined {
  if (config === undefined) return undefined;
  const loaded = loadConfig(config);
  return loaded.ok ? loaded.value.data.libraryKey : undefined;
}

interface Order {
  readonly place: Where;
  readonly out: string;
  readonly format: (typeof exportNames)[number];
  readonly key: string | undefined;
  readonly states: 'unsettled' | 'all';
  readonly take: boolean;
}

async function exportTo(order: Order, terminal: Terminal): Promise<Exit> {
  const socket = socketOf(order.place, terminal);
  if (socket === undefined) return exits.failed;
  const fail = (sentence: string): Exit => {
    terminal.err(sentence);
    return exits.failed;
  };
  const read = await readAll(socket, order);
  if (!read.ok) return fail(`${socket}: ${read.error}.`);
  const { rows, unreadable } = read.value;
  const made = exportFormats[order.format].make(rows, manifest.version);
  const plain = Buffer.from(made.text, 'utf8');
  const content = order.key === undefined ? ok(plain) : await encryptFor(order.key, plain);
  if (!content.ok) return fail(`${content.error}.`);
  const written = writeNew(order.out, content.value);
  if (!written.ok) return fail(`${order.out}: ${written.error}.`);
  terminal.out(
    `${made.written.length} transactions are in ${order.out}${order.key === undefined ? ', IN CLEAR' : ''}.`,
  );
  for (const { seq, why } of made.left) terminal.out(`Transaction ${seq} is not in it: ${why}.`);
  for (const seq of unreadable) terminal.out(`Transaction ${seq} is not in it: its key is gone.`);
  return order.take ? takeAll(socket, made.written, terminal) : exits.fine;
}

const pageSchema = z.object({
  rows: z.array(z.unknown()),
  unreadable: z.array(z.number()),
  next: z.number().optional(),
});

interface ReadAll {
  readonly rows: readonly ExportRow[];
  readonly unreadable: readonly number[];
}

async function readAll(socket: string, { format, states }: Order): Promise<Result<ReadAll, string>> {
  const rows: ExportRow[] = [];
  const unreadable: number[] = [];
  let after = 0;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const page = await atDesk(socket, { do: 'export', format, states, after });
    if (!page.ok) return page;
    const parsed = pageSchema.safeParse(page.value);
    if (!parsed.success) return err('the station answers in a form that this program does not know');
    // The station of this program makes these rows (src/station/desk/exporting.ts).
    rows.push(...(parsed.data.rows as ExportRow[]));
    unreadable.push(...parsed.data.unreadable);
    if (parsed.data.next === undefined) return ok({ rows, unreadable });
    after = parsed.data.next;
  }
  return err('the journal has no end');
}

/** The file lies safely on the disk; now the station lets go of what is in it. */
async function takeAll(socket: string, written: readonly number[], terminal: Terminal): Promise<Exit> {
  const taken = new Set<number>();
  for (let from = 0; from < written.length; from += exportPageRows) {
    const transactions = written.slice(from, from + exportPageRows);
    const answer = await atDesk(socket, { do: 'take', transactions });
    if (!answer.ok) {
      terminal.err(
        `${socket}: ${answer.error}. Do NOT load the file: the station still holds these transactions.`,
      );
      return exits.failed;
    }
    const told = z.object({ taken: z.array(z.number()) }).safeParse(answer.value);
    for (const seq of told.success ? told.data.taken : []) taken.add(seq);
  }
  const kept = written.filter((seq) => !taken.has(seq));
  terminal.out(`The station has let go of ${taken.size} of them.`);
  if (kept.length === 0) return exits.fine;
  terminal.err(
    `It keeps ${kept.join(', ')}: they may have been sent already. Take their lines out of the file before it is loaded.`,
  );
  return exits.failed;
}

function atDesk(socket: string, act: DeskAct): Promise<Result<unknown, string>> {
  return askDesk(openLocalSocket(socket), { by: accountName(), act });
}
