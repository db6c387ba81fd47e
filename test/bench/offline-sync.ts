import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTransactionId } from '../../src/kernel/ids.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import type { Row } from '../../src/journal/rows.ts';
import { PtyPair } from '../../src/simulator/pty.ts';
import { figuresOf, type BenchRow } from './bench-row.ts';
import { openIn } from './open-in.ts';
import { RecordingAcs } from './recording-acs.ts';
import { StationUnderTest, isReadyForCard, writeConfig } from './station-under-test.ts';

/** Bounds of the issue. */
const rateOfBareMin = 0.9;
const startMillisMax = 3_000;

const waitingRows = 10_000;
const rowsAtStart = 100_000;
const rowsPerCommit = 1_000;
/** At 20 ms each, all ten thousand would take minutes; how many wait in the journal is what may slow each one down. */
const sentWithLatency = 400;
const sentOnLoopback = 2_000;
const latencyMs = 20;
/** Odd. */
const series = 3;
const waitMsMax = 120_000;
const lineEnd = Buffer.from('\r\n');

/** The bench’s own ACS gives this date. */
const dueTold = '2026-12-18';
const at = Date.UTC(2026, 10, 20, 8);

/** Loans and returns in turn, each of its own item and patron. */
function waitingRow(index: number): Row {
  const number = String(index).padStart(13, '0');
  const base = {
    row: 'begin',
    id: newTransactionId(systemRandom),
    state: 'waiting',
    item: `3${number}`,
    at,
  } as const;
  return index % 2 === 0
    ? { ...base, kind: 'checkout', patron: `2${number}`, dueTold }
    : { ...base, kind: 'checkin', patron: undefined };
}

function fill(directory: string, count: number): void {
  mkdirSync(directory, { mode: 0o700, recursive: true });
  const journal = openIn(directory);
  for (let first = 0; first < count; first += rowsPerCommit) {
    const rows = Array.from({ length: Math.min(rowsPerCommit, count - first) }, (_, index) =>
      waitingRow(first + index),
    );
    if (!journal.commit(rows).ok) throw new Error('the disk failed');
  }
  journal.close();
}

function isAct(request: Buffer): boolean {
  return ['09', '11'].includes(request.toString('latin1', 0, 2));
}

/** How long so many acts take from the first that the ACS sees. */
function actsSeen(acs: RecordingAcs, count: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the sync does not come to its end')), waitMsMax);
    let seen = 0;
    let from = 0;
    acs.onAct = () => {
      if (seen === 0) from = performance.now();
      if (seen++ < count) return;
      acs.onAct = () => undefined;
      clearTimeout(timer);
      resolve(performance.now() - from);
    };
  });
}

/** The same messages byte for byte, questions among them, one after the other, with nothing kept. */
async function bare(acs: RecordingAcs, requests: readonly Buffer[], count: number): Promise<number> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const made = connect({ host: '127.0.0.1', port: acs.port, noDelay: true }, () => resolve(made));
    made.once('error', reject);
  });
  const took = actsSeen(acs, count);
  let next = 0;
  const send = (): void => {
    const request = requests[next++];
    if (request !== undefined) socket.write(Buffer.concat([request, lineEnd]));
  };
  socket.on('data', (chunk: Buffer) => {
    if (chunk.includes(0x0d)) send();
  });
  send();
  const millis = await took;
  socket.destroy();
  return millis;
}

interface Synced {
  readonly millis: number;
  /** All that the station sent meanwhile, in its order. */
  readonly requests: readonly Buffer[];
}

async function synced(acs: RecordingAcs, directory: string, count: number): Promise<Synced> {
  const tty = await PtyPair.create();
  try {
    fill(join(directory, 'data'), waitingRows);
    const took = actsSeen(acs, count);
    const requests: Buffer[] = [];
    acs.onRequest = (bytes) => requests.push(bytes);
    const station = await StationUnderTest.start(writeConfig(directory, acs.port, tty.devicePath));
    const millis = await took;
    acs.onRequest = () => undefined;
    await station.stop();
    // It logs in and asks for the status before it tells anything.
    return { millis, requests: requests.slice(requests.findIndex(isAct)) };
  } finally {
    await tty.close();
  }
}

const perMinute = (count: number, millis: number): number => (count / millis) * 60_000;

interface Rates {
  readonly ours: number;
  readonly bare: number;
}

/** The series whose ratio is the middle one: a busy moment can make a ratio look better as well as worse. */
async function rates(acs: RecordingAcs, directory: string, count: number, latency: number): Promise<Rates> {
  acs.latencyMs = latency;
  const all: Rates[] = [];
  for (let index = 0; index < series; index++) {
    const folder = mkdtempSync(join(directory, 'sync-'));
    const { millis, requests } = await synced(acs, folder, count);
    all.push({ ours: perMinute(count, millis), bare: perMinute(count, await bare(acs, requests, count)) });
  }
  all.sort((one, other) => one.ours / one.bare - other.ours / other.bare);
  return all[Math.floor(series / 2)] ?? { ours: Number.NaN, bare: Number.NaN };
}

/** From the start of the process until it offers lending, with all these rows to take up. */
async function startMillis(acs: RecordingAcs, directory: string): Promise<number> {
  const tty = await PtyPair.create();
  try {
    fill(join(directory, 'data'), rowsAtStart);
    const from = performance.now();
    const station = await StationUnderTest.start(writeConfig(directory, acs.port, tty.devicePath));
    const ready = await station.until('ready for a card', isReadyForCard);
    await station.stop();
    return ready.at - from;
  } finally {
    await tty.close();
  }
}

function rateRow(name: string, { ours, bare: floor }: Rates, bound: boolean): BenchRow {
  return {
    name,
    unit: 'a minute',
    ours: figuresOf([ours]),
    floor: figuresOf([floor]),
    floorName: 'a bare client that sends the same messages one by one and keeps nothing',
    ...(bound ? { bound: `at least ${rateOfBareMin} of the floor` } : {}),
    pass: !bound || ours >= floor * rateOfBareMin,
  };
}

/** Telling the library system what an outage left, with everything on the disk; and a start with a great deal of it. */
export async function run(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'omatoimi-bench-'));
  const acs = await RecordingAcs.listen();
  try {
    const withLatency = await rates(acs, directory, sentWithLatency, latencyMs);
    const onLoopback = await rates(acs, directory, sentOnLoopback, 0);
    acs.latencyMs = 0;
    const millis = await startMillis(acs, mkdtempSync(join(directory, 'start-')));
    return [
      rateRow(
        `sync, ACS with ${latencyMs} ms latency: the first ${sentWithLatency} of ${waitingRows} waiting loans and returns`,
        withLatency,
        true,
      ),
      rateRow(
        `sync on loopback: the first ${sentOnLoopback} of ${waitingRows} waiting loans and returns`,
        onLoopback,
        false,
      ),
      {
        name: `start of the station with ${rowsAtStart} waiting rows → ready for a card`,
        unit: 'ms',
        ours: figuresOf([millis]),
        bound: `at most ${startMillisMax} ms`,
        pass: millis <= startMillisMax,
      },
    ];
  } finally {
    acs.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
