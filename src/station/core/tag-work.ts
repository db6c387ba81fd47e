import { unreachable } from '../../kernel/assert.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { TagOutcome } from '../../devices/rfid-reader/rfid-reader.ts';
import type { TagAim } from '../../journal/rows.ts';
import { isOurs } from '../../rfid/isil.ts';
import { bounds } from '../settings.ts';
import { itemsIn, numberOf, sightingOf, type SeenItem } from './tag-field.ts';
import type { Missed, TagJob, TagPart, TagState, TagWork } from './tag-state.ts';
import type { OpenTransaction, RowSecurity, State } from './state.ts';
import type { Turn } from './turn.ts';

/** Changes what is known of tags. */
export function changeTags(turn: Turn, change: Partial<TagState>): void {
  turn.change({ tags: { ...turn.state.tags, ...change } });
}

export function workOf(turn: Turn, id: TransactionId): TagWork | undefined {
  return turn.state.tags.works.find((work) => work.id === id);
}

/** Writes a work back, or forgets it. */
export function setWork(turn: Turn, id: TransactionId, work: TagWork | undefined): void {
  const { works } = turn.state.tags;
  const there = works.some((one) => one.id === id);
  const next =
    work === undefined
      ? works.filter((one) => one.id !== id)
      : there
        ? works.map((one) => (one.id === id ? work : one))
        : [...works, work];
  changeTags(turn, { works: next });
}

/** The library’s item of that number in the field, if all of its tags lie there; another library’s may have the same number. */
function wholeItem(turn: Turn, item: string): SeenItem | undefined {
  const { rfid } = turn.settings;
  if (rfid === undefined) return undefined;
  return itemsIn(turn.state.tags.field, rfid.sets).find(
    (seen) =>
      seen.whole &&
      isOurs(seen.item.owner, rfid.owners) &&
      numberOf(seen, turn.settings.identifiers) === item,
  );
}

