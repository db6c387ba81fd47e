import type { Result } from '../../kernel/result.ts';
import type { Link, LinkEvents } from '../kept-open.ts';

/** Why a board did not do something. */
export type RelayFailure =
  | { readonly kind: 'noAnswer' }
  /** The answer is damaged, or of something else. */
  | { readonly kind: 'badAnswer' }
  /** The board said no. */
  | { readonly kind: 'rejected'; readonly code: string }
  /** The operating system’s word. */
  | { readonly kind: 'failed'; readonly reason: string };

/** An open board. One call is under way at a time; a reply comes later than the call, and may never come. */
export interface RelayLink extends Link {
  set(channel: number, on: boolean, reply: (done: Result<undefined, RelayFailure>) => void): void;
  /** The channels that are on; absent where the board cannot tell. */
  read?(reply: (channels: Result<ReadonlySet<number>, RelayFailure>) => void): void;
  /** Switches these channels off and waits for nothing. */
  allOff(channels: readonly number[]): void;
}

/** Starts opening a board. The events come later, never from within this call. */
export type OpenRelay = (events: LinkEvents) => RelayLink;
