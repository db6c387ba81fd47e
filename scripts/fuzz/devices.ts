import { HidPosReports } from '../../src/devices/barcode-scanner/hid-pos-wire.ts';
import type { ScanReports } from '../../src/devices/barcode-scanner/hid-scanner.ts';
import { KeyboardReports } from '../../src/devices/barcode-scanner/keyboard-wire.ts';
import { encodeLengthFrame, lengthFrameSplitter } from '../../src/devices/barcode-scanner/length-frames.ts';
import { scanCharsMax } from '../../src/devices/barcode-scanner/scan-text.ts';
import type { Scan } from '../../src/devices/barcode-scanner/scanner.ts';
import { readSsiDecode } from '../../src/devices/barcode-scanner/ssi-wire.ts';
import { readMagtek } from '../../src/devices/card-reader/magtek-wire.ts';
import { uidText } from '../../src/devices/card-reader/card-uid.ts';
import {
  askCard,
  askReaders,
  getUid,
  PcscSplitter,
  uidIn,
  type PcscQuestion,
} from '../../src/devices/card-reader/pcsc-wire.ts';
import { readSearchTag, twn4Splitter } from '../../src/devices/card-reader/twn4-wire.ts';
import {
  modbusAsk,
  modbusSplitter,
  readCoilsAnswer,
  readWritten,
} from '../../src/devices/relay/modbus-wire.ts';
import { readUsbRelay } from '../../src/devices/relay/usbrelay2-wire.ts';
import type { FrameSplitter } from '../../src/devices/wire/frames.ts';
import { WedgeFilter } from '../../src/shared/wedge.ts';
import { hasRightCheck, checkKinds } from '../../src/station/core/identifiers/check-digits.ts';
import { identify } from '../../src/station/core/identifiers/identify.ts';
import { demand, pieces, seedsOf, type FuzzedParser } from './parser.ts';

function demandScan(scan: Scan | undefined): void {
  if (scan?.kind !== 'text') return;
  demand(scan.text !== '' && Array.from(scan.text).length <= scanCharsMax, 'a scan beyond its bounds');
  demand(!/[\u0000-\u001f\u007f]/.test(scan.text), 'a control character in a scan');
}

/** Reports of a HID device: each piece is one. */
function readReports(make: () => ScanReports): FuzzedParser['read'] {
  return (input, cuts) => {
    const reports = make();
    for (const piece of pieces(input, cuts)) demandScan(reports.push(piece));
    if (reports.midScan) demandScan(reports.pause());
    demand(!reports.midScan, 'a scan that goes on after the pause');
  };
}

/** Frames: the same however the bytes arrive. */
function readFrames(make: () => FrameSplitter, use: (frame: Uint8Array) => void): FuzzedParser['read'] {
  const cut = (parts: readonly Buffer[]): string => {
    const splitter = make();
    const read = parts.flatMap((part) => [...splitter.push(part)]);
    for (const one of read) if (one.kind === 'frame') use(one.bytes);
    return JSON.stringify(read);
  };
  return (input, cuts) => {
    demand(cut(pieces(input, cuts)) === cut([input]), 'pieces read otherwise than the whole');
  };
}

const coilOn = modbusAsk.writeCoil(1, 0, true);

function readModbus(frame: Uint8Array): void {
  readCoilsAnswer(frame, 8);
  const written = readWritten(frame, coilOn);
  demand(!written.ok || Buffer.from(frame).equals(coilOn), 'a coil that was not written counts as written');
}

function readCard(input: Buffer): void {
  for (const track of [1, 2, 3] as const) {
    const card = readMagtek(input, track);
    demand(card.kind !== 'card' || /^[ -~]{1,79}$/.test(card.text), 'a card number beyond its bounds');
  }
}

function readTag(line: Uint8Array): void {
  const tag = readSearchTag(line);
  if (!tag.ok || tag.value === undefined) return;
  uidText(tag.value.uid, { base: 'decimal', reverse: true, digits: 10 });
}

/** What pcscd answers to one question. */
function readPcsc<T>(question: PcscQuestion<T>, use: (value: T) => void): FuzzedParser['read'] {
  const make = (): PcscSplitter => {
    const splitter = new PcscSplitter();
    splitter.expect(question);
    return splitter;
  };
  return readFrames(make, (frame) => {
    const read = question.read(frame);
    if (read.ok) use(read.value);
  });
}

