import { describe, expect, it } from 'vitest';
import type { Ils, ItemInformation, Outcome } from '../../../src/ils/ils.ts';
import type { Result } from '../../../src/kernel/result.ts';
import { readTag } from '../../../src/rfid/read-tag.ts';
import type { TagModel } from '../../../src/rfid/tag.ts';
import { chips, type Chip } from '../../../src/simulator/rfid/chips.ts';
import { VirtualTag } from '../../../src/simulator/rfid/tag-field.ts';
import { TagDesk, type TagDeskFailure } from '../../../src/station/tag-desk.ts';
import { families, RfidRig, uidNumber } from '../../support/rfid-rig.ts';

const models = ['iso28560-3', 'iso28560-2', 'rfid501'] as const;
const content = { primaryItemIdentifier: '30091000000017' };

type ItemReply = Partial<ItemInformation> | Exclude<Outcome<ItemInformation>, { kind: 'answered' }>;

function bench(acs?: ItemReply, chip: Chip = chips.sli) {
  const [family] = families;
  if (family === undefined) throw new Error('no family');
  const rig = new RfidRig({ family });
  const asked: string[] = [];
  const ils: Pick<Ils, 'item'> = {
    item: ({ item }, reply) => {
      asked.push(item);
      rig.clock.after(10, () => reply(outcomeOf(item, acs ?? {})));
    },
  };
  const desk = new TagDesk({ reader: rig.reader, ...(acs === undefined ? {} : { ils }) });
  rig.reader.start({ onStatus: () => undefined, onField: (field) => desk.onField(field) });
  const put = (...tags: readonly VirtualTag[]) => {
    rig.field.put(...tags);
    rig.clock.advance(3_000);
  };
  const wait = <T>(begin: (reply: (result: Result<T, TagDeskFailure>) => void) => void) => {
    const results: Result<T, TagDeskFailure>[] = [];
    begin((result) => results.push(result));
    rig.clock.advance(20_000);
    expect(results).toHaveLength(1);
    return results[0];
  };
  return { rig, desk, put, wait, asked, blank: (n: number) => new VirtualTag({ uid: uidNumber(n), chip }) };
}

function outcomeOf(item: string, acs: ItemReply): Outcome<ItemInformation> {
  if ('kind' in acs) return acs;
  return {
    kind: 'answered',
    value: {
      item,
      known: true,
      title: undefined,
      status: 'available',
      holdQueue: undefined,
      due: undefined,
      dueRaw: undefined,
      acsText: [],
      ...acs,
    },
  };
}

describe('a barcode onto a tag', () => {
  it.each(models)('goes in the model %s, and is read back as that', (model) => {
    const { rig, desk, put, wait, blank } = bench();
    put(blank(1));
    expect(wait((reply) => desk.program({ model, content, over: false }, reply))).toMatchObject({
      ok: true,
      value: {
        uid: uidNumber(1),
        item: { model, primaryItemIdentifier: content.primaryItemIdentifier },
        dsfid: model === 'rfid501' ? 'noneInModel' : 'right',
      },
    });
    expect(rig.virtual(uidNumber(1)).dsfid).toBe(
      { 'iso28560-3': 0x3e, 'iso28560-2': 0x06, rfid501: 0x00 }[model],
    );
    expect(readTag(rig.virtual(uidNumber(1)).memory)).toMatchObject({ kind: 'item', item: { model } });
    // Once more the same: nothing has to be written.
    expect(wait((reply) => desk.program({ model, content, over: true }, reply))).toMatchObject({
      ok: true,
      value: { blocks: 0 },
    });
  });

  it('of a set has its part and its owner, on the smallest chip too', () => {
    const { rig, desk, put, wait, blank } = bench(undefined, chips.sliL);
    put(blank(1));
    const part = { ...content, part: { number: 2, of: 3 }, owner: 'FI-Hel' };
    wait((reply) => desk.program({ model: 'iso28560-3', content: part, over: false }, reply));
    expect(readTag(rig.virtual(uidNumber(1)).memory)).toMatchObject({
      item: { part: { number: 2, of: 3 }, owner: 'FI-Hel' },
    });
  });

  it('is there also where the chip holds no DSFID, and that is said', () => {
    const { rig, desk, put, wait, blank } = bench(undefined, { ...chips.sli, dsfid: false });
    put(blank(1));
    expect(wait((reply) => desk.program({ model: 'iso28560-3', content, over: false }, reply))).toMatchObject(
      { ok: true, value: { dsfid: 'wrong' } },
    );
    expect(readTag(rig.virtual(uidNumber(1)).memory).kind).toBe('item');
  });

  it('does not go over what is there, unless that is wanted; right blocks may be locked', () => {
    const { rig, desk, put, wait, blank } = bench();
    put(blank(1));
    const order = { model: 'iso28560-3' as TagModel, content, over: false };
    wait((reply) => desk.program(order, reply));
    const other = { ...order, content: { primaryItemIdentifier: '30091000000025' } };
    expect(wait((reply) => desk.program(other, reply))).toMatchObject({
      ok: false,
      error: { kind: 'notBlank', reading: { kind: 'item' } },
    });
    rig.virtual(uidNumber(1)).lockedBlocks.add(0);
    expect(wait((reply) => desk.program({ ...other, over: true }, reply))).toMatchObject({ ok: true });
    expect(readTag(rig.virtual(uidNumber(1)).memory)).toMatchObject({
      item: { primaryItemIdentifier: '30091000000025' },
    });
  });

  it('is refused where it does not fit, where no tag lies or several, and where the tag refuses', () => {
    const { rig, desk, put, wait, blank } = bench();
    const order = { model: 'iso28560-3' as TagModel, content, over: false };
    expect(wait((reply) => desk.program(order, reply))).toEqual({ ok: false, error: { kind: 'noTag' } });
    put(blank(1));
    const long = { primaryItemIdentifier: '1'.repeat(40) };
    expect(wait((reply) => desk.program({ ...order, content: long }, reply))).toMatchObject({
      error: { kind: 'content', problem: 'identifierTooLong' },
    });
    put(blank(2));
    expect(wait((reply) => desk.program(order, reply))).toMatchObject({
      error: { kind: 'manyTags', uids: [uidNumber(1), uidNumber(2)] },
    });
    rig.virtual(uidNumber(2)).trouble.writesRefused = true;
    expect(wait((reply) => desk.program({ ...order, uid: uidNumber(2) }, reply))).toMatchObject({
      error: { kind: 'tag', uid: uidNumber(2), outcome: { kind: 'failed', why: { kind: 'locked' } } },
    });
  });
});

