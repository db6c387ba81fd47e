/** Reads `width` bits at bit `at`, the highest first; the caller knows that they are there. */
export function bitsAt(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let bit = at; bit < at + width; bit++)
    value = (value << 1) | (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  return value;
}

/** Puts groups of bits one behind the other, the highest first. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;

  put(value: number, width: number): void {
    for (let bit = width - 1; bit >= 0; bit--) {
      if ((this.#bits & 7) === 0) this.#bytes.push(0);
      const at = this.#bytes.length - 1;
      this.#bytes[at] = (this.#bytes[at] ?? 0) | (((value >> bit) & 1) << (7 - (this.#bits & 7)));
      this.#bits += 1;
    }
  }

  /** The bytes, the last one filled up with the first bits of `padding`, an eight-bit pattern. */
  done(padding: number): Uint8Array {
    const missing = (8 - (this.#bits & 7)) & 7;
    if (missing > 0) this.put(padding >> (8 - missing), missing);
    return Uint8Array.from(this.#bytes);
  }
}
