import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { SqliteJournal } from '../journal/sqlite-journal.ts';
import type { Loop } from './loop.ts';

/** How often the station looks whether it is quiet enough for upkeep. */
const upkeepLookMs = 60_000;
/** How often what has outlived its purpose is deleted; later than this while someone is always there, but not later than the second. */
const purgeEveryMs = 24 * 3_600_000;
const purgeEveryMsMax = 36 * 3_600_000;
const dayMs = 24 * 3_600_000;

export interface UpkeepParts {
  readonly journal: SqliteJournal;
  readonly loop: Pick<Loop, 'state' | 'post'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settledDays: number;
  /** How long a PIN can be checked without the library system. */
  readonly verifierDays: number;
  /** Something was deleted that the last copy still has. */
  readonly onDeleted?: () => void;
}

/** Deletes once a day what has outlived its purpose, in a minute in which nobody stands at the station. Gives back how to end it. */
export function startUpkeep({
  journal,
  loop,
  clock,
  log,
  settledDays,
  verifierDays,
  onDeleted,
}: UpkeepParts): () => void {
  let purgedAt: number | undefined;
  let cancel = (): void => undefined;
  const look = (): void => {
    const since = purgedAt === undefined ? purgeEveryMs : clock.monotonic() - purgedAt;
    const quiet = loop.state.session.phase === 'home' && loop.state.underWay === undefined;
    if (since >= purgeEveryMs && (quiet || since >= purgeEveryMsMax)) {
      purgedAt = clock.monotonic();
      loop.post({ type: 'outlived', before: clock.now() - settledDays * dayMs });
      const purged = journal.purge(clock.now(), { settledDays, verifierDays });
      if (purged.ok) {
        log.write('info', 'journal.purged', { count: purged.value.transactions });
        if (purged.value.deleted) onDeleted?.();
      } else log.write('warning', 'journal.purgeFailed', { reason: purged.error.kind });
    }
    if (quiet) journal.maintain();
    cancel = clock.after(upkeepLookMs, look);
  };
  cancel = clock.after(upkeepLookMs, look);
  return () => cancel();
}
