import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { HidLink, OpenHid } from '../hid/hid-port.ts';
import { KeptOpen } from '../kept-open.ts';
import { idleFlushMs, pieceGapMsMax } from './driver.ts';
import { HidPosReports } from './hid-pos-wire.ts';
import { ScanTeller } from './scan-teller.ts';
import type { BarcodeScanner, BarcodeScannerEvents } from './scanner.ts';

export interface HidPosBarcodeScannerOptions {
  readonly open: OpenHid;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  readonly prefix?: string;
  readonly doubleScanMs?: number;
}

/** A barcode scanner in HID POS mode, which no keyboard layout, focus or shortcut can touch. */
export class HidPosBarcodeScanner implements BarcodeScanner {
  readonly name: string;
  readonly #clock: Clock;
  readonly #reports: HidPosReports;
  readonly #teller: ScanTeller;
  readonly #device: KeptOpen<HidLink>;
  #cancelPause: CancelTimer = () => undefined;

  constructor(options: HidPosBarcodeScannerOptions) {
    const { open, clock, log, path, prefix } = options;
    this.name = path;
    this.#clock = clock;
    this.#reports = new HidPosReports(prefix === undefined ? {} : { prefix });
    this.#teller = new ScanTeller(options);
    this.#device = new KeptOpen({
      clock,
      log,
      path,
      name: 'scanner',
      open: (events) => open({ ...events, report: (bytes) => this.#report(bytes) }),
    });
  }

  start(events: BarcodeScannerEvents): void {
    this.#device.start({
      onOpened: () => this.#teller.status({ state: 'ready' }),
      onLost: (reason) => {
        this.#forget();
        this.#teller.status({ state: 'offline', reason });
      },
    });
    this.#teller.start(events);
  }

  stop(): void {
    this.#teller.stop();
    this.#device.stop();
    this.#forget();
  }

  #report(bytes: Uint8Array): void {
    this.#cancelPause();
    const scan = this.#reports.push(bytes);
    bytes.fill(0);
    if (scan !== undefined) this.#teller.scan(scan);
    if (!this.#reports.midScan) return;
    const pauseMs = this.#reports.endsByPause ? idleFlushMs : pieceGapMsMax;
    this.#cancelPause = this.#clock.after(pauseMs, () => {
      const late = this.#reports.pause();
      if (late !== undefined) this.#teller.scan(late);
    });
  }

  #forget(): void {
    this.#cancelPause();
    this.#reports.reset();
  }
}
