import Database from 'better-sqlite3';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migratedSchema } from '../../../scripts/data-policy.ts';
import type { Row } from '../../../src/journal/rows.ts';
import { rangesOf, readExport } from '../../../src/journal/salvage.ts';
import {
  begin,
  friday,
  idOf,
  keyStore,
  move,
  openWhole,
  seededRandom,
  temporaryDirectory,
  value,
} from './support.ts';

const pageBytes = 4_096;
const count = 400;
const unsettled = [count - 2, count - 1, count];

/** A journal of many pages with something in each table, closed. */
function filled(): string {
  const directory = temporaryDirectory();
  const { journal } = openWhole(directory);
  for (let from = 1; from <= count; from += 50) {
    const numbers = Array.from({ length: 50 }, (_, index) => from + index);
    journal.commit(
      numbers.flatMap((number): Row[] => [
        begin(number),
        { row: 'pinTried', card: `card-${number}`, at: friday },
        { row: 'refusal', rule: 'patron.blocked', source: 'acs', at: friday },
        {
          row: 'tagBegin',
          id: idOf(number),
          aim: 'unlock',
          item: `item-${number}`,
          uids: ['E0'],
          at: friday,
        },
        { row: 'audit', at: friday, act: 'show', by: `somebody ${number}`, subject: idOf(number) },
      ]),
    );
    journal.commit(
      numbers.flatMap((number): Row[] => {
        if (unsettled.includes(number)) return [{ row: 'attempt', id: idOf(number), at: friday }];
        const said = move(number, 'accepted');
        return [
          said.row === 'move' ? { ...said, words: [`word ${number}`] } : said,
          { row: 'tagMove', id: idOf(number), to: 'done', rule: 'tag.verified', at: friday },
        ];
      }),
    );
  }
  journal.close();
  return directory;
}

/** Every page that belongs to this table or index: its root, and what SQLite's own tree of pages names below it. */
function pagesOf(file: string, name: string): readonly number[] {
  const db = new Database(file, { readonly: true });
  const root = Number(db.prepare('select rootpage from sqlite_schema where name = ?').pluck().get(name));
  db.close();
  const bytes = readFileSync(file);
  const pages: number[] = [];
  const visit = (page: number): void => {
    pages.push(page);
    const start = (page - 1) * pageBytes;
    const kind = bytes[start] ?? 0;
    // Interior pages of tables (5) and indexes (2): cell pointers to children, and the right-most child (fileformat2 §1.6).
    if (kind !== 5 && kind !== 2) return;
    const cells = bytes.readUInt16BE(start + 3);
    for (let cell = 0; cell < cells; cell += 1) {
      visit(bytes.readUInt32BE(start + bytes.readUInt16BE(start + 12 + 2 * cell)));
    }
    visit(bytes.readUInt32BE(start + 8));
  };
  visit(root);
  return pages;
}

function spoil(file: string, page: number, bytes: Uint8Array): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, (page - 1) * pageBytes);
  closeSync(handle);
}

/** Everything in the schema that has pages. */
function trees(file: string): readonly string[] {
  const db = new Database(file, { readonly: true });
  const names = db.prepare<[], string>('select name from sqlite_schema where rootpage > 0').pluck().all();
  db.close();
  return names;
}

describe('a damaged page', () => {
  const directory = filled();
  const names = trees(join(directory, 'journal.db'));

  it('can be of any table of the schema, and of each index', () => {
    expect(names).toEqual(expect.arrayContaining(Object.keys(migratedSchema())));
    expect(names).toContain('transactions_unsettled');
  });

  it.each(names)('of %s: the rest is exported, what is lost is named, the station goes on', (name) => {
    const here = filled();
    const file = join(here, 'journal.db');
    const pages = pagesOf(file, name);
    // A leaf in the middle, where there is one; a small table has one page.
    const page = pages[Math.floor(pages.length / 2)] ?? 0;
    spoil(file, page, seededRandom(page).bytes(pageBytes));

    const { journal, aside } = openWhole(here);
    expect(aside?.why.kind).toBe('damaged');
    const exported = value(readExport(aside?.exported?.file ?? '', keyStore, seededRandom(1)));
    // What is not in the export is named, and nothing else is.
    expect(exported.length + (aside?.lost.length ?? 0)).toBe(count);
    if (name === 'transactions') expect(aside?.lost.length).toBeGreaterThan(0);
    const [header = ''] = readFileSync(aside?.exported?.file ?? '', 'utf8').split('\n');
    expect((JSON.parse(header) as { lost: string }).lost).toBe(rangesOf(aside?.lost ?? []));

    const gone = new Set(aside?.lost);
    expect(journal.open().map(({ id }) => id)).toEqual(unsettled.filter((seq) => !gone.has(seq)).map(idOf));
    expect(journal.commit([begin(count + 1), move(count + 1, 'accepted')])).toEqual({ ok: true });
    expect(journal.probe()).toBe('fine');
    expect(journal.verifyAudit()).toMatchObject({ whole: true });
  });

  it('of the list of free pages does no harm that stays', () => {
    const here = filled();
    const file = join(here, 'journal.db');
    const db = new Database(file);
    db.exec('create table t (x); insert into t values (zeroblob(40000)); drop table t');
    const free = Number(db.pragma('freelist_count', { simple: true }));
    db.close();
    expect(free).toBeGreaterThan(0);
    const trunk = readFileSync(file).readUInt32BE(32);
    spoil(file, trunk, Buffer.alloc(pageBytes, 0xff));
    const { journal } = openWhole(here);
    expect(journal.open().map(({ id }) => id)).toEqual(unsettled.map(idOf));
    expect(journal.commit([begin(count + 1)])).toEqual({ ok: true });
  });
});

describe('numbers as ranges', () => {
  it('are short, and bounded', () => {
    expect(rangesOf([])).toBe('');
    expect(rangesOf([3, 7, 8, 9, 12])).toBe('3, 7–9, 12');
    const odd = Array.from({ length: 60 }, (_, index) => 2 * index + 1);
    expect(rangesOf(odd)).toMatch(/, 99, and 10 more$/);
  });
});
