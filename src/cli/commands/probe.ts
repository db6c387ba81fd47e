import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../kernel/clock.ts';
import { profileNames } from '../../sip2/profiles/built-in.ts';
import { localDateIn } from '../../station/core-settings.ts';
import { pinVariable, secretFrom, targetOf, targetOptions, targetSynopsis } from '../acs-target.ts';
import { profileOf, reportOf } from '../probe/report.ts';
import { runProbe } from '../probe/run.ts';
import { exits, UsageError, type Command } from './command.ts';

export const probe: Command = {
  name: 'probe',
  synopsis: `probe ${targetSynopsis} --patron CARD --item ID … [--borrow] [--wrong-pin] [--no-pin] [--profile NAME] [--timeout SECONDS] [--out FOLDER]`,
  summary:
    'asks a library system what it can do, with a test patron and test items; changes nothing unless --borrow lends, renews and returns one of them; writes a report and a profile',
  async run(args, terminal) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...targetOptions,
        patron: { type: 'string' },
        item: { type: 'string', multiple: true, default: [] },
        borrow: { type: 'boolean', default: false },
        'wrong-pin': { type: 'boolean', default: false },
        'no-pin': { type: 'boolean', default: false },
        profile: { type: 'string', default: 'generic' },
        out: { type: 'string', default: '.' },
      },
    });
    const { patron, item, borrow, profile, out } = values;
    if (patron === undefined || item.length === 0) {
      throw new UsageError('--patron names a test card, and --item one or more test items');
    }
    if (!profileNames.some((name) => name === profile)) {
      throw new UsageError(`--profile is one of ${profileNames.join(', ')}`);
    }
    const target = await targetOf(values);
    const pin = values['no-pin'] ? undefined : await secretFrom(pinVariable, 'PIN of the test patron: ');
    if (pin === undefined && !values['no-pin']) {
      throw new UsageError(
        `the PIN is asked for on a terminal, or stands in ${pinVariable}; --no-pin goes without`,
      );
    }
    const about = {
      day: localDateIn(target.timeZone)(systemClock.now()),
      system: target.name,
      inherits: profile,
      borrowed: borrow,
    };
    const settings = { ...target, card: patron, pin, items: item, borrow, wrongPin: values['wrong-pin'] };
    const probed = await runProbe(settings, target.open, systemClock, (step) => terminal.err(`… ${step}`));
    pin?.fill(0);
    target.login?.password.fill(0);
    const report = reportOf(probed, about);
    terminal.out(report);
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'probe-report.md'), report);
    if (probed.stopped !== undefined) return exits.failed;
    const file = join(out, 'probed-profile.json');
    writeFileSync(file, `${JSON.stringify(profileOf(probed, about), undefined, 2)}\n`);
    terminal.out(`The profile is in ${file}: acs.profileFile in the station's configuration names it.`);
    return exits.fine;
  },
};
