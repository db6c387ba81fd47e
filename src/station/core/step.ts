import { unreachable } from '../../kernel/assert.ts';
import type { UtcMillis } from '../../kernel/clock.ts';
import type { AccountPart, IlsAbilities, IlsStatus, Outcome } from '../../ils/ils.ts';
import type { Row, StoredOutage, StoredTagWork, StoredTransaction } from '../../journal/rows.ts';
import type { View } from '../../shared/view.ts';
import { bounds, type CoreSettings } from '../settings.ts';
import { doubt, doubtAgain, doubtLifeBefore, noMoreAsked, nothingLookedAt } from './acceptance.ts';
import { accountTold } from './account.ts';
import type { Effect, Event, Happening, Replied } from './events.ts';
import { cardPresence, cardUnreadable } from './card-reader.ts';
import { commitFailed } from './commit-failed.ts';
import { feeReplied, feesAsked, feeTaken } from './fees.ts';
import { beforeHold, holdReplied, holdsAsked } from './holds.ts';
import { causeTold } from './lending.ts';
import { customershipTold, pinVerified } from './login.ts';
import { outageFrom } from './outage.ts';
import { printerChanged, receiptPrinted } from './receipt.ts';
import type { PinTry } from './pin-limits.ts';
import { isNear, isOnline } from './reach.ts';
import { openFrom } from './recovered.ts';
import { beforeRenewal, renewAllReplied } from './renew-all.ts';
import { acted, finishIfSettled, scanned, scanUnreadable, timerFired, touched } from './session.ts';
import { OpenTransactions } from './open-transactions.ts';
import type { CallPurpose, OpenTransaction, Session, State } from './state.ts';
import { handOver } from './hand-over.ts';
import { retryForStaff } from './retry.ts';
import { itemAsked, patronAsked } from './settling.ts';
import { checkinReplied, loanReplied } from './transactions.ts';
import { Turn } from './turn.ts';
import { viewOf } from './view.ts';
import { pace, waitForSteady } from './sync.ts';
import { fieldChanged, lookForItems, takeIn } from './tag-intake.ts';
import { freshPart, noTags, type TagWork } from './tag-state.ts';
import { changeTags, driveTags, isPutBackAsked, tagReplied } from './tag-work.ts';
import { work } from './work.ts';

/** What a step decides. The loop commits the rows, then publishes the view, then carries out the effects. */
export interface Step {
  readonly state: State;
  readonly rows: readonly Row[];
  readonly effects: readonly Effect[];
  /** Undefined: nothing changed that could be seen. */
  readonly view: View | undefined;
}

/** What the journal remembers from before. */
export interface Recovered {
  readonly open: readonly StoredTransaction[];
  readonly pinTries: readonly PinTry[];
  readonly tagWork?: readonly StoredTagWork[];
  readonly outage?: StoredOutage | undefined;
}

/**
 * The state to start from. An intended row was possibly sent, so it is asked about. Epochs begin at the second of the
 * start, so that an intent meant for the life before is of the past.
 */
export function initialState(settings: CoreSettings, recovered: Recovered, at: UtcMillis): State {
  return {
    epoch: Math.floor(at / 1_000),
    revision: 1,
    language: settings.library.languages[0] ?? 'en',
    theme: settings.theme,
    link: 'connecting',
    linkReason: undefined,
    linkUntil: undefined,
    linkBlinks: false,
    abilities: noAbilities,
    scannerReady: false,
    cardInReader: false,
    printer: undefined,
    disk: 'fine',
    session: { phase: 'home' },
    secondsLeft: undefined,
    notice: undefined,
    tags: {
      ...noTags,
      works: (recovered.tagWork ?? [])
        .slice(-bounds.stuckTagsMax)
        .map((stored) => workFrom(stored, recovered.open)),
    },
    open: OpenTransactions.of(recovered.open.map(openFrom)),
    outage: outageFrom(recovered.outage, settings.offline !== undefined),
    acceptances: nothingLookedAt,
    lists: new Map(),
    pinTries: recovered.pinTries,
    underWay: undefined,
    goodbyes: [],
    workAt: undefined,
    syncFrom: 0,
    steadyAt: 0,
    nextCall: 1,
    nextSeq: recovered.open.length,
    nextRow: 1,
  };
}

