import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { newTransactionId } from '../../src/kernel/ids.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import type { Row } from '../../src/journal/rows.ts';
import { figuresOf, type BenchRow } from './bench-row.ts';
import { openIn } from './open-in.ts';

/** Bounds of the brief. */
const commitTimesFloorMax = 1.5;
const openMillisMax = 300;

const warmUps = 50;
const commits = 400;
const storedRows = 10_000;
const opens = 7;

/** What SQLite itself needs to have one row of the same size on the same disk. */
function bareInsert(directory: string): () => void {
  const db = new Database(join(directory, 'bare.db'));
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.exec('create table t (id integer primary key, content blob)');
  const [begin, insert, commit] = ['begin immediate', 'insert into t (content) values (?)', 'commit'].map(
    (sql) => db.prepare(sql),
  );
  const content = systemRandom.bytes(250);
  return () => {
    begin?.run();
    insert?.run(content);
    commit?.run();
  };
}

function checkout(number: number): Row[] {
  const id = newTransactionId(systemRandom);
  return [
    {
      row: 'begin',
      id,
      kind: 'checkout',
      state: 'intended',
      item: `3000700${8_637_257 + number}`,
      patron: '29999001',
      at: Date.now(),
    },
    { row: 'attempt', id, at: Date.now() },
  ];
}

function microsOf(work: () => void): number {
  const from = performance.now();
  work();
  return (performance.now() - from) * 1_000;
}

function commitRow(directory: string): BenchRow {
  const journal = openIn(directory);
  const bare = bareInsert(directory);
  const ours: number[] = [];
  const floor: number[] = [];
  // Taken in turn, so that a busy moment of the disk meets both.
  for (let round = 0; round < warmUps + commits; round += 1) {
    const rows = checkout(round);
    const own = microsOf(() => {
      if (!journal.commit(rows).ok) throw new Error('the disk failed');
    });
    const other = microsOf(bare);
    if (round < warmUps) continue;
    ours.push(own);
    floor.push(other);
  }
  journal.close();
  const [own, other] = [figuresOf(ours), figuresOf(floor)];
  return {
    name: 'a durable commit of a transaction',
    unit: 'µs',
    ours: own,
    floor: other,
    floorName: 'a bare insert of SQLite with as many bytes',
    bound: `at most ${commitTimesFloorMax} times the floor`,
    pass: own.median <= other.median * commitTimesFloorMax,
  };
}

function openRow(directory: string): BenchRow {
  const journal = openIn(directory);
  const rows = Array.from({ length: storedRows }, (_, index): Row[] => {
    const begun = checkout(index);
    const [first] = begun;
    if (first?.row !== 'begin') throw new Error('impossible: a checkout begins');
    return [...begun, { row: 'move', id: first.id, to: 'accepted', at: first.at, due: '20261218    235900' }];
  });
  journal.commit(rows.flat());
  journal.close();
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < opens; round += 1) {
    ours.push(microsOf(() => openIn(directory).close()) / 1_000);
    floor.push(microsOf(() => countRows(join(directory, 'journal.db'))) / 1_000);
  }
  const own = figuresOf(ours);
  return {
    name: `the journal opened with ${storedRows.toLocaleString('en')} rows`,
    unit: 'ms',
    ours: own,
    floor: figuresOf(floor),
    floorName: 'a bare open of SQLite and a count',
    bound: `under ${openMillisMax} ms`,
    pass: own.median < openMillisMax,
  };
}

function countRows(file: string): void {
  const db = new Database(file);
  db.prepare('select count(*) from transactions').get();
  db.close();
}

/** Both on the disk of the system's folder for temporary files; on a tmpfs there a flush costs nothing. */
export async function run(): Promise<BenchRow[]> {
  const directories = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'omatoimi-bench-')));
  try {
    const [first = '', second = ''] = directories;
    return await Promise.resolve([commitRow(first), openRow(second)]);
  } finally {
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  }
}
