import { silentLog } from '../../../src/kernel/log.ts';
import { systemRandom } from '../../../src/kernel/random.ts';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import { FileKeyStore } from '../../../src/journal/file-key-store.ts';
import { openJournal } from '../../../src/journal/open-journal.ts';
import type { SqliteJournal } from '../../../src/journal/sqlite-journal.ts';
import { join } from 'node:path';

/** For tests and the processes that they kill: the whole store of a folder, as a station has it. */
export function open(directory: string): SqliteJournal {
  const keyStore = FileKeyStore.open(join(directory, 'keys.json'), systemRandom);
  if (!keyStore.ok) throw new Error(JSON.stringify(keyStore.error));
  const opened = openJournal({
    directory,
    keyStore: keyStore.value,
    zone: 'Europe/Helsinki',
    random: systemRandom,
    now: () => 1_000,
    log: silentLog,
    reserveBytes: 65_536,
  });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value.journal;
}

export function numberedId(number: number): TransactionId {
  return number.toString(16).padStart(32, '0') as TransactionId;
}

/** One commit of a checkout's beginning and, of the one before, its end. */
export function write(journal: SqliteJournal, number: number): ReturnType<SqliteJournal['commit']> {
  const id = numberedId(number);
  return journal.commit([
    {
      row: 'begin',
      id,
      kind: 'checkout',
      state: 'intended',
      item: `item-${number}`,
      patron: 'card',
      at: number,
    },
    { row: 'attempt', id, at: number },
    ...(number === 1
      ? []
      : [
          {
            row: 'move' as const,
            id: numberedId(number - 1),
            to: 'accepted' as const,
            at: number,
            words: ['ok'],
          },
        ]),
  ]);
}
