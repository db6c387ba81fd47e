import { describe, expect, it } from 'vitest';
import type { RfidReaderStatus } from '../../../src/devices/rfid-reader/rfid-reader.ts';
import type { CirculationStatus, Ils } from '../../../src/ils/ils.ts';
import type { Row } from '../../../src/journal/rows.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { readTag } from '../../../src/rfid/read-tag.ts';
import type { DeskAnswer } from '../../../src/shared/desk.ts';
import type { TagOrder } from '../../../src/shared/tag-orders.ts';
import { VirtualTag } from '../../../src/simulator/rfid/tag-field.ts';
import { TagOrders, type TagOrdersParts } from '../../../src/station/desk/tag-orders.ts';
import { LentReader } from '../../../src/station/lent-reader.ts';
import { families, RfidRig, uidNumber } from '../../support/rfid-rig.ts';

const item = '30091000000017';
const write: TagOrder = {
  do: 'write',
  model: 'iso28560-3',
  content: { primaryItemIdentifier: item, usage: 'circulating' },
  over: false,
};
const waitMs = 15_000;

type Phase = TagOrdersParts['loop']['state']['session']['phase'];

/** A station as far as work on tags by hand sees it. */
function station({ status = 'available' as CirculationStatus, full = false } = {}) {
  const [family] = families;
  if (family === undefined) throw new Error('no family');
  const rig = new RfidRig({ family });
  const state: { session: { phase: Phase }; tags: { job: unknown } } = {
    session: { phase: 'home' },
    tags: { job: undefined },
  };
  const ils: Pick<Ils, 'item'> = {
    item: (asked, reply) =>
      void rig.clock.after(10, () =>
        reply({
          kind: 'answered',
          value: {
            item: asked.item,
            known: true,
            title: undefined,
            status,
            holdQueue: undefined,
            due: undefined,
            dueRaw: undefined,
            acsText: [],
          },
        }),
      ),
  };
  const reader = new LentReader(rig.reader);
  const heard: string[] = [];
  reader.start({
    onStatus: ({ state: now }: RfidReaderStatus) => void heard.push(now),
    onField: ({ tags }) => void heard.push(`${tags.length} tags`),
  });
  const rows: Row[] = [];
  const blankWhenNoted: boolean[] = [];
  const orders = new TagOrders({
    loop: { state },
    reader,
    ils,
    journal: {
      commit(committed) {
        if (full) return { ok: false, failure: { kind: 'full' } };
        rows.push(...committed);
        blankWhenNoted.push(rig.field.tags.every(({ memory }) => memory.every((byte) => byte === 0)));
        return { ok: true };
      },
      auditHead: () => 'head',
    },
    clock: rig.clock,
    log: silentLog,
  });
  rig.clock.advance(3_000);
  const answers: DeskAnswer[] = [];
  const begin = (order: TagOrder): (() => void) =>
    orders.carryOut({ by: 'vieno', order, waitMs }, (answer) => void answers.push(answer));
  const put = (tag: VirtualTag): VirtualTag => {
    rig.field.put(tag);
    return tag;
  };
  const comes = (phase: Phase): void => {
    state.session.phase = phase;
    orders.viewChanged();
  };
  return { rig, state, orders, heard, rows, blankWhenNoted, answers, begin, put, comes };
}

const blank = (): VirtualTag => new VirtualTag({ uid: uidNumber(1) });

