import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { SameAgain } from './same-again.ts';
import type { BarcodeScannerEvents, Scan, ScannerStatus } from './scanner.ts';

export interface ScanTellerOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  readonly doubleScanMs?: number | undefined;
}

/** The last step of every scanner, however it is connected: what it read and how it is, told once. */
export class ScanTeller {
  readonly #options: ScanTellerOptions;
  readonly #sameAgain: SameAgain;
  #events: BarcodeScannerEvents | undefined;

  constructor(options: ScanTellerOptions) {
    this.#options = options;
    this.#sameAgain = new SameAgain(options.clock, options.doubleScanMs);
  }

  start(events: BarcodeScannerEvents): void {
    this.#events = events;
  }

  stop(): void {
    this.#events = undefined;
    this.#sameAgain.forget();
  }

  status(status: ScannerStatus): void {
    this.#events?.onStatus(status);
  }

  scan(scan: Scan): void {
    if (this.#events === undefined) return;
    if (scan.kind === 'unreadable') {
      this.#options.log.write('info', 'scanner.unreadable', { path: this.#options.path, reason: scan.why });
    } else if (this.#sameAgain.seenJustNow(scan.text)) {
      return;
    }
    this.#events.onScan(scan);
  }
}
