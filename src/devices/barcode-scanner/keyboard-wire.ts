import type { ScanReports } from './hid-scanner.ts';
import { scanCharsMax, scanOfText, type ScanTextOptions } from './scan-text.ts';
import type { Scan } from './scanner.ts';

/** USB HID usage tables: the page of generic desktop devices, and the usage of a keyboard. */
export const genericDesktopPage = 0x01;
export const keyboardUsage = 0x06;

/** USB HID 1.11, appendix B.1: modifiers, a reserved byte, six keys. */
const bootReportBytes = 8;
const shiftMask = 0x22;
/** Control, Alt and GUI on either side, but AltGr, which writes characters that no library number has. */
const chordMask = 0xff & ~shiftMask;
/** In the place of each key, when more are pressed than six. */
const rolledOver = 0x01;

/** USB HID usage tables, keyboard page: the characters of a US keyboard by key, plain and with Shift. */
const plain: ReadonlyMap<number, string> = keys({
  0x04: 'abcdefghijklmnopqrstuvwxyz1234567890',
  0x2c: ` -=[]\\`,
  0x33: `;'\``,
  0x36: ',./',
  0x54: '/*-+',
  0x59: '1234567890.',
});
const shifted: ReadonlyMap<number, string> = keys({
  0x04: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()',
  0x2c: ' _+{}|',
  0x33: ':"~',
  0x36: '<>?',
  0x54: '/*-+',
  0x59: '1234567890.',
});
const endKeys: ReadonlySet<number> = new Set([0x28, 0x2b, 0x58]);
/** Caps Lock and Num Lock, which some readers press around a number. */
const silentKeys: ReadonlySet<number> = new Set([0x39, 0x53]);

function keys(rows: Readonly<Record<number, string>>): ReadonlyMap<number, string> {
  return new Map(
    Object.entries(rows).flatMap(([first, row]) =>
      [...row].map((character, index) => [Number(first) + index, character] as const),
    ),
  );
}

/** What stands for a key that is no character; a scan with it is refused. */
const noCharacter = '\u0000';

/**
 * Joins the reports of a keyboard that is no keyboard but a reader to scans. It must be set to a US keyboard. A scan ends
 * with Enter or Tab, or with a pause.
 */
export class KeyboardReports implements ScanReports {
  readonly #options: ScanTextOptions;
  #text = '';
  #down: readonly number[] = [];

  constructor(options: ScanTextOptions = {}) {
    this.#options = options;
  }

  get midScan(): boolean {
    return this.#text !== '';
  }

  get endsByPause(): boolean {
    return true;
  }

  push(report: Uint8Array): Scan | undefined {
    if (report.length < bootReportBytes) {
      this.reset();
      return { kind: 'unreadable', why: 'badReport' };
    }
    const [modifiers = 0] = report;
    const down = [...report.subarray(2, bootReportBytes)].filter((key) => key !== 0);
    if (down.includes(rolledOver)) return undefined;
    const pressed = down.filter((key) => !this.#down.includes(key) && !silentKeys.has(key));
    this.#down = down;
    let scan: Scan | undefined;
    for (const key of pressed) {
      if (!endKeys.has(key)) this.#press(key, modifiers);
      else if (this.midScan) scan = this.#finish();
    }
    return scan;
  }

  pause(): Scan | undefined {
    return this.midScan ? this.#finish() : undefined;
  }

  reset(): void {
    this.#text = '';
    this.#down = [];
  }

  #press(key: number, modifiers: number): void {
    // A longer one is told as too long by whoever reads the text.
    if (this.#text.length > scanCharsMax) return;
    const character = ((modifiers & shiftMask) === 0 ? plain : shifted).get(key);
    this.#text += (modifiers & chordMask) === 0 ? (character ?? noCharacter) : noCharacter;
  }

  #finish(): Scan {
    const text = this.#text;
    this.#text = '';
    return scanOfText(text, this.#options);
  }
}
