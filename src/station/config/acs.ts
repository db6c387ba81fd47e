import { z } from 'zod';
import { weekdays } from '../../ils/down-times.ts';
import { charsetNamed } from '../../sip2/dialect.ts';
import { profileNames } from '../../sip2/profiles/built-in.ts';
import { sipNamespaceDefault } from '../../sip2/sip-xml.ts';
import { described, fieldText, text, whole } from './describe.ts';

const pem = (sentence: string) =>
  described(
    z
      .string()
      .max(65_536)
      .regex(/-----BEGIN [A-Z0-9 ]+-----/),
    sentence,
    'text in PEM form, best given as ${file:PATH}',
  );

const tls = described(
  z.strictObject({
    ca: pem(
      'The certificate of the authority that signed the ACS’s, in PEM form; best given as ${file:PATH}. Left out: the authorities that browsers trust.',
    ).optional(),
    certificate: pem(
      'The station’s own certificate, where the ACS asks for one; best given as ${file:PATH}.',
    ).optional(),
    key: pem('The key of that certificate; best given as ${file:PATH}.').optional(),
    passphrase: text(
      1_000,
      'What the key is locked with. Best given as ${env:NAME} or ${file:PATH}.',
    ).optional(),
    serverName: text(253, 'The name in the ACS’s certificate. Left out: the host.').optional(),
  }),
  'Certificates, for the transports tls and https. The ACS’s is always verified.',
);

const https = described(
  z.strictObject({
    path: described(
      z
        .string()
        .max(1_000)
        .regex(/^\/[\u0021-\u007e]*$/),
      'The path of the ACS, such as /rest/sip2/DK-775100 or /api/v1/contrib/kohasuomi/sipmessages.',
      'a path that begins with /',
    ),
    namespace: text(
      500,
      'The XML namespace of the messages. Koha-Suomi’s is https://koha-suomi.fi/sipschema.xsd.',
    ).default(sipNamespaceDefault),
  }),
  'Where messages go, for the transport https.',
);

const telnet = described(
  z.strictObject({
    user: fieldText(255, 'What is answered to the question for the user.'),
    password: fieldText(
      255,
      'What is answered to the question for the password. Best given as ${env:NAME} or ${file:PATH}.',
    ),
    userPrompt: text(100, 'What the question for the user ends with.').default('login:'),
    passwordPrompt: text(100, 'What the question for the password ends with.').default('password:'),
  }),
  'The telnet log-in before the first message, where the ACS asks for one. Left out: it asks for none.',
);

const time = (sentence: string) =>
  described(z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/), sentence, 'a time such as "03:30", in quotes');

const downTime = described(
  z
    .strictObject({
      from: time('When it begins, by the library’s clock.'),
      to: time('When it ends; before the beginning means on the next day.'),
      days: described(
        z
          .array(described(z.enum(weekdays), 'A day of the week.'))
          .min(1)
          .max(7),
        'The days on which it begins. Left out: each day.',
      ).optional(),
    })
    .refine(({ from, to }) => from !== to),
  'One planned rest.',
  'two different times',
);

const login = described(
  z.strictObject({
    user: fieldText(255, 'The terminal’s user name at the ACS (SIP2 field CN).'),
    password: fieldText(
      255,
      'The terminal’s password (SIP2 field CO). Best given as ${env:NAME} or ${file:PATH}.',
    ),
  }),
  'The terminal’s log-in (SIP2 message 93; over HTTPS a part of each message). Left out: none is sent.',
);

export const acs = described(
  z.strictObject({
    transport: described(
      z.enum(['tcp', 'tls', 'https']),
      'How the ACS is reached: plain TCP; TLS, whose certificate is always verified; SIP2 in XML over HTTPS.',
    ).default('tcp'),
    host: described(
      z
        .string()
        .max(253)
        .regex(/^[A-Za-z0-9.:_-]+$/),
      'The name or address of the ACS.',
      'a host name or an IP address',
    ),
    port: whole(1, 65_535, 'The port of the ACS; over HTTPS mostly 443.').default(6001),
    plainTcp: described(
      z.enum(['tunnelled', 'isolated-network']),
      'Says why an unencrypted connection to another machine is safe here; needed for any address but this machine’s own, because PINs go over it.',
    ).optional(),
    tls: tls.optional(),
    https: https.optional(),
    telnet: telnet.optional(),
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
      z
        .string()
        .max(40)
        .refine((name) => charsetNamed(name) !== undefined),
      'The character set of the connection, such as utf-8, iso-8859-1, iso-8859-2, iso-8859-15, windows-1250, windows-1252, cp850 or cp852. Left out: the profile’s.',
      'the name of a character set in which the letters and signs of SIP2 are as in ASCII, such as utf-8 or iso-8859-1',
    ).optional(),
    errorDetection: described(
      z.boolean(),
      'Whether messages carry sequence number and checksum (SIP2 fields AY and AZ). Left out: as the profile says.',
    ).optional(),
    terminator: described(
      z.enum(['cr', 'crlf', 'lf']),
      'What ends a message that the station sends; each is understood. Left out: the profile’s.',
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
    refusedRetrySeconds: whole(
      5,
      3_600,
      'How long the station waits before it tries again where its log-in, certificate or address was refused. That needs a hand, and asking often fills the library system’s log.',
    ).default(60),
    slowReplySeconds: whole(
      1,
      60,
      'An answer that takes longer is a slow one; after several, patrons are told that the library system is slow.',
    ).default(4),
    downTimes: described(
      z.array(downTime).max(14),
      'The planned rests of the ACS, such as its nightly backup. Nothing is sent meanwhile; returns are taken and told later.',
    ).default([]),
  }),
  'The connection to the library system, which SIP2 calls the ACS.',
);
