import { parseArgs } from 'node:util';
import { openLocalSocket } from '../../station/socket-connect.ts';
import { askStation } from '../ask-station.ts';
import { exits, type Command } from './command.ts';
import { socketOf, where, whereOptions } from './station-address.ts';
import { statusLines } from './told.ts';

export const status: Command = {
  name: 'status',
  synopsis: `status ${where} [--json]`,
  summary: 'tells how a running station is',
  async run(args, terminal) {
    const { json, ...place } = parseArgs({
      args: [...args],
      options: { ...whereOptions, json: { type: 'boolean', default: false } },
    }).values;
    const path = socketOf(place, terminal);
    if (path === undefined) return exits.failed;
    const answer = await askStation(openLocalSocket(path), 'status');
    if (!answer.ok) {
      terminal.err(`${path}: ${answer.error}.`);
      return exits.failed;
    }
    if (json) terminal.out(JSON.stringify(answer.value, undefined, 2));
    else for (const line of statusLines(answer.value)) terminal.out(line);
    return exits.fine;
  },
};
