/** The identifier of an ISO 15693 tag: 16 capital hexadecimal digits, the most significant first (`E004010031269117`). */
export type TagUid = string;

/** Whether the gate would sound for a tag. `unknown`: not read yet, or a value that the configuration does not name. */
export type Secured = 'yes' | 'no' | 'unknown';

/** One tag in the field, as it is known after the last inventory. */
export interface FieldTag {
  readonly uid: TagUid;
  /** Seen in each of the last inventories and wholly read. What is not still may be a bag that passes by. */
  readonly still: boolean;
  /**
   * The tag's memory from block 0 on, in the order in which ISO 28560 counts its bytes; undefined until it was wholly
   * read. At most `memoryBytesMax` bytes, though a chip may have more.
   */
  readonly memory: Uint8Array | undefined;
  /** Bytes in a block, mostly 4. */
  readonly blockBytes: number | undefined;
  /** The data storage format identifier; undefined where the chip does not tell it. */
  readonly dsfid: number | undefined;
  /** The application family identifier; undefined where the chip does not tell it. */
  readonly afi: number | undefined;
  readonly secured: Secured;
  /** How often the tag was missed since it came and was seen again or is still awaited. */
  readonly dropOuts: number;
  /** Why the last try to read its memory came to nothing; it is tried again with each inventory. */
  readonly unread: TagFailure | undefined;
}

/** What lies in the field, in the order in which it came. */
export interface Field {
  readonly tags: readonly FieldTag[];
  /** The reader gave up because more tags lie there than it can tell apart: some of them have to be taken away. */
  readonly tooMany: boolean;
}

/** How the reader is. Every state but `ready` is left without anyone's doing as soon as its cause is gone. */
export type RfidReaderStatus =
  /** The port is open, and the reader is asked what it is. */
  | { readonly state: 'starting' }
  /** It answers. `words` names reader and firmware, for a technician. */
  | { readonly state: 'ready'; readonly words: string }
  /** The port is gone: look at the cable. `reason` is the operating system's word. */
  | { readonly state: 'offline'; readonly reason: string }
  /** The port is there and nobody answers: look at the reader's power, then at its speed and parity. */
  | { readonly state: 'silent' }
  /** Something answers that is no such reader, or one that cannot read library tags: look at the configuration. */
  | { readonly state: 'unfit'; readonly reason: string }
  /** It answers with errors or damaged frames: look at cable and aerial. */
  | { readonly state: 'faulty'; readonly reason: string };

/** Why something could not be done with a tag or with the reader. */
export type TagFailure =
  /** The port is not open. */
  | { readonly kind: 'offline' }
  /** No answer came in time. */
  | { readonly kind: 'noAnswer' }
  /** An answer came that is damaged. */
  | { readonly kind: 'badFrame'; readonly why: 'crc' | 'length' | 'content' }
  /** Something else was answered than was asked. */
  | { readonly kind: 'wrongAnswer' }
  /** The reader or the chip said no; `code` is its word for it in hexadecimal digits. */
  | { readonly kind: 'rejected'; readonly code: string }
  /** The block, the AFI or the EAS bit is locked for ever. */
  | { readonly kind: 'locked' }
  /** Chip or reader cannot do this at all. */
  | { readonly kind: 'notSupported' }
  /** The tag did not answer. */
  | { readonly kind: 'tagGone' }
  /** What was read back is not what was written. */
  | { readonly kind: 'mismatch' }
  /** It was written and cannot be read back, so nobody knows. */
  | { readonly kind: 'unverified' }
  /** Too many tags lie in the field. */
  | { readonly kind: 'tooManyTags' }
  /** More commands wait than `commandsMax`. */
  | { readonly kind: 'busy' };

/** How a command to a tag ended. Nothing but `done` was read back as it was wanted. */
export type TagOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly why: TagFailure }
  /** The tag is not in the field, or left it before it was certain. */
  | { readonly kind: 'gone' };

/** Bytes to write from the beginning of a block on. */
export interface BlockWrite {
  readonly firstBlock: number;
  /** Whole blocks; none where only the DSFID is meant. */
  readonly data: Uint8Array;
  /** The data storage format identifier that goes with them, where it is to be set too. */
  readonly dsfid?: number;
}

export interface RfidReaderEvents {
  /** Each change of state; the first one comes when the port opened or refused for the first time. */
  onStatus(status: RfidReaderStatus): void;
  /** After an inventory that changed anything. While the reader is away the field is empty. */
  onField(field: Field): void;
}

/**
 * A reader of RFID tags as the station sees it. The events, and the replies to commands, come later and never from within a
 * call; each command is replied to exactly once, unless the reader is stopped.
 */
export interface RfidReader {
  start(events: RfidReaderEvents): void;
  /** Closes the port; no event and no reply comes after it. */
  stop(): void;
  /**
   * Secures a tag or lifts its security, as the configured scheme says (AFI, EAS or both): addressed to this tag alone,
   * read back after a fresh inventory, tried `securityTries` times. `failed` after a write may leave the tag either way.
   */
  setSecurity(uid: TagUid, secured: boolean, reply: (outcome: TagOutcome) => void): void;
  /** Writes blocks of one tag, addressed, and reads them back. `failed` and `gone` may leave some of them written. */
  write(uid: TagUid, blocks: BlockWrite, reply: (outcome: TagOutcome) => void): void;
}

/** So many bytes of a tag's memory are read: four times what ISO 28560-3's basic block takes. */
export const memoryBytesMax = 128;
/** Whole tries of write, fresh inventory and read back. */
export const securityTries = 3;
/** Commands that may wait for the wire. */
export const commandsMax = 64;
