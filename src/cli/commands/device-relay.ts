import { parseArgs } from 'node:util';
import { relayAdvice } from '../../devices/relay/advice.ts';
import { lastWordMs } from '../../devices/relay/kept-relays.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { composeDevices } from '../../station/compose-devices.ts';
import { lightNames, type LightName, type LitBoard } from '../../station/lights.ts';
import { exits, UsageError, type Command, type Terminal } from './command.ts';
import { devicesAreFree } from './held.ts';
import { configOf, needed, untilStopped } from './watch.ts';

export const deviceRelay: Command = {
  name: 'device relay',
  synopsis: `device relay --config FILE [--on LIGHT]…`,
  summary: `switches the lights of a configuration by hand (${lightNames.join(', ')}) and holds them until Ctrl-C`,
  async run(args, terminal) {
    const { config: file, on } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, on: { type: 'string', multiple: true, default: [] } },
    }).values;
    if (file === undefined) throw new UsageError('device relay needs --config, with the relay boards');
    const wanted = new Set(on.map(lightOf));
    const config = configOf(file, terminal);
    if (config === undefined || !(await devicesAreFree(config, terminal))) return exits.failed;
    const { relays } = composeDevices(config.devices, { clock: systemClock, log: silentLog });
    const boards = needed(relays, 'relay board');
    for (const board of boards) hold(board, wanted, terminal);
    return untilStopped(
      boards.map(({ device }) => device),
      terminal,
      2 * lastWordMs,
    );
  },
};

function lightOf(typed: string): LightName {
  const name = lightNames.find((one) => one === typed);
  if (name === undefined) throw new UsageError(`--on is one of ${lightNames.join(', ')}`);
  return name;
}

function hold({ device, lights }: LitBoard, wanted: ReadonlySet<LightName>, terminal: Terminal): void {
  device.start({
    onStatus: (status) => {
      if (status.state === 'ready') {
        const sure = status.confirmed ? '' : ', as far as can be told: this board never answers';
        return terminal.out(`${device.name} does what it is told${sure} (Ctrl-C switches all off).`);
      }
      const why = 'reason' in status ? `: ${status.reason}` : '';
      terminal.out(`${device.name} is ${status.state}${why}; ${relayAdvice[status.state]}`);
    },
  });
  for (const name of lightNames) {
    const channel = lights[name];
    if (channel === undefined) continue;
    device.set(channel, wanted.has(name));
    terminal.out(`${name}: channel ${channel}, ${wanted.has(name) ? 'on' : 'off'}`);
  }
}
