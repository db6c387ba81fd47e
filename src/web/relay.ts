import type { WebSocket } from 'ws';
import type { ByteStream, OpenByteStream } from '../kernel/bytes.ts';
import type { CancelTimer, Clock } from '../kernel/clock.ts';
import { LineReader } from '../kernel/lines.ts';
import type { Log } from '../kernel/log.ts';
import { frameFromPageSchema, frameToStationBytesMax, frameToStationSchema } from '../shared/frames.ts';

/** How long a page waits at the door for a station that is being started again. */
export const stationWaitMsMax = 3_000;
const stationRetryMs = 100;

/** Longest line that the station may send: a view with a hundred rows has about 50,000 bytes. */
const stationLineBytesMax = 4_194_304;

/** A page that leaves this much unread is disconnected; it comes again and gets the newest view. */
export const pageBacklogBytesMax = 8_388_608;

/** Why a page’s socket was closed (RFC 6455, 7.4.1). */
export const closeCodes = {
  /** The station went away; the page shows "one moment" and comes again. */
  stationGone: 1012,
  /** The page sent what is no frame. */
  notAFrame: 1003,
  /** The station sent what is no line. */
  badStation: 1011,
} as const;

export interface StationLink {
  /** From now on lines of the station go to the page and frames of the page to the station. */
  attach(page: WebSocket): void;
  /** The page went away before it was attached. */
  cancel(): void;
}

export interface ReachOptions {
  readonly connectStation: OpenByteStream;
  readonly clock: Clock;
  readonly log: Log;
  onReached(): void;
  /** The station is away, and stayed away as long as a page may wait. */
  onAway(): void;
}

/** Connects one page’s link to the station, trying again for a while. */
export function reachStation(options: ReachOptions): StationLink {
  return new Link(options);
}

class Link implements StationLink {
  readonly #options: ReachOptions;
  readonly #reader = new LineReader(stationLineBytesMax);
  readonly #giveUpAt: number;
  #stream: ByteStream;
  #page: WebSocket | undefined;
  #state: 'reaching' | 'reached' | 'ended' = 'reaching';
  #cancelRetry: CancelTimer = () => undefined;

  constructor(options: ReachOptions) {
    this.#options = options;
    this.#giveUpAt = options.clock.monotonic() + stationWaitMsMax;
    this.#stream = this.#open();
  }

  attach(page: WebSocket): void {
    this.#page = page;
    page.on('message', (data: Buffer, isBinary: boolean) => this.#fromPage(data, isBinary));
    page.on('error', () => undefined);
    page.on('close', () => this.cancel());
  }

  cancel(): void {
    this.#state = 'ended';
    this.#cancelRetry();
    this.#reader.reset();
    this.#stream.close();
  }

  #open(): ByteStream {
    return this.#options.connectStation({
      opened: () => {
        this.#state = 'reached';
        this.#options.onReached();
      },
      bytes: (chunk) => this.#fromStation(chunk),
      closed: (reason) => this.#closed(reason),
    });
  }

  #closed(reason: string): void {
    switch (this.#state) {
      case 'ended':
        return;
      case 'reached':
        this.#state = 'ended';
        this.#options.log.write('warning', 'web.station_gone', { reason });
        this.#page?.close(closeCodes.stationGone, 'the station is away');
        return;
      case 'reaching':
        this.#tryAgain();
    }
  }

  #tryAgain(): void {
    if (this.#options.clock.monotonic() >= this.#giveUpAt) {
      this.#state = 'ended';
      this.#options.onAway();
      return;
    }
    this.#cancelRetry = this.#options.clock.after(stationRetryMs, () => {
      this.#stream = this.#open();
    });
  }

  #fromStation(chunk: Uint8Array): void {
    for (const line of this.#reader.push(chunk)) {
      const page = this.#page;
      if (page === undefined || page.readyState !== page.OPEN) return;
      if (line === 'tooLong') return page.close(closeCodes.badStation, 'the station sent too much');
      page.send(line, { binary: false });
      if (page.bufferedAmount > pageBacklogBytesMax) return page.terminate();
    }
  }

  #fromPage(data: Buffer, isBinary: boolean): void {
    if (this.#state !== 'reached') return;
    // A line end inside would be two frames where one was counted.
    if (isBinary || data.length === 0 || data.length > frameToStationBytesMax || data.includes(0x0a)) {
      return this.#refuse();
    }
    if (isTechnicians(data)) return this.#refuse();
    this.#stream.write(Buffer.concat([data, newline]));
    data.fill(0);
  }

  #refuse(): void {
    this.#options.log.write('warning', 'web.refused', { rule: 'frame' });
    this.#page?.close(closeCodes.notAFrame, 'no frame');
  }
}

/** The station would take it, and it is none of a page’s. What the station does not take, it answers itself. */
function isTechnicians(data: Buffer): boolean {
  let frame: unknown;
  try {
    // As the station reads it, byte order mark and all.
    frame = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    return false;
  }
  return frameToStationSchema.safeParse(frame).success && !frameFromPageSchema.safeParse(frame).success;
}

const newline = Buffer.from('\n');