function freshWork(
  turn: Turn,
  id: TransactionId,
  aim: TagAim,
  item: string,
  uids: readonly string[],
): TagWork {
  turn.commit({ row: 'tagBegin', id, aim, item, uids, at: turn.event.at });
  return {
    id,
    aim,
    item,
    parts: uids.map((uid): TagPart => ({ uid, state: 'asFound', missed: undefined, misses: 0 })),
    stage: 'planned',
    epoch: turn.state.epoch,
    givenUp: false,
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
  const uids =
    before?.parts.map(({ uid }) => uid) ?? wholeItem(turn, item)?.set.parts.map(({ uid }) => uid) ?? [];
  if (before !== undefined) {
    turn.commit({ row: 'tagMove', id: before.id, to: 'void', rule: 'replaced', at: turn.event.at });
    setWork(turn, before.id, undefined);
  }
  if (uids.length === 0) return;
  if (aim === 'lock') supersede(turn, item);
  const work = freshWork(turn, id, aim, item, uids);
  setWork(turn, id, { ...work, stage: transaction.state === 'waiting' ? 'acting' : 'planned' });
}

/** What comes back is not freed any more, however far that had come. */
function supersede(turn: Turn, item: string): void {
  for (const work of turn.state.tags.works) {
    if (work.item !== item || work.aim !== 'unlock' || work.stage === 'stuck') continue;
    turn.commit({ row: 'tagMove', id: work.id, to: 'void', rule: 'cameBack', at: turn.event.at });
    setWork(turn, work.id, undefined);
    turn.changeRowOf(work.id, { security: undefined, mayBeFree: false });
  }
}

/** The tags of an item came after its loan was made (its barcode was scanned first). */
export function planLate(
  turn: Turn,
  id: TransactionId,
  item: string,
  seen: SeenItem,
  certain: boolean,
): void {
  const uids = seen.set.parts.map(({ uid }) => uid);
  const work = freshWork(turn, id, 'unlock', item, uids);
  setWork(turn, id, { ...work, stage: certain ? 'acting' : 'planned' });
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
  voidWork(turn, work, `transaction.${to}`);
}

function voidWork(turn: Turn, work: TagWork, rule: string): void {
  if (work.stage !== 'planned') return;
  turn.commit({ row: 'tagMove', id: work.id, to: 'void', rule, at: turn.event.at });
  setWork(turn, work.id, undefined);
}

/** The reply to a command. Changes no row of the journal: what follows from it is decided in `driveTags`. */
export function tagReplied(turn: Turn, number: number, outcome: TagOutcome): void {
  const { job } = turn.state.tags;
  if (job?.number !== number) return;
  changeTags(turn, { job: undefined });
  const work = workOf(turn, job.work);
  const part = work?.parts.find(({ uid }) => uid === job.uid);
  if (work === undefined || part === undefined) return;
  const change = (changed: Partial<TagPart>, more: Partial<TagWork> = {}): void =>
    setWork(turn, work.id, {
      ...work,
      ...more,
      parts: work.parts.map((one) => (one === part ? { ...one, ...changed } : one)),
    });
  const undoing = work.stage === 'undoing';
  if (outcome.kind === 'done') return change({ state: undoing ? 'restored' : 'changed', missed: undefined });
  const trouble = outcome.kind === 'gone' ? 'gone' : outcome.why.kind;
  const misses = part.misses + (isOfReader(trouble) ? 1 : 0);
  if (isAbsence(trouble) || (isOfReader(trouble) && misses < bounds.tagMissesMax)) {
    // A write may have reached it before it went.
    return change({ state: undoing ? 'unsure' : 'asFound', missed: missedNow(turn), misses });
  }
  if (undoing) return change({ state: 'restored' }, { rule: 'tag.partlyFree' });
  const rule = `tag.${trouble}`;
  change({ state: 'unsure' }, work.aim === 'unlock' ? { stage: 'undoing', rule } : { rule });
}

/** It is tried again without anybody’s doing if it lies there all the same. */
function missedNow(turn: Turn): Missed {
  const { epoch, tags } = turn.state;
  turn.act({ do: 'setTimer', name: 'tags', delayMs: bounds.tagPauseMs, epoch });
  return { field: tags.fieldNumber, until: turn.event.mono + bounds.tagPauseMs };
}

/** The tag went away, which is nobody’s refusal. */
function isAbsence(trouble: string): boolean {
  return trouble === 'gone' || trouble === 'tagGone' || trouble === 'offline';
}

/** The reader answered badly or not at all; what lies there is not to blame. */
function isOfReader(trouble: string): boolean {
  return trouble === 'noAnswer' || trouble === 'badFrame' || trouble === 'wrongAnswer' || trouble === 'busy';
}

/** The patron says that the item is not there any more. */
export function giveUpTags(turn: Turn): void {
  changeTags(turn, {
    works: turn.state.tags.works.map((work) =>
      isAway(turn.state.tags, work) ? { ...work, givenUp: true } : work,
    ),
  });
}

/** The parts that still have to be changed, or secured again. */
function partsLeft(work: TagWork): readonly TagPart[] {
  switch (work.stage) {
    case 'acting':
      return work.parts.filter(({ state }) => state === 'asFound');
    case 'undoing':
      return work.parts.filter(({ state }) => state === 'changed' || state === 'unsure');
    case 'planned':
    case 'stuck':
      return [];
    default:
      return unreachable(work.stage);
  }
}

function isThere(tags: TagState, part: TagPart): boolean {
  return sightingOf(tags.field, part.uid) !== undefined;
}

/** It lies there, and was not missed just now. */
function isReady(turn: Turn, part: TagPart): boolean {
  const { tags } = turn.state;
  const { missed } = part;
  const again = missed === undefined || tags.fieldNumber > missed.field || turn.event.mono >= missed.until;
  return again && isThere(tags, part);
}

/** The item was lifted before its security was done with. No part is touched before all of them are there. */
export function isAway(tags: TagState, work: TagWork): boolean {
  const left = partsLeft(work);
  if (left.length === 0) return false;
  // To make things safe again, each part that is there counts.
  if (work.stage === 'undoing' || work.aim === 'lock') return !left.some((part) => isThere(tags, part));
  return !left.every((part) => isThere(tags, part));
}

/** Decides what happens to tags next: hands to staff, closes, begins the next command, shows it. */
export function driveTags(turn: Turn): void {
  if (turn.state.disk === 'broken' || turn.state.tags.works.length === 0) return;
  for (const work of turn.state.tags.works) settleWork(turn, work);
  beginJob(turn);
  for (const work of turn.state.tags.works) showWork(turn, work);
}

function settleWork(turn: Turn, work: TagWork): void {
  const { job } = turn.state.tags;
  if (job?.work === work.id || (work.stage !== 'acting' && work.stage !== 'undoing')) return;
  const ended = hasEnded(turn, work);
  const waits = isAway(turn.state.tags, work);
  if (work.stage === 'acting') {
    if (work.parts.every(({ state }) => state === 'changed')) return closeDone(turn, work);
    if (partsLeft(work).length === 0) return closeWithStaff(turn, work, work.rule ?? 'tag.notSecured');
    if (!ended) return;
    // Nobody is there to take a freed item, and what came back is secured if it still lies there.
    const rule = work.epoch === undefined ? 'restart' : waits ? 'tag.gone' : 'patronGone';
    if (work.aim === 'lock') return waits ? closeWithStaff(turn, work, rule) : undefined;
    const touched = work.parts.some(({ state }) => state !== 'asFound');
    return touched ? settleWork(turn, startUndoing(turn, work, rule)) : closeWithStaff(turn, work, rule);
  }
  if (partsLeft(work).length === 0) return closeWithStaff(turn, work, work.rule ?? 'tag.notFree');
  if (ended && waits) closeWithStaff(turn, work, 'tag.partlyFree');
}

function startUndoing(turn: Turn, work: TagWork, rule: string): TagWork {
  const undoing: TagWork = { ...work, stage: 'undoing', rule };
  setWork(turn, work.id, undoing);
  return undoing;
}

function closeDone(turn: Turn, work: TagWork): void {
  const { at } = turn.event;
  turn.commit({ row: 'tagMove', id: work.id, to: 'done', rule: 'readBack', at });
  setWork(turn, work.id, undefined);
  turn.changeRowOf(work.id, { security: work.aim === 'unlock' ? 'free' : 'on' });
  // What stood with staff for this item is done with, too.
  for (const other of turn.state.tags.works) {
    if (other.stage !== 'stuck' || other.item !== work.item) continue;
    turn.commit({ row: 'tagMove', id: other.id, to: 'done', rule: 'doneLater', at });
    setWork(turn, other.id, undefined);
  }
}

function closeWithStaff(turn: Turn, work: TagWork, rule: string): void {
  if (!work.withStaff) turn.commit({ row: 'tagMove', id: work.id, to: 'staff', rule, at: turn.event.at });
  setWork(turn, work.id, { ...work, stage: 'stuck', withStaff: true, rule });
  turn.changeRowOf(work.id, { security: work.aim === 'unlock' ? 'notFree' : 'notOn' });
}

/** Nobody waits for it any more. */
function hasEnded(turn: Turn, work: TagWork): boolean {
  return work.givenUp || work.epoch !== turn.state.epoch || turn.session() === undefined;
}

/** One command at a time; the work that began first comes first. */
function beginJob(turn: Turn): void {
  const { tags } = turn.state;
  if (tags.job !== undefined || !tags.ready) return;
  for (const work of tags.works) {
    // What is lent is freed only for somebody who takes it; all else makes things safe again.
    if (work.stage === 'acting' && work.aim === 'unlock' && hasEnded(turn, work)) continue;
    if (isAway(tags, work)) continue;
    const part = partsLeft(work).find((one) => isReady(turn, one));
    if (part === undefined) continue;
    const secured = work.stage === 'undoing' || work.aim === 'lock';
    const job: TagJob = { number: tags.nextJob, work: work.id, uid: part.uid, secured };
    changeTags(turn, { job, nextJob: tags.nextJob + 1 });
    return turn.act({ do: 'setSecurity', job: job.number, uid: job.uid, secured });
  }
}

function showWork(turn: Turn, work: TagWork): void {
  if (work.stage !== 'acting' && work.stage !== 'undoing') return;
  const away = isAway(turn.state.tags, work);
  const security: RowSecurity = away
    ? 'away'
    : work.aim === 'lock'
      ? 'goingOn'
      : work.stage === 'undoing'
        ? 'goingBack'
        : 'goingOff';
  const row = turn.session()?.rows.find(({ transaction }) => transaction === work.id);
  if (row !== undefined && row.security !== security) turn.changeRowOf(work.id, { security });
}

/** Something was lifted before its security was done with, and whoever lifted it is here. */
export function isPutBackAsked({ session }: Pick<State, 'session'>): boolean {
  return session.phase === 'open' && session.rows.some(({ security }) => security === 'away');
}
