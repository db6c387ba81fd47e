import { triedAfter, type TryName } from './tries.ts';
import type { JournalRow, LedgerEntry, Loan, SeenFrame, Told, WireLine, WorldState } from './server.ts';

/** What the dock knows of the world. */
export interface Happenings {
  readonly linkUp: boolean;
  readonly state: WorldState | undefined;
  readonly wire: readonly WireLine[];
  readonly frames: readonly SeenFrame[];
  readonly ledger: readonly LedgerEntry[];
  readonly journal: readonly JournalRow[];
  readonly loans: readonly Loan[];
  readonly tried: readonly TryName[];
}

/** Of each stream the newest are kept. */
export const linesKeptMax = 200;

export const nothingYet: Happenings = {
  linkUp: true,
  state: undefined,
  wire: [],
  frames: [],
  ledger: [],
  journal: [],
  loans: [],
  tried: [],
};

export function afterTold(before: Happenings, told: Told): Happenings {
  const after = streamsAfter(before, told);
  return { ...after, tried: triedAfter(after.tried, told) };
}

function streamsAfter(before: Happenings, told: Told): Happenings {
  switch (told.kind) {
    case 'link':
      return { ...before, linkUp: told.up };
    case 'cleared':
      return { ...nothingYet, state: before.state };
    case 'state':
      return { ...before, state: told.state };
    case 'wire':
      return { ...before, wire: grown(before.wire, told.lines) };
    case 'frames':
      return { ...before, frames: grown(before.frames, told.frames) };
    case 'ledger':
      return { ...before, ledger: grown(before.ledger, told.entries) };
    case 'journal':
      return { ...before, journal: told.rows };
    case 'loans':
      return { ...before, loans: told.loans };
  }
}

function grown<T>(kept: readonly T[], more: readonly T[]): readonly T[] {
  return [...kept, ...more].slice(-linesKeptMax);
}
