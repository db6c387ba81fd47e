import { err, ok, type Result } from '../../kernel/result.ts';
import { LookingSplitter } from '../wire/frames.ts';

// The protocol of pcscd on its Unix socket (pcsc-lite 1.8 to 2.x, protocol 4.x). A question is a header (length of the body, command)
// and a body; an answer is the body alone, filled in, so its length follows from the question. Numbers are of the machine’s own byte
// order, which on all that this runs on has the low byte first. What a card is sent and answers comes after the body and is not counted.

const command = {
  establishContext: 0x01,
  connect: 0x04,
  disconnect: 0x06,
  transmit: 0x09,
  version: 0x11,
  readerStates: 0x12,
} as const;

const readersMax = 16;
const readerStateBytes = 184;
const nameBytes = 128;
const connectBytes = nameBytes + 24;
const transmitBytes = 32;
/** A short answer of a card, with its two status bytes, and room. */
const cardAnswerBytesMax = 264;
const answerBytesMax = readersMax * readerStateBytes;

const sharedWithOthers = 2;
/** T=0 or T=1, as the card wishes. */
const anyProtocol = 3;
const leaveCard = 0;
const cardIsThere = 0x04;
/** Of SCARD_IO_REQUEST, which goes in front of what a card is sent. */
const pciBytes = 8;

/** The version that is asked for; what is used here is the same in all of 4.x. */
export const pcscVersion = { major: 4, minor: 4 } as const;

/** Why the daemon did not do something: its own code (`SCARD_E_…`), or an answer that is none. */
export type PcscFailure =
  { readonly kind: 'refused'; readonly code: number } | { readonly kind: 'badAnswer' };

/** Another program has the reader for itself. */
export const sharingViolation = 0x8010_000b;

/** A question, and how its answer is read. */
export interface PcscQuestion<T> {
  readonly frame: Uint8Array;
  /** How long the answer is that begins so; undefined: not known yet. */
  answerBytes(begun: Uint8Array): number | undefined;
  read(answer: Uint8Array): Result<T, PcscFailure>;
}

export interface PcscReader {
  readonly name: string;
  readonly cardIsThere: boolean;
  /** Goes up each time a card comes or goes. */
  readonly changes: number;
}

export interface PcscCard {
  readonly handle: number;
  readonly protocol: number;
}

/** Which version the daemon speaks. A daemon that refuses tells its own. */
export function askVersion(
  minor: number,
): PcscQuestion<{ readonly major: number; readonly minor: number; readonly accepted: boolean }> {
  return {
    frame: framed(command.version, words(pcscVersion.major, minor, 0)),
    answerBytes: () => 12,
    read: (answer) =>
      ok({ major: wordAt(answer, 0), minor: wordAt(answer, 4), accepted: wordAt(answer, 8) === 0 }),
  };
}

/** What cards are asked within. It ends with the connection. */
export function askContext(): PcscQuestion<number> {
  return {
    frame: framed(command.establishContext, words(0, 0, 0)),
    answerBytes: () => 12,
    read: (answer) => accepted(answer, 8, () => ok(wordAt(answer, 4))),
  };
}

/** The readers that are plugged in. */
export function askReaders(): PcscQuestion<readonly PcscReader[]> {
  return {
    frame: framed(command.readerStates, new Uint8Array(0)),
    answerBytes: () => readersMax * readerStateBytes,
    read: (answer) => ok(readersIn(answer)),
  };
}

export function askConnect(context: number, reader: string): PcscQuestion<PcscCard> {
  const name = new Uint8Array(nameBytes);
  name.set(Buffer.from(reader, 'utf8').subarray(0, nameBytes - 1));
  const body = [words(context), name, words(sharedWithOthers, anyProtocol, 0, 0, 0)];
  return {
    frame: framed(command.connect, ...body),
    answerBytes: () => connectBytes,
    read: (answer) =>
      accepted(answer, nameBytes + 20, () =>
        ok({ handle: wordAt(answer, nameBytes + 12), protocol: wordAt(answer, nameBytes + 16) }),
      ),
  };
}

/** Sends a card an APDU; the value is its answer, which is empty when the card went meanwhile. */
export function askCard({ handle, protocol }: PcscCard, apdu: Uint8Array): PcscQuestion<Uint8Array> {
  const body = words(handle, protocol, pciBytes, apdu.length, protocol, pciBytes, cardAnswerBytesMax, 0);
  return {
    frame: Buffer.concat([framed(command.transmit, body), apdu]),
    answerBytes: transmittedBytes,
    read: (answer) => accepted(answer, 28, () => ok(Uint8Array.from(answer.subarray(transmitBytes)))),
  };
}

export function askDisconnect(handle: number): PcscQuestion<undefined> {
  return {
    frame: framed(command.disconnect, words(handle, leaveCard, 0)),
    answerBytes: () => 12,
    read: (answer) => accepted(answer, 8, () => ok(undefined)),
  };
}

/** “Get data”: the identifier of a contactless card (PC/SC part 3, 3.2.2.1.3). */
export const getUid = Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00);

/** The identifier in a card’s answer to `getUid`; undefined: it has none to tell. */
export function uidIn(answer: Uint8Array): Uint8Array | undefined {
  const uid = answer.subarray(0, -2);
  const isFine = answer.at(-2) === 0x90 && answer.at(-1) === 0x00;
  return isFine && uid.length >= 4 && uid.length <= 16 ? uid : undefined;
}

/** Cuts the daemon’s answers, each by the question that it answers. */
export class PcscSplitter extends LookingSplitter {
  #question: PcscQuestion<unknown> | undefined;

  constructor() {
    super(answerBytesMax, (bytes) => {
      if (this.#question === undefined) return 'skip';
      const length = this.#question.answerBytes(bytes);
      if (length === undefined || bytes.length < length) return 'more';
      return { cut: { kind: 'frame', bytes: bytes.slice(0, length) }, bytes: length };
    });
  }

  /** What comes from now on answers this. */
  expect(question: PcscQuestion<unknown>): void {
    this.#question = question;
  }
}

function transmittedBytes(begun: Uint8Array): number | undefined {
  if (begun.length < transmitBytes) return undefined;
  if (wordAt(begun, 28) !== 0) return transmitBytes;
  return transmitBytes + Math.min(wordAt(begun, 24), cardAnswerBytesMax);
}

function readersIn(answer: Uint8Array): readonly PcscReader[] {
  const readers: PcscReader[] = [];
  for (let at = 0; at + readerStateBytes <= answer.length; at += readerStateBytes) {
    const name = Buffer.from(answer.subarray(at, at + nameBytes));
    const end = name.indexOf(0);
    if (end === 0) continue;
    readers.push({
      name: name.toString('utf8', 0, end === -1 ? nameBytes : end),
      changes: wordAt(answer, at + nameBytes),
      cardIsThere: (wordAt(answer, at + nameBytes + 4) & cardIsThere) !== 0,
    });
  }
  return readers;
}

function accepted<T>(
  answer: Uint8Array,
  codeAt: number,
  read: () => Result<T, PcscFailure>,
): Result<T, PcscFailure> {
  if (answer.length < codeAt + 4) return err({ kind: 'badAnswer' });
  const code = wordAt(answer, codeAt);
  return code === 0 ? read() : err({ kind: 'refused', code });
}

function framed(what: number, ...body: readonly Uint8Array[]): Uint8Array {
  const whole = Buffer.concat(body);
  return Buffer.concat([words(whole.length, what), whole]);
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * 4));
  return bytes;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
