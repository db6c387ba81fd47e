import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  failuresForAway,
  lookEveryMs,
  missesForGone,
  Twn4CardReader,
  twn4TimeoutMs,
} from '../../../../src/devices/card-reader/twn4.ts';
import {
  isRandom,
  readSearchTag,
  searchTag,
  twn4Splitter,
} from '../../../../src/devices/card-reader/twn4-wire.ts';
import { uidText } from '../../../../src/devices/card-reader/card-uid.ts';
import { reopenDelaysMs } from '../../../../src/devices/reopen.ts';
import { Twn4Emulator } from '../../../../src/simulator/card-reader/twn4-emulator.ts';
import { MemoryOpener } from '../../../support/memory-stream.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const line = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('the simple protocol', () => {
  it('asks as the reference says', () => {
    expect(Buffer.from(searchTag).toString('latin1')).toBe('050010\r');
  });
  it('tells a tag by type, bits, length and identifier', () => {
    expect(readSearchTag(line('0001803807' + '04A1B2C3D4E5F6'))).toEqual({
      ok: true,
      value: { type: 0x80, bits: 56, uid: Uint8Array.from(Buffer.from('04a1b2c3d4e5f6', 'hex')) },
    });
    expect(readSearchTag(line('0000'))).toEqual({ ok: true, value: undefined });
  });
  it.each([
    ['02', { kind: 'rejected', code: '02' }],
    ['000', { kind: 'badFrame' }],
    ['0001803G07', { kind: 'badFrame' }],
    ['00', { kind: 'badFrame' }],
    ['0001803807' + '04A1B2C3D4E5', { kind: 'badFrame' }],
    ['0001803907' + '04A1B2C3D4E5F6', { kind: 'badFrame' }],
    ['0001800000', { kind: 'badFrame' }],
    ['0002803807' + '04A1B2C3D4E5F6', { kind: 'badFrame' }],
    ['000080', { kind: 'badFrame' }],
  ])('%s is none', (text, error) => {
    expect(readSearchTag(line(text))).toEqual({ ok: false, error });
  });
  it('knows a number that is drawn anew each time', () => {
    const uid = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
    expect(isRandom({ type: 0x80, bits: 32, uid: uid('08123456') })).toBe(true);
    expect(isRandom({ type: 0x80, bits: 32, uid: uid('04123456') })).toBe(false);
    expect(isRandom({ type: 0x80, bits: 56, uid: uid('08123456789ABC') })).toBe(false);
    expect(isRandom({ type: 0x40, bits: 32, uid: uid('08123456') })).toBe(false);
  });
  it('writes an identifier in the library’s way', () => {
    const uid = Uint8Array.of(0x01, 0x02, 0xab);
    expect(uidText(uid, { base: 'hex', reverse: false, digits: 0 })).toBe('0102AB');
    expect(uidText(uid, { base: 'hex', reverse: true, digits: 0 })).toBe('AB0201');
    expect(uidText(uid, { base: 'decimal', reverse: false, digits: 10 })).toBe('0000066219');
  });
  it('gives the same lines however they are chunked, and bounds them', () => {
    const lines = fc.array(fc.stringMatching(/^[0-9A-F]{2,40}$/), { maxLength: 5 });
    fc.assert(
      fc.property(lines, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (texts, sizes) => {
        const splitter = twn4Splitter();
        const stream = texts.map((text) => `${text}\r\n`).join('');
        const heard: string[] = [];
        for (let at = 0; at < stream.length;) {
          const size: number = sizes.next().value ?? 1;
          for (const cut of splitter.push(line(stream.slice(at, at + size)))) {
            if (cut.kind === 'frame') heard.push(Buffer.from(cut.bytes).toString('latin1'));
          }
          at += size;
        }
        expect(heard).toEqual(texts);
      }),
    );
    expect(twn4Splitter().push(Buffer.alloc(1_000, 0x30)).length).toBeGreaterThan(0);
  });
  it('of any bytes never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void readSearchTag(bytes)));
  });
});

