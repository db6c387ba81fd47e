import { describe, expect, it } from 'vitest';
import { JoinedRfidReaders } from '../../../../src/devices/rfid-reader/joined.ts';
import { MemoryRfidReader } from '../../../../src/devices/rfid-reader/memory.ts';
import type { Field, TagOutcome } from '../../../../src/devices/rfid-reader/rfid-reader.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const tag = (uid: string) => ({ uid, memory: new Uint8Array(8), secured: 'yes' }) as const;

function bench() {
  const clock = new VirtualClock();
  const left = new MemoryRfidReader();
  const right = new MemoryRfidReader();
  const each: string[] = [];
  const joined = new JoinedRfidReaders(clock, [left, right], (index, { state }) =>
    each.push(`${index} ${state}`),
  );
  const states: string[] = [];
  const fields: Field[] = [];
  const outcomes: TagOutcome[] = [];
  joined.start({ onStatus: ({ state }) => states.push(state), onField: (field) => fields.push(field) });
  const uids = () => fields.at(-1)?.tags.map(({ uid }) => uid);
  return {
    clock,
    left,
    right,
    joined,
    each,
    states,
    uids,
    fields,
    outcomes,
    reply: (o: TagOutcome) => outcomes.push(o),
  };
}

describe('two readers as one', () => {
  it('are ready while one of them is, and each is told of', () => {
    const { left, right, states, each } = bench();
    left.unplug();
    right.plug();
    right.unplug();
    expect(states).toEqual(['offline', 'ready', 'offline']);
    expect(each).toEqual(['0 offline', '1 ready', '1 offline']);
  });

  it('have their fields side by side; a tag between them counts once, as the one that sees it still tells', () => {
    const { left, right, uids, fields } = bench();
    left.plug();
    right.plug();
    left.put(tag('A'), { ...tag('B'), still: false });
    right.put(tag('B'), tag('C'));
    expect(uids()).toEqual(['A', 'B', 'C']);
    expect(fields.at(-1)?.tags.every(({ still }) => still)).toBe(true);
    left.unplug();
    expect(uids()).toEqual(['B', 'C']);
  });

  it('carry a command out where the tag lies', () => {
    const { clock, left, right, joined, outcomes, reply } = bench();
    left.plug();
    right.plug();
    right.put(tag('B'));
    joined.setSecurity('B', false, reply);
    joined.write('B', { firstBlock: 0, data: new Uint8Array(4) }, reply);
    expect(left.waiting).toEqual([]);
    expect(right.waiting.map(({ what }) => what.do)).toEqual(['setSecurity', 'write']);
    while (right.carryOut());
    joined.setSecurity('A', false, reply);
    expect(outcomes).toHaveLength(2);
    clock.settle();
    expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }, { kind: 'gone' }]);
    right.unplug();
    left.unplug();
    joined.setSecurity('A', false, reply);
    clock.settle();
    expect(outcomes.at(-1)).toEqual({ kind: 'failed', why: { kind: 'offline' } });
  });

  it('say nothing after they were stopped', () => {
    const { clock, left, joined, states, outcomes, reply } = bench();
    left.plug();
    joined.setSecurity('A', false, reply);
    joined.stop();
    clock.settle();
    expect([left.started, states, outcomes]).toEqual([false, ['ready'], []]);
  });
});
