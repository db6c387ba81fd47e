import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { KeptOpen } from '../kept-open.ts';
import { ScanTeller } from './scan-teller.ts';
import type { BarcodeScanner, BarcodeScannerEvents } from './scanner.ts';
import { ScanSplitter, type ScannerWireOptions } from './wire.ts';

export { doubleScanMsDefault } from './same-again.ts';

/** A pause that ends a scan where the scanner sends no suffix. */
export const idleFlushMs = 50;

/**
 * A pause after which a scan without its suffix is given up. Long enough for a busy machine and a slow USB adapter;
 * taking what came for a whole scan would be taking half a number for an item.
 */
export const pieceGapMsMax = 500;

/** Line ends that follow a scan within this time belong to it; a slow USB adapter hands over what it has every 16 ms. */
export const lineEndGapMsMax = 20;

/** How long a scanner answers to what it was told at the opening. */
export const setupQuietMs = 500;

export interface SerialBarcodeScannerOptions {
  readonly open: OpenByteStream;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  readonly wire?: ScannerWireOptions;
  /** What the scanner is told at each opening. */
  readonly setup?: readonly Uint8Array[];
  readonly doubleScanMs?: number;
  readonly idleFlushMs?: number;
  readonly pieceGapMs?: number;
}

/** A barcode scanner on a serial port. It may be unplugged and plugged in again at any time. */
export class SerialBarcodeScanner implements BarcodeScanner {
  readonly name: string;
  readonly #options: SerialBarcodeScannerOptions;
  readonly #splitter: ScanSplitter;
  readonly #teller: ScanTeller;
  readonly #port: KeptOpen<ByteStream>;
  #lastBytesMs = 0;
  #settingUp = false;
  #cancelPause: CancelTimer = () => undefined;

  constructor(options: SerialBarcodeScannerOptions) {
    this.name = options.path;
    this.#options = options;
    this.#splitter = new ScanSplitter(options.wire);
    this.#teller = new ScanTeller(options);
    const { open, clock, log, path } = options;
    this.#port = new KeptOpen({
      clock,
      log,
      path,
      name: 'scanner',
      open: (events) => open({ ...events, bytes: (chunk) => this.#bytes(chunk) }),
    });
  }

  start(events: BarcodeScannerEvents): void {
    this.#port.start({
      onOpened: () => this.#opened(),
      onLost: (reason) => {
        this.#forget();
        this.#teller.status({ state: 'offline', reason });
      },
    });
    this.#teller.start(events);
  }

  stop(): void {
    this.#teller.stop();
    this.#port.stop();
    this.#forget();
  }

  #opened(): void {
    const { setup = [], clock } = this.#options;
    if (setup.length === 0) return this.#teller.status({ state: 'ready' });
    for (const command of setup) this.#port.link?.write(command);
    this.#settingUp = true;
    this.#cancelPause = clock.after(setupQuietMs, () => {
      this.#settingUp = false;
      this.#teller.status({ state: 'ready' });
    });
  }

  #bytes(chunk: Uint8Array): void {
    // What it says to its setting up is no scan.
    if (this.#port.link === undefined || this.#settingUp) return;
    this.#cancelPause();
    const nowMs = this.#options.clock.monotonic();
    if (nowMs - this.#lastBytesMs > lineEndGapMsMax) this.#splitter.rest();
    this.#lastBytesMs = nowMs;
    for (const scan of this.#splitter.push(chunk)) this.#teller.scan(scan);
    if (!this.#splitter.midScan || this.#port.link === undefined) return;
    const { idleFlushMs: flushMs = idleFlushMs, pieceGapMs = pieceGapMsMax } = this.#options;
    const pauseMs = this.#splitter.endsByPause ? flushMs : pieceGapMs;
    this.#cancelPause = this.#options.clock.after(pauseMs, () => this.#paused());
  }

  #paused(): void {
    const scan = this.#splitter.pause();
    if (scan !== undefined) this.#teller.scan(scan);
  }

  #forget(): void {
    this.#cancelPause();
    this.#settingUp = false;
    this.#splitter.reset();
  }
}
