import type { TransactionId } from '../../kernel/ids.ts';
import type { CirculationStatus, ItemInformation } from '../../ils/ils.ts';
import type { TagAim } from '../../journal/rows.ts';
import { maybe } from './maybe.ts';
import type { OpenTransaction } from './state.ts';
import type { SeenItem } from './tag-field.ts';
import { hasNoTag, isSeenWhole, isUnseen, itemInField, nothingSeen, seenWith } from './tag-seen.ts';
import { freshPart, type PartsSeen, type TagWork } from './tag-state.ts';
import { liesFree, secureFound, setWork, workOf } from './tag-work.ts';
import type { Turn } from './turn.ts';

function freshWork(
  turn: Turn,
  id: TransactionId,
  aim: TagAim,
  item: string,
  uids: readonly string[],
  seen: PartsSeen,
): TagWork {
  const whole = uids.length === 0 || isSeenWhole({ seen }, turn.settings.rfid?.sets ?? 'everyPart');
  const parts = whole ? undefined : { numbers: seen.numbers, ...maybe('of', seen.of) };
  turn.commit({ row: 'tagBegin', id, aim, item, uids, ...maybe('parts', parts), at: turn.event.at });
  return {
    id,
    aim,
    item,
    parts: uids.map(freshPart),
    seen,
    stage: 'planned',
    epoch: turn.state.epoch,
    givenUp: false,
    noTag: false,
    withStaff: false,
    rule: undefined,
  };
}

/**
 * A transaction begins, and the tags of its item lie there: what is to be done to them is committed with it, and touched
 * only when the transaction is certain. A loan that waits is certain by the offline rules, a return that waits was taken.
 */
export function planTags(
  turn: Turn,
  transaction: OpenTransaction,
  replaces: TransactionId | undefined,
): void {
  const { kind } = transaction;
  if (turn.settings.rfid?.security !== true || (kind !== 'checkout' && kind !== 'checkin')) return;
  const { id, item } = transaction;
  const aim = kind === 'checkin' ? 'lock' : 'unlock';
  const before = replaces === undefined ? undefined : workOf(turn, replaces);
  // Nothing was to be done any more: the item has no tag, or came back while its loan was under way.
  if (replaces !== undefined && before === undefined) return;
  // Of a loan no tag is touched before all of them lie there; of a return each one is secured.
  const found = itemInField(turn, item);
  const there = found?.whole === true || aim === 'lock' ? found : undefined;
  const uids = before?.parts.map(({ uid }) => uid) ?? there?.set.parts.map(({ uid }) => uid) ?? [];
  if (before !== undefined) {
    turn.commit({ row: 'tagMove', id: before.id, to: 'void', rule: 'replaced', at: turn.event.at });
    setWork(turn, before.id, undefined);
  }
  const neverFreed = aim === 'lock' && isNeverFreed(turn, item);
  // What takes the place of another happened when that did.
  if (aim === 'lock' && replaces === undefined) supersede(turn, item);
  if (uids.length === 0 && (neverFreed || hasNoTag(turn, item))) return;
  const seen = before?.seen ?? (there === undefined ? nothingSeen : seenWith(nothingSeen, there.set));
  const work = freshWork(turn, id, aim, item, uids, seen);
  setWork(turn, id, { ...work, stage: transaction.state === 'waiting' ? 'acting' : 'planned' });
}

/** It was lent by its barcode, and no reader saw its tags since: they are as secured as they were. */
function isNeverFreed(turn: Turn, item: string): boolean {
  return turn.state.tags.works.some((work) => isOfUnseenLoan(work, item));
}

function isOfUnseenLoan(work: TagWork, item: string): boolean {
  const unseen = isUnseen(work) && (work.stage !== 'stuck' || work.rule === 'tag.notSeen');
  return work.item === item && work.aim === 'unlock' && unseen;
}

/** What comes back is not freed any more, however far that had come. */
function supersede(turn: Turn, item: string): void {
  for (const work of turn.state.tags.works) {
    if (work.item !== item || work.aim !== 'unlock' || work.stage === 'stuck') continue;
    // What stood on the staff list was taken up again, and is done with now.
    const to = work.withStaff ? 'done' : 'void';
    turn.commit({ row: 'tagMove', id: work.id, to, rule: 'cameBack', at: turn.event.at });
    setWork(turn, work.id, undefined);
    turn.changeRowOf(work.id, { security: undefined, mayBeFree: false });
  }
}

