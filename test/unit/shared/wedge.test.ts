import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  WedgeFilter,
  type WedgeEvent,
  type WedgeKey,
  type WedgeSettings,
} from '../../../src/shared/wedge.ts';

const settings: WedgeSettings = { gapMsMax: 40, keysMin: 6, suffix: 'enter' };
const scannerGapMs = 5;
const personGapMs = 120;

/** A page with a keyboard: what was let through, and what the filter told. */
class Keyboard {
  readonly told: string[] = [];
  readonly #filter: WedgeFilter;
  #nowMs = 1_000;

  constructor(changes: Partial<WedgeSettings> = {}) {
    this.#filter = new WedgeFilter({ ...settings, ...changes });
  }

  key(key: string, afterMs: number, changes: Partial<WedgeKey> = {}): void {
    if (afterMs >= this.#filter.holdMs) this.rest();
    this.#nowMs += afterMs;
    const verdict = this.#filter.press({ key, atMs: this.#nowMs, chord: false, repeat: false, ...changes });
    this.#tell(verdict.events);
    if (verdict.pass) this.told.push(`pass ${key}`);
  }

  /** A scanner at its work. */
  scan(...keys: string[]): void {
    this.rest();
    this.#nowMs += 1_000;
    for (const key of keys.flatMap((one) => (/^[A-Z][a-z]+$/.test(one) ? [one] : [...one]))) {
      this.key(key, scannerGapMs);
    }
  }

  /** Nothing comes for long enough. */
  rest(): void {
    if (this.#filter.holds) this.#tell(this.#filter.pause());
  }

  #tell(events: readonly WedgeEvent[]): void {
    for (const event of events) {
      this.told.push(
        event.kind === 'typed'
          ? `type ${event.key}`
          : `scan ${JSON.stringify(event.text)}${event.ended ? '' : ' not whole'}`,
      );
    }
  }
}

function keyboard(act: (keys: Keyboard) => void, changes?: Partial<WedgeSettings>): string[] {
  const keys = new Keyboard(changes);
  act(keys);
  keys.rest();
  return keys.told;
}

describe('a scanner that types', () => {
  it('is heard as one scan, and no key of it goes on', () => {
    expect(keyboard((keys) => keys.scan('30091000000001', 'Enter'))).toEqual(['scan "30091000000001"']);
  });
  it('may hold Shift and end with two line ends', () => {
    const told = keyboard((keys) => keys.scan('Shift', 'K', 'Shift', 'AB123', 'Enter', 'Enter'));
    expect(told).toEqual(['pass Shift', 'pass Shift', 'scan "KAB123"']);
  });
  it('may end with Tab, or with nothing', () => {
    expect(keyboard((keys) => keys.scan('300910', 'Tab'), { suffix: 'tab' })).toEqual(['scan "300910"']);
    expect(keyboard((keys) => keys.scan('300910'), { suffix: 'none' })).toEqual(['scan "300910"']);
  });
  it('that reads two labels in a row is heard twice', () => {
    const told = keyboard((keys) => keys.scan('300910', 'Enter', '300911', 'Enter'));
    expect(told).toEqual(['scan "300910"', 'scan "300911"']);
  });
  it('whose end never comes read half a number', () => {
    expect(keyboard((keys) => keys.scan('30091000'))).toEqual(['scan "30091000" not whole']);
  });
  it('whose first keys were late read half a number', () => {
    const told = keyboard((keys) => {
      keys.key('3', personGapMs);
      keys.rest();
      for (const key of ['0', '0', '9', '1', '0', '0', 'Enter']) keys.key(key, 30);
    });
    expect(told).toEqual(['type 3', 'scan "009100" not whole']);
  });
  it.each([
    ['a chord', (keys: Keyboard) => keys.key('o', scannerGapMs, { chord: true })],
    ['a function key', (keys: Keyboard) => keys.key('F5', scannerGapMs)],
    ['an arrow', (keys: Keyboard) => keys.key('ArrowUp', scannerGapMs)],
  ])('cannot press %s, first or last or between', (_what, press) => {
    const between = keyboard((keys) => {
      keys.scan('300910');
      press(keys);
      for (const key of ['7', 'Enter']) keys.key(key, scannerGapMs);
    });
    expect(between).toEqual([String.raw`scan "300910\u00007"`]);
    const alone = keyboard((keys) => {
      press(keys);
      keys.key('7', scannerGapMs);
    });
    expect(alone.filter((one) => one !== 'pass ArrowUp')).toEqual(['type 7']);
  });
  it.each([
    ['Enter', '\r'],
    ['Tab', '\t'],
    ['Backspace', '\b'],
    ['Delete', '\u007f'],
    ['Escape', '\u001b'],
  ])('cannot press %s as the first key of a scan', (key, character) => {
    const told = keyboard((keys) => keys.scan(key, '300910', 'Enter'));
    expect(told).toEqual([`scan ${JSON.stringify(`${character}300910`)}`]);
  });
  it('without end is bounded', () => {
    const [told] = keyboard((keys) => keys.scan('7'.repeat(4_000), 'Enter'));
    expect(told?.length).toBeLessThan(260);
    expect(told).toMatch(/^scan "7{201}"$/);
  });
});

describe('a person who types', () => {
  it('is heard key by key, with the controls of a form', () => {
    const told = keyboard((keys) => {
      for (const key of ['1', '2', 'Backspace', '3', 'Tab', 'Enter']) keys.key(key, personGapMs);
    });
    expect(told).toEqual(['type 1', 'type 2', 'type Backspace', 'type 3', 'type Tab', 'type Enter']);
  });
  it('may be quick: a PIN and Enter rolled off the fingers is no scan', () => {
    const told = keyboard((keys) => {
      for (const key of ['1', '2', '3', '4', 'Enter']) keys.key(key, 20);
    });
    expect(told).toEqual(['type 1', 'type 2', 'type 3', 'type 4', 'type Enter']);
  });
  it('may lean on a key', () => {
    const told = keyboard((keys) => {
      keys.key('7', personGapMs);
      for (let i = 0; i < 50; i += 1) keys.key('7', 33, { repeat: true });
    });
    expect(told).toEqual(['type 7', ...Array(50).fill('pass 7')]);
  });
  it('moves about at once, and has no chords', () => {
    const told = keyboard((keys) => {
      keys.key('ArrowDown', personGapMs);
      keys.key('w', personGapMs, { chord: true });
      keys.key('F5', personGapMs);
    });
    expect(told).toEqual(['pass ArrowDown']);
  });
  it('after a scan is heard as one', () => {
    const told = keyboard((keys) => {
      keys.scan('300910', 'Enter');
      keys.key('Enter', personGapMs);
    });
    expect(told).toEqual(['scan "300910"', 'type Enter']);
  });
});

describe('any keys at any times', () => {
  const keys = fc.constantFrom(
    ...'0123456789aZ ',
    'Enter',
    'Tab',
    'Escape',
    'F5',
    'ArrowUp',
    'Shift',
    'Unidentified',
  );
  const presses = fc.array(
    fc.record({
      key: keys,
      afterMs: fc.integer({ min: 0, max: 200 }),
      chord: fc.boolean(),
      repeat: fc.boolean(),
    }),
    { maxLength: 60 },
  );

  it('never let a chord through, and a key is done once or is part of a scan', () => {
    fc.assert(
      fc.property(presses, (all) => {
        const told = keyboard((board) => {
          for (const { key, afterMs, chord, repeat } of all) board.key(key, afterMs, { chord, repeat });
        });
        const count = (of: string) => all.filter(({ key }) => key === of).length;
        for (const key of ['F5', 'Unidentified'])
          expect(told.filter((one) => one === `type ${key}`)).toEqual([]);
        for (const key of ['7', 'Enter']) {
          const done = told.filter((one) => one === `type ${key}` || one === `pass ${key}`).length;
          expect(done).toBeLessThanOrEqual(count(key));
        }
      }),
    );
  });

  it('at a person’s pace are all done in their order', () => {
    const typed = fc.array(
      fc.record({
        key: fc.constantFrom(...'0123456789', 'Enter', 'Tab'),
        afterMs: fc.integer({ min: 41, max: 300 }),
      }),
    );
    fc.assert(
      fc.property(typed, (all) => {
        const told = keyboard((board) => {
          for (const { key, afterMs } of all) board.key(key, afterMs);
        });
        expect(told).toEqual(all.map(({ key }) => `type ${key}`));
      }),
    );
  });

  it('at a scanner’s pace are a whole scan', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{6,60}$/), (label) => {
        const told = keyboard((board) => {
          for (const key of [...label, 'Enter']) board.key(key, 8);
        });
        expect(told).toEqual([`scan ${JSON.stringify(label)}`]);
      }),
    );
  });
});
