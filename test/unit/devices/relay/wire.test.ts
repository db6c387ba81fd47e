import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeKmtronic,
  encodeKmtronicAsk,
  kmtronicSplitter,
  readKmtronic,
} from '../../../../src/devices/relay/kmtronic-wire.ts';
import { encodeLcus } from '../../../../src/devices/relay/lcus-wire.ts';
import {
  modbusAsk,
  modbusSplitter,
  readCoilsAnswer,
  readWritten,
} from '../../../../src/devices/relay/modbus-wire.ts';
import {
  encodeUsbRelay,
  encodeUsbRelayAllOff,
  readUsbRelay,
} from '../../../../src/devices/relay/usbrelay2-wire.ts';
import frames from '../../../fixtures/device-frames.json' with { type: 'json' };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

/** What each published frame is in our words. */
const made: Readonly<Record<string, Uint8Array>> = {
  'coil 0 ON (slave 1)': modbusAsk.writeCoil(1, 0, true),
  'coil 0 OFF': modbusAsk.writeCoil(1, 0, false),
  'read 8 coils': modbusAsk.readCoils(1, 8),
  'flash-on coil 0 for 50*100ms (Waveshare ext. reg 0x0200)': modbusAsk.flashOn(1, 0, 50),
  'write all coils off (0F)': modbusAsk.allOff(1, 8),
  'relay 1 on': encodeLcus(1, true),
  'relay 1 off': encodeLcus(1, false),
};
const sent = frames.filter(({ proto, dir }) => (proto === 'modbus-relay' || proto === 'lcus') && dir === '>');

describe('the published frames', () => {
  it('are all there', () => {
    expect(sent.map(({ name }) => name).toSorted()).toEqual(Object.keys(made).toSorted());
  });
  it.each(sent)('$proto: $name', ({ name, hex: published }) => {
    expect(hex(made[name] ?? new Uint8Array())).toBe(published);
  });
  it('of a board that answers are read', () => {
    const answer = frames.find(({ proto, dir }) => proto === 'modbus-relay' && dir === '<');
    const [cut, ...more] = modbusSplitter(1).push(bytes(answer?.hex ?? ''));
    expect(more).toEqual([]);
    expect(cut?.kind).toBe('frame');
    const frame = cut?.kind === 'frame' ? cut.bytes : new Uint8Array();
    expect(readCoilsAnswer(frame, 8)).toEqual({ ok: true, value: new Set([0]) });
  });
});

describe('Modbus answers', () => {
  const on = modbusAsk.writeCoil(1, 0, true);
  it('that are the request again mean that it was done', () => {
    expect(readWritten(Uint8Array.from(on), on)).toEqual({ ok: true, value: undefined });
    expect(readWritten(modbusAsk.writeCoil(1, 1, true), on)).toEqual({
      ok: false,
      error: { kind: 'badAnswer' },
    });
  });
  it('with an error tell its code', () => {
    // Devices reference, section 6: illegal data address.
    const [cut] = modbusSplitter(1).push(bytes('018502C351'));
    expect(cut?.kind).toBe('frame');
    expect(readWritten(bytes('018502C351'), on)).toEqual({
      ok: false,
      error: { kind: 'rejected', code: '02' },
    });
    expect(readCoilsAnswer(bytes('018102C191'), 8)).toEqual({
      ok: false,
      error: { kind: 'rejected', code: '02' },
    });
  });
  it('come in pieces, behind noise, from another board, or damaged', () => {
    const splitter = modbusSplitter(1);
    const cuts = [...bytes('00FFFF02'), ...on].flatMap((byte) => [...splitter.push(Uint8Array.of(byte))]);
    expect(cuts).toEqual([{ kind: 'frame', bytes: on }]);
    const damaged = Uint8Array.from(on);
    damaged[7] = (damaged[7] ?? 0) ^ 1;
    expect(modbusSplitter(1).push(damaged)).toEqual([{ kind: 'bad', why: 'crc' }]);
  });
  it('of any bytes never throw, and the next one is read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const splitter = modbusSplitter(1);
        for (const cut of splitter.push(noise)) if (cut.kind === 'frame') readCoilsAnswer(cut.bytes, 8);
        splitter.reset();
        expect(splitter.push(on)).toEqual([{ kind: 'frame', bytes: on }]);
      }),
    );
  });
});

describe('USBRelay2 reports', () => {
  it('are nine bytes behind the id that is none', () => {
    expect(hex(encodeUsbRelay(2, true))).toBe('00FF02000000000000');
    expect(hex(encodeUsbRelay(1, false))).toBe('00FD01000000000000');
    expect(hex(encodeUsbRelayAllOff())).toBe('00FC00000000000000');
  });
  it('tell what is on behind the serial number', () => {
    expect(readUsbRelay(bytes('004249544654000005'))).toEqual(new Set([1, 3]));
    expect(readUsbRelay(bytes('0042495446'))).toBeUndefined();
  });
});

describe('KMtronic answers', () => {
  it('are asked for and read as the devices reference has them', () => {
    expect([encodeKmtronic(1, true), encodeKmtronic(2, false), encodeKmtronicAsk(1)].map(hex)).toEqual([
      'FF0101',
      'FF0200',
      'FF0103',
    ]);
    expect(readKmtronic(bytes('FF0101'), 1)).toBe(true);
    expect(readKmtronic(bytes('FF0100'), 1)).toBe(false);
    expect(readKmtronic(bytes('FF0101'), 2)).toBeUndefined();
    expect(readKmtronic(bytes('FF017F'), 1)).toBeUndefined();
  });
  it('of any bytes never throw, come in pieces, and the next one is read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        const splitter = kmtronicSplitter();
        for (const cut of splitter.push(noise)) if (cut.kind === 'frame') readKmtronic(cut.bytes, 1);
        splitter.reset();
        const cuts = [...bytes('FF0101')].flatMap((byte) => [...splitter.push(Uint8Array.of(byte))]);
        expect(cuts).toEqual([{ kind: 'frame', bytes: bytes('FF0101') }]);
      }),
    );
  });
});
