import type { ScanReports } from './hid-scanner.ts';
import { scanCharsMax, scanOfBytes, type ScanTextOptions } from './scan-text.ts';
import type { Scan } from './scanner.ts';

/** USB HID usage tables, "Bar Code Scanner Page": the page, and the usage of a scanner. */
export const barCodeScannerPage = 0x8c;
export const barCodeScannerUsage = 0x02;

/**
 * The two report formats of scanners in HID POS mode. `tagged` (id 2): length, AIM identifier, 56 bytes of data, symbology,
 * a reserved byte, and whether more follows. `plain` (id 1): length and 62 bytes of data; a full one may go on in the next.
 */
const taggedId = 0x02;
const taggedBytes = 64;
const taggedDataBytesMax = 56;
const plainId = 0x01;
const plainDataBytesMax = 62;

const textBytesMax = scanCharsMax * 4 + 8;

/** Joins the reports of a scanner in HID POS mode to scans. Pure: whoever feeds it calls `pause` when none came for a while. */
export class HidPosReports implements ScanReports {
  readonly #options: ScanTextOptions;
  readonly #buffer = new Uint8Array(textBytesMax);
  #length = 0;
  #aim = '';
  #midScan: 'no' | 'moreFollows' | 'moreMayFollow' = 'no';
  #overflowed = false;

  /** @param options `aim` is of no meaning here: the report has a place of its own for the identifier */
  constructor(options: ScanTextOptions = {}) {
    this.#options = { ...options, aim: true };
  }

  get midScan(): boolean {
    return this.#midScan !== 'no';
  }

  /** True where a scan is whole if nothing comes any more. */
  get endsByPause(): boolean {
    return this.#midScan === 'moreMayFollow';
  }

  /** The scan that this report completes, if it does. */
  push(report: Uint8Array): Scan | undefined {
    const [id, length = 0] = report;
    if (id === taggedId && report.length >= taggedBytes && length <= taggedDataBytesMax) {
      if (!this.midScan) this.#aim = aimOf(report.subarray(2, 5));
      this.#append(report.subarray(5, 5 + length));
      return this.#part((report[taggedBytes - 1] ?? 0) % 2 === 1 ? 'moreFollows' : 'no');
    }
    if (id === plainId && length <= plainDataBytesMax && report.length >= 2 + length) {
      this.#append(report.subarray(2, 2 + length));
      return this.#part(length === plainDataBytesMax ? 'moreMayFollow' : 'no');
    }
    this.reset();
    return { kind: 'unreadable', why: 'badReport' };
  }

  /** No report came for long enough that none will. */
  pause(): Scan | undefined {
    if (this.endsByPause) return this.#finish();
    const lost = this.midScan;
    this.reset();
    return lost ? { kind: 'unreadable', why: 'incomplete' } : undefined;
  }

  reset(): void {
    this.#buffer.fill(0);
    this.#length = 0;
    this.#aim = '';
    this.#midScan = 'no';
    this.#overflowed = false;
  }

  #append(data: Uint8Array): void {
    const fits = data.subarray(0, this.#buffer.length - this.#length);
    this.#buffer.set(fits, this.#length);
    this.#length += fits.length;
    this.#overflowed ||= fits.length < data.length;
  }

  #part(more: 'no' | 'moreFollows' | 'moreMayFollow'): Scan | undefined {
    this.#midScan = more;
    return more === 'no' ? this.#finish() : undefined;
  }

  #finish(): Scan {
    const scan: Scan = this.#overflowed
      ? { kind: 'unreadable', why: 'tooLong' }
      : scanOfBytes(this.#buffer.subarray(0, this.#length), this.#options);
    const aim = this.#aim;
    this.reset();
    return scan.kind === 'text' && aim !== '' ? { ...scan, symbology: aim } : scan;
  }
}

/** Letter and modifier of `]C0`, or nothing where the scanner leaves the place empty. */
function aimOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  return /^\][A-Za-z][0-9A-Za-z]$/.test(text) ? text.slice(1) : '';
}
