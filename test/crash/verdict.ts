import type { Effect, LedgerEntry } from '../../src/simulator/acs/ledger.ts';
import type { View } from '../../src/shared/view.ts';

/** What a patron set out to do with one item; each item once in a round. */
export interface Plan {
  readonly act: 'borrow' | 'return' | 'renew' | 'hold' | 'cancelHold';
  readonly item: string;
  /** Who has it, wants it or waits for it. */
  readonly card: string;
}

/** A row of the journal, as the desk lists it. */
export interface JournalRow {
  readonly seq: number;
  readonly item: string;
  readonly kind: string;
  readonly state: string;
}

export interface Verdict {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
}

/** The best that the screen said of each item: certain, or taken without certainty. */
export function shownOf(views: readonly View[]): ReadonlyMap<string, 'done' | 'taken'> {
  const shown = new Map<string, 'done' | 'taken'>();
  for (const { screen } of views) {
    if (screen.name === 'account') {
      for (const { item, cancel } of screen.holds) if (cancel?.state === 'done') shown.set(item, 'done');
    }
    if (screen.name !== 'borrow' && screen.name !== 'return') continue;
    for (const { item, state, hold } of screen.items) {
      if (state === 'done' || hold?.state === 'done') shown.set(item, 'done');
      if (state === 'offline' && !shown.has(item)) shown.set(item, 'taken');
    }
  }
  return shown;
}

const ofHolds: ReadonlySet<Effect> = new Set(['hold', 'holdCancelled']);

/**
 * Holds what the patron was shown, what the journal says and what the ACS really did against each other, after all has healed and
 * settled. Lost: told as done and not done nor on the staff list, done and not in the journal, or claimed and not done. Doubled:
 * more effects than the patron wanted.
 */
export function judge(
  plans: readonly Plan[],
  shown: ReadonlyMap<string, 'done' | 'taken'>,
  rows: readonly JournalRow[],
  ledger: readonly LedgerEntry[],
): Verdict {
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const { item, act, card } of plans) {
    // Before a hold is placed its item is refused as a loan; what becomes of the one says nothing of the other.
    const isHold = act === 'hold' || act === 'cancelHold';
    const effects = ledger.filter((entry) => entry.item === item && ofHolds.has(entry.effect) === isHold);
    const known = rows.filter(
      (row) => row.item === item && row.state !== 'withdrawn' && (row.kind === 'hold') === isHold,
    );
    const accepted = known.some(({ state }) => state === 'accepted');
    const withStaff = known.some(({ state }) => state === 'staff');
    const told = shown.get(item);
    const facts = `${act} ${item} ${card}: shown ${told ?? 'nothing'}, journal ${known.map(({ state }) => state).join('+') || 'nothing'}, ACS ${effects.map(({ effect }) => effect).join('+') || 'nothing'}`;
    if (effects.length > 1) doubled.push(facts);
    const isLost =
      (told === 'done' && !(accepted && effects.length > 0)) ||
      (told === 'taken' && !withStaff && !(accepted && effects.length > 0)) ||
      (effects.length > 0 && known.every(({ state }) => state === 'refused')) ||
      (accepted && effects.length === 0) ||
      known.some(({ state }) => state === 'intended' || state === 'uncertain' || state === 'waiting');
    if (isLost) lost.push(facts);
  }
  return { lost, doubled };
}

/** What is known of an item that lay on the reader, after all has settled. */
export interface TagFacts {
  readonly item: string;
  readonly security: 'locked' | 'unlocked' | 'mixed';
  /** The library system says that somebody has it. */
  readonly lent: boolean;
  /** It is on the staff list, by its transaction or its tags. */
  readonly withStaff: boolean;
}

/** Unlocked implies lent; lent and locked, or partly so, implies that staff know (design, "What must never happen" 4). */
export function judgeTags(items: readonly TagFacts[]): readonly string[] {
  return items
    .filter(({ security, lent, withStaff }) => security !== (lent ? 'unlocked' : 'locked') && !withStaff)
    .map(
      ({ item, security, lent }) =>
        `${item} is ${lent ? 'lent' : 'not lent'} and ${security}, and nobody knows`,
    );
}
