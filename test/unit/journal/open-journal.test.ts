import Database from 'better-sqlite3';
import {
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/kernel/log.ts';
import type { Row } from '../../../src/journal/rows.ts';
import { readExport } from '../../../src/journal/salvage.ts';
import type { SqliteJournal } from '../../../src/journal/sqlite-journal.ts';
import { migrate } from '../../../src/journal/migrate.ts';
import { schemaVersion } from '../../../src/journal/schema/migrations.ts';
import { MemoryKeyStore } from '../../../src/journal/memory-key-store.ts';
import {
  begin,
  filesOf,
  friday,
  idOf,
  keyStore,
  move,
  openWhole,
  seededRandom,
  temporaryDirectory,
  value,
} from './support.ts';

const fileIn = (directory: string): string => join(directory, 'journal.db');
const pageBytes = 4096;

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}

/** Two thousand settled transactions and, among them, six that are not. */
function fill(journal: SqliteJournal): void {
  const rows: Row[] = [];
  for (let number = 1; number <= 2_000; number += 1) rows.push(begin(number), move(number, 'accepted'));
  rows.push(
    { row: 'pinTried', card: '29999001', at: friday },
    { row: 'pinTried', card: '29999001', at: friday + 1 },
    begin(3_001),
    { row: 'attempt', id: idOf(3_001), at: friday },
    { row: 'attempt', id: idOf(3_001), at: friday },
    begin(3_002, { kind: 'checkin', state: 'waiting', at: friday + 5 }),
    begin(3_003, { kind: 'renew' }),
    { row: 'move', id: idOf(3_003), to: 'uncertain', at: friday + 9, rule: 'reply.lost', source: 'station' },
    begin(3_004, { state: 'waiting' }),
    {
      row: 'move',
      id: idOf(3_004),
      to: 'staff',
      at: friday + 9,
      rule: 'acs.no',
      source: 'acs',
      words: ['Ei käy'],
    },
  );
  expect(journal.commit(rows)).toEqual({ ok: true });
}

function lineLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return {
    log: { write: (level, event, fields) => lines.push(`${level} ${event} ${JSON.stringify(fields)}`) },
    lines,
  };
}

describe('a start', () => {
  it('makes a journal where there is none, and finds it again', () => {
    const directory = join(temporaryDirectory(), 'data');
    const { log, lines } = lineLog();
    const first = openWhole(directory, { log });
    expect(first.aside).toBeUndefined();
    expect(first.journal.commit([begin(1)])).toEqual({ ok: true });
    first.journal.close();
    const again = openWhole(directory, { log });
    expect(again.aside).toBeUndefined();
    expect(again.journal.open().map(({ id }) => id)).toEqual([idOf(1)]);
    expect(lines).toEqual([
      `info journal.opened {"version":${schemaVersion},"count":0}`,
      `info journal.opened {"version":${schemaVersion},"count":1}`,
    ]);
  });

  it('takes well under 300 ms with ten thousand rows', () => {
    const directory = temporaryDirectory();
    const { journal } = openWhole(directory);
    const rows = Array.from({ length: 10_000 }, (_, index) => [
      begin(index + 1),
      move(index + 1, 'accepted'),
    ]).flat();
    journal.commit(rows);
    journal.close();
    const from = performance.now();
    const again = openWhole(directory);
    expect(performance.now() - from).toBeLessThan(300);
    expect(again.journal.status().counts).toEqual({ accepted: 10_000 });
  });

  it('brings an older journal up to date', () => {
    const directory = temporaryDirectory();
    const db = new Database(fileIn(directory));
    expect(migrate(db, 1).ok).toBe(true);
    db.close();
    const { journal, aside } = openWhole(directory);
    expect(aside).toBeUndefined();
    expect(journal.commit([{ row: 'pinTried', card: 'a', at: friday }])).toEqual({ ok: true });
  });
});

