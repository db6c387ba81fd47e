import { parseArgs } from 'node:util';
import { z } from 'zod';
import manifest from '../../../../package.json' with { type: 'json' };
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { systemRandom } from '../../../kernel/random.ts';
import { encryptFor } from '../../../journal/age.ts';
import type { ExportRow } from '../../../journal/exports/export-row.ts';
import { exportFormats } from '../../../journal/exports/formats.ts';
import { readExport } from '../../../journal/salvage.ts';
import { exportNames } from '../../../shared/desk.ts';
import { loadConfig } from '../../../station/config/load.ts';
import { guardForCommand, openKeys } from '../../../station/open-keys.ts';
import { exits, UsageError, type Command, type Exit } from '../command.ts';
import { writeNew } from './new-file.ts';

/** What a sealed export holds of each transaction; one whose own seal did not open has neither item nor card. */
const salvagedSchema = z.looseObject({
  seq: z.number(),
  id: z.string(),
  kind: z.enum(['checkout', 'checkin', 'renew', 'hold', 'fee']),
  state: z.enum([
    'intended',
    'uncertain',
    'waiting',
    'accepted',
    'refused',
    'withdrawn',
    'staff',
    'resolved',
  ]),
  at: z.number(),
  zone: z.string(),
  item: z.string(),
  patron: z.string().optional(),
  due: z.string().optional(),
  dueTold: z.string().optional(),
  rule: z.string().optional(),
  words: z.array(z.string()),
});

export const journalSalvaged: Command = {
  name: 'journal salvaged',
  synopsis: `journal salvaged FILE --config FILE --format ${exportNames.join('|')} --out FILE [--clear]`,
  summary:
    'turns what could be read of a damaged journal (journal.damaged-….export) into a file for people or the library system, encrypted for data.libraryKey',
  async run(args, terminal): Promise<Exit> {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        format: { type: 'string' },
        out: { type: 'string' },
        clear: { type: 'boolean', default: false },
      },
    });
    const [file, ...more] = positionals;
    const format = exportNames.find((one) => one === values.format);
    const { config, out } = values;
    if (
      file === undefined ||
      more.length > 0 ||
      config === undefined ||
      out === undefined ||
      format === undefined
    ) {
      throw new UsageError('one export, --config, --format and --out are needed');
    }
    const fail = (sentence: string): Exit => {
      terminal.err(sentence);
      return exits.failed;
    };
    const loaded = loadConfig(config);
    if (!loaded.ok) return fail(`${config} is no right configuration; omatoimi config check tells why.`);
    const { libraryKey } = loaded.value.data;
    if (libraryKey === undefined && !values.clear)
      return fail('It holds card numbers: configure data.libraryKey, or say --clear.');
    const guard = await guardForCommand(loaded.value, { clock: systemClock, log: silentLog });
    if (!guard.ok) return fail(`The keys cannot be used: ${guard.error}.`);
    const keys = openKeys(loaded.value, guard.value);
    if (!keys.ok) return fail(keys.error);
    const read = readExport(file, keys.value, systemRandom);
    if (!read.ok) return fail(`${file} cannot be read: it is no sealed export, or its key is gone.`);
    const rows = read.value.flatMap((one): ExportRow[] => {
      const { patron, dueTold, due, rule, ...row } = salvagedSchema.parse(one);
      return [{ ...row, card: patron, due: dueTold ?? due, rule }];
    });
    const made = exportFormats[format].make(rows, manifest.version);
    const plain = Buffer.from(made.text, 'utf8');
    const content =
      values.clear || libraryKey === undefined ? undefined : await encryptFor(libraryKey, plain);
    if (content?.ok === false) return fail(`${content.error}.`);
    const written = writeNew(out, content?.value ?? plain);
    if (!written.ok) return fail(`${out}: ${written.error}.`);
    terminal.out(
      `${made.written.length} transactions are in ${out}${content === undefined ? ', IN CLEAR' : ''}.`,
    );
    for (const { seq, why } of made.left) terminal.out(`Transaction ${seq} is not in it: ${why}.`);
    return exits.fine;
  },
};
