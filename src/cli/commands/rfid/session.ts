import type { RfidReaderStatus } from '../../../devices/rfid-reader/rfid-reader.ts';
import type { Ils } from '../../../ils/ils.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { err, type Result } from '../../../kernel/result.ts';
import { composeRfidReader } from '../../../station/compose-rfid-reader.ts';
import { portOf } from '../../../station/config/devices.ts';
import { TagDesk, type TagDeskFailure } from '../../../station/tag-desk.ts';
import { exits, type Exit, type Terminal } from '../command.ts';
import type { ChosenReader } from './reader-options.ts';
import { deskFailureWords, statusWords } from './words.ts';

/** How long a tag lies there before it is worked on: further tags of the same item may come. */
const settleMs = 700;

/**
 * Opens the reader, waits until tags lie still, and has the desk do one thing. Ends with a sentence when nothing lies there or the
 * reader is away.
 */
export function onTags<T>(
  { reader: config, waitMs }: ChosenReader,
  terminal: Terminal,
  ils: Pick<Ils, 'item'> | undefined,
  act: (desk: TagDesk, reply: (result: Result<T, TagDeskFailure>) => void) => void,
  told: (value: T) => string,
): Promise<Exit> {
  const ports = { clock: systemClock, log: silentLog };
  const reader = composeRfidReader(config, ports);
  const desk = new TagDesk({ reader, ...(ils === undefined ? {} : { ils }) });
  const port = portOf(config);
  return new Promise((resolve) => {
    let status: RfidReaderStatus | undefined;
    let cancel = (): void => undefined;
    let acting = false;
    const finish = (exit: Exit): void => {
      cancel();
      reader.stop();
      resolve(exit);
    };
    const replied = (result: Result<T, TagDeskFailure>): void => {
      if (result.ok) terminal.out(told(result.value));
      else terminal.err(deskFailureWords(result.error));
      finish(result.ok ? exits.fine : exits.failed);
    };
    const begin = (): void => {
      acting = true;
      act(desk, replied);
    };
    cancel = systemClock.after(waitMs, () => {
      if (status !== undefined && status.state !== 'ready') {
        terminal.err(`${statusWords(port, status)}.`);
        return finish(exits.failed);
      }
      replied(err({ kind: 'noTag' }));
    });
    terminal.onStop(() => finish(exits.failed));
    reader.start({
      onStatus: (now) => {
        status = now;
      },
      onField: (field) => {
        desk.onField(field);
        if (acting || !field.tags.some(({ still }) => still)) return;
        cancel();
        cancel = systemClock.after(settleMs, begin);
      },
    });
  });
}
