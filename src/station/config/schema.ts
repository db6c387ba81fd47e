import { z } from 'zod';
import { profileNames } from '../../sip2/profiles/built-in.ts';
import { languageCodes, type LanguageCode } from '../../shared/languages.ts';
import { described, text, whole } from './describe.ts';
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

/** SIP2 ends a field at `|` and a message at CR; such a value would break out of its place. */
const fieldText = (charsMax: number, sentence: string) =>
  described(
    z
      .string()
      .min(1)
      .max(charsMax)
      .regex(/^[^|\u0000-\u001f\u007f]*$/u),
    sentence,
    `text of 1 to ${charsMax} characters without | and control characters`,
  );

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

const login = described(
  z.strictObject({
    user: fieldText(255, 'The terminal’s user name at the ACS (SIP2 field CN).'),
    password: fieldText(
      255,
      'The terminal’s password (SIP2 field CO). Best given as ${env:NAME} or ${file:PATH}.',
    ),
  }),
  'The terminal’s log-in (SIP2 message 93). Left out: none is sent.',
);

export const acsCharsets = ['utf-8', 'iso-8859-1', 'windows-1252', 'cp850'] as const;

const acs = described(
  z.strictObject({
    transport: described(z.enum(['tcp']), 'How the ACS is reached.').default('tcp'),
    host: described(
      z
        .string()
        .max(253)
        .regex(/^[A-Za-z0-9.:_-]+$/),
      'The name or address of the ACS.',
      'a host name or an IP address',
    ),
    port: whole(1, 65_535, 'The port of the ACS.').default(6001),
    plainTcp: described(
      z.enum(['tunnelled', 'isolated-network']),
      'Says why an unencrypted connection to another machine is safe here; needed for any address but this machine’s own, because PINs go over it.',
    ).optional(),
    login: login.optional(),
    location: fieldText(64, 'The station’s location code (SIP2 field CP).').optional(),
    terminalPassword: fieldText(
      255,
      'The password that each request carries (SIP2 field AC). Left out: an empty field.',
    ).optional(),
    formerly: described(
      z
        .array(
          described(
            z.strictObject({
              acs: text(400, 'Its name, as the refusal to start tells it.'),
              waiting: described(
                z.enum(['send', 'staff']),
                'What becomes of it. send: its cards and items are known at the new ACS, too, and what waits is sent there. staff: what waits goes to the staff list.',
              ),
            }),
            'One of them.',
          ),
        )
        .max(10),
      'Library systems that the station worked with before, where what waits in the journal is still theirs.',
    ).default([]),
    profile: described(
      z.enum(profileNames),
      'The library system’s dialect of SIP2; docs/profiles.md tells what each one says.',
    ).default('generic'),
    profileFile: text(
      1_000,
      'A profile as a file, such as omatoimi probe writes; it goes before `profile`. A relative path is seen from the folder of this file.',
    ).optional(),
    overrides: described(
      z.record(z.string(), z.unknown()),
      'Rules of the profile that are otherwise in this library, each by its name in docs/profiles.md.',
      'a mapping of rules of the profile',
    ).default({}),
    charset: described(
      z.enum(acsCharsets),
      'The character set of the connection. Left out: the profile’s.',
    ).optional(),
    errorDetection: described(
      z.boolean(),
      'Whether messages carry sequence number and checksum (SIP2 fields AY and AZ). Left out: as the profile says.',
    ).optional(),
    terminator: described(
      z.enum(['cr', 'crlf']),
      'What ends a message that the station sends; either is understood. Left out: the profile’s.',
    ).optional(),
    replyTimeoutSeconds: whole(
      1,
      60,
      'How long the station waits for a reply. Left out: as the profile says.',
    ).optional(),
    keepAliveSeconds: whole(
      5,
      600,
      'After how long a silence the station asks for the ACS status to keep the connection alive. Left out: as the profile says.',
    ).optional(),
  }),
  'The connection to the library system, which SIP2 calls the ACS.',
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
              z.enum(['none', 'terminal']),
              'How fees are paid here: none, the screen says where; terminal, by a payment terminal.',
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
  ...['tls', 'https'].map((value) => ({
    key: /^acs\.transport$/,
    value,
    sentence: 'tcp; this version speaks to the ACS over tcp only',
  })),
  {
    key: /^services\.fees\.pay$/,
    value: 'terminal',
    sentence: 'none; this version drives no payment terminal',
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
export const secretKeys: readonly string[] = ['acs.login.password', 'acs.terminalPassword'];
