import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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

/** Bound of the issue. */
const readyMillisMax = 1_500;

const storedRows = 10_000;
const rounds = 9;

function fill(directory: string): void {
  mkdirSync(directory, { mode: 0o700 });
  const journal = openIn(directory);
  const rows = Array.from({ length: storedRows }, (_, index): Row[] => {
    const id = newTransactionId(systemRandom);
    const at = Date.now();
    const item = `3${String(index).padStart(13, '0')}`;
    return [
      { row: 'begin', id, kind: 'checkout', state: 'intended', item, patron: '20000000000001', at },
      { row: 'move', id, to: 'accepted', at, rule: 'answered', source: 'acs', due: '2026-12-18 23:59' },
    ];
  });
  if (!journal.commit(rows.flat()).ok) throw new Error('the disk failed');
  journal.close();
}

async function millisOf(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function bareNode(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`node ended (${code})`))));
  });
}

/** From the start of the process until its page offers lending: on-line, with its scanner, and a long journal behind it. */
async function stationReady(config: string): Promise<number> {
  const from = performance.now();
  const station = await StationUnderTest.start(config);
  const { at } = await station.until('ready for a card', isReadyForCard);
  await station.stop();
  return at - from;
}

export async function run(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'omatoimi-bench-'));
  const acs = await RecordingAcs.listen();
  const tty = await PtyPair.create();
  try {
    fill(join(directory, 'data'));
    const config = writeConfig(directory, acs.port, tty.devicePath);
    const ours: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await stationReady(config));
      floor.push(await millisOf(bareNode));
    }
    const own = figuresOf(ours);
    return [
      {
        name: `start of the station → ready for a card, ${storedRows.toLocaleString('en')} rows in the journal`,
        unit: 'ms',
        ours: own,
        floor: figuresOf(floor),
        floorName: 'a bare Node that starts and ends',
        bound: `under ${readyMillisMax} ms`,
        pass: own.median < readyMillisMax,
      },
    ];
  } finally {
    acs.close();
    await tty.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
