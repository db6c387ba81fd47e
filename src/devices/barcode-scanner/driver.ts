import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { reopenDelayMs } from '../reopen.ts';
import type { BarcodeScanner, BarcodeScannerEvents, Scan, ScannerStatus } from './scanner.ts';
import { ScanSplitter, type ScannerWireOptions } from './wire.ts';

/** A pause that ends a scan where the scanner sends no suffix. */
export const idleFlushMs = 50;

/**
 * A pause after which a scan without its suffix is given up. Long enough for a busy machine and a slow USB adapter;
 * taking what came for a whole scan would be taking half a number for an item.
 */
export const pieceGapMsMax = 500;

/**
 * The same text again within this time is the same scan. Hands-free scanners read a label that is held before them
 * again after 0.5 to 1 s; nobody lends, then takes up the same book anew within 1.5 s.
 */
export const doubleScanMsDefault = 1_500;

/** Two or three labels can lie in view at once and be read in turn. */
const recentTextsMax = 4;

export interface SerialBarcodeScannerOptions {
  readonly open: OpenByteStream;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  readonly wire?: ScannerWireOptions;
  readonly doubleScanMs?: number;
  readonly idleFlushMs?: number;
  readonly pieceGapMs?: number;
}

/** A barcode scanner on a serial port. It may be unplugged and plugged in again at any time. */
export class SerialBarcodeScanner implements BarcodeScanner {
  readonly #options: SerialBarcodeScannerOptions;
  readonly #splitter: ScanSplitter;
  readonly #recent: { readonly text: string; cancel: CancelTimer }[] = [];
  #events: BarcodeScannerEvents | undefined;
  #stream: ByteStream | undefined;
  #status: ScannerStatus | undefined;
  #failures = 0;
  #cancelPause: CancelTimer = () => undefined;
  #cancelReopen: CancelTimer = () => undefined;

  constructor(options: SerialBarcodeScannerOptions) {
    this.#options = options;
    this.#splitter = new ScanSplitter(options.wire);
  }

  start(events: BarcodeScannerEvents): void {
    if (this.#events !== undefined) throw new Error('the scanner was started before');
    this.#events = events;
    this.#open();
  }

  stop(): void {
    this.#events = undefined;
    this.#cancelReopen();
    this.#forget();
    for (const entry of this.#recent.splice(0)) entry.cancel();
    this.#stream?.close();
    this.#stream = undefined;
  }

  #open(): void {
    this.#stream = this.#options.open({
      opened: () => this.#opened(),
      bytes: (chunk) => this.#bytes(chunk),
      closed: (reason) => this.#closed(reason),
    });
  }

  #opened(): void {
    this.#failures = 0;
    this.#options.log.write('info', 'scanner.opened', { path: this.#options.path });
    this.#tell({ state: 'ready' });
  }

  #closed(reason: string): void {
    if (this.#events === undefined) return;
    this.#stream = undefined;
    this.#forget();
    const delayMs = reopenDelayMs(this.#failures);
    this.#failures += 1;
    if (this.#status?.state !== 'offline') {
      this.#options.log.write('warning', 'scanner.offline', { path: this.#options.path, reason });
    }
    this.#cancelReopen = this.#options.clock.after(delayMs, () => this.#open());
    this.#tell({ state: 'offline', reason });
  }

  #tell(status: ScannerStatus): void {
    const before = this.#status;
    this.#status = status;
    if (before?.state === 'offline' && status.state === 'offline' && before.reason === status.reason) return;
    this.#events?.onStatus(status);
  }

  #bytes(chunk: Uint8Array): void {
    this.#cancelPause();
    for (const scan of this.#splitter.push(chunk)) this.#scanned(scan);
    if (!this.#splitter.midScan || this.#events === undefined) return;
    const { idleFlushMs: flushMs = idleFlushMs, pieceGapMs = pieceGapMsMax } = this.#options;
    const pauseMs = this.#splitter.endsByPause ? flushMs : pieceGapMs;
    this.#cancelPause = this.#options.clock.after(pauseMs, () => this.#paused());
  }

  #paused(): void {
    const scan = this.#splitter.pause();
    if (scan !== undefined) this.#scanned(scan);
  }

  #scanned(scan: Scan): void {
    if (this.#events === undefined) return;
    if (scan.kind === 'unreadable') {
      this.#options.log.write('info', 'scanner.unreadable', { path: this.#options.path, reason: scan.why });
    } else if (this.#seenJustNow(scan.text)) {
      return;
    }
    this.#events.onScan(scan);
  }

  /** Each repetition starts the time anew: a label held before the scanner for a minute is one scan. */
  #seenJustNow(text: string): boolean {
    const index = this.#recent.findIndex((entry) => entry.text === text);
    if (index !== -1) for (const entry of this.#recent.splice(index, 1)) entry.cancel();
    while (this.#recent.length >= recentTextsMax) this.#recent.shift()?.cancel();
    const windowMs = this.#options.doubleScanMs ?? doubleScanMsDefault;
    if (windowMs > 0) {
      const entry = { text, cancel: () => undefined as void };
      entry.cancel = this.#options.clock.after(windowMs, () => {
        const at = this.#recent.indexOf(entry);
        if (at !== -1) this.#recent.splice(at, 1);
      });
      this.#recent.push(entry);
    }
    return index !== -1;
  }

  #forget(): void {
    this.#cancelPause();
    this.#splitter.reset();
  }
}
