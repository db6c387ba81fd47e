/** How the virtual scanner behaves. */
export const scanManners = [
  'well',
  /** Each label comes twice, as from a hands-free scanner before which a book lies. */
  'twice',
  /** A slow cable: the label comes in four pieces. */
  'pieces',
  /** A broken cable: nothing that could be a label. */
  'garbage',
] as const;
export type ScanManner = (typeof scanManners)[number];

/** What goes over the cable, and how long after what went before. */
export interface Burst {
  readonly afterMs: number;
  readonly bytes: Uint8Array;
}

/** Within the station's time in which the same label is one scan. */
const secondScanMs = 200;
/** Well under the station's patience for the rest of a label. */
const pieceEveryMs = 80;
const pieces = 4;
/** Control characters, half of a character, a bar, the end of a scan. */
const noise = Buffer.from([0x00, 0xff, 0x1b, 0x5b, 0x07, 0xc3, 0x33, 0x31, 0x90, 0x7c, 0x05, 0x0d]);

/** What a scanner of this manner sends for a label. */
export function burstsOf(label: string, manner: ScanManner): readonly Burst[] {
  const whole = Buffer.from(`${label}\r`, 'utf8');
  switch (manner) {
    case 'well':
      return [{ afterMs: 0, bytes: whole }];
    case 'twice':
      return [
        { afterMs: 0, bytes: whole },
        { afterMs: secondScanMs, bytes: whole },
      ];
    case 'pieces':
      return Array.from({ length: pieces }, (_, index) => ({
        afterMs: index === 0 ? 0 : pieceEveryMs,
        bytes: whole.subarray(
          Math.floor((whole.length * index) / pieces),
          Math.floor((whole.length * (index + 1)) / pieces),
        ),
      }));
    case 'garbage':
      return [{ afterMs: 0, bytes: noise }];
  }
}
