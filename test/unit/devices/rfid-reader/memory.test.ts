import { describe, expect, it } from 'vitest';
import { MemoryRfidReader } from '../../../../src/devices/rfid-reader/memory.ts';
import type { Field, TagOutcome } from '../../../../src/devices/rfid-reader/rfid-reader.ts';
import { afiScheme, securedBy } from '../../../../src/devices/rfid-reader/security.ts';

const book = { uid: 'E004010031269117', memory: new Uint8Array(32), secured: 'yes' } as const;

function bench() {
  const reader = new MemoryRfidReader();
  const fields: Field[] = [];
  const states: string[] = [];
  const outcomes: TagOutcome[] = [];
  reader.start({
    onField: (field) => fields.push(field),
    onStatus: ({ state }) => states.push(state),
  });
  return { reader, fields, states, outcomes, reply: (outcome: TagOutcome) => outcomes.push(outcome) };
}

describe('a reader in memory', () => {
  it('tells what lies before it, from when it is plugged in', () => {
    const { reader, fields, states } = bench();
    reader.put(book);
    expect(fields).toEqual([]);
    reader.plug();
    expect(states).toEqual(['ready']);
    expect(fields.at(-1)?.tags).toMatchObject([{ uid: book.uid, still: true, secured: 'yes', dropOuts: 0 }]);
    reader.dropOut(book.uid);
    expect(fields.at(-1)?.tags).toMatchObject([{ still: false, dropOuts: 1 }]);
    reader.settle(book.uid);
    expect(fields.at(-1)?.tags).toMatchObject([{ still: true, dropOuts: 1 }]);
    reader.take(book.uid);
    expect(fields.at(-1)?.tags).toEqual([]);
  });

  it('carries commands out in their order, when it is told to', () => {
    const { reader, fields, outcomes, reply } = bench();
    reader.plug();
    reader.put(book);
    reader.setSecurity(book.uid, false, reply);
    reader.write(book.uid, { firstBlock: 1, data: Uint8Array.of(1, 2, 3, 4) }, reply);
    expect(outcomes).toEqual([]);
    reader.carryOut();
    expect(outcomes).toEqual([{ kind: 'done' }]);
    expect(fields.at(-1)?.tags).toMatchObject([{ secured: 'no' }]);
    reader.carryOut();
    expect([...(fields.at(-1)?.tags[0]?.memory?.subarray(3, 9) ?? [])]).toEqual([0, 1, 2, 3, 4, 0]);
    expect(reader.carryOut()).toBe(false);
  });

  it('finds a tag gone that was taken, and fails what waits when its cable is pulled', () => {
    const { reader, fields, outcomes, reply } = bench();
    reader.plug();
    reader.put(book);
    reader.setSecurity(book.uid, false, reply);
    reader.take(book.uid);
    reader.carryOut();
    expect(outcomes).toEqual([{ kind: 'gone' }]);
    reader.put(book);
    reader.setSecurity(book.uid, false, reply);
    reader.unplug();
    expect(outcomes.at(-1)).toEqual({ kind: 'failed', why: { kind: 'offline' } });
    expect(fields.at(-1)?.tags).toEqual([]);
    expect(reader.waiting).toEqual([]);
  });
});

describe('security', () => {
  it('is read from the AFI by the library’s own values', () => {
    const eas = undefined;
    expect(securedBy(afiScheme, { afi: 0x07, eas })).toBe('yes');
    expect(securedBy(afiScheme, { afi: 0xc2, eas })).toBe('no');
    expect(securedBy(afiScheme, { afi: 0xda, eas })).toBe('unknown');
    expect(securedBy({ ...afiScheme, alsoInStock: [0xda] }, { afi: 0xda, eas })).toBe('yes');
    expect(securedBy({ ...afiScheme, alsoOnLoan: [0xd7] }, { afi: 0xd7, eas })).toBe('no');
    expect(securedBy(afiScheme, { afi: undefined, eas: true })).toBe('unknown');
  });

  it('with both marks is only certain when they agree', () => {
    const both = { ...afiScheme, mode: 'both' } as const;
    expect(securedBy(both, { afi: 0x07, eas: true })).toBe('yes');
    expect(securedBy(both, { afi: 0xc2, eas: false })).toBe('no');
    expect(securedBy(both, { afi: 0xc2, eas: true })).toBe('unknown');
    expect(securedBy(both, { afi: 0xc2, eas: undefined })).toBe('unknown');
    expect(securedBy({ ...afiScheme, mode: 'eas' }, { afi: 0xc2, eas: true })).toBe('yes');
    expect(securedBy({ ...afiScheme, mode: 'none' }, { afi: 0xc2, eas: true })).toBe('unknown');
  });
});
