import { z } from 'zod';
import { tagWaitMsMax, type TagOrder } from '../../../shared/tag-orders.ts';
import { loadConfig } from '../../../station/config/load.ts';
import { openLocalSocket } from '../../../station/socket-connect.ts';
import { stationSocketPath } from '../../../station/socket-path.ts';
import { askStation, askTags, noStation } from '../../ask-station.ts';
import { exits, UsageError, type Exit, type Terminal } from '../command.ts';
import { accountName } from '../journal/at-desk.ts';
import { notKnown } from '../told.ts';
import { waitMsOf, type ReaderWhere } from './reader-options.ts';

const doneSchema = z.object({ told: z.string() });

/** Has the station that holds the reader carry out an order. Undefined: no station of this configuration runs. */
export async function throughStation(
  where: ReaderWhere,
  order: TagOrder,
  terminal: Terminal,
): Promise<Exit | undefined> {
  if (where.config === undefined) return undefined;
  const loaded = loadConfig(where.config);
  // What is wrong with it is told by whoever opens the reader.
  if (!loaded.ok) return undefined;
  const open = openLocalSocket(stationSocketPath(loaded.value.data.directory));
  const status = await askStation(open, 'status');
  if (!status.ok && status.error === noStation) return undefined;
  if (where.path !== undefined)
    throw new UsageError(
      'the station runs and has its readers as one; name the tag by --uid, not the reader',
    );
  const waitMs = waitMsOf(where);
  if (waitMs > tagWaitMsMax)
    throw new UsageError(`while the station runs, --wait is at most ${tagWaitMsMax / 1_000} seconds`);
  const answer = await askTags(open, { by: accountName(), order, waitMs });
  if (!answer.ok) {
    terminal.err(`${sentence(answer.error)}`);
    return exits.failed;
  }
  const done = doneSchema.safeParse(answer.value);
  terminal.out(done.success ? done.data.told : notKnown);
  return done.success ? exits.fine : exits.failed;
}

function sentence(reason: string): string {
  return reason.endsWith('.') ? reason : `${reason}.`;
}
