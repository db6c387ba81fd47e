import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { SqliteJournal } from '../../journal/sqlite-journal.ts';
import type { StationConfig } from '../config/schema.ts';
import type { Loop } from '../loop.ts';
import { httpsText } from './https-text.ts';
import { NotLentLists } from './lists.ts';

/** The lists of what must not be lent while the library system is away; undefined where the library has none. */
export function listsOf(
  config: StationConfig,
  journal: SqliteJournal,
  loop: Loop,
  ports: { readonly clock: Clock; readonly log: Log },
): NotLentLists | undefined {
  const { offline } = config.services.borrow;
  if (offline === false || offline.lists.length === 0) return undefined;
  return new NotLentLists({
    ...ports,
    directory: config.data.directory,
    lists: offline.lists,
    hash: (number) => journal.hash(number),
    fetch: httpsText,
    onLoaded: (list) => loop.post({ type: 'listLoaded', list }),
  });
}
