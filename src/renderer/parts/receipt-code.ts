import { encode } from 'uqr';
import { receiptKinds, type Receipt, type ReceiptKind } from '../../shared/receipt.ts';

/** So much text still makes a code that a telephone reads from an arm’s length. */
const codeBytesMax = 700;

/** The receipt as lines of plain text for a telephone; rows that find no room are counted. */
export function codeText(lines: readonly string[], more: (count: number) => string): string {
  const size = (text: string): number => new TextEncoder().encode(text).length;
  let text = '';
  for (const [index, line] of lines.entries()) {
    const longer = text === '' ? line : `${text}\n${line}`;
    if (size(longer) > codeBytesMax) return `${text}\n${more(lines.length - index)}`;
    text = longer;
  }
  return text;
}

export interface Code {
  /** Modules on each side, the quiet border included. */
  readonly side: number;
  /** The dark modules as one SVG path. */
  readonly path: string;
}

/** A QR code (ISO/IEC 18004) of a text. */
export function codeOf(text: string): Code {
  const { size, data } = encode(text, { ecc: 'M', border: 4 });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { side: size, path: squares.join('') };
}

export function kindsOf(receipt: Receipt): readonly ReceiptKind[] {
  return receiptKinds.filter((kind) => receipt.rows.some((row) => row.kind === kind));
}
