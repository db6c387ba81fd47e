import { err, ok, type Result } from '../../kernel/result.ts';
import type { UtcMillis } from '../../kernel/clock.ts';
import type { LedgerEntry } from './ledger.ts';
import type { StandingStatus } from './library-data.ts';
import { Library, type LibraryOptions } from './library.ts';
import type { LibraryData } from './library-data.ts';
import { endLoan, lend, placeHold, putAside, type Fee, type Item, type Patron } from './state.ts';

const snapshotVersion = 1;

/** Everything about a library that its data do not say, as JSON. It holds no PIN. */
export interface Snapshot {
  readonly version: number;
  readonly institutionId: string;
  readonly startsAt: UtcMillis;
  readonly feesMade: number;
  readonly items: readonly {
    readonly item: string;
    readonly status: StandingStatus;
    readonly branch: string;
    readonly lastRequest: string;
  }[];
  readonly loans: readonly {
    readonly item: string;
    readonly card: string;
    readonly lentAt: UtcMillis;
    readonly dueAt: UtcMillis;
    readonly renewals: number;
    readonly recalled?: boolean;
  }[];
  readonly holds: readonly {
    readonly item: string;
    readonly card: string;
    readonly pickup: string;
    readonly placedAt: UtcMillis;
    readonly captured?: string;
    readonly readyUntil?: UtcMillis;
  }[];
  readonly fees: readonly { readonly card: string; readonly fees: readonly Fee[] }[];
  readonly ledger: readonly LedgerEntry[];
}

export function snapshotOf(library: Library): Snapshot {
  const { state, data } = library;
  const items = [...state.items.values()];
  const patrons = [...state.patrons.values()];
  return {
    version: snapshotVersion,
    institutionId: data.institutionId,
    startsAt: library.startsAt,
    feesMade: state.feesMade,
    items: items.map(({ data: { item }, status, branch, lastRequest }) => ({
      item,
      status,
      branch,
      lastRequest,
    })),
    loans: patrons.flatMap((patron) =>
      [...patron.loans.values()].map(({ item, lentAt, dueAt, renewals, recalled }) => ({
        item: item.data.item,
        card: patron.data.card,
        lentAt,
        dueAt,
        renewals,
        ...(recalled ? { recalled } : {}),
      })),
    ),
    holds: holdsOf(items, patrons),
    fees: patrons.map(({ data: { card }, fees }) => ({ card, fees })),
    ledger: library.ledger.entries,
  };
}

/** Those that wait, in the order of their queues, and those whose copy was put aside. */
function holdsOf(items: readonly Item[], patrons: readonly Patron[]): Snapshot['holds'] {
  const waiting = new Set(items.flatMap(({ record }) => record.waiting));
  const aside = patrons.flatMap(({ holds }) => [...holds].filter(({ captured }) => captured !== undefined));
  return [...waiting, ...aside].map(({ item, patron, pickup, placedAt, captured, readyUntil }) => ({
    item: item.data.item,
    card: patron.data.card,
    pickup,
    placedAt,
    ...(captured === undefined ? {} : { captured: captured.data.item }),
    ...(readyUntil === undefined ? {} : { readyUntil }),
  }));
}

/** The library as it was. Refused as a whole where the snapshot is not of these data. */
export function restore(
  data: LibraryData,
  snapshot: Snapshot,
  options: Omit<LibraryOptions, 'startsAt'>,
): Result<Library, string> {
  if (snapshot.version !== snapshotVersion) {
    return err(`it is of version ${snapshot.version}, and ${snapshotVersion} is needed`);
  }
  if (snapshot.institutionId !== data.institutionId) {
    return err(`it belongs to the library ${snapshot.institutionId}`);
  }
  const library = new Library(data, { ...options, startsAt: snapshot.startsAt });
  try {
    clear(library);
    fill(library, snapshot);
  } catch (error) {
    return err(`it does not fit the library: ${error instanceof Error ? error.message : String(error)}`);
  }
  return ok(library);
}

/** A library of its own with the same state. What happens to it happens to no other. */
export function copyOf(library: Library): Library {
  const { data, timeZone, rules, time } = library;
  const copied = restore(data, snapshotOf(library), { timeZone, rules, time });
  if (!copied.ok) throw new Error(`impossible: a library does not fit itself: ${copied.error}`);
  return copied.value;
}

function clear({ state }: Library): void {
  for (const item of state.items.values()) {
    item.shelvedFor = undefined;
    item.record.waiting.length = 0;
    if (item.loan !== undefined) {
      endLoan(item.loan);
    }
  }
  for (const patron of state.patrons.values()) {
    patron.holds.clear();
  }
}

function fill(library: Library, snapshot: Snapshot): void {
  const { state } = library;
  const itemOf = (number: string) => known(state.items.get(number), number);
  const patronOf = (card: string) => known(state.patrons.get(card), card);
  for (const { item, card, lentAt, dueAt, renewals, recalled } of snapshot.loans) {
    lend(itemOf(item), patronOf(card), lentAt, dueAt, renewals).recalled = recalled === true;
  }
  for (const { item, card, pickup, placedAt, captured, readyUntil } of snapshot.holds) {
    const hold = placeHold(itemOf(item), patronOf(card), pickup, placedAt);
    if (captured !== undefined) {
      putAside(hold, itemOf(captured), readyUntil);
    }
  }
  const told = new Set(snapshot.items.map(({ item }) => item));
  const added = [...state.items.keys()].find((number) => !told.has(number));
  if (added !== undefined) {
    throw new Error(`${added} is new`);
  }
  for (const { item: number, status, branch, lastRequest } of snapshot.items) {
    const item = itemOf(number);
    item.status = status;
    item.branch = branch;
    item.lastRequest = lastRequest;
  }
  for (const { card, fees } of snapshot.fees) {
    patronOf(card).fees = [...fees];
  }
  state.feesMade = snapshot.feesMade;
  library.ledger.restore(snapshot.ledger);
}

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined) {
    throw new Error(`${name} is not in it`);
  }
  return found;
}
