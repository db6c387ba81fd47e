import { parseArgs } from 'node:util';
import type { Ils } from '../../../ils/ils.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { err, ok, type Result } from '../../../kernel/result.ts';
import { silentLog } from '../../../kernel/log.ts';
import type { StationConfig } from '../../../station/config/schema.ts';
import type { SecuritySet } from '../../../station/tag-desk.ts';
import { securitySetWords } from '../../../station/tag-words.ts';
import { exits, UsageError, type Command, type Exit, type Terminal } from '../command.ts';
import { chosenReader, readerOptions, readerWhere, type ChosenReader } from './reader-options.ts';
import { onTags } from './session.ts';
import { throughStation } from './through-station.ts';
import { uidOption } from './write.ts';

const options = {
  ...readerOptions,
  uid: { type: 'string' },
  'without-acs': { type: 'boolean', default: false },
} as const;

export const rfidSecure: Command = {
  name: 'device rfid secure',
  synopsis: `device rfid secure ${readerWhere} [--uid UID] [--without-acs]`,
  summary:
    'has the gate sound for the item before the reader, if the library system says that it is not on loan; --without-acs does not ask',
  run: (args, terminal) => setSecurity(true, args, terminal),
};

export const rfidRelease: Command = {
  name: 'device rfid release',
  synopsis: `device rfid release ${readerWhere} [--uid UID] [--without-acs]`,
  summary:
    'has the gate be silent for the item before the reader, if the library system says that it is on loan; --without-acs does not ask',
  run: (args, terminal) => setSecurity(false, args, terminal),
};

async function setSecurity(secured: boolean, args: readonly string[], terminal: Terminal): Promise<Exit> {
  const { values } = parseArgs({ args: [...args], options });
  const askAcs = !values['without-acs'];
  if (askAcs && values.config === undefined)
    throw new UsageError('the library system is asked first: give --config, or --without-acs');
  const order = { ...uidOption(values.uid), secured, askAcs };
  const byStation = await throughStation(values, { do: 'security', ...order }, terminal);
  if (byStation !== undefined) return byStation;
  const chosen = chosenReader(values, terminal);
  if (chosen === undefined) return exits.failed;
  const carryOut = (reader: ChosenReader, ils: Ils | undefined) =>
    onTags<SecuritySet>(
      reader,
      terminal,
      ils,
      (desk, reply) => desk.security(order, reply),
      (set) => securitySetWords(set, secured),
    );
  if (!askAcs || chosen.config === undefined) return carryOut(chosen, undefined);
  const ils = await onlineIls(chosen.config, chosen.waitMs);
  if (!ils.ok) {
    terminal.err(`The library system could not be reached: ${ils.error}.`);
    return exits.failed;
  }
  try {
    return await carryOut(chosen, ils.value);
  } finally {
    ils.value.stop();
  }
}

async function onlineIls(config: StationConfig, waitMs: number): Promise<Result<Ils, string>> {
  // The station's parts are loaded only here: they have native modules that no other command of the reader needs.
  const { configuredIls } = await import('../../../station/run-station.ts');
  const made = configuredIls(config, { clock: systemClock, log: silentLog });
  if (!made.ok) return made;
  const ils = made.value;
  return new Promise((resolve) => {
    let last = 'no answer';
    const cancel = systemClock.after(waitMs, () => {
      ils.stop();
      resolve(err(last));
    });
    ils.start(({ state, reason }) => {
      last = reason ?? state;
      if (state !== 'online' && state !== 'slow') return;
      cancel();
      resolve(ok(ils));
    });
  });
}
