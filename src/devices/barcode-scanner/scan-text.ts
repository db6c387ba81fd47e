import { isUtf8 } from 'node:buffer';
import type { Scan } from './scanner.ts';

/** Longest scan that is a scan. Library labels have 14 characters, the longest known card codes about 40. */
export const scanCharsMax = 128;

/** How the text of a scan is wrapped, whatever carries it. */
export interface ScanTextOptions {
  /** Characters before each scan; a scan without them lost its beginning. None by default. */
  readonly prefix?: string;
  /** Whether the scanner sends AIM identifiers (`]C0`); they are taken off the text and tell the symbology. */
  readonly aim?: boolean;
}

/** ISO/IEC 15424: a bracket, the code's letter, one modifier. */
const aimIdentifier = /^\]([A-Za-z][0-9A-Za-z])/;
export const aimChars = 3;

/** Control, format, private and unassigned characters, and Unicode's own line ends. */
const noLabelHas = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Some scanners put STX and ETX around the data; they are no part of it. */
const envelope = /^\u0002|\u0003$/g;

const cr = 0x0d;
const lf = 0x0a;

/** The scan that these bytes are, without what ended it. */
export function scanOfBytes(bytes: Uint8Array, options: ScanTextOptions = {}): Scan {
  return scanOfText(decode(withoutLineEnds(bytes)), options);
}

/** The scan that this text is. */
export function scanOfText(text: string, { prefix = '', aim = false }: ScanTextOptions = {}): Scan {
  if (text === '') return { kind: 'unreadable', why: 'empty' };
  if (!text.startsWith(prefix)) return { kind: 'unreadable', why: 'incomplete' };
  const data = text.slice(prefix.length).replaceAll(envelope, '');
  const symbology = aim ? aimIdentifier.exec(data)?.[1] : undefined;
  const label = symbology === undefined ? data : data.slice(aimChars);
  if (label === '') return { kind: 'unreadable', why: 'empty' };
  if ([...label].length > scanCharsMax) return { kind: 'unreadable', why: 'tooLong' };
  if (noLabelHas.test(label)) return { kind: 'unreadable', why: 'controlCharacters' };
  return symbology === undefined ? { kind: 'text', text: label } : { kind: 'text', text: label, symbology };
}

/** Line ends before and after belong to the scanner, or to who made the code; none is part of a number. */
export function withoutLineEnds(bytes: Uint8Array): Uint8Array {
  const inText = (byte: number) => byte !== cr && byte !== lf;
  const first = bytes.findIndex(inText);
  return first === -1 ? bytes.subarray(0, 0) : bytes.subarray(first, bytes.findLastIndex(inText) + 1);
}

/** UTF-8 where it is that, else Latin-1: Code 128 with accents comes as Latin-1, QR codes as UTF-8. */
function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    isUtf8(bytes) ? 'utf8' : 'latin1',
  );
}
