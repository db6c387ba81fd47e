import { describe, expect, it } from 'vitest';
import { PcscCardReader } from '../../../src/devices/card-reader/pcsc.ts';
import type { CardReader } from '../../../src/devices/card-reader/card-reader.ts';
import { Twn4CardReader } from '../../../src/devices/card-reader/twn4.ts';
import { EscPosPrinter } from '../../../src/devices/receipt-printer/escpos.ts';
import { KeptRelays } from '../../../src/devices/relay/kept-relays.ts';
import { kmtronicRelay } from '../../../src/devices/relay/kmtronic-relay-link.ts';
import { modbusRelay } from '../../../src/devices/relay/serial-relay-link.ts';
import type { OpenRelay } from '../../../src/devices/relay/relay-link.ts';
import type { ByteStreamEvents, OpenByteStream } from '../../../src/kernel/bytes.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { PcscdEmulator } from '../../../src/simulator/card-reader/pcscd-emulator.ts';
import { Twn4Emulator } from '../../../src/simulator/card-reader/twn4-emulator.ts';
import type { AnsweringDevice } from '../../../src/simulator/device-on-pty.ts';
import { VirtualPrinter } from '../../../src/simulator/printer/virtual-printer.ts';
import {
  KmtronicEmulator,
  ModbusEmulator,
  type SerialRelays,
} from '../../../src/simulator/relay/relay-emulators.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** Pieces of an answer, and how long after it was due each comes. */
type Spoiled = readonly (readonly [bytes: Uint8Array, lateMs: number])[];
type Spoil = (answer: Uint8Array, before: Uint8Array) => Spoiled;

const spoils: Readonly<Record<string, Spoil>> = {
  'comes in single bytes': (answer) =>
    Array.from(answer, (byte, at) => [Uint8Array.of(byte), at * 3] as const),
  'comes twice': (answer) => [[Buffer.concat([answer, answer]), 0]],
  'comes after its time': (answer) => [[answer, 3_500]],
  'is lost': () => [],
  'is cut off': (answer) => [[answer.subarray(0, Math.floor(answer.length / 2)), 0]],
  'has a wrong bit': (answer) => {
    const wrong = Uint8Array.from(answer);
    const at = Math.floor(answer.length / 2);
    wrong[at] = (wrong[at] ?? 0) ^ 0x01;
    return [[wrong, 0]];
  },
  'comes behind noise': (answer) => [[Buffer.concat([Uint8Array.of(0x00, 0xfe, 0x33), answer]), 0]],
  'is that to the question before': (_answer, before) => [[before, 0]],
};

const answerMs = 5;

/** A port in virtual time whose answers are spoilt while a test says so. */
class SpoiltPort {
  readonly clock = new VirtualClock();
  readonly #device: AnsweringDevice;
  /** Spoils every n-th answer; 0: none. */
  every = 0;
  readonly #spoil: Spoil;
  #answers = 0;
  #before: Uint8Array = new Uint8Array(0);
  #events: ByteStreamEvents | undefined;

  constructor(device: AnsweringDevice, spoil: Spoil) {
    this.#device = device;
    this.#spoil = spoil;
  }

