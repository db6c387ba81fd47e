import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePaper } from '../../../src/devices/receipt-printer/paper.ts';
import { languageCodes, type LanguageCode } from '../../../src/shared/languages.ts';
import type { Receipt } from '../../../src/shared/receipt.ts';
import { createFormatter } from '../../../src/strings/format.ts';
import { PaperReader } from '../../../src/simulator/printer/paper-reader.ts';
import { paperLines } from '../../../src/station/receipt/paper-lines.ts';
import {
  readTemplate,
  standardTemplate,
  type ReceiptTemplate,
} from '../../../src/station/receipt/template.ts';

const due = { due: { kind: 'day', date: '2026-12-18' } } as const;
const receipt: Receipt = {
  date: '2026-11-20',
  time: '14:05',
  cardEnd: '001',
  provisional: true,
  rows: [
    {
      kind: 'checkout',
      state: 'done',
      title: 'Sinuhe egyptiläinen',
      count: 1,
      happened: true,
      message: { key: 'row.checkout.done', params: { due } },
    },
    {
      kind: 'checkout',
      state: 'refused',
      title: 'Válka s mloky',
      count: 1,
      happened: false,
      message: { key: 'cause.acs.away' },
    },
    {
      kind: 'checkin',
      state: 'attention',
      title: 'Röda rummet',
      count: 1,
      happened: true,
      message: { key: 'row.checkin.alert' },
    },
  ],
};

function words(
  language: LanguageCode,
  template: ReceiptTemplate = standardTemplate,
  of: Receipt = receipt,
): readonly string[] {
  const lines = paperLines(of, {
    template,
    libraryName: { fi: 'Esimerkkikirjasto', en: 'Example Library' },
    language,
  });
  const bytes = encodePaper(lines, { columns: 42, maker: 'epson', cut: 'partial' });
  return new PaperReader()
    .read(bytes)
    .lines.flatMap((line) => (line.is === 'text' ? [line.text.trim()] : []));
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-template-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the lines of a receipt', () => {
  it.each(languageCodes)('come out of the printer whole in %s, with every letter', (language) => {
    const text = words(language).join(' ');
    expect(text).not.toContain('?');
    for (const title of ['Sinuhe egyptiläinen', 'Válka s mloky', 'Röda rummet', '001', '2026'])
      expect(text).toContain(title);
  });

  it.each(languageCodes)(
    'tell in words of %s that a title is in a script that the printer lacks',
    (language) => {
      const [row] = receipt.rows;
      if (row === undefined) throw new Error('the receipt has rows');
      const foreign = { ...receipt, rows: [{ ...row, title: '紅樓夢' }] };
      const text = words(language, standardTemplate, foreign).join(' ');
      expect(text).toContain(createFormatter(language)({ key: 'receipt.otherScript' }));
      expect(text).not.toContain('?');
    },
  );

  it('tell in the order of the template: library, moment, card, what was borrowed, what was returned', () => {
    const text = words('en').join('\n');
    const order = [
      'Example Library',
      '20 November 2026',
      'ending in 001',
      'Borrowed: 1 item',
      '18 December 2026',
      'Returned: 1 item',
      'Thank you',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text).toContain('library system was away');
    expect(text).toContain('not settled yet');
  });

  it('say the library’s own words, by language', () => {
    const template: ReceiptTemplate = {
      lines: [{ text: { fi: 'Avoinna 7–22', sv: 'Öppet 7–22' }, bold: true }],
    };
    expect(words('sv', template)).toContain('Öppet 7–22');
    expect(words('cs', template)).toContain('Avoinna 7–22');
  });
});

describe('a library’s own template', () => {
  const read = (content: string) => {
    const path = join(folder, 'receipt.json');
    writeFileSync(path, content);
    return readTemplate(path);
  };

  it('is read', () => {
    expect(read('{"lines":[{"show":"rows"}]}')).toEqual({ ok: true, value: { lines: [{ show: 'rows' }] } });
  });

  it.each([
    '{"lines":[{"show":"cardNumber"}]}',
    '{"lines":[]}',
    '{"lines":[{"text":{}, "colour":"red"}]}',
    'no JSON',
  ])('is refused with a sentence: %s', (content) => {
    const result = read(content);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.error).toMatch(/receipt\.json/);
  });

  it('that is not there is refused with a sentence', () => {
    expect(readTemplate(join(folder, 'nowhere.json'))).toMatchObject({ ok: false });
  });
});
