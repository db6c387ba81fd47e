import type { RelayStatus } from './relay-board.ts';

/** What to look at, by state, for a technician. */
export const relayAdvice: Readonly<Record<RelayStatus['state'], string | undefined>> = {
  ready: undefined,
  offline: 'look at the cable and at the name of the port',
  silent: 'look at the board’s power and wiring, its address and its speed',
  faulty: 'look whether the board has the configured channels and speaks the configured protocol',
};
