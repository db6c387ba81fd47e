import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { KeptOpen } from '../kept-open.ts';
import type { Cut } from '../wire/frames.ts';
import { pieceGapMsMax } from './driver.ts';
import { lengthFrameSplitter } from './length-frames.ts';
import { ScanTeller } from './scan-teller.ts';
import { scanOfBytes, type ScanTextOptions } from './scan-text.ts';
import type { BarcodeScanner, BarcodeScannerEvents } from './scanner.ts';
import { readSsiDecode, ssi } from './ssi-wire.ts';

export interface SsiBarcodeScannerOptions {
  readonly open: OpenByteStream;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  readonly text?: ScanTextOptions;
  readonly doubleScanMs?: number;
}

/** A scanner that speaks Zebra’s Simple Serial Interface: each scan is a frame with a checksum, and is asked for again when damaged. */
export class SsiBarcodeScanner implements BarcodeScanner {
  readonly name: string;
  readonly #options: SsiBarcodeScannerOptions;
  readonly #splitter = lengthFrameSplitter();
  readonly #teller: ScanTeller;
  readonly #port: KeptOpen<ByteStream>;
  #cancelPause: CancelTimer = () => undefined;

  constructor(options: SsiBarcodeScannerOptions) {
    const { open, clock, log, path } = options;
    this.name = path;
    this.#options = options;
    this.#teller = new ScanTeller(options);
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
      onOpened: () => {
        this.#say(ssi.wakeUp);
        this.#say(ssi.sendInPackets);
        this.#teller.status({ state: 'ready' });
      },
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

  #bytes(chunk: Uint8Array): void {
    if (this.#port.link === undefined) return;
    this.#cancelPause();
    for (const cut of this.#splitter.push(chunk)) this.#cut(cut);
    if (!this.#splitter.midFrame) return;
    this.#cancelPause = this.#options.clock.after(pieceGapMsMax, () => {
      const late = this.#splitter.pause();
      if (late !== undefined) this.#cut(late);
    });
  }

  #cut(cut: Cut): void {
    if (cut.kind === 'bad') return this.#say(ssi.nak);
    const decoded = readSsiDecode(cut.bytes);
    if (decoded === undefined) return;
    this.#say(ssi.ack);
    const scan = scanOfBytes(decoded.data, this.#options.text);
    cut.bytes.fill(0);
    const { symbology } = decoded;
    this.#teller.scan(scan.kind === 'text' && symbology !== undefined ? { ...scan, symbology } : scan);
  }

  #say(frame: Uint8Array): void {
    this.#port.link?.write(frame);
  }

  #forget(): void {
    this.#cancelPause();
    this.#splitter.reset();
  }
}
