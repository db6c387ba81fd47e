import { unreachable } from '../../kernel/assert.ts';
import type { Message } from '../../shared/message.ts';
import type { ItemState, PutBack, ReaderCount } from '../../shared/view.ts';
import type { MessageKey } from '../../strings/keys.ts';
import type { CoreSettings } from '../settings.ts';
import { maybe } from './maybe.ts';
import { isSecurityGoing, isUnseenRow } from './rows.ts';
import type { OpenSession, RowSecurity, SessionRow, State } from './state.ts';
import { dropOutsOfDoubt, itemsIn, numberOf, strangersIn } from './tag-field.ts';

/** The live count of what lies before the reader. */
export function readerCount(
  { session, tags }: State,
  { rfid, identifiers }: CoreSettings,
): ReaderCount | undefined {
  if (rfid === undefined || session.phase !== 'open' || session.service === 'account') return undefined;
  const items = itemsIn(tags.field, rfid.sets);
  const hasRow = (number: string | undefined): boolean => session.rows.some(({ item }) => item === number);
  const doubtful = items.filter(
    (seen) =>
      (!seen.still && seen.dropOuts >= dropOutsOfDoubt) ||
      // It lies there from before this session.
      (tags.handled.has(seen.key) && !hasRow(numberOf(seen, identifiers) ?? seen.set.primaryItemIdentifier)),
  );
  return {
    items: items.length,
    reading: items.filter(({ still }) => !still).length,
    doubtful: doubtful.length,
    strange: strangersIn(tags.field),
    tooMany: tags.field.tooMany,
  };
}

/** What has to be put back, the first one lifted first; at the end of a session, what was never laid there. */
export function putBack(session: OpenSession | undefined): readonly PutBack[] | undefined {
  if (session === undefined) return undefined;
  const lifted = session.rows.filter(({ security }) => security === 'away');
  const rows = lifted.length > 0 || session.layAsked !== true ? lifted : session.rows.filter(isUnseenRow);
  const why = lifted.length > 0 ? 'lifted' : 'notSeen';
  const asked = rows.map((row): PutBack => ({
    item: row.item,
    ...maybe('title', row.title),
    lent: row.kind !== 'checkin',
    why,
  }));
  return asked.length === 0 ? undefined : asked.toReversed();
}

const shown: Readonly<Record<RowSecurity, ItemState>> = {
  unseen: 'attention',
  outOfReach: 'attention',
  incomplete: 'attention',
  goingOff: 'pending',
  goingOn: 'pending',
  goingBack: 'attention',
  away: 'attention',
  free: 'done',
  on: 'done',
  notFree: 'attention',
  notOn: 'attention',
  staysOn: 'done',
};

/** The state of a row whose security is on its way or went wrong; undefined where its transaction says it all. */
export function securityState(row: SessionRow): ItemState | undefined {
  if (row.parts !== undefined) return 'attention';
  if (row.security === undefined || (row.stage !== 'done' && row.stage !== 'offline')) return undefined;
  const state = shown[row.security];
  // A return that waits for the library system stays so.
  return state === 'done' ? undefined : state;
}

/** What a row says of its security; undefined where its transaction says it all. */
export function securityMessage(row: SessionRow): Message | undefined {
  if (row.parts !== undefined) {
    const { here, of } = row.parts;
    if (of === undefined) return { key: 'row.tag.mainPartMissing' };
    return { key: 'row.tag.partsMissing', params: { here, of } };
  }
  const { security } = row;
  if (security === undefined || (row.stage !== 'done' && row.stage !== 'offline')) return undefined;
  switch (security) {
    case 'unseen':
    case 'outOfReach':
      return unseenMessage(row, security);
    case 'incomplete':
      return partsMessage(row, 'row.tag.returnedParts', 'row.tag.returnedMainPartMissing');
    case 'goingOff':
      return { key: 'row.tag.goingOff' };
    case 'goingOn':
      return { key: 'row.tag.goingOn' };
    case 'goingBack':
      return { key: 'row.tag.goingBack' };
    case 'away':
      return { key: row.kind === 'checkin' ? 'row.tag.awayReturned' : 'row.tag.awayLent' };
    case 'free':
      // A loan by the station's own rules keeps its own words.
      if (row.stage === 'offline') return undefined;
      return withDue(row, 'row.tag.free', 'row.tag.freeNoDue');
    case 'staysOn':
      return withDue(row, 'row.tag.staysOn', 'row.tag.staysOnNoDue');
    case 'notFree':
      return withDue(row, 'row.tag.notFree', 'row.tag.notFreeNoDue');
    case 'notOn':
      if (row.partsSeen === undefined) return { key: 'row.tag.notOn' };
      return partsMessage(row, 'row.tag.returnedSome', 'row.tag.returnedNoMain');
    case 'on':
      return undefined;
    default:
      return unreachable(security);
  }
}

/** Its tags are still to be laid on the reader. */
function unseenMessage(row: SessionRow, security: 'unseen' | 'outOfReach'): Message {
  if (row.kind === 'checkin') return { key: `row.tag.${security}Returned` };
  if (row.partsSeen !== undefined)
    return partsMessage(row, 'row.tag.lentParts', 'row.tag.lentMainPartMissing');
  return security === 'unseen'
    ? withDue(row, 'row.tag.unseen', 'row.tag.unseenNoDue')
    : withDue(row, 'row.tag.outOfReach', 'row.tag.outOfReachNoDue');
}

function partsMessage({ partsSeen }: SessionRow, counted: MessageKey, main: MessageKey): Message {
  if (partsSeen?.of === undefined) return { key: main };
  return { key: counted, params: { here: partsSeen.here, of: partsSeen.of } };
}

/** The row of an item as its patron leaves it: nothing more is done to its tags. */
export function asLeft(row: SessionRow): SessionRow {
  const open =
    isSecurityGoing(row) ||
    row.security === 'unseen' ||
    row.security === 'outOfReach' ||
    row.security === 'incomplete';
  return open ? { ...row, security: row.kind === 'checkin' ? 'notOn' : 'notFree' } : row;
}

function withDue(row: SessionRow, dated: MessageKey, plain: MessageKey): Message {
  return row.due === undefined ? { key: plain } : { key: dated, params: { due: { due: row.due } } };
}
