import { describe, expect, it } from 'vitest';
import { MemoryHid } from '../../../../src/devices/hid/memory.ts';
import { hidRelay } from '../../../../src/devices/relay/hid-relay-link.ts';
import {
  callTimeoutMs,
  checkEveryMs,
  failuresForAway,
  KeptRelays,
  lastWordMs,
  retryMs,
} from '../../../../src/devices/relay/kept-relays.ts';
import { kmtronicRelay } from '../../../../src/devices/relay/kmtronic-relay-link.ts';
import type { OpenRelay } from '../../../../src/devices/relay/relay-link.ts';
import { lcusRelay, modbusRelay } from '../../../../src/devices/relay/serial-relay-link.ts';
import { reopenDelaysMs } from '../../../../src/devices/reopen.ts';
import type { OpenByteStream } from '../../../../src/kernel/bytes.ts';
import { silentLog } from '../../../../src/kernel/log.ts';
import {
  KmtronicEmulator,
  LcusEmulator,
  ModbusEmulator,
  UsbRelayEmulator,
  type EmulatedRelays,
  type SerialRelays,
} from '../../../../src/simulator/relay/relay-emulators.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

interface World {
  readonly board: EmulatedRelays;
  readonly open: OpenRelay;
  plug(): void;
  unplug(): void;
}

/** A board that answers each question, and takes its time. */
function slowWorld(clock: VirtualClock, answerMs: number): OpenByteStream {
  const board = new KmtronicEmulator();
  return (events) => {
    clock.after(1, () => events.opened());
    return {
      write: (bytes) => {
        const answer = board.bytes(bytes);
        if (answer.length > 0) clock.after(answerMs, () => events.bytes(answer));
        return true;
      },
      close: () => undefined,
    };
  };
}

/** A board on a serial port that can be pulled. */
function serialWorld(
  board: SerialRelays,
  clock: VirtualClock,
  link: (open: OpenByteStream, clock: VirtualClock) => OpenRelay,
): World {
  let plugged = true;
  let closePresent: ((reason: string) => void) | undefined;
  const open: OpenByteStream = (events) => {
    let isOpen = false;
    const mine = (reason: string): void => {
      if (!isOpen) return;
      isOpen = false;
      events.closed(reason);
    };
    clock.after(1, () => {
      if (!plugged) return events.closed('no such port');
      isOpen = true;
      closePresent = mine;
      events.opened();
    });
    return {
      write: (bytes) => {
        if (!isOpen) return false;
        const answer = board.bytes(bytes);
        // In two pieces, as ports do.
        const half = answer.length >> 1;
        for (const piece of [answer.subarray(0, half), answer.subarray(half)]) {
          clock.after(5, () => (isOpen && piece.length > 0 ? events.bytes(piece) : undefined));
        }
        return true;
      },
      close: () => {
        isOpen = false;
      },
    };
  };
  return {
    board,
    open: link(open, clock),
    plug: () => {
      plugged = true;
    },
    unplug: () => {
      plugged = false;
      board.powerCut();
      closePresent?.('unplugged');
    },
  };
}

function usbWorld(clock: VirtualClock): World {
  const board = new UsbRelayEmulator();
  const hid = new MemoryHid(board);
  const link = hidRelay(hid.open);
  const settleSoon = (): void => void clock.after(1, () => hid.settle());
  return {
    board,
    open: (events) => {
      const opened = link(events);
      settleSoon();
      const settling =
        <A extends unknown[]>(act: (...args: A) => void) =>
        (...args: A): void => {
          act(...args);
          settleSoon();
        };
      return {
        set: settling((...args: Parameters<typeof opened.set>) => opened.set(...args)),
        read: settling((reply: Parameters<NonNullable<typeof opened.read>>[0]) => opened.read?.(reply)),
        allOff: (channels) => opened.allOff(channels),
        close: () => opened.close(),
      };
    },
    plug: () => hid.plug(),
    unplug: () => {
      board.powerCut();
      hid.unplug();
    },
  };
}

const channels = [1, 2, 4];

const worlds: Readonly<Record<string, (clock: VirtualClock) => World>> = {
  LCUS: (clock) => serialWorld(new LcusEmulator(), clock, lcusRelay),
  KMtronic: (clock) =>
    serialWorld(new KmtronicEmulator(), clock, (open) => kmtronicRelay(open, clock, channels)),
  'Modbus RTU': (clock) => serialWorld(new ModbusEmulator(), clock, (open) => modbusRelay(open, clock, 1)),
  USBRelay2: (clock) => usbWorld(clock),
};
const answering = Object.keys(worlds).filter((name) => name !== 'LCUS');

function bench(name: string) {
  const clock = new VirtualClock();
  const world = worlds[name]?.(clock);
  if (world === undefined) throw new Error(`no board is named ${name}`);
  const seen: string[] = [];
  const logged: string[] = [];
  const relays = new KeptRelays({
    open: world.open,
    clock,
    log: { write: (_level, event) => logged.push(event) },
    path: 'TEST',
    channels,
  });
  relays.start({
    onStatus: (status) => seen.push('reason' in status ? `${status.state}: ${status.reason}` : status.state),
  });
  clock.advance(200);
  return { clock, world, seen, logged, relays, on: () => [...world.board.on].toSorted((a, b) => a - b) };
}

