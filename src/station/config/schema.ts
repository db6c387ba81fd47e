import { z } from 'zod';
import { languageCodes, type LanguageCode } from '../../shared/languages.ts';
import { acs } from './acs.ts';
import { described, fieldText, text, whole } from './describe.ts';
import { deviceKey } from './device-key.ts';
import { devices } from './devices.ts';
import { identifiers } from './identifiers.ts';
import { collections } from './collections.ts';
import { offlineLending } from './offline-lending.ts';

/** The version of the file. A file of a newer one is refused. */
export const configVersion = 1;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const libraryName = described(
  z
    .strictObject(
      Object.fromEntries(
        languageCodes.map((code) => [code, text(80, `The name in the language ${code}.`).optional()]),
      ) as {
        [code in LanguageCode]: z.ZodOptional<z.ZodString>;
      },
    )
    .refine((name) => Object.keys(name).length > 0),
  'The name of the library or branch, by language; a missing language shows the first one that is there.',
  'a name in at least one of the languages fi, sv, cs, en',
);

const library = described(
  z.strictObject({
    institutionId: fieldText(64, 'The library’s identifier at the ACS (SIP2 field AO).'),
    name: libraryName,
    languages: described(
      z
        .array(described(z.enum(languageCodes), 'The code of a language.'))
        .min(1)
        .refine((list) => new Set(list).size === list.length),
      'The languages that patrons may choose. The first is the one the station rests in.',
      'a list of fi, sv, cs and en, each at most once',
    ).default(['fi', 'sv', 'cs', 'en']),
    timeZone: described(
      z.string().refine(isTimeZone),
      'The time zone of the library; the ACS gives and gets local times.',
      'an IANA time zone such as Europe/Helsinki',
    ).default('Europe/Helsinki'),
    currency: described(
      z.string().regex(/^[A-Z]{3}$/),
      'The currency of fees, as ISO 4217 code.',
      'three capital letters such as EUR',
    ).default('EUR'),
  }),
  'Who the station belongs to.',
);

const services = described(
  z
    .strictObject({
      borrow: described(
        z
          .strictObject({
            enabled: described(z.boolean(), 'Whether the station lends.').default(true),
            pin: described(z.literal('required'), 'Whether the card needs a PIN.').default('required'),
            offline: offlineLending,
          })
          .prefault({}),
        'Borrowing.',
      ),
      return: described(
        z
          .strictObject({
            enabled: described(z.boolean(), 'Whether the station takes returns.').default(true),
            offline: described(
              z.boolean(),
              'Whether it takes them while the ACS is away, and tells it later.',
            ).default(true),
          })
          .prefault({}),
        'Returning, for which nobody logs in.',
      ),
      account: described(
        z
          .strictObject({
            enabled: described(z.boolean(), 'Whether patrons can look at their account and renew.').default(
              true,
            ),
            pin: described(z.literal('required'), 'Whether the card needs a PIN.').default('required'),
          })
          .prefault({}),
        'Loans, holds and fees of the patron.',
      ),
      holds: described(
        z
          .strictObject({
            place: described(
              z.boolean(),
              'Whether a patron can place a hold on an item that they hold in their hand and cannot have now; only where the ACS can do it.',
            ).default(false),
            cancel: described(
              z.boolean(),
              'Whether a patron can cancel a hold; only where the ACS can do it.',
            ).default(true),
            pickup: described(
              z.strictObject({
                code: fieldText(64, 'The code of the place at the ACS (SIP2 field BS).'),
                name: libraryName,
              }),
              'The place where items on hold are fetched. Left out: the ACS chooses, and the question does not name it.',
            ).optional(),
          })
          .prefault({}),
        'Holds: what the account shows of them can be acted on.',
      ),
      fees: described(
        z
          .strictObject({
            pay: described(
              z.enum(['none']),
              'How fees are paid here: none, the screen says where else they are.',
            ).default('none'),
          })
          .prefault({}),
        'Fees.',
      ),
    })
    .prefault({}),
  'What patrons can do here.',
);

const patron = described(
  z
    .strictObject({
      pin: described(
        z
          .strictObject({
            format: described(
              z.enum(['digits', 'password']),
              'Digits with a pad on the screen, or a password of letters and signs with a keyboard.',
            ).default('digits'),
            length: whole(3, 12, 'How many digits a PIN has; without meaning for a password.').default(4),
            attempts: described(
              z
                .strictObject({
                  perCard: whole(1, 20, 'How many wrong PINs lock a card out at this station.').default(5),
                  perStation: whole(1, 200, 'How many wrong PINs of any card stop log-ins.').default(20),
                  windowMinutes: whole(1, 1_440, 'How long a wrong PIN counts.').default(15),
                })
                .prefault({}),
              'How many wrong PINs are borne. The counts survive a restart.',
            ),
          })
          .prefault({}),
        'The PIN of the library card.',
      ),
    })
    .prefault({}),
  'What patrons identify with.',
);

