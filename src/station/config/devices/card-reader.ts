import { z } from 'zod';
import { described, text, whole } from '../describe.ts';
import { serialScanKeys } from './barcode-scanner.ts';
import { hidDevice, keyboardDevice } from './hid-device.ts';
import { serialLine } from './serial-line.ts';

const kind = described(z.literal('card-reader'), 'What the device is.');

const magtek = described(
  z.strictObject({
    kind,
    driver: described(z.literal('magtek-hid'), 'How it is spoken to.'),
    ...hidDevice,
    track: described(z.literal([1, 2, 3]), 'The track that has the card’s number.').default(2),
  }),
  'A magnetic stripe reader of MagTek in HID mode. Not seen with real hardware yet.',
);

/** What every reader has that reads a chip’s identifier. */
const uidKeys = {
  base: described(
    z.enum(['hex', 'decimal']),
    'How the chip’s identifier is written as the card’s number.',
  ).default('hex'),
  reverse: described(
    z.boolean(),
    'Whether the bytes of the identifier are turned around first; readers do not agree on their order.',
  ).default(false),
  digits: whole(0, 32, 'A shorter number gets zeros before it up to so many digits.').default(0),
};

const twn4 = described(
  z.strictObject({
    kind,
    driver: described(z.literal('twn4'), 'How it is spoken to.'),
    ...serialLine(9600),
    ...uidKeys,
  }),
  'A contactless reader Elatec TWN4 with the firmware of the simple protocol, on a serial port. Not seen with real hardware yet.',
);

const pcsc = described(
  z.strictObject({
    kind,
    driver: described(z.literal('pcsc'), 'How it is spoken to.'),
    path: text(255, 'The socket of pcscd.').default('/run/pcscd/pcscd.comm'),
    reader: text(
      127,
      'A part of the reader’s name as pcscd has it, such as ACR1252; left out: the first that is plugged in.',
    ).optional(),
    ...uidKeys,
  }),
  'A contactless reader behind pcscd, the PC/SC service of Linux; the identifier of the chip is read. Not seen with real hardware yet. Windows has another service, which is not spoken to.',
);

const keyboard = described(
  z.strictObject({
    kind,
    driver: described(z.literal('keyboard'), 'How it is spoken to.'),
    ...keyboardDevice,
  }),
  'A card reader that types, read past the keyboard through /dev/hidraw, set to a US keyboard. The page hears it too unless the system is told to ignore it (udev: LIBINPUT_IGNORE_DEVICE). Not seen with real hardware yet.',
);

const serial = described(
  z.strictObject({
    kind,
    driver: described(z.literal('serial'), 'How it is spoken to.'),
    ...serialLine(9600),
    ...serialScanKeys,
  }),
  'A reader on a serial port that sends what it reads as a line, such as a barcode reader in a card slot.',
);

/** Every way in which a card reader is connected. */
export const cardReader = z.discriminatedUnion('driver', [magtek, twn4, pcsc, keyboard, serial]);