describe('the security of an item', () => {
  function withBook(acs: ItemReply | undefined, afi = 0x07) {
    const all = bench(acs);
    const memory = new Uint8Array(112);
    const encoded = bench();
    encoded.put(encoded.blank(1));
    encoded.wait((reply) => encoded.desk.program({ model: 'iso28560-3', content, over: false }, reply));
    memory.set(encoded.rig.virtual(uidNumber(1)).memory);
    all.put(
      new VirtualTag({ uid: uidNumber(1), memory, afi }),
      new VirtualTag({ uid: uidNumber(2), memory, afi }),
    );
    return all;
  }

  it('is lifted of all its tags when the library system says that it is on loan', () => {
    const { rig, desk, wait, asked } = withBook({ status: 'charged' });
    expect(wait((reply) => desk.security({ secured: false, askAcs: true }, reply))).toEqual({
      ok: true,
      value: { item: content.primaryItemIdentifier, uids: [uidNumber(1), uidNumber(2)] },
    });
    expect(rig.field.tags.map(({ afi }) => afi)).toEqual([0xc2, 0xc2]);
    expect(asked).toEqual([content.primaryItemIdentifier]);
  });

  it('is not lifted when it is not on loan, not known, or nobody can be asked', () => {
    const cases: readonly (readonly [ItemReply | undefined, object])[] = [
      [{ status: 'available' }, { kind: 'forbidden', status: 'available' }],
      [{ status: 'onHoldShelf' }, { kind: 'forbidden', status: 'onHoldShelf' }],
      [{ known: false }, { kind: 'unknownItem' }],
      [
        { kind: 'unknown', reason: 'no answer' },
        { kind: 'acs', reason: 'no answer' },
      ],
      [
        { kind: 'notSent', reason: 'no connection' },
        { kind: 'acs', reason: 'no connection' },
      ],
      [undefined, { kind: 'acs' }],
    ];
    for (const [acs, error] of cases) {
      const { rig, desk, wait } = withBook(acs);
      expect(wait((reply) => desk.security({ secured: false, askAcs: true }, reply))).toMatchObject({
        ok: false,
        error,
      });
      expect(rig.field.tags.map(({ afi }) => afi)).toEqual([0x07, 0x07]);
    }
  });

  it('is set when it is not on loan, and not when it is', () => {
    const free = withBook({ status: 'available' }, 0xc2);
    expect(free.wait((reply) => free.desk.security({ secured: true, askAcs: true }, reply))).toMatchObject({
      ok: true,
    });
    expect(free.rig.field.tags.map(({ afi }) => afi)).toEqual([0x07, 0x07]);
    const lent = withBook({ status: 'charged' }, 0xc2);
    expect(lent.wait((reply) => lent.desk.security({ secured: true, askAcs: true }, reply))).toMatchObject({
      error: { kind: 'forbidden' },
    });
    expect(lent.rig.field.tags.map(({ afi }) => afi)).toEqual([0xc2, 0xc2]);
  });

  it('is set without asking where that is ordered, and tells which tag did not do it', () => {
    const { rig, desk, wait, asked } = withBook(undefined);
    rig.virtual(uidNumber(2)).trouble.writesRefused = true;
    expect(wait((reply) => desk.security({ secured: false, askAcs: false }, reply))).toMatchObject({
      error: { kind: 'tag', uid: uidNumber(2), done: [uidNumber(1)] },
    });
    expect(asked).toEqual([]);
  });

  it('of a tag that is no item is not asked about', () => {
    const { desk, put, wait, blank } = bench({ status: 'charged' });
    expect(wait((reply) => desk.security({ secured: false, askAcs: true }, reply))).toMatchObject({
      error: { kind: 'noTag' },
    });
    put(blank(1));
    expect(wait((reply) => desk.security({ secured: false, askAcs: true }, reply))).toMatchObject({
      error: { kind: 'noItem' },
    });
    put(blank(2));
    expect(wait((reply) => desk.security({ secured: false, askAcs: true }, reply))).toMatchObject({
      error: { kind: 'manyTags' },
    });
  });
});