describe('a newer journal', () => {
  it('is kept aside to the byte, its log too, and the station goes on with a new one', () => {
    const directory = temporaryDirectory();
    const { journal } = openWhole(directory);
    journal.commit([begin(1)]);
    const db = new Database(fileIn(directory));
    db.pragma(`user_version = ${schemaVersion + 1}`);
    // The newest content stands in the write-ahead log only, as after a power cut.
    const before = filesOf(directory);
    const held = new Map([...before].filter(([name]) => name.startsWith('journal.db')));
    db.close();
    journal.close();
    for (const [name, bytes] of held) writeFileSync(join(directory, name), bytes);

    const { log, lines } = lineLog();
    const opened = openWhole(directory, { log });
    const name = `journal.newer-${schemaVersion + 1}-20261120T080000Z.db`;
    expect(opened.aside).toEqual({
      file: join(directory, name),
      why: { kind: 'newer', version: schemaVersion + 1 },
      carried: 0,
      unreadable: 0,
      lost: [],
      auditCarried: false,
    });
    expect(readFileSync(join(directory, name))).toEqual(held.get('journal.db'));
    expect(readFileSync(join(directory, `${name}-wal`))).toEqual(held.get('journal.db-wal'));
    expect(opened.journal.open()).toEqual([]);
    expect(opened.journal.commit([begin(2)])).toEqual({ ok: true });
    expect(lines[0]).toBe(
      `error journal.newer {"path":"${name}","reason":"schema ${schemaVersion + 1}","count":0}`,
    );

    // The newer program finds all of its own there.
    const newer = new Database(join(directory, name));
    expect(newer.prepare('select id from transactions').pluck().all()).toEqual([idOf(1)]);
    expect(newer.pragma('user_version', { simple: true })).toBe(schemaVersion + 1);
    newer.close();
  });

  it('gets a name of its own each time', () => {
    const directory = temporaryDirectory();
    const names = [1, 2, 3].map(() => {
      const { journal, aside } = openWhole(directory);
      journal.close();
      const db = new Database(fileIn(directory));
      db.pragma(`user_version = ${schemaVersion + 1}`);
      db.close();
      return aside?.file.slice(directory.length + 1);
    });
    const base = `journal.newer-${schemaVersion + 1}-20261120T080000Z`;
    expect(names).toEqual([undefined, `${base}.db`, `${base}-2.db`]);
  });
});

