import { unreachable } from '../../kernel/assert.ts';
import { bounds } from '../settings.ts';
import type { Happening } from './events.ts';
import { scanLost } from './lending.ts';
import { firstQuestion, outlivesPatron } from './first-question.ts';
import { refusal } from './refusals.ts';
import { touched } from './session.ts';
import type { OpenTransaction } from './state.ts';
import { takeInLost } from './tag-intake.ts';
import type { Turn } from './turn.ts';

/**
 * Rows could not be written: nothing of that event holds that needed them, and the screen says so. What needs no row
 * (the connection, the end of a session) happens all the same. No new work begins in this step.
 */
export function commitFailed(
  turn: Turn,
  kind: 'full' | 'broken',
  lost: Exclude<Happening, { type: 'commitFailed' }>,
  happened: (turn: Turn, what: Happening) => void,
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
    case 'cardUnreadable':
    case 'cardPresence':
    case 'rfidReader':
    case 'field':
    case 'tagReplied':
    case 'timer':
      return happened(turn, lost);
    case 'diskProbed':
      // That it could not be written says more than the probe did.
      return;
    case 'act':
      return actLost(turn, lost, happened);
    case 'replied':
      return answerLost(turn, lost.call);
    case 'scan': {
      const session = turn.session();
      return session === undefined ? undefined : scanLost(turn, session, lost);
    }
    case 'takeIn':
      return takeInLost(turn);
    case 'verifierMade':
    case 'listLoaded':
    case 'forgotten':
    case 'outlived':
      return;
    case 'pinVerified':
      return lost.epoch === epoch ? pinCheckLost(turn) : undefined;
    case 'printer':
    case 'printed':
      // Neither makes a row.
      return happened(turn, lost);
    case 'feeTaken':
      // The patron has the terminal’s receipt; the staff have to see it.
      turn.act({ do: 'log', level: 'error', event: 'fee.notRecorded', fields: { reason: kind } });
      return turn.notice('attention', 'notice.feeNotRecorded');
    case 'started':
    case 'believedRead':
    case 'doubtedRead':
    case 'retry':
    case 'handedOver':
      // It stays on the staff list, and the desk says why.
      return;
    default:
      return unreachable(lost);
  }
}

/** Acts that never make a row. */
const rowless: ReadonlySet<string> = new Set([
  'chooseLanguage',
  'finish',
  'leave',
  'stay',
  'dismiss',
  'noTag',
  'askPlaceHold',
  'askCancelHold',
]);

function actLost(
  turn: Turn,
  lost: Extract<Happening, { type: 'act' }>,
  happened: (turn: Turn, what: Happening) => void,
): void {
  const { act } = lost;
  if (rowless.has(act.do)) return happened(turn, lost);
  if (act.do === 'pinKey') return turn.act({ do: 'pinDrop', slot: act.slot });
  if (act.do === 'pinEnter' && lost.epoch === turn.state.epoch) pinCheckLost(turn);
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
    case 'renewAll':
      for (const id of purpose.ids) transactionAnswerLost(turn, turn.state.open.get(id));
      return;
    case 'beforeRenew':
      return beforeRenewLost(turn, purpose.row);
    case 'beforeHold':
      return turn.changeRow(purpose.row, {
        stage: 'refused',
        refusal: refusal('space.full'),
        holdsSaid: undefined,
      });
    case 'account':
    case 'goodbye':
      return;
    default:
      return unreachable(purpose);
  }
}

/** A renewal could not begin. Those that go together begin together or not at all. */
function beforeRenewLost(turn: Turn, rowId: string): void {
  const rows = turn.session()?.rows ?? [];
  const together = rows.find((row) => row.id === rowId)?.together === true;
  for (const row of rows) {
    if (row.id === rowId || (together && row.together === true && row.stage === 'reading'))
      turn.changeRow(row.id, { stage: 'refused', refusal: refusal('space.full') });
  }
}

function transactionAnswerLost(turn: Turn, transaction: OpenTransaction | undefined): void {
  if (transaction === undefined) return;
  const { mono } = turn.event;
  // What was accepted stays so; it is asked about again.
  const uncertainSince =
    transaction.believed === undefined ? (transaction.uncertainSince ?? mono) : undefined;
  turn.setTransaction(transaction.id, {
    ...transaction,
    next: firstQuestion(transaction.kind),
    itemSaid: undefined,
    holdsSaid: undefined,
    toldTaken: outlivesPatron(transaction),
    notBefore: mono + bounds.spaceProbeMs,
    uncertainSince,
  });
  if (transaction.believed === undefined) turn.changeRowOf(transaction.id, { stage: 'unsure' });
}
