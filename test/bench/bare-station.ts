import { existsSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { SerialPort } from 'serialport';
import type { Row } from '../../src/journal/rows.ts';
import { newTransactionId } from '../../src/kernel/ids.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { encode } from '../../src/sip2/encode.ts';
import { openIn } from './open-in.ts';

/**
 * The floor of the bench, a process of its own: what a program must do at least to be in the station’s place. A line from the
 * tty goes to a TCP socket as it is; a line from there that begins with a number makes it write a line of that length to its
 * Unix socket; the line `exchange` there makes it do one checkout with the ACS between the two durable commits of one.
 *
 * Arguments: tty, port of the lines, port of the ACS, folder of its journal, path of the Unix socket. Ends with its standard input.
 */
const [tty = '', linePort = '', acsPort = '', directory = '', socketPath = ''] = process.argv.slice(2);

const card = '20000000000001';
const item = '30000000000001';
const due = '2026-12-18 23:59';

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

function checkoutRequest(): Buffer {
  const date = '20261120    100000';
  const encoded = encode(
    {
      code: '11',
      fixed: { scRenewalPolicy: 'N', noBlock: 'N', transactionDate: date, nbDueDate: ' '.repeat(18) },
      fields: { AO: 'BENCH', AA: card, AB: item, AC: '' },
    },
    { sequence: 1 },
  );
  if (!encoded.ok) throw new Error(encoded.error.field);
  return encoded.value;
}

/** The two durable commits of a checkout, as the journal makes them. */
function twoCommits(): { begin(): void; accept(): void } {
  const journal = openIn(directory);
  let id = newTransactionId(systemRandom);
  const commit = (row: Row): void => {
    if (!journal.commit([row]).ok) throw new Error('the disk failed');
  };
  return {
    begin() {
      id = newTransactionId(systemRandom);
      const at = Date.now();
      commit({ row: 'begin', id, kind: 'checkout', state: 'intended', item, patron: card, at });
    },
    accept() {
      commit({ row: 'move', id, to: 'accepted', at: Date.now(), rule: 'answered', source: 'acs', due });
    },
  };
}

/** Calls `line` for each line, given its end; what comes is short and whole most of the time. */
function splitLines(end: string, line: (text: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + chunk.toString('latin1')).split(end);
    rest = parts.pop() ?? '';
    for (const part of parts) line(part);
  };
}

function opened(port: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

function page(): Promise<Socket> {
  if (existsSync(socketPath)) rmSync(socketPath);
  return new Promise((resolve) => {
    createServer(resolve).listen(socketPath, () => process.stdout.write('ready\n'));
  });
}

const [lines, acs] = await Promise.all([opened(linePort), opened(acsPort)]);
const serial = new SerialPort({ path: tty, baudRate: 9600, lock: true });
await new Promise((resolve) => serial.once('open', resolve));
const commits = twoCommits();
const request = checkoutRequest();
const watcher = await page();

serial.on(
  'data',
  splitLines('\r', (barcode) => lines.write(`${barcode}\n`)),
);
lines.on(
  'data',
  splitLines('\n', (reply) => {
    const length = Number.parseInt(reply, 10);
    watcher.write(`${' '.repeat(length - 1)}\n`);
  }),
);

let begun = { at: 0, exchangeAt: 0 };
watcher.on(
  'data',
  splitLines('\n', () => {
    const at = performance.now();
    commits.begin();
    begun = { at, exchangeAt: performance.now() };
    acs.write(request);
  }),
);
acs.on(
  'data',
  splitLines('\r', () => {
    const repliedAt = performance.now();
    commits.accept();
    const allMs = performance.now() - begun.at;
    watcher.write(`${JSON.stringify({ exchangeMs: repliedAt - begun.exchangeAt, allMs })}\n`);
  }),
);
watcher.on('close', () => process.exit(0));
