import type { StationConfig } from '../../station/config/schema.ts';
import { openLocalSocket } from '../../station/socket-connect.ts';
import { stationSocketPath } from '../../station/socket-path.ts';
import { askStation, noStation } from '../ask-station.ts';
import type { Terminal } from './command.ts';

/**
 * Whether the devices of a configuration may be driven by hand. While its station runs they are the station’s, for a port belongs to
 * one program, and what a patron is doing would be disturbed: that is told in a sentence.
 */
export async function devicesAreFree(
  config: StationConfig | undefined,
  terminal: Terminal,
): Promise<boolean> {
  if (config === undefined) return true;
  const answer = await askStation(openLocalSocket(stationSocketPath(config.data.directory)), 'status');
  if (!answer.ok && answer.error === noStation) return true;
  terminal.err(
    'The station runs and holds its devices. Stop it first, when no patron is there, and start it again afterwards; `omatoimi status` tells how its devices are meanwhile.',
  );
  return false;
}
