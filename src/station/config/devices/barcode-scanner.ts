import { z } from 'zod';
import { setupCommandNames } from '../../../devices/barcode-scanner/setup-commands.ts';
import { described, whole } from '../describe.ts';
import { hidDevice, keyboardDevice } from './hid-device.ts';
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

const aim = described(
  z.boolean(),
  'Whether the scanner sends AIM identifiers (]C0); they are taken off the scan.',
).default(false);

/** What every scanner on a serial port has. */
export const serialScanKeys = {
  ...scanKeys,
  suffix: framingText(
    'What the scanner sends after each scan. Left out: CR, LF or both. Empty: nothing, a pause of 50 ms ends a scan.',
  ).optional(),
  aim,
};

const serialBarcodeScanner = described(
  z.strictObject({
    kind: described(z.literal('barcode-scanner'), 'What the device is.'),
    driver: described(z.literal('serial'), 'How it is connected.').default('serial'),
    ...serialLine(9600),
    ...serialScanKeys,
    setup: described(
      z.array(described(z.enum(setupCommandNames), 'One command.')).max(16),
      'Commands of WGC300 and WGI3220 scanners that are sent at each opening, such as wgi3220-auto.',
    ).default([]),
  }),
  'A barcode scanner on a serial port.',
);

const ssiBarcodeScanner = described(
  z.strictObject({
    kind: described(z.literal('barcode-scanner'), 'What the device is.'),
    driver: described(z.literal('ssi'), 'How it is connected.'),
    ...serialLine(9600),
    ...scanKeys,
  }),
  'A barcode scanner on a serial port that speaks Zebra’s SSI; it tells the symbology, and damaged scans are asked for again. Not seen with real hardware yet.',
);

const hidPosBarcodeScanner = described(
  z.strictObject({
    kind: described(z.literal('barcode-scanner'), 'What the device is.'),
    driver: described(z.literal('hid-pos'), 'How it is connected.'),
    ...hidDevice,
    ...scanKeys,
  }),
  'A barcode scanner in HID POS mode (USB usage page 8C), which has to be switched on at the scanner. Not seen with real hardware yet.',
);

const keyboardBarcodeScanner = described(
  z.strictObject({
    kind: described(z.literal('barcode-scanner'), 'What the device is.'),
    driver: described(z.literal('keyboard'), 'How it is connected.'),
    ...keyboardDevice,
    ...scanKeys,
    aim,
  }),
  'A barcode scanner that types, read past the keyboard through /dev/hidraw, set to a US keyboard. The page hears it too unless the system is told to ignore it (udev: LIBINPUT_IGNORE_DEVICE). Not seen with real hardware yet.',
);

const wedgeBarcodeScanner = described(
  z.strictObject({
    kind: described(z.literal('barcode-scanner'), 'What the device is.'),
    driver: described(z.literal('wedge'), 'How it is connected.'),
    gapMsMax: whole(
      5,
      200,
      'Keys that follow each other within this many milliseconds are the scanner’s. Twice as long waits each key that a person types.',
    ).default(40),
    keysMin: whole(
      5,
      32,
      'So many keys at that speed are a scan. More than any PIN has that someone might type on a keyboard.',
    ).default(6),
    suffix: described(
      z.enum(['enter', 'tab', 'none']),
      'The key that the scanner ends a scan with; none: a pause ends it.',
    ).default('enter'),
    ...scanKeys,
    aim,
  }),
  'A barcode scanner that types like a keyboard, into the page. The last resort: set it to serial, USB-COM or HID POS where it can be.',
);

/** Every way in which a barcode scanner is connected. */
export const barcodeScanner = z.discriminatedUnion('driver', [
  serialBarcodeScanner,
  ssiBarcodeScanner,
  hidPosBarcodeScanner,
  keyboardBarcodeScanner,
  wedgeBarcodeScanner,
]);