/** What was open may be lent and locked, or taken back and not secured; a transaction that is open still decides of its own. */
function workFrom(stored: StoredTagWork, open: readonly StoredTransaction[]): TagWork {
  const { id, aim, item, uids, rule } = stored;
  const undecided = open.some((transaction) => transaction.id === id && transaction.state !== 'waiting');
  return {
    id,
    aim,
    item,
    parts: uids.map(freshPart),
    seen: {
      numbers: stored.parts?.numbers ?? uids.map((_uid, index) => index + 1),
      of: stored.parts === undefined ? uids.length : stored.parts.of,
    },
    stage: stored.state === 'staff' ? 'stuck' : undecided ? 'planned' : 'acting',
    epoch: undefined,
    givenUp: false,
    noTag: false,
    withStaff: stored.state === 'staff',
    rule,
  };
}
/** Before the library system was ever on-line nothing is offered. */
const noAbilities: IlsAbilities = {
  placeHold: false,
  cancelHold: false,
  renewAll: false,
  feePaid: false,
  effectsShown: false,
};

/** The station’s whole behaviour: pure, and the same for the same event in the same state. */
export function step(state: State, event: Event, settings: CoreSettings): Step {
  const turn = new Turn(state, event, settings);
  happened(turn, event.what);
  if (event.what.type !== 'commitFailed') driveTags(turn);
  finishIfSettled(turn);
  if (pinEnds(state.session, turn.state.session, settings)) turn.act({ do: 'pinClear' });
  if (event.what.type !== 'commitFailed') {
    // A session that ended leaves its tags to staff.
    if (turn.state.epoch !== state.epoch) driveTags(turn);
    lookForItems(turn);
    // Whoever has to put something back gets more time, from the moment on which it is asked for.
    if (!isPutBackAsked(state) && isPutBackAsked(turn.state)) touched(turn);
    work(turn);
  }
  if (turn.state === state) return { state, rows: turn.rows, effects: turn.effects, view: undefined };
  turn.change({ revision: state.revision + 1 });
  return {
    state: turn.state,
    rows: turn.rows,
    effects: turn.effects,
    view: viewOf(turn.state, settings, event.at),
  };
}

/**
 * Whoever turns away from the PIN leaves nothing of it behind. Where the library system wants it with each request it
 * stays with the patron who gave it, and goes when they go.
 */
function pinEnds(before: Session, after: Session, { pin }: CoreSettings): boolean {
  const stays = pin.withEachRequest === true && after.phase === 'open' && after.patron !== undefined;
  if (before.phase === 'pin') return after.phase !== 'pin' && !stays;
  return before.phase === 'open' && pin.withEachRequest === true && !stays;
}

function happened(turn: Turn, what: Happening): void {
  switch (what.type) {
    case 'started':
      return started(turn);
    case 'act':
      return acted(turn, what.act, what.epoch);
    case 'scan':
      return scanned(turn, what);
    case 'cardUnreadable':
      return cardUnreadable(turn);
    case 'cardPresence':
      return cardPresence(turn, what.present);
    case 'scanUnreadable':
      return scanUnreadable(turn);
    case 'scanner':
      return what.ready === turn.state.scannerReady ? undefined : turn.change({ scannerReady: what.ready });
    case 'rfidReader':
      return what.ready === turn.state.tags.ready ? undefined : changeTags(turn, { ready: what.ready });
    case 'field':
      return fieldChanged(turn, what.field);
    case 'takeIn':
      return takeIn(turn);
    case 'tagReplied':
      return tagReplied(turn, what.job, what.outcome);
    case 'printer':
      return printerChanged(turn, what.status);
    case 'printed':
      return receiptPrinted(turn, what.epoch, what.problem);
    case 'ils':
      return linkChanged(turn, what.status);
    case 'replied':
      return replied(turn, what.call, what.reply);
    case 'timer':
      return timerFired(turn, what.name, what.epoch);
    case 'handedOver':
      return handOver(turn, what.ids, what.by);
    case 'retry':
      return retryForStaff(turn, what.stored, what.by);
    case 'doubtedRead':
      return doubtLifeBefore(turn, what.stored);
    case 'believedRead':
      return doubt(turn, what.stored);
    case 'forgotten':
      return noMoreAsked(turn, ({ patron }) => patron === what.card);
    case 'outlived':
      return noMoreAsked(turn, ({ at }) => at < what.before);
    case 'feeTaken':
      return what.epoch === turn.state.epoch ? feeTaken(turn, what) : undefined;
    case 'listLoaded':
      return turn.change({ lists: new Map(turn.state.lists).set(what.list.name, what.list) });
    case 'verifierMade':
      return turn.commit({ row: 'pinVerifier', card: what.card, at: turn.event.at, sealed: what.sealed });
    case 'pinVerified':
      return pinVerified(turn, what);
    case 'diskProbed':
      return diskProbed(turn, what.disk);
    case 'commitFailed':
      return commitFailed(turn, what.failure.kind, what.lost, happened);
    default:
      return unreachable(what);
  }
}

