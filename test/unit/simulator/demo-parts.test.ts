import { describe, expect, test } from 'vitest';
import type { ByteStreamEvents } from '../../../src/kernel/bytes.ts';
import { standardDialect } from '../../../src/sip2/dialect.ts';
import { Faults } from '../../../src/simulator/acs/faults.ts';
import { readLibrary } from '../../../src/simulator/acs/read-library.ts';
import { WireLog, wireLinesMax } from '../../../src/simulator/acs/wire-log.ts';
import { catalogueOf, itemGroups, patronGroups } from '../../../src/simulator/demo/catalogue.ts';
import { tapFrames, type SeenFrame } from '../../../src/simulator/demo/frame-tap.ts';
import demo from '../../../src/simulator/demo/library.json' with { type: 'json' };
import { burstsOf, type ScanManner } from '../../../src/simulator/demo/scan-manners.ts';
import { readTitles } from '../../../src/simulator/demo/source/read-titles.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { noon, smallLibrary } from './fixture-library.ts';

describe('the scanner’s manners', () => {
  const sent = (manner: ScanManner) => burstsOf('31999000010070', manner);
  const text = (manner: ScanManner) =>
    Buffer.concat(sent(manner).map(({ bytes }) => bytes)).toString('latin1');

  test('well: the label and its end, at once', () => {
    expect(sent('well')).toHaveLength(1);
    expect(text('well')).toBe('31999000010070\r');
  });

  test('twice: within the time in which a station takes it for one', () => {
    expect(text('twice')).toBe('31999000010070\r31999000010070\r');
    expect(sent('twice')[1]?.afterMs).toBeLessThan(1_500);
  });

  test.each(['31999000010070', 'x', 'ä'])(
    'pieces of %s make the whole, each before the station gives up',
    (label) => {
      const pieces = burstsOf(label, 'pieces');
      expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('utf8')).toBe(`${label}\r`);
      expect(pieces).toHaveLength(4);
      for (const { afterMs } of pieces) expect(afterMs).toBeLessThan(500);
    },
  );

  test('garbage: an end of scan, and nothing of the label', () => {
    expect(text('garbage').endsWith('\r')).toBe(true);
    expect(text('garbage')).not.toContain('1999');
  });
});

describe('what the dock sees of frames', () => {
  function tapped() {
    const seen: SeenFrame[] = [];
    const got: string[] = [];
    const written: string[] = [];
    let inner: ByteStreamEvents | undefined;
    const open = tapFrames(
      (events) => {
        inner = events;
        return {
          write: (bytes) => written.push(Buffer.from(bytes).toString('utf8')) > 0,
          close: () => undefined,
        };
      },
      systemClock,
      (frame) => seen.push(frame),
    );
    const stream = open({
      opened: () => undefined,
      bytes: (chunk) => got.push(Buffer.from(chunk).toString('utf8')),
      closed: () => undefined,
    });
    return { seen, got, written, stream, fromStation: (words: string) => inner?.bytes(Buffer.from(words)) };
  }

  test('kinds, screens, revisions and epochs, in any pieces, and passes the bytes on as they are', () => {
    const { seen, got, fromStation } = tapped();
    const view = '{"v":1,"kind":"view","view":{"revision":12,"epoch":3,"screen":{"name":"pin","typed":2}}}\n';
    fromStation(view.slice(0, 30));
    expect(seen).toEqual([]);
    fromStation(view.slice(30));
    expect(seen).toMatchObject([{ from: 'station', kind: 'view', what: 'pin', revision: 12, epoch: 3 }]);
    expect(got.join('')).toBe(view);
  });

  test('of a PIN key that it was one, and not which', () => {
    const { seen, written, stream } = tapped();
    const frame = '{"v":1,"kind":"intent","intent":{"id":"a","epoch":3,"act":{"do":"pinKey","key":"7"}}}\n';
    stream.write(Buffer.from(frame));
    expect(written).toEqual([frame]);
    expect(seen).toMatchObject([{ from: 'page', kind: 'intent', what: 'pinKey', epoch: 3 }]);
    expect(Object.keys(seen[0] ?? {}).toSorted()).toEqual(['at', 'bytes', 'epoch', 'from', 'kind', 'what']);
    expect(JSON.stringify({ ...seen[0], at: 0, bytes: 0 })).not.toContain('7');
  });

  test('nothing of what is no frame but that it was there', () => {
    const { seen, stream } = tapped();
    stream.write(Buffer.from('21999000020071\n\n'));
    expect(seen).toMatchObject([{ kind: '?', bytes: 14 }]);
    expect(JSON.stringify(seen)).not.toContain('2199900002');
  });
});

