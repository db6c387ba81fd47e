import { describe, expect, it } from 'vitest';
import { PolledRfidReader } from '../../../../src/devices/rfid-reader/polled-reader.ts';
import { commandsMax } from '../../../../src/devices/rfid-reader/rfid-reader.ts';
import { afiScheme } from '../../../../src/devices/rfid-reader/security.ts';
import { EmulatedPort } from '../../../../src/simulator/rfid/emulated-port.ts';
import { PadEmulator } from '../../../../src/simulator/rfid/pad-emulator.ts';
import { TagField, VirtualTag } from '../../../../src/simulator/rfid/tag-field.ts';
import { PadProtocol } from '../../../../src/devices/rfid-reader/pad-810/protocol.ts';
import { Stream } from '../../../simulation/streams.ts';
import { families, RfidRig, uidNumber } from '../../../support/rfid-rig.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const [family] = families;
if (family === undefined) throw new Error('no family');
const a = uidNumber(1);
const memory = Uint8Array.of(1, 2, 3, 4);
const settled = () => RfidRig.settled({ family }, { uid: a, memory });

describe('commands', () => {
  it('are never replied to from within the call, whatever the state of the reader', () => {
    const away = new RfidRig({ family });
    away.reader.setSecurity(a, false, away.reply);
    expect(away.outcomes).toEqual([]);
    const rig = settled();
    rig.reader.setSecurity(a, false, rig.reply);
    rig.reader.setSecurity(uidNumber(2), false, rig.reply);
    rig.reader.write(uidNumber(2), { firstBlock: 0, data: memory }, rig.reply);
    expect(rig.outcomes).toEqual([]);
    rig.clock.advance(5_000);
    expect(rig.outcomes).toHaveLength(3);
  });

  it('are carried out in the order in which they came, also on one tag', () => {
    const rig = settled();
    const done: string[] = [];
    rig.reader.setSecurity(a, false, () => done.push(`released ${rig.virtual(a).afi}`));
    rig.reader.setSecurity(a, true, () => done.push(`secured ${rig.virtual(a).afi}`));
    rig.reader.write(a, { firstBlock: 0, data: memory }, () => done.push('written'));
    rig.reader.setSecurity(a, false, () => done.push(`released ${rig.virtual(a).afi}`));
    rig.clock.advance(10_000);
    expect(done).toEqual(['released 194', 'secured 7', 'written', 'released 194']);
  });

  it('beyond those that can wait are refused, and each is replied to once', () => {
    const rig = settled();
    for (let count = 0; count < commandsMax + 5; count += 1)
      rig.reader.setSecurity(uidNumber(7), false, rig.reply);
    rig.clock.advance(60_000);
    expect(rig.outcomes).toHaveLength(commandsMax + 5);
    expect(rig.outcomes.filter(({ kind }) => kind === 'failed')).toHaveLength(5);
    expect(rig.outcomes.find(({ kind }) => kind === 'failed')).toEqual({
      kind: 'failed',
      why: { kind: 'busy' },
    });
  });

  it('may be given from within an event, and may stop the reader from there', () => {
    const rig = new RfidRig({ family });
    rig.field.put(new VirtualTag({ uid: a, memory }));
    let asked = 0;
    rig.reader.start({
      onStatus: () => undefined,
      onField: ({ tags }) => {
        if (tags[0]?.still !== true || asked > 0) return;
        asked += 1;
        rig.reader.setSecurity(a, false, (outcome) => {
          rig.reply(outcome);
          rig.reader.stop();
        });
      },
    });
    rig.clock.advance(10_000);
    expect(rig.outcomes).toEqual([{ kind: 'done' }]);
    expect(rig.clock.pending()).toBe(0);
  });

  it('do not wait for the next inventory of a field that rests', () => {
    const rig = settled();
    rig.clock.advance(150);
    const before = rig.clock.monotonic();
    let at = 0;
    rig.reader.setSecurity(a, false, () => {
      at = rig.clock.monotonic();
    });
    rig.clock.advance(5_000);
    // Writing, a fresh inventory and reading back, at 38400 bits per second.
    expect(at - before).toBeLessThan(150);
  });
});

describe('a stack of six', () => {
  it('is read, unlocked and read back in one breath', () => {
    const uids = [1, 2, 3, 4, 5, 6].map(uidNumber);
    const rig = new RfidRig({ family });
    rig.start().clock.advance(5_000);
    rig.field.put(...uids.map((uid) => new VirtualTag({ uid, memory })));
    const begin = rig.clock.monotonic();
    while (rig.tags.filter(({ still }) => still).length < uids.length) rig.clock.advance(1);
    const read = rig.clock.monotonic() - begin;
    for (const uid of uids) rig.reader.setSecurity(uid, false, rig.reply);
    while (rig.outcomes.length < uids.length) rig.clock.advance(1);
    const unlocked = rig.clock.monotonic() - begin - read;
    expect(rig.outcomes.every(({ kind }) => kind === 'done')).toBe(true);
    // What the line and the air take at least is about 1.1 s and 0.4 s.
    expect(read).toBeLessThan(1_500);
    expect(unlocked).toBeLessThan(600);
  });
});

describe('the log', () => {
  it('tells each state once and no tag', () => {
    const clock = new VirtualClock();
    const field = new TagField(new Stream(1, 'field'));
    field.put(new VirtualTag({ uid: a, memory }));
    const port = new EmulatedPort({ emulator: new PadEmulator({ field }), clock });
    const lines: string[] = [];
    const reader = new PolledRfidReader({
      open: port.open,
      clock,
      log: { write: (level, event, fields) => lines.push(`${level} ${event} ${JSON.stringify(fields)}`) },
      path: '/dev/pad',
      protocol: () => new PadProtocol(),
      scheme: afiScheme,
    });
    reader.start({ onStatus: () => undefined, onField: () => undefined });
    clock.advance(5_000);
    port.unplug();
    clock.advance(30_000);
    port.replug();
    clock.advance(15_000);
    expect(lines.map((line) => /"state":"(\w+)"/.exec(line)?.[1])).toEqual([
      'starting',
      'ready',
      'offline',
      'offline',
      'starting',
      'ready',
    ]);
    expect(lines.join('')).not.toContain(a);
    expect(lines.every((line) => line.includes('/dev/pad'))).toBe(true);
  });
});
