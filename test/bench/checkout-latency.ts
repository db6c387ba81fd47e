import { closeSync, constants, mkdtempSync, openSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PtyPair } from '../../src/simulator/pty.ts';
import { BareUnderTest, type BareExchange, type BareRound } from './bare-under-test.ts';
import { figuresOf, type BenchRow } from './bench-row.ts';
import { RecordingAcs, type SeenCheckout } from './recording-acs.ts';
import { StationUnderTest, isReadyForCard, writeConfig } from './station-under-test.ts';

/** Bound of the issue. */
const checkoutTimesFloorMax = 1.5;

/** A station runs for weeks; its code is warm. */
const warmUps = 300;
const rounds = 400;
/** As in a station-day of the design. */
const checkoutsPerSession = 4;
/** Odd. */
const seriesCount = 3;
const waitMsMax = 10_000;

const pin = '1234';
/** As long as the bench’s own answer to a checkout. */
const replyLine =
  '121NNY20261120    100000AOBENCH|AA20000000000001|AB30000000000001|AJ...|AH20261218    235900|';

interface StationRound {
  readonly toWireMs: number;
  readonly toViewMs: number;
  readonly wholeMs: number;
  readonly viewBytes: number;
}

/** A scanner’s end of a tty; tells when the last byte was handed to it. */
class Scanner {
  readonly #pty: PtyPair;
  readonly #fd: number;

  private constructor(pty: PtyPair) {
    this.#pty = pty;
    this.#fd = openSync(realpathSync(pty.emulatorPath), constants.O_WRONLY | constants.O_NOCTTY);
  }

  static async plugIn(): Promise<Scanner> {
    return new Scanner(await PtyPair.create());
  }

  get tty(): string {
    return this.#pty.devicePath;
  }

  scan(text: string): number {
    const bytes = Buffer.from(`${text}\r`);
    const at = performance.now();
    if (writeSync(this.#fd, bytes) !== bytes.length) throw new Error('the tty did not take the barcode');
    return at;
  }

  async unplug(): Promise<void> {
    closeSync(this.#fd);
    await this.#pty.close();
  }
}

async function signIn(station: StationUnderTest, card: string): Promise<void> {
  await station.until('the home screen', isReadyForCard);
  station.act({ do: 'chooseService', service: 'borrow' });
  await station.until('the card screen', ({ screen }) => screen.name === 'card');
  station.act({ do: 'submitCardNumber', number: card });
  await station.until('the PIN screen', ({ screen }) => screen.name === 'pin');
  for (const key of pin) station.act({ do: 'pinKey', key });
  station.act({ do: 'pinEnter' });
  await station.until('the borrow screen', ({ screen }) => screen.name === 'borrow');
}

async function signOut(station: StationUnderTest): Promise<void> {
  station.act({ do: 'finish', receipt: false });
  await station.until('the good-bye', ({ screen }) => screen.name === 'finished');
  station.act({ do: 'dismiss' });
}

function seenBy(acs: RecordingAcs): Promise<SeenCheckout> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no checkout reached the ACS')), waitMsMax);
    acs.onCheckout = (seen) => {
      clearTimeout(timer);
      resolve(seen);
    };
  });
}

async function checkout(
  station: StationUnderTest,
  acs: RecordingAcs,
  scanner: Scanner,
  item: string,
): Promise<StationRound> {
  const onWire = seenBy(acs);
  const onScreen = station.until(
    'the loan',
    ({ screen }) =>
      screen.name === 'borrow' && screen.items.some((row) => row.item === item && row.state === 'done'),
    (line) => !line.includes('"state":"pending"'),
  );
  const scannedAt = scanner.scan(item);
  const [wire, done] = await Promise.all([onWire, onScreen]);
  if (wire.item !== item) throw new Error(`${item} was scanned, ${wire.item} was asked for`);
  return {
    toWireMs: wire.requestAt - scannedAt,
    toViewMs: done.at - wire.repliedAt,
    wholeMs: done.at - scannedAt,
    viewBytes: done.bytes,
  };
}

interface Samples {
  readonly station: readonly StationRound[];
  readonly bare: readonly BareRound[];
  readonly exchange: readonly BareExchange[];
}

interface Parts {
  readonly acs: RecordingAcs;
  readonly station: StationUnderTest;
  readonly bare: BareUnderTest;
  readonly scanner: Scanner;
  readonly bareScanner: Scanner;
}

/** The number of a card (2) or item (3). */
function numbered(what: 2 | 3, series: number, round: number): string {
  return `${what}${series}${String(round + 1).padStart(12, '0')}`;
}