describe('work on a tag at a running station', () => {
  it('is noted, then done, with the reader away from patrons as long as it takes', () => {
    const { rig, heard, rows, blankWhenNoted, answers, begin, put } = station();
    put(blank());
    rig.clock.advance(3_000);
    expect(heard.at(-1)).toBe('1 tags');
    heard.length = 0;
    begin(write);
    expect(heard).toEqual(['0 tags', 'starting']);
    rig.clock.advance(20_000);
    expect(answers).toEqual([
      { ok: true, value: { told: `${uidNumber(1)} was written and read back: item ${item}, iso28560-3.` } },
    ]);
    expect(readTag(rig.virtual(uidNumber(1)).memory)).toMatchObject({
      item: { primaryItemIdentifier: item },
    });
    expect(rows).toMatchObject([{ row: 'audit', act: 'writeTag', by: 'vieno', detail: 'iso28560-3' }]);
    expect(blankWhenNoted).toEqual([true]);
    expect(heard.slice(2, 4)).toEqual(['ready', '1 tags']);
  });

  it('waits for a tag, and for no longer than it was told to', () => {
    const { rig, heard, rows, answers, begin, put } = station();
    begin(write);
    rig.clock.advance(waitMs - 5_000);
    expect(answers).toEqual([]);
    put(blank());
    rig.clock.advance(20_000);
    expect(answers).toMatchObject([{ ok: true }]);
    rig.field.take(uidNumber(1));
    rig.clock.advance(3_000);
    begin(write);
    rig.clock.advance(waitMs + 1);
    expect(answers[1]).toEqual({ ok: false, reason: 'No such tag lies still before the reader.' });
    expect(rows).toHaveLength(1);
    expect(heard.slice(-2)).toEqual(['ready', '0 tags']);
  });

  it('is not begun while somebody is at the station, or the station is at a tag itself', () => {
    const { rig, state, heard, rows, answers, begin, put, comes } = station();
    const tag = put(blank());
    rig.clock.advance(3_000);
    heard.length = 0;
    comes('open');
    begin(write);
    comes('home');
    state.tags.job = {};
    begin(write);
    rig.clock.advance(20_000);
    expect(answers).toEqual([
      { ok: false, reason: 'somebody is at the station; nothing was done' },
      { ok: false, reason: 'the station is at work on a tag itself; try again in a moment' },
    ]);
    expect([heard, rows]).toEqual([[], []]);
    expect(tag.memory.every((byte) => byte === 0)).toBe(true);
  });

  it('gives way to whoever comes, unless the tag is being written', () => {
    const { rig, heard, rows, answers, begin, put, comes } = station();
    begin(write);
    comes('card');
    expect(answers).toEqual([{ ok: false, reason: 'somebody came to the station; nothing was done' }]);
    expect(heard.slice(-2)).toEqual(['ready', '0 tags']);
    put(blank());
    rig.clock.advance(20_000);
    expect([answers.length, rows]).toEqual([1, []]);

    comes('home');
    begin(write);
    // The tag lies there already, and settles.
    while (rows.length === 0) rig.clock.advance(10);
    comes('open');
    expect(answers).toHaveLength(1);
    rig.clock.advance(20_000);
    expect(answers[1]).toMatchObject({ ok: true });
    expect(heard).toContain('1 tags');
  });

  it('ends when who asked goes away, unless the tag is being written', () => {
    const { rig, heard, rows, answers, begin, put } = station();
    const goesAway = begin(write);
    goesAway();
    expect(answers).toEqual([{ ok: false, reason: 'who asked for it went away' }]);
    expect(heard.slice(-2)).toEqual(['ready', '0 tags']);
    const tag = put(blank());
    rig.clock.advance(20_000);
    expect([rows, tag.memory.every((byte) => byte === 0)]).toEqual([[], true]);

    const goesLate = begin(write);
    // Of an order that is over, nobody goes away any more.
    goesAway();
    while (rows.length === 0) rig.clock.advance(10);
    goesLate();
    expect(answers).toHaveLength(1);
    rig.clock.advance(20_000);
    expect(answers[1]).toMatchObject({ ok: true });
    expect(readTag(tag.memory)).toMatchObject({ item: { primaryItemIdentifier: item } });
  });

  it('is one at a time', () => {
    const { rig, answers, begin, put } = station();
    begin(write);
    begin(write);
    expect(answers).toEqual([{ ok: false, reason: 'somebody works on a tag already' }]);
    put(blank());
    rig.clock.advance(20_000);
    expect(answers[1]).toMatchObject({ ok: true });
  });

  it('touches nothing when it cannot be noted', () => {
    const { rig, answers, begin, put } = station({ full: true });
    const tag = put(blank());
    rig.clock.advance(3_000);
    begin(write);
    rig.clock.advance(20_000);
    expect(answers).toEqual([
      { ok: false, reason: 'it could not be noted in the journal; nothing was done' },
    ]);
    expect(tag.memory.every((byte) => byte === 0)).toBe(true);
  });

  it.each([
    ['available', false],
    ['charged', true],
  ] as const)('asks the library system before it lifts the security of what is %s', (status, released) => {
    const { rig, rows, answers, begin, put } = station({ status });
    const tag = put(new VirtualTag({ uid: uidNumber(1), afi: 0x07 }));
    rig.clock.advance(3_000);
    begin(write);
    rig.clock.advance(20_000);
    begin({ do: 'security', secured: false, askAcs: true });
    rig.clock.advance(20_000);
    expect(answers[1]?.ok).toBe(released);
    expect(tag.afi).toBe(released ? 0xc2 : 0x07);
    expect(rows[1]).toMatchObject({ act: 'releaseTag', detail: 'asked' });
  });

  it('needs a reader that is ready', () => {
    const { rig, answers, begin } = station();
    rig.port.unplug();
    rig.clock.advance(10_000);
    begin(write);
    expect(answers).toEqual([
      { ok: false, reason: 'the RFID reader is not ready; `omatoimi status` tells why' },
    ]);
  });
});
