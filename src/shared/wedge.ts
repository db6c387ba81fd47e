/** What the page must know to tell a scanner that types from a person who does. */
export interface WedgeSettings {
  /** Keys that follow each other within this time, in milliseconds, are a scanner’s. */
  readonly gapMsMax: number;
  /** So many keys at that speed are a scan; fewer may be a person’s two quick fingers. */
  readonly keysMin: number;
  /** The key that the scanner ends a scan with. */
  readonly suffix: 'enter' | 'tab' | 'none';
}

/** One key as the browser tells it. */
export interface WedgeKey {
  /** `KeyboardEvent.key`: one character, or a name such as `Enter`. */
  readonly key: string;
  /** When it was pressed, in milliseconds of any clock that goes on evenly. */
  readonly atMs: number;
  /** With Control, Alt or Meta, and not to write a character by them. */
  readonly chord: boolean;
  /** The key is held down, and repeats by itself. */
  readonly repeat: boolean;
}

export type WedgeEvent =
  /** A person’s key, to be done as if it came now. */
  | { readonly kind: 'typed'; readonly key: string }
  /** A scan; `ended` tells whether it is whole. */
  | { readonly kind: 'scan'; readonly text: string; readonly ended: boolean };

export interface WedgeVerdict {
  /** Whether the key goes its usual way now. Else the filter holds or drops it. */
  readonly pass: boolean;
  readonly events: readonly WedgeEvent[];
}

/** Longest scan that is kept; the station refuses shorter ones already. */
const textCharsMax = 200;

/** Keys that write nothing and change nothing by themselves. */
const silent: ReadonlySet<string> = new Set(['Shift', 'CapsLock', 'AltGraph', 'NumLock']);
/** A person’s keys for moving about. Nothing of the library hangs on them. */
const moving: ReadonlySet<string> = new Set([
  ...['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', 'Dead'],
]);
/** Keys that a person types and that a scan must not press: held like a character until it is known whose they are. */
const controls: ReadonlyMap<string, string> = new Map([
  ['Enter', '\r'],
  ['Tab', '\t'],
  ['Backspace', '\b'],
  ['Delete', '\u007f'],
  ['Escape', '\u001b'],
]);
/** What stands in a scan for a key that is no character; the station refuses such a scan. */
const otherControl = '\u0000';

const suffixKeys = { enter: 'Enter', tab: 'Tab', none: undefined } as const;

/**
 * Tells scans from typing by the time between keys, and lets no control key of a scan through. Each key is held until the
 * next one comes or a moment has passed: a person’s is then done, a scanner’s never was. A scan whose first keys were taken
 * for a person’s is told as not whole, for half a number may be another number. Pure: whoever feeds it calls `pause`
 * when nothing came for `holdMs`.
 */
export class WedgeFilter {
  readonly #settings: WedgeSettings;
  #held: string[] = [];
  #keys = 0;
  #lastMs: number | undefined;
  #headLost = false;
  #afterScan = false;

  constructor(settings: WedgeSettings) {
    this.#settings = settings;
  }

  /** How long a held key waits for the next one. Twice the gap, for keys may be told late. */
  get holdMs(): number {
    return 2 * this.#settings.gapMsMax;
  }

  get holds(): boolean {
    return this.#keys > 0;
  }

  press({ key, atMs, chord, repeat }: WedgeKey): WedgeVerdict {
    if (silent.has(key)) return { pass: true, events: [] };
    const close = this.#lastMs !== undefined && atMs - this.#lastMs <= this.#settings.gapMsMax;
    const events = close && !repeat ? [] : this.#flush();
    this.#lastMs = atMs;
    const afterScan = close && this.#afterScan;
    // Some scanners end with CR and LF, or add a line end to that of the code.
    if (afterScan && key === 'Enter') return { pass: false, events };
    this.#afterScan = false;
    if (repeat) return { pass: !chord, events };
    if (!this.holds) this.#headLost = close && !afterScan;
    if (this.#keys >= this.#settings.keysMin && key === suffixKeys[this.#settings.suffix]) {
      return { pass: false, events: [...events, this.#scan(true)] };
    }
    const isText = !chord && ([...key].length === 1 || controls.has(key));
    // By itself such a key is a person’s, or the start of nothing good: the one does its work, the other does none.
    if (!isText && !this.holds) return { pass: !chord && moving.has(key), events };
    this.#hold(isText ? key : otherControl);
    return { pass: false, events };
  }

  /** Nothing came for `holdMs`. */
  pause(): readonly WedgeEvent[] {
    return this.#flush();
  }

  #hold(key: string): void {
    this.#keys += 1;
    if (this.#held.length <= textCharsMax) this.#held.push(key);
  }

  #flush(): readonly WedgeEvent[] {
    if (!this.holds) return [];
    if (this.#keys >= this.#settings.keysMin) return [this.#scan(this.#settings.suffix === 'none')];
    const typed = this.#held.filter((key) => key !== otherControl);
    this.#forget();
    return typed.map((key) => ({ kind: 'typed', key }));
  }

  #scan(ended: boolean): WedgeEvent {
    const text = this.#held.map((key) => controls.get(key) ?? key).join('');
    const whole = ended && !this.#headLost;
    this.#forget();
    this.#afterScan = true;
    return { kind: 'scan', text, ended: whole };
  }

  #forget(): void {
    this.#held = [];
    this.#keys = 0;
    this.#headLost = false;
  }
}