/** Taken in turn, so that a busy moment of the machine meets all. */
async function measure(
  { acs, station, bare, scanner, bareScanner }: Parts,
  series: number,
): Promise<Samples> {
  const samples = { station: [] as StationRound[], bare: [] as BareRound[], exchange: [] as BareExchange[] };
  for (let round = 0; round < warmUps + rounds; round += 1) {
    // Each visit is another patron’s: nobody has all at home that the bench ever lent.
    if (round % checkoutsPerSession === 0) await signIn(station, numbered(2, series, round));
    // Each series lends items of its own: what the patron has already would be renewed.
    const item = numbered(3, series, round);
    const own = await checkout(station, acs, scanner, item);
    const bareRound = await bare.round(() => bareScanner.scan(item), replyLine, own.viewBytes);
    const seen = seenBy(acs);
    const [exchange] = await Promise.all([bare.exchange(), seen]);
    if (round % checkoutsPerSession === checkoutsPerSession - 1) await signOut(station);
    if (round < warmUps) continue;
    samples.station.push(own);
    samples.bare.push(bareRound);
    samples.exchange.push(exchange);
  }
  return samples;
}

function rowsOf({ station, bare, exchange }: Samples): BenchRow[] {
  const whole = figuresOf(station.map((one) => one.wholeMs));
  const wholeFloor = figuresOf(exchange.map((one) => one.allMs));
  const sameEnds = figuresOf(
    bare.map(({ toWireMs, toViewMs }, round) => {
      const { allMs = Number.NaN, exchangeMs = Number.NaN } = exchange[round] ?? {};
      return toWireMs + toViewMs + allMs - exchangeMs;
    }),
  );
  return [
    {
      name: 'last byte of a barcode on the tty → SIP2 request on the wire (with a durable commit)',
      unit: 'ms',
      ours: figuresOf(station.map((one) => one.toWireMs)),
      floor: figuresOf(bare.map((one) => one.toWireMs)),
      floorName: 'a line from the tty to a TCP socket, and nothing else',
      pass: true,
    },
    {
      name: 'last byte of the reply → published view (with a durable commit)',
      unit: 'ms',
      ours: figuresOf(station.map((one) => one.toViewMs)),
      floor: figuresOf(bare.map((one) => one.toViewMs)),
      floorName: 'a line from TCP, and a line as long as the view to a Unix socket',
      pass: true,
    },
    {
      name: 'a whole checkout: barcode → published loan',
      unit: 'ms',
      ours: whole,
      floor: wholeFloor,
      floorName: 'a bare socket client that does only the exchange, between two durable commits',
      bound: `at most ${checkoutTimesFloorMax} times the floor`,
      pass: whole.median <= wholeFloor.median * checkoutTimesFloorMax,
    },
    {
      name: 'the same checkout, beside a floor that begins and ends where it does',
      unit: 'ms',
      ours: whole,
      floor: sameEnds,
      floorName:
        'the bare process from the tty to the wire and from the reply to a Unix socket, and two durable commits',
      pass: true,
    },
  ];
}

/** Of several series the one whose ratio is the middle one: a busy moment can make a ratio look better as well as worse. */
async function middleOf(series: (which: number) => Promise<Samples>): Promise<BenchRow[]> {
  const all: { readonly rows: BenchRow[]; readonly ratio: number }[] = [];
  for (let which = 0; which < seriesCount; which += 1) {
    const rows = rowsOf(await series(which));
    const { ours, floor } = rows.find(({ bound }) => bound !== undefined) ?? {};
    all.push({ rows, ratio: (ours?.median ?? Number.NaN) / (floor?.median ?? Number.NaN) });
  }
  all.sort((one, other) => one.ratio - other.ratio);
  return all[Math.floor(seriesCount / 2)]?.rows ?? [];
}

/** The real station with a real tty and a real socket, beside processes that do only what cannot be left out. */
export async function run(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'omatoimi-bench-'));
  const endings: (() => Promise<void> | void)[] = [() => rmSync(directory, { recursive: true, force: true })];
  try {
    const acs = await RecordingAcs.listen();
    endings.push(() => acs.close());
    const scanner = await Scanner.plugIn();
    endings.push(() => scanner.unplug());
    const bareScanner = await Scanner.plugIn();
    endings.push(() => bareScanner.unplug());
    const bare = await BareUnderTest.start({
      tty: bareScanner.tty,
      acsPort: acs.port,
      directory: mkdtempSync(join(directory, 'bare-')),
      socketPath: join(directory, 'bare.sock'),
    });
    endings.push(() => bare.stop());
    const station = await StationUnderTest.start(writeConfig(directory, acs.port, scanner.tty));
    endings.push(() => station.stop());
    return await middleOf((which) => measure({ acs, station, bare, scanner, bareScanner }, which));
  } finally {
    for (const end of endings.reverse()) await end();
  }
}
