import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  factsOf,
  StatusReader,
  statusQuestion,
} from '../../../../src/devices/receipt-printer/status-wire.ts';
import vectors from '../../../fixtures/rl866-and-peripherals.json' with { type: 'json' };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const commandOf = (cmd: string): string | undefined =>
  vectors.printer_hs_k33.find((vector) => vector.cmd === cmd)?.hex;

describe('the status of an ESC/POS printer', () => {
  it.each([
    ['printer', 'real-time printer status'],
    ['offlineCause', 'real-time off-line status'],
    ['error', 'real-time error status'],
    ['paper', 'real-time paper status'],
  ] as const)('asks about the %s as the published frames do', (topic, cmd) => {
    expect(hex(statusQuestion(topic))).toBe(commandOf(cmd));
  });

  it.each([
    ['printer', 0x12, {}],
    ['printer', 0x16, {}],
    ['printer', 0x1a, { offline: true }],
    ['offlineCause', 0x12, {}],
    ['offlineCause', 0x16, { coverOpen: true }],
    ['offlineCause', 0x32, { paperEnd: true }],
    ['offlineCause', 0x52, { fault: true }],
    ['error', 0x1a, { cutter: true }],
    ['error', 0x32, { fault: true }],
    ['paper', 0x12, {}],
    ['paper', 0x1e, { paperLow: true }],
    ['paper', 0x7e, { paperLow: true, paperEnd: true }],
  ] as const)('reads %s %i', (topic, byte, facts) => {
    const told = Object.entries(factsOf(topic, byte, 'epson')).filter(([, is]) => is === true);
    expect(Object.fromEntries(told)).toEqual(facts);
  });

  it('reads the HS-K33, whose cover bit is inverted and which knows a receipt that hangs in the slot', () => {
    expect(factsOf('offlineCause', 0x16, 'hsK33').coverOpen).toBe(false);
    expect(factsOf('offlineCause', 0x12, 'hsK33').coverOpen).toBe(true);
    expect(factsOf('printer', 0x96, 'hsK33').notTaken).toBe(true);
    expect(new StatusReader('hsK33').read(Uint8Array.of(0x96))).toEqual([{ is: 'answer', byte: 0x96 }]);
    expect(new StatusReader('epson').read(Uint8Array.of(0x96))).toEqual([]);
  });

  it('takes packets of automatic status out of the answers, in any pieces, with flow control in between', () => {
    const stream = [0x12, 0x11, 0x18, 0x00, 0x13, 0x0f, 0x00, 0x12];
    for (let cut = 0; cut <= stream.length; cut++) {
      const reader = new StatusReader('epson');
      const pieces = [
        ...reader.read(Uint8Array.from(stream.slice(0, cut))),
        ...reader.read(Uint8Array.from(stream.slice(cut))),
      ];
      expect(pieces).toMatchObject([
        { is: 'answer', byte: 0x12 },
        { is: 'told', facts: { offline: true, coverOpen: false, paperLow: true, paperEnd: true } },
        { is: 'answer', byte: 0x12 },
      ]);
    }
  });

  it('never throws and holds no more than one packet, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
        const reader = new StatusReader('epson');
        const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        const pieces = chunks.flatMap((chunk) => reader.read(chunk));
        expect(pieces.length).toBeLessThanOrEqual(bytes);
      }),
    );
  });
});
