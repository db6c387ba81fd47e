/** The data models of library tags that are read and written here. */
export type TagModel = 'iso28560-3' | 'iso28560-2' | 'rfid501';

/** What was met that no standard allows, and was read all the same. */
export type TagDeviation =
  /** The checksum is wrong, and the library's rule takes the tag nevertheless. */
  | 'badCrc'
  /** The checksum of a 32-byte tag was made without the two bytes that are missing. */
  | 'unpaddedCrc'
  /** Each block was written the wrong way round. */
  | 'blocksReversed'
  /** Version and type of usage change places (28560-3, byte 0). */
  | 'nibblesSwapped'
  /** Number of parts and number of the part change places. */
  | 'partsSwapped'
  /** A part 0, or a set of 0 parts: taken for an item of one part. */
  | 'partZero'
  /** What follows the basic data is broken. */
  | 'extensionBroken';

/** Type of usage, ISO 28560-1: what an item is for. `unspecified` also where the tag does not tell. */
export type TypeOfUsage =
  | 'acquisition'
  | 'circulating'
  | 'notForLoan'
  | 'local'
  | 'future'
  | 'unspecified'
  | 'discarded'
  | 'patronCard'
  | 'equipment';

/** The place of a part in an item of several parts. */
export interface TagPart {
  /** From 1; part 1 is the main part. */
  readonly number: number;
  /** How many parts there are; absent where only the main part tells. */
  readonly of?: number;
}

/** What a tag says of the thing it sticks to. */
export interface TagItem {
  readonly model: TagModel;
  /** As the library system knows it; printable, at most `identifierCharactersMax` characters, never empty. */
  readonly primaryItemIdentifier: string;
  /** Absent for an item of one part. */
  readonly part?: TagPart;
  /** ISIL of the owner with its hyphen (FI-Mamk-M); absent where the tag has none. */
  readonly owner?: string;
  readonly usage: TypeOfUsage;
  /** May be lent and returned without the library system only where these are not false. */
  readonly offlineUse?: { readonly checkout: boolean; readonly checkin: boolean };
  readonly deviations: readonly TagDeviation[];
}

/** Why a tag that means to be a library tag cannot be used. */
export type UnreadableWhy =
  /** Too few bytes: half-read, or a chip that is too small. */
  | 'tooShort'
  /** The checksum of ISO 28560-3 is wrong. */
  | 'badCrc'
  /** Part 0, where the library does not take that. */
  | 'partsImpossible'
  /** Longer than any identifier is. */
  | 'identifierTooLong'
  /** Signs that no identifier has: control characters, the delimiter of SIP2. */
  | 'identifierUnusable';

/** What the memory of a tag turned out to be. */
export type TagReading =
  | { readonly kind: 'item'; readonly item: TagItem }
  | { readonly kind: 'blank' }
  /** Something else. `damaged`: its DSFID says that it should be a library tag. */
  | { readonly kind: 'foreign'; readonly damaged: boolean }
  | { readonly kind: 'unreadable'; readonly why: UnreadableWhy };

/** How a library wants its tags read. */
export interface TagRules {
  /** Tags of ISO 28560-3 whose checksum is wrong: `legacyOnly` takes those whose owner is no country and name. */
  readonly acceptBadCrc: 'never' | 'legacyOnly' | 'always';
  /** A part 0 or a set of 0 parts: an item of one part, or unreadable. */
  readonly partZero: 'single' | 'refuse';
  /** Byte 0 of ISO 28560-3: `auto` takes 21 and 71 for swapped, `standard` reads version first always. */
  readonly usageNibbles: 'auto' | 'standard';
}

export const defaultTagRules: TagRules = {
  acceptBadCrc: 'never',
  partZero: 'single',
  usageNibbles: 'auto',
};

/** What is known of the chip beside its memory. */
export interface ChipFacts {
  /** The data storage format identifier, where the reader told it. */
  readonly dsfid?: number;
  /** Bytes of one block; 4 on most chips. */
  readonly blockBytes?: number;
}

export const defaultBlockBytes = 4;

/** SIP2 fields and the models hold no more; the longest known in the field has 24. */
export const identifierCharactersMax = 64;
