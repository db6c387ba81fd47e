import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cardTimeoutMs,
  cardTriesMax,
  daemonTimeoutMs,
  lookEveryMs,
  PcscCardReader,
} from '../../../../src/devices/card-reader/pcsc.ts';
import {
  askCard,
  askConnect,
  askContext,
  askDisconnect,
  askReaders,
  askVersion,
  getUid,
  PcscSplitter,
  uidIn,
  type PcscQuestion,
} from '../../../../src/devices/card-reader/pcsc-wire.ts';
import { reopenDelaysMs } from '../../../../src/devices/reopen.ts';
import { PcscdEmulator } from '../../../../src/simulator/card-reader/pcscd-emulator.ts';
import recorded from '../../../fixtures/pcscd-1.9.9.json' with { type: 'json' };
import { MemoryOpener } from '../../../support/memory-stream.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const bytes = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll(/\(00\*(\d+)\)/g, (_all, count: string) => '00'.repeat(Number(count))),
    'hex',
  );

function exchange(what: string) {
  const found = recorded.exchanges.find((one) => one.what === what);
  if (found === undefined) throw new Error(`no exchange ${what}`);
  return { sent: bytes(found.sent), received: bytes(found.received) };
}

/** The question is as it was recorded, and its answer is read, in one piece and in many. */
function reads<T>(what: string, question: PcscQuestion<T>) {
  const { sent, received } = exchange(what);
  expect(Buffer.from(question.frame).toString('hex')).toBe(sent.toString('hex'));
  for (const size of [received.length, 1, 7]) {
    const splitter = new PcscSplitter();
    splitter.expect(question);
    const cuts = Array.from({ length: Math.ceil(received.length / size) }, (_, index) =>
      splitter.push(received.subarray(index * size, (index + 1) * size)),
    ).flat();
    expect(cuts).toEqual([{ kind: 'frame', bytes: Uint8Array.from(received) }]);
    expect(splitter.midFrame).toBe(false);
  }
  return question.read(received);
}

const context = exchange('a context').received.readUInt32LE(4);
const reader = 'Omatoimi Test 00 00';
const cardOf = (what: string) => ({ handle: exchange(what).received.readUInt32LE(140), protocol: 2 });
const refused = (code: number) => ({ ok: false, error: { kind: 'refused', code } });

