import type { CardReaderStatus } from './card-reader.ts';

/** What to look at, by state, for a technician. */
export const cardReaderAdvice: Readonly<Record<CardReaderStatus['state'], string | undefined>> = {
  ready: undefined,
  offline: 'look at the cable and at the name of the port or, with PC/SC, at pcscd and its rights',
  silent: 'look at the reader’s power and speed, and whether a TWN4 has the firmware of the simple protocol',
  faulty: 'look at the reader’s firmware and at the configured driver',
};
