import type { BarcodeScanner, ScannerStatus } from '../devices/barcode-scanner/scanner.ts';
import type { CardReader, CardReaderStatus } from '../devices/card-reader/card-reader.ts';
import type { RelayStatus } from '../devices/relay/relay-board.ts';
import type { WedgeBarcodeScanner } from '../devices/barcode-scanner/wedge.ts';
import type { RfidReader } from '../devices/rfid-reader/rfid-reader.ts';
import type { TagRules } from '../rfid/tag.ts';
import { showLights, type LitBoard } from './lights.ts';
import { LentReader } from './lent-reader.ts';
import { Loop, type LoopParts } from './loop.ts';
import { TagDecoder } from './tag-decoder.ts';

export interface StationParts extends LoopParts {
  /** Each one that the station has; none where no scanner is configured. */
  readonly scanners: readonly BarcodeScanner[];
  /** The one of them that types, where there is one. */
  readonly wedge?: WedgeBarcodeScanner | undefined;
  readonly cardReaders?: readonly CardReader[];
  /** Boards that show by lights what the screen shows. */
  readonly relays?: readonly LitBoard[];
  /** Left out where the station has none. */
  readonly rfidReader?: RfidReader | undefined;
  /** Told of each status of a scanner. */
  readonly onScanner?: (index: number, status: ScannerStatus) => void;
  readonly onCardReader?: (index: number, status: CardReaderStatus) => void;
  readonly onRelay?: (index: number, status: RelayStatus) => void;
  /** How the library wants its tags read. */
  readonly tagRules?: TagRules;
}

/** The loop with its devices: what runs in the station’s process, and in the simulation just the same. */
export class Station {
  readonly loop: Loop;
  private readonly scanners: readonly BarcodeScanner[];
  private readonly onScanner: StationParts['onScanner'];
  /** For work on tags by hand; undefined where the station has no reader. */
  readonly rfidReader: LentReader | undefined;
  private readonly tags: TagDecoder;
  private readonly receipts: StationParts['receipts'];
  private readonly parts: StationParts;
  private readonly ready = new Set<number>();
  /** The card readers in which a card lies. */
  private readonly held = new Set<number>();

  constructor(parts: StationParts) {
    const { rfidReader, relays = [], publish } = parts;
    this.parts = parts;
    this.loop = new Loop({
      ...parts,
      publish: (view) => {
        publish(view);
        showLights(relays, view);
      },
      onWedge: (text, ended) => parts.wedge?.typed(text, ended),
      ...(rfidReader === undefined
        ? {}
        : { setSecurity: (uid, secured, reply) => rfidReader.setSecurity(uid, secured, reply) }),
    });
    this.scanners = parts.scanners;
    this.onScanner = parts.onScanner;
    this.rfidReader = rfidReader === undefined ? undefined : new LentReader(rfidReader);
    this.tags = new TagDecoder(parts.tagRules);
    this.receipts = parts.receipts;
  }

  start(): void {
    this.loop.start();
    this.receipts?.start((status) => this.loop.post({ type: 'printer', status }));
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
    this.startCardReaders();
    this.startRelays();
    this.rfidReader?.start({
      onStatus: ({ state }) => {
        this.loop.post({ type: 'rfidReader', ready: state === 'ready' });
        // Without a scanner, the RFID reader is what items are read with.
        if (this.scanners.length === 0) this.scannerStatus(0, state === 'ready');
      },
      onField: (field) => this.loop.post({ type: 'field', field: this.tags.decode(field) }),
    });
  }

  stop(): void {
    this.rfidReader?.stop();
    for (const scanner of this.scanners) scanner.stop();
    for (const reader of this.parts.cardReaders ?? []) reader.stop();
    for (const { device } of this.parts.relays ?? []) device.stop();
    this.receipts?.stop();
    this.loop.stop();
  }

  private startCardReaders(): void {
    for (const [index, reader] of (this.parts.cardReaders ?? []).entries()) {
      reader.start({
        onCard: (card) =>
          this.loop.post(
            card.kind === 'card'
              ? { type: 'scan', text: card.text, symbology: card.symbology, source: 'card-reader' }
              : { type: 'cardUnreadable', why: card.why },
          ),
        onPresence: (present) => {
          if (present) this.held.add(index);
          else this.held.delete(index);
          this.loop.post({ type: 'cardPresence', present: this.held.size > 0 });
        },
        onStatus: (status) => this.parts.onCardReader?.(index, status),
      });
    }
  }

  private startRelays(): void {
    const { relays = [], onRelay } = this.parts;
    for (const [index, { device }] of relays.entries()) {
      device.start({ onStatus: (status) => onRelay?.(index, status) });
    }
    showLights(relays, this.loop.view());
  }

  /** One scanner that reads is enough to serve. */
  private scannerStatus(index: number, ready: boolean): void {
    if (ready) this.ready.add(index);
    else this.ready.delete(index);
    this.loop.post({ type: 'scanner', ready: this.ready.size > 0 });
  }
}
