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
import { masked } from '../../src/sip2/masked.ts';
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
];
