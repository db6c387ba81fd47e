import { bitsAt, BitWriter } from './bits.ts';

/** ISO 28560-2, annex C: an ISIL in groups of 4 and 5 bits, in three sets of signs, each beginning in upper case. */
type SetName = 'upper' | 'lower' | 'numeric';

interface SignSet {
  readonly width: number;
  readonly signs: string;
  /** What the values behind the signs do. */
  readonly controls: readonly { readonly to: SetName; readonly latch: boolean }[];
}

const sets: Readonly<Record<SetName, SignSet>> = {
  upper: {
    width: 5,
    signs: '-ABCDEFGHIJKLMNOPQRSTUVWXYZ:',
    controls: [
      { to: 'lower', latch: true },
      { to: 'lower', latch: false },
      { to: 'numeric', latch: true },
      { to: 'numeric', latch: false },
    ],
  },
  lower: {
    width: 5,
    signs: '-abcdefghijklmnopqrstuvwxyz/',
    controls: [
      { to: 'upper', latch: true },
      { to: 'upper', latch: false },
      { to: 'numeric', latch: true },
      { to: 'numeric', latch: false },
    ],
  },
  numeric: {
    width: 4,
    signs: '0123456789-:',
    controls: [
      { to: 'upper', latch: true },
      { to: 'upper', latch: false },
      { to: 'lower', latch: true },
      { to: 'lower', latch: false },
    ],
  },
};

const setNames: readonly SetName[] = ['upper', 'lower', 'numeric'];

/** The text; what the bits at the end do not fill is padding. */
export function expandIsil(data: Uint8Array): string {
  const end = data.length * 8;
  let text = '';
  let at = 0;
  let latched: SetName = 'upper';
  let current: SetName = 'upper';
  for (;;) {
    const { width, signs, controls }: SignSet = sets[current];
    if (at + width > end) return text;
    const value = bitsAt(data, at, width);
    at += width;
    const control: SignSet['controls'][number] | undefined = controls[value - signs.length];
    if (control === undefined) {
      text += signs[value] ?? '';
      current = latched;
      continue;
    }
    current = control.to;
    if (control.latch) latched = control.to;
  }
}

function runIn(set: SetName, text: string, from: number): number {
  let at = from;
  while (at < text.length && sets[set].signs.includes(text.charAt(at))) at++;
  return at - from;
}

/** Shifts for a single sign, latches for more. Undefined: a sign that no ISIL has. */
export function compactIsil(text: string): Uint8Array | undefined {
  const writer = new BitWriter();
  let latched: SetName = 'upper';
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    let set: SetName = latched;
    // A hyphen is in every set, and goes with what follows where the set changes there anyway.
    const decider = sign === '-' && at + 1 < text.length ? at + 1 : at;
    const target = setNames.find((name) => sets[name].signs.includes(text.charAt(decider)));
    if (target === undefined) return undefined;
    const latch = runIn(target, text, decider) > 1;
    if (!sets[latched].signs.includes(text.charAt(decider)) && (latch || decider === at)) {
      const { width, signs, controls }: SignSet = sets[latched];
      const control = controls.findIndex((one) => one.to === target && one.latch === latch);
      writer.put(signs.length + control, width);
      if (latch) latched = target;
      set = target;
    }
    writer.put(sets[set].signs.indexOf(sign), sets[set].width);
  }
  return writer.done(0xff);
}
