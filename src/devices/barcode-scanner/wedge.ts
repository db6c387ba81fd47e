import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { ScanTeller } from './scan-teller.ts';
import { scanOfText, type ScanTextOptions } from './scan-text.ts';
import type { BarcodeScanner, BarcodeScannerEvents } from './scanner.ts';

export interface WedgeBarcodeScannerOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly text?: ScanTextOptions;
  readonly doubleScanMs?: number;
}

/**
 * A scanner that types like a keyboard. The page tells its keys from a person’s and hands over whole scans, for the keys come to
 * the window that has the focus and nowhere else. Whether the scanner is plugged in cannot be seen: it is always ready.
 */
export class WedgeBarcodeScanner implements BarcodeScanner {
  readonly name = 'keyboard wedge';
  readonly #options: WedgeBarcodeScannerOptions;
  readonly #teller: ScanTeller;
  #cancelReady: CancelTimer = () => undefined;

  constructor(options: WedgeBarcodeScannerOptions) {
    this.#options = options;
    this.#teller = new ScanTeller({ ...options, path: this.name });
  }

  start(events: BarcodeScannerEvents): void {
    this.#teller.start(events);
    this.#cancelReady = this.#options.clock.after(0, () => this.#teller.status({ state: 'ready' }));
  }

  stop(): void {
    this.#cancelReady();
    this.#teller.stop();
  }

  /** The page heard a scan; `ended` tells whether it is whole. */
  typed(text: string, ended: boolean): void {
    this.#teller.scan(
      ended ? scanOfText(text, this.#options.text) : { kind: 'unreadable', why: 'incomplete' },
    );
  }
}
