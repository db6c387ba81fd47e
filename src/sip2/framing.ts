/** Longest message that is read. Some library systems send lists of 15 kB; beyond this something is broken. */
export const lineBytesMax = 1_048_576;

export interface LineEvents {
  /** One message without its line end. The bytes are lent: they hold until the callback returns. */
  line(bytes: Uint8Array): void;
  /** More than `lineBytesMax` bytes came without a line end; they are gone, and so is all up to the next one. */
  overlong(): void;
}

const cr = 0x0d;
const lf = 0x0a;
const nul = 0x00;
const firstCapacity = 4096;
/** A buffer that grew beyond this is given back after its message. */
const keptCapacityMax = 65_536;

/**
 * Cuts a stream of bytes into messages. CR ends one; LF does too until the first CR was seen, because a library
 * system that ends with CR may have line feeds inside its screen messages. CR, LF and NUL before a message are
 * swallowed.
 */
export class LineReader {
  readonly #events: LineEvents;
  readonly #bytesMax: number;
  /** The beginning of a message that has not ended yet. */
  #held = Buffer.alloc(0);
  #heldBytes = 0;
  #crSeen = false;
  /** Dropping the rest of a message that was too long. */
  #dropping = false;
  /** Counts resets, so that a reset from within a callback stops the reading of the present chunk. */
  #resets = 0;

  constructor(events: LineEvents, bytesMax: number = lineBytesMax) {
    this.#events = events;
    this.#bytesMax = bytesMax;
  }

  /** Bytes of a message that has begun and not ended. */
  get pendingBytes(): number {
    return this.#heldBytes;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const resets = this.#resets;
    let at = 0;
    while (at < bytes.length && resets === this.#resets) {
      if (this.#heldBytes === 0 && !this.#dropping) {
        at = skipStray(bytes, at);
        if (at >= bytes.length) return;
      }
      const end = this.#lineEnd(bytes, at);
      if (end < 0) {
        this.#hold(bytes.subarray(at));
        return;
      }
      if (bytes[end] === cr) this.#crSeen = true;
      this.#finish(bytes.subarray(at, end));
      at = end + 1;
    }
  }

  /** Forgets everything, as for a new connection. What was held is overwritten. */
  reset(): void {
    this.#resets++;
    this.#held.fill(0);
    this.#heldBytes = 0;
    this.#crSeen = false;
    this.#dropping = false;
  }

  #lineEnd(bytes: Buffer, from: number): number {
    if (this.#crSeen) return bytes.indexOf(cr, from);
    for (let at = from; at < bytes.length; at++) {
      if (bytes[at] === cr || bytes[at] === lf) return at;
    }
    return -1;
  }

  #finish(rest: Buffer): void {
    if (this.#dropping) {
      this.#dropping = false;
      return;
    }
    if (this.#heldBytes + rest.length > this.#bytesMax) {
      this.#drop();
      this.#dropping = false;
      this.#events.overlong();
      return;
    }
    if (this.#heldBytes === 0) {
      this.#events.line(rest);
      return;
    }
    this.#append(rest);
    const line = this.#held.subarray(0, this.#heldBytes);
    this.#heldBytes = 0;
    this.#events.line(line);
    line.fill(0);
    if (this.#held.length > keptCapacityMax) this.#held = Buffer.alloc(0);
  }

  #hold(part: Buffer): void {
    if (this.#dropping) return;
    if (this.#heldBytes + part.length > this.#bytesMax) {
      this.#drop();
      this.#events.overlong();
      return;
    }
    this.#append(part);
  }

  #drop(): void {
    this.#held.fill(0);
    this.#heldBytes = 0;
    this.#dropping = true;
  }

  #append(part: Buffer): void {
    const needed = this.#heldBytes + part.length;
    if (needed > this.#held.length) {
      const grown = Buffer.alloc(Math.max(needed, 2 * this.#held.length, firstCapacity));
      this.#held.copy(grown, 0, 0, this.#heldBytes);
      this.#held.fill(0);
      this.#held = grown;
    }
    part.copy(this.#held, this.#heldBytes);
    this.#heldBytes = needed;
  }
}

function skipStray(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] === cr || bytes[at] === lf || bytes[at] === nul)) at++;
  return at;
}
