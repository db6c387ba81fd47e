import { unreachable } from '../../kernel/assert.ts';
import type { MonotonicMillis } from '../../kernel/clock.ts';
import { isOurs } from '../../rfid/isil.ts';
import type { TypeOfUsage } from '../../rfid/tag.ts';
import { bounds } from '../settings.ts';
import { identify } from './identifiers/identify.ts';
import { itemGiven, itemLost, refuseRow } from './lending.ts';
import { cardGiven } from './login.ts';
import { isOnline } from './reach.ts';
import { refusal, type Rule } from './refusals.ts';
import { addRow, standingRow } from './rows.ts';
import { touched } from './session.ts';
import type { OpenSession, SessionRow } from './state.ts';
import { dropOutsOfDoubt, itemsIn, numberOf, type SeenItem } from './tag-field.ts';
import { isUnseen, nothingSeen, partsHere, seenWith } from './tag-seen.ts';
import { freshPart, type TagField, type TagWork } from './tag-state.ts';
import { planLate, tagsSeen } from './tag-plan.ts';
import { changeTags, setWork, workOf } from './tag-work.ts';
import type { Turn } from './turn.ts';

/** What lies before the readers changed. What was lifted may have another turn. */
export function fieldChanged(turn: Turn, field: TagField): void {
  const { tags } = turn.state;
  const here = new Set(seenItems(turn, field).map(({ key }) => key));
  const handled = new Map([...tags.handled].filter(([key]) => here.has(key)));
  const partsComeUntil = partsCome(turn, field);
  changeTags(turn, { field, fieldNumber: tags.fieldNumber + 1, handled, partsComeUntil });
}

/** While a tag is being read, a set of which a part is missing waits for it; not for ever, and not for one that flickers. */
function partsCome(turn: Turn, field: TagField): MonotonicMillis | undefined {
  const { epoch, tags } = turn.state;
  const unread = field.tags.some(
    ({ reading, dropOuts }) => reading === undefined && dropOuts < dropOutsOfDoubt,
  );
  if (!unread) return undefined;
  if (tags.partsComeUntil !== undefined) return tags.partsComeUntil;
  turn.act({ do: 'setTimer', name: 'tagParts', delayMs: bounds.partsComeMs, epoch });
  return turn.event.mono + bounds.partsComeMs;
}

function seenItems(turn: Turn, field: TagField = turn.state.tags.field): readonly SeenItem[] {
  return itemsIn(field, turn.settings.rfid?.sets ?? 'everyPart');
}

/** How much of an item had its turn. */
function partsOf(seen: SeenItem): number {
  return seen.whole ? Infinity : seen.set.parts.length;
}

/** A set that has gained a part has another turn; one from which a part was lifted has none. */
function hadItsTurn(handled: ReadonlyMap<string, number>, seen: SeenItem): boolean {
  return (handled.get(seen.key) ?? 0) >= partsOf(seen);
}

/** The next item that lies still and has not had its turn. Only where items are handled: anywhere else they just lie there. */
function nextItem(turn: Turn): SeenItem | undefined {
  const { handled, partsComeUntil = 0 } = turn.state.tags;
  const { session } = turn.state;
  const wanted =
    session.phase === 'card' ||
    (session.phase === 'open' && session.service !== 'account' && !session.finishing);
  if (!wanted) return undefined;
  return seenItems(turn).find((seen) => {
    if (!seen.still || hadItsTurn(handled, seen)) return false;
    if (!seen.whole && turn.event.mono < partsComeUntil) return false;
    // Before items are asked for, only a patron’s card is of use.
    return session.phase === 'open' || (session.phase === 'card' && seen.item.usage === 'patronCard');
  });
}

/** Asks for a turn of its own for the next item, so that each one is committed and shown by itself. */
export function lookForItems(turn: Turn): void {
  if (turn.state.tags.takeInComes || nextItem(turn) === undefined) return;
  changeTags(turn, { takeInComes: true });
  turn.act({ do: 'takeIn' });
}

function setHandled(turn: Turn, seen: SeenItem): void {
  changeTags(turn, { handled: new Map([...turn.state.tags.handled, [seen.key, partsOf(seen)]]) });
}

/** One item has its turn. */
export function takeIn(turn: Turn): void {
  changeTags(turn, { takeInComes: false });
  const seen = nextItem(turn);
  if (seen === undefined) return;
  setHandled(turn, seen);
  touched(turn);
  const { session } = turn.state;
  if (session.phase === 'card')
    return cardGiven(turn, session.service, { text: seen.set.primaryItemIdentifier, source: 'tag' });
  if (session.phase === 'open') itemSeen(turn, session, seen);
}

/** The row of an item could not be written. */
export function takeInLost(turn: Turn): void {
  changeTags(turn, { takeInComes: false });
  const seen = nextItem(turn);
  const session = turn.session();
  if (seen === undefined || session === undefined) return;
  setHandled(turn, seen);
  const number = numberOf(seen, turn.settings.identifiers);
  if (number !== undefined) itemLost(turn, session, number);
}

