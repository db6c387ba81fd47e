import { encodeLengthFrame } from './length-frames.ts';

// Zebra, Simple Serial Interface: opcode, source, status, data.

const host = 0x04;
const scanner = 0x00;
const op = {
  ack: 0xd0,
  nak: 0xd1,
  startSession: 0xe4,
  stopSession: 0xe5,
  enable: 0xe9,
  disable: 0xea,
  parameters: 0xc6,
  decodeData: 0xf3,
} as const;
const resend = 0x01;
const beepNone = 0xff;
const decodeFormat = 0xee;
const inPackets = 0x01;

function request(opcode: number, ...data: readonly number[]): Uint8Array {
  return encodeLengthFrame(opcode, host, 0, ...data);
}

/** What a host says to a scanner. */
export const ssi = {
  ack: request(op.ack),
  /** The last frame came damaged. */
  nak: request(op.nak, resend),
  startSession: request(op.startSession),
  stopSession: request(op.stopSession),
  enable: request(op.enable),
  disable: request(op.disable),
  /** What is read comes in frames, until the scanner is switched off. */
  sendInPackets: request(op.parameters, beepNone, decodeFormat, inPackets),
  /** A scanner that sleeps loses the first byte that it hears. */
  wakeUp: Uint8Array.of(0),
} as const;

/** The letter of the AIM identifier by the scanner’s number for a code. */
const symbologies: ReadonlyMap<number, string> = new Map([
  [0x01, 'A'],
  [0x02, 'F'],
  [0x03, 'C'],
  [0x06, 'I'],
  [0x08, 'E'],
  [0x09, 'E'],
  [0x0a, 'E'],
  [0x0b, 'E'],
  [0x0f, 'C'],
  [0x11, 'L'],
  [0x13, 'A'],
  [0x1b, 'd'],
  [0x1c, 'Q'],
  [0x2d, 'z'],
]);

export interface SsiDecode {
  readonly symbology: string | undefined;
  readonly data: Uint8Array;
}

/** What was read, where the frame is one with that. */
export function readSsiDecode(frame: Uint8Array): SsiDecode | undefined {
  const [opcode, source, , code = 0] = frame;
  if (opcode !== op.decodeData || source !== scanner || frame.length < 4) return undefined;
  return { symbology: symbologies.get(code), data: frame.subarray(4) };
}
