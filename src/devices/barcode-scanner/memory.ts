import type { BarcodeScanner, BarcodeScannerEvents, Scan, ScannerStatus } from './scanner.ts';

/** A scanner in memory, steered by a test or a simulation. Everything happens in the call that asks for it. */
export class MemoryBarcodeScanner implements BarcodeScanner {
  readonly name = 'memory';
  #events: BarcodeScannerEvents | undefined;
  #status: ScannerStatus = { state: 'offline', reason: 'not started' };

  get started(): boolean {
    return this.#events !== undefined;
  }

  get status(): ScannerStatus {
    return this.#status;
  }

  start(events: BarcodeScannerEvents): void {
    if (this.#events !== undefined) throw new Error('the scanner was started before');
    this.#events = events;
  }

  stop(): void {
    this.#events = undefined;
  }

  /** The scanner reads a label. Nothing happens while it is not started or not plugged in. */
  scan(text: string): void {
    this.emit({ kind: 'text', text });
  }

  emit(scan: Scan): void {
    if (this.#status.state === 'ready') this.#events?.onScan(scan);
  }

  plug(): void {
    this.#tell({ state: 'ready' });
  }

  unplug(reason = 'unplugged'): void {
    this.#tell({ state: 'offline', reason });
  }

  #tell(status: ScannerStatus): void {
    if (status.state === this.#status.state) return;
    this.#status = status;
    this.#events?.onStatus(status);
  }
}
