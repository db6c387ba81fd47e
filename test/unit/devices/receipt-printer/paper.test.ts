import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codePageMakers,
  encodePaper,
  paperColumns,
  type CodePageMaker,
  type PaperLine,
} from '../../../../src/devices/receipt-printer/paper.ts';
import cs from '../../../../src/strings/catalogue/cs.json' with { type: 'json' };
import en from '../../../../src/strings/catalogue/en.json' with { type: 'json' };
import fi from '../../../../src/strings/catalogue/fi.json' with { type: 'json' };
import sv from '../../../../src/strings/catalogue/sv.json' with { type: 'json' };
import {
  PaperReader,
  type CodePageNumbers,
  type PrintedLine,
} from '../../../../src/simulator/printer/paper-reader.ts';

const options = { columns: 42, maker: 'epson', cut: 'partial' } as const;
/** The makers’ numbers of code pages, by their own command references. */
const pagesOf: Readonly<Record<CodePageMaker, CodePageNumbers>> = {
  epson: { 16: 'windows-1252', 45: 'windows-1250', 46: 'windows-1251' },
  bixolon: { 16: 'windows-1252', 47: 'windows-1250', 28: 'windows-1251' },
  citizen: { 16: 'windows-1252', 6: 'cp852', 7: 'cp866' },
  star: { 16: 'windows-1252', 18: 'cp852', 17: 'cp866' },
  fujitsu: { 16: 'windows-1252', 18: 'cp852', 17: 'cp866' },
  xprinter: { 16: 'windows-1252', 18: 'cp852', 23: 'windows-1251' },
};
const pangrams = [
  'Törkylempijävongahdus, Åke! – 12,50 €',
  'Flygande bäckasiner söka hwila på mjuka tuvor',
  'Žluťoučký kůň úpěl ďábelské ódy',
  'ŽLUŤOUČKÝ KŮŇ ÚPĚL ĎÁBELSKÉ ÓDY „Švejk“',
  'Съешь же ещё этих мягких французских булок',
];
/** Each sentence that the station has in any language. */
function wordsOfTheStation(): readonly string[] {
  return [fi, sv, cs, en]
    .map((catalogue) => [...new Set(Object.values(catalogue).join(''))])
    .map((letters) => letters.filter((letter) => letter.trim() !== '').join(''));
}
const printed = (lines: readonly PaperLine[]): readonly PrintedLine[] =>
  new PaperReader().read(encodePaper(lines, options)).lines;
const words = (lines: readonly PaperLine[]): string =>
  printed(lines)
    .flatMap((line) => (line.is === 'text' ? [line.text.trim()] : []))
    .filter((text) => text !== '')
    .join(' ');

