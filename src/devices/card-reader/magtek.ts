import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { SameAgain } from '../barcode-scanner/same-again.ts';
import type { HidLink, OpenHid } from '../hid/hid-port.ts';
import { KeptOpen } from '../kept-open.ts';
import type { CardReader, CardReaderEvents } from './card-reader.ts';
import { readMagtek, type Track } from './magtek-wire.ts';

/** The vendor’s number, and the page of its own that the report is on. */
export const magtekVendorId = 0x0801;
export const magtekUsagePage = 0xff00;

export interface MagtekCardReaderOptions {
  readonly open: OpenHid;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  readonly track: Track;
}

/** A magnetic stripe reader of MagTek in HID mode. A swipe is over when it is told, so no card ever lies in it. */
export class MagtekCardReader implements CardReader {
  readonly name: string;
  readonly #options: MagtekCardReaderOptions;
  readonly #device: KeptOpen<HidLink>;
  readonly #sameAgain: SameAgain;
  #events: CardReaderEvents | undefined;

  constructor(options: MagtekCardReaderOptions) {
    const { open, clock, log, path } = options;
    this.name = path;
    this.#options = options;
    this.#sameAgain = new SameAgain(clock);
    this.#device = new KeptOpen({
      clock,
      log,
      path,
      name: 'cardReader',
      open: (events) => open({ ...events, report: (bytes) => this.#report(bytes) }),
    });
  }

  start(events: CardReaderEvents): void {
    this.#device.start({
      onOpened: () => this.#events?.onStatus({ state: 'ready' }),
      onLost: (reason) => this.#events?.onStatus({ state: 'offline', reason }),
    });
    this.#events = events;
  }

  stop(): void {
    this.#events = undefined;
    this.#sameAgain.forget();
    this.#device.stop();
  }

  #report(bytes: Uint8Array): void {
    const { log, path, track } = this.#options;
    const card = readMagtek(bytes, track);
    // Whatever else is on the stripe, a name or a bank’s account, is nobody’s business.
    bytes.fill(0);
    if (card.kind === 'unreadable') log.write('info', 'cardReader.unreadable', { path, reason: card.why });
    else if (this.#sameAgain.seenJustNow(card.text)) return;
    this.#events?.onCard(card);
  }
}