describe('a damaged journal', () => {
  function damaged(damage: (file: string) => void): { directory: string; original: Buffer } {
    const directory = temporaryDirectory();
    const { journal } = openWhole(directory);
    fill(journal);
    journal.close();
    damage(fileIn(directory));
    return { directory, original: readFileSync(fileIn(directory)) };
  }

  it('with a page of noise: the rest is exported, the unsettled go on, the original is kept', () => {
    // A page near the middle holds settled rows; the unsettled are at the end.
    const { directory, original } = damaged((file) => {
      const middle = Math.floor(statSync(file).size / pageBytes / 2) * pageBytes;
      overwrite(file, middle, seededRandom(5).bytes(pageBytes));
    });
    const { log, lines } = lineLog();
    const { journal, aside } = openWhole(directory, { log });
    const base = join(directory, 'journal.damaged-20261120T080000Z');
    expect(aside).toMatchObject({
      file: `${base}.db`,
      why: { kind: 'damaged' },
      exported: { file: `${base}.export` },
      carried: 4,
      unreadable: 0,
    });
    expect(readFileSync(`${base}.db`)).toEqual(original);
    expect(lines[0]).toContain('error journal.damaged');

    expect(journal.open()).toMatchObject([
      {
        id: idOf(3_001),
        kind: 'checkout',
        state: 'intended',
        attempts: 2,
        item: 'item-3001',
        patron: 'patron-3001',
      },
      { id: idOf(3_002), kind: 'checkin', state: 'waiting', patron: undefined, at: friday + 5 },
      { id: idOf(3_003), kind: 'renew', state: 'uncertain', rule: 'reply.lost', source: 'station' },
    ]);
    expect(journal.list({ state: 'staff', limit: 9 })).toMatchObject([
      { id: idOf(3_004), rule: 'acs.no', source: 'acs', words: ['Ei käy'], item: 'item-3004' },
    ]);
    // A card's wrong PINs still count.
    expect(journal.pinTries()).toEqual([
      { cardHash: journal.hash('29999001'), at: friday },
      { cardHash: journal.hash('29999001'), at: friday + 1 },
    ]);
    // None of them is taken for unsent: later steps may have been on the lost page.
    expect(journal.open().every(({ attempts }) => attempts > 0)).toBe(true);

    const exported = value(readExport(`${base}.export`, keyStore, seededRandom(1)));
    expect(exported).toHaveLength(aside?.exported?.transactions ?? -1);
    expect(exported.length).toBeGreaterThan(1_900);
    expect(exported.at(-1)).toMatchObject({ id: idOf(3_004), item: 'item-3004' });
    expect(readFileSync(`${base}.export`).includes('item-3004')).toBe(false);
    expect(readExport(`${base}.export`, new MemoryKeyStore(seededRandom(9)), seededRandom(1))).toMatchObject({
      ok: false,
      error: { kind: 'unreadable' },
    });

    journal.close();
    expect(openWhole(directory).aside).toBeUndefined();
  });

  const wrecks: readonly (readonly [string, (file: string) => void])[] = [
    ['whose header is noise', (file) => overwrite(file, 0, seededRandom(6).bytes(100))],
    ['that is text', (file) => writeFileSync(file, 'this is no database at all\n'.repeat(100))],
    [
      'that was cut in half',
      (file) => writeFileSync(file, readFileSync(file).subarray(0, statSync(file).size / 2)),
    ],
    ['of which one byte is left', (file) => writeFileSync(file, 'S')],
    ['that lost a table', (file) => new Database(file).exec('drop table transitions').close()],
    [
      'that is another program’s',
      (file) => {
        rmSync(file);
        new Database(file).exec('create table theirs (x)').close();
      },
    ],
    ['of zeros', (file) => writeFileSync(file, Buffer.alloc(statSync(file).size))],
  ];
  it.each(wrecks)('%s: is kept, and the station goes on', (_, wreck) => {
    const { directory, original } = damaged(wreck);
    const { journal, aside } = openWhole(directory);
    expect(aside?.why.kind).toBe('damaged');
    expect(aside === undefined ? undefined : readFileSync(aside.file)).toEqual(original);
    expect(journal.commit([begin(1)])).toEqual({ ok: true });
    journal.close();
    const again = openWhole(directory);
    expect(again.aside).toBeUndefined();
    expect(again.journal.open().at(-1)).toMatchObject({ id: idOf(1) });
  });

  it('whose main file is gone: its log is kept', () => {
    const directory = temporaryDirectory();
    const { journal } = openWhole(directory);
    journal.commit([begin(1)]);
    const log = readFileSync(`${fileIn(directory)}-wal`);
    journal.close();
    rmSync(fileIn(directory));
    writeFileSync(`${fileIn(directory)}-wal`, log);
    const { aside } = openWhole(directory);
    expect(aside?.why).toMatchObject({ kind: 'damaged' });
    expect(readFileSync(`${aside?.file}-wal`)).toEqual(log);
  });

  it('says how many unsettled ones it could see but not read', () => {
    const { directory } = damaged((file) => {
      const middle = Math.floor(statSync(file).size / pageBytes / 2) * pageBytes;
      overwrite(file, middle, seededRandom(5).bytes(pageBytes));
    });
    const { journal, aside } = openWhole(directory, { keyStore: new MemoryKeyStore(seededRandom(9)) });
    expect(aside).toMatchObject({ carried: 0, unreadable: 4 });
    expect(journal.open()).toEqual([]);
  });
});

