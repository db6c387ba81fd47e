import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeigProtocol } from '../../src/devices/rfid-reader/feig/protocol.ts';
import { PolledRfidReader } from '../../src/devices/rfid-reader/polled-reader.ts';
import type { Field } from '../../src/devices/rfid-reader/rfid-reader.ts';
import { afiScheme } from '../../src/devices/rfid-reader/security.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { encode } from '../../src/sip2/encode.ts';
import { openTcp } from '../../src/sip2/tcp.ts';
import { PtyPair } from '../../src/simulator/pty.ts';
import type { VirtualTag } from '../../src/simulator/rfid/tag-field.ts';
import { VirtualTable } from '../support/virtual-table.ts';
import { figuresOf, type BenchRow } from './bench-row.ts';
import { RecordingAcs } from './recording-acs.ts';
import { StationUnderTest, isReadyForCard, writeConfig } from './station-under-test.ts';

/** Bound of the issue. */
const timesFloorMax = 1.15;
const baudRate = 38_400;
const acsMs = 100;
const stackSize = 6;
const warmUps = 2;
const rounds = 8;
const waitMsMax = 30_000;

const card = '20000000000001';
const pin = '1234';

function stack(table: VirtualTable, round: number): VirtualTag[] {
  return Array.from({ length: stackSize }, (_, index) =>
    table.tagsOf({ item: `3${String(round * stackSize + index + 1).padStart(13, '0')}` }),
  ).flat();
}