describe('the protocol of pcscd, as it was recorded', () => {
  it('agrees on a version', () => {
    const version = { major: 4, minor: 4 };
    expect(reads('a version that it does not speak', askVersion(2))).toEqual({
      ok: true,
      value: { ...version, accepted: false },
    });
    expect(reads('its own version', askVersion(4))).toEqual({
      ok: true,
      value: { ...version, accepted: true },
    });
    expect(reads('a context', askContext())).toEqual({ ok: true, value: context });
  });

  it('names the readers and tells whether a card lies there', () => {
    const other = { name: 'Omatoimi Test 00 01', cardIsThere: false, changes: 0 };
    expect(reads('the readers, without a card', askReaders())).toEqual({
      ok: true,
      value: [{ name: reader, cardIsThere: false, changes: 0 }, other],
    });
    expect(reads('the readers, with a card', askReaders())).toEqual({
      ok: true,
      value: [{ name: reader, cardIsThere: true, changes: 1 }, other],
    });
    expect(reads('the readers, after it was taken', askReaders())).toEqual({
      ok: true,
      value: [{ name: reader, cardIsThere: false, changes: 2 }, other],
    });
  });

  it('asks a card for its identifier and lets it go', () => {
    expect(reads('the card', askConnect(context, reader))).toEqual({ ok: true, value: cardOf('the card') });
    const answer = reads('its identifier', askCard(cardOf('the card'), getUid));
    expect(answer.ok && Buffer.from(uidIn(answer.value) ?? []).toString('hex')).toBe('04a1b2c3d4e5f6');
    const unknown = reads(
      'something that it does not know',
      askCard(cardOf('the card'), bytes('00A4000000')),
    );
    expect(unknown).toEqual({ ok: true, value: Uint8Array.of(0x6d, 0x00) });
    expect(reads('to let go of it', askDisconnect(cardOf('the card').handle))).toEqual({
      ok: true,
      value: undefined,
    });
  });

  it('tells of a card that is gone', () => {
    const card = cardOf('the card, another time');
    expect(reads('its identifier, while it is taken away', askCard(card, getUid))).toEqual({
      ok: true,
      value: new Uint8Array(0),
    });
    expect(reads('a card that is not there', askConnect(context, reader))).toEqual(refused(0x8010000c));
  });

  it('has each answer of the emulator as long and as coded as the real ones', () => {
    const emulator = new PcscdEmulator(reader);
    const ask = (what: string) => {
      const answer = Buffer.from(emulator.bytes(exchange(what).sent));
      expect([what, answer.length]).toEqual([what, exchange(what).received.length]);
      return answer;
    };
    for (const what of ['a version that it does not speak', 'its own version']) {
      expect(ask(what)).toEqual(exchange(what).received);
    }
    for (const what of ['a context', 'the readers, without a card']) ask(what);
    expect(ask('a card that is not there')).toEqual(exchange('a card that is not there').received);
    emulator.put('04A1B2C3D4E5F6');
    expect(ask('the readers, with a card').readUInt32LE(132)).toBe(0x34);
    expect(ask('the card').readUInt32LE(148)).toBe(0);
  });

  it('of any bytes never throws, and never waits for more than the longest answer', () => {
    const questions = [
      askVersion(4),
      askContext(),
      askReaders(),
      askConnect(1, reader),
      askCard({ handle: 1, protocol: 2 }, getUid),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...questions), fc.uint8Array({ maxLength: 4_000 }), (question, any) => {
        const whole = question.answerBytes(any);
        if (whole !== undefined && any.length >= whole) question.read(any.slice(0, whole));
        const splitter = new PcscSplitter();
        splitter.expect(question);
        splitter.push(any);
        expect(splitter.push(new Uint8Array(3_000)).length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });
});

function bench(options: { readonly reader?: string } = {}) {
  const clock = new VirtualClock();
  const socket = new MemoryOpener();
  const daemon = new PcscdEmulator();
  const seen: string[] = [];
  const cards = new PcscCardReader({
    open: (events) => {
      const stream = socket.open(events);
      return {
        write: (frame) => {
          const isOpen = stream.write(frame);
          const answer = isOpen ? daemon.bytes(frame) : new Uint8Array(0);
          const present = socket.newest;
          clock.after(1, () => {
            if (answer.length > 0 && present === socket.newest && !present.closedByUs)
              present.events.bytes(answer);
          });
          return isOpen;
        },
        close: () => {
          daemon.powerCut();
          stream.close();
        },
      };
    },
    clock,
    log: { write: () => undefined },
    path: 'pcscd',
    reader: options.reader,
    form: { base: 'hex', reverse: false, digits: 0 },
  });
  cards.start({
    onCard: (card) => seen.push(card.kind === 'card' ? card.text : `!${card.why}`),
    onPresence: (present) => seen.push(present ? 'there' : 'gone'),
    onStatus: (status) => seen.push('reason' in status ? `${status.state}: ${status.reason}` : status.state),
  });
  const took = () => seen.splice(0);
  const open = () => {
    socket.newest.open();
    clock.advance(3 * lookEveryMs);
  };
  return { clock, socket, daemon, seen, cards, took, open };
}

const some = 3 * lookEveryMs;

describe('a reader behind pcscd', () => {
  it('tells a card that comes, once, and that it goes; and the next', () => {
    const { clock, daemon, took, open } = bench();
    open();
    expect(took()).toEqual(['ready']);
    daemon.put('04A1B2C3D4E5F6');
    clock.advance(10 * some);
    expect(took()).toEqual(['there', '04A1B2C3D4E5F6']);
    expect(daemon.held).toBe(0);
    daemon.take();
    clock.advance(some);
    expect(took()).toEqual(['gone']);
    daemon.put('01020304');
    clock.advance(some);
    // Taken and laid there again between two looks.
    daemon.take();
    daemon.put('01020304');
    clock.advance(some);
    expect(took()).toEqual(['there', '01020304', 'gone', 'there', '01020304']);
  });

  it('is silent where the service is, and comes back', () => {
    const { clock, socket, daemon, took, open } = bench();
    open();
    daemon.put('04A1B2C3D4E5F6');
    clock.advance(some);
    took();
    daemon.manners = 'mute';
    clock.advance(daemonTimeoutMs + some);
    expect(took()).toEqual(['gone', 'silent']);
    daemon.manners = 'well';
    clock.advance(reopenDelaysMs[0]);
    socket.newest.open();
    clock.advance(some);
    expect(took()).toEqual(['ready', 'there', '04A1B2C3D4E5F6']);
  });

  it('is offline without the service or the reader, each with its reason', () => {
    const { clock, socket, daemon, took, open } = bench();
    socket.newest.fail('ENOENT');
    expect(took()).toEqual(['offline: ENOENT']);
    clock.advance(reopenDelaysMs[0]);
    daemon.plugged = false;
    open();
    expect(took()).toEqual(['offline: pcscd has no such reader']);
    daemon.plugged = true;
    clock.advance(some);
    daemon.put('04A1B2C3D4E5F6');
    clock.advance(some);
    daemon.plugged = false;
    clock.advance(some);
    expect(took()).toEqual(['ready', 'there', '04A1B2C3D4E5F6', 'gone', 'offline: pcscd has no such reader']);
  });

  it('takes the reader that is named and no other', () => {
    const { daemon, took, open } = bench({ reader: 'ACR1252' });
    daemon.put('04A1B2C3D4E5F6');
    open();
    expect(took()).toEqual(['offline: pcscd has no such reader']);
    const named = bench({ reader: 'Virtual' });
    named.daemon.put('04A1B2C3D4E5F6');
    named.open();
    expect(named.took()).toEqual(['ready', 'there', '04A1B2C3D4E5F6']);
  });

  it('agrees on an older version, and says so where it cannot', () => {
    const older = bench();
    older.daemon.minor = 3;
    older.open();
    expect(older.took()).toEqual(['ready']);
    const newer = bench();
    newer.daemon.manners = 'newer';
    newer.open();
    expect(newer.took()).toEqual(['faulty: pcscd speaks version 5.4']);
    const refusing = bench();
    refusing.daemon.manners = 'refuses';
    refusing.open();
    expect(refusing.took()).toEqual(['faulty: it refuses with 8010001E']);
  });

  it('does not tell of a card that left while it was asked', () => {
    const { clock, daemon, took, open } = bench();
    open();
    daemon.cardManners = 'leaves';
    daemon.put('04A1B2C3D4E5F6');
    clock.advance(some);
    expect(took()).toEqual(['ready']);
    expect(daemon.held).toBe(0);
    daemon.cardManners = 'well';
    daemon.put('04A1B2C3D4E5F6');
    clock.advance(some);
    expect(took()).toEqual(['there', '04A1B2C3D4E5F6']);
  });

  it('gives a mute card up with its connection, and is well again without it', () => {
    const { clock, socket, daemon, took, open } = bench();
    open();
    daemon.cardManners = 'mute';
    daemon.put('04A1B2C3D4E5F6');
    clock.advance(cardTimeoutMs + some);
    expect(took()).toEqual(['ready', 'silent']);
    expect(daemon.held).toBe(0);
    daemon.take();
    clock.advance(reopenDelaysMs[0]);
    socket.newest.open();
    clock.advance(some);
    expect(took()).toEqual(['ready']);
  });

  it('tells a card that stays mute as unreadable, and asks it no more', () => {
    const { clock, socket, daemon, took, open } = bench();
    daemon.cardManners = 'mute';
    daemon.put('04A1B2C3D4E5F6');
    open();
    for (let round = 0; round < cardTriesMax; round += 1) {
      clock.advance(cardTimeoutMs + reopenDelaysMs[4]);
      socket.newest.open();
      clock.advance(some);
    }
    expect(took()).toEqual(['silent', 'ready', 'there', '!badRead']);
    clock.advance(10 * cardTimeoutMs);
    expect(took()).toEqual([]);
  });

  it.each([
    ['dead', 'badRead'],
    ['unknowing', 'badReport'],
  ] as const)('tells a card that is %s as unreadable, once', (manners, why) => {
    const { clock, daemon, took, open } = bench();
    open();
    daemon.cardManners = manners;
    daemon.put('04A1B2C3D4E5F6');
    clock.advance(cardTriesMax * some);
    expect(took()).toEqual(['ready', 'there', `!${why}`]);
    clock.advance(10 * some);
    expect(took()).toEqual([]);
    daemon.take();
    clock.advance(some);
    expect(took()).toEqual(['gone']);
  });

  it('refuses numbers that are drawn anew each time', () => {
    const { daemon, took, open } = bench();
    daemon.put('08123456');
    open();
    expect(took()).toEqual(['ready', 'there', '!randomUid']);
  });

  it('waits for another program that has the reader for itself', () => {
    const { clock, daemon, took, open } = bench();
    daemon.taken = true;
    daemon.put('04A1B2C3D4E5F6');
    open();
    clock.advance(10 * some);
    expect(took()).toEqual(['faulty: another program has it for itself']);
    daemon.taken = false;
    clock.advance(some);
    expect(took()).toEqual(['ready', 'there', '04A1B2C3D4E5F6']);
  });

  it('forgets the card when the service ends, and tells nothing after it was stopped', () => {
    const { clock, socket, daemon, cards, took, open } = bench();
    daemon.put('04A1B2C3D4E5F6');
    open();
    took();
    socket.newest.fail('closed');
    expect(took()).toEqual(['gone', 'offline: closed']);
    clock.advance(reopenDelaysMs[0]);
    open();
    took();
    cards.stop();
    daemon.take();
    clock.advance(10 * some);
    expect(took()).toEqual([]);
  });
});
