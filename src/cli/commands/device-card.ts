import { parseArgs } from 'node:util';
import { cardReaderAdvice } from '../../devices/card-reader/advice.ts';
import type { CardReader } from '../../devices/card-reader/card-reader.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { composeDevices } from '../../station/compose-devices.ts';
import { identifierPatternsOf } from '../../station/core-settings.ts';
import type { IdentifierPatterns } from '../../station/settings.ts';
import { exits, UsageError, type Command, type Terminal } from './command.ts';
import { devicesAreFree } from './held.ts';
import { masked, previewLines } from './scan-preview.ts';
import { configOf, needed, untilStopped } from './watch.ts';

export const deviceCard: Command = {
  name: 'device card',
  synopsis: 'device card --config FILE [--show]',
  summary:
    'drives the card readers of a configuration by hand and tells what the library’s rules make of each card',
  async run(args, terminal) {
    const { config: file, show } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, show: { type: 'boolean', default: false } },
    }).values;
    if (file === undefined) throw new UsageError('device card needs --config, with the card readers');
    const config = configOf(file, terminal);
    if (config === undefined || !(await devicesAreFree(config, terminal))) return exits.failed;
    const known = identifierPatternsOf(config.identifiers);
    const { cardReaders } = composeDevices(config.devices, { clock: systemClock, log: silentLog });
    const readers = needed(cardReaders, 'card reader');
    for (const reader of readers) watchReader(reader, known, show, terminal);
    return untilStopped(readers, terminal);
  },
};

function watchReader(reader: CardReader, known: IdentifierPatterns, show: boolean, terminal: Terminal): void {
  reader.start({
    onCard: (card) => {
      if (card.kind === 'unreadable') return terminal.out(`unreadable: ${card.why}`);
      terminal.out(show ? card.text : masked({ ...card, kind: 'text' }));
      for (const told of previewLines({ ...card, source: 'card-reader' }, known, show)) terminal.out(told);
    },
    onPresence: (present) => terminal.out(present ? 'a card lies there' : 'no card lies there any more'),
    onStatus: (status) => {
      if (status.state === 'ready') {
        return terminal.out(`${reader.name} is ready; hold a card before it (Ctrl-C ends).`);
      }
      const why = 'reason' in status ? `: ${status.reason}` : '';
      terminal.out(`${reader.name} is ${status.state}${why}; ${cardReaderAdvice[status.state]}`);
    },
  });
}
