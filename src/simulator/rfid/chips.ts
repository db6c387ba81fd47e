/** A kind of ISO 15693 chip: how much it holds and which questions it answers. */
export interface Chip {
  readonly blocks: number;
  readonly blockBytes: number;
  /** Whether an AFI can be written at all. */
  readonly afi: boolean;
  /** Whether it has a DSFID that can be written. */
  readonly dsfid: boolean;
  /** Whether it tells system information, that is, whether its AFI can be read back. */
  readonly systemInfo: boolean;
  /** Whether it has NXP’s EAS bit. */
  readonly eas: boolean;
}

/** The chips that are found in library tags. */
export const chips = {
  sli: { blocks: 28, blockBytes: 4, afi: true, dsfid: true, systemInfo: true, eas: true },
  sliL: { blocks: 8, blockBytes: 4, afi: true, dsfid: true, systemInfo: true, eas: true },
  lri512: { blocks: 16, blockBytes: 4, afi: true, dsfid: true, systemInfo: false, eas: false },
  tiHfiPlus: { blocks: 64, blockBytes: 4, afi: true, dsfid: true, systemInfo: true, eas: false },
  tiHfiPro: { blocks: 8, blockBytes: 4, afi: false, dsfid: false, systemInfo: false, eas: false },
  wide: { blocks: 32, blockBytes: 8, afi: true, dsfid: true, systemInfo: true, eas: false },
} as const satisfies Readonly<Record<string, Chip>>;

/** The errors of a chip on air (ISO 15693-3, 7.4.2). */
export const chipErrors = {
  notSupported: 0x01,
  noSuchBlock: 0x10,
  alreadyLocked: 0x11,
  locked: 0x12,
} as const;
