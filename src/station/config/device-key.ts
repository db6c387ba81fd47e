import { z } from 'zod';
import { described, text, whole } from './describe.ts';

const pcrMax = 23;

/** Whether the journal’s keys are wrapped too. By default where the key is there as soon as the machine is. */
const wrapKeys = (byDefault: boolean) =>
  described(
    z.boolean(),
    byDefault
      ? 'Whether it wraps the keys of the journal too: then nobody who takes the disk reads anything of it. When the key is lost, the journal is, but for its copy elsewhere.'
      : 'Whether it wraps the keys of the journal too: then the station does not start, and takes no returns, until the key was handed out.',
  ).default(byDefault);

/** `data.deviceKey`: a key that whoever takes the disk does not get. */
export const deviceKey = described(
  z.discriminatedUnion('from', [
    described(
      z.strictObject({
        from: described(z.literal('tpm'), 'Where the key is kept.'),
        by: described(
          z.enum(['systemd-creds', 'tpm2-tools']),
          'The program that speaks to the TPM: systemd-creds of systemd 250 or newer, or tpm2-tools 5.',
        ).default('systemd-creds'),
        pcrs: described(
          z
            .array(whole(0, pcrMax, 'The number of a register.'))
            .max(pcrMax + 1)
            .refine((list) => new Set(list).size === list.length),
          'The registers of the TPM that must stand as they did when the key was sealed. 7 is the state of Secure Boot, so that another system started on the same machine does not get the key. An empty list, with tpm2-tools only: any state.',
          'a list of numbers from 0 to 23, each at most once',
        ).default([7]),
        wrapKeys: wrapKeys(true),
      }),
      'Sealed by the machine’s TPM 2.0. The station’s account must be allowed to use /dev/tpmrm0.',
    ),
    described(
      z.strictObject({
        from: described(z.literal('dpapi'), 'Where the key is kept.'),
        wrapKeys: wrapKeys(true),
      }),
      'Sealed by Windows for the account that the station runs under. Whoever takes the disk still lacks that account’s password.',
    ),
    described(
      z.strictObject({
        from: described(z.literal('credential'), 'Where the key is kept.'),
        name: described(
          z
            .string()
            .max(100)
            .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/),
          'The name of the credential: 32 bytes as they are, in base64 or in hexadecimal.',
          'letters, digits, and _ . - within',
        ).default('omatoimi-device-key'),
        wrapKeys: wrapKeys(true),
      }),
      'Handed to the service by systemd at each start (LoadCredentialEncrypted=, sealed by the TPM); it lies in memory only.',
    ),
    described(
      z.strictObject({
        from: described(z.literal('socket'), 'Where the key is kept.'),
        path: text(
          100,
          'The path of a Unix socket. Whoever serves it writes 32 bytes in base64 or hexadecimal, and closes.',
        ),
        wrapKeys: wrapKeys(false),
      }),
      'Handed out by another program of this machine at each start, and never written to the disk.',
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
        wrapKeys: wrapKeys(false),
      }),
      'Handed out by the branch’s server at each start, and never written to the disk.',
    ),
    described(
      z.strictObject({
        from: described(z.literal('environment'), 'Where the key is kept.'),
        name: text(100, 'The environment variable: 32 bytes in base64 or hexadecimal.'),
        wrapKeys: wrapKeys(true),
      }),
      'Given to the process at each start by something that does not keep it on this disk.',
    ),
  ]),
  'A key that whoever takes the disk does not get. It wraps the keys of the journal, and is needed to check PINs while the ACS is away.',
  'a mapping whose key from is tpm, dpapi, credential, socket, server or environment',
);

export type DeviceKeyConfig = z.output<typeof deviceKey>;

/** Where the key comes from. */
export type DeviceKeySource = WithoutWrapping<DeviceKeyConfig>;
type WithoutWrapping<T> = T extends unknown ? Omit<T, 'wrapKeys'> : never;