describe('a receipt on paper', () => {
  it('begins and ends with the published commands', () => {
    const hex = Buffer.from(encodePaper([{ is: 'text', text: 'x' }], options)).toString('hex');
    expect(hex.startsWith('1b40')).toBe(true);
    expect(hex).toContain('1d5601');
  });

  it('writes čřžů in Windows-1250 as the published bytes', () => {
    const hex = Buffer.from(encodePaper([{ is: 'text', text: 'čřžů' }], options)).toString('hex');
    expect(hex).toContain('1b742d');
    expect(hex).toContain('e8f89ef9');
  });

  it.each([
    'Hyvää päivää Åke – 12,50 €',
    'Žluťoučký kůň úpěl ďábelské ódy',
    'ŽLUŤOUČKÝ KŮŇ ÚPĚL ĎÁBELSKÉ ÓDY',
    'Återlämna senast: Šárka Ćwiklińska',
    'Война и мир',
  ])('prints every letter of: %s', (text) => {
    expect(words([{ is: 'text', text }])).toBe(text);
  });

  it('breaks a title of 300 letters between words, and loses none', () => {
    const text = Array.from({ length: 50 }, (_, index) => `sana${index}`).join(' ');
    expect(words([{ is: 'text', text }])).toBe(text);
    for (const line of printed([{ is: 'text', text }])) {
      if (line.is === 'text') expect(line.text.length).toBeLessThanOrEqual(options.columns);
    }
  });

  it('lets no command of a title reach the printer', () => {
    const lines = printed([
      { is: 'text', text: 'Good\u001b@\u001dV\u0000 title\u0010\u0004\u0001' },
      { is: 'text', text: 'next' },
    ]);
    expect(lines.filter(({ is }) => is === 'cut')).toHaveLength(1);
    expect(
      new PaperReader().read(encodePaper([{ is: 'text', text: '\u0010\u0004\u0001' }], options)).questions,
    ).toEqual([]);
  });

  it.each(codePageMakers)(
    'prints every letter of the station’s languages and of Russian on printers of %s',
    (maker) => {
      for (const text of [...wordsOfTheStation(), ...pangrams]) {
        const bytes = encodePaper([{ is: 'text', text }], { columns: 48, maker, cut: 'none' });
        const { lines } = new PaperReader(pagesOf[maker]).read(bytes);
        const read = lines.flatMap((line) => (line.is === 'text' ? [line.text.trim()] : [])).join(' ');
        // Where the lines are broken is not what is asked here.
        expect(read.replaceAll(/\s+/gu, '')).toBe(text.replaceAll(/\s+/gu, ''));
      }
    },
  );

  it('prints letters of other Latin alphabets without what the printer does not have, and says that it lacks a script', () => {
    expect(words([{ is: 'text', text: 'Muitalus sámiid birra: Ŋ ŧ đ' }])).toBe(
      'Muitalus sámiid birra: N t đ',
    );
    expect(words([{ is: 'text', text: 'Tiếng Việt, ﬁlm, Čáhci' }])).toBe('Tieng Viet, film, Čáhci');
    expect(words([{ is: 'text', text: '红楼梦 (HLM)' }])).toBe('??? (HLM)');
    expect(words([{ is: 'text', text: '𠀀' }])).toBe('?');
  });

  it('tells a text of another script otherwise, and one that has most of its letters as it is', () => {
    const otherwise = '(a title in another script)';
    for (const text of ['红楼梦', '红楼梦 1', 'Η Οδύσσεια', 'كتاب'])
      expect(words([{ is: 'text', text, otherwise }])).toBe(otherwise);
    for (const text of ['Война и мир', 'Žluťoučký kůň', '1984', '¿…?'])
      expect(words([{ is: 'text', text, otherwise }])).toBe(text);
    expect(words([{ is: 'text', text: 'The story of 红楼', otherwise }])).toBe('The story of ??');
  });

  it('is made in every width that a configuration may have, for every maker', () => {
    for (const maker of codePageMakers)
      for (const columns of paperColumns) {
        const text = 'sana '.repeat(60).trim();
        const bytes = encodePaper([{ is: 'text', text }], { columns, maker, cut: 'full' });
        const { lines } = new PaperReader(pagesOf[maker]).read(bytes);
        const longest = Math.max(...lines.map((line) => (line.is === 'text' ? line.text.trim().length : 0)));
        expect(longest).toBeGreaterThan(columns - 6);
        expect(longest).toBeLessThanOrEqual(columns);
      }
  });

  it.each(codePageMakers)('can be made for %s', (maker) => {
    const bytes = encodePaper(
      [{ is: 'text', text: 'Ääkköset ja čeština', bold: true, big: true }, { is: 'rule' }, { is: 'space' }],
      {
        columns: 32,
        maker,
        cut: 'none',
      },
    );
    expect(bytes.length).toBeGreaterThan(20);
  });

  it('is made of any text whatever', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 8 }), (texts) => {
        const bytes = encodePaper(
          texts.map((text) => ({ is: 'text', text })),
          options,
        );
        const { lines, questions } = new PaperReader().read(bytes);
        expect(questions).toEqual([]);
        expect(lines.filter(({ is }) => is === 'cut')).toHaveLength(1);
      }),
    );
  });
});

describe('the virtual printer’s reader', () => {
  it('tells how the letters of a line were printed, although the printer turns back before the line ends', () => {
    const lines = printed([
      { is: 'text', text: 'Kirjasto', align: 'center', big: true },
      { is: 'text', text: 'Lainattu: 2', bold: true },
      { is: 'text', text: 'Kalevala' },
    ]).filter((line) => line.is === 'text');
    expect(lines.slice(0, 3)).toMatchObject([
      { text: expect.stringMatching(/^ +Kirjasto$/), big: true, bold: false },
      { text: 'Lainattu: 2', big: false, bold: true },
      { text: 'Kalevala', big: false, bold: false },
    ]);
  });

  it('reads the same in any pieces, and never throws', () => {
    const whole = encodePaper([{ is: 'text', text: 'Äiti lainasi', bold: true }, { is: 'rule' }], options);
    const expected = new PaperReader().read(whole).lines;
    for (let cut = 0; cut <= whole.length; cut++) {
      const reader = new PaperReader();
      const lines = [...reader.read(whole.subarray(0, cut)).lines, ...reader.read(whole.subarray(cut)).lines];
      expect(lines).toEqual(expected);
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void new PaperReader().read(bytes)));
  });
});
