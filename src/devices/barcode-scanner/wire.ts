import { isUtf8 } from 'node:buffer';
import type { Scan } from './scanner.ts';

/** Longest scan that is a scan. Library labels have 14 characters, the longest known card codes about 40. */
export const scanCharsMax = 128;
const utf8BytesPerCharMax = 4;

const cr = 0x0d;
const lf = 0x0a;
const stx = 0x02;
const etx = 0x03;

/** How the scanner was programmed to send. */
export interface ScannerWireOptions {
  /** Characters before each scan; a scan without them lost its beginning. None by default. */
  readonly prefix?: string;
  /** Characters after each scan. Undefined: CR, LF or CR LF. Empty: none, a pause ends the scan. */
  readonly suffix?: string | undefined;
  /** Whether the scanner sends AIM identifiers (`]C0`); they are dropped from the text. */
  readonly aim?: boolean;
}

/**
 * Cuts the byte stream of a serial scanner into scans, however it is chunked. Pure: whoever feeds it watches the clock
 * and calls `pause` when no byte came for a while.
 */
export class ScanSplitter {
  readonly #prefix: Uint8Array;
  readonly #suffix: Uint8Array | undefined;
  readonly #aim: boolean;
  readonly #buffer: Uint8Array;
  #length = 0;
  /** The scan under way is too long, and was told of; the rest of it is swallowed. */
  #overflowed = false;
  /** The last byte ended a scan as CR; a LF that follows belongs to it. */
  #afterCr = false;

  constructor(options: ScannerWireOptions = {}) {
    this.#prefix = Buffer.from(options.prefix ?? '', 'utf8');
    this.#suffix = options.suffix === undefined ? undefined : Buffer.from(options.suffix, 'utf8');
    this.#aim = options.aim ?? false;
    const framing = this.#prefix.length + (this.#suffix?.length ?? 0) + aimChars + 2;
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

  /** Forgets a scan under way. */
  reset(): void {
    this.#buffer.fill(0);
    this.#length = 0;
    this.#overflowed = false;
    this.#afterCr = false;
  }

  #byte(byte: number): Scan | undefined {
    if (this.#suffix === undefined) {
      const second = this.#afterCr && byte === lf;
      this.#afterCr = byte === cr;
      if (second) return undefined;
      if (byte === cr || byte === lf) return this.#finish(0);
    }
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
    const afterCr = this.#afterCr;
    this.reset();
    this.#afterCr = afterCr;
    if (overflowed) return undefined;
    const scan = this.#read(content);
    content.fill(0);
    return scan;
  }

  #read(content: Uint8Array): Scan {
    let bytes: Uint8Array = content;
    // A scanner whose suffix is set here may send a line end all the same; it then leads the next scan, or ends this one.
    if (this.#suffix !== undefined) bytes = withoutLineEnds(bytes);
    if (bytes.length === 0) return { kind: 'unreadable', why: 'empty' };
    if (!this.#prefix.every((byte, index) => bytes[index] === byte)) {
      return { kind: 'unreadable', why: 'incomplete' };
    }
    const text = this.#withoutAim(decode(withoutEnvelope(bytes.subarray(this.#prefix.length))));
    if (text === '') return { kind: 'unreadable', why: 'empty' };
    if ([...text].length > scanCharsMax) return { kind: 'unreadable', why: 'tooLong' };
    if (noLabelHas.test(text)) return { kind: 'unreadable', why: 'controlCharacters' };
    return { kind: 'text', text };
  }

  #withoutAim(text: string): string {
    return this.#aim ? text.replace(aimIdentifier, '') : text;
  }
}

/** ISO/IEC 15424: a bracket, the code's letter, one modifier. */
const aimIdentifier = /^\][A-Za-z][0-9A-Za-z]/;
const aimChars = 3;

/** Control, format, private and unassigned characters, and Unicode's own line ends. */
const noLabelHas = /[\p{C}\p{Zl}\p{Zp}]/u;

function withoutLineEnds(bytes: Uint8Array): Uint8Array {
  const inText = (byte: number) => byte !== cr && byte !== lf;
  const first = bytes.findIndex(inText);
  return first === -1 ? bytes.subarray(0, 0) : bytes.subarray(first, bytes.findLastIndex(inText) + 1);
}

/** Some scanners put STX and ETX around the data; they are no part of it. */
function withoutEnvelope(bytes: Uint8Array): Uint8Array {
  const start = bytes[0] === stx ? 1 : 0;
  const end = bytes[bytes.length - 1] === etx ? bytes.length - 1 : bytes.length;
  return bytes.subarray(start, Math.max(start, end));
}

/** UTF-8 where it is that, else Latin-1: Code 128 with accents comes as Latin-1, QR codes as UTF-8. */
function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    isUtf8(bytes) ? 'utf8' : 'latin1',
  );
}
