import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../../src/kernel/log.ts';
import { cleanText } from '../../src/ils/acs-text.ts';
import { dueForms } from '../../src/sip2/profiles/rules.ts';
import { dueOf } from '../../src/ils/due-date.ts';
import { LibraryTime } from '../../src/ils/library-time.ts';
import { moneyOf } from '../../src/ils/money.ts';
import { Sip2Ils } from '../../src/ils/sip2-ils.ts';
import { decode, type Decoded } from '../../src/sip2/decode.ts';
import { dialectOf, standardDialect, type Dialect } from '../../src/sip2/dialect.ts';
import { encodeParts } from '../../src/sip2/encode.ts';
import { LineReader } from '../../src/sip2/framing.ts';
import { readHttpsReply } from '../../src/sip2/https-reply.ts';
import { masked } from '../../src/sip2/masked.ts';
import { readSipXml, writeSipXml } from '../../src/sip2/sip-xml.ts';
import { openTelnet } from '../../src/sip2/telnet.ts';
import { ScriptedPeer } from '../../test/support/scripted-peer.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { demand, pieces, seedsOf, type FuzzedParser } from './parser.ts';

interface VectorFile {
  readonly vectors: readonly { readonly hexUtf8: string }[];
}

function vectorSeeds(): Buffer[] {
  const path = fileURLToPath(new URL('../../test/fixtures/sip2.json', import.meta.url));
  const file = JSON.parse(readFileSync(path, 'utf8')) as VectorFile;
  return file.vectors.map((vector) => Buffer.from(vector.hexUtf8, 'hex'));
}

interface XmlFile {
  readonly requests_bibbox: { readonly items: readonly { readonly xml: string }[] };
  readonly responses_fbs_recorded: { readonly items: readonly { readonly body: string }[] };
  readonly responses_errors: readonly { readonly body: string }[];
}

function xmlVectors(): Buffer[] {
  const path = fileURLToPath(new URL('../../test/fixtures/sip2-over-https.json', import.meta.url));
  const file = JSON.parse(readFileSync(path, 'utf8')) as XmlFile;
  return seedsOf([
    ...file.requests_bibbox.items.map(({ xml }) => xml),
    ...file.responses_fbs_recorded.items.map(({ body }) => body),
    ...file.responses_errors.map(({ body }) => body),
  ]);
}

const vectors = vectorSeeds();
const dialects: readonly Dialect[] = [
  standardDialect,
  ...[{ charset: 'cp850' }, { charset: 'iso-8859-2', delimiter: '^' }, { charset: 'gb18030' }].map(
    (settings) => {
      const made = dialectOf(settings);
      if (!made.ok) throw new Error(made.error.kind);
      return made.value;
    },
  ),
];

const lineBytesMax = 4096;

/** Framing: the same lines however the bytes arrive, none longer than the bound, none with a line end at its start. */
function readLines(input: Buffer, cuts: readonly number[]): string[] {
  const lines: string[] = [];
  const reader = new LineReader(
    {
      line: (bytes) => {
        demand(bytes.length > 0 && bytes.length <= lineBytesMax, 'a line beyond its bounds');
        demand(!bytes.includes(0x0d), 'a line end within a line');
        lines.push(Buffer.from(bytes).toString('latin1'));
      },
      overlong: () => lines.push('overlong'),
    },
    lineBytesMax,
  );
  for (const piece of pieces(input, cuts)) reader.push(piece);
  demand(reader.pendingBytes <= lineBytesMax, 'more held than the bound');
  return lines;
}

function frame(input: Buffer, cuts: readonly number[]): void {
  const inPieces = readLines(input, cuts);
  const atOnce = readLines(input, []);
  demand(inPieces.join('\r') === atOnce.join('\r'), 'pieces read otherwise than the whole');
}

function decodeAll(input: Buffer): void {
  for (const dialect of dialects) {
    const message = decode(input, { dialect });
    demand(masked(input, dialect).length <= 2001, 'a mask beyond its bound');
    if (dialect === standardDialect) writeAgain(message);
    const none = decode(input, { dialect, keep: {} });
    demand(none.fields.length === 0, 'a field was kept that was not asked for');
  }
}

/** A message without fault is written again and read as the same. */
function writeAgain(message: Decoded): void {
  if (message.code === undefined || message.deviations.length > 0) return;
  const { code, fixed, fields, sequence } = message;
  const written = encodeParts({ code, fixed, fields }, { sequence });
  // A field may carry control characters or an odd id to us, but none from us.
  if (!written.ok) {
    demand(
      ['character', 'id', 'charset', 'form'].includes(written.error.kind),
      `not written: ${written.error.kind}`,
    );
    return;
  }
  const again = decode(written.value);
  demand(JSON.stringify(again.fields) === JSON.stringify(fields), 'written and read again it differs');
}

const time = new LibraryTime('Europe/Helsinki');

function readValues(input: Buffer): void {
  const text = input.toString('utf8');
  const due = dueOf(text, time, dueForms);
  demand(
    due === undefined || due.kind === 'text' || /^\d{4}-\d\d-\d\d$/.test(due.date),
    'a due date of no form',
  );
  const money = moneyOf(text, text.slice(0, 3), 'EUR');
  demand(money === undefined || /^-?\d+\.\d{2,}$/.test(money.amount), 'a sum of no form');
  demand(!/[\u0000-\u001f\u007f]/.test(cleanText(text, 500)), 'a control character in clean text');
}

const replyTimeoutMs = 10_000;
const goodStatus = '98YYYYYN10000320261120    1000002.00AOUWOLS|BXYYYYYYYYYYYYYYYY|\r';