function bench() {
  const clock = new VirtualClock();
  const port = new MemoryOpener();
  const emulator = new Twn4Emulator();
  const seen: string[] = [];
  const reader = new Twn4CardReader({
    open: (events) => {
      const stream = port.open(events);
      return {
        write: (bytes) => {
          const isOpen = stream.write(bytes);
          const answer = isOpen ? emulator.bytes(bytes) : new Uint8Array(0);
          const present = port.newest;
          clock.after(30, () => {
            if (answer.length > 0 && present === port.newest) present.events.bytes(answer);
          });
          return isOpen;
        },
        close: () => stream.close(),
      };
    },
    clock,
    log: { write: () => undefined },
    path: '/dev/ttyTEST',
    form: { base: 'hex', reverse: false, digits: 0 },
  });
  reader.start({
    onCard: (card) => seen.push(card.kind === 'card' ? card.text : `!${card.why}`),
    onPresence: (present) => seen.push(present ? 'there' : 'gone'),
    onStatus: (status) => seen.push(status.state),
  });
  return { clock, port, emulator, seen, reader };
}

const look = lookEveryMs + 100;

describe('a contactless reader', () => {
  it('tells a card that comes, once, and that it goes', () => {
    const { clock, port, emulator, seen } = bench();
    port.newest.open();
    clock.advance(look);
    emulator.put('04A1B2C3D4E5F6');
    clock.advance(20 * look);
    emulator.take();
    clock.advance((missesForGone + 1) * look);
    emulator.put('04A1B2C3D4E5F6');
    clock.advance(look);
    expect(seen).toEqual(['ready', 'there', '04A1B2C3D4E5F6', 'gone', 'there', '04A1B2C3D4E5F6']);
  });

  it('does not take a single miss for a card that goes', () => {
    const { clock, port, emulator, seen } = bench();
    port.newest.open();
    emulator.put('04A1B2C3D4E5F6');
    clock.advance(look);
    const { asked } = emulator;
    emulator.take();
    while (emulator.asked === asked) clock.advance(10);
    emulator.put('04A1B2C3D4E5F6');
    clock.advance(10 * look);
    expect(seen).toEqual(['ready', 'there', '04A1B2C3D4E5F6']);
  });

  it('tells a card that takes another’s place', () => {
    const { clock, port, emulator, seen } = bench();
    port.newest.open();
    emulator.put('04A1B2C3D4E5F6');
    clock.advance(look);
    emulator.put('04A1B2C3D4E5F7');
    clock.advance(2 * look);
    expect(seen).toEqual(['ready', 'there', '04A1B2C3D4E5F6', '04A1B2C3D4E5F7']);
  });

  it('says that a telephone’s number is no card’s', () => {
    const { clock, port, emulator, seen } = bench();
    port.newest.open();
    emulator.put('08112233');
    clock.advance(5 * look);
    expect(seen).toEqual(['ready', 'there', '!randomUid']);
  });

  it.each([
    ['mute', 'silent'],
    ['refuses', 'faulty'],
    ['garbles', 'faulty'],
  ] as const)('that is %s is %s after some tries, its card gone, and comes back', (manners, state) => {
    const { clock, port, emulator, seen } = bench();
    port.newest.open();
    emulator.put('04A1B2C3D4E5F6');
    clock.advance(look);
    emulator.manners = manners;
    clock.advance(failuresForAway * (twn4TimeoutMs + look));
    emulator.manners = 'well';
    clock.advance(twn4TimeoutMs + 2 * look);
    const card = ['there', '04A1B2C3D4E5F6'];
    expect(seen).toEqual(['ready', ...card, 'gone', state, 'ready', ...card]);
  });

  it('that is unplugged has no card, and comes back', () => {
    const { clock, port, emulator, seen } = bench();
    emulator.put('04A1B2C3D4E5F6');
    for (let moment = 0; moment < 30; moment += 1) {
      port.newest.open();
      clock.advance(300 + moment * 10);
      port.newest.fail('unplugged');
      clock.advance(reopenDelaysMs[0] ?? 0);
    }
    const round = ['ready', 'there', '04A1B2C3D4E5F6', 'gone', 'offline'];
    expect(seen).toEqual(Array.from({ length: 30 }, () => round).flat());
  });

  it('that is stopped says nothing more', () => {
    const { clock, port, emulator, seen, reader } = bench();
    port.newest.open();
    emulator.put('04A1B2C3D4E5F6');
    reader.stop();
    clock.advance(60_000);
    expect(seen).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});
