import { z } from 'zod';
import { relayChannelsMax } from '../../../devices/relay/relay-board.ts';
import { lightNames, type LightName } from '../../lights.ts';
import { described, whole } from '../describe.ts';
import { hidDevice } from './hid-device.ts';
import { serialLine } from './serial-line.ts';

const kind = described(z.literal('relay'), 'What the device is.');

const sentences: Readonly<Record<LightName, string>> = {
  ready: 'The channel of the lamp that is on while the station is free and well.',
  inUse: 'The channel of the lamp that is on while somebody is at the station.',
  attention: 'The channel of the lamp that is on while something rests and staff should look.',
  outOfService: 'The channel of the lamp that is on while nothing can be done here.',
  cardSlot: 'The channel of the light at the card reader: a card is wanted, or one was left.',
};

const lights = described(
  z
    .strictObject(
      Object.fromEntries(
        lightNames.map((name) => [name, whole(1, relayChannelsMax, sentences[name]).optional()]),
      ) as Record<LightName, z.ZodOptional<z.ZodNumber>>,
    )
    .refine((channels) => {
      const used = Object.values(channels);
      return used.length > 0 && new Set(used).size === used.length;
    }),
  'What is connected to which channel, counted from 1.',
  'a mapping of lights to channels, each channel at most once',
);

const lcus = described(
  z.strictObject({
    kind,
    driver: described(z.literal('lcus'), 'How it is spoken to.'),
    ...serialLine(9600),
    lights,
  }),
  'A relay board with a CH340 (LCUS-1, -2, -4). It never answers, so that nothing that it is told is sure. Not seen with real hardware yet.',
);

const kmtronic = described(
  z.strictObject({
    kind,
    driver: described(z.literal('kmtronic'), 'How it is spoken to.'),
    ...serialLine(9600),
    lights,
  }),
  'A serial relay board of KMtronic, which tells how its relays are. Not seen with real hardware yet.',
);

const modbus = described(
  z.strictObject({
    kind,
    driver: described(z.literal('modbus-rtu'), 'How it is spoken to.'),
    ...serialLine(9600),
    address: whole(1, 247, 'The board’s address on the line.').default(1),
    lights,
  }),
  'A relay board that speaks Modbus RTU. Not seen with real hardware yet.',
);

const usbRelay2 = described(
  z.strictObject({
    kind,
    driver: described(z.literal('usbrelay2'), 'How it is spoken to.'),
    ...hidDevice,
    lights,
  }),
  'A USB relay board that calls itself USBRelay1 to USBRelay8. Not seen with real hardware yet.',
);

/** Every way in which a relay board is connected. */
export const relay = z.discriminatedUnion('driver', [lcus, kmtronic, modbus, usbRelay2]);