function readUid(answer: Uint8Array): void {
  const uid = uidIn(answer);
  demand(uid === undefined || (uid.length >= 4 && uid.length <= 16), 'an identifier beyond its bounds');
}

/** Keys: two bytes each, the key and how long after the one before. */
function readKeys(input: Buffer): void {
  const filter = new WedgeFilter({ gapMsMax: 40, keysMin: 6, suffix: 'enter' });
  const named = ['Enter', 'Tab', 'Escape', 'F5', 'ArrowUp', 'Shift', 'Unidentified'];
  let atMs = 0;
  for (let at = 0; at + 1 < input.length; at += 2) {
    const code = input[at] ?? 0;
    atMs += input[at + 1] ?? 0;
    const key = code < named.length ? (named[code] ?? 'Enter') : String.fromCharCode(code);
    const verdict = filter.press({ key, atMs, chord: code % 7 === 6, repeat: code % 11 === 10 });
    demand(!verdict.pass || code % 7 !== 6 || key === 'Shift', 'a chord was let through');
    for (const event of verdict.events) {
      demand(event.kind !== 'scan' || event.text.length <= 512, 'a scan that is too long to send');
    }
  }
  filter.pause();
}

function readNumber(input: Buffer): void {
  const text = input.toString('utf8');
  for (const kind of checkKinds) hasRightCheck(text, kind);
  const patterns = { card: [/^2\d{13}$/], item: [] };
  const identified = identify({ text, source: 'typed' }, 'item', patterns);
  demand(!('number' in identified) || !identified.number.includes('|'), 'a number with a delimiter');
}

const tagged = Buffer.alloc(64);
tagged.set([0x02, 5, 0x5d, 0x43, 0x30, ...Buffer.from('30091')]);
const swipe = Buffer.alloc(337);
swipe.set([0, 0, 0, 0, 16], 0);
swipe.write(';21999000020071?', 117, 'latin1');
const ssiScan = Buffer.from(encodeLengthFrame(0xf3, 0, 0, 1, ...Buffer.from('A123456')));

const pcscCard = { handle: 1, protocol: 2 };
const pcscAnswer = Buffer.alloc(41);
pcscAnswer.set([9], 24);
pcscAnswer.set(Buffer.from('04A1B2C3D4E5F69000', 'hex'), 32);
const pcscReaders = Buffer.alloc(16 * 184);
pcscReaders.write('Reader 00 00', 0, 'latin1');
pcscReaders.set([0x34], 132);

/** The parsers of scanners, card readers and relay boards. */
export const deviceParsers: readonly FuzzedParser[] = [
  { name: 'hid-pos', seeds: [tagged], read: readReports(() => new HidPosReports()) },
  {
    name: 'keyboard reports',
    seeds: [Buffer.from([0, 0, 0x1e, 0, 0, 0, 0, 0]), Buffer.from([2, 0, 0x04, 0x28, 0, 0, 0, 0])],
    read: readReports(() => new KeyboardReports()),
  },
  {
    name: 'length frames',
    seeds: [ssiScan, Buffer.from('04d00400ff28', 'hex')],
    read: readFrames(lengthFrameSplitter, readSsiDecode),
  },
  { name: 'magtek', seeds: [swipe], read: readCard },
  {
    name: 'twn4',
    seeds: seedsOf(['000180380704A1B2C3D4E5F6\r', '0000\r\n']),
    read: readFrames(twn4Splitter, readTag),
  },
  { name: 'pcsc card', seeds: [pcscAnswer], read: readPcsc(askCard(pcscCard, getUid), readUid) },
  {
    name: 'pcsc readers',
    seeds: [pcscReaders],
    read: readPcsc(askReaders(), (readers) => demand(readers.length <= 16, 'more readers than there are')),
  },
  {
    name: 'modbus',
    seeds: [Buffer.from(coilOn), Buffer.from('010101019048', 'hex'), Buffer.from('018502c351', 'hex')],
    read: readFrames(() => modbusSplitter(1), readModbus),
  },
  { name: 'usbrelay2', seeds: [Buffer.from('004249544654000005', 'hex')], read: readUsbRelay },
  {
    name: 'wedge',
    seeds: seedsOf(['3\u00050\u00050\u00059\u00051\u00050\u0005\u0000\u0005']),
    read: readKeys,
  },
  {
    name: 'identifiers',
    seeds: seedsOf(['21999000020071', '131052-308T', ';4111111111111111=2912?', '2045768000013']),
    read: readNumber,
  },
];
