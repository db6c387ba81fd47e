import { describe, expect, it } from 'vitest';
import { FeigProtocol } from '../../../../src/devices/rfid-reader/feig/protocol.ts';
import { chips } from '../../../../src/simulator/rfid/chips.ts';
import { FeigEmulator, type FeigEmulatorOptions } from '../../../../src/simulator/rfid/feig-emulator.ts';
import { VirtualTag } from '../../../../src/simulator/rfid/tag-field.ts';
import { families, RfidRig, uidNumber } from '../../../support/rfid-rig.ts';

const [family] = families;

function bench(options: Omit<FeigEmulatorOptions, 'field'> = {}, tags = 2) {
  if (family === undefined) throw new Error('no family');
  let made: FeigEmulator | undefined;
  const rig = new RfidRig({
    family,
    emulator: (field) => (made = new FeigEmulator({ ...options, field })),
  });
  if (made === undefined) throw new Error('no emulator');
  rig.field.put(
    ...Array.from(
      { length: tags },
      (_, index) => new VirtualTag({ uid: uidNumber(index + 1), memory: Uint8Array.of(1) }),
    ),
  );
  return { rig, emulator: made };
}

describe('a FEIG reader', () => {
  it('that tells only new tags is made to tell all of them', () => {
    const { rig, emulator } = bench();
    expect(emulator.configByte(5, 11)).toBe(0x05);
    rig.start().clock.advance(20_000);
    expect(rig.tags.map(({ still, dropOuts }) => [still, dropOuts])).toEqual([
      [true, 0],
      [true, 0],
    ]);
  });

  it('gets the silence that it needs before each command', () => {
    const { rig, emulator } = bench();
    rig.start().clock.advance(20_000);
    rig.secure(uidNumber(1), false);
    expect(rig.port.sent.length).toBeGreaterThan(50);
    expect(emulator.hurriedCommands).toBe(0);
  });

  it('that gives up with more than four tags says that they are too many, and goes on with fewer', () => {
    const { rig } = bench({ tagsMax: 4 }, 3);
    rig.start().clock.advance(3_000);
    expect(rig.fields.at(-1)).toMatchObject({ tooMany: false });
    rig.field.put(...[4, 5].map((n) => new VirtualTag({ uid: uidNumber(n) })));
    rig.clock.advance(3_000);
    expect(rig.fields.at(-1)).toMatchObject({ tooMany: true });
    expect(rig.tags).toHaveLength(3);
    rig.field.take(uidNumber(1));
    rig.clock.advance(3_000);
    expect(rig.fields.at(-1)).toMatchObject({ tooMany: false });
    expect(rig.tags.map(({ uid, still }) => [uid, still])).toEqual(
      [2, 3, 4, 5].map((n) => [uidNumber(n), true]),
    );
  });

  it('gives many tags in parts', () => {
    const { rig } = bench({ tagsAtOnce: 3 }, 8);
    rig.start().clock.advance(5_000);
    expect(rig.tags).toHaveLength(8);
  });

  it('in scan mode is brought out of it', () => {
    const { rig, emulator } = bench({ scanMode: true });
    rig.start().clock.advance(5_000);
    expect(emulator.configByte(1, 13)).toBe(0);
    expect(rig.states).toEqual(['starting', 'ready']);
    expect(rig.tags).toHaveLength(2);
  });

  it('that was set for single tags is made to tell a stack apart', () => {
    const { rig, emulator } = bench({}, 3);
    emulator.setConfig(5, 11, 0x01);
    rig.start().clock.advance(5_000);
    expect(emulator.configByte(5, 11)).toBe(0x05);
    expect(rig.tags).toHaveLength(3);
    // Without that its answer is 83, and nobody is found.
    emulator.setConfig(5, 11, 0x01);
    rig.clock.advance(5_000);
    expect(rig.tags).toEqual([]);
    expect(rig.states.at(-1)).toBe('ready');
  });

  it('in which someone left a filter on is rid of it', () => {
    const { rig, emulator } = bench();
    emulator.setConfig(4, 4, 0x29);
    emulator.setConfig(4, 5, 0x99);
    rig.start().clock.advance(5_000);
    expect(emulator.configByte(4, 4)).toBe(0x09);
    expect(rig.tags).toHaveLength(2);
  });

  it('is left without a filter after a tag was looked for by its AFI', () => {
    const { rig, emulator } = bench();
    rig.field.put(new VirtualTag({ uid: uidNumber(9), chip: chips.lri512 }));
    rig.start().clock.advance(5_000);
    expect(rig.secure(uidNumber(9), false)).toEqual({ kind: 'done' });
    expect(emulator.configByte(4, 4)).toBe(0x09);
    expect(rig.tags).toHaveLength(3);
  });

  it('that does not read library tags is unfit, and is not asked for them', () => {
    const { rig } = bench({ iso15693: false });
    rig.start().clock.advance(60_000);
    expect(rig.states).toEqual(['starting', 'unfit']);
    expect(rig.tags).toEqual([]);
  });

  it('reads chips with wide blocks in their order', () => {
    const { rig } = bench({}, 0);
    const memory = Uint8Array.from({ length: 40 }, (_, index) => index);
    rig.field.put(new VirtualTag({ uid: uidNumber(1), memory, chip: chips.wide }));
    rig.start().clock.advance(3_000);
    expect(rig.tag(uidNumber(1))?.blockBytes).toBe(8);
    expect([...(rig.tag(uidNumber(1))?.memory?.subarray(0, 40) ?? [])]).toEqual([...memory]);
    rig.reader.write(uidNumber(1), { firstBlock: 1, data: memory.subarray(0, 16) }, rig.reply);
    rig.clock.advance(3_000);
    expect(rig.outcomes).toEqual([{ kind: 'done' }]);
    expect([...rig.virtual(uidNumber(1)).memory.subarray(8, 24)]).toEqual([...memory.subarray(0, 16)]);
  });

  it('whose EAS cannot be believed leaves the security unverified', () => {
    if (family === undefined) throw new Error('no family');
    const rig = RfidRig.settled(
      {
        family,
        protocol: () => new FeigProtocol({ form: 'standard', easCheck: false }),
        scheme: { mode: 'eas', inStock: 7, onLoan: 0xc2, alsoInStock: [], alsoOnLoan: [] },
      },
      { uid: uidNumber(1), eas: true },
    );
    expect(rig.tags[0]?.secured).toBe('unknown');
    expect(rig.secure(uidNumber(1), false)).toEqual({ kind: 'failed', why: { kind: 'unverified' } });
    expect(rig.virtual(uidNumber(1)).eas).toBe(false);
  });
});