function started(turn: Turn): void {
  const { at } = turn.event;
  for (const transaction of turn.state.open.pressing()) {
    if (transaction.state !== 'intended') continue;
    turn.commit({ row: 'move', id: transaction.id, to: 'uncertain', at, rule: 'restart', source: 'station' });
    turn.setTransaction(transaction.id, { ...transaction, state: 'uncertain' });
  }
  doubtAgain(turn);
  turn.change({});
}

function linkChanged(turn: Turn, status: IlsStatus): void {
  const { state: link, reason: linkReason, until: linkUntil } = status;
  const before = turn.state;
  if (status.abilities !== undefined) turn.change({ abilities: status.abilities });
  if (link === before.link && linkReason === before.linkReason && linkUntil === before.linkUntil) return;
  // After a lost reply the connection is made anew: a moment, not an outage.
  const linkBlinks = link === 'connecting' && isNear(before);
  turn.change({ link, linkReason, linkUntil, linkBlinks });
  if (isOnline(turn.state) && !isNear(before)) waitForSteady(turn);
}

function replied(turn: Turn, call: number, reply: Replied): void {
  const underWay = turn.state.underWay;
  if (underWay === undefined || underWay.number !== call) return;
  turn.change({ underWay: undefined });
  pace(turn, underWay);
  settleReply(turn, underWay.purpose, reply);
}

function settleReply(turn: Turn, purpose: CallPurpose, reply: Replied): void {
  switch (purpose.for) {
    case 'pin':
      if (reply.kind === 'checkCustomership')
        customershipTold(turn, purpose.card, purpose.epoch, reply.outcome);
      break;
    case 'transaction': {
      const ofThisSession = turn.state.open.get(purpose.id)?.epoch === turn.state.epoch;
      transactionReplied(turn, purpose, reply);
      if (!ofThisSession) return;
      break;
    }
    case 'cause':
      if (reply.kind === 'item' && purpose.epoch === turn.state.epoch)
        causeTold(turn, purpose.row, reply.outcome);
      break;
    case 'beforeRenew':
      if (reply.kind === 'item' && purpose.epoch === turn.state.epoch)
        beforeRenewal(turn, purpose.row, reply.outcome);
      break;
    case 'beforeHold':
      if (reply.kind === 'account' && purpose.epoch === turn.state.epoch)
        beforeHold(turn, purpose.row, reply.outcome);
      break;
    case 'renewAll':
      if (reply.kind === 'renewAll') renewAllReplied(turn, purpose.ids, reply.outcome);
      break;
    case 'account':
      if ((reply.kind === 'account' || reply.kind === 'item') && purpose.epoch === turn.state.epoch) {
        accountTold(turn, purpose.want, reply);
      }
      return;
    case 'goodbye':
      return;
    default:
      return unreachable(purpose);
  }
  // Whoever waits for a slow answer is still there.
  if (turn.state.session.phase === 'open' && turn.state.secondsLeft === undefined) touched(turn);
}

function transactionReplied(
  turn: Turn,
  purpose: Extract<CallPurpose, { for: 'transaction' }>,
  reply: Replied,
): void {
  const transaction = turn.state.open.get(purpose.id);
  if (transaction === undefined) return;
  switch (reply.kind) {
    case 'checkout':
    case 'renew':
      return loanReplied(turn, transaction, reply.outcome);
    case 'checkin':
      return checkinReplied(turn, transaction, reply.outcome);
    case 'account':
      return listAsked(turn, transaction, reply.outcome);
    case 'item':
      return itemAsked(turn, transaction, reply.outcome);
    case 'hold':
      return holdReplied(turn, transaction, reply.outcome);
    case 'feePaid':
      return feeReplied(turn, transaction, reply.outcome);
    case 'renewAll':
    case 'checkCustomership':
    case 'endSession':
      return;
    default:
      return unreachable(reply);
  }
}

/** A list of the patron came, asked because of this transaction. */
function listAsked(turn: Turn, transaction: OpenTransaction, outcome: Outcome<AccountPart>): void {
  switch (transaction.kind) {
    case 'hold':
      return holdsAsked(turn, transaction, outcome);
    case 'fee':
      return feesAsked(turn, transaction, outcome);
    case 'checkout':
    case 'checkin':
    case 'renew':
      return patronAsked(turn, transaction, outcome);
    default:
      return unreachable(transaction.kind);
  }
}

function diskProbed(turn: Turn, disk: State['disk']): void {
  if (disk !== turn.state.disk) turn.change({ disk });
  if (disk === 'fine') return;
  turn.act({ do: 'setTimer', name: 'spaceProbe', delayMs: bounds.spaceProbeMs, epoch: turn.state.epoch });
}
