import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import iconv from 'iconv-lite';

/** One line of a receipt, as it shall look; long ones are broken at the paper’s edge, between words. */
export type PaperLine =
  | {
      readonly is: 'text';
      readonly text: string;
      /** Printed in its place where the printer has too few of its letters for anyone to know it by them. */
      readonly otherwise?: string;
      readonly align?: 'left' | 'center';
      readonly bold?: boolean;
      /** Twice as high and wide. */
      readonly big?: boolean;
    }
  | { readonly is: 'rule' }
  | { readonly is: 'space' };

/** The makers that number their code pages each in their own way, by the encoder’s names. */
export const codePageMakers = ['epson', 'bixolon', 'citizen', 'star', 'fujitsu', 'xprinter'] as const;
export type CodePageMaker = (typeof codePageMakers)[number];

/** Characters in a line, as the encoder knows papers and fonts: 42 on 80 mm with most printers, 32 on 58 mm. */
export const paperColumns = [32, 35, 42, 44, 48] as const;

export interface PaperOptions {
  readonly columns: (typeof paperColumns)[number];
  readonly maker: CodePageMaker;
  readonly cut: 'partial' | 'full' | 'none';
}

/**
 * Nordic and western letters, Czech and other middle European ones, Cyrillic; the first that has the letter. No other page than
 * a maker’s own may stand here: the encoder takes a page without a number for number 0, and prints its bytes in that.
 */
const codePagesOf = {
  epson: ['windows1252', 'windows1250', 'windows1251'],
  bixolon: ['windows1252', 'windows1250', 'windows1251'],
  citizen: ['windows1252', 'cp852', 'cp866'],
  star: ['windows1252', 'cp852', 'cp866'],
  fujitsu: ['windows1252', 'cp852', 'cp866'],
  xprinter: ['windows1252', 'cp852', 'windows1251'],
} as const satisfies Readonly<Record<CodePageMaker, readonly string[]>>;

/** Latin letters that are no base letter with a mark (the Sámi languages’ among them), as they are written without them. */
const plainLetters: Readonly<Record<string, string>> = {
  ŋ: 'n',
  Ŋ: 'N',
  ŧ: 't',
  Ŧ: 'T',
  đ: 'd',
  Đ: 'D',
  ǥ: 'g',
  Ǥ: 'G',
  ʒ: 'z',
  Ʒ: 'Z',
  ħ: 'h',
  Ħ: 'H',
  ı: 'i',
  ł: 'l',
  Ł: 'L',
  ʼ: "'",
  ʻ: "'",
};

/**
 * The bytes that print these lines. A letter that no code page of the printer has is printed without its marks; one that is
 * of another script becomes a question mark, and a text of such letters is told otherwise where it can be.
 */
export function encodePaper(lines: readonly PaperLine[], options: PaperOptions): Uint8Array {
  const pages = codePagesOf[options.maker];
  const encoder = new ReceiptPrinterEncoder({
    language: 'esc-pos',
    columns: options.columns,
    codepageMapping: options.maker,
    codepageCandidates: [...pages],
    createCanvas: null,
  });
  encoder.initialize().codepage('auto');
  for (const line of lines) addLine(encoder, line, pages);
  if (options.cut !== 'none') encoder.cut(options.cut);
  return encoder.encode();
}

function addLine(encoder: ReceiptPrinterEncoder, line: PaperLine, pages: readonly string[]): void {
  switch (line.is) {
    case 'text': {
      const scale = line.big === true ? 2 : 1;
      encoder
        .align(line.align ?? 'left')
        .bold(line.bold === true)
        .size(scale, scale)
        .line(legible(line.text, line.otherwise, pages))
        .size(1, 1)
        .bold(false)
        .align('left');
      return;
    }
    case 'rule':
      encoder.rule({ style: 'single' });
      return;
    case 'space':
      encoder.newline();
      return;
    default:
      line satisfies never;
  }
}

/** A title could hold a printer’s command; and a space that must not break is none in a code page of old. */
function printable(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\u00a0\u2007\u2009\u202f]/gu, ' ')
    .replaceAll(/[\u2060\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replaceAll(/\p{Cc}/gu, ' ');
}

/** Of a text’s letters at least this part must be there, or it says nothing. */
const legiblePart = 0.5;

function legible(text: string, otherwise: string | undefined, pages: readonly string[]): string {
  const wanted = printable(text);
  const printed = inPages(wanted, pages);
  if (otherwise === undefined) return printed;
  const letters = [...wanted].filter((letter) => /[\p{L}\p{N}]/u.test(letter));
  const there = letters.filter((letter) => letterInPages(letter, pages) !== '?');
  return there.length < letters.length * legiblePart ? inPages(printable(otherwise), pages) : printed;
}

function inPages(text: string, pages: readonly string[]): string {
  return [...text].map((letter) => letterInPages(letter, pages)).join('');
}

function letterInPages(letter: string, pages: readonly string[]): string {
  if (isInPages(letter, pages)) return letter;
  const base = letter.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const plain = [...base].map((one) => plainLetters[one] ?? one).join('');
  const isPrintable = plain !== '' && [...plain].every((one) => isInPages(one, pages));
  return isPrintable ? plain : '?';
}

function isInPages(letter: string, pages: readonly string[]): boolean {
  return pages.some((page) => lettersOf(page).has(letter));
}

const known = new Map<string, ReadonlySet<string>>();

/** All that a code page can print. */
function lettersOf(page: string): ReadonlySet<string> {
  const letters = known.get(page) ?? new Set(iconv.decode(everyByte, page).replaceAll('\ufffd', ''));
  known.set(page, letters);
  return letters;
}

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
