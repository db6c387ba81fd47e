import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { HidLink, OpenHid } from '../hid/hid-port.ts';
import { KeptOpen } from '../kept-open.ts';
import { idleFlushMs, pieceGapMsMax } from './driver.ts';
import { ScanTeller } from './scan-teller.ts';
import type { BarcodeScanner, BarcodeScannerEvents, Scan } from './scanner.ts';

/** Joins the input reports of a HID device to scans. Pure: whoever feeds it watches the clock. */
export interface ScanReports {
  /** True while a scan has begun and not ended. */
  readonly midScan: boolean;
  /** True where a scan is whole if nothing comes any more. */
  readonly endsByPause: boolean;
  /** The scan that this report completes, if it does. */
  push(report: Uint8Array): Scan | undefined;
  /** No report came for long enough that none will. */
  pause(): Scan | undefined;
  /** Forgets what has begun. */
  reset(): void;
}

export interface HidBarcodeScannerOptions {
  readonly open: OpenHid;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  readonly reports: ScanReports;
  readonly doubleScanMs?: number;
}

/** A barcode scanner whose reports are read past the keyboard: no layout of the page, no focus and no shortcut can touch it. */
export class HidBarcodeScanner implements BarcodeScanner {
  readonly name: string;
  readonly #clock: Clock;
  readonly #reports: ScanReports;
  readonly #teller: ScanTeller;
  readonly #device: KeptOpen<HidLink>;
  #cancelPause: CancelTimer = () => undefined;

  constructor(options: HidBarcodeScannerOptions) {
    const { open, clock, log, path, reports } = options;
    this.name = path;
    this.#clock = clock;
    this.#reports = reports;
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
