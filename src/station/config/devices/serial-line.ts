import { z } from 'zod';
import { described, text } from '../describe.ts';

/** The keys of a device on a serial port. */
export function serialLine(baudRateDefault: 9600 | 19_200 | 38_400) {
  return {
    path: text(255, 'The serial port; best a name that stays, such as /dev/serial/by-id/….'),
    baudRate: described(
      z.literal([1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200]),
      'Bits per second, as the device is set.',
    ).default(baudRateDefault),
    dataBits: described(z.literal([7, 8]), 'Data bits.').default(8),
    parity: described(z.enum(['none', 'even', 'odd']), 'Parity.').default('none'),
    stopBits: described(z.literal([1, 2]), 'Stop bits.').default(1),
  };
}