function inTime<T>(what: string, made: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} did not come`)), waitMsMax);
    made.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

/** When the reader first heard what was laid down now. */
function firstHeard(table: VirtualTable): Promise<number> {
  return inTime(
    'an inventory',
    new Promise((resolve) => {
      table.field.onHeard = () => {
        table.field.onHeard = () => undefined;
        resolve(performance.now());
      };
    }),
  );
}

/** The driver alone, as the station has it. */
class ReaderAlone {
  readonly #table: VirtualTable;
  readonly #reader: PolledRfidReader;
  #onField: (field: Field) => void = () => undefined;

  constructor(table: VirtualTable) {
    this.#table = table;
    this.#reader = new PolledRfidReader({
      path: 'bench',
      open: openTcp('127.0.0.1', table.port),
      protocol: () => new FeigProtocol({ form: 'standard', easCheck: false }),
      scheme: afiScheme,
      clock: systemClock,
      log: silentLog,
      pollMs: table.device['pollMs'] as number,
    });
  }

  start(): Promise<void> {
    return inTime(
      'the reader',
      new Promise((resolve) => {
        this.#reader.start({
          onStatus: ({ state }) => (state === 'ready' ? resolve() : undefined),
          onField: (field) => this.#onField(field),
        });
      }),
    );
  }

  stop(): void {
    this.#reader.stop();
  }

  /** From the first inventory until all lie still and are read, and then the security of each lifted. */
  async stack(tags: readonly VirtualTag[]): Promise<number> {
    const from = firstHeard(this.#table);
    const still = new Promise<void>((resolve) => {
      this.#onField = (field) => {
        const read = field.tags.filter((tag) => tag.still && tag.memory !== undefined);
        if (read.length === tags.length) resolve();
      };
    });
    this.#table.lay(...tags);
    await inTime('the stack', still);
    for (const { uid } of tags) {
      const outcome = await inTime(
        'the security',
        new Promise<string>((resolve) => this.#reader.setSecurity(uid, false, ({ kind }) => resolve(kind))),
      );
      if (outcome !== 'done') throw new Error(`the driver alone: ${outcome}`);
    }
    const tookMs = performance.now() - (await from);
    this.#table.lift(...tags);
    return tookMs;
  }
}

/** Six checkouts one after the other over a bare socket. */
async function acsAlone(port: number): Promise<number> {
  const request = encode(
    {
      code: '11',
      fixed: {
        scRenewalPolicy: 'N',
        noBlock: 'N',
        transactionDate: '20261120    100000',
        nbDueDate: ' '.repeat(18),
      },
      fields: { AO: 'BENCH', AA: card, AB: '30000000000001', AC: '' },
    },
    { sequence: 1 },
  );
  if (!request.ok) throw new Error(request.error.field);
  const socket = await new Promise<Socket>((resolve, reject) => {
    const made = connect({ host: '127.0.0.1', port, noDelay: true }, () => resolve(made));
    made.once('error', reject);
  });
  const begun = performance.now();
  for (let count = 0; count < stackSize; count++) {
    const reply = new Promise((resolve) => socket.once('data', resolve));
    socket.write(request.value);
    await inTime('a reply', reply);
  }
  const tookMs = performance.now() - begun;
  socket.destroy();
  return tookMs;
}

async function stationStack(
  station: StationUnderTest,
  table: VirtualTable,
  tags: readonly VirtualTag[],
): Promise<number> {
  await station.until('the home screen', isReadyForCard);
  station.act({ do: 'chooseService', service: 'borrow' });
  await station.until('the card screen', ({ screen }) => screen.name === 'card');
  station.act({ do: 'submitCardNumber', number: card });
  await station.until('the PIN screen', ({ screen }) => screen.name === 'pin');
  for (const key of pin) station.act({ do: 'pinKey', key });
  station.act({ do: 'pinEnter' });
  await station.until('the borrow screen', ({ screen }) => screen.name === 'borrow');
  const from = firstHeard(table);
  const done = station.until(
    '"take them"',
    ({ screen }) =>
      screen.name === 'borrow' &&
      screen.items.filter(({ state, message }) => state === 'done' && message.key.startsWith('row.tag.free'))
        .length === tags.length,
  );
  table.lay(...tags);
  const tookMs = (await done).at - (await from);
  if (tags.some(({ afi }) => afi !== afiScheme.onLoan)) throw new Error('the gate would sound');
  table.lift(...tags);
  station.act({ do: 'finish', receipt: false });
  await station.until('the good-bye', ({ screen }) => screen.name === 'finished');
  station.act({ do: 'dismiss' });
  return tookMs;
}

/** A stack of six on the reader, beside what driver and ACS take for it alone, one after the other. */
export async function run(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'omatoimi-bench-'));
  const endings: (() => Promise<void> | void)[] = [() => rmSync(directory, { recursive: true, force: true })];
  try {
    const acs = await RecordingAcs.listen();
    endings.push(() => acs.close());
    acs.latencyMs = acsMs;
    const scanner = await PtyPair.create();
    endings.push(() => scanner.close());
    const [table, otherTable] = [await VirtualTable.create(baudRate), await VirtualTable.create(baudRate)];
    endings.push(() => table.close());
    endings.push(() => otherTable.close());
    const alone = new ReaderAlone(otherTable);
    endings.push(() => alone.stop());
    await alone.start();
    const config = writeConfig(directory, acs.port, scanner.devicePath, [table.device]);
    const station = await StationUnderTest.start(config);
    endings.push(() => station.stop());
    const ours: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round < warmUps + rounds; round++) {
      const own = await stationStack(station, table, stack(table, round));
      const sum = (await alone.stack(stack(otherTable, round))) + (await acsAlone(acs.port));
      if (round < warmUps) continue;
      ours.push(own);
      floor.push(sum);
    }
    const [figures, floorFigures] = [figuresOf(ours), figuresOf(floor)];
    return [
      {
        name: `a stack of ${stackSize}, first inventory → "take them" (reader at ${baudRate} Bd, ACS at ${acsMs} ms)`,
        unit: 'ms',
        ours: figures,
        floor: floorFigures,
        floorName: 'the reader’s driver alone and the ACS alone, one after the other',
        bound: `at most ${timesFloorMax} times the floor`,
        pass: figures.median <= floorFigures.median * timesFloorMax,
      },
    ];
  } finally {
    for (const end of endings.reverse()) await end();
  }
}
