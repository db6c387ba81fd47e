import { describe, expect, it } from 'vitest';
import { PolledRfidReader, failedInventoriesMax } from '../../../../src/devices/rfid-reader/polled-reader.ts';
import { afiScheme } from '../../../../src/devices/rfid-reader/security.ts';
import { silentLog } from '../../../../src/kernel/log.ts';
import type { Spoil } from '../../../../src/simulator/rfid/emulated-port.ts';
import { VirtualTag } from '../../../../src/simulator/rfid/tag-field.ts';
import { Stream } from '../../../simulation/streams.ts';
import { MemoryOpener } from '../../../support/memory-stream.ts';
import { families, RfidRig, uidNumber, type ReaderFamily } from '../../../support/rfid-rig.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const uids = [1, 2, 3].map(uidNumber);
const memoryOf = (index: number) => Uint8Array.from({ length: 40 }, (_, byte) => byte * 3 + index * 17);
const tags = uids.map((uid, index) => ({ uid, memory: memoryOf(index) }));
const at = (afterMs: number, bytes: Uint8Array) => ({ afterMs, bytes });

/** What a bad cable or adapter makes of a frame, by name. */
const spoils: Readonly<Record<string, (stream: Stream) => Spoil>> = {
  'comes byte by byte': () => (bytes) => [...bytes].map((byte, index) => at(index * 15, Uint8Array.of(byte))),
  'is cut anywhere': (stream) => (bytes) => {
    const cut = stream.whole(0, bytes.length);
    return [at(0, bytes.subarray(0, cut)), at(30, bytes.subarray(cut))];
  },
  'follows rubbish': (stream) => (bytes) => [at(0, stream.bytes(stream.whole(1, 5))), at(1, bytes)],
  'has rubbish behind it': (stream) => (bytes) => [
    at(0, Uint8Array.of(...bytes, ...stream.bytes(stream.whole(1, 5)))),
  ],
  'comes twice at once': () => (bytes) => [at(0, Uint8Array.of(...bytes, ...bytes))],
  'loses its end': (stream) => (bytes) => [at(0, bytes.subarray(0, stream.whole(0, bytes.length - 1)))],
  'loses a byte': (stream) => (bytes) => {
    const lost = stream.whole(0, bytes.length - 1);
    return [
      at(
        0,
        bytes.filter((_, index) => index !== lost),
      ),
    ];
  },
  'has a wrong bit': (stream) => (bytes) => {
    const wrong = Uint8Array.from(bytes);
    const index = stream.whole(0, bytes.length - 1);
    wrong[index] = (wrong[index] ?? 0) ^ (1 << stream.whole(0, 7));
    return [at(0, wrong)];
  },
  'is late': (stream) => (bytes) => [at(stream.whole(0, 9_000), bytes)],
  'never comes': () => () => [],
};

/** Whatever is told is true: no tag has another’s memory, no security is called done that is not. */
function expectTruth(rig: RfidRig): void {
  for (const field of rig.fields) {
    for (const tag of field.tags) {
      const index = uids.indexOf(tag.uid);
      expect(index).not.toBe(-1);
      if (tag.memory !== undefined) expect([...tag.memory.subarray(0, 40)]).toEqual([...memoryOf(index)]);
    }
  }
}

