import { join } from 'node:path';
import { FileKeyStore } from '../../src/journal/file-key-store.ts';
import { openJournal } from '../../src/journal/open-journal.ts';
import type { SqliteJournal } from '../../src/journal/sqlite-journal.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';

/** The journal of that folder, as the station opens it. */
export function openIn(directory: string): SqliteJournal {
  const keyStore = FileKeyStore.open(join(directory, 'keys.json'), systemRandom);
  if (!keyStore.ok) throw new Error(keyStore.error.reason);
  const opened = openJournal({
    directory,
    keyStore: keyStore.value,
    zone: 'Europe/Helsinki',
    random: systemRandom,
    now: () => Date.now(),
    log: silentLog,
  });
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value.journal;
}
