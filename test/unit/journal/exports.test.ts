import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvExport } from '../../../src/journal/exports/csv.ts';
import { evergreenExport } from '../../../src/journal/exports/evergreen.ts';
import type { ExportRow } from '../../../src/journal/exports/export-row.ts';
import { kohaExport } from '../../../src/journal/exports/koha.ts';

const loan: ExportRow = {
  seq: 7,
  id: 'a'.repeat(32),
  kind: 'checkout',
  state: 'waiting',
  // A summer's evening in Finland, three hours ahead of UTC.
  at: Date.UTC(2026, 6, 3, 21, 4, 5, 67),
  zone: 'Europe/Helsinki',
  item: '8364585674',
  card: '85947584',
  due: '2026-07-31',
  rule: undefined,
  words: [],
};
const back: ExportRow = {
  ...loan,
  seq: 8,
  kind: 'checkin',
  item: '9485694847',
  card: undefined,
  at: loan.at + 1_000,
};
const renewal: ExportRow = { ...loan, seq: 9, kind: 'renew' };

describe('a Koha offline circulation file', () => {
  it('has the header and the lines that Koha reads, in local time', () => {
    const { text, written, left } = kohaExport([loan, back], '1.2.3');
    expect(text).toBe(
      'Version=1.0\tGenerator=Omatoimi\tGeneratorVersion=1.2.3\n' +
        '2026-07-04 00:04:05 067\tissue\t85947584\t8364585674\n' +
        '2026-07-04 00:04:06 067\treturn\t9485694847\n',
    );
    expect(written).toEqual([7, 8]);
    expect(left).toEqual([]);
  });

  it('names what it has no line for', () => {
    const hostile = { ...back, seq: 10, item: '1\treturn\t2' };
    const { text, written, left } = kohaExport(
      [renewal, hostile, { ...loan, seq: 11, card: undefined }],
      '1',
    );
    expect(text.split('\n')).toHaveLength(2);
    expect(written).toEqual([]);
    expect(left.map(({ seq }) => seq)).toEqual([9, 10, 11]);
    expect(left[0]?.why).toContain('renew');
  });

  it('is read back by the rules of Koha’s own reader, whatever was scanned', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string(), fc.boolean())), (scans) => {
        const rows = scans.map(([item, card, isLoan], index): ExportRow =>
          isLoan ? { ...loan, seq: index, item, card } : { ...back, seq: index, item },
        );
        const { text, written } = kohaExport(rows, '1');
        const read = text
          .split('\n')
          .slice(1, -1)
          .map((line) => line.split('\t').slice(1));
        expect(read).toEqual(
          rows
            .filter(({ seq }) => written.includes(seq))
            .map(({ kind, item, card }) => (kind === 'checkout' ? ['issue', card, item] : ['return', item])),
        );
      }),
    );
  });
});

describe('a file of Evergreen’s offline transactions', () => {
  it('has a line of JSON for each, as its client keeps them', () => {
    const { text, written } = evergreenExport([loan, back, renewal]);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        timestamp: 1_783_112_645,
        type: 'checkout',
        delta: 0,
        barcode: '8364585674',
        patron_barcode: '85947584',
        checkout_time: '2026-07-03T21:04:05.067Z',
        due_date: '2026-07-31',
      },
      {
        timestamp: 1_783_112_646,
        type: 'checkin',
        delta: 0,
        barcode: '9485694847',
        backdate: '2026-07-03T21:04:06.067Z',
      },
      {
        timestamp: 1_783_112_645,
        type: 'renew',
        delta: 0,
        barcode: '8364585674',
        patron_barcode: '85947584',
        checkout_time: '2026-07-03T21:04:05.067Z',
        due_date: '2026-07-31',
      },
    ]);
    expect(written).toEqual([7, 8, 9]);
  });

  it('says no due date that is none, and names what it has no line for', () => {
    const { text, left } = evergreenExport([
      { ...loan, due: 'end of term' },
      { ...loan, seq: 3, kind: 'fee' },
    ]);
    expect(text).not.toContain('due_date');
    expect(left).toEqual([{ seq: 3, why: "Evergreen's file has no fee" }]);
  });
});

describe('comma-separated values', () => {
  it('hold everything, quoted where they must be', () => {
    const row = { ...loan, rule: 'item.refused', words: ['Not for "loan", sorry', 'Ask\nus'] };
    expect(csvExport([row, back]).text.split('\n')).toEqual([
      'number,id,kind,state,at_utc,at_local,zone,item,card,due,rule,words',
      `7,${'a'.repeat(32)},checkout,waiting,2026-07-03T21:04:05.067Z,2026-07-04 00:04:05,Europe/Helsinki,8364585674,85947584,2026-07-31,item.refused,"Not for ""loan"", sorry / Ask`,
      'us"',
      `8,${'a'.repeat(32)},checkin,waiting,2026-07-03T21:04:06.067Z,2026-07-04 00:04:06,Europe/Helsinki,9485694847,,2026-07-31,,`,
      '',
    ]);
  });

  it.each(['=HYPERLINK("http://x")', '+1', '-1', '@x'])('never let a spreadsheet run %s', (item) => {
    expect(csvExport([{ ...loan, item }]).text).toMatch(/,"?'[=+\-@]/);
  });
});
