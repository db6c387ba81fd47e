import type { BarcodeScanner, ScannerStatus } from '../devices/barcode-scanner/scanner.ts';
import type { WedgeBarcodeScanner } from '../devices/barcode-scanner/wedge.ts';
import type { RfidReader } from '../devices/rfid-reader/rfid-reader.ts';
import { Loop, type LoopParts } from './loop.ts';

export interface StationParts extends LoopParts {
  /** Each one that the station has; none where no scanner is configured. */
  readonly scanners: readonly BarcodeScanner[];
  /** The one of them that types, where there is one. */
  readonly wedge?: WedgeBarcodeScanner | undefined;
  /** Left out where the station has none. */
  readonly rfidReader?: RfidReader | undefined;
  /** Told of each status of a scanner. */
  readonly onScanner?: (index: number, status: ScannerStatus) => void;
}

/** The loop with its devices: what runs in the station’s process, and in the simulation just the same. */
export class Station {
  readonly loop: Loop;
  private readonly scanners: readonly BarcodeScanner[];
  private readonly rfidReader: RfidReader | undefined;
  private readonly onScanner: StationParts['onScanner'];
  private readonly ready = new Set<number>();

  constructor(parts: StationParts) {
    this.loop = new Loop({ ...parts, onWedge: (text, ended) => parts.wedge?.typed(text, ended) });
    this.scanners = parts.scanners;
    this.rfidReader = parts.rfidReader;
    this.onScanner = parts.onScanner;
  }

  start(): void {
    this.loop.start();
    for (const [index, scanner] of this.scanners.entries()) {
      scanner.start({
        onScan: (scan) =>
          this.loop.post(
            scan.kind === 'text'
              ? { type: 'scan', text: scan.text, symbology: scan.symbology }
              : { type: 'scanUnreadable', why: scan.why },
          ),
        onStatus: (status) => {
          this.onScanner?.(index, status);
          this.scannerStatus(index, status.state === 'ready');
        },
      });
    }
    this.rfidReader?.start({ onStatus: () => undefined, onField: () => undefined });
  }

  stop(): void {
    for (const scanner of this.scanners) scanner.stop();
    this.rfidReader?.stop();
    this.loop.stop();
  }

  /** One scanner that reads is enough to serve. */
  private scannerStatus(index: number, ready: boolean): void {
    if (ready) this.ready.add(index);
    else this.ready.delete(index);
    this.loop.post({ type: 'scanner', ready: this.ready.size > 0 });
  }
}