/** A hostile ACS: whatever it sends, each call ends exactly once. */
function answerCalls(input: Buffer, cuts: readonly number[]): void {
  const clock = new VirtualClock();
  const peer = new ScriptedPeer(clock);
  peer.onConnect = (connection) => {
    connection.accept();
    connection.onLine = (line) => {
      if (line.startsWith('99')) connection.sendRaw(goodStatus);
      else for (const piece of pieces(input, cuts)) connection.sendRaw(piece);
    };
  };
  const random = { bytes: (count: number) => new Uint8Array(count), fraction: () => 0.5 };
  const settings = { institutionId: 'UWOLS', timeZone: 'UTC', currency: 'EUR', language: 'fi' } as const;
  const created = Sip2Ils.create(
    { ...settings, errorDetection: cuts.length % 2 === 0, replyTimeoutMs, keepAliveMs: 0 },
    { open: peer.openStream, clock, random, log: silentLog },
  );
  if (!created.ok) throw new Error(created.error.kind);
  const ils = created.value;
  const ended = [0, 0, 0, 0];
  const count = (call: number) => (): void => {
    ended[call] = (ended[call] ?? 0) + 1;
  };
  ils.start(() => undefined);
  clock.settle();
  ils.checkCustomership({ card: 'djfiander', pin: Buffer.from('6789') }, count(0));
  ils.checkout({ card: 'djfiander', item: '1565921879', at: 0 }, count(1));
  ils.item({ item: 'no_such_barcode' }, count(2));
  ils.checkin({ item: '1565921879', at: 0, offline: false }, count(3));
  clock.advance(10 * replyTimeoutMs);
  ils.stop();
  clock.settle();
  demand(
    ended.every((times) => times === 1),
    `calls ended ${ended.join(', ')} times`,
  );
}

/** Bodies of SIP2 over HTTPS: a message is one line of SIP2, anything else a reason that is short and of one line. */
function readReplies(input: Buffer): void {
  for (const status of [200, 404, 500]) {
    const reply = readHttpsReply(status, input);
    if (reply.kind === 'failed') {
      demand(reply.reason.length > 0 && reply.reason.length < 300, 'a reason beyond its bounds');
      continue;
    }
    demand(status === 200, 'a message from a failure');
    const text = reply.line.toString('utf8');
    demand(/^\d\d[^\r\n]*\r$/.test(text), 'more or less than one line');
    demand(!/^\s*<!DOCTYPE/.test(input.toString('latin1')), 'a document type was read');
    writeEnvelope(reply.line, text);
  }
}

function writeEnvelope(line: Buffer, text: string): void {
  const xml = writeSipXml(line, { namespace: 'urn:x', login: 'a"b', password: '<&>' });
  const again = readSipXml(xml);
  // XML has no place for most control characters, and takes the others for blanks.
  if (!/[\u0000-\u001f\u007f\ufffe\uffff]/.test(text.slice(0, -1)) && text.isWellFormed()) {
    demand(again.kind === 'request' && again.text === text.slice(0, -1), 'an envelope that reads otherwise');
    demand(again.kind === 'request' && again.login === 'a"b' && again.password === '<&>', 'another log-in');
  }
}

const telnetSettings = {
  user: 'koha',
  password: 'secret',
  userPrompt: 'login:',
  passwordPrompt: 'password:',
  lineEnd: 'CR',
} as const;

/** A hostile telnet server: the log-in ends once, in being open or being closed, and is bounded. */
function logInByTelnet(input: Buffer, cuts: readonly number[]): void {
  const clock = new VirtualClock();
  const peer = new ScriptedPeer(clock);
  const seen = { opened: 0, closed: 0, early: 0 };
  const stream = openTelnet(
    peer.openStream,
    telnetSettings,
    clock,
  )({
    opened: () => void seen.opened++,
    bytes: () => {
      if (seen.opened === 0) seen.early++;
    },
    closed: () => void seen.closed++,
  });
  clock.settle();
  for (const piece of pieces(input, cuts)) peer.last.sendRaw(piece);
  clock.advance(60_000);
  demand(seen.opened <= 1 && seen.closed <= 1 && seen.early === 0, 'a log-in that ended otherwise than once');
  demand(peer.last.received.length <= input.length + 2, 'more said than asked');
  stream.close();
  demand(clock.pending() === 0, 'a timer that stays');
}

/** Everything that the library system may send. */
export const sip2Parsers: readonly FuzzedParser[] = [
  { name: 'SIP2 framing', seeds: vectors, read: frame },
  { name: 'SIP2 messages', seeds: vectors, read: decodeAll },
  {
    name: 'due dates and sums',
    seeds: seedsOf(['20261231    235900', '2026-12-31 23:59:59', '31.12.2026', '1,234.50 EUR', '&amp;#124;']),
    read: readValues,
  },
  { name: 'answers of the library system', seeds: vectors, read: answerCalls },
  {
    name: 'replies over HTTPS',
    seeds: [
      ...xmlVectors(),
      ...seedsOf([
        '<!DOCTYPE b [<!ENTITY a "aaaa">]><sip><response>98&a;</response></sip>',
        '<sip><response><![CDATA[98Y|]]></response></sip>',
        '<sip><response>9&#56;Y|</response></sip>',
      ]),
    ],
    read: readReplies,
  },
  {
    name: 'telnet log-in',
    seeds: [
      ...seedsOf([
        'login: password: Login OK.  Initiating SIP\r\n98Y\r',
        'login: password: \r\nInvalid login\r\nlogin: ',
      ]),
      Buffer.from([255, 251, 1, 255, 253, 24, 255, 250, 24, 1, 255, 240]),
    ],
    read: logInByTelnet,
  },
];