function itemSeen(turn: Turn, session: OpenSession, seen: SeenItem): void {
  if (seen.item.usage === 'patronCard') return turn.notice('attention', 'notice.cardNotItem');
  const identifier = seen.set.primaryItemIdentifier;
  const identified = identify({ text: identifier, source: 'tag' }, 'item', turn.settings.identifiers);
  if (identified.is === 'notKept') return turn.notice('attention', 'notice.notKept');
  if (identified.is === 'card') return turn.notice('attention', 'notice.cardNotItem');
  const kind = session.service === 'return' ? 'checkin' : 'checkout';
  if (session.rows.length >= bounds.rowsPerSessionMax) return turn.notice('attention', 'notice.full');
  if (identified.is !== 'item') return refuseRow(turn, kind, identifier, 'tag.unrecognised');
  const { number } = identified;
  const standing = standingRow(turn, number, kind === 'checkin' ? ['checkin'] : ['checkout', 'renew']);
  // Another library's item may have the same number.
  const isOwn = isOurs(seen.item.owner, turn.settings.rfid?.owners ?? []);
  if (standing !== undefined && isOwn) return seenAgain(turn, standing, seen, number);
  const rule = refusedByTag(turn, kind, seen);
  if (rule !== undefined) return refuseRow(turn, kind, number, rule);
  if (!seen.whole && isTurnedAwayIncomplete(turn, kind)) return partsMissing(turn, kind, number, seen);
  forgetParts(turn, number);
  if (kind === 'checkout' && session.patron?.charged.has(number) === true)
    return ownLoan(turn, session, number, seen);
  itemGiven(turn, session, number);
}

/** What the tag itself says against it. Returns are taken but for another library’s, which the library system does not know. */
function refusedByTag(turn: Turn, kind: 'checkout' | 'checkin', seen: SeenItem): Rule | undefined {
  const { owners = [] } = turn.settings.rfid ?? {};
  if (!isOurs(seen.item.owner, owners)) return 'tag.otherLibrary';
  if (kind === 'checkin') return undefined;
  if (neverLent.has(seen.item.usage)) return 'tag.notForLoan';
  return !isOnline(turn.state) && seen.item.offlineUse?.checkout === false ? 'acs.away' : undefined;
}

const neverLent: ReadonlySet<TypeOfUsage> = new Set(['acquisition', 'notForLoan', 'discarded']);

/** A set of which a part is missing is not lent: whoever has the other part would answer for it. What comes back is taken. */
function isTurnedAwayIncomplete(turn: Turn, kind: 'checkout' | 'checkin'): boolean {
  return kind === 'checkout' || turn.settings.rfid?.incompleteTurnedAway === true;
}

function partsMissing(turn: Turn, kind: SessionRow['kind'], number: string, seen: SeenItem): void {
  const parts = partsHere(seen);
  forgetParts(turn, number);
  addRow(turn, { item: number, kind, stage: 'refused', refusal: refusal('set.incomplete'), parts });
  turn.refuse('set.incomplete', 'station');
}

function forgetParts(turn: Turn, number: string): void {
  const rows = turn.session()?.rows ?? [];
  turn.changeSession({ rows: rows.filter((row) => row.item !== number || row.parts === undefined) });
}

/** An item that has its row lies there again, or its tags come after its barcode. */
function seenAgain(turn: Turn, row: SessionRow, seen: SeenItem, number: string): void {
  const work = row.transaction === undefined ? undefined : workOf(turn, row.transaction);
  if (work !== undefined && work.stage !== 'stuck' && work.stage !== 'undoing') {
    if (work.aim === 'lock' || (isUnseen(work) && seen.whole)) tagsSeen(turn, work, seen);
    return;
  }
  if (row.kind === 'checkout' && row.security === undefined && seen.whole) tagsCome(turn, row, seen, number);
  if (row.security === 'notFree' && row.mayBeFree !== false && seen.whole && work !== undefined)
    takeUpAgain(turn, work, seen);
}

/** A loan that was to have no tags has them now. */
function tagsCome(
  turn: Turn,
  { transaction, stage, mayBeFree }: SessionRow,
  seen: SeenItem,
  number: string,
): void {
  if (transaction === undefined || workOf(turn, transaction) !== undefined) return;
  if (turn.settings.rfid?.security !== true) return;
  switch (stage) {
    case 'pending':
    case 'unsure':
      // Refused already, and its cause is being asked for: there is nothing to plan.
      return turn.state.open.get(transaction) === undefined
        ? undefined
        : planLate(turn, transaction, number, seen, false);
    case 'done':
      return mayBeFree === true ? planLate(turn, transaction, number, seen, true) : undefined;
    case 'offline':
      return mayBeFree === false ? undefined : planLate(turn, transaction, number, seen, true);
    case 'reading':
    case 'refused':
    case 'staff':
      return;
    default:
      return unreachable(stage);
  }
}

/** Lent to this patron, and locked since the last time: now it is freed. Other loans of theirs are left alone. */
function ownLoan(turn: Turn, session: OpenSession, number: string, seen: SeenItem): void {
  const stuck = turn.state.tags.works.findLast(
    ({ stage, aim, item }) => stage === 'stuck' && aim === 'unlock' && item === number,
  );
  if (stuck === undefined || session.service !== 'borrow')
    return turn.notice('attention', 'notice.tag.yours');
  addRow(turn, { item: number, kind: 'checkout', stage: 'done', transaction: stuck.id, mayBeFree: true });
  takeUpAgain(turn, stuck, seen);
}

function takeUpAgain(turn: Turn, work: TagWork, seen: SeenItem): void {
  if (work.stage !== 'stuck' || work.aim !== 'unlock') return;
  setWork(turn, work.id, {
    ...work,
    stage: 'acting',
    epoch: turn.state.epoch,
    givenUp: false,
    rule: undefined,
    parts: seen.set.parts.map(({ uid }) => freshPart(uid)),
    seen: seenWith(nothingSeen, seen.set),
  });
}
