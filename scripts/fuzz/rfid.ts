import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as feig from '../../src/devices/rfid-reader/feig/commands.ts';
import {
  decodeFeigReply,
  encodeFeigReply,
  feigReplySplitter,
} from '../../src/devices/rfid-reader/feig/frame.ts';
import type { FrameSplitter } from '../../src/devices/wire/frames.ts';
import * as pad from '../../src/devices/rfid-reader/pad-810/commands.ts';
import { decodePadReply, encodePadReply, padSplitter } from '../../src/devices/rfid-reader/pad-810/frame.ts';
import * as rl866 from '../../src/devices/rfid-reader/rl866/commands.ts';
import { decodeRl866, encodeRl866, rl866Splitter } from '../../src/devices/rfid-reader/rl866/frame.ts';
import { demand, pieces, type FuzzedParser } from './parser.ts';

const vectors = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../test/fixtures/device-frames.json', import.meta.url)), 'utf8'),
) as readonly { readonly proto: string; readonly dir: string; readonly hex: string }[];

const seeds = (proto: string): Buffer[] =>
  vectors
    .filter((frame) => frame.proto.startsWith(proto) && frame.dir === '<')
    .map(({ hex }) => Buffer.from(hex, 'hex'));

/** Frames are the same however the bytes arrive, each is made of the bytes it came as, and its content is a value or none. */
function framesOf(
  splitter: () => FrameSplitter,
  readFrame: (frame: Uint8Array) => Uint8Array,
): FuzzedParser['read'] {
  const frames = (parts: readonly Buffer[]): string => {
    const cutting = splitter();
    const cuts = parts.flatMap((part) => [...cutting.push(part)]);
    for (const cut of cuts) {
      if (cut.kind !== 'frame') continue;
      demand(
        Buffer.compare(readFrame(cut.bytes), cut.bytes) === 0,
        'a frame that is another when written again',
      );
    }
    cutting.pause();
    demand(!cutting.midFrame, 'bytes are held after a pause');
    return JSON.stringify(
      cuts.map((cut) => (cut.kind === 'frame' ? Buffer.from(cut.bytes).toString('hex') : cut.why)),
    );
  };
  return (input, cuts) => {
    demand(frames(pieces(input, cuts)) === frames([input]), 'pieces read otherwise than the whole');
  };
}

function readFeig(frame: Uint8Array): Uint8Array {
  const reply = decodeFeigReply(frame);
  if (!reply.ok) throw new Error('a frame that is none');
  const { data } = reply.value;
  const tags = feig.decodeInventory(data);
  demand(tags === undefined || tags.length <= data.length, 'more tags than bytes');
  feig.decodeBlocks(data);
  feig.decodeSystemInfo(data);
  feig.decodeVersion(data);
  return encodeFeigReply(reply.value);
}

function readPad(frame: Uint8Array): Uint8Array {
  const reply = decodePadReply(frame);
  // A frame without room for an error is well formed and no answer.
  if (!reply.ok) return frame;
  const { data } = reply.value;
  pad.decodeInventory(data);
  pad.decodeBlocks(data, 0, data[0] ?? 0);
  pad.decodeTagInfo(data);
  return encodePadReply(reply.value);
}

function readRl866(frame: Uint8Array): Uint8Array {
  const decoded = decodeRl866(frame);
  if (!decoded.ok) throw new Error('a frame that is none');
  const reply = rl866.decodeReply(decoded.value.information);
  if (reply !== undefined) {
    rl866.decodeInventory(reply.fields);
    rl866.decodeSystemInfo(reply.fields);
    rl866.decodeBlocks(reply.fields);
    for (const code of [rl866.rl866Access.readBlocks, rl866.rl866Access.systemInfo])
      rl866.decodeAccess(reply.fields, code);
  }
  return encodeRl866(decoded.value);
}

/** The wire formats of RFID readers. Tags themselves are read by the parsers of `src/rfid`. */
export const rfidReaderParsers: readonly FuzzedParser[] = [
  { name: 'FEIG OBID frames', seeds: seeds('feig'), read: framesOf(feigReplySplitter, readFeig) },
  { name: '3M pad frames', seeds: seeds('3m'), read: framesOf(padSplitter, readPad) },
  { name: 'RL866 frames', seeds: seeds('rl866'), read: framesOf(rl866Splitter, readRl866) },
];
