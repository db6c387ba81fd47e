import { err, ok, type Result } from '../../kernel/result.ts';
import { LookingSplitter, type Look } from '../wire/frames.ts';
import type { RelayFailure } from './relay-link.ts';

// Modbus application protocol 1.1b3 and Modbus over serial line 1.02, as far as relay boards need them. Coils count from 0.

const readCoils = 0x01;
const writeCoil = 0x05;
const writeCoils = 0x0f;
const errorBit = 0x80;
const coilOn = 0xff00;
/** Waveshare’s boards: coil addresses from here on switch on for a time that the board itself keeps, in tenths of a second. */
const flashOnBase = 0x0200;
const frameBytesMax = 256;

/** CRC-16/MODBUS: polynomial A001 reflected, from FFFF on, low byte first. */
export function crcModbus(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

function framed(...bytes: number[]): Uint8Array {
  const crc = crcModbus(Uint8Array.from(bytes));
  return Uint8Array.of(...bytes, crc & 0xff, crc >> 8);
}

const high = (value: number): number => value >> 8;
const low = (value: number): number => value & 0xff;

export const modbusAsk = {
  writeCoil: (address: number, coil: number, on: boolean): Uint8Array =>
    framed(address, writeCoil, high(coil), low(coil), high(on ? coilOn : 0), 0),
  /** The board switches off again by itself. */
  flashOn: (address: number, coil: number, tenths: number): Uint8Array =>
    framed(address, writeCoil, high(flashOnBase + coil), low(flashOnBase + coil), high(tenths), low(tenths)),
  readCoils: (address: number, count: number): Uint8Array =>
    framed(address, readCoils, 0, 0, high(count), low(count)),
  /** Up to eight coils from 0 on. */
  allOff: (address: number, count: number): Uint8Array =>
    framed(address, writeCoils, 0, 0, high(count), low(count), 1, 0),
};

/** Cuts answers of one board. */
export function modbusSplitter(address: number): LookingSplitter {
  return new LookingSplitter(frameBytesMax, (bytes) => look(bytes, address));
}

function look(bytes: Uint8Array, address: number): Look {
  const length = answerLength(bytes, address);
  if (length === 'skip') return 'skip';
  if (length === undefined || bytes.length < length) return 'more';
  const frame = Uint8Array.from(bytes.subarray(0, length));
  const crc = crcModbus(frame.subarray(0, length - 2));
  const right = frame[length - 2] === low(crc) && frame[length - 1] === high(crc);
  return { cut: right ? { kind: 'frame', bytes: frame } : { kind: 'bad', why: 'crc' }, bytes: length };
}

function answerLength([first, code, count]: Uint8Array, address: number): number | 'skip' | undefined {
  if (first !== address) return 'skip';
  if (code === undefined) return undefined;
  if ((code & errorBit) !== 0) return 5;
  if (code === writeCoil || code === writeCoils) return 8;
  if (code !== readCoils) return 'skip';
  return count === undefined ? undefined : 5 + count;
}

/** The answer to a written coil is the request again. */
export function readWritten(answer: Uint8Array, request: Uint8Array): Result<undefined, RelayFailure> {
  const refused = refusal(answer, writeCoil);
  if (refused !== undefined) return err(refused);
  return Buffer.from(answer).equals(request) ? ok(undefined) : err({ kind: 'badAnswer' });
}

/** The coils that are on, counted from 0. */
export function readCoilsAnswer(
  answer: Uint8Array,
  count: number,
): Result<ReadonlySet<number>, RelayFailure> {
  const refused = refusal(answer, readCoils);
  if (refused !== undefined) return err(refused);
  const [, code, bytes] = answer;
  if (code !== readCoils || bytes !== Math.ceil(count / 8)) return err({ kind: 'badAnswer' });
  const coils = Array.from({ length: count }, (_, coil) => coil);
  return ok(new Set(coils.filter((coil) => (((answer[3 + (coil >> 3)] ?? 0) >> (coil & 7)) & 1) === 1)));
}

function refusal(answer: Uint8Array, code: number): RelayFailure | undefined {
  if (answer[1] !== (code | errorBit)) return undefined;
  return { kind: 'rejected', code: (answer[2] ?? 0).toString(16).padStart(2, '0') };
}
