/** What a stretch of bytes turned out to be. */
export type Cut =
  /** A whole frame whose length and checksum are right. */
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  /** Something that was to be a frame and is none. */
  | { readonly kind: 'bad'; readonly why: 'crc' | 'length' };

/** Cuts the bytes of a reader into frames, however they are chunked. Pure: whoever feeds it watches the clock. */
export interface FrameSplitter {
  push(chunk: Uint8Array): readonly Cut[];
  /** True while a frame has begun and not ended. */
  readonly midFrame: boolean;
  /** No byte came for so long that none will: what has begun is cut off. */
  pause(): Cut | undefined;
  /** Forgets what has begun. */
  reset(): void;
}

/** What the next frame at the beginning of these bytes is. */
export type Look =
  /** More bytes are needed to tell. */
  | 'more'
  /** The first byte cannot begin a frame, and means nothing. */
  | 'skip'
  /** The first `bytes` are this. */
  | { readonly cut: Cut; readonly bytes: number };

/** A splitter from a function that looks at the bytes that came so far. `bytesMax` bounds a frame. */
export class LookingSplitter implements FrameSplitter {
  readonly #look: (bytes: Uint8Array) => Look;
  readonly #buffer: Uint8Array;
  #length = 0;

  constructor(bytesMax: number, look: (bytes: Uint8Array) => Look) {
    this.#buffer = new Uint8Array(bytesMax);
    this.#look = look;
  }

  get midFrame(): boolean {
    return this.#length > 0;
  }

  push(chunk: Uint8Array): readonly Cut[] {
    const cuts: Cut[] = [];
    for (const byte of chunk) {
      if (this.#length === this.#buffer.length) {
        cuts.push({ kind: 'bad', why: 'length' });
        this.#length = 0;
      }
      this.#buffer[this.#length] = byte;
      this.#length += 1;
      this.#cutInto(cuts);
    }
    return cuts;
  }

  pause(): Cut | undefined {
    if (this.#length === 0) return undefined;
    this.reset();
    return { kind: 'bad', why: 'length' };
  }

  reset(): void {
    this.#length = 0;
  }

  #cutInto(cuts: Cut[]): void {
    while (this.#length > 0) {
      const look = this.#look(this.#buffer.subarray(0, this.#length));
      if (look === 'more') return;
      const bytes = look === 'skip' ? 1 : look.bytes;
      if (look !== 'skip') cuts.push(look.cut);
      this.#buffer.copyWithin(0, bytes, this.#length);
      this.#length -= bytes;
    }
  }
}
