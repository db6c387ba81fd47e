import { encodePaper, type PaperOptions } from '../../devices/receipt-printer/paper.ts';
import type {
  PrinterProblem,
  PrinterStatus,
  ReceiptPrinter,
} from '../../devices/receipt-printer/receipt-printer.ts';
import type { LanguageCode, LocalizedText } from '../../shared/languages.ts';
import type { Receipt } from '../../shared/receipt.ts';
import { paperLines } from './paper-lines.ts';
import type { ReceiptTemplate } from './template.ts';

/** What the loop needs of a printer. */
export interface ReceiptPrinting {
  start(onStatus: (status: PrinterStatus) => void): void;
  stop(): void;
  /** `reply` comes once: undefined when the receipt came out. */
  print(receipt: Receipt, language: LanguageCode, reply: (problem: PrinterProblem | undefined) => void): void;
}

export interface ReceiptPrintingParts {
  readonly printer: ReceiptPrinter;
  readonly paper: PaperOptions;
  readonly template: ReceiptTemplate;
  readonly libraryName: LocalizedText;
  /** For the technician. */
  readonly onStatus: (status: PrinterStatus) => void;
}

/** Receipts in the library’s form, on a printer. */
export function receiptPrinting(parts: ReceiptPrintingParts): ReceiptPrinting {
  const { printer, paper, template, libraryName } = parts;
  return {
    start: (onStatus) =>
      printer.start({
        onStatus(status) {
          parts.onStatus(status);
          onStatus(status);
        },
      }),
    stop: () => printer.stop(),
    print(receipt, language, reply) {
      const lines = paperLines(receipt, { template, libraryName, language });
      printer.print(encodePaper(lines, paper), (printed) =>
        reply(printed.is === 'printed' ? undefined : printed.problem),
      );
    },
  };
}
