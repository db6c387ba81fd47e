import { describe, expect, it, vi } from 'vitest';
import { openTimeoutMs, PolledRfidReader } from '../../../src/devices/rfid-reader/polled-reader.ts';
import type { Field, TagOutcome } from '../../../src/devices/rfid-reader/rfid-reader.ts';
import { reopenDelaysMs } from '../../../src/devices/reopen.ts';
import { afiScheme } from '../../../src/devices/rfid-reader/security.ts';
import { openSerial } from '../../../src/devices/serial.ts';
import type { OpenByteStream } from '../../../src/kernel/bytes.ts';
import { systemClock, type Clock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { openTcp } from '../../../src/sip2/tcp.ts';
import type { ReaderEmulator } from '../../../src/simulator/rfid/emulator.ts';
import { TagField, VirtualTag } from '../../../src/simulator/rfid/tag-field.ts';
import { PtyReader, TcpReader, type VirtualReader } from '../../../src/simulator/rfid/virtual-reader.ts';
import { Stream } from '../../simulation/streams.ts';
import { families, RfidRig, uidNumber, type ReaderFamily } from '../../support/rfid-rig.ts';
import { eventually } from '../../support/wait.ts';

const uid = uidNumber(1);
const memory = Uint8Array.from({ length: 40 }, (_, index) => index + 1);
const block = Uint8Array.of(9, 8, 7, 6);
const waitMsMax = 110_000;
vi.setConfig({ testTimeout: 240_000, maxConcurrency: 16 });

/** Both marks, so that each command that there is for them is on the wire. */
const scheme = { ...afiScheme, mode: 'both' } as const;
/** A change of the memory and of its format. */
const change = { firstBlock: 8, data: block, dsfid: 0x3e };

/** A port that is away is tried again so much sooner: the pause is not what is tested. */
const hurry = 20;
/** Waits for an answer are so much longer: a busy machine may stand still for seconds. What a terminal loses while it is plugged in is asked for again after one. */
const patience = 3;
/** Shorter than any wait for an answer, longer than any pause between commands. */
const pauseMsMax = 100;

/** The driver's port and its time, which goes by whether the port is open: some pauses and waits are equally long. */
function paced(open: OpenByteStream): { readonly open: OpenByteStream; readonly clock: Clock } {
  let isOpen = false;
  const pace = (delay: number): number => {
    if (isOpen) return delay > pauseMsMax ? delay * patience : delay;
    return delay !== openTimeoutMs && reopenDelaysMs.some((ms) => ms === delay) ? delay / hurry : delay;
  };
  return {
    open: (events) =>
      open({
        ...events,
        opened: () => {
          isOpen = true;
          events.opened();
        },
        closed: (reason, end) => {
          isOpen = false;
          events.closed(reason, end);
        },
      }),
    clock: { ...systemClock, after: (delay, fire) => systemClock.after(pace(delay), fire) },
  };
}

/** What a test has done at its end; several tests run at once. */
type AtEnd = (cleanup: () => void) => void;

function driver(family: ReaderFamily, open: OpenByteStream, atEnd: AtEnd) {
  const states: string[] = [];
  const outcomes: TagOutcome[] = [];
  let field: Field = { tags: [], tooMany: false };
  const reader = new PolledRfidReader({
    ...paced(open),
    log: silentLog,
    path: 'real',
    protocol: family.protocol,
    scheme,
    pollMs: 20,
  });
  atEnd(() => reader.stop());
  reader.start({
    onStatus: ({ state }) => states.push(state),
    onField: (now) => {
      field = now;
    },
  });
  return {
    reader,
    states,
    outcomes,
    field: () => field,
    reply: (outcome: TagOutcome) => outcomes.push(outcome),
    still: () =>
      eventually(
        'the tag lies still',
        () => states.at(-1) === 'ready' && field.tags.length === 1 && field.tags[0]?.still === true,
        waitMsMax,
      ),
    outcome: (count: number) => eventually(`${count} replies`, () => outcomes.length >= count, waitMsMax),
  };
}

function virtual(family: ReaderFamily) {
  const field = new TagField(new Stream(1, 'field'));
  const tag = new VirtualTag({ uid, memory });
  field.put(tag);
  return { field, tag, emulator: family.emulator(field) };
}

/** The frames of a whole life: start, inventory, reading, security, writing. */
function framesOfALife(family: ReaderFamily): number {
  const rig = RfidRig.settled({ family, scheme }, { uid, memory });
  const before = rig.port.sent.length;
  const started = new RfidRig({ family, scheme });
  started.field.put(new VirtualTag({ uid, memory }));
  started.start();
  while (started.tag(uid)?.still !== true) started.clock.advance(1);
  rig.reader.setSecurity(uid, false, rig.reply);
  rig.reader.write(uid, change, rig.reply);
  while (rig.outcomes.length < 2) rig.clock.advance(1);
  return started.port.sent.length + rig.port.sent.length - before;
}

/** Where the cable is pulled: after the n-th frame came and before it is answered, or in the middle of its answer. */
type Cut = 'unanswered' | 'half answered';

class UnpluggingEmulator implements ReaderEmulator {
  readonly #inner: ReaderEmulator;
  readonly #at: number;
  readonly #cut: Cut;
  #frames = 0;
  /** Of the answer that is cut off, so much is still to be heard by the driver. */
  #halfLeft = 0;
  /** Set by the test, which knows the port. */
  unplug: () => void = () => undefined;
  unplugged = false;

  constructor(inner: ReaderEmulator, at: number, cut: Cut) {
    this.#inner = inner;
    this.#at = at;
    this.#cut = cut;
  }

  powerCycle(): void {
    this.#inner.powerCycle();
  }

  onBytes(chunk: Uint8Array, now: number) {
    const replies = this.#inner.onBytes(chunk, now);
    this.#frames += replies.length;
    const [reply] = replies;
    if (this.unplugged || this.#halfLeft > 0 || reply === undefined || this.#frames < this.#at)
      return replies;
    if (this.#cut === 'unanswered') {
      this.#pull();
      return [];
    }
    const half = reply.bytes.subarray(0, Math.ceil(reply.bytes.length / 2));
    this.#halfLeft = half.length;
    return [{ ...reply, bytes: half }];
  }

  /** The driver heard so many bytes. */
  heard(bytes: number): void {
    if (this.#halfLeft === 0) return;
    this.#halfLeft = Math.max(0, this.#halfLeft - bytes);
    if (this.#halfLeft === 0) this.#pull();
  }

  #pull(): void {
    this.unplugged = true;
    this.unplug();
  }
}

/** The same port, and whoever wants to know how much was heard on it. */
function overheard(open: OpenByteStream, heard: (bytes: number) => void): OpenByteStream {
  return (events) =>
    open({
      ...events,
      opened: () => events.opened(),
      bytes: (chunk) => {
        events.bytes(chunk);
        heard(chunk.length);
      },
      closed: (reason) => events.closed(reason),
    });
}

const serial = { baudRate: 38_400, dataBits: 8, parity: 'none', stopBits: 1 } as const;
const onePerFamily = families.filter(({ name }) => !/advanced|old/.test(name));

describe.each(onePerFamily)('$name on a real terminal', (family) => {
  it('reads, unlocks, writes and is read back', async ({ onTestFinished }) => {
    const { tag, emulator } = virtual(family);
    const port = await PtyReader.create({ emulator, clock: systemClock, baudRate: family.baudRate });
    onTestFinished(() => port.close());
    const { reader, reply, still, outcome, outcomes, field } = driver(
      family,
      openSerial({ path: port.path, ...serial }),
      onTestFinished,
    );
    await still();
    expect([...(field().tags[0]?.memory?.subarray(0, 40) ?? [])]).toEqual([...memory]);
    reader.setSecurity(uid, false, reply);
    await outcome(1);
    reader.write(uid, change, reply);
    await outcome(2);
    expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect([tag.afi, tag.eas, tag.dsfid]).toEqual([0xc2, false, 0x3e]);
    expect([...tag.memory.subarray(32, 36)]).toEqual([...block]);
  });

  const frames = Array.from({ length: framesOfALife(family) }, (_, index) => index + 1);
  const cuts = frames.flatMap((nth) => [[nth, 'unanswered'] as const, [nth, 'half answered'] as const]);

  it.concurrent.for(cuts)(
    'comes back by itself when its cable was pulled at frame %i, %s, and plugged in again',
    async ([nth, cut], { expect, onTestFinished }) => {
      const { tag, emulator: inner } = virtual(family);
      const emulator = new UnpluggingEmulator(inner, nth, cut);
      const port = await PtyReader.create({ emulator, clock: systemClock });
      onTestFinished(() => port.close());
      let gone: Promise<void> | undefined;
      emulator.unplug = () => {
        gone = port.unplug();
      };
      const { reader, states, field, reply, outcomes, outcome, still } = driver(
        family,
        overheard(openSerial({ path: port.path, ...serial }), (bytes) => emulator.heard(bytes)),
        onTestFinished,
      );
      await eventually(
        'a still tag or no cable',
        () => emulator.unplugged || field().tags[0]?.still === true,
        waitMsMax,
      );
      reader.setSecurity(uid, false, reply);
      reader.write(uid, change, reply);
      await outcome(2);
      await eventually('the cable is pulled', () => emulator.unplugged, waitMsMax);
      await eventually('the driver notices', () => states.at(-1) === 'offline', waitMsMax);
      await gone;
      expect(field().tags).toEqual([]);
      await port.replug();
      await still();
      reader.setSecurity(uid, true, reply);
      await outcome(3);
      expect(outcomes).toHaveLength(3);
      expect(outcomes[2]).toEqual({ kind: 'done' });
      expect([tag.afi, tag.eas]).toEqual([0x07, true]);
    },
  );
});

describe('a reader on the network', () => {
  const [family] = families;
  if (family === undefined) throw new Error('no family');

  it('is read, goes away and comes back', async ({ onTestFinished }) => {
    const { emulator, tag } = virtual(family);
    const port = await TcpReader.create({ emulator, clock: systemClock });
    const reachable: VirtualReader = port;
    onTestFinished(() => reachable.close());
    const { reader, states, reply, outcomes, outcome, still } = driver(
      family,
      openTcp('127.0.0.1', port.port),
      onTestFinished,
    );
    await still();
    reader.setSecurity(uid, false, reply);
    await outcome(1);
    expect(outcomes).toEqual([{ kind: 'done' }]);
    expect(tag.afi).toBe(0xc2);
    await port.unplug();
    await eventually('the driver notices', () => states.at(-1) === 'offline', waitMsMax);
    await port.replug();
    await still();
    expect(states.slice(0, 4)).toEqual(['starting', 'ready', 'offline', 'starting']);
  });
});
