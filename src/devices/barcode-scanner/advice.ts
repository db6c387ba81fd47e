import type { ScannerStatus } from './scanner.ts';

/** What to look at, by state, for a technician. */
export const scannerAdvice: Readonly<Record<ScannerStatus['state'], string | undefined>> = {
  ready: undefined,
  offline: 'look at the cable and at the name of the port',
};
