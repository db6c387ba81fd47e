import { unreachable } from '../../kernel/assert.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { TagOutcome } from '../../devices/rfid-reader/rfid-reader.ts';
import { bounds } from '../settings.ts';
import { sightingOf } from './tag-field.ts';
import { incompleteRule, isSeenWhole, isUnseen, itemInField, partsHere } from './tag-seen.ts';
import { type Missed, type TagJob, type TagPart, type TagState, type TagWork } from './tag-state.ts';
import type { PartsHere, RowSecurity, State } from './state.ts';
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
  if (undoing) return change({ state: 'restored' }, { rule: notRestored(work) });
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

/** The patron says that the item is not there any more, or cannot be laid there. */
export function giveUpTags(turn: Turn): void {
  for (const work of waitedFor(turn)) {
    setWork(turn, work.id, { ...work, givenUp: true });
    turn.changeRowOf(work.id, { security: work.aim === 'unlock' ? 'notFree' : 'notOn' });
  }
  const { tags } = turn.state;
  changeTags(turn, {
    works: tags.works.map((work) => (isAway(tags, work) ? { ...work, givenUp: true } : work)),
  });
}

/** The patron says of the items that they are asked for that they have no tag. */
export function sayNoTag(turn: Turn): void {
  for (const work of waitedFor(turn)) {
    setWork(turn, work.id, { ...work, noTag: true });
    turn.changeRowOf(work.id, { security: undefined });
  }
}

/** What the patron is asked to lay on the reader before they go. The answer holds also while the disk is full. */
function waitedFor(turn: Turn): readonly TagWork[] {
  if (turn.session()?.layAsked !== true) return [];
  return turn.state.tags.works.filter((work) => isWaitedFor(turn, work));
}

/** Its tags were not on the reader yet, and its patron is here. */
function isWaitedFor(turn: Turn, work: TagWork): boolean {
  return work.stage === 'acting' && isUnseen(work) && !hasEnded(turn, work);
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
  if (turn.state.disk === 'broken') return;
  for (const work of drivenWorks(turn)) noteMissing(turn, work);
  for (const work of drivenWorks(turn)) settleWork(turn, work);
  beginJob(turn);
  for (const work of drivenWorks(turn)) showWork(turn, work);
}

const noWorks: readonly TagWork[] = [];

/** All but what is left to staff, which nothing that happens here moves on, and of which there may be many. */
function drivenWorks(turn: Turn): readonly TagWork[] {
  const { works } = turn.state.tags;
  return works.some(isDriven) ? works.filter(isDriven) : noWorks;
}

function isDriven({ stage }: TagWork): boolean {
  return stage !== 'stuck';
}

function settleWork(turn: Turn, work: TagWork): void {
  const { job } = turn.state.tags;
  const ended = hasEnded(turn, work);
  if (isAskedWhose(turn, work)) return ended ? closeWithStaff(turn, work, 'tag.isFree') : undefined;
  if (job?.work === work.id || (work.stage !== 'acting' && work.stage !== 'undoing')) return;
  const waits = isAway(turn.state.tags, work);
  if (work.stage === 'acting') {
    if (isUnseen(work)) return settleUnseen(turn, work);
    if (work.parts.every(({ state }) => state === 'changed')) return settleChanged(turn, work);
    if (partsLeft(work).length === 0) return closeWithStaff(turn, work, work.rule ?? 'tag.notSecured');
    if (!ended) return;
    // Nobody is there to take a freed item, and what came back is secured if it still lies there.
    const rule = work.epoch === undefined ? 'restart' : waits ? 'tag.gone' : 'patronGone';
    if (work.aim === 'lock') return waits ? closeWithStaff(turn, work, rule) : undefined;
    const touched = work.parts.some(({ state }) => state !== 'asFound');
    return touched ? settleWork(turn, startUndoing(turn, work, rule)) : closeWithStaff(turn, work, rule);
  }
  if (partsLeft(work).length === 0) return closeWithStaff(turn, work, work.rule ?? 'tag.notFree');
  if (ended && waits) closeWithStaff(turn, work, notRestored(work));
}

/** Why an item stands with staff that could not be secured again. */
function notRestored({ rule }: TagWork): string {
  return rule === 'tag.wasFree' ? 'tag.isFree' : 'tag.partlyFree';
}

/** Its loan was refused, it lies there unsecured, and whose it is is being asked. */
function isAskedWhose({ state }: Turn, { id, stage }: TagWork): boolean {
  return stage === 'planned' && state.open.get(id) === undefined;
}

/** A tag of an item that is to be lent lies there unsecured, from a loan of before. */
export function liesFree({ state }: Turn, { parts }: TagWork): boolean {
  return parts.some(({ uid }) => sightingOf(state.tags.field, uid)?.secured === 'no');
}

/** It lay there unsecured, and is nobody’s loan: the security comes back, and staff hear of it. */
export function secureFound(turn: Turn, work: TagWork): void {
  const parts = work.parts.map((part) => ({ ...part, state: 'unsure' as const }));
  startUndoing(turn, { ...work, parts }, 'tag.wasFree');
}

/** It came by its barcode, and its tags are waited for as long as its patron is here. */
function settleUnseen(turn: Turn, work: TagWork): void {
  if (work.noTag) {
    turn.commit({ row: 'tagMove', id: work.id, to: 'void', rule: 'patron.noTag', at: turn.event.at });
    setWork(turn, work.id, undefined);
    return turn.changeRowOf(work.id, { security: undefined });
  }
  if (hasEnded(turn, work)) closeWithStaff(turn, work, work.epoch === undefined ? 'restart' : 'tag.notSeen');
}