const session = described(
  z
    .strictObject({
      idleSeconds: whole(
        10,
        600,
        'After how long without a touch or scan the station asks whether someone is still there.',
      ).default(45),
      warningSeconds: whole(5, 120, 'How long that question stands before the session ends.').default(20),
      finishedSeconds: whole(2, 60, 'How long the last screen of a session stays.').default(8),
    })
    .prefault({}),
  'How long a session waits.',
);

const receipt = described(
  z
    .strictObject({
      enabled: described(
        z.boolean(),
        'Whether patrons can have a receipt. Without a printer that prints it is shown on the screen, with a code for a telephone.',
      ).default(true),
      titles: described(
        z.enum(['ask', 'always', 'never']),
        'Whether titles stand on it: as the patron chooses, always or never.',
      ).default('ask'),
      template: text(
        1_000,
        'A file with the library’s own form of the receipt (as assets/receipts/default.json); a relative one is seen from the folder of this file.',
      ).optional(),
    })
    .prefault({}),
  'What the patron takes along on paper.',
);

const station = described(
  z
    .strictObject({
      theme: described(z.enum(['light', 'dark', 'contrast']), 'The look that the station rests in.').default(
        'light',
      ),
    })
    .prefault({}),
  'The station itself.',
);

const data = described(
  z
    .strictObject({
      directory: text(
        1_000,
        'The folder of the journal and its keys; a relative one is seen from the folder of this file.',
      ).default('./data'),
      deviceKey: deviceKey.optional(),
      settledDays: whole(
        1,
        730,
        'How many days a settled transaction stays in the journal; at most the 24 months that libraries’ own notices name.',
      ).default(14),
      libraryKey: described(
        z.string().regex(/^age1[0-9a-z]{20,2000}$/),
        'The library’s public key (age-keygen prints it). Exports, and the keys of a copy, are encrypted for it; the private key stays with the library.',
        'a public key of age, age1…',
      ).optional(),
      copy: described(
        z.strictObject({
          directory: text(
            1_000,
            'The folder for the copy, best on a second disk or a share, and for this station alone; it must be there. A relative one is seen from the folder of this file.',
          ),
          everyMinutes: whole(1, 1_440, 'How many minutes of work a dead disk may cost at most.').default(10),
        }),
        'A sealed copy of the journal elsewhere, for the day on which the disk dies. Left out: none. It needs `libraryKey`, for the keys lie in it, encrypted.',
      ).optional(),
    })
    .prefault({}),
  'What the station keeps.',
);

const shell = described(
  z
    .strictObject({
      kind: described(
        z.enum(['web', 'electron']),
        'What shows the page: web, a browser at the address http://127.0.0.1 and the port; electron, a window that fills the screen.',
      ).default('web'),
      port: whole(1, 65_535, 'The port at which this machine’s own browser finds the page.').default(8123),
    })
    .prefault({}),
  'How the page is shown.',
);

/** The station’s configuration file. Every key has its sentence; an unknown key is refused. */
export const stationConfigSchema = z
  .strictObject({
    configVersion: described(z.literal(configVersion), 'The version of this file’s form.'),
    library,
    acs,
    devices,
    patron,
    identifiers,
    services,
    collections,
    session,
    receipt,
    station,
    data,
    shell,
  })
  .meta({ title: 'Omatoimi station', description: 'The configuration of one self-service station.' });

export type StationConfig = z.output<typeof stationConfigSchema>;
export type AcsConfig = StationConfig['acs'];

/** Values that are known words of the field and not built in this version; each is refused with its own sentence. */
export const notInThisVersion: readonly {
  readonly key: RegExp;
  readonly value: unknown;
  readonly sentence: string;
}[] = [
  {
    key: /^services\.fees\.pay$/,
    value: 'terminal',
    sentence: 'none; this version drives no payment terminal',
  },
  {
    key: /^data\.deviceKey\.from$/,
    value: 'file',
    sentence:
      'tpm, dpapi, credential, socket, server or environment; whoever takes the disk takes a key file on it too, and can guess every PIN',
  },
  {
    key: /^services\.borrow\.offline$/,
    value: true,
    sentence: 'false, or the rules by which the station lends by itself: a mapping with the key pin',
  },
  {
    key: /^services\.(borrow|account)\.pin$/,
    value: 'none',
    sentence: 'required; this version lets no card in without its PIN',
  },
];

/** Keys whose values are never repeated in a message. */
export const secretKeys: readonly string[] = [
  'acs.login.password',
  'acs.terminalPassword',
  'acs.telnet.password',
  'acs.tls.key',
  'acs.tls.passphrase',
];
