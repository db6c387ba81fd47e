import { z } from 'zod';
import { selectorWords } from '../../devices/hid/hid-port.ts';
import { described } from './describe.ts';
import { barcodeScanner } from './devices/barcode-scanner.ts';
import { cardReader } from './devices/card-reader.ts';
import { relay } from './devices/relay.ts';
import { receiptPrinter } from './devices/receipt-printer.ts';
import { hidSelectorOf } from './devices/hid-device.ts';
import { rfidReader } from './devices/rfid-reader.ts';

/** One device: its `kind` says what it is, its `driver` how it is spoken to. */
const device = described(
  z.discriminatedUnion('kind', [barcodeScanner, cardReader, rfidReader, receiptPrinter, relay]),
  'One device; its kind and driver say which keys it has.',
  'a mapping with the key kind',
);

export const devices = described(
  z.array(device).max(12),
  'The devices of the station. Without a barcode scanner, nothing can be borrowed or returned.',
).default([]);

export type DeviceConfig = z.output<typeof device>;
export type DeviceConfigOf<Kind extends DeviceConfig['kind']> = Extract<DeviceConfig, { kind: Kind }>;

/** The port that only one device can have, in the words of the configuration. */
export function portOf(config: DeviceConfig): string {
  if (config.kind === 'rfid-reader') return config.path ?? `${config.host ?? ''}:${config.port}`;
  if ('baudRate' in config) return config.path;
  if (config.driver === 'tcp') return `${config.host}:${config.port}`;
  if (config.driver === 'usb') return config.path;
  if (config.driver === 'pcsc') return config.reader ?? config.path;
  if (config.driver === 'wedge') return 'keyboard';
  const selector = hidSelectorOf(config);
  const named = Object.values(selector).some((value) => value !== undefined);
  return named ? selectorWords(selector) : `HID ${config.driver}`;
}
