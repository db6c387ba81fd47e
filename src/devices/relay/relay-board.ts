/** How a relay board is, as a person can act on it. */
export type RelayStatus =
  /** It does what it is told. `confirmed`: it said so itself; some boards never answer. */
  | { readonly state: 'ready'; readonly confirmed: boolean }
  /** The port is gone: look at the cable. `reason` is the operating system’s word. */
  | { readonly state: 'offline'; readonly reason: string }
  /** The port is there and nobody answers: look at power, wiring, address and speed. */
  | { readonly state: 'silent' }
  /** It answers with an error, or does otherwise than it was told. */
  | { readonly state: 'faulty'; readonly reason: string };

export interface RelayBoardEvents {
  /** Each change of state. */
  onStatus(status: RelayStatus): void;
}

/** Relays on channels that count from 1. All are off at the start and at the end. */
export interface RelayBoard {
  /** What a technician knows it by: its port or device. */
  readonly name: string;
  start(events: RelayBoardEvents): void;
  /** What a channel shall be from now on, also after the board was away. */
  set(channel: number, on: boolean): void;
  /** Switches all off, as far as the board can still be reached, and closes the port. */
  stop(): void;
}

/** Channels of the largest boards that are spoken to here. */
export const relayChannelsMax = 8;
