import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';

/** One line of a receipt, as it shall look; long ones are broken at the paper’s edge, between words. */
export type PaperLine =
  | {
      readonly is: 'text';
      readonly text: string;
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

export interface PaperOptions {
  /** Characters in a line: 42 on 80 mm paper with most printers, 32 on 58 mm. */
  readonly columns: number;
  readonly maker: CodePageMaker;
  readonly cut: 'partial' | 'full' | 'none';
}

/** Nordic and western letters, Czech and other middle European ones, Cyrillic; the first that has the letter. */
const codePages = ['windows1252', 'windows1250', 'windows1251'] as const;

/** The bytes that print these lines. Letters that no code page of the printer has become question marks. */
export function encodePaper(lines: readonly PaperLine[], options: PaperOptions): Uint8Array {
  const encoder = new ReceiptPrinterEncoder({
    language: 'esc-pos',
    columns: options.columns,
    codepageMapping: options.maker,
    codepageCandidates: [...codePages],
    createCanvas: null,
  });
  encoder.initialize().codepage('auto');
  for (const line of lines) addLine(encoder, line);
  if (options.cut !== 'none') encoder.cut(options.cut);
  return encoder.encode();
}

function addLine(encoder: ReceiptPrinterEncoder, line: PaperLine): void {
  switch (line.is) {
    case 'text': {
      const scale = line.big === true ? 2 : 1;
      encoder
        .align(line.align ?? 'left')
        .bold(line.bold === true)
        .size(scale, scale)
        .line(printable(line.text))
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
