import type { BarcodeScanner } from '../barcode-scanner/scanner.ts';
import type { CardReader, CardReaderEvents } from './card-reader.ts';

/** A reader of barcodes or of anything that types, where only cards are held before it. */
export class ScannerCardReader implements CardReader {
  readonly #scanner: BarcodeScanner;

  constructor(scanner: BarcodeScanner) {
    this.#scanner = scanner;
  }

  get name(): string {
    return this.#scanner.name;
  }

  start(events: CardReaderEvents): void {
    this.#scanner.start({
      onScan: (scan) => {
        if (scan.kind === 'text') return events.onCard({ ...scan, kind: 'card' });
        events.onCard({ kind: 'unreadable', why: scan.why === 'incomplete' ? 'badRead' : 'badReport' });
      },
      onStatus: (status) => events.onStatus(status),
    });
  }

  stop(): void {
    this.#scanner.stop();
  }
}
