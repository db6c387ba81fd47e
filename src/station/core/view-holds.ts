import { unreachable } from '../../kernel/assert.ts';
import type { EntryDetails, ItemInformation } from '../../ils/ils.ts';
import type { Message } from '../../shared/message.ts';
import type { Due } from '../../shared/values.ts';
import type { HoldAct, HoldRow, Question } from '../../shared/view.ts';
import type { CoreSettings } from '../settings.ts';
import { mayPlaceHold, standingHold } from './holds.ts';
import { maybe } from './maybe.ts';
import { isNear } from './reach.ts';
import { refusal } from './refusals.ts';
import type { Account, OpenSession, SessionRow, State } from './state.ts';

/** What the patron waits for: what is ready first. */
export function holdRows(
  session: OpenSession,
  account: Account,
  state: State,
  settings: CoreSettings,
): readonly HoldRow[] {
  return (['holdsReady', 'holdsWaiting'] as const).flatMap((list) => {
    const part = account.parts.get(list);
    return (part?.entries ?? []).map((item) => {
      const told = part?.details?.get(item);
      const known = account.items.get(item);
      const ready = list === 'holdsReady';
      const pickup = told?.pickup ?? (ready ? known?.location : undefined);
      return {
        item,
        ...maybe('title', told?.title ?? known?.title),
        ready,
        ...maybe('kind', kindOf(told, known)),
        ...maybe('pickup', pickup === undefined ? undefined : { acs: pickup }),
        ...maybe('expires', told?.expires ?? shelfEnd(known, ready)),
        ...maybe('position', ready ? undefined : told?.position),
        ...maybe('cancel', cancelOf(session, item, state, settings)),
      };
    });
  });
}

function kindOf(
  told: EntryDetails | undefined,
  known: ItemInformation | undefined,
): 'order' | 'interlibrary' | undefined {
  const kind = told?.kind ?? (known?.status === 'onOrder' ? 'order' : undefined);
  return kind === 'hold' ? undefined : kind;
}

function shelfEnd(known: ItemInformation | undefined, ready: boolean): Due | undefined {
  return ready && known?.pickupUntil !== undefined ? { kind: 'day', date: known.pickupUntil } : undefined;
}

function cancelOf(
  session: OpenSession,
  item: string,
  state: State,
  { services }: CoreSettings,
): HoldAct | undefined {
  const row = session.rows.find((one) => one.kind === 'hold' && one.hold === 'cancel' && one.item === item);
  if (row !== undefined) return actOf(row);
  if (!services.holds.cancel || !state.abilities.cancelHold) return undefined;
  return { state: isNear(state) && state.disk === 'fine' ? 'possible' : 'resting' };
}

/** Waiting for the item of a refused row: offered, under way, or what came of it. */
export function placingOf(
  session: OpenSession,
  row: SessionRow,
  state: State,
  { services }: CoreSettings,
): HoldAct | undefined {
  if (row.kind !== 'checkout' || row.stage !== 'refused') return undefined;
  const placed =
    standingHold(session, row.item) ??
    session.rows.find((one) => one.kind === 'hold' && one.hold === 'place' && one.item === row.item);
  if (placed !== undefined) return actOf(placed);
  if (!mayPlaceHold(state, session, row, services.holds.place)) return undefined;
  return { state: isNear(state) && state.disk === 'fine' ? 'possible' : 'resting' };
}

function actOf(row: SessionRow): HoldAct {
  const message = holdMessage(row);
  switch (row.stage) {
    case 'reading':
    case 'pending':
    case 'unsure':
      return { state: 'pending', message };
    case 'done':
    case 'offline':
      return { state: 'done', message };
    case 'refused':
      return { state: 'refused', message, refusal: row.refusal ?? refusal('hold.refused') };
    case 'staff':
      return { state: 'attention', message };
    default:
      return unreachable(row.stage);
  }
}

/** The state of a hold in one sentence. */
export function holdMessage(row: SessionRow): Message {
  const what = row.hold ?? 'place';
  switch (row.stage) {
    case 'reading':
    case 'pending':
      return { key: `row.hold.${what}.pending` };
    case 'unsure':
      return { key: 'row.hold.unsure' };
    case 'done':
    case 'offline':
      return doneMessage(row);
    case 'refused':
      return { key: `row.hold.${what}.refused` };
    case 'staff':
      return { key: `row.hold.${what}.staff` };
    default:
      return unreachable(row.stage);
  }
}

function doneMessage(row: SessionRow): Message {
  if (row.hold === 'cancel') return { key: 'row.hold.cancel.done' };
  if (row.position !== undefined && row.position > 0)
    return { key: 'row.hold.place.donePosition', params: { position: row.position } };
  return { key: 'row.hold.place.done' };
}

export function questionOf(
  session: OpenSession | undefined,
  { services }: CoreSettings,
): Question | undefined {
  const question = session?.question;
  if (question === undefined) return undefined;
  const { mode, item, title } = question;
  return {
    about: mode === 'place' ? 'placeHold' : 'cancelHold',
    item,
    ...maybe('title', title),
    ...maybe('pickup', mode === 'place' ? services.holds.pickup?.name : undefined),
  };
}
