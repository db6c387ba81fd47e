import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { systemRandom } from '../../../kernel/random.ts';
import { restoreKeys } from '../../../journal/restore-keys.ts';
import { restoreJournal } from '../../../journal/restore.ts';
import { loadConfig } from '../../../station/config/load.ts';
import { problemSentence } from '../../../station/config/problems.ts';
import { guardForCommand } from '../../../station/open-keys.ts';
import { exits, UsageError, type Command, type Exit } from '../command.ts';
import { where, whereOptions } from '../station-address.ts';
import { statusLines } from '../told.ts';
import { accountName, atDesk } from './at-desk.ts';

export const journalCopy: Command = {
  name: 'journal copy',
  synopsis: `journal copy ${where} [--json]`,
  summary: 'has the journal copied to the folder of data.copy now; `omatoimi status` tells what came of it',
  run(args, terminal) {
    const { json, ...place } = parseArgs({
      args: [...args],
      options: { ...whereOptions, json: { type: 'boolean', default: false } },
    }).values;
    return atDesk({ where: place, act: { do: 'copy' }, terminal, json, tell: statusLines });
  },
};

export const journalRestore: Command = {
  name: 'journal restore',
  synopsis: 'journal restore --from DIR --config FILE [--identity KEYFILE] [--replace | --keys]',
  summary:
    'puts a copy in the place of the journal while the station is stopped; --identity is the library’s private key (age), needed on a new disk; --keys takes nothing but the keys, where the device key was lost and the journal is whole',
  async run(args, terminal): Promise<Exit> {
    const { from, config, identity, replace, keys } = parseArgs({
      args: [...args],
      options: {
        from: { type: 'string' },
        config: { type: 'string' },
        identity: { type: 'string' },
        replace: { type: 'boolean', default: false },
        keys: { type: 'boolean', default: false },
      },
    }).values;
    if (from === undefined || config === undefined) throw new UsageError('--from and --config are needed');
    if (keys && (replace || identity === undefined))
      throw new UsageError('--keys needs --identity, and replaces nothing else');
    const loaded = loadConfig(config);
    if (!loaded.ok) {
      for (const problem of loaded.error) terminal.err(problemSentence(problem));
      return exits.failed;
    }
    const guard = await guardForCommand(loaded.value, { clock: systemClock, log: silentLog });
    if (!guard.ok) {
      terminal.err(`Nothing was restored: ${guard.error}.`);
      return exits.failed;
    }
    const order = {
      data: loaded.value.data.directory,
      from,
      identities: identity === undefined ? undefined : readKeyFile(identity),
      replace,
      guard: guard.value,
      by: accountName(),
      zone: loaded.value.library.timeZone,
      random: systemRandom,
      now: systemClock.now(),
    };
    const { identities } = order;
    if (keys && identities !== undefined) {
      const put = await restoreKeys({ ...order, identities });
      if (!put.ok) {
        terminal.err(`Nothing was restored: ${put.error}.`);
        return exits.failed;
      }
      terminal.out('The journal opens with the keys of the copy; nothing else was changed.');
      return exits.fine;
    }
    const restored = await restoreJournal(order);
    if (!restored.ok) {
      terminal.err(`Nothing was restored: ${restored.error}.`);
      return exits.failed;
    }
    const { copiedAt, unsettled, staff, aside } = restored.value;
    terminal.out(`The journal is as it was at ${new Date(copiedAt).toISOString()}.`);
    terminal.out(
      `Not settled: ${unsettled}; the station asks about each before it sends anything. On the staff list: ${staff}.`,
    );
    if (aside !== undefined) terminal.out(`The journal that was there is now ${aside}.`);
    terminal.out(
      'What happened after that moment is not in it: look at the library system’s own list of that time.',
    );
    return exits.fine;
  },
};

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`the key file ${file} cannot be read`);
  }
}
