import { z } from 'zod';
import { afiScheme } from '../../../devices/rfid-reader/security.ts';
import { described, text, whole } from '../describe.ts';
import { serialLine } from './serial-line.ts';

const afi = (sentence: string) => whole(0, 0xff, sentence);

const alsoTaken = (whatFor: string) =>
  described(
    z.array(afi('An AFI, such as 0xDA.')).max(16),
    `Further AFI values that are taken for ${whatFor} when a tag is read.`,
  ).default([]);

const security = described(
  z
    .strictObject({
      mode: described(
        z.enum(['afi', 'eas', 'both', 'none']),
        'What the gate looks at: the AFI, the EAS bit of the chip, both, or nothing that a reader can change.',
      ).default('afi'),
      inStock: afi('The AFI of an item in stock, at which the gate sounds.').default(afiScheme.inStock),
      onLoan: afi('The AFI of an item on loan.').default(afiScheme.onLoan),
      accept: described(
        z.strictObject({ inStock: alsoTaken('in stock'), onLoan: alsoTaken('on loan') }).prefault({}),
        'Values of older tags that are understood and no more written.',
      ),
    })
    .refine(({ inStock, onLoan }) => inStock !== onLoan)
    .prefault({}),
  'How tags are secured; each library has its own values.',
  'a mapping whose inStock and onLoan are not the same',
);

const tcpKeys = {
  host: described(
    z
      .string()
      .max(253)
      .regex(/^[A-Za-z0-9.:_-]+$/),
    'The name or address of a reader on the network, in place of path.',
    'a host name or an IP address',
  ).optional(),
  port: whole(1, 65_535, 'The port of a reader on the network.').default(10_001),
};

/** What every reader has, however it is spoken to. */
const readerKeys = {
  pollMs: whole(20, 5_000, 'The pause between two inventories while nothing moves.').default(200),
  stillInventories: whole(
    1,
    20,
    'In how many inventories in a row a tag must be seen before it lies still.',
  ).default(2),
  security,
};

function onePort<T extends z.ZodType<{ path?: string | undefined; host?: string | undefined }>>(
  schema: T,
  sentence: string,
): T {
  return described(
    schema.refine(({ path, host }) => (path === undefined) !== (host === undefined)),
    sentence,
    'a mapping with either path, a serial port, or host, a reader on the network',
  );
}

function lineKeys(baudRateDefault: 19_200 | 38_400, parityDefault: 'none' | 'even') {
  return {
    kind: described(z.literal('rfid-reader'), 'What the device is.'),
    ...serialLine(baudRateDefault),
    path: text(255, 'The serial port; best a name that stays, such as /dev/serial/by-id/….').optional(),
    parity: described(z.enum(['none', 'even', 'odd']), 'Parity.').default(parityDefault),
    ...tcpKeys,
    ...readerKeys,
  };
}

const easCheck = described(
  z.boolean(),
  'Whether the reader’s answer about an EAS bit is believed. Left false, an EAS bit is written and counts as unverified: the item is sent to staff and never called done. Turn it on once a trial at the gate has shown that the answer is true; no public manual promises it. A pad of 3M checks EAS itself.',
).default(false);

const feig = onePort(
  z.strictObject({
    ...lineKeys(38_400, 'even'),
    driver: described(z.literal('feig-obid'), 'How the reader is spoken to.'),
    frames: described(
      z.enum(['standard', 'advanced']),
      'The form of what is sent; readers of the CPR family take standard frames only.',
    ).default('standard'),
    easCheck,
  }),
  'A FEIG OBID reader in ISO host mode (CPR, MR, PRH, LR), also inside a pad of another name.',
);

const pad = onePort(
  z.strictObject({
    ...lineKeys(19_200, 'none'),
    driver: described(z.literal('3m-810'), 'How the reader is spoken to.'),
  }),
  'A pad of 3M or Bibliotheca, models 210 and 810.',
);

const rl866 = onePort(
  z.strictObject({
    ...lineKeys(38_400, 'even'),
    driver: described(z.literal('rl866'), 'How the reader is spoken to.'),
    easCheck,
  }),
  'An RL866 module.',
);

/** Every family of RFID readers. */
export const rfidReader = z.discriminatedUnion('driver', [feig, pad, rl866]);
export type RfidReaderConfig = z.output<typeof rfidReader>;
