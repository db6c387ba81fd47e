import { z } from 'zod';
import { described, text } from './describe.ts';

/** `data.deviceKey`: a key that whoever takes the disk does not get. */
export const deviceKey = described(
  z.discriminatedUnion('from', [
    described(
      z.strictObject({
        from: described(z.literal('tpm'), 'Where the key is kept.'),
      }),
      'Sealed by the machine’s TPM, by systemd-creds. Works on Linux with systemd 250 or newer and a TPM 2.0.',
    ),
    described(
      z.strictObject({
        from: described(z.literal('dpapi'), 'Where the key is kept.'),
      }),
      'Sealed by Windows for the account that the station runs under. Whoever takes the disk still lacks that account’s password.',
    ),
    described(
      z.strictObject({
        from: described(z.literal('server'), 'Where the key is kept.'),
        url: described(
          z
            .string()
            .max(1_000)
            .regex(/^https:\/\/[^\s/]+\S*$/),
          'The address of the branch’s server that hands it out: 32 bytes in base64 or hexadecimal.',
          'an address that begins with https://',
        ),
      }),
      'Handed out by the branch’s server at each start, and never written to the disk.',
    ),
    described(
      z.strictObject({
        from: described(z.literal('environment'), 'Where the key is kept.'),
        name: text(100, 'The environment variable: 32 bytes in base64 or hexadecimal.'),
      }),
      'Given to the process at each start by something that does not keep it on this disk.',
    ),
  ]),
  'A key that whoever takes the disk does not get. Needed to check PINs while the ACS is away.',
  'a mapping whose key from is tpm, dpapi, server or environment',
);

export type DeviceKeyConfig = z.output<typeof deviceKey>;
