import { noFaults, type NetworkFaults } from './network-faults.ts';
import type { Stream } from './streams.ts';

/** What becomes of one message on its way. */
export type Fate =
  | { readonly is: 'arrives'; readonly afterMs: number }
  | { readonly is: 'lost' }
  /** In two pieces, the second `gapMs` after the first. */
  | { readonly is: 'split'; readonly afterMs: number; readonly at: number; readonly gapMs: number }
  | { readonly is: 'cutOff'; readonly afterMs: number; readonly at: number }
  | { readonly is: 'garbled'; readonly afterMs: number; readonly at: number };

export type Way = 'request' | 'reply';

/** Decides over each message. */
export interface Fates {
  of(way: Way, bytes: Uint8Array): Fate;
}

const latencyMsMin = 1;
const latencyMsMax = 40;
const gapMsMax = 20;

/** Fates drawn from the seed. */
export class DrawnFates implements Fates {
  #faults: NetworkFaults;
  readonly #chance: Stream;
  readonly #patienceMs: number;
  readonly #lateMsMax: number;

  /** @param patienceMs how long the station waits for a reply; a late request takes up to `lateMsMax` longer */
  constructor(faults: NetworkFaults, chance: Stream, patienceMs: number, lateMsMax: number) {
    this.#faults = faults;
    this.#chance = chance;
    this.#patienceMs = patienceMs;
    this.#lateMsMax = lateMsMax;
  }

  heal(): void {
    this.#faults = noFaults;
  }

  of(way: Way, bytes: Uint8Array): Fate {
    return way === 'request' ? this.#ofRequest() : this.#ofReply(bytes.length);
  }

  #ofRequest(): Fate {
    const { loseRequest, lateRequest } = this.#faults;
    if (this.#chance.chance(loseRequest)) return { is: 'lost' };
    const late = this.#chance.chance(lateRequest);
    const lateMs = Math.max(1, this.#lateMsMax);
    return {
      is: 'arrives',
      afterMs: late ? this.#patienceMs + this.#chance.whole(1, lateMs) : this.#latencyMs(),
    };
  }

  #ofReply(length: number): Fate {
    const { loseReply, garbleReply, split, closeMidReply } = this.#faults;
    if (this.#chance.chance(loseReply)) return { is: 'lost' };
    const afterMs = this.#latencyMs();
    if (this.#chance.chance(closeMidReply))
      return { is: 'cutOff', afterMs, at: this.#chance.whole(0, length - 1) };
    if (this.#chance.chance(garbleReply))
      return { is: 'garbled', afterMs, at: this.#chance.whole(0, length - 2) };
    if (!this.#chance.chance(split)) return { is: 'arrives', afterMs };
    return {
      is: 'split',
      afterMs,
      at: this.#chance.whole(1, length - 1),
      gapMs: this.#chance.whole(1, gapMsMax),
    };
  }

  #latencyMs(): number {
    return this.#chance.whole(latencyMsMin, latencyMsMax);
  }
}

/** Names a message by what it is about, so that its fate can be found again although the messages around it have changed. */
export class MessageNames {
  readonly #seen = new Map<string, number>();

  name(way: Way, bytes: Uint8Array): string {
    // Identifiers are ASCII here, and a byte for a character is read much faster.
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const kind = `${way} ${text.slice(0, 2)} ${aboutOf(text)}`.trim();
    const nth = (this.#seen.get(kind) ?? 0) + 1;
    this.#seen.set(kind, nth);
    return `${kind} #${nth}`;
  }
}

/** The item of a message, or else the first patron or item that it names; empty where it names none. */
function aboutOf(text: string): string {
  const item = text.indexOf('|AB');
  const end = item === -1 ? -1 : text.indexOf('|', item + 3);
  if (end > item + 3) return text.slice(item + 3, end);
  return /A[AB]([^|]+)\|/.exec(text)?.[1] ?? '';
}
