import type { UtcMillis } from '../../kernel/clock.ts';
import type { Refusal } from './answers.ts';
import type { Library } from './library.ts';
import { standingOf } from './standing.ts';
import { endHold, placeHold, type Hold, type Item, type Patron } from './state.ts';

export interface HoldRequest {
  readonly card: string;
  readonly item: string;
  readonly mode: 'place' | 'cancel';
  /** BS; undefined or empty: the library’s own branch. */
  readonly pickup: string | undefined;
  readonly at: UtcMillis;
  readonly requestedAt: string;
}

export type HoldAnswer =
  | { readonly ok: true; readonly item: Item; readonly hold: Hold; readonly position: number }
  | { readonly ok: false; readonly refusal: Refusal; readonly item: Item | undefined };

/** Places or cancels a hold for a patron. */
export function requestHold(library: Library, request: HoldRequest): HoldAnswer {
  const item = library.item(request.item);
  const patron = library.state.patrons.get(request.card);
  if (patron === undefined || item === undefined) {
    return { ok: false, refusal: patron === undefined ? 'unknownPatron' : 'unknownItem', item };
  }
  return request.mode === 'place'
    ? place(library, request, patron, item)
    : cancel(library, request, patron, item);
}

function place(library: Library, request: HoldRequest, patron: Patron, item: Item): HoldAnswer {
  const refusal = whyNot(library, request, patron, item);
  if (refusal !== undefined) {
    return { ok: false, refusal, item };
  }
  const asked = request.pickup?.trim() ?? '';
  const hold = placeHold(item, patron, asked === '' ? library.data.branch : asked, request.at);
  record(library, request, 'hold');
  return { ok: true, item, hold, position: item.record.waiting.indexOf(hold) + 1 };
}

function whyNot(library: Library, request: HoldRequest, patron: Patron, item: Item): Refusal | undefined {
  const standing = standingOf(patron, library.limits, request.at);
  if (standing.status.charAt(3) === 'Y') {
    return 'holdPrivilegesDenied';
  }
  if (item.loan?.patron === patron) {
    return 'alreadyLent';
  }
  if ([...patron.holds].some((hold) => hold.item.record === item.record)) {
    return 'alreadyOnHold';
  }
  if (patron.holds.size >= library.limits.holdsMax) {
    return 'tooManyHolds';
  }
  if (item.data.adultsOnly === true && patron.data.child === true) {
    return 'adultsOnly';
  }
  return item.data.referenceOnly === true ? 'referenceOnly' : undefined;
}

function cancel(library: Library, request: HoldRequest, patron: Patron, item: Item): HoldAnswer {
  const hold = [...patron.holds].find((one) => one.captured === item || one.item === item);
  if (hold === undefined) {
    return { ok: false, refusal: 'noSuchHold', item };
  }
  endHold(hold);
  record(library, request, 'holdCancelled');
  return { ok: true, item, hold, position: 0 };
}

function record(library: Library, request: HoldRequest, effect: 'hold' | 'holdCancelled'): void {
  library.revision += 1;
  library.ledger.append({
    effect,
    at: request.at,
    requestedAt: request.requestedAt,
    item: request.item,
    card: request.card,
    dueAt: 0,
    repeat: false,
    noBlock: false,
    cancel: false,
    capturedFor: undefined,
  });
}
