import { unreachable } from '../../kernel/assert.ts';
import type { PaperLine } from '../../devices/receipt-printer/paper.ts';
import type { LanguageCode, LocalizedText } from '../../shared/languages.ts';
import { countHappened, receiptKinds, type Receipt, type ReceiptRow } from '../../shared/receipt.ts';
import { createFormatter, formatDate, formatTime, type Formatter } from '../../strings/format.ts';
import type { ReceiptTemplate, TemplateLine } from './template.ts';

export interface PaperContext {
  readonly template: ReceiptTemplate;
  readonly libraryName: LocalizedText;
  readonly language: LanguageCode;
}

/** A receipt in the patron’s language, line by line as the template orders them. */
export function paperLines(receipt: Receipt, context: PaperContext): readonly PaperLine[] {
  const say = createFormatter(context.language);
  return context.template.lines.flatMap((line) => linesOf(line, receipt, context, say));
}

function linesOf(
  line: TemplateLine,
  receipt: Receipt,
  context: PaperContext,
  say: Formatter,
): readonly PaperLine[] {
  const { align, bold, big } = line;
  const look = {
    ...(align === undefined ? {} : { align }),
    ...(bold === undefined ? {} : { bold }),
    ...(big === undefined ? {} : { big }),
  };
  const textLine = (text: string | undefined): readonly PaperLine[] =>
    text === undefined || text === '' ? [] : [{ is: 'text', text, ...look }];
  if ('text' in line) return textLine(inLanguage(line.text, context.language));
  switch (line.show) {
    case 'libraryName':
      return textLine(inLanguage(context.libraryName, context.language));
    case 'moment':
      return textLine(
        `${formatDate(context.language, receipt.date)} ${formatTime(context.language, receipt.time)}`,
      );
    case 'card':
      return receipt.cardEnd === undefined
        ? []
        : textLine(say({ key: 'receipt.card', params: { end: receipt.cardEnd } }));
    case 'rows':
      return rowLines(receipt.rows, say);
    case 'provisional':
      return receipt.provisional ? textLine(say({ key: 'receipt.provisional' })) : [];
    case 'attention':
      return receipt.rows.some(({ state }) => state === 'attention')
        ? textLine(say({ key: 'receipt.attention' }))
        : [];
    case 'thanks':
      return textLine(say({ key: 'receipt.thanks' }));
    case 'rule':
      return [{ is: 'rule' }];
    case 'space':
      return [{ is: 'space' }];
    default:
      return unreachable(line.show);
  }
}

/** The rows by kind, each kind under its heading. */
function rowLines(rows: readonly ReceiptRow[], say: Formatter): readonly PaperLine[] {
  return receiptKinds.flatMap((kind): readonly PaperLine[] => {
    const own = rows.filter((row) => row.kind === kind);
    if (own.length === 0) return [];
    const heading = say({ key: `receipt.kind.${kind}`, params: { count: countHappened(own) } });
    return [
      { is: 'text', text: heading, bold: true },
      ...own.flatMap((row) => entryLines(row, say)),
      { is: 'space' },
    ];
  });
}

function entryLines(row: ReceiptRow, say: Formatter): readonly PaperLine[] {
  const message = say(row.message);
  if (row.title !== undefined)
    return [
      { is: 'text', text: row.title, otherwise: say({ key: 'receipt.otherScript' }) },
      { is: 'text', text: `  ${message}` },
    ];
  return [{ is: 'text', text: row.count === 1 ? message : `${row.count} × ${message}` }];
}

function inLanguage(texts: LocalizedText, language: LanguageCode): string | undefined {
  return texts[language] ?? Object.values(texts)[0];
}
