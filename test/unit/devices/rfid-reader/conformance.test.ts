import { describe, expect, it } from 'vitest';
import { afiScheme } from '../../../../src/devices/rfid-reader/security.ts';
import { chips } from '../../../../src/simulator/rfid/chips.ts';
import { VirtualTag } from '../../../../src/simulator/rfid/tag-field.ts';
import { families, RfidRig, uidNumber } from '../../../support/rfid-rig.ts';

const a = uidNumber(1);
const b = uidNumber(2);
const memory = Uint8Array.from({ length: 34 }, (_, index) => index + 1);
const done = { kind: 'done' };

describe.each(families)('$name', (family) => {
  const settled = (...tags: readonly ConstructorParameters<typeof VirtualTag>[0][]) =>
    RfidRig.settled({ family }, ...tags);

  it('tells what lies before it: memory in its own order, DSFID, AFI and security', () => {
    const rig = settled({ uid: a, memory, dsfid: 0x3e }, { uid: b, afi: 0xc2, dsfid: 0x06 });
    expect(rig.states).toEqual(['starting', 'ready']);
    expect(rig.tags.map(({ uid }) => uid)).toEqual([a, b]);
    expect(rig.tag(a)).toMatchObject({
      still: true,
      dsfid: 0x3e,
      afi: 0x07,
      secured: 'yes',
      blockBytes: 4,
      dropOuts: 0,
      unread: undefined,
    });
    expect([...(rig.tag(a)?.memory?.subarray(0, 35) ?? [])]).toEqual([...memory, 0]);
    expect(rig.tag(b)).toMatchObject({ secured: 'no', afi: 0xc2, dsfid: 0x06 });
  });

  it('tells nothing while nothing changes', () => {
    const rig = settled({ uid: a, memory });
    const told = rig.fields.length;
    rig.clock.advance(60_000);
    expect(rig.fields.length).toBe(told);
    expect(rig.port.sent.length).toBeGreaterThan(100);
  });

  it('finds a stack of twenty in one field', () => {
    const uids = Array.from({ length: 20 }, (_, index) => uidNumber(index + 1));
    const rig = settled(...uids.map((uid, index) => ({ uid, memory: Uint8Array.of(index) })));
    expect(rig.tags.map(({ uid }) => uid)).toEqual(uids);
    expect(rig.tags.map((tag) => tag.memory?.[0])).toEqual(uids.map((_, index) => index));
    expect(rig.tags.every(({ still }) => still)).toBe(true);
  });

  it('sees a tag go, and come again as a new one', () => {
    const rig = settled({ uid: a, memory });
    rig.field.take(a);
    rig.clock.advance(3_000);
    expect(rig.tags).toEqual([]);
    rig.field.put(new VirtualTag({ uid: a, memory: Uint8Array.of(9) }));
    rig.clock.advance(3_000);
    expect(rig.tag(a)).toMatchObject({ still: true, dropOuts: 0 });
    expect(rig.tag(a)?.memory?.[0]).toBe(9);
  });

  it('reads small chips, those that tell nothing of themselves, and large ones as far as is needed', () => {
    const rig = settled(
      { uid: a, memory, chip: chips.sliL },
      { uid: b, memory, chip: chips.lri512 },
      { uid: uidNumber(3), memory, chip: chips.tiHfiPlus },
      { uid: uidNumber(4), memory, chip: chips.tiHfiPro },
    );
    expect([...(rig.tag(a)?.memory ?? [])]).toEqual([...memory.subarray(0, 32)]);
    expect([...(rig.tag(b)?.memory?.subarray(0, 34) ?? [])]).toEqual([...memory]);
    expect(rig.tag(b)).toMatchObject({ secured: 'unknown', afi: undefined });
    expect(rig.tag(uidNumber(3))?.memory?.length).toBeGreaterThanOrEqual(112);
    expect([...(rig.tag(uidNumber(4))?.memory ?? [])]).toEqual([...memory.subarray(0, 32)]);
  });

  it('counts a tag once that answers twice', () => {
    const rig = new RfidRig({ family });
    const tag = new VirtualTag({ uid: a, memory });
    tag.trouble.answersTwice = true;
    rig.field.put(tag);
    rig.start().clock.advance(5_000);
    expect(rig.tags).toHaveLength(1);
    expect(rig.tag(a)?.still).toBe(true);
  });

  it('does not take a half-read tag for a whole one, and goes on with the others', () => {
    const rig = new RfidRig({ family });
    const tag = new VirtualTag({ uid: a, memory });
    tag.trouble.readableBlocks = 3;
    rig.field.put(tag, new VirtualTag({ uid: b, memory }));
    rig.start().clock.advance(5_000);
    expect(rig.tag(a)).toMatchObject({ still: false, memory: undefined, secured: 'unknown' });
    expect(rig.tag(a)?.unread).toBeDefined();
    expect(rig.tag(b)?.still).toBe(true);
    tag.trouble.readableBlocks = Number.POSITIVE_INFINITY;
    rig.clock.advance(10_000);
    expect(rig.tag(a)).toMatchObject({ still: true, unread: undefined });
  });

  it('counts the drop-outs of a tag in the shadow of another, and holds it while it is heard now and then', () => {
    const rig = settled({ uid: a, memory }, { uid: b, memory });
    rig.virtual(b).trouble.hearing = 0.9;
    rig.clock.advance(20_000);
    expect(rig.fields.some(({ tags }) => tags.some(({ uid, dropOuts }) => uid === b && dropOuts > 0))).toBe(
      true,
    );
    expect(rig.tag(a)).toMatchObject({ still: true, dropOuts: 0 });
    rig.virtual(b).trouble.hearing = 1;
    rig.clock.advance(3_000);
    expect(rig.tag(b)?.still).toBe(true);
  });

  describe('security', () => {
    it('is lifted and set by the AFI, of the one tag that is meant', () => {
      const rig = settled({ uid: a, memory }, { uid: b, memory });
      expect(rig.secure(a, false)).toEqual(done);
      expect(rig.virtual(a).afi).toBe(0xc2);
      expect(rig.virtual(b).afi).toBe(0x07);
      expect(rig.tag(a)).toMatchObject({ secured: 'no', still: true });
      expect(rig.secure(a, true)).toEqual(done);
      expect(rig.virtual(a).afi).toBe(0x07);
      expect(rig.tag(a)?.secured).toBe('yes');
    });

    it('is lifted by the EAS bit, or by both', () => {
      for (const mode of ['eas', 'both'] as const) {
        const scheme = { ...afiScheme, mode };
        const rig = RfidRig.settled({ family, scheme }, { uid: a, memory, eas: true });
        expect(rig.tag(a)?.secured).toBe('yes');
        expect(rig.secure(a, false)).toEqual(done);
        expect(rig.virtual(a)).toMatchObject({ eas: false, afi: mode === 'both' ? 0xc2 : 0x07 });
        expect(rig.secure(a, true)).toEqual(done);
        expect(rig.virtual(a)).toMatchObject({ eas: true, afi: 0x07 });
      }
    });

    it('of a stack is lifted with one inventory for all', () => {
      const uids = Array.from({ length: 6 }, (_, index) => uidNumber(index + 1));
      const rig = settled(...uids.map((uid) => ({ uid, memory })));
      for (const uid of uids) rig.reader.setSecurity(uid, false, rig.reply);
      rig.clock.advance(5_000);
      expect(rig.outcomes).toEqual(uids.map(() => done));
      expect(rig.field.tags.map(({ afi }) => afi)).toEqual(uids.map(() => 0xc2));
    });

    it('is not lifted of a tag that is not there', () => {
      const rig = settled({ uid: a, memory });
      expect(rig.secure(b, false)).toEqual({ kind: 'gone' });
    });

    it('of a tag that leaves after the writing is not said to be done', () => {
      const rig = settled({ uid: a, memory });
      rig.virtual(a).trouble.leavesAfterWrite = true;
      expect(rig.secure(a, false)).toEqual({ kind: 'gone' });
    });

    it('is tried three times where writings are lost or have no effect', () => {
      for (const trouble of ['writesLost', 'writesIgnored'] as const) {
        const rig = settled({ uid: a, memory });
        rig.virtual(a).trouble[trouble] = 2;
        expect(rig.secure(a, false)).toEqual(done);
        expect(rig.virtual(a).afi).toBe(0xc2);
        rig.virtual(a).trouble[trouble] = 3;
        const outcome = rig.secure(a, true);
        expect(outcome).toEqual(
          trouble === 'writesIgnored' ? { kind: 'failed', why: { kind: 'mismatch' } } : { kind: 'gone' },
        );
        expect(rig.virtual(a).afi).toBe(0xc2);
        expect(rig.tag(a)?.secured).toBe('no');
      }
    });

    it('of a chip that refuses is a failure with a name, and the others of the stack are done', () => {
      const rig = settled({ uid: a, memory }, { uid: b, memory });
      rig.virtual(a).trouble.writesRefused = true;
      rig.reader.setSecurity(a, false, rig.reply);
      rig.reader.setSecurity(b, false, rig.reply);
      rig.clock.advance(10_000);
      expect(rig.outcomes).toHaveLength(2);
      expect(rig.outcomes).toContainEqual({ kind: 'failed', why: { kind: 'locked' } });
      expect(rig.outcomes).toContainEqual(done);
      expect(rig.tag(a)?.secured).toBe('yes');
    });

    it('of a chip without an AFI is a failure with a name', () => {
      const rig = settled({ uid: a, memory, chip: chips.tiHfiPro });
      expect(rig.secure(a, false)).toMatchObject({ kind: 'failed' });
    });

    it('of a chip that cannot be read back is verified by looking for it, or is not called done', () => {
      const rig = settled({ uid: a, memory, chip: chips.lri512 }, { uid: b, memory });
      const outcome = rig.secure(a, false);
      expect(rig.virtual(a).afi).toBe(0xc2);
      expect(outcome).toEqual(
        family.name === 'RL866' ? { kind: 'failed', why: { kind: 'unverified' } } : done,
      );
      expect(rig.tags).toHaveLength(2);
    });
  });

  describe('writing', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, index) => 200 - index);

    it('puts blocks where they belong, and reads them back', () => {
      const rig = settled({ uid: a, memory }, { uid: b, memory });
      rig.reader.write(a, { firstBlock: 2, data: bytes }, rig.reply);
      rig.clock.advance(5_000);
      expect(rig.outcomes).toEqual([done]);
      expect([...rig.virtual(a).memory.subarray(0, 80)]).toEqual([
        ...memory.subarray(0, 8),
        ...bytes,
        ...new Uint8Array(8),
      ]);
      expect([...(rig.tag(a)?.memory?.subarray(8, 72) ?? [])]).toEqual([...bytes]);
      expect([...rig.virtual(b).memory.subarray(0, 34)]).toEqual([...memory]);
    });

    it('sets the DSFID with it', () => {
      const rig = settled({ uid: a, memory });
      rig.reader.write(a, { firstBlock: 0, data: new Uint8Array(0), dsfid: 0x3e }, rig.reply);
      rig.clock.advance(10_000);
      expect(rig.outcomes).toEqual([done]);
      expect(rig.virtual(a).dsfid).toBe(0x3e);
      expect(rig.tag(a)).toMatchObject({ still: true, dsfid: 0x3e });
    });

    it('of a DSFID that has no effect is found out', () => {
      const rig = settled({ uid: a, memory });
      rig.virtual(a).trouble.writesIgnored = 1_000;
      rig.reader.write(a, { firstBlock: 0, data: new Uint8Array(0), dsfid: 0x3e }, rig.reply);
      rig.clock.advance(10_000);
      expect(rig.outcomes[0]?.kind).toBe('failed');
    });

    it('of a locked block is a failure with a name', () => {
      const rig = settled({ uid: a, memory });
      rig.virtual(a).lockedBlocks.add(3);
      rig.reader.write(a, { firstBlock: 0, data: bytes }, rig.reply);
      rig.clock.advance(10_000);
      expect(rig.outcomes).toEqual([{ kind: 'failed', why: { kind: 'locked' } }]);
    });

    it('that has no effect is found out', () => {
      const rig = settled({ uid: a, memory });
      rig.virtual(a).trouble.writesIgnored = 1_000;
      rig.reader.write(a, { firstBlock: 0, data: bytes }, rig.reply);
      rig.clock.advance(10_000);
      expect(rig.outcomes).toEqual([{ kind: 'failed', why: { kind: 'mismatch' } }]);
    });

    it('of half a block, and of a tag that is not there, is refused', () => {
      const rig = settled({ uid: a, memory });
      rig.reader.write(a, { firstBlock: 0, data: Uint8Array.of(1, 2, 3) }, rig.reply);
      rig.reader.write(b, { firstBlock: 0, data: bytes }, rig.reply);
      rig.clock.advance(10_000);
      expect(rig.outcomes).toEqual([{ kind: 'failed', why: { kind: 'notSupported' } }, { kind: 'gone' }]);
      expect([...rig.virtual(a).memory.subarray(0, 34)]).toEqual([...memory]);
    });
  });
});