describe('damage that shows while the station works', () => {
  it('stops every commit, and the next start looks at everything', () => {
    const directory = temporaryDirectory();
    const first = openWhole(directory).journal;
    fill(first);
    first.close();
    const { journal } = openWhole(directory);
    const root = new Database(fileIn(directory), { readonly: true });
    const page = Number(
      root.prepare(`select rootpage from sqlite_schema where name = 'pin_tries'`).pluck().get(),
    );
    root.close();
    overwrite(fileIn(directory), (page - 1) * pageBytes, seededRandom(7).bytes(pageBytes));

    // Another connection's write makes SQLite read its pages anew.
    const other = new Database(fileIn(directory));
    other.exec(`insert into refusals (rule, source, at) values ('x', 'acs', 1)`);
    other.close();
    const failed = journal.commit([{ row: 'pinTried', card: 'a', at: friday }]);
    expect(failed).toMatchObject({
      ok: false,
      failure: { kind: 'broken', reason: expect.stringMatching(/CORRUPT/u) },
    });
    expect(journal.commit([begin(1)])).toEqual(failed);
    // The technician's questions are answered as far as the file can be read, and never crash the station.
    expect(journal.status()).toMatchObject({ fault: expect.stringMatching(/CORRUPT/u), schemaVersion });
    expect(journal.list({ limit: 1 })).toMatchObject([{ id: idOf(3_004) }]);
    expect(journal.staffCount()).toBe(1);
    expect(existsSync(`${fileIn(directory)}-suspect`)).toBe(true);
    journal.close();

    const again = openWhole(directory);
    expect(again.aside).toMatchObject({ why: { kind: 'damaged' }, carried: 4 });
    expect(existsSync(`${fileIn(directory)}-suspect`)).toBe(false);
    expect(again.journal.commit([{ row: 'pinTried', card: 'a', at: friday }])).toEqual({ ok: true });
  });
});

describe('a file that can no longer be read', () => {
  it('gives the technician what is known, and the station no crash', () => {
    const directory = temporaryDirectory();
    const first = openWhole(directory).journal;
    fill(first);
    first.close();
    const { journal } = openWhole(directory);
    expect(journal.staffCount()).toBe(1);
    expect(journal.status().fault).toBeUndefined();
    const { size } = statSync(fileIn(directory));
    const other = new Database(fileIn(directory));
    other.exec(`insert into refusals (rule, source, at) values ('x', 'acs', 1)`);
    other.close();
    overwrite(fileIn(directory), pageBytes, seededRandom(8).bytes(size - pageBytes));
    expect(journal.list({ limit: 5 })).toEqual([]);
    expect(journal.staffCount()).toBe(1);
    expect(journal.status()).toMatchObject({
      counts: {},
      fault: expect.stringMatching(/CORRUPT/u),
      schemaVersion,
    });
    expect(journal.commit([begin(1)])).toMatchObject({ ok: false, failure: { kind: 'broken' } });
    expect(journal.purge(friday)).toMatchObject({ ok: false, error: { kind: 'broken' } });
  });
});

describe('a power cut while a damaged journal is replaced', () => {
  it('before the new one was complete: it is done again', () => {
    const directory = temporaryDirectory();
    writeFileSync(fileIn(directory), 'no database, but long enough to be one '.repeat(30));
    writeFileSync(`${fileIn(directory)}-making`, 'half made');
    expect(openWhole(directory).aside?.why.kind).toBe('damaged');
    expect(existsSync(`${fileIn(directory)}-making`)).toBe(false);
  });

  it('between the names: what was carried is there, and the old log is not taken for the new one’s', () => {
    const directory = temporaryDirectory();
    const { journal } = openWhole(directory);
    journal.commit([begin(1)]);
    journal.close();
    renameSync(fileIn(directory), `${fileIn(directory)}-next`);
    writeFileSync(`${fileIn(directory)}-wal`, 'of the old journal');
    const opened = openWhole(directory);
    expect(opened.journal.open().map(({ id }) => id)).toEqual([idOf(1)]);
    expect(readFileSync(join(directory, 'journal.damaged-20261120T080000Z.db-wal'), 'utf8')).toBe(
      'of the old journal',
    );
  });

  it('with both still there: the old one is looked at again', () => {
    const directory = temporaryDirectory();
    const { journal } = openWhole(directory);
    journal.commit([begin(1)]);
    journal.close();
    writeFileSync(`${fileIn(directory)}-next`, 'left over');
    const opened = openWhole(directory);
    expect(opened.aside).toBeUndefined();
    expect(opened.journal.open().map(({ id }) => id)).toEqual([idOf(1)]);
    expect(existsSync(`${fileIn(directory)}-next`)).toBe(false);
  });
});
