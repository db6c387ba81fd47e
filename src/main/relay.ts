import type { ByteStream, OpenByteStream } from '../kernel/bytes.ts';
import type { CancelTimer, Clock } from '../kernel/clock.ts';
import { LineReader } from '../kernel/lines.ts';
import type { Log } from '../kernel/log.ts';
import { frameFromPageSchema, frameToStationBytesMax } from '../shared/frames.ts';

/** Pause before the station is reached for again. It is on this machine, so a try costs next to nothing. */
export const reconnectMs = 250;

/** Longest line that the station may send: a view with a hundred rows has about 50,000 bytes. */
export const stationLineBytesMax = 4_194_304;

export interface RelayOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Reaches the station; undefined while nobody knows where it is. */
  station(): OpenByteStream | undefined;
  onFrame(frame: object): void;
  onLink(up: boolean): void;
}

/** Joins the page to the station: frames both ways, unread but for their form, over one connection for each page. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #reader = new LineReader(stationLineBytesMax);
  #stream: ByteStream | undefined;
  #up = false;
  #cancelRetry: CancelTimer = () => undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** A new page is there: a new connection, and another one whenever it is lost. */
  connect(): void {
    this.disconnect();
    this.#open();
  }

  /** The page is gone. */
  disconnect(): void {
    this.#cancelRetry();
    this.#stream?.close();
    this.#lost();
  }

  /** A frame of the page; without a link it is dropped, never kept for later. */
  fromPage(value: unknown): void {
    const frame = frameFromPageSchema.safeParse(value);
    const line = frame.success ? Buffer.from(`${JSON.stringify(frame.data)}\n`) : undefined;
    if (line === undefined || line.length > frameToStationBytesMax) {
      this.#options.log.write('warning', 'shell.refused', { rule: 'frame' });
      return;
    }
    if (this.#up) this.#stream?.write(line);
  }

  #open(): void {
    const open = this.#options.station();
    if (open === undefined) return this.#later();
    this.#stream = open({
      opened: () => {
        this.#up = true;
        this.#options.onLink(true);
      },
      bytes: (chunk) => this.#fromStation(chunk),
      closed: (reason) => {
        if (this.#up) this.#options.log.write('warning', 'shell.station_gone', { reason });
        this.#lost();
        this.#later();
      },
    });
  }

  #later(): void {
    this.#cancelRetry = this.#options.clock.after(reconnectMs, () => this.#open());
  }

  #lost(): void {
    this.#stream = undefined;
    this.#reader.reset();
    if (!this.#up) return;
    this.#up = false;
    this.#options.onLink(false);
  }

  #fromStation(chunk: Uint8Array): void {
    for (const line of this.#reader.push(chunk)) {
      const frame = line === 'tooLong' ? undefined : readFrame(line);
      if (frame !== undefined) {
        this.#options.onFrame(frame);
        continue;
      }
      this.#options.log.write('error', 'shell.station_garbled', { bytes: line.length });
      this.#stream?.close();
      this.#lost();
      return this.#later();
    }
  }
}

/** The page itself says what it makes of a frame; here it is only seen to be one. */
function readFrame(line: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return typeof value === 'object' && value !== null && 'v' in value && 'kind' in value ? value : undefined;
  } catch {
    return undefined;
  }
}
