import { unreachable } from '../../kernel/assert.ts';
import type { UtcMillis } from '../../kernel/clock.ts';
import type { StoredTransaction } from '../../journal/rows.ts';
import type { Row } from '../../journal/rows.ts';
import type { View } from '../../shared/view.ts';
import { bounds, type CoreSettings } from '../settings.ts';
import { accountTold } from './account.ts';
import type { Effect, Event, Happening, Replied } from './events.ts';
import { beforeRenew, causeTold, scanLost } from './lending.ts';
import { customershipTold } from './login.ts';
import type { PinTry } from './pin-limits.ts';
import { refusal } from './refusals.ts';
import { acted, finishIfSettled, scanned, scanUnreadable, timerFired, touched } from './session.ts';
import type { CallPurpose, OpenTransaction, State } from './state.ts';
import { checkinReplied, itemAsked, loanReplied, patronAsked } from './transactions.ts';
import { Turn } from './turn.ts';
import { viewOf } from './view.ts';
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
    linkBlinks: false,
    scannerReady: false,
    disk: 'fine',
    session: { phase: 'home' },
    secondsLeft: undefined,
    notice: undefined,
    open: new Map(recovered.open.map((stored, index) => [stored.id, openFrom(stored, index)])),
    pinTries: recovered.pinTries,
    underWay: undefined,
    goodbyes: [],
    workAt: undefined,
    nextCall: 1,
    nextSeq: recovered.open.length,
    nextRow: 1,
  };
}

function openFrom(stored: StoredTransaction, seq: number): OpenTransaction {
  const waits = stored.state === 'waiting';
  return {
    id: stored.id,
    seq,
    kind: stored.kind,
    item: stored.item,
    patron: stored.patron,
    at: stored.at,
    state: waits ? 'waiting' : stored.state === 'intended' ? 'intended' : 'uncertain',
    attempts: stored.attempts,
    dueBefore: stored.dueBefore,
    epoch: undefined,
    next: waits && stored.attempts === 0 ? 'send' : 'askItem',
    itemSaid: undefined,
    // Whatever was begun in an earlier life may have left the machine.
    sent: true,
    toldTaken: stored.kind === 'checkin',
    denials: 0,
    refused: undefined,
    notBefore: 0,
    asks: 0,
    uncertainSince: undefined,
  };
}

/** The station’s whole behaviour: pure, and the same for the same event in the same state. */
export function step(state: State, event: Event, settings: CoreSettings): Step {
  const turn = new Turn(state, event, settings);
  happened(turn, event.what);
  finishIfSettled(turn);
  // Whoever turns away from the PIN leaves nothing of it behind.
  if (state.session.phase === 'pin' && turn.state.session.phase !== 'pin') turn.act({ do: 'pinClear' });
  if (event.what.type !== 'commitFailed') work(turn);
  if (turn.state === state) return { state, rows: turn.rows, effects: turn.effects, view: undefined };
  turn.change({ revision: state.revision + 1 });
  return {
    state: turn.state,
    rows: turn.rows,
    effects: turn.effects,
    view: viewOf(turn.state, settings, event.at),
  };
}

function happened(turn: Turn, what: Happening): void {
  switch (what.type) {
    case 'started':
      return started(turn);
    case 'act':
      return acted(turn, what.act, what.epoch);
    case 'scan':
      return scanned(turn, what.text);
    case 'scanUnreadable':
      return scanUnreadable(turn);
    case 'scanner':
      return what.ready === turn.state.scannerReady ? undefined : turn.change({ scannerReady: what.ready });
    case 'ils':
      return linkChanged(turn, what.status.state);
    case 'replied':
      return replied(turn, what.call, what.reply);
    case 'timer':
      return timerFired(turn, what.name, what.epoch);
    case 'diskProbed':
      return diskProbed(turn, what.disk);
    case 'commitFailed':
      return commitFailed(turn, what.failure.kind, what.lost);
    default:
      return unreachable(what);
  }
}

function started(turn: Turn): void {
  const { at } = turn.event;
  for (const transaction of turn.state.open.values()) {
    if (transaction.state !== 'intended') continue;
    turn.commit({ row: 'move', id: transaction.id, to: 'uncertain', at, rule: 'restart', source: 'station' });
    turn.setTransaction(transaction.id, { ...transaction, state: 'uncertain' });
  }
  turn.change({});
}

function linkChanged(turn: Turn, link: State['link']): void {
  if (link === turn.state.link) return;
  // After a lost reply the connection is made anew: a moment, not an outage.
  const linkBlinks = link === 'connecting' && (turn.state.link === 'online' || turn.state.linkBlinks);
  turn.change({ link, linkBlinks });
}

