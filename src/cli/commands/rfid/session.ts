import type { RfidReaderStatus } from '../../../devices/rfid-reader/rfid-reader.ts';
import type { Ils } from '../../../ils/ils.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import type { Result } from '../../../kernel/result.ts';
import { composeRfidReader } from '../../../station/compose-rfid-reader.ts';
import { portOf } from '../../../station/config/devices.ts';
import { TagDesk, type TagDeskFailure } from '../../../station/tag-desk.ts';
import { TagTurn } from '../../../station/tag-turn.ts';
import { deskFailureWords } from '../../../station/tag-words.ts';
import { exits, type Exit, type Terminal } from '../command.ts';
import type { ChosenReader } from './reader-options.ts';
import { statusWords } from './words.ts';

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
  const reader = composeRfidReader(config, { clock: systemClock, log: silentLog });
  const desk = new TagDesk({ reader, ...(ils === undefined ? {} : { ils }) });
  return new Promise((resolve) => {
    let status: RfidReaderStatus | undefined;
    const finish = (exit: Exit): void => {
      reader.stop();
      resolve(exit);
    };
    const turn = new TagTurn<T>({
      clock: systemClock,
      desk,
      waitMs,
      act: (reply) => act(desk, reply),
      onEnd(result) {
        if (result.ok) terminal.out(told(result.value));
        else if (result.error.kind === 'noTag' && status !== undefined && status.state !== 'ready')
          terminal.err(`${statusWords(portOf(config), status)}.`);
        else terminal.err(deskFailureWords(result.error));
        finish(result.ok ? exits.fine : exits.failed);
      },
    });
    terminal.onStop(() => {
      turn.stop();
      finish(exits.failed);
    });
    reader.start({
      onStatus: (now) => {
        status = now;
      },
      onField: (field) => turn.onField(field),
    });
  });
}
