import { status } from './commands/ask.ts';
import { rfidRelease, rfidSecure } from './commands/rfid/security.ts';
import { rfidWatch } from './commands/rfid/watch.ts';
import { rfidWrite } from './commands/rfid/write.ts';
import { exits, UsageError, type Command, type Exit, type Terminal } from './commands/command.ts';
import { configCheck } from './commands/config-check.ts';
import { deviceCard } from './commands/device-card.ts';
import { deviceList } from './commands/device-list.ts';
import { devicePrint } from './commands/device-print.ts';
import { deviceRelay } from './commands/device-relay.ts';
import { deviceScan } from './commands/device-scan.ts';
import { probe } from './commands/probe.ts';
import { sip } from './commands/sip.ts';
import { journalAudit, journalVerify } from './commands/journal/audit.ts';
import { journalExport } from './commands/journal/export.ts';
import { journalList } from './commands/journal/list.ts';
import { journalCopy, journalRestore } from './commands/journal/copy.ts';
import { journalRotateKeys } from './commands/journal/rotate-keys.ts';
import { journalSalvaged } from './commands/journal/salvaged.ts';
import { journalErase, journalPerson } from './commands/journal/person.ts';
import { journalRefusals } from './commands/journal/refusals.ts';
import { journalTags } from './commands/journal/tags.ts';
import { journalResolve, journalRetry, journalShow } from './commands/journal/one.ts';

/** The `omatoimi` command: what a technician does by hand. */
const commands: readonly Command[] = [
  configCheck,
  deviceCard,
  deviceList,
  devicePrint,
  deviceRelay,
  deviceScan,
  rfidWatch,
  rfidWrite,
  rfidSecure,
  rfidRelease,
  journalList,
  journalShow,
  journalRetry,
  journalResolve,
  journalTags,
  journalRefusals,
  journalExport,
  journalPerson,
  journalErase,
  journalRotateKeys,
  journalCopy,
  journalRestore,
  journalSalvaged,
  journalAudit,
  journalVerify,
  probe,
  sip,
  status,
];

const usage = [
  'omatoimi: a library’s self-service station, by hand',
  '',
  ...commands.map(({ synopsis, summary }) => `  omatoimi ${synopsis}\n      ${summary}`),
].join('\n');

async function main(args: readonly string[], terminal: Terminal): Promise<Exit> {
  if (args.length === 0 || args[0] === 'help' || args[0] === '--help') {
    terminal.out(usage);
    return args.length === 0 ? exits.usage : exits.fine;
  }
  const command = commands.find(({ name }) => name === args.slice(0, name.split(' ').length).join(' '));
  if (command === undefined) {
    terminal.err(`There is no command “${args.join(' ')}”.\n\n${usage}`);
    return exits.usage;
  }
  try {
    return await command.run(args.slice(command.name.split(' ').length), terminal);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    terminal.err(`${error.message}.\n\n  omatoimi ${command.synopsis}`);
    return exits.usage;
  }
}

/** Ours, or one of Node's own `parseArgs`. */
function isUsageError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error instanceof UsageError || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
}

const stops: (() => void)[] = [];
let unread = false;
// Who reads it (head, less) has had enough. What was begun, a loan of a probe say, is still brought to its end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  unread = true;
  for (const stop of stops.splice(0)) stop();
});

process.exitCode = await main(process.argv.slice(2), {
  out: (line) => void (unread || process.stdout.write(`${line}\n`)),
  err: (line) => void process.stderr.write(`${line}\n`),
  onStop(stop) {
    stops.push(stop);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  },
});
