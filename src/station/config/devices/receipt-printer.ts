import { z } from 'zod';
import { codePageMakers, paperColumns } from '../../../devices/receipt-printer/paper.ts';
import { printerDialects } from '../../../devices/receipt-printer/status-wire.ts';
import { described, text, whole } from '../describe.ts';
import { serialLine } from './serial-line.ts';

/** What every receipt printer has, however it is connected. */
const paperKeys = {
  columns: described(
    z.literal([...paperColumns]),
    'Letters in a line: 42 on paper of 80 mm with most printers, 32 on 58 mm.',
  ).default(42),
  codePages: described(
    z.enum(codePageMakers),
    'Whose numbering of code pages the printer follows; most follow Epson’s.',
  ).default('epson'),
  cut: described(z.enum(['partial', 'full', 'none']), 'How the paper is cut after a receipt.').default(
    'partial',
  ),
  dialect: described(
    z.enum(printerDialects),
    'How the printer numbers the bits of its status: hsK33 for the HS-K33, epson for all others.',
  ).default('epson'),
};

const kind = described(z.literal('receipt-printer'), 'What the device is.');

/** Every way in which a receipt printer is connected. All speak ESC/POS. */
export const receiptPrinter = z.discriminatedUnion('driver', [
  described(
    z.strictObject({
      kind,
      driver: described(z.literal('serial'), 'How it is connected.'),
      ...serialLine(38_400),
      ...paperKeys,
    }),
    'A receipt printer on a serial port.',
  ),
  described(
    z.strictObject({
      kind,
      driver: described(z.literal('tcp'), 'How it is connected.'),
      host: text(253, 'The printer’s name or address in the network.'),
      port: whole(1, 65_535, 'Its port.').default(9_100),
      ...paperKeys,
    }),
    'A receipt printer in the network.',
  ),
  described(
    z.strictObject({
      kind,
      driver: described(z.literal('usb'), 'How it is connected.'),
      path: text(255, 'The printer’s device file, such as /dev/usb/lp0.'),
      ...paperKeys,
    }),
    'A receipt printer on USB, by the device file of the printer class (Linux).',
  ),
]);