/** What was lent and locked came back: that needs nobody any more. */
function lockedCameBack(turn: Turn, item: string): void {
  for (const work of turn.state.tags.works) {
    if (work.stage !== 'stuck' || !isOfUnseenLoan(work, item)) continue;
    turn.commit({ row: 'tagMove', id: work.id, to: 'done', rule: 'cameBack', at: turn.event.at });
    setWork(turn, work.id, undefined);
  }
}

/** The tags came of an item that was to have none. */
export function planLate(
  turn: Turn,
  id: TransactionId,
  item: string,
  seen: SeenItem,
  certain: boolean,
): void {
  const uids = seen.set.parts.map(({ uid }) => uid);
  const work = freshWork(turn, id, 'unlock', item, uids, seenWith(nothingSeen, seen.set));
  setWork(turn, id, { ...work, stage: certain ? 'acting' : 'planned' });
}

/** Tags of an item came after its barcode, or a part of a set that came back without it. */
export function tagsSeen(turn: Turn, work: TagWork, { set }: SeenItem): void {
  const fresh = set.parts.filter(({ uid }) => !work.parts.some((part) => part.uid === uid));
  setWork(turn, work.id, {
    ...work,
    parts: [...work.parts, ...fresh.map(({ uid }) => freshPart(uid))],
    seen: seenWith(work.seen, set),
  });
}

/**
 * The library system did what was asked. `leave`: it said that the item’s security stays as it is (a loan for the reading
 * room), and that is obeyed.
 */
export function tagsMayFollow(
  turn: Turn,
  transaction: OpenTransaction,
  security: 'change' | 'leave' | 'asItIs',
): void {
  const work = workOf(turn, transaction.id);
  if (transaction.kind === 'checkout' && security === 'change')
    turn.changeRowOf(transaction.id, { mayBeFree: true });
  if (transaction.kind === 'checkin') lockedCameBack(turn, transaction.item);
  if (work === undefined) {
    if (transaction.kind === 'checkout' && security === 'leave' && turn.settings.rfid?.security === true)
      turn.changeRowOf(transaction.id, { security: 'staysOn' });
    return;
  }
  if (security !== 'change') {
    voidWork(turn, work, `acs.${security}`);
    if (work.aim === 'unlock' && security === 'leave') turn.changeRowOf(work.id, { security: 'staysOn' });
    return;
  }
  if (work.stage === 'planned') setWork(turn, work.id, { ...work, stage: 'acting' });
}

/** The patron is told that a return is taken before the library system said so: it is secured at once. */
export function tagsOfTaken(turn: Turn, id: TransactionId): void {
  const work = workOf(turn, id);
  if (work?.stage === 'planned') setWork(turn, id, { ...work, stage: 'acting' });
}

/** The transaction came to nothing, or to staff: its tags stay as they are. What was told as taken is secured all the same. */
export function tagsStay(turn: Turn, transaction: OpenTransaction, to: string): void {
  const work = workOf(turn, transaction.id);
  if (work?.stage !== 'planned') return;
  // What could not be sent may go on under another id; `withdraw` knows.
  if (to === 'withdrawn') return;
  if (to === 'staff' && transaction.toldTaken) return tagsOfTaken(turn, work.id);
  if (to === 'refused' && isFoundFree(turn, transaction)) return;
  voidWork(turn, work, `transaction.${to}`);
}

/** A loan is refused, and the item lies there unsecured: whose it is has to be asked before anything is done to its tags. */
export function isFoundFree(turn: Turn, { id, kind }: Pick<OpenTransaction, 'id' | 'kind'>): boolean {
  const work = workOf(turn, id);
  return kind === 'checkout' && work?.stage === 'planned' && liesFree(turn, work);
}

/** The library system says whose an item is that was refused and lies there: what is nobody’s loan is secured again. */
export function whoseTold(turn: Turn, id: TransactionId, item: ItemInformation): void {
  const work = workOf(turn, id);
  if (work?.stage !== 'planned') return;
  if (item.known && withLibrary.has(item.status)) secureFound(turn, work);
  else voidWork(turn, work, 'transaction.refused');
}

/** Nobody has it on loan, by the library system’s own word. */
const withLibrary: ReadonlySet<CirculationStatus> = new Set<CirculationStatus>([
  'available',
  'onHoldShelf',
  'inTransit',
  'inProcess',
  'onOrder',
  'toBeReshelved',
  'missing',
]);

function voidWork(turn: Turn, work: TagWork, rule: string): void {
  if (work.stage !== 'planned') return;
  turn.commit({ row: 'tagMove', id: work.id, to: 'void', rule, at: turn.event.at });
  setWork(turn, work.id, undefined);
}
