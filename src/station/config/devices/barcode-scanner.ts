import { z } from 'zod';
import { described, whole } from '../describe.ts';
import { hidDevice } from './hid-device.ts';
import { serialLine } from './serial-line.ts';

const framingText = (sentence: string) =>
  described(
    z.string().max(16),
    sentence,
    'text of 0 to 16 characters; control characters in double quotes, such as "\\r" or "\\x02"',
  );

/** What every scanner has, however it is connected. */
const scanKeys = {
  prefix: framingText(
    'What the scanner sends before each scan. A scan without it is taken for a damaged one.',
  ).default(''),
  doubleScanMs: whole(0, 10_000, 'The same label again within this many milliseconds is one scan.').default(
    1_500,
  ),
};

const serialBarcodeScanner = described(
  z.strictObject({
    kind: described(z.literal('barcode-scanner'), 'What the device is.'),
    driver: described(z.literal('serial'), 'How it is connected.').default('serial'),
    ...serialLine(9600),
    ...scanKeys,
    suffix: framingText(
      'What the scanner sends after each scan. Left out: CR, LF or both. Empty: nothing, a pause of 50 ms ends a scan.',
    ).optional(),
    aim: described(
      z.boolean(),
      'Whether the scanner sends AIM identifiers (]C0); they are taken off the scan.',
    ).default(false),
  }),
  'A barcode scanner on a serial port.',
);

const hidPosBarcodeScanner = described(
  z.strictObject({
    kind: described(z.literal('barcode-scanner'), 'What the device is.'),
    driver: described(z.literal('hid-pos'), 'How it is connected.'),
    ...hidDevice,
    ...scanKeys,
  }),
  'A barcode scanner in HID POS mode (USB usage page 8C), which has to be switched on at the scanner.',
);

/** Every way in which a barcode scanner is connected. */
export const barcodeScanner = z.discriminatedUnion('driver', [serialBarcodeScanner, hidPosBarcodeScanner]);