describe('the catalogue', () => {
  const read = readLibrary(demo);
  const data = read.ok ? read.value : expect.fail(read.error);
  const catalogue = catalogueOf(data, 'Europe/Helsinki', noon);

  test('has every card and every item, and something in each group', () => {
    expect(catalogue.patrons).toHaveLength(data.patrons.length);
    expect(catalogue.items).toHaveLength(data.items.length);
    expect(new Set(catalogue.patrons.map(({ group }) => group))).toEqual(new Set(patronGroups));
    expect(new Set(catalogue.items.map(({ group }) => group))).toEqual(new Set(itemGroups));
    for (const { sort } of catalogue.patrons) expect(sort).not.toBe('');
  });

  test.each([
    ['taken', 'onLoan'],
    ['queued', 'awaited'],
    ['shelved', 'awaited'],
    ['reference', 'notLent'],
    ['missing', 'notLent'],
    ['transit', 'away'],
    ['away', 'away'],
    ['costly', 'unusual'],
    ['dvd', 'media'],
    ['book', 'free'],
  ])('puts %s among %s', (item, group) => {
    const small = catalogueOf(smallLibrary, 'Europe/Helsinki', noon);
    expect(small.items.find((one) => one.item === item)?.group).toBe(group);
  });

  test.each([
    ['kid', 'special'],
    ['expired', 'blocked'],
    ['fined', 'blocked'],
    ['nopin', 'special'],
  ])('puts the card %s among %s', (card, group) => {
    const small = catalogueOf(smallLibrary, 'Europe/Helsinki', noon);
    expect(small.patrons.find((one) => one.card === card)?.group).toBe(group);
  });
});

describe('the log of the wire', () => {
  test('keeps the newest lines, masked', () => {
    const log = new WireLog();
    const line = Buffer.from('6300720261122    120000          AOX|AA21999000020071|AD1234|\r');
    for (let count = 0; count < wireLinesMax + 5; count++) {
      log.note({ at: noon, from: 'station' }, line, standardDialect);
    }
    expect(log.since(0)).toHaveLength(wireLinesMax);
    expect(log.since(wireLinesMax + 4)).toHaveLength(1);
    const [last] = log.since(wireLinesMax + 4);
    expect(last?.line).toContain('AA[14]');
    expect(last?.line).not.toMatch(/2199900002|1234/);
  });
});

describe('a fault for several codes', () => {
  test('waits for the first of them and passes the others by', () => {
    const faults = new Faults();
    faults.add({ kind: 'loseReply', codes: ['11', '09'] });
    expect([faults.take('99'), faults.take('63'), faults.kinds]).toEqual([
      undefined,
      undefined,
      ['loseReply'],
    ]);
    expect([faults.take('09'), faults.take('11'), faults.kinds]).toEqual(['loseReply', undefined, []]);
  });
});

describe('the table of titles', () => {
  test('numbers follow on each other within a section', () => {
    const titles = readTitles(
      '[book fi 2000]\n1900 | One | A | x3\n1901 | Two\n[map en 9000]\n1902 | Three | | x1 parts 2\n',
    );
    expect(titles.map(({ title, firstNumber, copies }) => [title, firstNumber, copies])).toEqual([
      ['One', 2000, 3],
      ['Two', 2021, 2],
      ['Three', 9000, 1],
    ]);
    expect(titles[2]).toMatchObject({
      type: 'map',
      language: 'en',
      author: '',
      year: 1902,
      marks: { parts: 2 },
    });
  });

  test.each(['1900 | No section', '[book fi 2000]\nyear | One', '[book fi 2000]\n1900 | One | A | x3 lent'])(
    'says which line is wrong: %j',
    (text) => {
      expect(() => readTitles(text)).toThrow(/titles\.txt/);
    },
  );
});