function replied(turn: Turn, call: number, reply: Replied): void {
  const underWay = turn.state.underWay;
  if (underWay === undefined || underWay.number !== call) return;
  turn.change({ underWay: undefined });
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
        beforeRenew(turn, purpose.row, reply.outcome);
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
      return patronAsked(turn, transaction, reply.outcome);
    case 'item':
      return itemAsked(turn, transaction, reply.outcome);
    case 'checkCustomership':
    case 'endSession':
      return;
    default:
      return unreachable(reply);
  }
}

/**
 * Rows could not be written: nothing of that event holds that needed them, and the screen says so. What needs no row
 * (the connection, the end of a session) happens all the same. No new work begins in this step.
 */
function commitFailed(
  turn: Turn,
  kind: 'full' | 'broken',
  lost: Exclude<Happening, { type: 'commitFailed' }>,
): void {
  turn.change({ disk: kind });
  turn.act({ do: 'log', level: 'error', event: 'journal.commitFailed', fields: { reason: kind } });
  const { epoch } = turn.state;
  turn.act({ do: 'setTimer', name: 'spaceProbe', delayMs: bounds.spaceProbeMs, epoch });
  if (lost.type === 'scan' || (lost.type === 'act' && lost.epoch === epoch)) touched(turn);
  switch (lost.type) {
    case 'ils':
    case 'scanner':
    case 'scanUnreadable':
    case 'timer':
      return happened(turn, lost);
    case 'diskProbed':
      // That it could not be written says more than the probe did.
      return;
    case 'act':
      return actLost(turn, lost);
    case 'replied':
      return answerLost(turn, lost.call);
    case 'scan': {
      const session = turn.session();
      return session === undefined ? undefined : scanLost(turn, session, lost.text);
    }
    case 'started':
      return;
    default:
      return unreachable(lost);
  }
}

/** Acts that never make a row. */
const rowless: ReadonlySet<string> = new Set(['chooseLanguage', 'finish', 'leave', 'stay', 'dismiss']);

function actLost(turn: Turn, lost: Extract<Happening, { type: 'act' }>): void {
  const { act } = lost;
  if (rowless.has(act.do)) return happened(turn, lost);
  if (act.do === 'pinKey') return turn.act({ do: 'pinDrop', slot: act.slot });
  if (act.do === 'pinEnter' && lost.epoch === turn.state.epoch) pinCheckLost(turn);
}

function diskProbed(turn: Turn, disk: State['disk']): void {
  if (disk !== turn.state.disk) turn.change({ disk });
  if (disk === 'fine') return;
  turn.act({ do: 'setTimer', name: 'spaceProbe', delayMs: bounds.spaceProbeMs, epoch: turn.state.epoch });
}

/** The try could not be counted, or its end not noted: the PIN is not checked, or its check does not hold. */
function pinCheckLost(turn: Turn): void {
  turn.act({ do: 'pinClear' });
  const { session } = turn.state;
  if (session.phase !== 'pin') return;
  turn.change({ session: { ...session, entered: 0, check: 'none', refusal: refusal('space.full') } });
}

/** An answer that could not be written down is as good as none: it is asked for again. */
function answerLost(turn: Turn, call: number): void {
  const underWay = turn.state.underWay;
  if (underWay?.number !== call) return;
  turn.change({ underWay: undefined });
  const { purpose } = underWay;
  switch (purpose.for) {
    case 'transaction':
      return transactionAnswerLost(turn, turn.state.open.get(purpose.id));
    case 'pin':
      return purpose.epoch === turn.state.epoch ? pinCheckLost(turn) : undefined;
    case 'cause':
      return turn.changeRow(purpose.row, { causeWanted: false, stage: 'refused' });
    case 'beforeRenew':
      return turn.changeRow(purpose.row, { stage: 'refused', refusal: refusal('space.full') });
    case 'account':
    case 'goodbye':
      return;
    default:
      return unreachable(purpose);
  }
}

function transactionAnswerLost(turn: Turn, transaction: OpenTransaction | undefined): void {
  if (transaction === undefined) return;
  const { mono } = turn.event;
  turn.setTransaction(transaction.id, {
    ...transaction,
    next: 'askItem',
    itemSaid: undefined,
    toldTaken: transaction.kind === 'checkin',
    notBefore: mono + bounds.spaceProbeMs,
    uncertainSince: transaction.uncertainSince ?? mono,
  });
  turn.changeRowOf(transaction.id, { stage: 'unsure' });
}
