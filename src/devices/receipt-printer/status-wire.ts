import { unreachable } from '../../kernel/assert.ts';

/** What `DLE EOT n` asks about (ESC/POS, "Transmit real-time status"), by its n. */
export const statusTopics = { printer: 1, offlineCause: 2, error: 3, paper: 4 } as const;
export type StatusTopic = keyof typeof statusTopics;

/** Printers that number their bits otherwise. `hsK33`: HS-K33, with inverted cover bit and a "not taken" bit. */
export const printerDialects = ['epson', 'hsK33'] as const;
export type PrinterDialect = (typeof printerDialects)[number];

/** What an answer said; undefined: it says nothing of that. */
export interface StatusFacts {
  readonly offline?: boolean;
  readonly notTaken?: boolean;
  readonly coverOpen?: boolean;
  readonly paperEnd?: boolean;
  readonly paperLow?: boolean;
  readonly cutter?: boolean;
  readonly fault?: boolean;
}

const dle = 0x10;
const eot = 0x04;

/** The bytes that ask about a topic. A printer answers them also while it prints or is off-line. */
export function statusQuestion(topic: StatusTopic): Uint8Array {
  return Uint8Array.of(dle, eot, statusTopics[topic]);
}

/**
 * Ends a command that was cut off with the cable: it takes these for its arguments, so that it does not swallow the beginning of the
 * next receipt. By themselves they mean nothing to a printer. No command of a receipt has more arguments.
 */
export const commandEnd = new Uint8Array(4);

const fixedMask = 0x93;
const answerFixed = 0x12;
const packetFixed = 0x10;
const packetRestMask = 0x90;
const packetBytes = 4;
const xon = 0x11;
const xoff = 0x13;
/** The HS-K33 says "not taken" in a bit that other printers hold at 0. */
const notTakenBit = 0x80;

/** The meaning of the one byte that answers a question. The byte does not say which question it answers. */
export function factsOf(topic: StatusTopic, answer: number, dialect: PrinterDialect): StatusFacts {
  const has = (bits: number): boolean => (answer & bits) !== 0;
  switch (topic) {
    case 'printer':
      return { offline: has(0x08), notTaken: dialect === 'hsK33' && has(notTakenBit) };
    case 'offlineCause':
      return {
        coverOpen: has(0x04) !== (dialect === 'hsK33'),
        paperEnd: has(0x20),
        fault: has(0x40),
      };
    case 'error':
      return { cutter: has(0x08), fault: has(0x20) };
    case 'paper':
      return { paperLow: has(0x0c), paperEnd: has(0x60) };
    default:
      return unreachable(topic);
  }
}

/** The meaning of a packet of automatic status (`GS a`). */
function factsOfPacket([first = 0, second = 0, third = 0]: readonly number[]): StatusFacts {
  return {
    offline: (first & 0x08) !== 0,
    coverOpen: (first & 0x20) !== 0,
    cutter: (second & 0x08) !== 0,
    fault: (second & 0x20) !== 0,
    paperLow: (third & 0x03) !== 0,
    paperEnd: (third & 0x0c) !== 0,
  };
}

export type StatusPiece =
  | { readonly is: 'answer'; readonly byte: number }
  /** The printer told it without being asked. */
  | { readonly is: 'told'; readonly facts: StatusFacts };

/** Takes apart what a printer sends: answers of one byte, packets of four, flow control in between. Anything else is dropped. */
export class StatusReader {
  readonly #dialect: PrinterDialect;
  #packet: number[] = [];

  constructor(dialect: PrinterDialect) {
    this.#dialect = dialect;
  }

  read(chunk: Uint8Array): readonly StatusPiece[] {
    const pieces: StatusPiece[] = [];
    for (const byte of chunk) {
      const piece = this.#take(byte);
      if (piece !== undefined) pieces.push(piece);
    }
    return pieces;
  }

  #take(byte: number): StatusPiece | undefined {
    if (byte === xon || byte === xoff) return undefined;
    if (this.#packet.length > 0 && (byte & packetRestMask) === 0) return this.#continued(byte);
    this.#packet = [];
    const fixed = this.#dialect === 'hsK33' ? byte & ~notTakenBit : byte;
    if ((fixed & fixedMask) === answerFixed) return { is: 'answer', byte };
    if ((byte & fixedMask) === packetFixed) this.#packet = [byte];
    return undefined;
  }

  #continued(byte: number): StatusPiece | undefined {
    this.#packet.push(byte);
    if (this.#packet.length < packetBytes) return undefined;
    const facts = factsOfPacket(this.#packet);
    this.#packet = [];
    return { is: 'told', facts };
  }
}