describe.each(Object.keys(worlds))('relays of %s', (name) => {
  it('begin off and do what they are told, whatever was on before', () => {
    const { clock, relays, seen, on } = bench(name);
    expect(on()).toEqual([]);
    relays.set(1, true);
    relays.set(4, true);
    clock.advance(100);
    expect(on()).toEqual([1, 4]);
    relays.set(1, false);
    relays.set(2, true);
    relays.set(2, false);
    clock.advance(100);
    expect(on()).toEqual([4]);
    expect(seen).toEqual(['ready']);
  });

  it('come back as they are wanted after each unplugging, at any moment', () => {
    const { clock, world, relays, seen, on } = bench(name);
    for (let moment = 0; moment < 40; moment += 1) {
      relays.set(2, moment % 2 === 0);
      relays.set(1, true);
      clock.advance(moment);
      world.unplug();
      relays.set(4, moment % 3 === 0);
      clock.advance(50);
      world.plug();
      clock.advance(reopenDelaysMs[0] ?? 0);
      clock.advance(1_000);
      expect(on()).toEqual([1, ...(moment % 2 === 0 ? [2] : []), ...(moment % 3 === 0 ? [4] : [])]);
    }
    expect(seen.filter((one) => one === 'offline: unplugged').length).toBe(40);
    expect(seen.at(-1)).toBe('ready');
  });

  it('that lost their power for a moment are set again', () => {
    const { clock, world, relays, on } = bench(name);
    relays.set(1, true);
    clock.advance(100);
    world.board.powerCut();
    expect(on()).toEqual([]);
    clock.advance(checkEveryMs + 100);
    expect(on()).toEqual([1]);
  });

  it('are all off when it is stopped, and the port is free', () => {
    const { clock, relays, on } = bench(name);
    relays.set(1, true);
    relays.set(2, true);
    clock.advance(100);
    relays.stop();
    clock.advance(lastWordMs);
    expect(on()).toEqual([]);
    clock.advance(60_000);
    expect(clock.pending()).toBe(0);
  });

  it('that are not in use are left alone', () => {
    const { relays } = bench(name);
    expect(() => relays.set(3, true)).toThrow('impossible');
  });
});

describe.each(answering)('a board that answers: %s', (name) => {
  const away = failuresForAway * (Math.max(callTimeoutMs, 500) + retryMs);

  it('and then no more is silent, and comes back by itself', () => {
    const { clock, world, relays, seen, on, logged } = bench(name);
    world.board.manners = 'mute';
    relays.set(1, true);
    clock.advance(away);
    expect(seen).toEqual(['ready', 'silent']);
    clock.advance(10 * away);
    expect(seen).toEqual(['ready', 'silent']);
    expect(logged.length).toBeLessThan(5);
    world.board.manners = 'well';
    clock.advance(20_000);
    expect(on()).toEqual([1]);
    expect(seen).toEqual(['ready', 'silent', 'ready']);
  });

  it.each(['refuses', 'garbles'] as const)('and %s is not well, and comes back by itself', (manners) => {
    const { clock, world, relays, seen, on } = bench(name);
    world.board.manners = manners;
    relays.set(1, true);
    clock.advance(checkEveryMs + away);
    expect(seen.length).toBe(2);
    expect(seen[1]).toMatch(/^(faulty: |offline: could not send)/);
    world.board.manners = 'well';
    clock.advance(20_000);
    expect(on()).toEqual([1]);
    expect(seen.at(-1)).toBe('ready');
  });

  it('and does not do it is found out and told again', () => {
    const { clock, world, relays, on, logged } = bench(name);
    world.board.manners = 'lies';
    relays.set(1, true);
    clock.advance(100);
    expect(on()).toEqual([]);
    world.board.manners = 'well';
    clock.advance(checkEveryMs + 100);
    expect(on()).toEqual([1]);
    expect(logged).toContain('relay.changed');
  });

  it('and never does it is not well', () => {
    const { clock, world, relays, seen, on } = bench(name);
    world.board.manners = 'lies';
    relays.set(1, true);
    clock.advance((failuresForAway + 1) * checkEveryMs);
    expect(seen).toEqual(['ready', 'faulty: it does otherwise than it is told']);
    world.board.manners = 'well';
    clock.advance(2 * checkEveryMs);
    expect(on()).toEqual([1]);
    expect(seen.at(-1)).toBe('ready');
  });
});

it('a board that answers each of many questions late is given up on and tried again', () => {
  const clock = new VirtualClock();
  const channels = [1, 2, 3, 4, 5, 6, 7, 8];
  const relays = new KeptRelays({
    open: kmtronicRelay(slowWorld(clock, 400), clock, channels),
    clock,
    log: silentLog,
    path: 'slow',
    channels,
  });
  const seen: string[] = [];
  relays.start({ onStatus: ({ state }) => seen.push(state) });
  clock.advance(60_000);
  expect(seen).toEqual(['silent']);
  relays.stop();
});