  readonly open: OpenByteStream = (events) => {
    this.clock.after(1, () => {
      this.#events = events;
      events.opened();
    });
    return {
      write: (bytes) => {
        if (this.#events !== events) return false;
        this.#answer(this.#device.bytes(Uint8Array.from(bytes)), events);
        return true;
      },
      close: () => {
        if (this.#events === events) this.#events = undefined;
      },
    };
  };

  #answer(answer: Uint8Array, events: ByteStreamEvents): void {
    if (answer.length === 0) return;
    this.#answers += 1;
    const isSpoilt = this.every > 0 && this.#answers % this.every === 0;
    const pieces: Spoiled = isSpoilt ? this.#spoil(answer, this.#before) : [[answer, 0]];
    this.#before = answer;
    for (const [bytes, lateMs] of pieces) {
      this.clock.after(answerMs + lateMs, () => {
        if (this.#events === events) events.bytes(Uint8Array.from(bytes));
      });
    }
  }
}

/** A device behind the port, what it told, and whether that is true. */
interface Bench {
  readonly device: AnsweringDevice;
  start(port: SpoiltPort, told: { state(state: string): void; came(what: string): void }): void;
  /** Something is done with it, the n-th time. */
  act(round: number): void;
  /** What may be told of what was done. */
  readonly truths: ReadonlySet<string>;
  /** Whether all is as it should be, after the port is well again. */
  isRight(came: readonly string[]): boolean;
}

const rounds = 16;

function relays(board: SerialRelays, link: (port: SpoiltPort) => OpenRelay): Bench {
  let kept: KeptRelays | undefined;
  let on = false;
  return {
    device: board,
    truths: new Set(),
    start(port, told) {
      kept = new KeptRelays({
        open: link(port),
        clock: port.clock,
        log: silentLog,
        path: 'x',
        channels: [1, 2],
      });
      kept.start({ onStatus: ({ state }) => told.state(state) });
    },
    act(round) {
      on = round % 2 === 0;
      kept?.set(1, on);
    },
    isRight: () => board.on.has(1) === on && !board.on.has(2),
  };
}

const cardOf = (round: number): string => `04A1B2C3D4E5${(0x10 + round).toString(16).toUpperCase()}`;
const cards = Array.from({ length: rounds + 1 }, (_, round) => cardOf(round));

function cardReader(
  emulator: AnsweringDevice & { put(uid: string): void; take(): void },
  make: (port: SpoiltPort) => CardReader,
): Bench {
  return {
    device: emulator,
    truths: new Set([...cards, 'there', 'gone']),
    start: (port, told) =>
      make(port).start({
        onCard: (card) => told.came(card.kind === 'card' ? card.text : card.why),
        onPresence: (present) => told.came(present ? 'there' : 'gone'),
        onStatus: ({ state }) => told.state(state),
      }),
    act(round) {
      if (round % 2 === 0) emulator.put(cardOf(round));
      else emulator.take();
    },
    isRight: (came) => came.at(-2) === 'there' && came.at(-1) === cardOf(rounds),
  };
}

function printer(): Bench {
  const virtual = new VirtualPrinter();
  let driver: EscPosPrinter | undefined;
  let tell: ((what: string) => void) | undefined;
  let given = 0;
  return {
    device: virtual,
    truths: new Set(['printed', 'failed']),
    start(port, told) {
      tell = told.came;
      driver = new EscPosPrinter({
        open: port.open,
        clock: port.clock,
        log: silentLog,
        path: 'x',
        dialect: 'epson',
      });
      driver.start({ onStatus: ({ problem = 'ready' }) => told.state(problem) });
    },
    act(round) {
      given += 1;
      const paper = Buffer.concat([Uint8Array.of(0x1b, 0x40), Buffer.from(`round ${round}\n`)]);
      driver?.print(paper, (printed) => tell?.(printed.is));
    },
    isRight(came) {
      const lines = virtual.paper.length;
      const printed = came.filter((what) => what === 'printed').length;
      // What was told as printed lies there; what was not may lie there all the same, for the answer was lost.
      return came.length === given && lines >= printed && came.at(-1) === 'printed';
    },
  };
}

const form = { base: 'hex', reverse: false, digits: 0 } as const;
const shared = (port: SpoiltPort) => ({ open: port.open, clock: port.clock, log: silentLog, path: 'x' });

const devices: Readonly<Record<string, () => Bench>> = {
  'Modbus relays': () => relays(new ModbusEmulator(), (port) => modbusRelay(port.open, port.clock, 1)),
  'KMtronic relays': () =>
    relays(new KmtronicEmulator(), (port) => kmtronicRelay(port.open, port.clock, [1, 2])),
  'a TWN4': () => cardReader(new Twn4Emulator(), (port) => new Twn4CardReader({ ...shared(port), form })),
  'a reader behind pcscd': () =>
    cardReader(
      new PcscdEmulator(),
      (port) => new PcscCardReader({ ...shared(port), form, reader: undefined }),
    ),
  'a printer': printer,
};

const states = new Set(['ready', 'offline', 'silent', 'faulty', 'fault', 'paperEnd', 'coverOpen', 'cutter']);
/** Long enough for all that waits, and for the longest pause before a port is opened anew. */
const calmMs = 45_000;

describe.each(Object.entries(devices))('%s', (_name, make) => {
  it.each(
    Object.entries(spoils).flatMap(([words, spoil]) => [
      [words, 'now and then', 3, spoil] as const,
      [words, 'always', 1, spoil] as const,
    ]),
  )(
    'whose answer %s, %s, tells nothing untrue and is well again afterwards',
    (_words, _when, every, spoil) => {
      const bench = make();
      const port = new SpoiltPort(bench.device, spoil);
      const told: string[] = [];
      const came: string[] = [];
      bench.start(port, { state: (state) => told.push(state), came: (what) => came.push(what) });
      port.clock.advance(5_000);
      expect(told.at(-1)).toBe('ready');
      port.every = every;
      for (let round = 0; round < rounds; round += 1) {
        bench.act(round);
        port.clock.advance(round % 4 === 3 ? 30_000 : 1_000);
      }
      port.every = 0;
      port.clock.advance(calmMs);
      expect(told.at(-1)).toBe('ready');
      bench.act(rounds);
      port.clock.advance(5_000);
      expect(told.filter((state) => !states.has(state))).toEqual([]);
      expect(came.filter((what) => !bench.truths.has(what))).toEqual([]);
      expect(bench.isRight(came)).toBe(true);
    },
  );
});
