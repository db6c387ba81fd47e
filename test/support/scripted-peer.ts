import type { ByteStreamEvents, OpenByteStream, StreamEnd } from '../../src/kernel/bytes.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { byteSum, checksumOf } from '../../src/sip2/checksum.ts';

/** One connection as the other end sees it. */
export class PeerConnection {
  readonly #clock: Clock;
  readonly #events: ByteStreamEvents;
  /** What the client wrote, copied as it was written. */
  readonly received: string[] = [];
  /** The very buffers that the client handed over. */
  readonly handed: Uint8Array[] = [];
  closedByClient = false;
  /** Whether `write` is taken. */
  open = false;
  onLine: (line: string) => void = () => undefined;

  constructor(clock: Clock, events: ByteStreamEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  accept(): void {
    this.open = true;
    this.#events.opened();
  }

  /** Sends text as it is, in UTF-8. */
  sendRaw(text: string | Uint8Array): void {
    if (!this.closedByClient) this.#events.bytes(typeof text === 'string' ? Buffer.from(text, 'utf8') : text);
  }

  /** What came was all that comes for the last write. */
  replied(): void {
    if (!this.closedByClient) this.#events.replied?.();
  }

  close(reason = 'ECONNRESET', end?: StreamEnd): void {
    this.open = false;
    if (!this.closedByClient) this.#events.closed(reason, end);
  }

  write(bytes: Uint8Array): boolean {
    if (!this.open) return false;
    const line = Buffer.from(bytes).toString('utf8');
    this.received.push(line);
    this.handed.push(bytes);
    this.#clock.after(0, () => this.onLine(line));
    return true;
  }
}

/** A listener whose every connection is played by the test. */
export class ScriptedPeer {
  readonly #clock: Clock;
  readonly connections: PeerConnection[] = [];
  /** What happens to a new connection, a moment after it was asked for. */
  onConnect: (connection: PeerConnection) => void = (connection) => connection.accept();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly openStream: OpenByteStream = (events) => {
    const connection = new PeerConnection(this.#clock, events);
    this.connections.push(connection);
    this.#clock.after(0, () => {
      if (!connection.closedByClient) this.onConnect(connection);
    });
    return {
      write: (bytes) => connection.write(bytes),
      close: () => {
        connection.closedByClient = true;
        connection.open = false;
      },
    };
  };

  /** The newest connection. */
  get last(): PeerConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error('nobody connected');
    return last;
  }
}

/** A message with the AY of `request` (or another) and a right AZ, and its CR. */
export function answered(text: string, sequence: number | undefined): string {
  const numbered = `${text}${sequence === undefined ? '' : `AY${sequence}`}AZ`;
  const bytes = Buffer.from(numbered, 'utf8');
  const checksum = checksumOf(byteSum(bytes, 0, bytes.length));
  return `${numbered}${checksum.toString(16).toUpperCase().padStart(4, '0')}\r`;
}

/** AY of a request, or undefined where it has none. */
export function sequenceOf(line: string): number | undefined {
  const found = /AY(\d)AZ[0-9A-F]{4}\r\n?$/.exec(line);
  return found === null ? undefined : Number(found[1]);
}
