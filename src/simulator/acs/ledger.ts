import type { UtcMillis } from '../../kernel/clock.ts';

/** What really happened in the library system. */
export type Effect =
  | 'checkout'
  | 'renewal'
  | 'checkin'
  /** A checkin of an item that nobody had: no loan ended, but the library system saw the item (and may have captured a hold). */
  | 'checkinNotCharged'
  | 'hold'
  | 'holdCancelled'
  /** A payment for fees; its item is the fee, or empty for the oldest ones. */
  | 'payment';

export interface LedgerEntry {
  /** Counts from 0 through the ledger's life. */
  readonly seq: number;
  readonly effect: Effect;
  /** When the library system did it. */
  readonly at: UtcMillis;
  /** The transaction date of the request, as it came. */
  readonly requestedAt: string;
  readonly item: string;
  /** Who borrowed, renewed or had it; empty when nobody had it. */
  readonly card: string;
  /** When it is due after this; 0 after a checkin. */
  readonly dueAt: UtcMillis;
  /** The request before it on this item was the same: same kind, patron and transaction date. */
  readonly repeat: boolean;
  /** The request asked for no block (it happened while the ACS was away). */
  readonly noBlock: boolean;
  /** The request called itself a cancel (BI Y). */
  readonly cancel: boolean;
  /** A hold that the checkin captured: the card it waits for. */
  readonly capturedFor: string | undefined;
}

/** Entries that are kept. Past it the older half goes, and `dropped` says how many went. */
export const ledgerEntriesMax = 1_000_000;

/** Every effect in order. It only grows; an entry never changes. */
export class Ledger {
  #entries: LedgerEntry[] = [];
  #dropped = 0;
  /** Called with each new entry, before the answer to its request exists. */
  onEntry: ((entry: LedgerEntry) => void) | undefined;

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  /** How many there have ever been. */
  get count(): number {
    return this.#dropped + this.#entries.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  append(entry: Omit<LedgerEntry, 'seq'>): void {
    if (this.#entries.length >= ledgerEntriesMax) {
      const half = ledgerEntriesMax / 2;
      this.#entries = this.#entries.slice(half);
      this.#dropped += half;
    }
    const numbered: LedgerEntry = { seq: this.count, ...entry };
    this.#entries.push(numbered);
    this.onEntry?.(numbered);
  }

  /** Puts back what a state file held, into an empty ledger. */
  restore(entries: readonly LedgerEntry[]): void {
    this.#dropped = entries[0]?.seq ?? 0;
    this.#entries = [...entries];
  }
}
