import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';

/** How long opening a connection may take. */
const connectMsMax = 10_000;
/** After an answer: how long is waited for more of it, such as the LF of a CR LF or the same answer again. */
const settleMs = 40;
/** Most bytes of one answer. */
const answerBytesMax = 1_048_576;

export type Ending = 'CR' | 'CRLF' | 'LF';

/** What came for one request, as it came. */
export type Raw =
  | {
      readonly kind: 'answer';
      /** Whole messages without their ends; more than one where the ACS said more than it was asked. */
      readonly lines: readonly Buffer[];
      readonly ending: Ending;
      /** In how many pieces the first message came. */
      readonly pieces: number;
      readonly tookMs: number;
    }
  | { readonly kind: 'silence' }
  /** `partial`: in the middle of an answer. */
  | { readonly kind: 'closed'; readonly reason: string; readonly partial: boolean };

/** One connection of the probe: bytes out, and all that comes back, with how and when it came. */
export class ProbeLink {
  readonly #open: OpenByteStream;
  readonly #clock: Clock;
  #stream: ByteStream | undefined;
  #chunks: Buffer[] = [];
  #closed: string | undefined;
  #wake: () => void = () => undefined;

  constructor(open: OpenByteStream, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#stream !== undefined && this.#closed === undefined;
  }

  /** Opens a new connection; the error is the operating system’s word. */
  async connect(): Promise<string | undefined> {
    this.close();
    this.#chunks = [];
    this.#closed = undefined;
    let opened = false;
    this.#stream = this.#open({
      opened: () => {
        opened = true;
        this.#wake();
      },
      bytes: (chunk) => {
        this.#chunks.push(Buffer.from(chunk));
        this.#wake();
      },
      closed: (reason) => {
        this.#closed = reason;
        this.#wake();
      },
    });
    await this.#until(() => opened || this.#closed !== undefined, connectMsMax);
    if (opened) return undefined;
    const reason = this.#closed ?? 'no connection in time';
    this.close();
    return reason;
  }

  close(): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#closed = undefined;
  }

  /** Sends one message and waits for what comes. The bytes may be overwritten when it is over. */
  async exchange(bytes: Uint8Array, timeoutMs: number): Promise<Raw> {
    this.#chunks = [];
    const since = this.#clock.monotonic();
    if (this.#stream?.write(bytes) !== true) {
      return { kind: 'closed', reason: this.#closed ?? 'not open', partial: false };
    }
    await this.#until(() => this.#whole() || this.#closed !== undefined, timeoutMs);
    if (!this.#whole()) {
      const partial = this.#chunks.length > 0;
      if (this.#closed === undefined) return { kind: 'silence' };
      return { kind: 'closed', reason: this.#closed, partial };
    }
    const tookMs = this.#clock.monotonic() - since;
    const pieces = this.#chunks.length;
    await this.#until(() => false, settleMs);
    const all = Buffer.concat(this.#chunks);
    return { kind: 'answer', lines: linesOf(all), ending: endingOf(all), pieces, tookMs };
  }

  #whole(): boolean {
    const last = this.#chunks.at(-1);
    const size = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    return (last !== undefined && (last.includes(0x0d) || last.includes(0x0a))) || size > answerBytesMax;
  }

  #until(done: () => boolean, ms: number): Promise<void> {
    return new Promise((resolve) => {
      let cancel: CancelTimer = () => undefined;
      const end = (): void => {
        cancel();
        this.#wake = () => undefined;
        resolve();
      };
      cancel = this.#clock.after(ms, end);
      this.#wake = () => {
        if (done()) end();
      };
      this.#wake();
    });
  }
}

function linesOf(all: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let at = 0; at <= all.length; at++) {
    const byte = all[at];
    if (at < all.length && byte !== 0x0d && byte !== 0x0a) continue;
    if (at > from) lines.push(all.subarray(from, at));
    from = at + 1;
  }
  return lines;
}

function endingOf(all: Buffer): Ending {
  const cr = all.indexOf(0x0d);
  if (cr < 0) return 'LF';
  return all[cr + 1] === 0x0a ? 'CRLF' : 'CR';
}
