import { aimChars, scanCharsMax, scanOfBytes, withoutLineEnds, type ScanTextOptions } from './scan-text.ts';
import type { Scan } from './scanner.ts';

export { scanCharsMax };
const utf8BytesPerCharMax = 4;

const cr = 0x0d;
const lf = 0x0a;

/** How the scanner was programmed to send. */
export interface ScannerWireOptions extends ScanTextOptions {
  /** Characters after each scan. Undefined: CR, LF or CR LF. Empty: none, a pause ends the scan. */
  readonly suffix?: string | undefined;
}

/**
 * Cuts the byte stream of a serial scanner into scans, however it is chunked. Pure: whoever feeds it watches the clock
 * and calls `pause` when no byte came for a while.
 */
export class ScanSplitter {
  readonly #options: ScanTextOptions;
  readonly #suffix: Uint8Array | undefined;
  readonly #buffer: Uint8Array;
  #length = 0;
  /** The scan under way is too long, and was told of; the rest of it is swallowed. */
  #overflowed = false;
  /** Line ends that follow the end of a scan belong to it: a code may bring its own before the scanner adds one. */
  #afterEnd = false;

  constructor(options: ScannerWireOptions = {}) {
    this.#options = options;
    this.#suffix = options.suffix === undefined ? undefined : Buffer.from(options.suffix, 'utf8');
    const prefixBytes = Buffer.byteLength(options.prefix ?? '', 'utf8');
    const framing = prefixBytes + (this.#suffix?.length ?? 0) + aimChars + 2;
    this.#buffer = new Uint8Array(scanCharsMax * utf8BytesPerCharMax + framing);
  }

  /** True while a scan has begun and not ended. */
  get midScan(): boolean {
    return this.#length > 0 || this.#overflowed;
  }

  /** True where only a pause tells the end of a scan. */
  get endsByPause(): boolean {
    return this.#suffix?.length === 0;
  }

  /** The scans that these bytes complete, in order. */
  push(chunk: Uint8Array): readonly Scan[] {
    const scans: Scan[] = [];
    for (const byte of chunk) {
      const scan = this.#byte(byte);
      if (scan !== undefined) scans.push(scan);
    }
    return scans;
  }

  /** No byte came for long enough that none will. */
  pause(): Scan | undefined {
    if (!this.midScan) return undefined;
    if (this.endsByPause) return this.#finish(0);
    const told = this.#overflowed || withoutLineEnds(this.#buffer.subarray(0, this.#length)).length === 0;
    this.reset();
    return told ? undefined : { kind: 'unreadable', why: 'incomplete' };
  }

  /** Time has passed since the last byte: a line end that comes now is not the last scan’s. */
  rest(): void {
    this.#afterEnd = false;
  }

  /** Forgets a scan under way. */
  reset(): void {
    this.#buffer.fill(0);
    this.#length = 0;
    this.#overflowed = false;
    this.#afterEnd = false;
  }

  #byte(byte: number): Scan | undefined {
    const isLineEnd = byte === cr || byte === lf;
    if (!isLineEnd) this.#afterEnd = false;
    if (this.#suffix === undefined && isLineEnd) return this.#finish(0);
    const overflow = this.#append(byte);
    if (this.#suffix !== undefined && this.#suffix.length > 0 && this.#endsWith(this.#suffix)) {
      return this.#finish(this.#suffix.length) ?? overflow;
    }
    return overflow;
  }

  /** Keeps the byte; the first one too many is told of once. */
  #append(byte: number): Scan | undefined {
    let overflow: Scan | undefined;
    if (this.#length === this.#buffer.length) {
      // Only what a suffix could still begin with is of use from here on.
      const keep = Math.max(0, (this.#suffix?.length ?? 0) - 1);
      this.#buffer.copyWithin(0, this.#length - keep, this.#length);
      this.#length = keep;
      if (!this.#overflowed) overflow = { kind: 'unreadable', why: 'tooLong' };
      this.#overflowed = true;
    }
    this.#buffer[this.#length] = byte;
    this.#length += 1;
    return overflow;
  }

  #endsWith(suffix: Uint8Array): boolean {
    const start = this.#length - suffix.length;
    return start >= 0 && suffix.every((byte, index) => this.#buffer[start + index] === byte);
  }

  #finish(suffixBytes: number): Scan | undefined {
    const content = this.#buffer.slice(0, Math.max(0, this.#length - suffixBytes));
    const overflowed = this.#overflowed;
    const again = this.#afterEnd && withoutLineEnds(content).length === 0;
    this.reset();
    this.#afterEnd = true;
    if (overflowed || again) return undefined;
    const scan = scanOfBytes(content, this.#options);
    content.fill(0);
    return scan;
  }
}