/** Each part that was there is as it should be. Of a set that came back, another part may be missing. */
function settleChanged(turn: Turn, work: TagWork): void {
  const { sets = 'everyPart' } = turn.settings.rfid ?? {};
  if (work.aim === 'unlock' || isSeenWhole(work, sets)) return closeDone(turn, work);
  if (hasEnded(turn, work)) closeWithStaff(turn, work, incompleteRule(work, sets));
}

/** Staff hear of a set that came back with a part missing at once, and no more of it when that part comes. */
function noteMissing(turn: Turn, work: TagWork): void {
  const { sets = 'everyPart' } = turn.settings.rfid ?? {};
  if (work.aim === 'unlock' || work.stage !== 'acting' || isUnseen(work) || work.withStaff) return;
  if (isSeenWhole(work, sets)) return;
  const rule = incompleteRule(work, sets);
  turn.commit({ row: 'tagMove', id: work.id, to: 'staff', rule, at: turn.event.at });
  setWork(turn, work.id, { ...work, withStaff: true });
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
  forgetOldest(turn);
  if (isRefused(turn, work)) return;
  turn.changeRowOf(work.id, { security: work.aim === 'unlock' ? 'notFree' : 'notOn' });
}

/** Its row says that it is not lent; what becomes of its security is the staff’s. */
function isRefused(turn: Turn, { id }: TagWork): boolean {
  const row = turn.session()?.rows.find(({ transaction }) => transaction === id);
  return row?.stage === 'refused';
}

/** The journal keeps all of them. */
function forgetOldest(turn: Turn): void {
  const stuck = turn.state.tags.works.filter(({ stage }) => stage === 'stuck');
  const [oldest] = stuck;
  if (oldest !== undefined && stuck.length > bounds.stuckTagsMax) setWork(turn, oldest.id, undefined);
}

/** Nobody waits for it any more. */
function hasEnded(turn: Turn, work: TagWork): boolean {
  return work.givenUp || work.epoch !== turn.state.epoch || turn.session() === undefined;
}

/** The library system is asked for the loan, or about it after it said no or nothing: what comes of that comes first. */
function isAskedAbout({ state }: Turn, { id }: TagWork): boolean {
  const purpose = state.underWay?.purpose;
  if (purpose?.for === 'transaction' && purpose.id === id) return true;
  const transaction = state.open.get(id);
  return transaction !== undefined && transaction.believed === undefined && transaction.next !== 'send';
}

/** The loan is not certain any more: what was not freed stays secured, and what was freed in part is secured again. */
export function stopFreeing(turn: Turn, id: TransactionId): void {
  turn.changeRowOf(id, { mayBeFree: false });
  const work = workOf(turn, id);
  if (work?.stage !== 'acting' || work.aim !== 'unlock') return;
  const parts = work.parts.map(asPerhapsReached);
  if (parts.every(({ state }) => state === 'asFound')) return closeWithStaff(turn, work, 'tag.loanInDoubt');
  if (partsLeft(work).length > 0) startUndoing(turn, { ...work, parts }, 'tag.loanInDoubt');
}

/** A tag that went while it was written to may have been reached. */
function asPerhapsReached(part: TagPart): TagPart {
  return part.state === 'asFound' && part.missed !== undefined ? { ...part, state: 'unsure' } : part;
}

/** One command at a time; the work that began first comes first. */
function beginJob(turn: Turn): void {
  const { tags } = turn.state;
  if (tags.job !== undefined || !tags.ready) return;
  for (const work of drivenWorks(turn)) {
    // What is lent is freed only for somebody who takes it; all else makes things safe again.
    if (work.stage === 'acting' && work.aim === 'unlock' && hasEnded(turn, work)) continue;
    if (work.stage === 'acting' && work.aim === 'unlock' && isAskedAbout(turn, work)) continue;
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
  const row = turn.session()?.rows.find(({ transaction }) => transaction === work.id);
  if (row === undefined || row.stage === 'refused') return;
  const security = securityNow(turn, work);
  const partsSeen = partsShown(turn, work, security);
  const same =
    row.partsSeen?.here === partsSeen?.here &&
    row.partsSeen?.of === partsSeen?.of &&
    row.security === security;
  if (!same) turn.changeRowOf(work.id, { security, partsSeen });
}

function securityNow(turn: Turn, work: TagWork): RowSecurity {
  const { tags } = turn.state;
  if (isUnseen(work)) return tags.ready ? 'unseen' : 'outOfReach';
  if (isAway(tags, work)) return 'away';
  if (work.stage === 'undoing') return 'goingBack';
  if (work.aim === 'unlock') return 'goingOff';
  return partsLeft(work).length === 0 ? 'incomplete' : 'goingOn';
}

/** How many parts of a set are there, where some are and one is missing. */
function partsShown(turn: Turn, work: TagWork, security: RowSecurity): PartsHere | undefined {
  if (security === 'incomplete') return { here: work.seen.numbers.length, of: work.seen.of };
  const seen = security === 'unseen' ? itemInField(turn, work.item) : undefined;
  return seen === undefined ? undefined : partsHere(seen);
}

/** Something was lifted before its security was done with, or never laid there, and whoever has it is here. */
export function isPutBackAsked({ session }: Pick<State, 'session'>): boolean {
  if (session.phase !== 'open') return false;
  return session.layAsked === true || session.rows.some(({ security }) => security === 'away');
}
