import type { Log } from '../../kernel/log.ts';
import type { UtcMillis } from '../../kernel/clock.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { HandlingNote } from '../../journal/handling-note.ts';
import { deathsMax } from '../../journal/set-aside.ts';
import type { SqliteJournal } from '../../journal/sqlite-journal.ts';
import type { StationConfig } from '../config/schema.ts';

/** By which name the journal knows the library system: another one has other cards, items and loans. */
export function acsIdentity({ acs, library }: StationConfig): string {
  return `${acs.host.toLowerCase()}:${acs.port} ${library.institutionId}`;
}

/** A transaction that ended the process three times is set aside for staff, before anything else is done. */
export function setAsideDeadly(
  journal: SqliteJournal,
  note: Pick<HandlingNote, 'read' | 'write'>,
  now: UtcMillis,
  log: Log,
): void {
  const transaction = note.read();
  if (transaction === undefined) return;
  const count = journal.noteDeath(transaction);
  note.write(undefined);
  log.write('warning', 'station.diedOn', { transaction, count });
  if (count < deathsMax) return;
  journal.setAside('stoppedStation', now, transaction);
  log.write('error', 'station.setAside', { transaction, count });
}

/**
 * Open transactions are for the library system that they were made with. Under another one they are refused, unless the
 * configuration says that it is the same library under a new address, or that staff take them. The error is a sentence.
 */
export function holdToAcs(
  journal: SqliteJournal,
  config: StationConfig,
  now: UtcMillis,
): Result<undefined, string> {
  const identity = acsIdentity(config);
  const known = journal.knownAcs();
  const open = journal.open().length;
  if (known !== undefined && known !== identity && open > 0) {
    const formerly = config.acs.formerly.find((one) => one.acs === known);
    if (formerly === undefined) return err(changedSentence(known, identity, open));
    if (formerly.waiting === 'staff') journal.setAside('acs.changed', now);
  }
  if (known !== identity) journal.nameAcs(identity);
  return ok(undefined);
}

function changedSentence(known: string, identity: string, open: number): string {
  return (
    `${open} transactions in the journal are not settled yet, and they are for the ACS "${known}"; the configuration names "${identity}". ` +
    'Let the station settle them with its old configuration first. If that ACS is gone, add it to acs.formerly: ' +
    'with "waiting: send" when the same cards and items are known at the new one, or with "waiting: staff" to put them on the staff list and export them.'
  );
}