describe.each(families)('$name', (family) => {
  describe.each(Object.entries(spoils))('when an answer %s', (_name, spoilOf) => {
    it('now and then, tells nothing untrue and comes to its end', () => {
      for (let seed = 1; seed <= 2; seed += 1) {
        const stream = new Stream(seed, 'spoil');
        const rig = new RfidRig({ family }).start();
        rig.field.put(...tags.map((tag) => new VirtualTag(tag)));
        const spoil = spoilOf(stream);
        rig.port.spoil = (bytes) => (stream.chance(0.15) ? spoil(bytes) : [at(0, bytes)]);
        rig.clock.advance(10_000);
        for (const uid of uids) {
          rig.reader.setSecurity(uid, false, (outcome) => {
            rig.reply(outcome);
            if (outcome.kind === 'done') expect(rig.virtual(uid).afi).toBe(0xc2);
          });
        }
        for (let waited = 0; rig.outcomes.length < uids.length && waited < 300; waited += 1)
          rig.clock.advance(1_000);
        expect(rig.outcomes).toHaveLength(uids.length);
        expectTruth(rig);
        rig.port.spoil = undefined;
        rig.clock.advance(30_000);
        expect(rig.states.at(-1)).toBe('ready');
        expect(
          rig.tags
            .filter(({ still }) => still)
            .map(({ uid }) => uid)
            .toSorted((one, other) => one.localeCompare(other)),
        ).toEqual(uids);
        expect(rig.secure(uidNumber(1), true)).toEqual({ kind: 'done' });
      }
    });
  });

  it('is silent where nobody answers, and ready again as soon as someone does', () => {
    const rig = RfidRig.settled({ family }, ...tags);
    rig.port.deaf = true;
    rig.reader.setSecurity(uidNumber(1), false, rig.reply);
    rig.clock.advance(120_000);
    expect(rig.states).toEqual(['starting', 'ready', 'silent']);
    expect(rig.tags).toEqual([]);
    expect(rig.outcomes).toEqual([
      { kind: 'failed', why: { kind: expect.stringMatching(/^(noAnswer|offline)$/) as string } },
    ]);
    rig.port.deaf = false;
    rig.clock.advance(30_000);
    expect(rig.states.at(-1)).toBe('ready');
    expect(rig.tags).toHaveLength(3);
  });

  it('is faulty where each answer is damaged', () => {
    const rig = RfidRig.settled({ family }, ...tags);
    const sentBefore = rig.port.sent.length;
    rig.port.spoil = (bytes) => [
      at(
        0,
        bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte)),
      ),
    ];
    rig.clock.advance(60_000);
    expect(['silent', 'faulty']).toContain(rig.states.at(-1));
    expect(rig.port.sent.length - sentBefore).toBeGreaterThan(failedInventoriesMax);
    rig.port.spoil = undefined;
    rig.clock.advance(30_000);
    expect(rig.states.at(-1)).toBe('ready');
  });

  it('survives its cable pulled at any frame of anything it does', () => {
    const frames = framesOfAll(family);
    expect(frames).toBeGreaterThan(8);
    for (let nth = 1; nth <= frames; nth += 1) {
      const rig = new RfidRig({ family });
      rig.field.put(...tags.map((tag) => new VirtualTag(tag)));
      let written = 0;
      rig.port.onWrite = () => {
        written += 1;
        if (written === nth) rig.port.unplug();
      };
      rig.start();
      doEverything(rig);
      expect(rig.states.at(-1)).toBe('offline');
      expect(rig.tags).toEqual([]);
      // What had begun before failed then, what came after is refused at once; each is told once.
      expect(rig.outcomes).toHaveLength(3);
      rig.port.onWrite = undefined;
      rig.port.replug();
      rig.clock.advance(10_000);
      expect(rig.states.at(-1)).toBe('ready');
      expect(rig.tags.map(({ still }) => still)).toEqual([true, true, true]);
      expect(rig.secure(uidNumber(1), true)).toEqual({ kind: 'done' });
    }
  });

  it('says nothing any more when it was stopped, at whatever moment', () => {
    const frames = framesOfAll(family);
    for (let nth = 1; nth <= frames; nth += 3) {
      const rig = new RfidRig({ family });
      rig.field.put(...tags.map((tag) => new VirtualTag(tag)));
      let told = 0;
      rig.port.onWrite = () => {
        if (rig.port.sent.length !== nth) return;
        rig.reader.stop();
        told = rig.statuses.length + rig.fields.length + rig.outcomes.length;
      };
      rig.start();
      doEverything(rig);
      rig.clock.advance(60_000);
      expect(rig.statuses.length + rig.fields.length + rig.outcomes.length).toBe(told);
      expect(rig.clock.pending()).toBe(0);
    }
  });
});

function doEverything(rig: RfidRig): void {
  rig.clock.advance(2_000);
  rig.reader.setSecurity(uidNumber(1), false, rig.reply);
  rig.reader.setSecurity(uidNumber(2), false, rig.reply);
  rig.reader.write(uidNumber(3), { firstBlock: 0, data: memoryOf(2) }, rig.reply);
  rig.clock.advance(2_000);
}

function framesOfAll(family: ReaderFamily): number {
  const rig = new RfidRig({ family });
  rig.field.put(...tags.map((tag) => new VirtualTag(tag)));
  rig.start();
  doEverything(rig);
  expect(rig.outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }, { kind: 'done' }]);
  return rig.port.sent.length;
}

describe('a port', () => {
  const [family] = families;
  if (family === undefined) throw new Error('no family');

  it('that never opens is offline, and tried again', () => {
    const clock = new VirtualClock();
    const port = new MemoryOpener();
    const seen: string[] = [];
    const { protocol } = family;
    const reader = new PolledRfidReader({
      open: port.open,
      clock,
      log: silentLog,
      path: 'x',
      protocol,
      scheme: afiScheme,
    });
    reader.start({ onStatus: ({ state }) => seen.push(state), onField: () => seen.push('field') });
    clock.advance(120_000);
    expect(seen).toEqual(['offline']);
    expect(port.streams.length).toBeGreaterThan(3);
    expect(port.streams.slice(0, -1).every(({ closedByUs }) => closedByUs)).toBe(true);
  });

  it('into which writes go and from which nothing comes is silent', () => {
    const clock = new VirtualClock();
    const port = new MemoryOpener();
    const seen: string[] = [];
    const { protocol } = family;
    const reader = new PolledRfidReader({
      open: port.open,
      clock,
      log: silentLog,
      path: 'x',
      protocol,
      scheme: afiScheme,
    });
    reader.start({ onStatus: ({ state }) => seen.push(state), onField: () => seen.push('field') });
    port.newest.open();
    clock.advance(10_000);
    expect(seen).toEqual(['starting', 'silent']);
    expect(port.streams.length).toBe(2);
  });
});
