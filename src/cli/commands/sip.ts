import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { systemClock } from '../../kernel/clock.ts';
import { dialectOf } from '../../sip2/dialect.ts';
import { pinVariable, targetOf, targetOptions, targetSynopsis } from '../acs-target.ts';
import { Keyboard } from '../secret.ts';
import { converse, SipConsole } from '../sip/console.ts';
import { completions } from '../sip/line.ts';
import { exits, UsageError, type Command } from './command.ts';

/** Earlier lines that the arrow keys bring back. They may hold card numbers, so they are never written down. */
const historyLines = 200;

export const sip: Command = {
  name: 'sip',
  synopsis: `sip ${targetSynopsis} [--charset NAME] [--terminator CR|CRLF] [--no-checksum]`,
  summary: 'a console to a library system: requests by hand, both sides in words, secrets unseen',
  async run(args, terminal) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...targetOptions,
        charset: { type: 'string', default: 'utf-8' },
        terminator: { type: 'string', default: 'CR' },
        'no-checksum': { type: 'boolean', default: false },
      },
    });
    const { charset, terminator } = values;
    if (terminator !== 'CR' && terminator !== 'CRLF') throw new UsageError('--terminator is CR or CRLF');
    const dialect = dialectOf({ charset, terminator });
    if (!dialect.ok) throw new UsageError(`--charset: there is no character set ${charset}`);
    const target = await targetOf(values);
    let keyboard: Keyboard | undefined;
    const console = new SipConsole({
      ...target,
      clock: systemClock,
      dialect: dialect.value,
      errorDetection: !values['no-checksum'],
      out: (line) => terminal.out(line),
      secret: (id) => secretOf(id, keyboard),
    });
    terminal.out(`${target.name}. “help” tells what can be asked.`);
    const reached = await console.connect();
    if (!reached) return exits.failed;
    if (process.stdin.isTTY)
      keyboard = new Keyboard(process.stdin, (text) => void process.stdout.write(text));
    const lines = createInterface({
      input: keyboard?.lines ?? process.stdin,
      output: process.stdout,
      terminal: keyboard !== undefined,
      completer: completions,
      historySize: historyLines,
      removeHistoryDuplicates: true,
    });
    lines.on('SIGINT', () => lines.close());
    await converse(console, lines);
    keyboard?.close();
    target.login?.password.fill(0);
    return exits.fine;
  },
};

/** A PIN from the environment, or any secret from the keyboard. */
function secretOf(id: string, keyboard: Keyboard | undefined): Promise<Uint8Array | undefined> {
  const given = id === 'AD' ? process.env[pinVariable] : undefined;
  if (given !== undefined) return Promise.resolve(Buffer.from(given, 'utf8'));
  return keyboard?.secret(`${id}: `) ?? Promise.resolve(undefined);
}
