const lf = 0x0a;
const cr = 0x0d;
const firstBufferBytes = 4_096;

/**
 * Cuts a byte stream into lines that end in LF, however it is chunked; a CR before the LF is dropped. A line of more than
 * the given number of bytes is told once as `tooLong` and swallowed to its end. Empty lines are no lines.
 */
export class LineReader {
  readonly #lineBytesMax: number;
  #buffer: Buffer;
  #length = 0;
  #overflowed = false;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
    this.#buffer = Buffer.alloc(Math.min(lineBytesMax, firstBufferBytes));
  }

  /** The lines that this chunk completes. Each is a copy and belongs to the caller. */
  *push(chunk: Uint8Array): Generator<Buffer | 'tooLong'> {
    let start = 0;
    while (start < chunk.length) {
      const end = chunk.indexOf(lf, start);
      const piece = chunk.subarray(start, end === -1 ? chunk.length : end);
      start = end === -1 ? chunk.length : end + 1;
      if (this.#take(piece)) yield 'tooLong';
      if (end === -1) continue;
      const line = this.#finish();
      if (line !== undefined) yield line;
    }
  }

  /** Forgets a line that has begun. */
  reset(): void {
    this.#buffer.fill(0, 0, this.#length);
    this.#length = 0;
    this.#overflowed = false;
  }

  /** True when this piece makes the line too long. */
  #take(piece: Uint8Array): boolean {
    if (this.#overflowed) return false;
    const length = this.#length + piece.length;
    if (length > this.#lineBytesMax) {
      this.reset();
      this.#overflowed = true;
      return true;
    }
    if (length > this.#buffer.length) this.#grow(length);
    this.#buffer.set(piece, this.#length);
    this.#length = length;
    return false;
  }

  #grow(length: number): void {
    const larger = Buffer.alloc(Math.min(this.#lineBytesMax, Math.max(length, this.#buffer.length * 2)));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer.fill(0);
    this.#buffer = larger;
  }

  #finish(): Buffer | undefined {
    const end = this.#buffer[this.#length - 1] === cr ? this.#length - 1 : this.#length;
    const line = end > 0 && !this.#overflowed ? Buffer.from(this.#buffer.subarray(0, end)) : undefined;
    this.reset();
    return line;
  }
}
