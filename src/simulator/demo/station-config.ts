import { stringify } from 'yaml';
import { lampChannels } from './card-and-lamps.ts';
import type { LibraryData } from '../acs/library-data.ts';

export interface DemoConfigOptions {
  readonly library: LibraryData;
  readonly acs: { readonly host: string; readonly port: number };
  readonly login: { readonly user: string; readonly password: string };
  /** The terminals of the virtual devices. */
  readonly devices: {
    readonly scanner: string;
    readonly printer?: string;
    readonly plate?: string;
    readonly cardReader?: string;
    readonly lamps?: string;
  };
  readonly timeZone: string;
  /** The dialect of the library system; left out: the generic one. */
  readonly profile?: string | undefined;
}

/** A library system on the same machine answers at once; whoever plays with its faults should not wait long. */
const demoTimes = { replyTimeoutSeconds: 4, keepAliveSeconds: 10, refusedRetrySeconds: 5 };

/** Films have tags wherever they are; of anything else the dock makes them when it is put on the plate. */
const withoutTag = String.raw`319990000(?!7[45])\d{5}`;
const untagged = new RegExp(`^${withoutTag}$`, 'u');

export function alwaysHasTag(item: string): boolean {
  return !untagged.test(item);
}

/** The configuration of the demo's station, in the form of any other station's. */
export function demoConfig({ library, acs, login, devices, timeZone, profile }: DemoConfigOptions): string {
  const config = {
    configVersion: 1,
    library: {
      institutionId: library.institutionId,
      name: {
        fi: library.name,
        sv: 'Keksilä bibliotek',
        cs: 'Knihovna Keksilä',
        en: 'Keksilä Library',
      },
      languages: ['fi', 'sv', 'cs', 'en'],
      timeZone,
      currency: library.currency,
    },
    acs: {
      transport: 'tcp',
      host: acs.host,
      port: acs.port,
      login,
      location: library.branch,
      // The example's own library system is called generic, and tells the end of a card in PA.
      ...(profile === undefined ? { overrides: { patronExpiry: { field: 'PA' } } } : { profile }),
      ...demoTimes,
    },
    devices: [
      { kind: 'barcode-scanner', driver: 'serial', path: devices.scanner, baudRate: 9600, suffix: '\r' },
      ...(devices.plate === undefined
        ? []
        : [{ kind: 'rfid-reader', driver: 'feig-obid', path: devices.plate, parity: 'none' }]),
      ...(devices.printer === undefined
        ? []
        : [{ kind: 'receipt-printer', driver: 'serial', path: devices.printer }]),
      ...(devices.cardReader === undefined
        ? []
        : [{ kind: 'card-reader', driver: 'twn4', path: devices.cardReader }]),
      ...(devices.lamps === undefined
        ? []
        : [{ kind: 'relay', driver: 'modbus-rtu', path: devices.lamps, lights: lampChannels }]),
    ],
    identifiers: { card: [String.raw`2\d{13}`, String.raw`[A-Z]{3}\d{5}[A-Z]`], item: [String.raw`3\d{13}`] },
    collections: { withoutTag: [withoutTag] },
    services: { holds: { place: true, pickup: { code: library.branch, name: { fi: library.branch } } } },
    data: { directory: './station' },
  };
  return `# Written by npm start for the demonstration, anew each time: changes here are lost.\n${stringify(config)}`;
}
