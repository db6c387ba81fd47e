import type { RfidReaderStatus } from './rfid-reader.ts';

/** What a technician does about a reader in each state; nothing where all is well. */
export const rfidAdvice: Readonly<Record<RfidReaderStatus['state'], string | undefined>> = {
  starting: undefined,
  ready: undefined,
  offline: 'look at the cable and at the name of the port',
  silent: 'look at the reader’s power, then at its speed and parity',
  unfit: 'look at the driver in the configuration, and at the type of the reader',
  faulty: 'look at cable, earth and aerial; another program may speak on the same port',
};
