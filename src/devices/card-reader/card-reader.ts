/** Why a card told nothing. What was read is gone. */
export type CardUnreadableWhy =
  /** Swiped too fast, too slowly or askew; or held there too briefly. */
  | 'badRead'
  /** The track that library cards use has nothing on it. */
  | 'noTrack'
  /** The reader gives only encrypted tracks. */
  | 'encrypted'
  /** A chip that makes up another number each time, as telephones and bank cards do. */
  | 'randomUid'
  /** A report or characters that no card has. */
  | 'badReport';

export type CardRead =
  | { readonly kind: 'card'; readonly text: string; readonly symbology?: string }
  | { readonly kind: 'unreadable'; readonly why: CardUnreadableWhy };

/** How a card reader is, as a person can act on it. */
export type CardReaderStatus =
  | { readonly state: 'ready' }
  /** The port is gone: look at the cable. `reason` is the operating system’s word. */
  | { readonly state: 'offline'; readonly reason: string }
  /** The port is there and nobody answers: look at power, speed and firmware. */
  | { readonly state: 'silent' }
  /** It answers with errors, or with what is no answer. */
  | { readonly state: 'faulty'; readonly reason: string };

export interface CardReaderEvents {
  /** A card came. One that stays is told once. */
  onCard(card: CardRead): void;
  /** Whether a card lies in the reader; never told by a reader that cannot know. */
  onPresence(present: boolean): void;
  /** Each change of state. */
  onStatus(status: CardReaderStatus): void;
}

/** A reader of library cards as the station sees it. The events come later, never from within a call. */
export interface CardReader {
  /** What a technician knows it by: its port or device. */
  readonly name: string;
  start(events: CardReaderEvents): void;
  /** Closes the port; no event comes after it. */
  stop(): void;
}
